"""What Chromium's own trace says: which frames reached the screen, and when a click was seen there. Times in ms."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

CATEGORIES = [
    "-*",
    "devtools.timeline",
    "blink.user_timing",
    "disabled-by-default-devtools.timeline.frame",
    "disabled-by-default-devtools.timeline",
]
"""No more than is read here: each event costs the page that is measured a little."""

Event = dict[str, Any]


class Trace:
    """The frames, clicks and marks of one page. ``raw`` is the JSON that Chromium's tracing gives."""

    def __init__(self, raw: bytes) -> None:
        events: list[Event] = sorted(json.loads(raw)["traceEvents"], key=lambda event: float(event.get("ts", 0)))
        # The browser's own windows and other pages draw frames too. Ours is the one that was clicked at, or marked.
        speaks = (e for e in events if e["name"] == "EventTiming" or "blink.user_timing" in e["cat"].split(","))
        process = next((event["pid"] for event in speaks), None)
        events = [event for event in events if event["pid"] == process]
        reports = [
            (begin, end) for begin, end in _pairs(events, "PipelineReporter") if "frame_reporter" in begin["args"]
        ]
        shown = [
            (end["ts"] / 1000, begin["args"]["frame_reporter"])
            for begin, end in reports
            if begin["args"]["frame_reporter"]["state"].startswith("STATE_PRESENTED")
        ]
        self.presented: list[float] = sorted({at for at, _ in shown})
        """When frames reached the screen."""
        self.incomplete: list[float] = sorted({at for at, report in shown if report.get("has_missing_content")})
        """When frames reached the screen in which something that should be seen was not drawn yet."""
        self.clicks: list[tuple[float, float]] = [
            (begin["ts"] / 1000, end["ts"] / 1000)
            for begin, end in _pairs(events, "EventTiming")
            if begin["args"].get("data", {}).get("type") == "click"
        ]
        """From the mouse button's way up to the frame that shows what it did, as the browser's event timing has it."""
        self._commits = [
            (event["ts"] / 1000, event["args"]["frameSeqId"])
            for event in events
            if event["name"] == "Commit" and event["ph"] == "X" and "frameSeqId" in event.get("args", {})
        ]
        self._shown_by_sequence: dict[int, float] = {}
        for at, report in shown:
            if report["state"] == "STATE_PRESENTED_ALL":
                self._shown_by_sequence.setdefault(report["frame_sequence"], at)
        self._marks: dict[str, list[float]] = defaultdict(list)
        for event in events:
            if "blink.user_timing" in event["cat"].split(","):
                self._marks[event["name"]].append(event["ts"] / 1000)

    def marks(self, name: str) -> list[float]:
        """When the page called ``performance.mark(name)``."""
        return self._marks[name]

    def intervals(self, begin: float, end: float) -> list[float]:
        """Between one frame on the screen and the next, from ``begin`` to ``end``."""
        return [b - a for a, b in pairwise(at for at in self.presented if begin <= at <= end)]

    def shown_after(self, at: float) -> float | None:
        """When the first frame was on the screen that the page drew after ``at``; None if the trace ends before."""
        for _, sequence in self._commits[bisect_left(self._commits, (at, 0)) :]:
            if sequence in self._shown_by_sequence:
                return self._shown_by_sequence[sequence]
        return None


def _pairs(events: Iterable[Event], name: str) -> list[tuple[Event, Event]]:
    """Asynchronous events: each beginning with its end. Ids come back once their event has ended."""
    waiting: dict[Any, list[Event]] = defaultdict(list)
    found = []
    for event in events:
        if event["name"] != name:
            continue
        key = (event["pid"], event.get("id") or json.dumps(event.get("id2")))
        if event["ph"] == "b":
            waiting[key].append(event)
        elif event["ph"] == "e" and waiting[key]:
            found.append((waiting[key].pop(0), event))
    return found
