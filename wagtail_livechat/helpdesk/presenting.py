"""What the pages' templates are given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import select_template
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, Site

from .conf import conf

if TYPE_CHECKING:
    from .reading import Shelf

RELATED = 4


def common(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What every page of the helpdesk has: its base template, the way to it, and the search's address."""
    trail = trail_of(page, request)
    home = next((one for one in trail if _is_index(one)), None)
    return {"helpdesk_base": select_template(conf.HELPDESK_BASE).template, "trail": trail, "helpdesk_home": home}


def trail_of(page: Any, request: HttpRequest) -> list[Page]:
    """The pages above, from the site's first on, as far as everybody may see them."""
    site = Site.find_for_request(request)
    start = site.root_page.depth if site else 2
    above: list[Page] = list(page.get_ancestors().filter(depth__gte=start).live().public().specific())
    return above


def _is_index(page: Any) -> bool:
    from .models import HelpdeskIndexMixin

    return isinstance(page, HelpdeskIndexMixin)


def shelf_of(page: Any, request: HttpRequest) -> Shelf | None:
    from .reading import Shelf

    site = Site.find_for_request(request)
    return Shelf(site, page.locale.language_code.lower()) if site else None


def children(page: Any) -> Any:
    """Those that everybody may see, in the order of the tree."""
    return page.get_children().live().public().order_by("path")


def index_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    from . import searching

    here = shelf_of(page, request)
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[: searching.QUERY_MAX_LENGTH]
    groups: dict[str, list[Any]] = {}
    for faq in here.faqs() if here else ():
        # The widget may borrow another language; a page stays in its own.
        if faq.locale_id == page.locale_id:
            groups.setdefault(faq.category, []).append(faq)
    faqs = [faq for group in groups.values() for faq in group]
    results = searching.results(here, query)["results"] if here and query else []
    data = [_breadcrumbs(page, request)]
    if faqs:
        data.append(_faq_page(faqs))
    return {
        **common(page, request),
        "query": query,
        "results": results,
        "categories": [(one, children(one).count()) for one in children(page).specific()],
        "faq_groups": list(groups.items()),
        "json_ld": json_ld(data),
    }


def category_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        **common(page, request),
        "articles": children(page).specific(),
        "json_ld": json_ld([_breadcrumbs(page, request)]),
    }


def article_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    signature = page.signature
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.search_description or page.summary,
        "inLanguage": page.locale.language_code,
        "url": page.get_full_url(request),
    }
    if page.first_published_at:
        described["datePublished"] = page.first_published_at.isoformat()
    if page.last_published_at:
        described["dateModified"] = page.last_published_at.isoformat()
    if signature:
        described["author"] = {"@type": "Person", "name": signature.name}
        if signature.role:
            described["author"]["jobTitle"] = signature.role
    return {
        **common(page, request),
        "signature": signature,
        "related": related(page),
        "json_ld": json_ld([_breadcrumbs(page, request), described]),
    }


def related(page: Any) -> list[Page]:
    """Its neighbours: those of the same category that follow it, then those before it."""
    siblings = page.get_siblings(inclusive=False).live().public().filter(~Q(pk=page.pk)).order_by("path")
    after = list(siblings.filter(path__gt=page.path)[:RELATED].specific())
    return [*after, *siblings.filter(path__lt=page.path)[: RELATED - len(after)].specific()]


def _breadcrumbs(page: Any, request: HttpRequest) -> dict[str, Any]:
    way = [*trail_of(page, request), page]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": one.title, "item": one.get_full_url(request)}
            for place, one in enumerate(way, 1)
        ],
    }


def _faq_page(faqs: list[Any]) -> dict[str, Any]:
    from .searching import answer_text

    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": faq.question,
                "acceptedAnswer": {"@type": "Answer", "text": answer_text(faq)},
            }
            for faq in faqs
        ],
    }


_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(data: list[dict[str, Any]]) -> SafeString:
    """Data for search engines, one data block: never run, so a policy that forbids scripts of the page allows it.

    What could end the block or begin another is escaped, as Django's json_script does.
    """
    text = json.dumps(data).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
