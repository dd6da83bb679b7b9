"""Mounted under ``livechat/`` in Wagtail's admin, which asks for the right to enter the admin first."""

from __future__ import annotations

from django.urls import path

from ..views.files import operator_file, operator_upload
from ..views.operator import operator_commands, operator_events
from .links import sent_links
from .modeladmin import record
from .privacy import privacy
from .rich_text import opener
from .views import desk

app_name = "wagtail_livechat_desk"

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("commands/", operator_commands, name="commands"),
    path("events/", operator_events, name="events"),
    path("opener/", opener, name="opener"),
    path("sent-links/", sent_links, name="sent_links"),
    path("privacy/", privacy, name="privacy"),
    path("files/", operator_upload, name="upload"),
    path("files/<uuid:file>/", operator_file, name="file"),
    path("record/<str:case_number>/", record, name="record"),
]
