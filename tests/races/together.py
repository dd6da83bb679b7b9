"""Several at once, in real threads with connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from wagtail_livechat import broadcast

PATIENCE = 60
"""Seconds after which a race that does not end is a deadlock."""


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all jobs at the same moment. Their results, or the exceptions that they raised, in the order of the jobs."""
    results: list[Any] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs), timeout=PATIENCE)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            # Connected before the start, so that nobody is late because of it.
            connections["default"].ensure_connection()
            barrier.wait()
            with broadcast.collecting():
                results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job), daemon=True) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "still not done: a deadlock?"
    return results


def raised(results: Sequence[Any], kind: type[Exception] = Exception) -> list[Any]:
    """The exceptions of this kind among the results."""
    return [result for result in results if isinstance(result, kind)]


def returned(results: Sequence[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, Exception)]
