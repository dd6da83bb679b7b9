"""The search of a large helpdesk, on PostgreSQL: suggestions while somebody types, over 5,000 articles and 500 questions.

The ceiling is one bare question to Wagtail's search backend, in the same process, turn and turn about: what it costs to ask
at all. Ours asks it several times for each query, forgives slips, and makes titles, excerpts and addresses of what it finds.
"""

from __future__ import annotations

import random
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure, percentile, ratio_of_rounds
from benchmarks.stage import Stage

ARTICLES, QUESTIONS, CATEGORIES = 5000, 500, 50
LIMIT_MS = 50
SYLLABLES = [consonant + vowel for consonant in "bklmnrstv" for vowel in "aeio"]


def words(count: int, seed: int = 1) -> list[str]:
    """Made-up words of three or four syllables, the same in every run."""
    dice = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choices(SYLLABLES, k=dice.choice((3, 4))))] = None
    return list(found)


def text(dice: random.Random, known: list[str], count: int) -> str:
    """Words as often as in a language: a few very often, most seldom."""
    return " ".join(known[min(int(dice.paretovariate(0.6)), len(known)) - 1] for _ in range(count))


def fill() -> list[str]:
    """A helpdesk of its own below the shop's first page; returns the titles."""
    from django.db import connection
    from wagtail.models import Locale, Page, Site
    from wagtail.search.backends import get_search_backend

    from wagtail_livechat.helpdesk.models import Faq, HelpdeskArticlePage, HelpdeskCategoryPage, HelpdeskIndexPage

    dice, known = random.Random(2), words(4000)
    english = Locale.objects.get(language_code="en")
    home = Site.objects.get(is_default_site=True).root_page
    index = home.add_child(instance=HelpdeskIndexPage(title="Library", slug="library", locale=english))
    titles = []
    pages: list[HelpdeskArticlePage] = []
    for number in range(CATEGORIES):
        category = index.add_child(instance=HelpdeskCategoryPage(title=f"Shelf {number}", locale=english))
        content_type = category.content_type.__class__.objects.get_for_model(HelpdeskArticlePage)
        for place in range(1, ARTICLES // CATEGORIES + 1):
            title = text(dice, known, 5)
            titles.append(title)
            pages.append(
                HelpdeskArticlePage(
                    title=title, draft_title=title, slug=f"a{place}", locale=english, content_type=content_type,
                    path=Page._get_path(category.path, category.depth + 1, place), depth=category.depth + 1, numchild=0,
                    url_path=f"{category.url_path}a{place}/", summary=text(dice, known, 10),
                    body=[("text", f"<p>{text(dice, known, 150)}</p>")], live=True,
                )
            )  # fmt: skip
        Page.objects.filter(pk=category.pk).update(numchild=ARTICLES // CATEGORIES)
    store(pages)
    questions = [
        Faq(
            question=text(dice, known, 6),
            answer=f"<p>{text(dice, known, 40)}</p>",
            locale=english,
            live=True,
            sort_order=n,
        )
        for n in range(QUESTIONS)
    ]
    Faq.objects.bulk_create(questions)
    backend = get_search_backend()
    for model, rows in ((HelpdeskArticlePage, pages), (Faq, questions)):
        search_index = backend.get_index_for_model(model)
        for start in range(0, len(rows), 500):
            search_index.add_items(model, rows[start : start + 500])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [*titles, *(faq.question for faq in questions)]


def store(pages: list[Any]) -> None:
    """Many pages at once: rows of both tables, which Django's bulk_create does not make of a child model."""
    from django.db.models import QuerySet
    from wagtail.models import Page

    model = type(pages[0])
    fields = [field for field in Page._meta.concrete_fields if field.name != "id"]
    parents = Page.objects.bulk_create(
        [Page(**{field.attname: getattr(page, field.attname) for field in fields}) for page in pages], batch_size=500
    )
    for page, parent in zip(pages, parents, strict=True):
        page.pk = page.id = page.page_ptr_id = parent.pk
    QuerySet(model)._batched_insert(pages, list(model._meta.local_concrete_fields), batch_size=500)


def asked(titles: list[str], count: int) -> list[str]:
    """What people type on the way to what they look for: beginnings, whole words, a word with a slip, words out of a text."""
    dice, typed = random.Random(3), []
    for _ in range(count):
        title = dice.choice(titles).split()
        word = max(title, key=len)
        at = dice.randrange(1, len(word) - 1)
        slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        typed.append(
            dice.choice(
                [word[:4], word, " ".join(title[:2]), f"{title[0]} {slip}", slip, f"{word} {dice.choice(titles)}"]
            )
        )
    return typed


def library(stage: Stage, quick: bool) -> list[Figure]:
    """Suggestions, one after the other in this process, without the cache that the answers would come from."""
    from django.conf import settings
    from django.test.utils import override_settings
    from wagtail.models import Page, Site
    from wagtail.search.backends import get_search_backend

    from wagtail_livechat.helpdesk import searching
    from wagtail_livechat.helpdesk.models import HelpdeskArticleMixin
    from wagtail_livechat.helpdesk.reading import Shelf

    assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    queries = asked(fill(), 60 if quick else 200)
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    here, backend = Shelf(site, "en"), get_search_backend()

    def bare(query: str) -> Any:
        pages = Page.objects.type(HelpdeskArticleMixin).live().descendant_of(site.root_page)
        return list(backend.autocomplete(query, pages)[: searching.LIMIT])

    def ours(query: str) -> Any:
        return searching.results(here, query)["results"]

    rounds: dict[str, list[list[float]]] = {"ours": [], "bare": []}
    with override_settings(ALLOWED_HOSTS=["*"]):
        begin = perf_counter()
        ours("nothing yet")
        first = (perf_counter() - begin) * 1000
        for _ in range(3):
            times: dict[str, list[float]] = {"ours": [], "bare": []}
            for query in queries:
                for kind, ask in (("bare", bare), ("ours", ours)):
                    begin = perf_counter()
                    ask(query)
                    times[kind].append((perf_counter() - begin) * 1000)
            for kind, late in times.items():
                rounds[kind].append(late)
    found = sum(bool(ours(query)) for query in queries) / len(queries)
    figures = []
    for share in (50, 95):
        mine = [percentile(late, share / 100) for late in rounds["ours"]]
        theirs = [percentile(late, share / 100) for late in rounds["bare"]]
        value = sorted(mine)[1]
        must = share == 95
        figures.append(
            Figure(
                f"suggestions over {ARTICLES} articles, p{share}", value, "ms", sorted(theirs)[1],
                ratio_of_rounds(mine, theirs), f"< {LIMIT_MS} ms" if must else None, value < LIMIT_MS if must else None,
                f"{found:.0%} of {len(queries)} queries found something; the first one, which learns the words: {first:.0f} ms"
                if must else "",
            )
        )  # fmt: skip
    return figures
