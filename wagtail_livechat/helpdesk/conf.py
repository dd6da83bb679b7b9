"""Settings of the helpdesk, read when asked, from ``settings.WAGTAIL_LIVECHAT`` beside those of the chat."""

from __future__ import annotations

from typing import Any

from django.conf import settings


class HelpdeskConf:
    def _get(self, name: str, default: Any) -> Any:
        return getattr(settings, "WAGTAIL_LIVECHAT", {}).get(name, default)

    @property
    def HELPDESK_BASE(self) -> list[str]:
        """Templates to be extended by the helpdesk's pages: the first that there is. Each has a block ``content``."""
        return list(self._get("HELPDESK_BASE", ["base.html", "wagtail_livechat_helpdesk/base.html"]))


conf = HelpdeskConf()
