"""What Wagtail's admin is given by the helpdesk."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from wagtail import hooks

from . import feedback_report


@hooks.register("register_reports_menu_item")
def feedback_menu_item() -> Any:
    return feedback_report.FeedbackMenuItem()


@hooks.register("register_admin_urls")
def feedback_urls() -> list[Any]:
    return [path("reports/article-feedback/", include(feedback_report, namespace="wagtail_livechat_helpdesk"))]


@hooks.register("register_permissions")
def feedback_permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="wagtail_livechat_helpdesk", codename="view_feedback")
