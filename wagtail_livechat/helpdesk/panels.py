"""On an FAQ's or an article's edit page: the conversation that it began in."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from ..permissions import may


class SourcePanel(Panel):
    """Drawn only where there was one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat_helpdesk/admin/source.html"

        def is_shown(self) -> bool:
            from .models import AnswerDraft

            return bool(self.instance.pk) and AnswerDraft.of(self.instance).exists()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context) or {}
            may_read = self.request is not None and may(self.request.user, "see_history")
            return {**context, "may_read": may_read}
