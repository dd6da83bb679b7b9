"""Rich text as our pages and the widget show it: Wagtail's own, but that nothing of it calls another host.

Wagtail makes an embedded video a frame of the host it comes from, which would tell that host of every reader, and which
a strict policy forbids. Here it is a link with the video's title.
"""

from __future__ import annotations

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.embeds.models import Embed
from wagtail.rich_text import expand_db_html
from wagtail.rich_text.rewriters import extract_attrs

from .nodes import safe_address

FEATURES = [
    "h2",
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "hr",
    "link",
    "document-link",
    "image",
    "code",
    "blockquote",
]
ANSWER_FEATURES = [feature for feature in FEATURES if feature not in ("h2", "hr")]

_EMBED = re.compile(r"<embed\b([^>]*?)/?>", re.IGNORECASE)


def title_of_embed(url: str) -> str:
    """What the host called it when an editor put it in, without asking again; else the address."""
    known = Embed.objects.filter(url=url).exclude(title="").values_list("title", flat=True).first()
    return str(known or url)


def link_to_embed(url: str, title: str = "") -> SafeString:
    address = safe_address(url)
    if address is None:
        return SafeString()
    return format_html(
        '<p class="embed"><a href="{}" rel="noopener noreferrer">{}</a></p>', address, title or title_of_embed(url)
    )


def expand(html: str) -> SafeString:
    """Rich text from the database as HTML for a page. Wagtail's editor has already let through only what it knows."""

    def without_frame(match: re.Match[str]) -> str:
        found = extract_attrs(match[1])
        return link_to_embed(found.get("url", "")) if found.get("embedtype") == "media" else match[0]

    return mark_safe(expand_db_html(_EMBED.sub(without_frame, html)))  # noqa: S308 - as wagtail's own filter does
