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
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from . import extensions
from .conf import conf
from .exceptions import NotFound


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
    if not query.strip():
        return []
    results: list[Any] = []
    for tree in _trees(site_id, language):
        results += (
            Page.objects.live().public().descendant_of(tree, inclusive=True).search(query)[: limit - len(results)]
        )
    return [
        Found(title=page.title, url=page.full_url or "", text=strip_tags(page.search_description or ""), kind="page")
        for page in results
    ]


BROWSED = 200
"""Pages of one section that are listed, at most."""


def browse(parent_id: int | None, *, language: str, site_id: int) -> tuple[list[Page], list[Page]]:
    """The way to a live, public page of the site (None: its first page), and the pages below it that are so too.

    Raises NotFound.
    """
    trees = _trees(site_id, language)
    shown = Page.objects.live().public()
    wanted = parent_id if parent_id is not None else (trees[0].pk if trees else None)
    parent = shown.filter(pk=wanted).first()
    tree = next((tree for tree in trees if parent is not None and parent.path.startswith(tree.path)), None)
    if parent is None or tree is None:
        raise NotFound(_("There is no such page."))
    trail = shown.ancestor_of(parent, inclusive=True).descendant_of(tree, inclusive=True).order_by("depth")
    return list(trail), list(shown.child_of(parent).order_by("path")[:BROWSED])


def _trees(site_id: int, language: str) -> list[Page]:
    """The site's page tree in this language; its own, where there is none."""
    site = Site.objects.filter(pk=site_id).select_related("root_page__locale").first()
    if site is None:
        return []
    trees = [site.root_page, *site.root_page.get_translations().select_related("locale")]
    of_language = [tree for tree in trees if tree.locale.language_code.split("-")[0] == language.split("-")[0]]
    return of_language or trees[:1]
