"""A message that is answered by e-mail, since nobody was there; and what visitors tell of themselves in forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from .. import broadcast, intake, mailcheck, veils
from ..exceptions import BadForm, Conflict, NotFound
from ..intake import Answers
from ..models import Conversation, Department, LiveChatSettings, Operator, OutgoingMail, Visitor
from ..permissions import VisitorActor
from . import handout, letters, offers, timeline

OWN_RULES: dict[str, dict[str, str]] = {
    # Nobody has answered.
    "address": {"name": intake.SHOWN, "email": intake.REQUIRED},
    "transcript": {"email": intake.REQUIRED},
}
"""Forms that are the same on every site."""


def checked(site_id: int, form: str, answers: Answers) -> Answers:
    """The answers to a form (``prechat`` or ``offline`` of the site, or one of OWN_RULES) as they are kept. Raises BadForm."""
    chosen = LiveChatSettings.objects.filter(site_id=site_id).first() or LiveChatSettings(site_id=site_id)
    rules = OWN_RULES.get(form) or chosen.rules(form)
    if form == "address":
        rules = {**rules, "consent": chosen.offline_consent}
    kept, faults = intake.check(
        rules,
        answers,
        country=chosen.country,
        departments=departments_of(site_id),
        takes_no_mail=mailcheck.takes_no_mail,
    )
    if faults:
        raise BadForm(faults)
    return kept


def departments_of(site_id: int) -> dict[int, str]:
    """Departments that answer for a site: key -> name, in order."""
    of_site = Department.objects.filter(Q(sites=site_id) | Q(sites__isnull=True), is_active=True)
    return dict(of_site.distinct().values_list("pk", "name"))


def note_answers(actor: VisitorActor, answers: Answers, language: str = "") -> None:
    """Remember what the visitor told of themselves. What they left empty stays as it was."""
    told = {name: getattr(answers, name) for name in ("name", "email", "phone", "reference")}
    changes = {name: veils.redact_detail(name, value, actor.site_id) for name, value in told.items() if value}
    if language:
        changes["language"] = language
    if changes:
        Visitor.objects.filter(pk=actor.visitor_id).update(**changes)


def given(answers: Answers, chosen: LiveChatSettings | None, language: str, now: datetime) -> dict[str, Any]:
    """What a conversation keeps of the answers: its own address, and what was consented to."""
    fields: dict[str, Any] = {"email": answers.email}
    if answers.consent:
        with translation.override(language or None):
            fields["consent_text"] = (chosen or LiveChatSettings()).consent()
        fields["consented_at"] = now
    return fields


def file(row: Conversation) -> None:
    """Write the letters about a case: to the visitor, to operators who take such, to the support mailbox.

    Inside the transaction that made it a case. Nobody gets two, whatever they are.
    """
    if row.email:
        letters.queue(row, OutgoingMail.Kind.RECEIPT, row.email, row.language)
    chosen = LiveChatSettings.objects.filter(site_id=row.site_id).first()
    department = row.department.email if row.department else ""
    addresses = {
        address.casefold(): (address, language)
        for address, language in [
            *((address, "") for address in (department, chosen.support_email if chosen else "")),
            *_operators(row),
        ][::-1]
        if address
    }
    for address, language in addresses.values():
        letters.queue(row, OutgoingMail.Kind.CASE, address, language)


def _operators(row: Conversation) -> list[tuple[str, str]]:
    """(address, language) of the operators who take messages that were left in this department."""
    takers = Operator.objects.filter(is_active=True, takes_offline_messages=True, user__is_active=True)
    if row.department_id is not None:
        takers = takers.filter(Q(departments=row.department_id) | Q(departments__isnull=True))
    found = []
    for operator in takers.select_related("user__wagtail_userprofile").distinct():
        profile = getattr(operator.user, "wagtail_userprofile", None)
        found.append((operator.user.email, profile.get_preferred_language() if profile else ""))
    return found


def leave_address(conversation: UUID, *, actor: VisitorActor, answers: Answers) -> None:
    """Nobody has answered: the visitor leaves an address and may go. It is a case from now on.

    Doing it again changes nothing. Raises NotFound, BadForm, Conflict (somebody has answered, or it has ended).
    """
    mine = Conversation.objects.filter(uuid=conversation, visitor_id=actor.visitor_id)
    state = mine.values_list("state", flat=True).first()
    if state is None:
        raise NotFound("There is no such conversation.")
    if state == Conversation.State.OFFLINE:
        return
    answers = checked(actor.site_id, "address", answers)
    with transaction.atomic():
        now = timezone.now()
        language = mine.values_list("language", flat=True).get()
        chosen = LiveChatSettings.objects.filter(site_id=actor.site_id).first()
        row = timeline.take_seq(
            Q(("uuid", conversation), Q(visitor_id=actor.visitor_id, state=Conversation.State.QUEUED)),
            state=Conversation.State.OFFLINE,
            queued_at=now,
            **given(answers, chosen, language, now),
        )
        if row is None:
            raise Conflict("Somebody has just answered. You can go on writing here.")
        note_answers(actor, answers)
        timeline.append_system(row, "left_address")
        offers.withdraw_offers(row)
        file(Conversation.objects.select_related("department").get(pk=row.pk))
        transaction.on_commit(handout.assign_waiting, robust=True)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
