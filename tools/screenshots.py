"""Take the pictures of the documentation: `make screenshots`.

Starts a site of its own, lets people talk on it as a person would, puts every clock to one moment, and writes
docs/images/*.png. The same code gives the same pictures.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import sign_in
from tests.browser.pages import Operator, Visitor
from tests.browser.watchdog import Watchdog
from tests.services import CHROMIUM_FLAGS, SiteServer, chromium_path, seeded_template, site_server

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 200_000
"""Bytes: pictures are read on slow lines, and kept in the repository for ever."""

# A morning in November, in the time zone of the shop.
NOW = datetime(2026, 11, 20, 9, 32, 20, tzinfo=UTC)
ZONE = "Europe/Stockholm"

WIDE = {"width": 1360, "height": 820}
PHONE = {"width": 390, "height": 844}

OPTIONS = {"IDLE_HOURS": 1_000_000, "SHOW_ENDED_HOURS": 1_000_000, "SESSION_RATE": [10_000, 60], "BOOT_SECONDS": 1}

# path, name, case, minutes since it came in, then who says what so many seconds later.
Line = tuple[str, int, str]
TALKS: dict[str, tuple[str, str, str, float, list[Line]]] = {
    "pot": (
        "/products/coffee-pot/", "Ingrid Nyström", "2026-009412", 7,
        [
            ("visitor", 0, "Good morning! Does the coffee pot work on an induction hob?"),
            ("operator", 70, "Good morning Ingrid! It does: the bottom is steel all through. On embers too."),
            ("visitor", 112, "Wonderful 😊 And if the enamel chips one day?"),
            ("operator", 165, "Then send it back and we mend it, for as long as we are here:\nhttps://norrgran.example/delivery-and-returns/"),
            ("note", 190, "Bought the lantern in October, very happy with it."),
            ("visitor", 290, "That settles it. Could you put one aside until Friday?"),
        ],
    ),
    "blanket": (
        "/products/wool-blanket/", "Mats Öberg", "2026-009411", 12,
        [
            ("visitor", 0, "Is the blanket Myr warm enough for a night outdoors in September?"),
            ("operator", 55, "In September, yes. In November take two."),
            ("visitor", 640, "Two it is! Do you have the red stripes in stock?"),
            ("visitor", 655, "I can see only the grey ones."),
        ],
    ),
    "rucksack": (
        "/products/rucksack/", "Sanna Lehtonen", "2026-009408", 31,
        [
            ("visitor", 0, "The strap of my rucksack came off after eleven years."),
            ("operator", 90, "Eleven years is a good start. Send it in, the repair costs nothing."),
            ("visitor", 1500, "Thank you, I will post it today."),
            ("operator", 1560, "Splendid. You have it back in a week."),
        ],
    ),
}  # fmt: skip
WAITING = (
    "/sv/products/storm-lantern/", "Karin Ek", "2026-009413", 0.6,
    "Hej! Hur länge brinner stormlyktan på en påfyllning, och går det att få med extra veke?",
)  # fmt: skip


def main() -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        site_server(template=seeded_template(), env={"LIVECHAT_OPTIONS": json.dumps(OPTIONS)}) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=CHROMIUM_FLAGS)
        try:
            Photographer(site, browser).work()
        finally:
            browser.close()
    too_large = [path.name for path in IMAGES.glob("*.png") if path.stat().st_size > LARGEST]
    if too_large:
        print(f"Larger than {LARGEST // 1000} kB: {', '.join(too_large)}", file=sys.stderr)
        return 1
    return 0


class Photographer:
    def __init__(self, site: SiteServer, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.cookies: Any = None
        self.watchdogs: list[Watchdog] = []

    def work(self) -> None:
        self.launcher("launcher-offline")
        elin = self.operator()
        elin.go_available()
        self.launcher("launcher")
        visitors = {key: self.talk(key, elin) for key in ("rucksack", "blanket", "pot")}
        late = self.visitor(locale="sv-SE").visit(WAITING[0])
        late.launcher.click()
        # The window speaks Swedish there.
        field = late.page.get_by_role("dialog").get_by_role("textbox")
        field.fill(WAITING[4])
        field.press("Enter")
        expect(elin.offers.get_by_role("article")).to_be_visible()
        # The last words of Mats are read by nobody yet.
        self.set_clocks()
        self.desk(elin, visitors["pot"])
        self.widget(visitors["pot"])
        elin.page.context.close()
        self.record(visitors["pot"])
        for watchdog in self.watchdogs:
            watchdog.check()

    # People.

    def context(self, **options: Any) -> tuple[Page, Watchdog]:
        settings = {
            "locale": "en-GB", "timezone_id": ZONE, "viewport": WIDE, "device_scale_factor": 1.5,
            "color_scheme": "light", "reduced_motion": "reduce", **options,
        }  # fmt: skip
        context: BrowserContext = self.browser.new_context(**settings)
        page = context.new_page()
        watchdog = Watchdog(context, self.site.url)
        self.watchdogs.append(watchdog)
        return page, watchdog

    def visitor(self, **options: Any) -> Visitor:
        page, watchdog = self.context(**options)
        return Visitor(page, self.site.url, watchdog)

    def operator(self, **options: Any) -> Operator:
        page, watchdog = self.context(**options, **({"storage_state": self.cookies} if self.cookies else {}))
        if not self.cookies:
            sign_in(page, self.site.url, "operator")
            self.cookies = page.context.storage_state()
        return Operator(page, self.site.url, "operator", watchdog)

    def talk(self, key: str, operator: Operator) -> Visitor:
        path, _, _, _, lines = TALKS[key]
        visitor = self.visitor().visit(path).open()
        for number, (who, _, text) in enumerate(lines):
            if who == "visitor":
                visitor.say(text)
                if number == 0:
                    operator.accept(text)
                expect(operator.messages.last).to_contain_text(text.split("\n")[0])
            else:
                if who == "note":
                    operator.conversation.get_by_role("button", name="Internal note").click()
                operator.say(text)
                expect(operator.messages.last).to_contain_text(text.split("\n")[0])
                if who == "operator":
                    expect(visitor.messages.last).to_contain_text(text.split("\n")[0])
        return visitor

    # Time.

    def set_clocks(self) -> None:
        """Give names and fixed times to what was just said. The pages that are opened next live at NOW."""
        for _, name, case, minutes, lines in TALKS.values():
            self.date(lines[0][2], name, case, NOW - timedelta(minutes=minutes), [offset for _, offset, _ in lines])
        self.date(WAITING[4], WAITING[1], WAITING[2], NOW - timedelta(minutes=WAITING[3]), [0])
        # Two that Elin has not read.
        for text in ("the red stripes", "only the grey ones"):
            ((conversation, seq),) = self.site.query(
                "SELECT conversation_id, seq FROM wagtail_livechat_entry WHERE body LIKE %s", [f"%{text}%"]
            )
            self.site.query(
                "UPDATE wagtail_livechat_participation SET seen_seq = min(seen_seq, %s) WHERE conversation_id = %s",
                [seq - 1, conversation],
            )
            self.site.query(
                "UPDATE wagtail_livechat_conversation SET operator_seen_seq = min(operator_seen_seq, %s) WHERE id = %s",
                [seq - 1, conversation],
            )

    def date(self, first: str, name: str, case: str, came: datetime, offsets: list[int]) -> None:
        ((conversation,),) = self.site.query(
            "SELECT conversation_id FROM wagtail_livechat_entry WHERE seq = 1 AND body = %s", [first]
        )
        entries = self.site.query(
            "SELECT id, kind FROM wagtail_livechat_entry WHERE conversation_id = %s ORDER BY seq", [conversation]
        )
        said = iter(offsets)
        at = came
        for entry, kind in entries:
            # What happened by itself (joined, ended) came shortly after what was said before it.
            at = at + timedelta(seconds=22) if kind == "system" else came + timedelta(seconds=next(said))
            self.site.query("UPDATE wagtail_livechat_entry SET created_at = %s WHERE id = %s", [stored(at), entry])
        self.site.query(
            "UPDATE wagtail_livechat_conversation SET case_number = %s, created_at = %s, queued_at = %s,"
            " answered_at = CASE WHEN answered_at IS NULL THEN NULL ELSE %s END,"
            " ended_at = CASE WHEN ended_at IS NULL THEN NULL ELSE %s END, last_message_at = %s WHERE id = %s",
            [
                case, stored(came), stored(came), stored(came + timedelta(seconds=22)), stored(at),
                stored(came + timedelta(seconds=offsets[-1])), conversation,
            ],
        )  # fmt: skip
        self.site.query(
            "UPDATE wagtail_livechat_offer SET made_at = %s WHERE conversation_id = %s", [stored(came), conversation]
        )
        # The port is another one every time.
        self.site.query(
            "UPDATE wagtail_livechat_conversation SET page_url = replace(page_url, %s, %s) WHERE id = %s",
            [self.site.url, "https://norrgran.example", conversation],
        )
        self.site.query(
            "UPDATE wagtail_livechat_visitor SET name = %s WHERE id ="
            " (SELECT visitor_id FROM wagtail_livechat_conversation WHERE id = %s)",
            [name, conversation],
        )

    # Pictures.

    def launcher(self, name: str) -> None:
        visitor = self.visitor(viewport={"width": 1100, "height": 640}).visit("/products/")
        shoot(visitor.page, name)
        visitor.page.context.close()

    def desk(self, elin: Operator, talking: Visitor) -> None:
        pot = f"#{self.uuid('pot')}"
        for name, options in {
            "desk": {},
            "desk-dark": {"color_scheme": "dark"},
            "desk-phone": {"viewport": PHONE, "has_touch": True},
        }.items():
            person = self.operator(**options)
            person.page.clock.set_fixed_time(NOW)
            is_phone = name == "desk-phone"
            person.go_to("/admin/livechat/desk/" + ("" if is_phone else pot))
            expect(person.line).to_have_text("Connected")
            expect(person.offers.get_by_role("article")).to_be_visible()
            if is_phone:
                person.offers.get_by_role("button", name="Dismiss").click()
                shoot(person.page, "desk-phone-lists")
                person.choose("put one aside")
            expect(person.messages.last).to_contain_text("put one aside")
            if not is_phone:
                # Sending nothing: a visitor in the middle of a sentence.
                talking.field.press_sequentially("Of ")
                expect(person.log.get_by_text("is writing…")).to_be_visible()
            shoot(person.page, name)
            talking.field.fill("")
            person.page.context.close()

    def widget(self, visitor: Visitor) -> None:
        stored_chat = visitor.page.evaluate("JSON.stringify({...localStorage})")
        for name, options in {
            "widget": {"viewport": {"width": 1100, "height": 760}},
            "widget-dark": {"viewport": {"width": 1100, "height": 760}, "color_scheme": "dark"},
            "widget-phone": {"viewport": PHONE, "has_touch": True},
            "widget-rtl": {"viewport": {"width": 1100, "height": 760}},
        }.items():
            again = self.visitor(**options)
            page = again.page
            page.clock.set_fixed_time(NOW)
            page.add_init_script(
                f"for (const [key, value] of Object.entries({stored_chat})) localStorage.setItem(key, value);"
            )
            if name == "widget-rtl":
                # The page as it would be in Arabic, as far as the chat is concerned.
                page.route("**/livechat/boot/**", right_to_left)
                page.route("**/livechat/config/**", right_to_left)
                page.add_init_script(
                    "document.addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"
                )
            again.visit("/products/coffee-pot/").open()
            expect(again.messages.last).to_contain_text("put one aside")
            shoot(page, name)
            page.context.close()

    def record(self, visitor: Visitor) -> None:
        person = self.operator()
        person.go_to(f"/admin/livechat/desk/#{self.uuid('pot')}")
        expect(person.messages.last).to_contain_text("put one aside")
        person.end()
        expect(person.happenings.last).to_contain_text("Elin ended the conversation")
        self.set_clocks()
        person.go_to("/admin/livechat/conversations/?q=induction")
        person.page.get_by_role("link", name=TALKS["pot"][2]).click()
        expect(person.page.locator(".livechat-record")).to_be_visible()
        shoot(person.page, "record")
        person.page.context.close()

    def uuid(self, key: str) -> str:
        ((found,),) = self.site.query(
            "SELECT c.uuid FROM wagtail_livechat_conversation c JOIN wagtail_livechat_entry e ON e.conversation_id = c.id"
            " WHERE e.seq = 1 AND e.body = %s",
            [TALKS[key][4][0][2]],
        )
        return str(UUID(str(found)))


def right_to_left(route: Any) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "dir": "rtl"})


def stored(moment: datetime) -> str:
    """As Django writes it into SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    path = IMAGES / f"{name}.png"
    picture.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        picture.quantize(palette=palette_of(picture), dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size // 1000} kB")


def palette_of(picture: Image.Image) -> Image.Image:
    """256 colours: those that fill the picture, and those that are far from them, so that a small green dot stays green."""
    common = picture.quantize(208, Image.Quantize.MEDIANCUT).getpalette() or []
    distant = picture.quantize(48, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette((common[: 208 * 3] + distant[: 48 * 3])[: 256 * 3])
    return palette


if __name__ == "__main__":
    sys.exit(main())
