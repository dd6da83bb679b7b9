"""Mounted under ``livechat/`` in Wagtail's admin, which asks for the right to enter the admin first."""

from __future__ import annotations

from django.urls import path

from ..views.operator import operator_commands, operator_events
from .modeladmin import record
from .privacy import privacy
from .views import desk

app_name = "wagtail_livechat_desk"

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("commands/", operator_commands, name="commands"),
    path("events/", operator_events, name="events"),
    path("privacy/", privacy, name="privacy"),
    path("record/<str:case_number>/", record, name="record"),
]
