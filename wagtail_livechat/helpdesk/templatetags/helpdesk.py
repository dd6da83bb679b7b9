"""For the templates of the helpdesk's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from .. import icons, richtext

register = template.Library()


@register.simple_tag
def embed_link(url: str, title: str = "") -> SafeString:
    """A link to a film elsewhere, in place of a frame."""
    return richtext.link_to_embed(url, title)


@register.filter
def tile(category: Any) -> SafeString:
    """A category's icon on its colour."""
    return icons.icon(category.icon).as_tile(category.color, category.ink)


@register.filter
def rich(html: str) -> SafeString:
    """Rich text from the database, in which nothing calls another host."""
    return richtext.expand(html)
