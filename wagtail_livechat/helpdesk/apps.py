from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "wagtail_livechat.helpdesk"
    label = "wagtail_livechat_helpdesk"
    verbose_name = _("Helpdesk")
    default_auto_field = "django.db.models.BigAutoField"

    # What the core asks its neighbours for (wagtail_livechat.extensions).
    livechat_urls = "wagtail_livechat.helpdesk.urls"
    livechat_config = "wagtail_livechat.helpdesk.reading.launcher_config"
    livechat_statistics = "wagtail_livechat.helpdesk.counts.of_site"
    livechat_drafts = "wagtail_livechat.helpdesk.drafting"
    livechat_knowledge = ("wagtail_livechat.helpdesk.knowledge.faqs", "wagtail_livechat.helpdesk.knowledge.articles")

    def ready(self) -> None:
        from . import receivers, report_hooks  # noqa: F401 - they register themselves
