"""The sentences that visitors of a site read: the standard ones, and what the site says instead."""

from __future__ import annotations

from django.utils import translation

from . import sentences
from .models import LiveChatSettings, TextOverride


def of(site_id: int | None, language: str) -> dict[str, str]:
    """Key -> sentence, for every sentence, in ``language`` as far as we or the site speak it. One query."""
    spoken = sentences.speaks(language)
    with translation.override(spoken):
        words = sentences.sentences()
    for own in overrides(site_id, language):
        words.update((key, text) for key, text in own.items() if key in words)
    return words


def overrides(site_id: int | None, language: str) -> list[dict[str, str]]:
    """What the site says itself, the more special later: in the language we fall back on, then ``pt``, then ``pt-br``."""
    language = language.lower()
    chain = list(dict.fromkeys([sentences.speaks(language), language.split("-")[0], language]))
    found: dict[str, dict[str, str]] = {one: {} for one in chain}
    rows = TextOverride.objects.filter(site_id=site_id, language__in=chain)
    for name, key, text in rows.values_list("language", "key", "text"):
        found[name][key] = text
    return list(found.values())


def said(site_id: int | None, language: str, key: str) -> str:
    """The site's own sentence, or nothing where it has none."""
    return next((own[key] for own in reversed(overrides(site_id, language)) if key in own), "")


def consent(chosen: LiveChatSettings, language: str) -> str:
    """What visitors agree to: what the site says in this language, else what it says in all of them, else a standard sentence."""
    said_here = said(chosen.site_id, language, "consent")
    return said_here or chosen.consent_text or of(chosen.site_id, language)["consent"]
