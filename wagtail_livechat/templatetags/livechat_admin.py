"""For pages of the admin."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Site

from .. import embedding

register = template.Library()


@register.inclusion_tag("wagtail_livechat/_embed_codes.html")
def livechat_embed_codes(site: Site) -> dict[str, Any]:
    """The code for pages that the CMS does not make. The page needs copy.js and embed_codes.css for its buttons."""
    return embedding.codes(site)
