"""B16 and E4: a visitor types personal numbers wherever there is a field, and nobody sees them who must not; then all of it goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ENVIRONMENT
from tests.browser.pages import Operator, Visitor
from tests.browser.test_files import file
from tests.browser.test_operating import OBSERVE
from tests.outlets import everything_in, files, stored
from tests.reading.test_masked import CANARIES, CARD, EMAIL, IBAN, IDENTITY, NAME, PHONE, leaks
from tests.services import RedisServer, SiteServer, site_server
from tests.wire.test_canaries import LOUD, TURN_ON, lines_of

pytestmark = [pytest.mark.browser, pytest.mark.covers("B16", "E4")]

SPLIT = f"My card is 4111 1111\n1111 1111,\n{IBAN}, I am {IDENTITY}, {EMAIL}, {PHONE}."
HIDDEN = "My card is ************1111,"
SECOND = f"Did you get {CARD}?"
KEPT = "anna@mail.example"
"""Given where an address is asked for: it is kept to answer to, and hidden."""


@dataclass
class Case:
    site: SiteServer
    redis: RedisServer
    mode: str
    frames: dict[str, list[str]] = field(default_factory=dict)
    """What the server told each operator's browser by socket."""

    def watch(self, operator: Operator) -> Operator:
        operator.page.add_init_script(OBSERVE + "Notification.permission = 'granted';")
        told = self.frames.setdefault(operator.name, [])
        operator.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(str(frame))))
        return operator


@pytest.fixture(params=["mask", "redact"])
def case(request: pytest.FixtureRequest, redis_service: RedisServer, site_template: Path) -> Iterator[Case]:
    """On SQLite; ``tests/wire/test_canaries.py`` looks without a browser, at both modes on both databases."""
    mode = request.param
    with site_server(template=site_template, redis_url=redis_service.url, env=ENVIRONMENT, settings=LOUD) as site:
        site.manage("shell", "-c", TURN_ON.format(mode=mode))
        site.query(
            "UPDATE wagtail_livechat_livechatsettings SET mode = 'auto', prechat_name = 'shown', prechat_email = 'shown',"
            " prechat_reference = 'shown', prechat_consent = 'required'"
        )
        yield Case(site, redis_service, mode)


def shown_to(operator: Operator) -> str:
    """All of this operator's browser: the page, its title, what was announced, what it keeps."""
    page = operator.page
    values = page.evaluate(
        "() => [...document.querySelectorAll('input, textarea')].map((one) => one.value).concat(document.title,"
        " JSON.stringify(window.notifications ?? []), JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}))"
    )
    return "\n".join([page.content(), page.locator("body").inner_text(), *values])


def nothing_leaks(case: Case, *operators: Operator) -> None:
    for operator in operators:
        assert not leaks(shown_to(operator)), f"{operator.name} at {operator.page.url}"
        assert KEPT not in shown_to(operator)
        assert not leaks("\n".join(case.frames[operator.name])), operator.name


