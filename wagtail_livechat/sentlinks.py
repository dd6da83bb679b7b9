"""Links that operators sent to pages of the site which nobody can read any more: unpublished, deleted, or made private."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.models import Page, Site
from wagtail.views import serve

from .models import Conversation, Entry

_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_AFTER = ".,;:!?)]}*_~…"
"""What stands after an address and is no part of it."""

UNPUBLISHED, GONE, PRIVATE = "unpublished", "gone", "private"


@dataclass
class SentLink:
    url: str
    why: str
    """``unpublished``, ``gone`` or ``private``."""
    title: str = ""
    """Of the page, where there still is one."""
    page: int | None = None
    last: datetime | None = None
    cases: list[str] = field(default_factory=list)
    """Case numbers, the newest first."""


def broken(conversations: QuerySet[Conversation], since: datetime) -> list[SentLink]:
    """Those in what operators said to visitors, the one that was sent last first.

    Nothing is written down when a link is sent: the texts are looked through, and each address is asked for once.
    """
    sites = {site.pk: site for site in Site.objects.select_related("root_page__locale")}
    hosts = {site.hostname.lower() for site in sites.values()}
    said = Entry.objects.filter(
        conversation__in=conversations.values("pk"),
        author="operator",
        audience=Entry.Audience.EVERYONE,
        kind=Entry.Kind.TEXT,
        created_at__gte=since,
        body__contains="://",
    ).order_by("-created_at", "-pk")
    verdicts: dict[tuple[int, str], SentLink | None] = {}
    found: dict[int, SentLink] = {}
    rows = said.values_list("body", "created_at", "conversation__case_number", "conversation__site")
    for body, at, case, site_id in rows.iterator(chunk_size=500):
        for url in links_in(body, hosts):
            key = (site_id, url)
            if key not in verdicts:
                verdicts[key] = verdict(url, sites.values(), sites.get(site_id))
            link = verdicts[key]
            if link is None:
                continue
            link.last = link.last or at
            if case not in link.cases:
                link.cases.append(case)
            found.setdefault(id(link), link)
    return list(found.values())


def links_in(text: str, hosts: set[str]) -> list[str]:
    """Addresses in a text that are on one of these hosts, without what stands after #."""
    urls = [match[0].rstrip(_AFTER).split("#")[0] for match in _LINK.finditer(text)]
    return [url for url in dict.fromkeys(urls) if (_host(url) or "") in hosts]


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def verdict(url: str, sites: Iterable[Site], own: Site | None) -> SentLink | None:
    """What is wrong with an address of one of these sites; None if nothing is, or if it is no page's."""
    parts = urlsplit(url)
    of_host = [site for site in sites if site.hostname.lower() == parts.hostname]
    site = own if own in of_host else next(iter(of_host), None)
    path = unquote(parts.path) or "/"
    rest = _asked_of_wagtail(path)
    if site is None or rest is None:
        return None
    roots = _roots(site, path)
    page = Page.objects.filter(
        url_path__in=[f"{root.url_path}{rest.strip('/')}/" if rest.strip("/") else root.url_path for root in roots]
    ).first()
    if page is None:
        return None if _leads_on(path, site) or _is_routed(roots, rest) else SentLink(url, GONE)
    if not page.live:
        return SentLink(url, UNPUBLISHED, page.title, page.pk)
    if not Page.objects.public().filter(pk=page.pk).exists():
        return SentLink(url, PRIVATE, page.title, page.pk)
    return None


def _asked_of_wagtail(path: str) -> str | None:
    """What Wagtail is asked for at this address; None if somebody else answers there."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    if match.func is not serve:
        return None
    return str(match.args[0] if match.args else match.kwargs.get("path", ""))


def _roots(site: Site, path: str) -> list[Page]:
    """The first page in the language that the address names, else the site's own."""
    language = translation.get_language_from_path(path)
    translated = [
        root
        for root in site.root_page.get_translations().select_related("locale")
        if language and root.locale.language_code == language
    ]
    return [*translated, site.root_page]


def _leads_on(path: str, site: Site) -> bool:
    """Whether there is a redirect."""
    if not apps.is_installed("wagtail.contrib.redirects"):
        return False
    from wagtail.contrib.redirects.models import Redirect

    of_site = Q(site=None) | Q(site=site)
    return bool(Redirect.objects.filter(of_site, old_path=Redirect.normalise_path(path)).exists())


def _is_routed(roots: list[Page], rest: str) -> bool:
    """Whether a page answers below its own address, as routable pages do."""
    components = [part for part in rest.split("/") if part]
    request: Any = RequestFactory().get("/")
    for root in roots:
        try:
            root.specific.route(request, components)
            return True
        except Http404:
            continue
    return False
