"""On an FAQ's or an article's edit page: the conversation that it began in."""

from __future__ import annotations

from wagtail.admin.panels import Panel


class SourcePanel(Panel):
    """Drawn only where there was one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat_helpdesk/admin/source.html"

        def is_shown(self) -> bool:
            from .models import AnswerDraft

            return bool(self.instance.pk) and AnswerDraft.of(self.instance).exists()
