"""The search of a large helpdesk, on PostgreSQL: suggestions while somebody types, over 5,000 articles and 500 questions.

The ceiling is one bare question to Wagtail's search backend, in the same process, turn and turn about: what it costs to ask
at all. Ours asks it several times for each query, forgives slips, and makes titles, excerpts and addresses of what it finds.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate
from statistics import median
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.bulk import analyze, size, took
from benchmarks.figures import Figure, percentile, ratio_of_rounds

if TYPE_CHECKING:
    from benchmarks.stage import Stage

ARTICLES = 5_000
"""LIBRARY_ARTICLES asks for another number. Questions are a tenth of that, and a category has a hundred articles."""
SHELF = 100
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
    """Words as often as in a language, by the law of Zipf and Mandelbrot: the first is every 26th word, most are rare."""
    return " ".join(dice.choices(known, cum_weights=weights(len(known)), k=count))


@cache
def weights(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(1, count + 1)))


def fill(articles: int) -> list[str]:
    """A helpdesk of its own below the shop's first page; returns the titles."""
    from wagtail.models import Locale, Page, Site
    from wagtail.search.backends import get_search_backend

    from wagtail_livechat.helpdesk.models import Faq, HelpdeskArticlePage, HelpdeskCategoryPage, HelpdeskIndexPage

    dice, known = random.Random(2), words(4000)
    english = Locale.objects.get(language_code="en")
    home = Site.objects.get(is_default_site=True).root_page
    index = home.add_child(instance=HelpdeskIndexPage(title="Library", slug="library", locale=english))
    pages: list[HelpdeskArticlePage] = []
    for first in range(0, articles, SHELF):
        count = min(SHELF, articles - first)
        category = index.add_child(instance=HelpdeskCategoryPage(title=f"Shelf {first // SHELF}", locale=english))
        for place in range(1, count + 1):
            title = text(dice, known, 5)
            # All that it takes from where it stands, as add_child would set it.
            pages.append(
                HelpdeskArticlePage(
                    title=title, draft_title=title, slug=f"a{place}", locale=english, live=True, numchild=0,
                    path=Page._get_path(category.path, category.depth + 1, place), depth=category.depth + 1,
                    url_path=f"{category.url_path}a{place}/", summary=text(dice, known, 10),
                    body=[("text", f"<p>{text(dice, known, 150)}</p>")],
                )
            )  # fmt: skip
        Page.objects.filter(pk=category.pk).update(numchild=count)
    store(pages)
    questions = Faq.objects.bulk_create(
        Faq(
            question=text(dice, known, 6), answer=f"<p>{text(dice, known, 40)}</p>", locale=english, live=True, sort_order=number
        )
        for number in range(articles // 10)
    )  # fmt: skip
    backend = get_search_backend()
    for model, rows in ((HelpdeskArticlePage, pages), (Faq, questions)):
        search_index = backend.get_index_for_model(model)
        for start in range(0, len(rows), 500):
            search_index.add_items(model, rows[start : start + 500])
    analyze()
    return [*(page.title for page in pages), *(faq.question for faq in questions)]


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
    rows: Any = QuerySet(model)
    rows._batched_insert(pages, list(model._meta.local_concrete_fields), batch_size=500)


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
    from wagtail_livechat.helpdesk import searching

    articles, begin = size("LIBRARY_ARTICLES", ARTICLES, quick), monotonic()
    with stage.apart():
        titles = fill(articles)
        filled = monotonic() - begin
        searching.forget_words()
        try:
            figures = measure(articles, asked(titles, 40 if quick else 100), rounds=3)
        finally:
            searching.forget_words()
    return [*figures, took("library", monotonic() - begin, filled)]


def measure(articles: int, queries: list[str], rounds: int) -> list[Figure]:
    from wagtail.models import Page, Site
    from wagtail.search.backends import get_search_backend

    from wagtail_livechat.helpdesk import searching
    from wagtail_livechat.helpdesk.models import HelpdeskArticleMixin
    from wagtail_livechat.helpdesk.reading import Shelf

    site = Site.objects.select_related("root_page").get(is_default_site=True)
    backend = get_search_backend()

    def bare(query: str) -> int:
        pages = Page.objects.type(HelpdeskArticleMixin).live().descendant_of(site.root_page)
        return len(backend.autocomplete(query, pages)[: searching.LIMIT])

    def ours(query: str) -> int:
        # A shelf for each request, as the site has it: what it remembers is for one search.
        return len(searching.results(Shelf(site, "en"), query)["results"])

    def clock(ask: Any, query: str) -> tuple[float, int]:
        begin = perf_counter()
        hits = ask(query)
        return (perf_counter() - begin) * 1000, hits

    first, _ = clock(ours, queries[0])
    late: dict[Any, list[list[float]]] = {bare: [], ours: []}
    found: dict[str, int] = {}
    for _ in range(rounds):
        for ask in late:
            late[ask].append([])
        for query in queries:
            for ask in late:
                took_ms, hits = clock(ask, query)
                late[ask][-1].append(took_ms)
                if ask is ours:
                    found[query] = hits
    some = sum(map(bool, found.values())) / len(found)
    note = f"{some:.0%} of {len(found)} queries found something; the first one, which learns the words: {first:.0f} ms"
    figures: list[Figure] = []
    for share, must in ((50, False), (95, True)):
        mine, theirs = ([percentile(times, share / 100) for times in late[ask]] for ask in (ours, bare))
        value = median(mine)
        figures.append(
            Figure(
                f"suggestions over {articles:,} articles, p{share}", value, "ms", median(theirs), ratio_of_rounds(mine, theirs),
                f"< {LIMIT_MS} ms" if must else None, value < LIMIT_MS and some > 0.5 if must else None, note if must else "",
            )
        )  # fmt: skip
    return figures
