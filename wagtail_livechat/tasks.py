"""Background work: plain functions that take ids, and one way to have them done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import close_old_connections, transaction
from django.dispatch import receiver

from . import signals
from .actions import letters, own_data, retention, rollup
from .actions.sweep import sweep
from .conf import conf

logger = logging.getLogger("wagtail_livechat")

_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="livechat-work")


def enqueue(function: Callable[..., Any], *args: Any) -> None:
    """Have ``function(*args)`` done after commit: by a django-rq worker where RQ_QUEUE names a queue, else by a thread here.

    Never in the caller's own time: with Redis down, enqueueing blocks for seconds, so that too is the thread's work.
    """
    transaction.on_commit(partial(_worker.submit, _hand_over, function, args), robust=True)


def _hand_over(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    close_old_connections()
    try:
        if conf.RQ_QUEUE:
            import django_rq

            django_rq.get_queue(conf.RQ_QUEUE).enqueue(function, *args)
        else:
            function(*args)
    except Exception:
        logger.exception("Live chat's background work %s failed", function.__name__)
    finally:
        close_old_connections()


def send_link(link_id: int) -> None:
    """Mail somebody the link to their own data."""
    own_data.send_link(link_id)


@receiver(signals.link_waiting)
def link_is_waiting(link_id: int, **kwargs: Any) -> None:
    enqueue(send_link, link_id)


def purge_job() -> dict[str, int]:
    """What retention removes, for a scheduler. Web processes that sweep do it by themselves, once an hour."""
    return retention.purge_all()


def rollup_job() -> int:
    """The statistics of days that are over, for a scheduler. Web processes that sweep do it by themselves. Returns the days."""
    return rollup.roll_up().days


def send_letters() -> int:
    """Send the letters whose time has come. Returns how many were sent."""
    return letters.send_due()


@receiver(signals.letters_waiting)
def letters_are_waiting(**kwargs: Any) -> None:
    enqueue(send_letters)


def sweep_job() -> dict[str, int]:
    """The sweep, for a scheduler (``manage.py rqcron``). Web processes with sockets sweep by themselves."""
    return sweep()
