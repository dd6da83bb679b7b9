"""The search of FAQs and articles, with Wagtail's own search backend, on whatever database there is.

Backends differ in what they forgive, so it is asked in steps, until there is enough: titles that have all words, the last
ones perhaps unfinished; texts that have all words; the same with words put right by what is known (``spelling``); texts
that have any of them. Within a step, the more of the words a title has, the higher it stands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import PlainText

from .models import Faq
from .nodes import nodes_of, text_of
from .reading import Shelf, faq_url
from .spelling import Vocabulary, every_word, words

LIMIT = 8
QUERY_MAX_LENGTH = 200
EXCERPT_LENGTH = 160
WORDS_SECONDS = 60
"""How old the known words of a site and language may get in a process."""
KEPT = 64

_vocabularies: dict[tuple[int, str], tuple[float, Vocabulary]] = {}


@dataclass(frozen=True)
class Hit:
    kind: str
    """``faq`` or ``article``."""
    item: Any

    @property
    def title(self) -> str:
        return str(self.item.question if self.kind == "faq" else self.item.title)


def search(here: Shelf, query: str, limit: int = LIMIT, kinds: tuple[str, ...] = ("faq", "article")) -> list[Hit]:
    """The best of what fits ``query``, at most ``limit``. Nothing for less than two letters."""
    asked = words(query[:QUERY_MAX_LENGTH])
    if sum(map(len, asked)) < 2:
        return []
    shelves = {"faq": here.faqs, "article": here.articles}
    querysets = {kind: shelves[kind]() for kind in kinds}
    found: dict[tuple[str, int], Hit] = {}
    for step in _steps(here, asked):
        ranked = sorted(
            ((-_in_title(hit, asked), place, kind, hit) for kind, place, hit in _ask(querysets, step, limit)),
            key=lambda one: one[:2],
        )
        new = [hit for *_, hit in ranked if (hit.kind, hit.item.pk) not in found]
        for hit in _whole(new[: limit - len(found)]):
            if step.fits(hit):
                found[hit.kind, hit.item.pk] = hit
        if len(found) >= limit:
            break
    return list(found.values())


@dataclass(frozen=True)
class Step:
    """One question to the backend."""

    ask: Callable[[Any], Any]
    some_of: frozenset[str] = frozenset()
    """Half of these words have to be in it. Without that, *any of the words* would mostly be *is* and *the*."""

    def fits(self, hit: Hit) -> bool:
        if not self.some_of:
            return True
        there = set(every_word(f"{hit.title} {text_about(hit)}"))
        return 2 * len(self.some_of & there) >= len(self.some_of)


def _steps(here: Shelf, asked: list[str]) -> Iterator[Step]:
    backend, text = get_search_backend(), " ".join(asked)
    yield Step(lambda found: backend.autocomplete(text, found))
    yield Step(lambda found: backend.search(PlainText(text, operator="and"), found))
    known = _vocabulary(here)
    meant = [known.meant(word) for word in asked]
    if meant != asked:
        corrected = " ".join(meant)
        yield Step(lambda found: backend.autocomplete(corrected, found))
        yield Step(lambda found: backend.search(PlainText(corrected, operator="and"), found))
    some_of = frozenset(word for word in meant if len(word) > 2)
    if len(some_of) > 1:
        any_of = " ".join(sorted(some_of))
        yield Step(lambda found: backend.search(PlainText(any_of, operator="or"), found), some_of)


def _ask(querysets: dict[str, Any], step: Step, limit: int) -> Iterator[tuple[str, int, Hit]]:
    for kind, queryset in querysets.items():
        for place, item in enumerate(step.ask(queryset)[:limit]):
            yield kind, place, Hit(kind, item)


def _in_title(hit: Hit, asked: list[str]) -> int:
    """How many of the words the title has, perhaps as beginnings."""
    title = words(hit.title)
    return sum(any(word.startswith(one) for word in title) for one in asked)


def _whole(hits: list[Hit]) -> list[Hit]:
    """The same with what the search leaves out: articles as what they are, in one query for each type."""
    pages = (
        {page.pk: page for page in Page.objects.filter(pk__in=_articles(hits)).specific()} if _articles(hits) else {}
    )
    return [Hit(hit.kind, pages[hit.item.pk]) if hit.kind == "article" else hit for hit in hits]


def _articles(hits: list[Hit]) -> list[int]:
    return [hit.item.pk for hit in hits if hit.kind == "article"]


def _vocabulary(here: Shelf) -> Vocabulary:
    key, now = (here.site.pk, here.language), time.monotonic()
    made, vocabulary = _vocabularies.get(key, (0.0, None))
    if vocabulary is None or now - made > WORDS_SECONDS:
        questions = here.faqs().values_list("question", "category")
        vocabulary = Vocabulary(
            [*(text for row in questions for text in row), *here.articles().values_list("title", flat=True)]
        )
        if len(_vocabularies) >= KEPT:
            _vocabularies.clear()
        _vocabularies[key] = (now, vocabulary)
    return vocabulary


def forget_words() -> None:
    """Have the known words read anew."""
    _vocabularies.clear()


# ------------------------------------------------------------------------------------------- what is shown of a hit


def results(here: Shelf, query: str) -> dict[str, Any]:
    """What is found, without the query: this is kept in the cache, and a query is a visitor's text."""
    hits = search(here, query)
    home = here.home() if any(hit.kind == "faq" for hit in hits) else None
    asked = words(query)
    return {
        "results": [
            {
                "kind": hit.kind,
                "id": hit.item.pk,
                "title": hit.title,
                "excerpt": excerpt(text_about(hit), asked),
                "url": faq_url(home, hit.item) if hit.kind == "faq" else hit.item.full_url,
            }
            for hit in hits
        ],
    }


def text_about(hit: Hit) -> str:
    """All that it says, as plain text."""
    if hit.kind == "faq":
        return answer_text(hit.item)
    texts = [hit.item.summary, *hit.item.body.stream_block.get_searchable_content(hit.item.body)]
    return " ".join(text for text in map(str, texts) if text)


def answer_text(faq: Faq) -> str:
    return text_of(nodes_of(faq.answer))


def excerpt(text: str, asked: list[str], length: int = EXCERPT_LENGTH) -> str:
    """A stretch of ``text`` around the first word that was asked for, whole words, with … where something is left out."""
    text = " ".join(text.split())
    lower = text.lower()
    places = [at for word in asked if (at := lower.find(word)) >= 0]
    start = min(places, default=0)
    start = 0 if start < length * 0.6 else text.rfind(" ", 0, max(1, start - 40)) + 1
    cut = text[start : start + length]
    if start + length < len(text):
        cut = cut.rpartition(" ")[0] or cut
        cut += "…"
    return f"…{cut}" if start else cut
