"""The benchmarks' reader of Chromium's traces, on a trace that was made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.trace import Trace

PAGE, BROWSER = 7, 1


def frame(
    sequence: int, begin: float, shown: float, *, state: str = "STATE_PRESENTED_ALL", id: str = "0x1", pid: int = PAGE
) -> list[dict[str, Any]]:
    report = {"state": state, "frame_sequence": sequence, "has_missing_content": sequence == 3}
    shared = {"name": "PipelineReporter", "cat": "cc", "pid": pid, "id2": {"local": id}}
    return [
        {**shared, "ph": "b", "ts": begin * 1000, "args": {"frame_reporter": report}},
        {**shared, "ph": "e", "ts": shown * 1000, "args": {}},
    ]


def trace(*events: dict[str, Any]) -> Trace:
    shared = {"pid": PAGE, "args": {}}
    return Trace(json.dumps({"traceEvents": [{**shared, **event} for event in events]}).encode())


def mark(name: str, at: float) -> dict[str, Any]:
    return {"name": name, "cat": "blink.user_timing", "ph": "I", "ts": at * 1000}


def commit(sequence: int, at: float) -> dict[str, Any]:
    return {"name": "Commit", "cat": "d", "ph": "X", "ts": at * 1000, "args": {"frameSeqId": sequence}}


def test_frames_of_the_marked_page_alone_are_counted_and_dropped_ones_are_not() -> None:
    found = trace(
        mark("begin", 0),
        *frame(1, 0, 20),
        *frame(2, 16, 30, state="STATE_DROPPED"),
        *frame(2, 16, 25, pid=BROWSER, id="0x2"),
        # Two parts of one picture, under an id that was used before.
        *frame(3, 32, 52),
        *frame(2, 16, 52, id="0x9", state="STATE_PRESENTED_PARTIAL"),
        *frame(4, 48, 70),
    )
    assert found.presented == [20, 52, 70]
    assert found.intervals(0, 60) == [32]
    assert found.intervals(0, 100) == [32, 18]
    assert found.incomplete == [52]


def test_a_click_lasts_until_it_is_seen() -> None:
    timing = {"name": "EventTiming", "cat": "devtools.timeline"}
    found = trace(
        {**timing, "ph": "b", "id": "0x1", "ts": 5000, "args": {"data": {"type": "pointerup"}}},
        {**timing, "ph": "b", "id": "0x2", "ts": 5000, "args": {"data": {"type": "click"}}},
        {**timing, "ph": "e", "id": "0x1", "ts": 21000},
        {**timing, "ph": "e", "id": "0x2", "ts": 37000},
    )
    assert found.clicks == [(5, 37)]


@pytest.mark.parametrize(("at", "shown"), [(8, 20), (10, 20), (11, 60), (45, None)])
def test_what_is_drawn_is_seen_with_the_next_frame_that_the_page_made(at: float, shown: float | None) -> None:
    found = trace(
        mark("drawn", at),
        commit(1, 10),
        *frame(1, 1, 20),
        # Scrolled by the compositor alone: what the page drew is not in it.
        *frame(2, 21, 35, state="STATE_PRESENTED_PARTIAL"),
        commit(3, 40),
        *frame(3, 36, 60, id="0x3"),
    )
    assert found.marks("drawn") == [at]
    assert found.shown_after(at) == shown
