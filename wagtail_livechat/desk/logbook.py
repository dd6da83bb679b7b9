"""What Wagtail's log and its reports say of files that were taken out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from .exports import ACTION as EXPORTED


def register_log_actions(actions: Any) -> None:
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
