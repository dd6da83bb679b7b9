"""A message that is answered by e-mail, since nobody was there; and what visitors tell of themselves in forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import broadcast, intake, launcher, mailcheck, sentences, veils, wording
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


def checked(chosen: LiveChatSettings, form: str, answers: Answers) -> Answers:
    """The answers to a form (``prechat`` or ``offline`` of the site, or one of OWN_RULES) as they are kept. Raises BadForm."""
    rules = OWN_RULES.get(form) or chosen.rules(form)
    if form == "address":
        rules = {**rules, "consent": chosen.offline_consent}
    kept, faults = intake.check(
        rules,
        answers,
        country=chosen.country,
        departments=dict(Department.serving(chosen.site_id).values_list("pk", "name")),
        takes_no_mail=mailcheck.takes_no_mail,
    )
    if faults:
        raise BadForm(faults)
    return kept


def stored_details(details: dict[str, str], site_id: int | None) -> dict[str, str]:
    """A visitor's details as the site wants them stored.

    What was asked for as an e-mail address or a phone number is kept as one, to answer to, and hidden from operators.
    """
    return {field: veils.redact_detail(field, value, site_id) for field, value in details.items()}


def note_answers(actor: VisitorActor, answers: Answers, language: str = "") -> None:
    """Remember what the visitor told of themselves. What they left empty stays as it was."""
    told: dict[str, str] = {name: value for name in veils.DETAILS if (value := getattr(answers, name))}
    changes = stored_details(told, actor.site_id)
    if language:
        changes["language"] = language
    if changes:
        Visitor.objects.filter(pk=actor.visitor_id).update(**changes)


def given(answers: Answers, chosen: LiveChatSettings, language: str, now: datetime) -> dict[str, Any]:
    """What a conversation keeps of the answers: its own address, and what was consented to, as it was read.

    Raises BadForm if the sentence is another one by now: nobody has agreed to that.
    """
    fields: dict[str, Any] = {"email": answers.email}
    if answers.consent:
        language = launcher.pick_language(chosen.language or language)
        sentence = wording.consent(chosen, language)
        version = intake.version_of(sentence)
        if answers.consent_version not in ("", version):
            raise BadForm({"consent": "changed"})
        is_own = chosen.consent_text or wording.said(chosen.site_id, language, "consent")
        fields |= {
            "consent_text": sentence,
            "consent_language": language if is_own else sentences.speaks(language),
            "consent_version": version,
            "consented_at": now,
        }
    return fields


def file(row: Conversation, chosen: LiveChatSettings) -> None:
    """Write the letters about a case: to the visitor, to operators who take such, to the support mailbox.

    Inside the transaction that made it a case. Nobody gets two, whatever they are.
    """
    if row.email:
        letters.queue(row, OutgoingMail.Kind.RECEIPT, row.email, row.language)
    department = row.department.email if row.department else ""
    addresses = {
        address.casefold(): (address, language)
        for address, language in [
            *((address, chosen.admin_language) for address in (department, chosen.support_email)),
            *_operators(row, chosen.admin_language),
        ][::-1]
        if address
    }
    for address, language in addresses.values():
        letters.queue(row, OutgoingMail.Kind.CASE, address, language)


def _operators(row: Conversation, usual: str) -> list[tuple[str, str]]:
    """(address, language) of the operators who take messages that were left in this department.

    ``usual``: the language of those who have chosen none in their account.
    """
    takers = Operator.objects.filter(is_active=True, takes_offline_messages=True, user__is_active=True)
    takers = takers.filter(handout.answers_for(row))
    found = []
    for operator in takers.select_related("user__wagtail_userprofile").distinct():
        profile = getattr(operator.user, "wagtail_userprofile", None)
        found.append((operator.user.email, (profile.preferred_language if profile else "") or usual))
    return found


def leave_address(conversation: UUID, *, actor: VisitorActor, answers: Answers) -> None:
    """Nobody has answered: the visitor leaves an address and may go. It is a case from now on.

    Doing it again changes nothing. Raises NotFound, BadForm, Conflict (somebody has answered, or it has ended).
    """
    mine = Conversation.objects.filter(uuid=conversation, visitor_id=actor.visitor_id)
    state = mine.values_list("state", flat=True).first()
    if state is None:
        raise NotFound(_("There is no such conversation."))
    if state == Conversation.State.OFFLINE:
        return
    chosen = LiveChatSettings.of(actor.site_id)
    answers = checked(chosen, "address", answers)
    with transaction.atomic():
        now = timezone.now()
        language = mine.values_list("language", flat=True).get()
        row = timeline.take_seq(
            Q(("uuid", conversation), Q(visitor_id=actor.visitor_id, state=Conversation.State.QUEUED)),
            state=Conversation.State.OFFLINE,
            queued_at=now,
            **given(answers, chosen, language, now),
        )
        if row is None:
            raise Conflict(_("Somebody has just answered. You can go on writing here."))
        note_answers(actor, answers)
        timeline.append_system(row, "left_address")
        offers.withdraw_offers(row)
        file(Conversation.objects.select_related("department").get(pk=row.pk), chosen)
        transaction.on_commit(handout.assign_waiting, robust=True)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
