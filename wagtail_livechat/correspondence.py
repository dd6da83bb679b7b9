"""What a letter says: read from its conversation at the moment it is sent."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from . import drafts, wording
from .colors import readable_ink
from .drafts import Published
from .models import Conversation, Entry, LiveChatSettings, OutgoingMail
from .sentences import filled
from .veils import CLEAR, Veil, veil_for

WORDS_IN_SUBJECT = 60
"""Characters of the first message."""


def compose(letter: OutgoingMail) -> EmailMultiAlternatives:
    """The letter as it goes out now: text and HTML, marked as sent by a machine, and part of the case's thread."""
    conversation = letter.conversation
    if conversation is None:
        raise ValueError("This letter is about no conversation: notices composes it.")
    chosen = LiveChatSettings.for_site(conversation.site)
    with translation.override(language_of(letter)), timezone.override(chosen.zone):
        context = _context(letter, conversation, chosen)
        name = f"wagtail_livechat/mail/{letter.kind}"
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string(f"{name}.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.recipient],
            reply_to=_reply_to(letter, conversation, chosen),
            headers={
                # RFC 3834: no out-of-office answers to this one, please.
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Message-ID": message_id(conversation, letter.pk),
                # All letters of a case are one thread, and an answer names the case.
                "References": message_id(conversation),
            },
        )
        message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def message_id(conversation: Conversation, letter: int | None = None) -> str:
    """The name of a letter of a case, or of the thread that they all belong to."""
    part = f".{letter}" if letter is not None else ""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<livechat.{conversation.uuid}{part}@{domain or conversation.site.hostname}>"


def language_of(letter: OutgoingMail) -> str:
    """A language that Django can speak: the letter's, else the project's."""
    try:
        return translation.get_supported_language_variant(letter.language)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def _reply_to(letter: OutgoingMail, conversation: Conversation, chosen: LiveChatSettings) -> list[str]:
    """An answer to the visitor's letter comes to the support mailbox; one to a copy of their message goes to them."""
    address = chosen.support_email
    # Where addresses are hidden from operators, the support mailbox passes an answer on.
    if letter.kind == OutgoingMail.Kind.CASE and _veil_over(letter, conversation).detail("email", conversation.email) == conversation.email:  # fmt: skip
        address = conversation.email
    return [address] if address else []


def _context(letter: OutgoingMail, conversation: Conversation, chosen: LiveChatSettings) -> dict[str, Any]:
    site, visitor = conversation.site, conversation.visitor
    company = chosen.company_name or site.site_name or site.hostname
    veil = _veil_over(letter, conversation)
    language = translation.get_language() or ""
    words = wording.of(site.pk, language)
    lines = [{**line, "text": veil.text(line["text"])} for line in _lines(conversation, company, veil, words)]
    context: dict[str, Any] = {
        "case": conversation.case_number,
        "company": company,
        "color": chosen.color,
        "ink": readable_ink(chosen.color),
        "language": language,
        "case_line": filled(words["letter_case"], case=conversation.case_number),
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "lines": lines,
        "site_url": site.root_url,
        "conversation": conversation,
        "visitor": visitor,
    }
    fill = {"<name>": visitor.name, "<case>": conversation.case_number, "<company>": company}
    if letter.kind in (OutgoingMail.Kind.RECEIPT, OutgoingMail.Kind.TRANSCRIPT):
        key = f"letter_{letter.kind}"
        # What the site says in one language goes before what it says in all of them.
        own = wording.said(site.pk, language, key) or _filled(getattr(chosen, f"{letter.kind}_text"), fill)
        values = {"case": conversation.case_number, "company": company, "name": visitor.name}
        context["subject"] = filled(words[f"{key}_subject"], **values)
        context["intro"] = filled(own or words[key], **values)
    elif letter.kind == OutgoingMail.Kind.ANSWER:
        context["published"] = published = _published(letter)
        context["subject"] = gettext("The answer to your question: %(title)s") % {"title": published.title}
        context["intro"] = (
            gettext(
                "You asked us something (case %(case)s) and wanted to hear when the answer is on our site. Here it is:"
            )
            % context
        )
    else:
        first = " ".join(next((line["text"] for line in lines if line["author"] == "visitor"), "").split())
        context["first"] = first if len(first) <= WORDS_IN_SUBJECT else f"{first[: WORDS_IN_SUBJECT - 1]}…"
        context["who"] = (
            veil.detail("name", visitor.name)
            or veil.detail("email", conversation.email or visitor.email)
            or gettext("A visitor")
        )
        context["subject"] = gettext("Case %(case)s: %(who)s: %(first)s") % context
        context["details"] = _details(conversation, veil)
        context["desk_url"] = _desk_url(conversation)
    context["subject"] = " ".join(str(context["subject"]).split())
    return context


