"""A conversation's timeline as lines to print: the record in the admin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..models import Conversation, Entry
from ..permissions import OperatorActor
from ..snapshots import entry_for, visitor_details, with_site
from ..veils import veil_for
from .texts import system_line, system_texts

# As in client/shared/links.ts: http(s) only, and no invisible or direction-changing characters.
_LINK = re.compile(r"https?://[^\s<>\"'`\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RecordLine:
    seq: int
    kind: str
    """``visitor``, ``operator``, ``bot``, ``note`` or ``system``."""
    name: str
    at: datetime
    words: str
    """As the reader may see them."""
    masked: tuple[str, ...] = ()
    """The kinds that are hidden in it."""
    is_revealed: bool = False
    """Its reader asked just now what it says, and ``words`` is that."""

    @property
    def text(self) -> SafeString:
        """The words for a page."""
        return SafeString(escape(self.words)) if self.kind == "system" else with_links(self.words)


def record_lines(
    conversation: Conversation, reader: OperatorActor, revealed: dict[int, str] | None = None
) -> list[RecordLine]:
    """Every entry, notes and events too, as the reader may see them, in one query. ``revealed``: what they asked to see."""
    texts = system_texts()
    visitor = visitor_details(conversation.visitor, veil_for(reader, conversation.site_id))["name"]
    lines = []
    for entry in with_site(conversation.entries.order_by("seq")):
        shown = entry_for(reader, entry)
        if entry.kind == Entry.Kind.SYSTEM:
            name = entry.author_name
            words = system_line(str(shown.data.get("event", "")), shown.data, name, texts)
            lines.append(RecordLine(entry.seq, "system", name, entry.created_at, words))
            continue
        kind = "note" if entry.kind == Entry.Kind.NOTE else entry.author
        name = visitor if entry.author == "visitor" else entry.author_name
        words = shown.text
        if shown.data.get("removed"):
            words = _("Removed: it was kept as long as the site's settings say.")
        lifted = (revealed or {}).get(entry.seq, "")
        masked = tuple(shown.masked or ())
        lines.append(RecordLine(entry.seq, kind, name, entry.created_at, lifted or words, masked, bool(lifted)))
    return lines


def with_links(text: str) -> SafeString:
    """``text`` escaped, its web addresses made links that tell nothing to where they lead."""
    parts: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        url = match[0].rstrip(".,;:!?)]}*_~…")
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(url)}" rel="noopener noreferrer nofollow" target="_blank">{escape(url)}</a>')
        end = match.start() + len(url)
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above
