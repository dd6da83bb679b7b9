"""The operators' desk on a long day, in a browser: 300 conversations in the lists, 2,000 entries in the one that is open.

What a machine without a screen and without a GPU can draw differs from one to the next, so the same is done on a plain
page, in the same browser, turn and turn about: that is the ceiling.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks.figures import Figure, percentile, ratio_of_rounds
from benchmarks.stage import Cast, Desk, Stage
from benchmarks.trace import CATEGORIES, Trace

CONVERSATIONS, PER_OPERATOR = 300, 50
ENTRIES = 2000
SHORT = 6
"""Entries of each of the other conversations."""
FRAME_MS = 1000 / 60
IN_TIME_MS = FRAME_MS * 1.25
"""A frame that came within this of the one before came in its turn: both sit a little beside the beat."""
SPEED = 3000
"""Pixels a second: a finger that turns the wheel as quickly as it can."""
SWITCH_MS = 100
LONG = "Long Story"
VIEWPORT = {"width": 1400, "height": 900}
SAYINGS = (
    "Hello, is the Storm jacket in blue still to be had in size M?",
    "Let me look.",
    "It is: four of them in the warehouse, and two in the shop in Oslo. Shall I put one aside for you until Saturday?",
    "Yes please!",
    "And one more thing. The zip of the one I bought last winter has come off, I would like to have it mended rather than "
    "send it back. How does that work, what does it cost, and how long would I be without it? https://example.com/repairs",
    "Done.",
)  # fmt: skip


def desk(stage: Stage, quick: bool) -> list[Figure]:
    """Scrolling, switching from one conversation to another, and what the server is asked for the whole of it."""
    rounds, seconds, switches = (1, 2, 8) if quick else (3, 4, 24)
    queries = [_queries(stage, count) for count in (3, CONVERSATIONS)]
    cast = _furnish(stage, CONVERSATIONS, PER_OPERATOR)
    frames: dict[str, list[Scroll]] = {"plain": [], "desk": []}
    with _browser() as browser:
        pages = {"plain": PlainPage(browser), "desk": DeskPage(browser, stage.site.url, cast.operators[0])}
        for _ in range(rounds):
            for name, page in pages.items():
                page.unfold()
                frames[name].append(Scroll(page, seconds))
        clicked = {name: page.switch(switches) for name, page in pages.items()}
    _clear(stage, cast)
    return [*_scroll_figures(frames), *_switch_figures(clicked), _query_figure(queries)]


def _scroll_figures(frames: dict[str, list[Scroll]]) -> list[Figure]:
    ours, plain = frames["desk"], frames["plain"]
    figures = []
    for share, most in ((50, 1.1), (95, 1.5)):
        values = [percentile(scroll.intervals, share / 100) for scroll in ours]
        ceilings = [percentile(scroll.intervals, share / 100) for scroll in plain]
        ratio = ratio_of_rounds(values, ceilings)
        figures.append(
            Figure(
                f"frame to frame p{share}, {ENTRIES:,} entries scrolled", median(values), "ms", median(ceilings), ratio,
                f"<= {most} x ceiling", ratio <= most,
                "" if share == 50 else "ratios of the rounds: " + _list(a / b for a, b in zip(values, ceilings, strict=True)),
            )
        )  # fmt: skip
    values, ceilings = [scroll.in_time for scroll in ours], [scroll.in_time for scroll in plain]
    ratio = ratio_of_rounds(values, ceilings)
    return [
        *figures,
        Figure(
            f"frames within 1/60 s, {ENTRIES:,} entries scrolled", median(values), "%", median(ceilings), ratio,
            ">= 0.9 x ceiling", ratio >= 0.9,
            f"{sum(len(scroll.intervals) for scroll in ours)} frames, {sum(scroll.incomplete for scroll in ours)} of them "
            f"with a blank part; plain: {sum(len(scroll.intervals) for scroll in plain)} and "
            f"{sum(scroll.incomplete for scroll in plain)}; shares of the rounds {_list(values, 0)} beside {_list(ceilings, 0)}",
        ),
    ]  # fmt: skip


def _switch_figures(clicked: dict[str, Switches]) -> list[Figure]:
    ours, plain = clicked["desk"], clicked["plain"]
    figures = []
    for share in (50, 95):
        value, ceiling = (percentile(clicks.painted, share / 100) for clicks in (ours, plain))
        figures.append(
            Figure(
                f"click to painted p{share}, another conversation", value, "ms", ceiling, value / ceiling,
                f"<= {SWITCH_MS} ms" if share == 95 else None, value <= SWITCH_MS if share == 95 else None,
                f"{len(ours.painted)} switches, slowest {max(ours.painted):.0f} ms; "
                f"ceiling: {len(plain.painted)} clicks that change one text"
                if share == 95 else "",
            )
        )  # fmt: skip
    for share in (50, 95):
        value = percentile(ours.filled, share / 100)
        figures.append(
            Figure(
                f"click to its messages p{share}", value, "ms", None, None, None, None,
                "with the way to the server and back where they were not here yet" if share == 95 else "",
            )
        )  # fmt: skip
    return figures


def _query_figure(queries: list[int]) -> Figure:
    few, many = queries
    return Figure(
        f"queries of the desk's snapshot, {CONVERSATIONS} open", many, "queries", few, many / few, "<= ceiling", many <= few,
        "ceiling: with 3 open",
    )  # fmt: skip


def _list(values: Any, digits: int = 2) -> str:
    return ", ".join(f"{value:.{digits}f}" for value in values)


# --------------------------------------------------------------------------------------------- what is there


def _furnish(stage: Stage, count: int, per_operator: int) -> Cast:
    """Open conversations with words in them: of the first operator, of others, and, the last lot, still in the queue.

    Everybody stays: nobody's lease runs out while they are measured.
    """
    from django.utils import timezone

    from wagtail_livechat.models import Conversation, Entry, Offer, Operator, Participation
    from wagtail_livechat.models import Visitor as VisitorRow

    cast = stage.cast(count, per_operator)
    now = timezone.now()
    rows = {str(row.uuid): row for row in Conversation.objects.filter(pk__in=[v.row for v in cast.visitors])}
    mine, lot = cast.operators[0], cast.operators[-1]
    waiting = {rows[uuid].pk for uuid in lot.conversations}
    Participation.objects.filter(conversation__in=waiting).delete()
    Offer.objects.bulk_create(Offer(conversation_id=row) for row in waiting)
    long = rows[mine.conversations[-1]]
    entries = []
    for number, row in enumerate(rows.values()):
        length = ENTRIES if row is long else SHORT
        for seq in range(1, length + 1):
            by_operator = seq % 5 in (2, 3) and row.pk not in waiting
            entries.append(
                Entry(
                    conversation_id=row.pk, seq=seq, client_id=uuid4(), kind="text", audience="everyone",
                    author="operator" if by_operator else "visitor",
                    operator_id=row.operator_id if by_operator else None, author_name="Bench" if by_operator else "",
                    body=SAYINGS[(seq + number) % len(SAYINGS)], created_at=now - timedelta(seconds=20 * (length - seq)),
                )
            )  # fmt: skip
        row.last_seq, row.last_message_at = length, now
        if row.pk in waiting:
            row.state, row.operator_id = Conversation.State.QUEUED, None
    Conversation.objects.bulk_update(rows.values(), ["last_seq", "last_message_at", "state", "operator"])
    Entry.objects.bulk_create(entries, batch_size=2000)
    later = now + timedelta(hours=1)
    visitors = VisitorRow.objects.filter(pk__in=[visitor.visitor_id for visitor in cast.visitors])
    visitors.update(last_seen=later)
    visitors.filter(pk=long.visitor_id).update(name=LONG)
    Operator.objects.filter(pk__in=[operator.operator_id for operator in cast.operators[1:]]).update(last_seen=later)
    return cast


def _clear(stage: Stage, cast: Cast) -> None:
    """What comes after this is measured without what was put there for it."""
    from django.utils import timezone

    from wagtail_livechat.models import Offer, Operator
    from wagtail_livechat.models import Visitor as VisitorRow

    Offer.objects.filter(conversation__in=[visitor.row for visitor in cast.visitors]).delete()
    VisitorRow.objects.filter(pk__in=[visitor.visitor_id for visitor in cast.visitors]).update(
        is_present=False, last_seen=timezone.now()
    )
    Operator.objects.filter(pk__in=[operator.operator_id for operator in cast.operators]).update(
        is_present=False, last_seen=timezone.now()
    )
    stage.end_all()


def _queries(stage: Stage, count: int) -> int:
    """What a snapshot of the desk with this many open conversations asks the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from wagtail_livechat import snapshots
    from wagtail_livechat.permissions import OperatorActor

    # Few as they are, there is one of each: own, another's, waiting.
    cast = _furnish(stage, count, max(1, count * PER_OPERATOR // CONVERSATIONS))
    actor = OperatorActor(cast.operators[0].operator_id, "Bench", frozenset())
    snapshots.desk_snapshot(actor, {})
    with CaptureQueriesContext(connection) as asked:
        snapshot = snapshots.desk_snapshot(actor, {})
    assert len(snapshot.conversations) == count, "The lists do not hold what was put there."
    _clear(stage, cast)
    return len(asked)


# ------------------------------------------------------------------------------------------------ the browser


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from tests.services.chromium import CHROMIUM_FLAGS, chromium_path

    # Sync Playwright keeps a loop in this thread, at which Django would refuse its ORM afterwards.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(with_windows=True), headless=True, args=CHROMIUM_FLAGS
        )
        try:
            yield chromium
        finally:
            chromium.close()


class Page:
    """Something long to scroll, and something to click at. Each page has a window of its own."""

    scroller: str

    def __init__(self, browser: Any, cookies: list[dict[str, Any]] | None = None) -> None:
        self.browser = browser
        context = browser.new_context(viewport=VIEWPORT, locale="en-GB")
        context.set_default_timeout(30_000)
        if cookies:
            context.add_cookies(cookies)
        self.page = context.new_page()
        self.cdp = context.new_cdp_session(self.page)

    @contextmanager
    def traced(self) -> Iterator[list[Trace]]:
        """The list has the trace when the block is left."""
        found: list[Trace] = []
        self.page.bring_to_front()
        self.browser.start_tracing(page=self.page, categories=CATEGORIES)
        try:
            yield found
            # The last frame is to be in it.
            self.page.wait_for_timeout(300)
        finally:
            raw = self.browser.stop_tracing()
        found.append(Trace(raw))

    def wheel(self, pixels: int) -> None:
        """Turns the mouse's wheel over the long thing, for as long as it takes at SPEED."""
        box = self.page.locator(self.scroller).bounding_box()
        gesture = {"yDistance": pixels, "speed": SPEED, "gestureSourceType": "mouse", "preventFling": True}
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self.cdp.send("Input.synthesizeScrollGesture", {**middle, **gesture})

    def position(self) -> float:
        """How far down it is scrolled, in pixels."""
        position: float = self.page.locator(self.scroller).evaluate("(box) => box.scrollTop")
        return position

    def click(self, element: Any) -> None:
        """With the mouse, and nothing else in the trace than that."""
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_timeout(100)
        self.page.mouse.down()
        self.page.mouse.up()

    def unfold(self) -> None:
        """All that there is to scroll is there, and its end is in sight."""
        raise NotImplementedError

    def switch(self, count: int) -> Switches:
        raise NotImplementedError


class PlainPage(Page):
    """As long as the desk's conversation, in the same words, without anything about it."""

    scroller = "#long"

    def __init__(self, browser: Any) -> None:
        super().__init__(browser)
        words = "".join(f"<p>{SAYINGS[number % len(SAYINGS)]}</p>" for number in range(ENTRIES))
        self.page.set_content(
            "<!doctype html><title>Plain</title><style>#long { height: 700px; overflow-y: auto; width: 600px }</style>"
            f"<div id=long>{words}</div><button id=swap>Swap</button> <span id=text>0</span>"
            "<script>swap.onclick = () => { text.textContent = +text.textContent + 1 }</script>"
        )

    def unfold(self) -> None:
        self.page.evaluate("long.scrollTop = long.scrollHeight")

    def switch(self, count: int) -> Switches:
        with self.traced() as traces:
            for _ in range(count):
                self.click(self.page.locator("#swap"))
                self.page.wait_for_timeout(200)
        return Switches(traces)


class DeskPage(Page):
    """The desk of one operator, with the long conversation open."""

    scroller = ".lcd-timeline__scroll"

    def __init__(self, browser: Any, url: str, operator: Desk) -> None:
        name, value = operator.cookie.split("=", 1)
        super().__init__(browser, [{"name": name, "value": value, "url": url}])
        self.page.goto(f"{url}/admin/livechat/desk/")
        rows = self.page.locator(".lcd-row__main")
        rows.nth(CONVERSATIONS - 1).wait_for()
        self.long = rows.filter(has_text=LONG)
        self.rows = rows
        self.page.evaluate(MARKS)
        self.long.click()
        self.unfold()

    def unfold(self) -> None:
        self.page.evaluate(UNFOLD, ENTRIES)

    def switch(self, count: int) -> Switches:
        """There and back: away from all the entries of the long one, and to it again. The others are taken from all over
        the lists: of one's own the messages are here already, of the rest they are fetched."""
        traces: list[Trace] = []
        for number in range(count // 2):
            for target in (self.rows.nth(2 * CONVERSATIONS * number // count), self.long):
                with self.traced() as traced:
                    self.click(target)
                    self.page.wait_for_timeout(400)
                traces += traced
            self.unfold()
        return Switches(traces)


MARKS = """() => {
    // The page's own account of a switch: which conversation has its messages on the screen.
    let last = document.querySelector(".lcd-timeline");
    new MutationObserver(() => {
        const now = document.querySelector(".lcd-timeline");
        if (now === last || !now?.querySelector("[data-seq]")) return;
        last = now;
        performance.mark("bench-filled");
    }).observe(document.querySelector("#livechat-desk"), { childList: true, subtree: true });
}"""

UNFOLD = """async (entries) => {
    const until = performance.now() + 60000;
    while (performance.now() < until) {
        const box = document.querySelector(".lcd-timeline__scroll");
        if (box?.querySelectorAll("[data-seq]").length === entries) {
            box.scrollTop = box.scrollHeight;
            return;
        }
        // To the top, whence more is drawn or asked for; not there already, or nothing would be told of it.
        if (box) box.scrollTop = box.scrollTop ? 0 : 1;
        await new Promise((done) => setTimeout(done, 30));
    }
    throw new Error("The long conversation did not unfold.");
}"""


# ----------------------------------------------------------------------------------------------- what is seen


class Scroll:
    """One way up and the same way down again."""

    def __init__(self, page: Page, seconds: float) -> None:
        page.page.wait_for_timeout(500)
        with page.traced() as traces:
            for pixels in (SPEED, -SPEED):
                before = page.position()
                page.page.evaluate("performance.mark('bench-begin')")
                page.wheel(round(pixels * seconds))
                page.page.evaluate("performance.mark('bench-end')")
                assert abs(page.position() - before) > SPEED * seconds / 2, "The wheel did not scroll it."
        (trace,) = traces
        turns = list(zip(trace.marks("bench-begin"), trace.marks("bench-end"), strict=True))
        self.intervals = [ms for turn in turns for ms in trace.intervals(*turn)]
        self.incomplete = sum(any(begin <= at <= end for begin, end in turns) for at in trace.incomplete)
        self.in_time = 100 * sum(ms <= IN_TIME_MS for ms in self.intervals) / len(self.intervals)


class Switches:
    """How long clicks took to be seen."""

    def __init__(self, traces: list[Trace]) -> None:
        self.painted = [shown - clicked for trace in traces for clicked, shown in trace.clicks]
        self.filled = []
        for trace in traces:
            for mark in trace.marks("bench-filled"):
                shown = trace.shown_after(mark)
                if shown is not None:
                    self.filled.append(shown - max(clicked for clicked, _ in trace.clicks if clicked <= mark))
