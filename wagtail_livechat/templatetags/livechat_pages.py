"""What a page's editor is told of the chat there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from wagtail.models import Page

from .. import demand, pagewise
from ..models import AutoMessage, ChatRule, Department, LiveChatSettings
from ..page_choices import CHOICES, Decision
from ..permissions import reader_of, visible_conversations

register = template.Library()


@dataclass(frozen=True)
class Line:
    """One of the choices, in words."""

    name: str
    value: str
    source: str
    url: str = ""
    """Where it is changed."""


@register.simple_tag
def chat_on(page: Page) -> list[Line]:
    """What the chat is like on this page, as far as what is live says it, and who says so."""
    here = pagewise.holds_on(page.path)
    site = page.get_site()
    if site is not None and not LiveChatSettings.of(site.pk).enabled:
        here = Decision(replace(here.choices, shown=False), {**here.sources, "shown": ("site", site.pk)})
    names = {
        "shown": gettext("Chat"),
        "department": gettext("Department"),
        "greeting": gettext("Greeting"),
        "auto_message": gettext("Auto-message"),
    }
    return [Line(names[choice], _value(here, choice), *_source(here, choice, page)) for choice in CHOICES]


@register.simple_tag
def chats_on(page: Page, user: Any) -> demand.Demand:
    """The chats that began on this page this month, among those that this user may read."""
    return demand.of_page(page, visible_conversations(reader_of(user)), demand.month_began())


def _value(here: Decision, choice: str) -> str:
    value = getattr(here.choices, choice)
    if choice == "shown":
        return pgettext("chat on a page", "Hidden") if value is False else pgettext("chat on a page", "Shown")
    if choice not in here.sources:
        # Translators: the page has no greeting (department, auto-message) of its own, so that of the site is used
        return gettext("The site's")
    if choice == "greeting":
        return str(value)
    model: Any = {"department": Department, "auto_message": AutoMessage}[choice]
    return str(model.objects.filter(pk=value).first() or "–")


def _source(here: Decision, choice: str, page: Page) -> tuple[str, str]:
    if choice not in here.sources:
        return "", ""
    kind, who = here.sources[choice]
    if kind == "site":
        return gettext("on the whole site"), ""
    if kind == "page":
        if who == page.path:
            return gettext("by this page itself"), ""
        above = Page.objects.filter(path=who).first()
        title = above.get_admin_display_title() if above else ""
        url = reverse("wagtailadmin_pages:edit", args=[above.pk]) if above else ""
        return gettext("by the page above “%(title)s”") % {"title": title}, url
    rule = ChatRule.objects.filter(pk=who).select_related("page").first()
    url = reverse("wagtailsnippets_wagtail_livechat_chatrule:edit", args=[who])
    return gettext("by the chat rule for “%(title)s”") % {"title": str(rule or "")}, url
