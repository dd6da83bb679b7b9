"""A person's data as a file to hand out."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control


def as_text(data: dict[str, Any], kind: str) -> str:
    """``kind``: ``json``, or ``html``, a page that needs nothing else."""
    if kind == "html":
        return str(render_to_string("wagtail_livechat/own_data_export.html", {"data": data}))
    return json.dumps(data, ensure_ascii=False, indent=1)


def download(data: dict[str, Any], kind: str) -> HttpResponse:
    """The same as an answer that is saved, and kept nowhere on the way."""
    content_type = "text/html" if kind == "html" else "application/json"
    response = HttpResponse(as_text(data, kind), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="live-chat-data.{kind}"'
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, no_store=True)
    return response
