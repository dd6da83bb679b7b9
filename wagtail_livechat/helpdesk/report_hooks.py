"""Where the report is found in Wagtail's admin. Imported by apps.py, since it is no part of the content's editing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ..desk.menu import HOOK, place
from . import admin_urls
from .reports import may_see


class AskedMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    return [path("livechat/", include(admin_urls))]


@hooks.register(HOOK)
def asked_menu_item() -> MenuItem:
    return AskedMenuItem(
        _("What visitors ask"),
        reverse_lazy("wagtail_livechat_helpdesk_admin:asked"),
        name="livechat-asked",
        icon_name="help",
        order=place("asked"),
    )
