"""Journey 13: a visitor sends a photo and an invoice."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, desk_is_clean, widget_is_clean
from tests.pure.test_attachments import picture
from tests.services import SiteServer, TcpProxy

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.covers("A8")
@pytest.mark.parametrize(
    "look",
    [
        {"viewport": WIDE, "reduced_motion": "reduce"},
        {"viewport": PHONE, "reduced_motion": "reduce", "has_touch": True},
    ],
    ids=["wide", "phone"],
)
def test_a_visitor_sends_a_photo_and_a_file(
    new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor(**look).visit().open()
    # A refused upload is an answer with a status, which the browser writes to its console.
    visitor.watchdog.expect_trouble(re.compile("Failed to load resource.*(400|files)"))
    # Before there is a conversation there is nothing to attach to.
    expect(visitor.window.get_by_role("button", name="Attach a file")).to_have_count(0)
    visitor.say("My strap broke")
    expect(visitor.window.get_by_role("button", name="Attach a file")).to_be_visible()
    chosen = visitor.window.locator("input[type=file]")

    chosen.set_input_files([file("strap.png", picture(size=(300, 200))), file("order.txt", b"Order 17")])

    photo = visitor.log.get_by_role("img", name="strap.png")
    expect(photo).to_be_visible()
    # It is there, not only its frame.
    visitor.page.wait_for_function(
        "() => { const host = document.querySelector('wagtail-livechat').shadowRoot;"
        " const img = host.querySelector('.f-picture img'); return img && img.complete && img.naturalWidth === 300; }"
    )
    expect(visitor.log.get_by_role("link", name="Download order.txt")).to_be_visible()
    widget_is_clean(visitor, "files")

    operator.accept("My strap broke")
    link = operator.log.get_by_role("link", name="order.txt")
    with operator.page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == b"Order 17"
    desk_is_clean(operator, "files")

    # What cannot be sent says why, and can be put away.
    chosen.set_input_files([file("page.html", b"<p>"), file("fake.png", b"<svg/>")])
    faults = visitor.window.locator(".f-uploads .f-fault")
    expect(faults).to_have_text(
        [
            "page.html was not sent. Files of this kind cannot be sent here.",
            "fake.png was not sent. Files of this kind cannot be sent here.",
        ]
    )
    widget_is_clean(visitor, "files refused")
    for _ in range(2):
        visitor.window.get_by_role("button", name="Delete").first.click()
    expect(faults).to_have_count(0)

    # Both are there after a reload, from the timeline.
    visitor.page.reload()
    expect(visitor.log.get_by_role("img", name="strap.png")).to_be_visible()
    expect(visitor.log.get_by_role("link", name="Download order.txt")).to_be_visible()


DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type: 'text/plain'}));
  const log = document.querySelector('#livechat-desk [role=log]');
  for (const type of ['dragover', 'drop'])
    log.dispatchEvent(new DragEvent(type, {dataTransfer: files, bubbles: true, cancelable: true}));
}"""
PASTE = """async ([field, dataUrl]) => {
  const bytes = Uint8Array.from(atob(dataUrl), (one) => one.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], 'image.png', {type: 'image/png'}));
  field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: files, bubbles: true, cancelable: true}));
}"""


@pytest.mark.covers("A8")
def test_an_operator_sends_files_by_button_by_dropping_and_by_pasting(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator(at=network.url, site=shop.url, reduced_motion="reduce").go_available()
    operator.watchdog.expect_trouble(re.compile("Failed to load resource.*(400|files)"))
    visitor = new_visitor().visit().open()
    visitor.say("Which one is it?")
    operator.accept("Which one is it?")
    page, conversation = operator.page, operator.conversation
    waiting = conversation.get_by_role("list", name="Files to send").get_by_role("listitem")

    # Chosen, and looked at before they go; one is put away again.
    with page.expect_file_chooser() as chooser:
        conversation.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files([file("model.png", picture(size=(400, 300))), file("wrong.txt", b"Not this one")])
    expect(waiting).to_have_count(2)
    conversation.get_by_role("button", name="Do not send wrong.txt").click()
    page.evaluate(DROP, ["manual.txt", "Read me"])
    page.evaluate(PASTE, [operator.field.element_handle(), b64encode(picture(size=(40, 40))).decode()])
    expect(waiting.locator(".lcd-file__name")).to_have_text(["model.png", "manual.txt", "image.png"])
    desk_is_clean(operator, "files to send")
    # Nothing of it goes with a note, which is for colleagues.
    conversation.get_by_role("button", name="Internal note").click()
    expect(conversation.get_by_text("Files go to the visitor")).to_be_visible()
    expect(conversation.get_by_role("button", name="Save note")).to_be_disabled()
    conversation.get_by_role("button", name="Reply", exact=True).click()

    # The line is down: they stay, and go when somebody tries again.
    network.refuse()
    operator.watchdog.expect_trouble()
    operator.field.fill("This one")
    operator.field.press("Enter")
    expect(waiting.get_by_role("alert")).to_have_count(3)
    network.resume()
    expect(operator.line).to_have_text("Connected", timeout=20_000)
    for _ in range(3):
        conversation.get_by_role("button", name="Try again").first.click()
    expect(waiting).to_have_count(0)
    for name in ("model.png", "image.png"):
        expect(visitor.log.get_by_role("img", name=name)).to_be_visible()
        expect(operator.log.get_by_role("img", name=name)).to_be_visible()
    expect(visitor.log.get_by_role("link", name="Download manual.txt")).to_be_visible()
    expect(visitor.row("This one")).to_have_count(1)
    with visitor.page.expect_download() as download:
        visitor.log.get_by_role("link", name="Download manual.txt").click()
    assert download.value.path().read_text() == "Read me"

    # What may not be sent here says so, and trying again is no use.
    conversation.locator("input[type=file]").set_input_files([file("page.html", b"<p>"), file("fake.png", b"<svg/>")])
    operator.field.press("Enter")
    expect(waiting.get_by_role("alert")).to_have_text([re.compile("Files of this kind cannot be sent here")] * 2)
    expect(conversation.get_by_role("button", name="Try again")).to_have_count(0)
    desk_is_clean(operator, "files refused")
