"""A host of films that only the tests know: nothing is asked over a network."""

from __future__ import annotations

from typing import Any

from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.base import EmbedFinder

FILM = "https://films.example/watch?v=kettle"
TITLE = "A kettle & its lid (film, 2 minutes)"


class FilmFinder(EmbedFinder):
    """Knows one film. Every other address is that of a host which does not answer."""

    def accept(self, url: str) -> bool:
        return True

    def find_embed(self, url: str, max_width: int | None = None, max_height: int | None = None) -> dict[str, Any]:
        if url != FILM:
            raise EmbedNotFoundException
        return {
            "title": TITLE,
            "author_name": "",
            "provider_name": "Films",
            "type": "video",
            "thumbnail_url": "",
            "width": 640,
            "height": 360,
            "html": '<iframe src="https://films.example/embed/kettle"></iframe>',
        }
