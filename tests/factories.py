"""Small functions that make what a test needs. Names and texts are made up; everything not said is ordinary."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from wagtail_livechat.actions.conversations import start_conversation
from wagtail_livechat.actions.messages import post_message
from wagtail_livechat.actions.offers import accept_offer
from wagtail_livechat.actions.visitors import open_session
from wagtail_livechat.models import Conversation, Department, Entry, LiveChatSettings, Offer, Operator, Visitor
from wagtail_livechat.permissions import OperatorActor, VisitorActor, operator_actor

_numbers = itertools.count(1)

OPERATORS = "Live chat operators"
MANAGERS = "Live chat managers"
ADMINISTRATORS = "Live chat administrators"


def the_site() -> Site:
    """The site that Wagtail's own migrations make."""
    return Site.objects.get(is_default_site=True)


def make_site(hostname: str | None = None) -> Site:
    """Another site, on the same root page."""
    return Site.objects.create(
        hostname=hostname or f"shop{next(_numbers)}.example", root_page=Page.objects.get(depth=1), site_name="Outlet"
    )


def make_settings(site: Site | None = None, **fields: Any) -> LiveChatSettings:
    row, _ = LiveChatSettings.objects.update_or_create(site=site or the_site(), defaults=fields)
    return row


def make_department(name: str | None = None, *, sites: Iterable[Site] = (), **fields: Any) -> Department:
    department = Department.objects.create(name=name or f"Department {next(_numbers)}", **fields)
    department.sites.set(sites)
    return department


def make_user(username: str | None = None, *, groups: Iterable[str] = (), **fields: Any) -> Any:
    username = username or f"user{next(_numbers)}"
    user = get_user_model().objects.create_user(username, f"{username}@shop.example", username, **fields)
    user.groups.set(Group.objects.filter(name__in=list(groups)))
    return user


def make_operator(
    name: str | None = None,
    *,
    role: str = OPERATORS,
    departments: Iterable[Department] = (),
    status: str = "available",
    is_present: bool = True,
    **fields: Any,
) -> Operator:
    """An operator with a user of the role. ``is_present``: connected just now."""
    name = name or f"Operator {next(_numbers)}"
    operator = Operator.objects.create(
        user=make_user(groups=[role]),
        display_name=name,
        status=status,
        is_present=is_present,
        last_seen=timezone.now() if is_present else None,
        **fields,
    )
    operator.departments.set(departments)
    return operator


def actor_of(operator: Operator) -> OperatorActor:
    """As whom the operator acts, with the rights of this moment."""
    return operator_actor(get_user_model().objects.get(pk=operator.user_id))


def make_visitor(site: Site | None = None, **fields: Any) -> Visitor:
    """A visitor whose token is in ``visitor.token`` (it is stored nowhere)."""
    visitor, token = open_session((site or the_site()).pk)
    visitor.token = token
    for field, value in fields.items():
        setattr(visitor, field, value)
    visitor.save()
    return visitor


def visitor_actor(visitor: Visitor) -> VisitorActor:
    return VisitorActor(visitor.pk, visitor.site_id)


def make_waiting(visitor: Visitor | None = None, text: str = "Hello", **options: Any) -> Conversation:
    """A conversation that a visitor has begun and nobody has taken."""
    visitor = visitor or make_visitor()
    entry = start_conversation(actor=visitor_actor(visitor), text=text, client_id=uuid.uuid4(), **options)
    return Conversation.objects.get(pk=entry.conversation_id)


def pending_offer(conversation: Conversation) -> Offer:
    return Offer.objects.get(conversation=conversation, state=Offer.State.PENDING)


def make_open(operator: Operator | None = None, visitor: Visitor | None = None, **options: Any) -> Conversation:
    """A conversation that an operator has taken."""
    conversation = make_waiting(visitor, **options)
    accept_offer(pending_offer(conversation).pk, actor=actor_of(operator or make_operator()))
    conversation.refresh_from_db()
    return conversation


def say(conversation: Conversation, text: str, by: Visitor | Operator | None = None) -> Entry:
    """A message, by the visitor unless somebody else is named."""
    speaker = by or conversation.visitor
    actor = visitor_actor(speaker) if isinstance(speaker, Visitor) else actor_of(speaker)
    return post_message(conversation.uuid, actor=actor, text=text, client_id=uuid.uuid4())


def seqs(conversation: Conversation) -> list[int]:
    return list(Entry.objects.filter(conversation=conversation).order_by("seq").values_list("seq", flat=True))


def bodies(conversation: Conversation) -> list[str]:
    """All that was said, in order."""
    return list(
        Entry.objects.filter(conversation=conversation, kind="text").order_by("seq").values_list("body", flat=True)
    )


def events_of(conversation: Conversation) -> list[str]:
    """The system entries, in order: ``["joined", "ended"]``."""
    found = Entry.objects.filter(conversation=conversation, kind="system").order_by("seq")
    return [entry.data["event"] for entry in found]


def signed_in(user: Any) -> Client:
    """A browser in which this user has signed in."""
    client = Client()
    client.force_login(user)
    return client


def signed_in_as(role: str) -> Client:
    """A browser of somebody new who has this role."""
    return signed_in(make_user(groups=[role]))
