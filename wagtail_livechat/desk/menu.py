"""The menu "Live chat" in Wagtail's sidebar. Everyone sees only what their role may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.sidebar import LinkMenuItem

from ..models import LiveChatSettings, Operator
from ..permissions import may

ORDER = (
    "desk",
    "conversations",
    "archive",
    "operators",
    "departments",
    "quick-replies",
    "faqs",
    "helpdesk",
    "authors",
    "auto-messages",
    "chat-rules",
    "wrap-up-reasons",
    "asked",
    "statistics",
    "logs",
    "bans",
    "letters",
    "settings",
    "privacy",
    "installation",
)
"""What the menu holds, from top to bottom. Who sees which of it is told by each item."""
HOOK = "register_livechat_menu_item"
"""Other apps (the helpdesk) put their items into the menu with this hook of Wagtail's."""


def place(name: str) -> int:
    """Where in the menu ``name`` of ORDER is: the ``order`` of its item."""
    return 100 * (1 + ORDER.index(name))


class DeskMenuItem(MenuItem):
    """The desk. Its markup tells the presence client whether this user is an operator: only then it connects."""

    def __init__(self, label: Any, url: Any, order: int) -> None:
        super().__init__(label, url, name="livechat-desk", icon_name="livechat", order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "handle")

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        # One item serves all requests, so what differs from user to user must not be kept on it.
        operator = Operator.objects.filter(user=request.user.pk, is_active=True).first()
        return LinkMenuItem(
            self.name,
            self.label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs={
                "data-livechat-desk": "operator" if operator else "visitor",
                **({"data-livechat-prefs": operator.alerts} if operator else {}),
            },
        )


class RightMenuItem(MenuItem):
    """A page for whoever may do ``what`` (a key of permissions.PERMISSIONS)."""

    def __init__(self, label: Any, url: Any, name: str, icon_name: str, what: str) -> None:
        super().__init__(label, url, name=f"livechat-{name}", icon_name=icon_name, order=place(name))
        self.what = what

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, self.what)


class SettingsMenuItem(MenuItem):
    """The site's settings of the chat."""

    def __init__(self, label: Any, url: Any, order: int) -> None:
        super().__init__(label, url, name="livechat-settings", icon_name="cog", order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        # Wagtail's right to change settings may be given for some sites only.
        return bool(LiveChatSettings.get_permission_policy().user_has_permission(request.user, "change"))


def settings_url() -> Any:
    """Where wagtail.contrib.settings edits them (it chooses the site by itself)."""
    return reverse_lazy("wagtailsettings:edit", args=["wagtail_livechat", "livechatsettings"])


def privacy_url() -> Any:
    """The page about privacy, which leads on to the settings."""
    return reverse_lazy("wagtail_livechat_desk:privacy")


class PrivacyMenuItem(MenuItem):
    """What is hidden, how long things are kept, and people's own data."""

    def __init__(self, label: Any, url: Any, order: int) -> None:
        super().__init__(label, url, name="livechat-privacy", icon_name="lock", order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "manage_privacy") or may(request.user, "erase_visitors")


class LiveChatMenuItem(SubmenuMenuItem):
    """The group. Wagtail hides it from those for whom nothing in it is shown."""

    def __init__(self, items: list[MenuItem]) -> None:
        super().__init__(
            _("Live chat"), Menu(register_hook_name=HOOK, items=items), name="livechat", icon_name="livechat", order=250
        )


class ConversationSearchArea(SearchArea):
    """The history of conversations, beside pages, images and the rest in the admin's own search."""

    def __init__(self) -> None:
        super().__init__(
            _("Conversations"),
            reverse("livechat_conversations_modeladmin_index"),
            name="livechat-conversations",
            icon_name="livechat",
            order=700,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "see_history")
