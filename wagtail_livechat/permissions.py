"""Who may do what: the one role matrix, and who sees which conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .exceptions import Forbidden
from .models import Conversation, Operator, Participation

PERMISSIONS: dict[str, str] = {
    "handle": "wagtail_livechat.handle_conversation",
    "see_history": "wagtail_livechat.view_history",
    "see_all_departments": "wagtail_livechat.view_all_departments",
    "see_logs": "wagtail_livechat.view_logs",
    "export_conversations": "wagtail_livechat.export_conversation",
    "ban": "wagtail_livechat.ban_visitor",
    "unban": "wagtail_livechat.delete_ban",
    "manage_operators": "wagtail_livechat.change_operator",
    "invite_operators": "wagtail_livechat.add_operator",
    "manage_departments": "wagtail_livechat.change_department",
    "manage_settings": "wagtail_livechat.change_livechatsettings",
    "administer_settings": "wagtail_livechat.administer_livechatsettings",
    "install": "wagtail_livechat.administer_livechatsettings",
    "manage_privacy": "wagtail_livechat.change_privacysettings",
    "see_masked": "wagtail_livechat.see_masked",
    "reveal_masked": "wagtail_livechat.reveal_masked",
    "erase_visitors": "wagtail_livechat.erase_visitor",
    "see_statistics": "wagtail_livechat.view_statistics",
    "draft": "wagtail_livechat.draft_answer",
}
"""What a person may do -> the Django permission that grants it."""

ROLES: dict[str, tuple[str, ...]] = {
    "Live chat operators": ("handle_conversation", "view_history", "draft_answer", "ban_visitor"),
    "Live chat managers": (
        "handle_conversation",
        "view_history",
        "draft_answer",
        "ban_visitor",
        "view_all_departments",
        "view_statistics",
        "view_logs",
        "export_conversation",
        "view_ban",
        "delete_ban",
        "change_livechatsettings",
        "reveal_masked",
        "add_quickreply",
        "change_quickreply",
        "delete_quickreply",
        "view_quickreply",
        "add_automessage",
        "change_automessage",
        "delete_automessage",
        "view_automessage",
        "add_chatrule",
        "change_chatrule",
        "delete_chatrule",
        "view_chatrule",
    ),
    "Live chat administrators": (
        "handle_conversation",
        "view_history",
        "draft_answer",
        "view_all_departments",
        "view_statistics",
        "view_logs",
        "export_conversation",
        "change_livechatsettings",
        "administer_livechatsettings",
        "change_privacysettings",
        "reveal_masked",
        "erase_visitor",
        "ban_visitor",
        "add_quickreply",
        "change_quickreply",
        "delete_quickreply",
        "view_quickreply",
        "add_automessage",
        "change_automessage",
        "delete_automessage",
        "view_automessage",
        "add_chatrule",
        "change_chatrule",
        "delete_chatrule",
        "view_chatrule",
        "add_wrapupreason",
        "change_wrapupreason",
        "delete_wrapupreason",
        "view_wrapupreason",
        "add_ban",
        "change_ban",
        "delete_ban",
        "view_ban",
        "change_outgoingmail",
        "view_outgoingmail",
        "add_operator",
        "change_operator",
        "delete_operator",
        "view_operator",
        "add_department",
        "change_department",
        "delete_department",
        "view_department",
    ),
}
"""The groups that a migration makes -> codenames in this app."""


def may(user: Any, what: str) -> bool:
    """Whether ``user`` may do ``what`` (a key of PERMISSIONS). Inactive users may nothing."""
    return bool(user.is_active and user.has_perm(PERMISSIONS[what]))


@dataclass(frozen=True, slots=True)
class VisitorActor:
    """A visitor who proved it with their token."""

    visitor_id: int
    site_id: int


@dataclass(frozen=True, slots=True)
class OperatorActor:
    """An operator whose session and rights were looked at."""

    operator_id: int
    name: str
    departments: frozenset[int]
    """Empty: every department."""
    sees_all: bool = False
    sites: frozenset[int] = frozenset()
    """Whose conversations they get, whatever their departments and role. Empty: every site."""
    may_ban: bool = False
    sees_masked: bool = False
    may_reveal: bool = False
    may_draft: bool = False
    user_id: int | None = None

    @property
    def sees_every_case(self) -> bool:
        return not self.sites and (self.sees_all or not self.departments)


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The package itself: the sweep, a command."""


