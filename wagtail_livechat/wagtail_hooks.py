"""What Wagtail's admin is given: the menu, the addresses, the icons, and the presence client on every page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse_lazy
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks, permissions
from wagtail.snippets.models import register_snippet

from .desk import dashboard, links, logbook, menu, privacy, rich_text, roles, sites, urls, views
from .desk.bans import BanViewSet, UnbanAction
from .desk.installation import InstallationMenuItem
from .desk.modeladmin import conversations, departments
from .desk.operators import ProfilePanel, operators
from .desk.viewsets import (
    REGISTERS_POLICIES,
    AutoMessageViewSet,
    ChatRuleViewSet,
    LetterPermissions,
    LetterViewSet,
    QuickReplyViewSet,
    WrapUpReasonViewSet,
)
from .models import OutgoingMail

for admin in (conversations, operators, departments):
    admin.register_with_wagtail()

quick_replies, wrap_up_reasons, bans = QuickReplyViewSet(), WrapUpReasonViewSet(), BanViewSet()
if REGISTERS_POLICIES:
    permissions.register_permission_policy(OutgoingMail, LetterPermissions(OutgoingMail))
letters = LetterViewSet()
auto_messages, chat_rules = AutoMessageViewSet(), ChatRuleViewSet()
register_snippet(quick_replies)
register_snippet(auto_messages)
register_snippet(chat_rules)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [wrap_up_reasons, bans, letters]


hooks.register("register_bulk_action", UnbanAction)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    return [path("livechat/", include(urls))]


@hooks.register("register_admin_urls", order=-100)
def register_kept_sites() -> list[Any]:
    # Before Wagtail's own address for it, which answers with a server error what a foreign key forbids.
    return [path("sites/delete/<str:pk>/", sites.delete_site, name="livechat_delete_site")]


@hooks.register("before_delete_page")
def keep_root_page(request: Any, page: Any) -> Any:
    return sites.refuse_pages(request, [page])


@hooks.register("before_bulk_action")
def keep_root_pages(request: Any, action_type: str, objects: Any, action_class_instance: Any) -> Any:
    pages = [one for one in objects if hasattr(one, "get_admin_display_title")]
    return sites.refuse_pages(request, pages) if action_type == "delete" else None


@hooks.register("register_admin_menu_item")
def register_menu() -> menu.LiveChatMenuItem:
    items = [
        menu.DeskMenuItem(_("Desk"), reverse_lazy("wagtail_livechat_desk:desk"), order=menu.place("desk")),
        conversations.get_menu_item(order=menu.place("conversations")),
        menu.RightMenuItem(
            _("Archive"),
            reverse_lazy("wagtail_livechat_desk:archive"),
            name="archive",
            icon_name="folder-open-inverse",
            what="see_history",
        ),
        operators.get_menu_item(order=menu.place("operators")),
        departments.get_menu_item(order=menu.place("departments")),
        quick_replies.get_menu_item(order=menu.place("quick-replies")),
        auto_messages.get_menu_item(order=menu.place("auto-messages")),
        chat_rules.get_menu_item(order=menu.place("chat-rules")),
        wrap_up_reasons.get_menu_item(order=menu.place("wrap-up-reasons")),
        menu.RightMenuItem(
            _("Statistics"),
            reverse_lazy("wagtail_livechat_desk:statistics"),
            "statistics",
            "livechat-statistics",
            "see_statistics",
        ),
        menu.RightMenuItem(
            _("Logs"), reverse_lazy("wagtail_livechat_desk:logs"), name="logs", icon_name="list-ul", what="see_logs"
        ),
        bans.get_menu_item(order=menu.place("bans")),
        letters.get_menu_item(order=menu.place("letters")),
        menu.SettingsMenuItem(_("Settings"), menu.settings_url(), order=menu.place("settings")),
        InstallationMenuItem(
            _("Installation"),
            reverse_lazy("wagtail_livechat_desk:installation"),
            name="livechat-installation",
            icon_name="code",
            order=menu.place("installation"),
        ),
        menu.PrivacyMenuItem(_("Privacy"), menu.privacy_url(), order=menu.place("privacy")),
    ]
    return menu.LiveChatMenuItem(items)


@hooks.register("register_admin_search_area")
def register_search_area() -> menu.ConversationSearchArea:
    return menu.ConversationSearchArea()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return roles.grantable()


hooks.register("construct_homepage_panels", dashboard.add_panels)


@hooks.register("register_account_settings_panel")
def register_profile(request: HttpRequest, user: Any, profile: Any) -> ProfilePanel:
    return ProfilePanel(request, user, profile)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    privacy.register_log_actions(actions)
    roles.register_log_actions(actions)
    logbook.register_log_actions(actions)


@hooks.register("register_reports_menu_item")
def sent_links_menu_item() -> links.LinksMenuItem:
    return links.LinksMenuItem(
        _("Sent links"),
        reverse_lazy("wagtail_livechat_desk:sent_links"),
        name="livechat-links",
        icon_name="link",
        order=1500,
    )


@hooks.register("register_rich_text_features")
def register_rich_text_features(features: Any) -> None:
    rich_text.register(features)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    names = ("", "-sound", "-mute", "-bell", "-bell-off", "-note", "-tick", "-ticks", "-statistics")
    return [*icons, *(f"wagtail_livechat/icons/livechat{name}.svg" for name in names)]


@hooks.register("insert_global_admin_css")
def presence_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("wagtail_livechat/presence.css"))


@hooks.register("insert_global_admin_js")
def presence_js() -> SafeString:
    return format_html(
        '{}<script src="{}" defer></script>',
        json_script(views.presence_config(), "livechat-presence-config"),
        static("wagtail_livechat/presence.js"),
    )
