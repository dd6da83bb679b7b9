"""What Wagtail's admin is given by the helpdesk."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from ..desk.menu import HOOK, place
from .editing import AuthorViewSet, FaqViewSet, HelpdeskMenuItem

faqs, authors = FaqViewSet(), AuthorViewSet()
register_snippet(faqs)
register_snippet(authors)


@hooks.register(HOOK)
def faqs_menu_item() -> Any:
    return faqs.get_menu_item(order=place("faqs"))


@hooks.register(HOOK)
def helpdesk_menu_item() -> Any:
    return HelpdeskMenuItem()


@hooks.register(HOOK)
def authors_menu_item() -> Any:
    return authors.get_menu_item(order=place("authors"))
