"""FAQs and a helpdesk for the shop, in English and Swedish. Everything is looked for first, so seeding twice changes nothing."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page, Site

from example_site.shop.seed import helpdesk_content as content
from example_site.shop.seed.pages import picture, portrait
from wagtail_livechat.helpdesk.models import (
    Author,
    Faq,
    HelpdeskArticlePage,
    HelpdeskCategoryPage,
    HelpdeskIndexPage,
)


def seed_helpdesk(shop: Site) -> None:
    locales = list(Locale.objects.filter(language_code__in=("en", "sv")).order_by("language_code"))
    if not Faq.objects.exists():
        _seed_faqs(locales)
    authors = {name: _authors(name, texts, locales) for name, texts in content.AUTHORS.items()}
    if HelpdeskIndexPage.objects.descendant_of(shop.root_page).exists():
        return
    english, swedish = locales
    _seed_pages(shop.root_page, english, authors)
    for page in Page.objects.type(HelpdeskIndexPage).descendant_of(shop.root_page):
        for one in page.get_descendants(inclusive=True).specific():
            _translate(one, swedish)


def _seed_faqs(locales: list[Locale]) -> None:
    for category, questions in content.FAQS:
        for question, answer in questions:
            first: Any = None
            for locale in locales:
                language = locale.language_code
                fields = {"question": question[language], "answer": answer[language], "category": category[language]}
                faq = first.copy_for_translation(locale) if first else Faq(locale=locale)
                for name, value in fields.items():
                    setattr(faq, name, value)
                faq.save()
                faq.save_revision().publish()
                first = first or faq


def _authors(name: str, texts: content.Signature, locales: list[Locale]) -> Author:
    """The English one."""
    found = Author.objects.filter(name=name, locale=locales[0]).first()
    if found:
        return found
    first = Author.objects.create(
        name=name, role=texts.role.en, locale=locales[0], picture=portrait(name, **texts.colours)
    )
    for locale in locales[1:]:
        translated = first.copy_for_translation(locale)
        translated.role = texts.role[locale.language_code]
        translated.save()
    return first


def _seed_pages(home: Page, locale: Locale, authors: dict[str, Author]) -> None:
    index = HelpdeskIndexPage(
        title=content.INDEX["title"].en, slug="help", introduction=content.INDEX["introduction"].en, show_in_menus=True,
        locale=locale,
    )  # fmt: skip
    _add(home, index)
    for category in content.CATEGORIES:
        page = HelpdeskCategoryPage(
            title=category.title.en, slug=category.slug, introduction=category.introduction.en, icon=category.icon,
            color=category.color, locale=locale,
        )  # fmt: skip
        _add(index, page)
        for article in category.articles:
            _add(
                page,
                HelpdeskArticlePage(
                    title=article.title.en,
                    slug=article.slug,
                    summary=article.summary.en,
                    locale=locale,
                    search_description=article.summary.en,
                    author=authors[article.author],
                    body=_body(article, "en"),
                ),
            )


def _add(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()


def _body(article: content.Article, language: str) -> list[tuple[str, Any]]:
    """The blocks, with what is said in both languages in one of them, and pictures by their names."""
    return [(kind, _value(kind, value, language)) for kind, value in article.body]


def _value(kind: str, value: Any, language: str) -> Any:
    if isinstance(value, content.Text):
        return _rich(value[language]) if kind == "text" else value[language]
    if isinstance(value, list):
        return [_value("", one, language) for one in value]
    if isinstance(value, dict):
        return {
            name: _rich(_value("", one, language))
            if name == "text"
            else picture(one)
            if name == "image"
            else _value("", one, language)
            for name, one in value.items()
        }
    return value


def _rich(html: str) -> Any:
    from wagtail.rich_text import RichText

    return RichText(html)


def _translate(page: Any, locale: Locale) -> None:
    translated = page.copy_for_translation(locale)
    for name, text in content.by_slug(page.slug).items():
        setattr(translated, name, text[locale.language_code])
    if article := content.article(page.slug):
        translated.body = _body(article, locale.language_code)
        translated.search_description = article.summary[locale.language_code]
    translated.save_revision().publish()