def test_personal_numbers_are_seen_by_nobody_who_must_not_and_then_they_go(
    case: Case, new_visitor: Callable[..., Visitor], new_operator: Callable[..., Operator]
) -> None:
    url = case.site.url
    elin, boss = (case.watch(new_operator(user, at=url)) for user in ("operator", "manager"))
    elsewhere = case.watch(new_operator("operator2", at=url))
    elin.go_available()
    boss.go_available()
    elsewhere.go_available().go_to("/admin/")
    visitor = new_visitor(at=url)
    visitor.visit(f"/?mail={EMAIL}").open()

    # The search of the help, whose words are in an address that servers write down.
    visitor.go_to_tab("help")
    visitor.search.fill(f"Does a blanket have {CARD} {EMAIL}?")
    expect(visitor.help.locator(".h-count, .h-none").first).to_be_visible()
    visitor.go_to_tab("chat")

    # The offer, in the queue, in a corner of the admin, as a notification.
    elin.page.evaluate("pretendHidden(true)")
    visitor.fill_in(name=NAME, email=KEPT, reference=IDENTITY, message=SPLIT)
    visitor.window.get_by_role("checkbox").check()
    visitor.press("Start the chat")
    expect(visitor.log.get_by_text("My card is")).to_be_visible()
    for operator in (elin, boss, elsewhere):
        expect(operator.offer("My card is")).to_be_visible()
    nothing_leaks(case, elin, boss, elsewhere)

    # The thread, the composer, the panel, the file, the second message.
    elin.page.evaluate("pretendHidden(false)")
    elin.accept("My card is")
    visitor.say(SECOND)
    visitor.window.locator("input[type=file]").set_input_files([file(f"{EMAIL} {CARD}.txt", b"A list")])
    expect(elin.log.get_by_role("link", name=re.compile(r"\.txt$"))).to_be_visible()
    expect(elin.log.get_by_text("Did you get ************1111?")).to_be_visible()
    mine = SPLIT if case.mode == "mask" else HIDDEN
    expect(visitor.messages.nth(1)).to_contain_text(mine.split("\n")[0])
    elin.field.fill("/")
    expect(elin.page.get_by_role("option").first).to_be_visible()
    elin.page.keyboard.press("Enter")
    elin.field.press("Control+A")
    elin.field.press("Delete")
    elin.panel("Visitor")
    nothing_leaks(case, elin, elsewhere)

    # A colleague looks on, and one who may reveals one message, with a reason, for themselves.
    boss.choose("*******4567")
    expect(boss.log.get_by_text("Did you get ************1111?")).to_be_visible()
    nothing_leaks(case, boss)
    if case.mode == "mask":
        _reveal(case, boss, elin)
    else:
        expect(boss.log.get_by_text("Removed before it was stored: payment card").first).to_be_visible()
        expect(boss.log.get_by_role("button", name="Reveal")).to_have_count(0)

    # A note and a word to a colleague: what was read aloud to somebody is treated like the visitor's own text.
    elin.page.keyboard.press("Escape")
    elin.page.keyboard.press("n")
    elin.say(f"They told me {CARD}")
    boss.sees_last("They told me ************1111")
    elin.end(note=f"Paid with {CARD}")
    for address in ("conversations/", "letters/", "bans/", "desk/"):
        boss.go_to(f"/admin/livechat/{address}")
        nothing_leaks(case, boss)
    boss.go_to("/admin/livechat/conversations/")
    boss.page.get_by_role("link", name=re.compile(r"^\d{4}-\d+")).first.click()
    expect(boss.page.get_by_text("Agreed to")).to_be_visible()
    nothing_leaks(case, boss)

    assert not leaks(everything_in(case.redis))
    if case.mode == "redact":
        _nowhere(case)
    else:
        assert CARD in stored(case.site)
        assert not leaks(lines_of(_log(case))[1])
        _goes(case, visitor)


def _reveal(case: Case, boss: Operator, elin: Operator) -> None:
    message = boss.log.locator(".lcd-bubble").filter(has_text="Did you get")
    expect(elin.log.get_by_role("button", name="Reveal")).to_have_count(0)
    message.get_by_role("button", name="Reveal").click()
    boss.dialog.get_by_role("button", name="Reveal").click()
    expect(boss.dialog.get_by_role("alert")).to_have_text("Say why you need to see it.")
    boss.dialog.get_by_label("Why do you need to see it?").fill("The refund was returned")
    told = len(case.frames[boss.name])
    boss.dialog.get_by_role("button", name="Reveal").click()
    expect(boss.dialog).to_have_count(0)
    expect(message).to_contain_text(SECOND)
    expect(message).to_contain_text("Revealed to you alone")
    # That message and no other, in this browser and in no other.
    assert set(leaks(shown_to(boss))) == {CARD}
    expect(boss.log.get_by_text("My card is ****")).to_be_visible()
    assert sum(bool(leaks(frame)) for frame in case.frames[boss.name][told:]) == 1
    del case.frames[boss.name][told:]
    nothing_leaks(case, elin)

    message.get_by_role("button", name="Hide again").click()
    expect(message).to_contain_text("Did you get ************1111?")
    panel = boss.panel("Visitor")
    panel.get_by_role("button", name="Reveal: Name").click()
    boss.dialog.get_by_label("Why do you need to see it?").fill("To greet them")
    boss.dialog.get_by_role("button", name="Reveal").click()
    expect(panel).to_contain_text(NAME)
    del case.frames[boss.name][told:]
    boss.page.reload()
    expect(boss.log.get_by_text("Did you get ************1111?")).to_be_visible()
    nothing_leaks(case, boss)
    assert "The refund was returned" in stored(case.site)


