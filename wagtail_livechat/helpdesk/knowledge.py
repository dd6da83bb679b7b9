"""What the helpdesk answers in the search beside the chat (wagtail_livechat.knowledge)."""

from __future__ import annotations

from ..exceptions import NotFound
from ..knowledge import Found
from . import searching
from .reading import faq_url, shelf


def faqs(query: str, *, language: str, site_id: int, limit: int) -> list[Found]:
    """Questions, whose answer can be pasted, and linked to where a page shows them."""
    return _found("faq", query, language, site_id, limit)


def articles(query: str, *, language: str, site_id: int, limit: int) -> list[Found]:
    """Articles, to be linked to; what can be pasted is their summary."""
    return _found("article", query, language, site_id, limit)


def _found(kind: str, query: str, language: str, site_id: int, limit: int) -> list[Found]:
    try:
        here = shelf(site_id, language)
    except NotFound:
        return []
    hits = searching.search(here, query, limit, kinds=(kind,)) if limit > 0 else []
    if kind == "article":
        return [Found(hit.title, hit.item.full_url or "", hit.item.summary, kind) for hit in hits]
    home = here.home() if hits else None
    return [Found(hit.title, faq_url(home, hit.item) or "", searching.answer_text(hit.item), kind) for hit in hits]
