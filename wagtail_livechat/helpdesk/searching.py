"""The search of FAQs and articles, with Wagtail's own search backend, on whatever database there is.

Backends differ in what they forgive, so it is asked in steps, until there is enough: titles that have all words, the last
ones perhaps unfinished; texts that have all words; the same with words put right by what is known (``spelling``); texts
that have any of the rarer ones. Within a step, the more of the words a title has, the higher it stands.

What a database does for each text that matches is what a search costs, so the last step does not ask for words that stand
everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Sum
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
ENOUGH = 3
"""Who gets so many that have all words needs none that have some of them."""
ALL_MOST = 4
COMMON = 12
"""Words in more titles than these are common."""
TITLES_MOST = 150

KINDS = ("faq", "article")


@dataclass(frozen=True)
class Known:
    """What a process knows of the titles of a site in a language."""

    looked_at: float
    """On the monotonic clock."""
    state: tuple[Any, ...]
    vocabulary: Vocabulary
    texts: list[tuple[str, int]]
    """Kind and primary key of what the texts of the vocabulary are the titles of."""
    home: Page | None
    """The helpdesk's first page."""

    def begun(self, some: list[str]) -> frozenset[str]:
        """The kinds that have a title with all of these words, or with what begins with them."""
        return frozenset(self.texts[number][0] for number in self.vocabulary.begun(some))

    def with_any(self, some: list[str]) -> dict[str, list[int]]:
        """What has any of these words in its title, by kind."""
        found: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for number in self.vocabulary.with_any(some)[:TITLES_MOST]:
            kind, pk = self.texts[number]
            found[kind].append(pk)
        return found


_learned: dict[tuple[int, str], Known] = {}


@dataclass(frozen=True)
class Hit:
    kind: str
    """``faq`` or ``article``."""
    item: Any

    @cached_property
    def text(self) -> str:
        """All that it says, as plain text."""
        if self.kind == "faq":
            return answer_text(self.item)
        texts = [self.item.summary, *self.item.body.stream_block.get_searchable_content(self.item.body)]
        return " ".join(text for text in map(str, texts) if text)

    @property
    def title(self) -> str:
        return str(self.item.question if self.kind == "faq" else self.item.title)


def search(here: Shelf, query: str, limit: int = LIMIT, kinds: tuple[str, ...] = KINDS) -> list[Hit]:
    """The best of what fits ``query``, at most ``limit``. Nothing for less than two letters."""
    asked = words(query[:QUERY_MAX_LENGTH])
    if sum(map(len, asked)) < 2:
        return []
    shelves = {"faq": here.faqs, "article": lambda: here.articles().only("title", "content_type")}
    querysets = {kind: shelves[kind]() for kind in kinds}
    found: dict[tuple[str, int], Hit] = {}
    for step in _steps(here, asked):
        if len(found) >= step.unless:
            continue
        ranked = sorted(
            ((-_in_title(hit, asked), place, kind, hit) for kind, place, hit in _ask(querysets, step, limit)),
            key=lambda one: one[:2],
        )
        new = [hit for *_, hit in ranked if (hit.kind, hit.item.pk) not in found][: limit - len(found)]
        if step.some_of:
            whole = _whole([*found.values(), *new])
            new = [*whole[: len(found)], *filter(step.fits, whole[len(found) :])]
        found |= {(hit.kind, hit.item.pk): hit for hit in new}
        if len(found) >= limit:
            break
    return _whole([*found.values()])


@dataclass(frozen=True)
class Step:
    """One question to the backend."""

    ask: Callable[[Any], Any]
    kinds: frozenset[str] = frozenset(KINDS)
    """What to ask for."""
    among: dict[str, list[int]] | None = None
    """To ask for these only, by kind."""
    unless: int = LIMIT
    """Not to be asked where so many are found already."""
    some_of: frozenset[str] = frozenset()
    """Half of these words have to be in it. Without that, *any of the words* would mostly be *is* and *the*."""

    def fits(self, hit: Hit) -> bool:
        there = set(every_word(f"{hit.title} {hit.text}"))
        return 2 * len(self.some_of & there) >= len(self.some_of)