def _nowhere(case: Case) -> None:
    """Redacted: in no table, file or log there is."""
    assert not leaks(stored(case.site))
    assert KEPT in stored(case.site)  # asked for, to answer to
    case.site.terminate()
    log = _log(case)
    assert not leaks(log)
    assert _in_files(case, CANARIES) == []


def _log(case: Case) -> str:
    """All of it, at DEBUG, but for the one line of the server's that a page of the shop with an address in its own was asked for."""
    log = case.site.log_path.read_text()
    assert "INSERT INTO" in log, "the log is at DEBUG"
    asked = f'"GET /?mail={EMAIL} HTTP/1.1" 200'
    assert log.count(asked) == 1
    return log.replace(asked, "")


def _goes(case: Case, visitor: Visitor) -> None:
    """The visitor gets their data by a mailed link, and with another one has it deleted. Nothing of it is left."""
    visitor.watchdog.expect_trouble(re.compile("net::ERR_|Failed to load resource|WebSocket"))
    page = visitor.page
    page.goto(_mailed_link(case, visitor))
    with page.expect_download() as download:
        page.get_by_role("button", name="As a page to read").click()
    copy = download.value.path().read_text()
    assert not [one for one in (CARD, IBAN, NAME, KEPT, "I agree that what I write here is stored") if one not in copy]
    assert "They told me" not in copy

    page.goto(_mailed_link(case, visitor))
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("alert")).to_have_text("Tick the box if you are sure.")
    page.get_by_label("Yes, delete it").check()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("status")).to_have_text("It is deleted.")
    left = stored(case.site)
    assert not leaks(left)
    assert KEPT not in left
    assert "wagtail_livechat.erase" in left  # that it was done, by nobody's name
    assert not leaks(everything_in(case.redis))
    case.site.terminate()
    # When nobody else has the file open, SQLite clears away its journal too.
    case.site.manage("shell", "-c", "from django.db import connection as c; c.cursor().execute('VACUUM')")
    assert _in_files(case, [CARD, IBAN, NAME, KEPT], besides=("mail",)) == []


def _mailed_link(case: Case, visitor: Visitor) -> str:
    folder = case.site.folder / "mail"
    before = set(folder.glob("*"))
    page = visitor.page
    page.goto(f"{case.site.url}/livechat/my-data/")
    assert page.context.cookies() == []
    page.get_by_label("E-mail").fill(KEPT)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("a letter is on its way")
    # The site's own worker sends it; the page is asked, since there is nothing else to wait for.
    for _ in range(100):
        new = [path for path in folder.glob("*") if path not in before]
        for path in new:
            letter = message_from_bytes(path.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            found = re.search(r"http://\S+/my-data/\S+", body.get_content() if body else "")
            if found:
                return found[0]
        page.wait_for_timeout(100)
    raise AssertionError("No letter came.")


def _in_files(case: Case, words: Any, *, besides: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(file, word) of every file of the site but its log, which is looked at by itself."""
    skipped = (*besides, Path(case.site.log_path).name)
    return [
        (name, word)
        for name, content in files(case.site.folder, besides=skipped).items()
        for word in words
        if word.encode() in content
    ]
