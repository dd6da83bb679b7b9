from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveChatConfig(AppConfig):
    name = "wagtail_livechat"
    label = "wagtail_livechat"
    verbose_name = _("Live chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, layers, receivers, tasks  # noqa: F401 - they register themselves

        layers.install_default()
