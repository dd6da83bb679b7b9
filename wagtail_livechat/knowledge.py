"""What a site knows: the search beside the chat. Answers come from providers, so an app above the core can add its own.

A provider is a callable ``(query, *, language, site_id, limit) -> list[Found]``; ``WAGTAIL_LIVECHAT["KNOWLEDGE"]`` lists
their dotted paths, in the order in which their answers are shown. Where it is not set, installed apps' own providers
(``livechat_knowledge`` of their AppConfig) come first, then the site's pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from django.utils.module_loading import import_string
from wagtail.models import Page, Site

from . import extensions
from .conf import conf


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    url: str
    text: str
    """Plain text to paste, may be empty."""
    kind: str
    """``page``, ``faq`` or ``article``."""


def search(query: str, *, language: str, site_id: int, limit: int = 10) -> list[Found]:
    """The best answers of all providers, at most ``limit``."""
    found: list[Found] = []
    for path in providers():
        # A page that a provider before this one knows better is not shown twice.
        known = {one.url for one in found if one.url}
        more = import_string(path)(query, language=language, site_id=site_id, limit=limit - len(found))
        found += [one for one in more if one.url not in known]
        if len(found) >= limit:
            break
    return found[:limit]


def providers() -> list[str]:
    """Their dotted paths, in the order in which their answers are shown."""
    if conf.KNOWLEDGE is not None:
        return conf.KNOWLEDGE
    return [*extensions.paths("livechat_knowledge"), "wagtail_livechat.knowledge.pages"]


def pages(query: str, *, language: str, site_id: int, limit: int) -> list[Found]:
    """Live, public pages of the site, those in ``language`` if the site has any."""
    site = Site.objects.filter(pk=site_id).select_related("root_page").first()
    if site is None or not query.strip():
        return []
    trees = [site.root_page, *site.root_page.get_translations()]
    of_language = [tree for tree in trees if tree.locale.language_code.split("-")[0] == language.split("-")[0]]
    results: list[Any] = []
    for tree in of_language or trees[:1]:
        results += (
            Page.objects.live().public().descendant_of(tree, inclusive=True).search(query)[: limit - len(results)]
        )
    return [
        Found(title=page.title, url=page.full_url or "", text=strip_tags(page.search_description or ""), kind="page")
        for page in results
    ]
