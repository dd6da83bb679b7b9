"""What there is to read for the visitors of a site, in their language, and what of it the widget is given.

Public only: what is live, of this site, and in no private section. The answers are the same for everybody, so they come
from the cache while they are young.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.templatetags.static import static
from django.urls import reverse
from wagtail.models import Locale, Page, Site
from wagtail.query import PageQuerySet

from .. import launcher
from ..caching import cache
from ..conf import conf
from ..exceptions import NotFound
from . import icons
from .models import Faq, HelpdeskArticleMixin, HelpdeskCategoryMixin, HelpdeskIndexMixin
from .nodes import Node, nodes_of
from .richtext import expand


@dataclass(frozen=True)
class Shelf:
    """What one site has for readers of one language, as it is when it is first asked: one is made for each request."""

    site: Site
    language: str

    @cached_property
    def locales(self) -> list[int]:
        """Those to look in, the best first: the very language, its relatives, then the site's own."""
        base = self.language.split("-")[0]
        rows = Locale.objects.order_by("language_code").values_list("pk", "language_code")
        known = {pk: code.lower() for pk, code in rows}
        ranked = [pk for pk, code in known.items() if code == self.language]
        ranked += [pk for pk, code in known.items() if code.split("-")[0] == base and pk not in ranked]
        home: int = self.site.root_page.locale_id
        return ranked if home in ranked else [*ranked, home]

    def faqs(self) -> QuerySet[Faq]:
        """In their order, of the first language that has any."""
        return self._faqs.all()

    @cached_property
    def _faqs(self) -> QuerySet[Faq]:
        of_site = Faq.objects.filter(Q(site=None) | Q(site=self.site.pk), live=True)
        return _first_with_any([of_site.filter(locale=locale) for locale in self.locales])

    @cached_property
    def trees(self) -> list[Page]:
        """The site's page tree and its translations, the best language first."""
        root = self.site.root_page
        if self.locales == [root.locale_id]:
            return [root]
        trees = {tree.locale_id: tree for tree in (*root.get_translations(), root)}
        return [trees[locale] for locale in self.locales if locale in trees]

    @cached_property
    def _public(self) -> PageQuerySet:
        return Page.objects.live().public()

    def pages(self, kind: type) -> PageQuerySet:
        """Pages of ``kind`` (one of the mixins) in the order of the tree, of the first language that has any."""
        of_kind = self._public.type(kind).order_by("path")
        return _first_with_any([of_kind.descendant_of(tree, inclusive=True) for tree in self.trees])

    def articles(self) -> PageQuerySet:
        return self._articles.all()

    @cached_property
    def _articles(self) -> PageQuerySet:
        return self.pages(HelpdeskArticleMixin)

    def home(self) -> Page | None:
        """The helpdesk's first page."""
        return self.pages(HelpdeskIndexMixin).first()


def _first_with_any(querysets: list[Any]) -> Any:
    """The first of these that is not empty; the last where all are."""
    for queryset in querysets[:-1]:
        if queryset.exists():
            return queryset
    return querysets[-1]


def shelf(site_id: int, language: str) -> Shelf:
    """Raises NotFound if there is no such site."""
    site = Site.objects.filter(pk=site_id).select_related("root_page").first()
    if site is None:
        raise NotFound("There is no such site.")
    return Shelf(site, launcher.pick_language(language))


def launcher_config(site: Site, language: str) -> dict[str, Any]:
    """What the widget is told: which tabs it has, and where to ask. Nothing where there is nothing to read."""
    here = Shelf(site, language)
    faq, articles = here.faqs().exists(), here.articles().exists()
    if not faq and not articles:
        return {"help": None}
    url = reverse("wagtail_livechat:help:index")
    return {"help": {"faq": faq, "articles": articles, "url": url, "script": static("wagtail_livechat/help.js")}}


