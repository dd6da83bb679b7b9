"""What follows when content goes live."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published, published

from . import drafting
from .models import Faq


def went_live(instance: Any, **kwargs: Any) -> None:
    """Whoever asked for it is told. Scheduled publishing comes this way too."""
    if isinstance(instance, Faq | Page):
        drafting.published(instance)


published.connect(went_live, sender=Faq)
page_published.connect(went_live)
