"""Small functions that make FAQs and helpdesks."""

from __future__ import annotations

import itertools
from typing import Any

from wagtail.models import Locale, Page, Site

from tests.factories import the_site
from wagtail_livechat.helpdesk.models import (
    Author,
    Faq,
    HelpdeskArticlePage,
    HelpdeskCategoryPage,
    HelpdeskIndexPage,
)

_numbers = itertools.count(1)


def locale(code: str = "en") -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def make_faq(question: str | None = None, answer: str = "<p>Yes.</p>", *, language: str = "en", **fields: Any) -> Faq:
    """A live one."""
    question = question or f"Question {next(_numbers)}?"
    faq = Faq(question=question, answer=answer, locale=locale(language), **{"live": True, **fields})
    faq.save()
    return faq


def make_helpdesk(site: Site | None = None, title: str = "Helpdesk", language: str = "en") -> HelpdeskIndexPage:
    """Below the site's first page, or below the translation of it into ``language``."""
    parent: Any = (site or the_site()).root_page
    if parent.locale.language_code != language:
        wanted = locale(language)
        parent = parent.get_translation_or_none(wanted) or parent.copy_for_translation(wanted)
        parent.live = True
        parent.save()
    index = HelpdeskIndexPage(title=title, locale=parent.locale)
    parent.add_child(instance=index)
    return index


def make_category(index: Page | None = None, title: str = "Delivery", **fields: Any) -> HelpdeskCategoryPage:
    index = index or make_helpdesk()
    category = HelpdeskCategoryPage(title=title, locale=index.locale, **fields)
    index.add_child(instance=category)
    return category


def make_article(category: Page | None = None, title: str | None = None, text: str = "", **fields: Any) -> Any:
    """A published one, whose body is a paragraph of ``text`` unless ``body`` says otherwise."""
    category = category or make_category()
    body = fields.pop("body", [("text", f"<p>{text}</p>")] if text else [])
    article = HelpdeskArticlePage(
        title=title or f"Article {next(_numbers)}", locale=category.locale, body=stream(body), **fields
    )
    category.add_child(instance=article)
    if article.live:
        article.save_revision().publish()
        article.refresh_from_db()
    return article


def stream(blocks: list[tuple[str, Any]]) -> str:
    """A body as the database has it."""
    import json

    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def make_author(name: str = "Ada", role: str = "Head of repairs", language: str = "en", **fields: Any) -> Author:
    return Author.objects.create(name=name, role=role, locale=locale(language), **fields)
