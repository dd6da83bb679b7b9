"""What becomes of an answer: a draft of an FAQ or an article, kept by an app above the core that has such content.

That app's AppConfig names a module in ``livechat_drafts`` (see extensions), which has these functions:

``places(site_id, language) -> list[Place]``            where a draft may go
``make(wanted: Wanted, place: Place, user) -> Made``    writes it, inside the caller's transaction
``of_conversation(conversation_id, user) -> list[Made]``    what was made of a conversation, for its record
``letter(occasion) -> Published | None``                what a visitor is told of; None if it is not public (any more)
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from . import extensions

FAQ, ARTICLE = "faq", "article"


@dataclass(frozen=True, slots=True)
class Place:
    kind: str
    """``faq`` or ``article``."""
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a draft is made of; nothing in it is personal any more, as far as that can be told."""

    conversation_id: int
    site_id: int
    language: str
    title: str
    paragraphs: tuple[str, ...]
    seqs: tuple[int, ...]
    """The messages that it was made of."""
    tell: bool = False
    """The visitor would like to hear by e-mail when it is published."""


@dataclass(frozen=True, slots=True)
class Made:
    kind: str
    title: str
    url: str = ""
    """Where it is edited; empty for those who may not."""
    is_live: bool = False
    is_submitted: bool = False
    """It goes through a workflow."""


@dataclass(frozen=True, slots=True)
class Published:
    title: str
    url: str
    """Empty where it has no address of its own."""
    text: str


def provider() -> Any | None:
    """The module of the first app that keeps drafts, if there is one."""
    return next((import_module(path) for path in extensions.paths("livechat_drafts")), None)