def _published(letter: OutgoingMail) -> Published:
    """What it tells of. Raises LookupError if that cannot be read any more: such a letter is not sent."""
    keeper = drafts.provider()
    found = keeper.letter(letter.occasion) if keeper is not None else None
    if found is None:
        raise LookupError("What the letter is about is not published.")
    return found  # type: ignore[no-any-return]


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _veil_over(letter: OutgoingMail, conversation: Conversation) -> Veil:
    """Visitors get what they wrote; copies for operators are read by whoever opens the mailbox."""
    return veil_for(None, conversation.site_id) if letter.kind == OutgoingMail.Kind.CASE else CLEAR


def _details(conversation: Conversation, veil: Veil) -> list[tuple[str, str]]:
    visitor = conversation.visitor
    found = [
        (gettext("Name"), veil.detail("name", visitor.name)),
        (gettext("E-mail"), veil.detail("email", conversation.email or visitor.email)),
        (gettext("Phone"), veil.detail("phone", visitor.phone)),
        (gettext("Reference number"), veil.detail("reference", visitor.reference)),
        (gettext("Department"), conversation.department.name if conversation.department else ""),
        (
            gettext("Page"),
            " ".join(filter(None, [veil.text(conversation.page_title), veil.address(conversation.page_url)])),
        ),
        (gettext("Agreed to"), conversation.consent_text),
    ]
    return [(label, value) for label, value in found if value]


def _desk_url(conversation: Conversation) -> str:
    """The case on the desk, where the project says where its admin is."""
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", "")
    if not base:
        return ""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{reverse('wagtail_livechat_desk:desk')}#{conversation.uuid}"


def _lines(conversation: Conversation, company: str, veil: Veil, words: dict[str, str]) -> Any:
    """What the visitor may see, as dicts of author, name, at, text. Internal notes are not among it."""
    shown = conversation.entries.filter(audience=Entry.Audience.EVERYONE).order_by("seq")
    for entry in shown.iterator(chunk_size=500):
        if entry.kind == Entry.Kind.SYSTEM:
            text = _happening(entry, words)
            name = ""
        else:
            text = entry.body
            name = entry.author_name or company
            if entry.author == "visitor":
                name = veil.detail("name", conversation.visitor.name) or words["letter_you"]
        if text:
            yield {
                "author": entry.author,
                "name": name,
                "at": date_format(timezone.localtime(entry.created_at), "SHORT_DATETIME_FORMAT"),
                "text": text,
            }


def _happening(entry: Entry, words: dict[str, str]) -> str:
    """As the window has it; events that it does not show are not in the letter either."""
    event, by = entry.data.get("event"), entry.data.get("by")
    if event == "ended":
        key = "event_ended"
        if by == "visitor":
            key = "event_ended_by_you"
        elif by == "operator" and entry.author_name:
            key = "event_ended_by"
        elif entry.data.get("reason") == "idle":
            key = "event_ended_idle"
    else:
        key = f"event_{event}"
    return words.get(key, "").replace("{name}", entry.author_name)