def _steps(here: Shelf, asked: list[str]) -> Iterator[Step]:
    backend, known = get_search_backend(), _known(here)
    meant = [known.vocabulary.meant(word) for word in asked]

    def begun(these: list[str], **more: Any) -> Step:
        text = " ".join(these)
        return Step(lambda found: backend.autocomplete(text, found), known.begun(these), **more)

    def all_of(these: list[str], **more: Any) -> Step:
        text = PlainText(" ".join(these), operator="and")
        return Step(lambda found: backend.search(text, found), **more)

    yield begun(asked)
    # Words that stand in many titles stand in very many texts. What has one in its title comes first, and may be enough.
    if len(asked) > 1 and all(known.vocabulary.count(word) > COMMON for word in asked):
        yield all_of(asked, among=known.with_any(asked))
    some_of = frozenset(word for word in meant if len(word) > 2)
    # Few texts have very many words, or one that no title has. Those are among the first that have any of them, below.
    if len(some_of) < 2 or (meant == asked and len(some_of) <= ALL_MOST):
        yield all_of(asked)
    if meant != asked:
        # Who is understood as it was typed need not be understood otherwise.
        yield begun(meant, unless=1)
        if len(some_of) < 2:
            yield all_of(meant, unless=1)
    if len(some_of) > 1:
        any_of = known.vocabulary.telling(some_of.union(word for word in asked if len(word) > 2))
        text = PlainText(" ".join(any_of), operator="or")
        yield Step(lambda found: backend.search(text, found), some_of=some_of, unless=ENOUGH)


def _ask(querysets: dict[str, Any], step: Step, limit: int) -> Iterator[tuple[str, int, Hit]]:
    # In the order of the querysets: what fits equally well stands in the same order in every process.
    for kind, queryset in querysets.items():
        if kind not in step.kinds:
            continue
        if step.among is not None:
            if not step.among[kind]:
                continue
            queryset = queryset.filter(pk__in=step.among[kind])
        for place, item in enumerate(step.ask(queryset)[:limit]):
            yield kind, place, Hit(kind, item)


def _in_title(hit: Hit, asked: list[str]) -> int:
    """How many of the words the title has, perhaps as beginnings."""
    title = words(hit.title)
    return sum(any(word.startswith(one) for word in title) for one in asked)


def _whole(hits: list[Hit]) -> list[Hit]:
    """The same with what the search leaves out: articles as what they are, in one query for each type."""
    stubs = [hit.item for hit in hits if type(hit.item) is Page]
    pages: dict[int, Page] = {}
    for model in {page.specific_class or Page for page in stubs}:
        of_kind = [page.pk for page in stubs if (page.specific_class or Page) is model]
        pages |= {page.pk: page for page in model._default_manager.filter(pk__in=of_kind)}
    return [
        replace(hit, item=pages[hit.item.pk]) if type(hit.item) is Page and hit.item.pk in pages else hit
        for hit in hits
    ]


def _known(here: Shelf) -> Known:
    key, now = (here.site.pk, here.language), time.monotonic()
    known = _learned.get(key)
    if known is None or now - known.looked_at > WORDS_SECONDS:
        state = _state(here)
        # Learning the words of thousands of titles takes a quarter of a second: only when they are other ones.
        if known is not None and known.state == state:
            known = replace(known, looked_at=now, home=here.home())
        else:
            rows = [
                ("faq", pk, " ".join(texts)) for pk, *texts in here.faqs().values_list("pk", "question", "category")
            ]
            rows += [("article", pk, title) for pk, title in here.articles().values_list("pk", "title")]
            vocabulary = Vocabulary(text for *_, text in rows)
            known = Known(now, state, vocabulary, [(kind, pk) for kind, pk, _ in rows], here.home())
        if len(_learned) >= KEPT:
            _learned.clear()
        _learned[key] = known
    return known


def _state(here: Shelf) -> tuple[Any, ...]:
    """Changes when something is published, unpublished, moved or deleted."""
    latest = {"count": Count("pk"), "pks": Sum("pk"), "latest": Max("last_published_at")}
    return tuple(
        tuple(rows.aggregate(**latest).values()) for rows in (here.faqs().order_by(), here.articles().order_by())
    )


def forget_words() -> None:
    """Have the known words read anew."""
    _learned.clear()


# ------------------------------------------------------------------------------------------- what is shown of a hit


def results(here: Shelf, query: str) -> dict[str, Any]:
    """What is found, without the query: this is kept in the cache, and a query is a visitor's text."""
    hits = search(here, query)
    home = _known(here).home if any(hit.kind == "faq" for hit in hits) else None
    asked = words(query)
    return {
        "results": [
            {
                "kind": hit.kind,
                "id": hit.item.pk,
                "title": hit.title,
                "excerpt": excerpt(hit.text, asked),
                "url": faq_url(home, hit.item) if hit.kind == "faq" else hit.item.full_url,
            }
            for hit in hits
        ],
    }


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
