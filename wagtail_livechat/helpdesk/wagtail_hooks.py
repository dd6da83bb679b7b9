"""What Wagtail's admin is given by the helpdesk."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from ..desk.menu import HOOK, place
from . import feedback_report
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


@hooks.register("register_reports_menu_item")
def feedback_menu_item() -> Any:
    return feedback_report.FeedbackMenuItem()


@hooks.register("register_admin_urls")
def feedback_urls() -> list[Any]:
    return [path("reports/article-feedback/", include(feedback_report, namespace="wagtail_livechat_helpdesk"))]


@hooks.register("register_permissions")
def feedback_permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="wagtail_livechat_helpdesk", codename="view_feedback")
