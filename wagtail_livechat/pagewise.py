"""What holds for the chat on a page of a site, from the database or the cache (see page_choices)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache as once
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Site

from . import page_choices
from .caching import cache
from .models import ChatRule, LiveChatPageMixin
from .page_choices import Choices, Decision, Rule

VERSION = "livechat:pages"
"""Where the cache keeps a word that is another one after every change, so that what was decided before is not found any more."""

SECONDS = 60
"""How long a decision is kept. A change is told by signals; where each process has a cache of its own, others hear of it so."""


@once
def types_that_choose() -> dict[str, type[LiveChatPageMixin]]:
    """Page types with the mixin, by label."""
    return {
        model._meta.label_lower: model
        for model in apps.get_models()
        if issubclass(model, Page) and issubclass(model, LiveChatPageMixin)
    }


def forget() -> None:
    """Something was changed: nothing that was decided before holds any more."""
    cache.set(VERSION, uuid4().hex, 86_400)


def decision(site_id: int, page_id: int | None) -> Decision:
    """What holds on a live page of the site; nothing for any other number. Kept in the cache."""
    if page_id is None:
        return Decision()
    version = cache.get(VERSION)
    if version is None:
        forget()
        version = cache.get(VERSION)
    key = f"{VERSION}:{version}:{site_id}:{page_id}"
    found = cache.get(key)
    if found is None:
        found = decide(site_id, page_id)
        cache.set(key, found, SECONDS)
    return found


def decide(site_id: int, page_id: int) -> Decision:
    """The same, from the database."""
    page = Page.objects.filter(pk=page_id, live=True).values("path", "url_path").first()
    if page is None or not _is_of(site_id, page["url_path"]):
        return Decision()
    return holds_on(page["path"])


def holds_on(path: str) -> Decision:
    """What holds on the page at this place in the tree, live or not, of whatever site."""
    up = page_choices.paths_up(path)
    types = dict(Page.objects.filter(path__in=up).values_list("path", "content_type_id"))
    labels = {above: _label(content_type) for above, content_type in types.items()}
    rules = [
        Rule(rule.pk, rule.page.path, rule.chat_choices, frozenset(rule.page_types), rule.sort_order)
        for rule in ChatRule.objects.filter(page__path__in=up).select_related("page")
    ]
    return page_choices.decide(path, labels.get(path, ""), _said(up, set(labels.values())), rules)


def _said(paths: Iterable[str], labels: set[str]) -> dict[str, Choices]:
    """What those of these pages say that are live and whose type can say something."""
    said = {}
    for label in sorted(labels & types_that_choose().keys()):
        model: Any = types_that_choose()[label]
        for page in model.objects.filter(path__in=paths, live=True).only(
            "path", "chat_visibility", "chat_department", "chat_greeting", "chat_auto_message"
        ):
            said[page.path] = page.chat_choices
    return said


def _label(content_type_id: int) -> str:
    content_type = ContentType.objects.get_for_id(content_type_id)  # remembered by Django
    return f"{content_type.app_label}.{content_type.model}"


def _is_of(site_id: int, url_path: str) -> bool:
    """Whether a page is in the site's tree, or in a translation of it."""
    keys = Site.objects.filter(pk=site_id).values("root_page__translation_key")
    return any(
        url_path.startswith(root)
        for root in Page.objects.filter(translation_key__in=keys).values_list("url_path", flat=True)
    )


def department(site_id: int, page_id: int | None) -> int | None:
    """Whom a conversation is for that begins on this page, as far as the page says; asked of the database."""
    return decide(site_id, page_id).choices.department if page_id is not None else None
