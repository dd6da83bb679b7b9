"""Mounted under ``livechat/`` in Wagtail's admin, which asks for the right to enter the admin first."""

from __future__ import annotations

from django.urls import path

from ..views.files import operator_file, operator_upload
from ..views.operator import operator_commands, operator_events
from .dashboard import now
from .exports import record_file
from .installation import installation, preview
from .links import sent_links
from .lists import ArchiveList, ConversationList, LogList
from .modeladmin import record
from .operators import invitation, invite
from .privacy import privacy
from .rich_text import opener
from .statistics import statistics, statistics_export
from .views import desk
from .visitor_texts import visitor_texts

app_name = "wagtail_livechat_desk"

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("commands/", operator_commands, name="commands"),
    path("events/", operator_events, name="events"),
    path("installation/", installation, name="installation"),
    path("installation/preview/<int:site>/", preview, name="preview"),
    path("invite/", invite, name="invite"),
    path("invitations/<int:pk>/", invitation, name="invitation"),
    path("texts/", visitor_texts, name="texts"),
    path("opener/", opener, name="opener"),
    path("sent-links/", sent_links, name="sent_links"),
    path("privacy/", privacy, name="privacy"),
    path("files/", operator_upload, name="upload"),
    path("files/<uuid:file>/", operator_file, name="file"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/export/", statistics_export, name="statistics_export"),
    path("record/<str:case_number>/", record, name="record"),
    path("record/<str:case_number>/<slug:kind>/", record_file, name="record_file"),
    path("conversations/results/", ConversationList.as_view(results_only=True), name="conversations_results"),
    path("now/", now, name="now"),
    path("archive/", ArchiveList.as_view(), name="archive"),
    path("archive/results/", ArchiveList.as_view(results_only=True), name="archive_results"),
    path("logs/", LogList.as_view(), name="logs"),
    path("logs/results/", LogList.as_view(results_only=True), name="logs_results"),
]
