"""The chat's three roles: giving one to somebody, and writing down that it was given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.log_actions import log

from ..permissions import ROLES

CHANGED = "wagtail_livechat.role"
"""Its name in Wagtail's log."""


def role_of(user: Any) -> str:
    """The highest of the roles that ``user`` has; empty if none."""
    theirs = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    return next((role for role in reversed(ROLES) if role in theirs), "")


def grantable_by(user: Any) -> list[str]:
    """The roles that ``user`` may give: those that let nobody do more than they may do themselves."""
    groups = {group.name: group for group in Group.objects.filter(name__in=ROLES).prefetch_related("permissions")}
    found = []
    for role in ROLES:
        if role not in groups:
            continue
        rights = groups[role].permissions.select_related("content_type")
        if all(user.has_perm(f"{right.content_type.app_label}.{right.codename}") for right in rights):
            found.append(role)
    return found


def give(user: Any, role: str) -> None:
    """Make this ``user``'s only one of the three roles; empty: none of them. Other groups stay."""
    current = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    wanted = {role} if role else set()
    user.groups.remove(*Group.objects.filter(name__in=current - wanted))
    user.groups.add(*Group.objects.filter(name__in=wanted - current))


def note_change(user_ids: Iterable[int], group_ids: Iterable[int], *, given: bool) -> None:
    """Write into Wagtail's log whose role changed. Who did it, Wagtail knows."""
    names = list(Group.objects.filter(pk__in=list(group_ids), name__in=ROLES).values_list("name", flat=True))
    if not names:
        return
    for user in get_user_model().objects.filter(pk__in=list(user_ids)):
        for name in names:
            log(instance=user, action=CHANGED, data={"role": name, "given": given})
