"""What apps above the core add to it. The core asks every installed app's AppConfig, and so imports none of them.

An AppConfig may have these attributes, each a dotted path or a list of them:

``livechat_urls``        a URL module that is mounted beside the core's public addresses
``livechat_config``      a callable ``(site, language) -> dict``, merged into what the widget is told
``livechat_drafts``      a module that makes drafts of answers (see drafts.py)
``livechat_knowledge``   providers of the search beside the chat (see knowledge.py)
``livechat_statistics``  callables ``(site_id, begin, end) -> {key: count}`` that are asked for the statistics (see reckoning.KEYS)
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string


def paths(attribute: str) -> list[str]:
    """The dotted paths that the installed apps name in ``attribute``, in the order of INSTALLED_APPS."""
    found: list[str] = []
    for config in apps.get_app_configs():
        named = getattr(config, attribute, ())
        found += [named] if isinstance(named, str) else named
    return found


def additions(attribute: str, *arguments: Any) -> dict[str, Any]:
    """What the callables that are named in ``attribute`` answer, merged."""
    merged: dict[str, Any] = {}
    for path in paths(attribute):
        merged |= import_string(path)(*arguments)
    return merged
