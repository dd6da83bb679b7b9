"""A FAQ as the widget shows it, for Wagtail's preview: with the colours, name and language of the site that it is for."""

from __future__ import annotations

from typing import Any

from wagtail.models import Site

from .. import launcher, wording
from ..colors import readable_ink
from ..models import LiveChatSettings


def looks(site_id: int | None, language: str) -> dict[str, Any]:
    """For the site, or the default one where it is for all."""
    site = Site.objects.filter(pk=site_id).first() if site_id else Site.objects.filter(is_default_site=True).first()
    chosen = LiveChatSettings.for_site(site) if site else LiveChatSettings()
    texts = wording.of(site.pk if site else None, launcher.pick_language(language))
    return {
        "company": chosen.company_name or (site.site_name or site.hostname if site else ""),
        "color": chosen.color,
        "ink": readable_ink(chosen.color),
        "language": language,
        "texts": texts,
    }
