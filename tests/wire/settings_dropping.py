"""The example site with a channel layer that drops every hint."""

from example_site.settings import *  # noqa: F403

CHANNEL_LAYERS = {"default": {"BACKEND": "tests.wire.layers.DroppingLayer", "CONFIG": {"group_expiry": 10**9}}}
