"""The channel layer for one process, which nothing has to be configured for."""

from __future__ import annotations

import time
from typing import Any

from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import InMemoryChannelLayer as ChannelsInMemoryLayer
from channels.layers import channel_layers
from django.conf import settings


class InMemoryChannelLayer(ChannelsInMemoryLayer):
    """Channels' own in-memory layer, but it looks for expired messages at most once a second.

    The original walks every channel and group on each send and each receive, which makes a thousand idle sockets cost more
    than all messages together.
    """

    SWEEP_SECONDS = 1.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._swept_at = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._swept_at >= self.SWEEP_SECONDS:
            self._swept_at = now
            super()._clean_expired()


def install_default() -> None:
    """Make the in-memory layer the default one where the project configures none."""
    if not getattr(settings, "CHANNEL_LAYERS", None):
        # A group's members must not expire under a socket that lives for days.
        channel_layers.set(DEFAULT_CHANNEL_LAYER, InMemoryChannelLayer(group_expiry=10**9, capacity=1000))


def configured() -> Any:
    """The layer in use: the project's, else our own."""
    return channel_layers[DEFAULT_CHANNEL_LAYER]
