"""The example site with Redis for the channel layer and for nothing else."""

from example_site.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