Actor = VisitorActor | OperatorActor | SystemActor


def operator_actor(user: Any) -> OperatorActor:
    """The operator that ``user`` is. Raises Forbidden if they are none, or may not answer any more."""
    if not getattr(user, "is_authenticated", False) or not may(user, "handle"):
        raise Forbidden(_("You may not answer live chats. Ask an administrator for the role."))
    found = Operator.objects.filter(user_id=user.pk).select_related("user").prefetch_related("departments", "sites")
    operator = found.first()
    if operator is None or not operator.is_active:
        raise Forbidden(_("You are not an operator of the live chat. Ask an administrator to add you."))
    return OperatorActor(
        operator_id=operator.pk,
        name=operator.name,
        departments=frozenset(d.pk for d in operator.departments.all()),
        sites=frozenset(site.pk for site in operator.sites.all()),
        sees_all=may(user, "see_all_departments"),
        may_ban=may(user, "ban"),
        sees_masked=may(user, "see_masked"),
        may_reveal=may(user, "reveal_masked"),
        may_draft=may(user, "draft"),
        user_id=user.pk,
    )


def reader_of(user: Any) -> OperatorActor:
    """``user`` as a reader of the record. Whoever belongs to departments sees theirs, also after they were deactivated."""
    row = Operator.objects.filter(user_id=user.pk).prefetch_related("departments", "sites").first()
    return OperatorActor(
        operator_id=row.pk if row else 0,
        name=row.name if row else "",
        departments=frozenset(department.pk for department in row.departments.all()) if row else frozenset(),
        sites=frozenset(site.pk for site in row.sites.all()) if row else frozenset(),
        sees_all=may(user, "see_all_departments"),
        sees_masked=may(user, "see_masked"),
        may_reveal=may(user, "reveal_masked"),
        user_id=user.pk,
    )


def visible_to(actor: OperatorActor) -> Q:
    """Filter for conversations that this operator may look at."""
    if actor.sees_every_case:
        return Q()
    queues = Q()
    if actor.departments and not actor.sees_all:
        queues = (
            Q(department__isnull=True)
            | Q(department__in=actor.departments)
            | Q(offers__department__in=actor.departments, offers__state="pending")
        )
    if actor.sites:
        queues &= Q(site__in=actor.sites)
    return (
        queues
        | Q(participations__operator=actor.operator_id, participations__state="joined")
        | Q(offers__operator=actor.operator_id, offers__state="pending")
    )


def visible_conversations(actor: OperatorActor) -> QuerySet[Conversation]:
    """Conversations that this operator may look at, each once."""
    condition = visible_to(actor)
    if not condition:
        return Conversation.objects.all()
    return Conversation.objects.filter(pk__in=Conversation.objects.filter(condition).values("pk"))


def is_member(actor: OperatorActor, conversation: str = "pk") -> Exists:
    """Whether this operator takes part in a conversation. ``conversation``: the field of the outer query that names it."""
    return Exists(
        Participation.objects.filter(
            conversation=OuterRef(conversation), operator=actor.operator_id, state=Participation.State.JOINED
        )
    )


def team_conversations(actor: OperatorActor) -> QuerySet[Conversation]:
    """What this operator and their colleagues write to each other: nobody else sees it, whatever their role."""
    return Conversation.everything.filter(is_member(actor), state=Conversation.State.INTERNAL)


def readable_conversations(actor: OperatorActor) -> QuerySet[Conversation]:
    """All whose timeline this operator may read: cases that are visible to them, and their own with colleagues."""
    return Conversation.everything.filter(
        Q(pk__in=visible_conversations(actor).values("pk")) | Q(pk__in=team_conversations(actor).values("pk"))
    )
