"""What Wagtail's log and its reports say of bans and of files that were taken out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from ..actions.bans import BANNED, LIFTED
from .exports import ACTION as EXPORTED


def register_log_actions(actions: Any) -> None:
    @actions.register_action(BANNED)
    class BannedFormatter(LogFormatter):
        label = gettext_lazy("Ban")

        def format_message(self, log_entry: Any) -> Any:
            until = (log_entry.data or {}).get("until")
            if not until:
                return _("Banned for good")
            when = date_format(timezone.localtime(datetime.fromisoformat(until)), "DATETIME_FORMAT")
            return _("Banned until %(until)s") % {"until": when}

    @actions.register_action(LIFTED)
    class LiftedFormatter(LogFormatter):
        label = gettext_lazy("Unban")
        message = gettext_lazy("Let in again")

    @actions.register_action(EXPORTED)
    class ExportedFormatter(LogFormatter):
        label = gettext_lazy("Export conversations")

        def format_message(self, log_entry: Any) -> Any:
            data = log_entry.data or {}
            count = data.get("conversations")
            if count is None:
                return _("Took the conversation out as a file (%(format)s)") % {"format": data.get("format", "")}
            words = ngettext(
                "Took %(count)d conversation out as a file (%(format)s)",
                "Took %(count)d conversations out as a file (%(format)s)",
                count,
            )
            return words % {"count": count, "format": data.get("format", "")}
