"""Every sentence that a visitor reads, in groups, in the active language. Pure; what a site says instead is in ``wording``.

The widget's own are in widget_texts; here are those of the launcher, of letters and of the page about people's own data.
Words in braces are filled in; what a site writes instead keeps them.
"""

from __future__ import annotations

import re

from django.utils.translation import get_supported_language_variant, gettext, gettext_lazy, pgettext

from . import widget_texts

LANGUAGES = ("en", "sv", "da", "nb", "nl", "de")
"""Languages that the widget itself speaks. Others are shown in English, with the page's own writing direction."""


def speaks(language: str) -> str:
    """The language of our own that serves ``language``: Norwegian of any kind is Bokmål, unknown ones are English."""
    base = language.split("-")[0]
    base = {"no": "nb", "nn": "nb"}.get(base, base)
    return base if base in LANGUAGES else "en"


def known(language: str) -> str | None:
    """The language of the project that serves what was asked for, for those who work on the desk; None if there is none."""
    try:
        return get_supported_language_variant(language[:35])
    except (LookupError, ValueError):
        return None


GROUPS = {
    "launcher": gettext_lazy("Launcher and greeting"),
    "window": gettext_lazy("The window"),
    "writing": gettext_lazy("Writing, and what comes of a message"),
    "happenings": gettext_lazy("Lines between the messages"),
    "waiting": gettext_lazy("Waiting, and while nobody is there"),
    "forms": gettext_lazy("Forms"),
    "files": gettext_lazy("Files"),
    "after": gettext_lazy("After the chat"),
    "help": gettext_lazy("Questions and articles"),
    "letters": gettext_lazy("Letters to visitors"),
    "own_data": gettext_lazy("The page about one's own data"),
}
"""In the order in which they are shown."""

_BEGINNINGS = {
    "event_": "happenings",
    "form_": "forms",
    "fault_": "forms",
    "file_": "files",
    "rate_": "after",
    "transcript": "after",
    "help_": "help",
    "suggest_": "help",
    "tab": "help",
    "error_": "writing",
    "no_answer_": "waiting",
    "position": "waiting",
    "estimate": "waiting",
    "left_thanks": "waiting",
    "letter_": "letters",
    "own_": "own_data",
    "launcher_": "launcher",
}
_KEYS = {
    "launcher": {"greeting", "state_online", "state_busy", "state_offline", "unread"},
    "forms": {"optional", "consent", "failed"},
    "files": {"attach"},
    "after": {"reopen", "start_new", "case_number"},
    "waiting": {"waiting", "busy_note", "offline_note", "closed_until", "hours_zone", "leave_lead", "chat_now"},
    "writing": {
        "write", "send", "emoji", "left_of", "over_limit", "sending", "sent", "delivered", "seen", "not_sent", "try_again", "edit",
        "discard", "typing",
    },
}  # fmt: skip


def group_of(key: str) -> str:
    """The group in which a sentence is shown."""
    for group, keys in _KEYS.items():
        if key in keys:
            return group
    return next((group for beginning, group in _BEGINNINGS.items() if key.startswith(beginning)), "window")


def sentences() -> dict[str, str]:
    """Key -> the standard sentence in the active language, of everything that a visitor reads."""
    return {
        "launcher_label": gettext("Chat with us"),
        "launcher_close": gettext("Close"),
        "greeting": gettext("Hello! How can we help?"),
        **widget_texts.texts(),
        "consent": pgettext("widget", "I agree that what I write here is stored, so that it can be answered."),
        **_braced(_letters()),
        **_braced(_own_data()),
    }


def _letters() -> dict[str, str]:
    return {
        "letter_receipt_subject": gettext("We have received your message (case %(case)s)"),
        "letter_receipt": gettext(
            "Thank you for your message. Your case number is %(case)s. We will answer you by e-mail."
        ),
        "letter_transcript_subject": gettext("Your conversation with %(company)s (case %(case)s)"),
        "letter_transcript": gettext("Here is the conversation that you asked for."),
        "letter_you": pgettext("author of a message in a letter", "You"),
        "letter_case": gettext("Case %(case)s"),
        "own_letter_subject": gettext("Your data in the live chat of %(site)s"),
        "own_letter": gettext(
            "Somebody, probably you, asked for what the live chat of %(site)s keeps about this e-mail address.\n\n"
            "With this link you can get it or delete it. It is good once, for %(hours)d hours:\n\n%(url)s\n\n"
            "If it was not you, do nothing: nothing happens then."
        ),
    }


def _own_data() -> dict[str, str]:
    return {
        "own_title": gettext("Your data in the live chat"),
        "own_ask": gettext(
            "Give the e-mail address that you used in the chat. We send you a link by which you can get what is kept about you, or delete it."
        ),
        "own_email": gettext("E-mail"),
        "own_send": gettext("Send me the link"),
        "own_hint": gettext("If you gave no address, ask us with the case number that the chat showed you."),
        "own_sent": gettext(
            "If %(email)s is known to the chat, a letter is on its way to it. Look into the folder for spam, too."
        ),
        "own_choose": gettext("This link is for what the chat keeps about %(email)s. It can be used once."),
        "own_copy": gettext("Get a copy"),
        "own_as_page": gettext("As a page to read"),
        "own_as_data": gettext("As data (JSON)"),
        "own_delete": gettext("Delete everything"),
        "own_delete_lead": gettext(
            "All conversations and what is known about you are deleted, and open ones are ended. Nobody can bring them back."
        ),
        "own_sure": gettext("Yes, delete it"),
        "own_erased": gettext("It is deleted."),
        "own_again": gettext("Ask for a new link"),
        "own_fault_email": gettext("This is not an e-mail address. Check it."),
        "own_fault_sure": gettext("Tick the box if you are sure."),
        "own_fault_gone": gettext("This link was used already, or is too old. Ask for a new one."),
        "own_fault_often": gettext("Too many requests. Try again in a moment."),
        "own_fault_other": gettext("This did not work just now."),
    }


def _braced(texts: dict[str, str]) -> dict[str, str]:
    """Placeholders of Django's catalogues as those of the widget: ``%(case)s`` is ``{case}``."""
    return {key: re.sub(r"%\((\w+)\)[sd]", r"{\1}", text).replace("%%", "%") for key, text in texts.items()}


PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def placeholders(text: str) -> frozenset[str]:
    """Those in a sentence: ``{name}``."""
    return frozenset(PLACEHOLDER.findall(text))


def filled(text: str, **values: object) -> str:
    """A sentence with its placeholders filled in. What is filled in is not looked at again."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[0][1:-1], found[0])), text)


def longest(key: str) -> int:
    """Characters that a sentence may have."""
    return 2000 if group_of(key) in ("letters", "own_data") or key in ("greeting", "consent") else 300
