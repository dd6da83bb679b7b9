"""Channel layers that misbehave."""

from __future__ import annotations

from typing import Any

from wagtail_livechat.layers import InMemoryChannelLayer


class DroppingLayer(InMemoryChannelLayer):
    """Takes every hint and gives none on: at most once means that never is allowed."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        return
