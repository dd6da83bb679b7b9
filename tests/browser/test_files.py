"""Journey 13: a visitor sends a photo and an invoice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, desk_is_clean, widget_is_clean
from tests.pure.test_attachments import picture

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
