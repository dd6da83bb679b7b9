"""Mounted below the chat's own addresses in Wagtail's admin, which asks for the right to enter the admin first."""

from __future__ import annotations

from django.urls import path

from .reports import asked, start

app_name = "wagtail_livechat_helpdesk_admin"

urlpatterns = [
    path("asked/", asked, name="asked"),
    path("asked/start/", start, name="start"),
]
