"""A lease is a time stamp that whoever is connected renews. Nothing here trusts a socket to say goodbye."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone


def renew(people: QuerySet[Any]) -> list[int]:
    """Renew the leases of these operators or visitors. Returns the keys of those who were not there until now.

    Rows that another process is renewing at this moment are left to it: two processes that each lock many rows in an order
    of their own would stop each other.
    """
    with transaction.atomic():
        rows = dict(people.select_for_update(skip_locked=True).order_by("pk").values_list("pk", "is_present"))
        people.model._default_manager.filter(pk__in=list(rows)).update(last_seen=timezone.now(), is_present=True)
    return [pk for pk, was_present in rows.items() if not was_present]