def cached(name: str, site_id: int, language: str, make: Callable[[Shelf], dict[str, Any]]) -> dict[str, Any]:
    """The answer called ``name``, made when there is no young one. What was not found is not remembered."""
    language = launcher.pick_language(language)
    # A query is a visitor's text: hashed, it fits any cache and tells nobody.
    digest = hashlib.sha256(f"{name}\0{language}".encode()).hexdigest()[:40]
    key = f"livechat:help:{site_id}:{digest}"
    content = cache.get(key)
    if content is None:
        content = make(shelf(site_id, language))
        cache.set(key, content, conf.BOOT_SECONDS)
    return dict(content)


# ------------------------------------------------------------------------------------- what the widget is given


def contents(here: Shelf) -> dict[str, Any]:
    """The table of contents: questions by category, and articles by category."""
    return {"faq": _questions(here), "categories": [*_categories(here)]}


def _questions(here: Shelf) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for faq in here.faqs().only("pk", "question", "category"):
        groups.setdefault(faq.category, []).append({"id": faq.pk, "title": faq.question})
    return [{"category": category, "items": items} for category, items in groups.items()]


def _categories(here: Shelf) -> Iterator[dict[str, Any]]:
    articles: list[Any] = [*here.articles().specific()]
    # Articles decide the language, and a category without any has nothing to show.
    paths = {article.path[: -Page.steplen] for article in articles}
    parents = Page.objects.type(HelpdeskCategoryMixin).live().public().filter(path__in=paths).order_by("path")
    for category in parents.specific():
        drawing: Any = category
        yield {
            "id": category.pk,
            "title": category.title,
            "icon": icons.icon(drawing.icon).as_data(),
            "color": drawing.color,
            "ink": drawing.ink,
            "articles": [
                {"id": article.pk, "title": article.title, "summary": article.summary}
                for article in articles
                if article.path[: -Page.steplen] == category.path
            ],
        }


def live_faq(here: Shelf, pk: int) -> Faq:
    """Raises NotFound for what is not live or not of this site."""
    found = Faq.objects.filter(Q(site=None) | Q(site=here.site.pk), live=True, pk=pk).first()
    if found is None:
        raise NotFound("There is no such question.")
    return found


def faq(here: Shelf, pk: int) -> dict[str, Any]:
    """Raises NotFound for what is not live or not of this site."""
    found = live_faq(here, pk)
    return {
        "kind": "faq",
        "id": found.pk,
        "title": found.question,
        "body": faq_nodes(found),
        "version": str(found.live_revision_id or 0),
        "url": faq_url(here.home(), found),
        "updated": _time(found),
        "author": None,
    }


def live_article(here: Shelf, pk: int) -> Page:
    """Raises NotFound for what is not live, not public or not of this site."""
    in_trees = Q()
    for tree in (here.site.root_page, *here.site.root_page.get_translations()):
        in_trees |= Q(path__startswith=tree.path)
    page = Page.objects.type(HelpdeskArticleMixin).live().public().filter(in_trees, pk=pk).specific().first()
    if page is None:
        raise NotFound("There is no such article.")
    return page


def article(here: Shelf, pk: int) -> dict[str, Any]:
    """Raises NotFound for what is not live, not public or not of this site."""
    found: Any = live_article(here, pk)
    return {
        "kind": "article",
        "id": found.pk,
        "title": found.title,
        "body": body_nodes(found),
        "version": str(found.live_revision_id or 0),
        "url": found.full_url,
        "updated": _time(found),
        "author": _author(found),
    }


def faq_nodes(found: Faq) -> list[Node]:
    return nodes_of(expand(found.answer))


def body_nodes(found: Any) -> list[Node]:
    return nodes_of(str(found.body.render_as_block()))


def faq_url(home: Page | None, found: Faq) -> str | None:
    """Where a question stands on a page of its own language, if it does."""
    if home is None or home.locale_id != found.locale_id:
        return None
    return f"{home.full_url}#faq-{found.pk}"


def _time(found: Any) -> str | None:
    moment = found.last_published_at or getattr(found, "latest_revision_created_at", None)
    return moment.isoformat() if moment else None


def _author(found: Any) -> dict[str, Any] | None:
    author = found.signature
    if author is None:
        return None
    picture = author.picture.get_rendition("fill-96x96").url if author.picture else None
    return {"name": author.name, "role": author.role, "picture": picture}
