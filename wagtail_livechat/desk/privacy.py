"""Privacy in the admin: what is logged, and how the log says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from ..actions.reveal import ACTION as REVEAL


def register_log_actions(actions: Any) -> None:
    """The names under which Wagtail's log and reports show what was done."""

    @actions.register_action(REVEAL)
    class RevealFormatter(LogFormatter):
        label = _("Reveal hidden text")

        def format_message(self, log_entry: Any) -> Any:
            data = log_entry.data or {}
            what = _("message %(seq)s") % {"seq": data.get("seq")} if data.get("seq") else _("a detail of the visitor")
            return _("Revealed what is hidden in %(what)s. Reason: %(reason)s") % {
                "what": what,
                "reason": data.get("reason", ""),
            }
