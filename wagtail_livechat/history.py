"""Long lists of conversations, newest first: what was asked for, as far as the reader may see it, a page at a time.

No page costs more than the next one: it begins where another ended (keyset), nothing is counted, and of a search that finds
little each page looks at a limited number of conversations and says how far it came. Where PostgreSQL expects few rows for
one of the things that are asked for, it begins with those; where it expects many, the newest conversations are looked
through until the page is full.

A word is found only where the reader may see it. Otherwise, trying one number after the other would tell what is hidden.
"""

from __future__ import annotations

import heapq
import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import router
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Site

from . import fulltext, veils
from .models import CaseCounter, Conversation, Entry, Offer, Operator, Participation, Visitor
from .permissions import OperatorActor
from .snapshots import effective_status, entry_for, visitor_details, with_site

FEW = 10_000
"""So many rows are read and put into order; if there are more, the newest conversations are looked through instead."""
MANY_NAMES = 3 * FEW
"""So many visitors whom PostgreSQL expects to have a word are not asked for at all."""
LOOK = 5_000
"""Conversations that a page looks at, at most, while its words are searched for."""
FIRST, LARGEST = 250, 500
"""Conversations that are looked at together: few at first, more if nothing is found."""
SUSPECTS = 2_000
"""Texts in which something may be hidden that a page looks at, at most: each has to be masked for the reader."""

Key = tuple[datetime, int]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for."""

    words: tuple[str, ...] = ()
    where: Q = field(default_factory=Q)
    """Conditions on the conversation's own columns."""
    operator: int | None = None
    """Who took part."""
    tag: int | None = None


@dataclass(frozen=True)
class Page:
    keys: list[Key]
    newer: str = ""
    """Where the page before begins, or empty if this is the first."""
    older: str = ""
    """Where the page after begins, or empty if there is none."""
    searched_back_to: datetime | None = None
    """Of a search that was left off before the page was full: it goes on at ``older``."""

    @property
    def ids(self) -> list[int]:
        return [pk for _, pk in self.keys]


def page_of(wanted: Wanted, reader: OperatorActor, *, at: str = "", size: int = 50) -> Page:
    """The page at ``at``, which another page's ``newer`` or ``older`` was; the first one if that says nothing."""
    start, upwards = _parse(at)
    search = _Search(wanted, reader)
    keys: list[Key] = []
    for batch in search.batches(start, upwards=upwards, limit=size + 1):
        keys += batch
        if len(keys) > size:
            break
    more, keys = len(keys) > size, keys[:size]
    left_off = None if more else search.left_off
    if not upwards or start is None:
        following = keys[-1] if more else left_off
        before = keys[0] if keys else start
        return Page(
            keys,
            newer=f"-{_written(before)}" if start else "",
            older=_written(following),
            searched_back_to=left_off and left_off[0],
        )
    if not more and left_off is None:
        # There is nothing newer, so this is the first page, and it is to be full.
        return page_of(wanted, reader, size=size)
    keys.reverse()
    oldest = keys[-1] if keys else (start[0], start[1] + 1)
    return Page(keys, newer=f"-{_written(keys[0] if more else left_off)}", older=_written(oldest))


def all_of(wanted: Wanted, reader: OperatorActor) -> Iterator[list[int]]:
    """Everything, in pieces: for files."""
    search = _Search(wanted, reader, patient=True)
    for batch in search.batches(None, upwards=False, limit=1_000):
        if batch:
            yield [pk for _, pk in batch]


def conversations(ids: list[int]) -> list[Conversation]:
    """These, in this order, with all that a line of a list shows."""
    rows = (
        Conversation.objects.filter(pk__in=ids)
        .select_related("visitor", "department", "operator__user", "site", "wrap_up_reason")
        .prefetch_related("tags")
    )
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]


def excerpts(ids: list[int], words: tuple[str, ...], reader: OperatorActor, *, length: int = 160) -> dict[int, str]:
    """The first text of each conversation that has one of the words, as the reader may see it, cut around the word."""
    found: dict[int, str] = {}
    for word in words:
        rows = fulltext.having_here(Entry.objects.filter(conversation__in=ids), word, "body")
        for entry in with_site(rows.order_by("conversation", "seq")[:SUSPECTS]):
            if entry.conversation_id in found:
                continue
            text = entry_for(reader, entry).text
            if fulltext.has(word, text, rows.db):
                begin = max(0, fulltext.place_of([word], text) - length // 3)
                found[entry.conversation_id] = (
                    ("…" if begin else "") + text[begin : begin + length] + ("…" if text[begin + length :] else "")
                )
    return found


# ------------------------------------------------------------------------------------------------------ just now


@dataclass(frozen=True)
class Person:
    name: str
    status: str
    open: int


@dataclass(frozen=True)
class Overview:
    waiting: int
    open: int
    cases: int
    """Messages that were left while nobody was there, and are not dealt with."""
    people: list[Person]
    """Operators who are connected, those who are available first."""


def overview(reader: OperatorActor) -> Overview:
    """How it stands now, of what the reader may see. As many queries for many as for few."""
    State = Conversation.State
    seen = Q()
    for branch in _branches(reader):
        seen |= branch
    counted = Counter[str](
        dict(
            Conversation.objects.filter(seen, state__in=(*Conversation.OPEN_STATES, State.OFFLINE))
            .order_by()
            .values_list("state")
            .annotate(Count("pk"))
        )
    )
    mine = Conversation.objects.filter(state=State.ACTIVE).order_by().values_list("operator").annotate(Count("pk"))
    load = dict(mine)
    now = timezone.now()
    people = [
        Person(operator.name, effective_status(operator, now), load.get(operator.pk, 0))
        for operator in Operator.objects.filter(is_active=True, last_seen__isnull=False).select_related("user")
    ]
    order = ("available", "away", "rona")
    there = sorted((one for one in people if one.status in order), key=lambda one: (order.index(one.status), one.name))
    return Overview(counted[State.QUEUED], counted[State.ACTIVE], counted[State.OFFLINE], there)


# ------------------------------------------------------------------------------------------------- where it begins


def _written(key: Key | None) -> str:
    return f"{key[0].isoformat()}_{key[1]}" if key else ""


def _parse(at: str) -> tuple[Key | None, bool]:
    """The place, and whether the page lies on its newer side. What says nothing is the first page."""
    when, _, pk = at.removeprefix("-").partition("_")
    try:
        moment = parse_datetime(when.replace(" ", "+"))
        if moment is None or moment.tzinfo is None:
            return None, False
        # As far as a database's numbers go.
        return (moment, min(int(pk), 2**62)), at.startswith("-")
    except (ValueError, OverflowError):
        return None, False


# ---------------------------------------------------------------------------------------------------- the search


class _Search:
    def __init__(self, wanted: Wanted, reader: OperatorActor, *, patient: bool = False) -> None:
        self.wanted = wanted
        self.reader = reader
        self.using = router.db_for_read(Conversation)
        self.budget = None if patient else LOOK
        self.suspects = None if patient else SUSPECTS
        self.left_off: Key | None = None
        """Where it stopped although there is more to look at."""
        self.hidden_of = self._hidden_of() if wanted.words else []
        self.words = list(wanted.words)
        self.few: set[int] | None = None
        """All that could be meant, if these are few."""
        self.people: dict[str, list[int]] = {}
        """The visitors whose name or address has the word, if these are few."""
        self.rows = self._rows()
        self.branches = _branches(reader)

    def _hidden_of(self) -> list[int]:
        sites = Site.objects.values_list("pk", flat=True)
        return [site_id for site_id in sites if veils.veil_for(self.reader, site_id).rules]

    def _rows(self) -> QuerySet[Conversation]:
        """All that could be meant: by its own columns, and by those of the other things that are rare."""
        wanted = self.wanted
        rows = Conversation.objects.filter(wanted.where)
        related: list[QuerySet[Any]] = []
        if wanted.operator is not None:
            related.append(Participation.objects.filter(operator=wanted.operator).values("conversation_id"))
        if wanted.tag is not None:
            related.append(Conversation.tags.through.objects.filter(tag=wanted.tag).values("conversation_id"))
        if fulltext.is_indexed(self.using):
            self.few = self._rare(related)
        for one in related:
            rows = rows.filter(pk__in=one)
        return rows if self.few is None else rows.filter(pk__in=_these(list(self.few)))

    def _rare(self, related: list[QuerySet[Any]]) -> set[int] | None:
        """The ids of the conversations that have all that is rare of what is asked for; None if nothing is rare."""
        names = {word: fulltext.having(Visitor.objects.order_by(), word, "name", "email") for word in self.words}
        said = {word: fulltext.having(Entry.objects.order_by(), word, "body") for word in self.words}
        expected = {word: fulltext.estimate(said[word]) for word in self.words}
        # The rarest word first leaves the least to look at for the others.
        self.words.sort(key=lambda word: expected[word])
        # What PostgreSQL expects of a word where it has no statistics. It may be any number.
        unknown = fulltext.UNKNOWN * max(1, fulltext.estimate(Entry.objects.order_by())) if said else 1
        ways: list[tuple[list[QuerySet[Any]], int]] = [
            ([one], most) for one in related if (most := fulltext.estimate(one)) <= FEW
        ]
        few: set[int] | None = None
        if not self.words and not ways:
            return few
        with fulltext.exact(self.using):
            for word in self.words:
                if fulltext.estimate(names[word]) > MANY_NAMES:
                    continue
                people = list(names[word].values_list("pk", flat=True)[: FEW + 1])
                if len(people) <= FEW:
                    self.people[word] = people
                    # It is expected as often for each way to write it.
                    each = expected[word] / fulltext.ways(word)
                    if each <= FEW or 0.95 < each / unknown < 1.05:
                        ways.append((self._where_it_is(word, said[word], people), expected[word]))
            for way, _ in sorted(ways, key=lambda one: one[1]):
                if few is not None and len(few) <= FIRST:
                    break
                found = _all_of_these(way)
                if found is not None:
                    few = found if few is None else few & found
        return few

    def _where_it_is(self, word: str, said: QuerySet[Any], people: list[int]) -> list[QuerySet[Any]]:
        ways: list[QuerySet[Any]] = [said.values("conversation_id")]
        if people:
            ways.append(Conversation.objects.filter(visitor__in=_these(people)).values(conversation_id=F("pk")))
        if numbers := _case_numbers(word):
            ways.append(Conversation.objects.filter(case_number__in=numbers).values(conversation_id=F("pk")))
        return ways

    # By and by.

    def batches(self, start: Key | None, *, upwards: bool, limit: int) -> Iterator[list[Key]]:
        """What is found, in order, until everything or enough was looked at. ``limit``: how many a page wants."""
        size, looked = (FIRST if self.wanted.words else limit), 0
        while True:
            keys = self._next(start, upwards, size)
            if self.wanted.words:
                looked += len(keys)
                there = self._have_words([pk for _, pk in keys])
                yield [key for key in keys if key[1] in there]
            else:
                yield keys
            if len(keys) < size:
                return
            start = keys[-1]
            if (self.budget is not None and looked >= self.budget) or (
                self.suspects is not None and self.suspects <= 0
            ):
                self.left_off = start
                return
            if self.wanted.words:
                size = min(LARGEST, size * 2, LARGEST if self.budget is None else self.budget - looked)
            else:
                size = limit

    def _next(self, start: Key | None, upwards: bool, size: int) -> list[Key]:
        """The next ``size`` conversations that the reader may see, from ``start`` on."""
        if self.few is not None:
            keys = self._few_in_order
            if upwards:
                begin = bisect_right(keys, start) if start else 0
                return keys[begin : begin + size]
            end = bisect_left(keys, start) if start else len(keys)
            return keys[max(0, end - size) : end][::-1]
        rows = self.rows
        if start:
            when, pk = start
            beyond = Q(created_at__gt=when) if upwards else Q(created_at__lt=when)
            beside = Q(created_at=when, pk__gt=pk) if upwards else Q(created_at=when, pk__lt=pk)
            # The first condition is for the index, which cannot use the second.
            rows = rows.filter(Q(created_at__gte=when) if upwards else Q(created_at__lte=when)).filter(beyond | beside)
        order = ("created_at", "pk") if upwards else ("-created_at", "-pk")
        found = [
            list(rows.filter(branch).order_by(*order).values_list("created_at", "pk")[:size])
            for branch in self.branches
        ]
        if len(found) == 1:
            return found[0]
        merged = heapq.merge(*found, reverse=not upwards)
        return [key for key, _ in itertools.groupby(merged)][:size]

    @cached_property
    def _few_in_order(self) -> list[Key]:
        """Read once, since to pick a page of them in the database would be to put all of them into order for each page."""
        of_branches = [self.rows.filter(branch).order_by().values_list("created_at", "pk") for branch in self.branches]
        return sorted(set(itertools.chain(*of_branches)))

    def _have_words(self, ids: list[int]) -> set[int]:
        """Those of the conversations in which every word is found by what the reader may see."""
        left = set(ids)
        for word in self.words:
            if not left:
                break
            left = self._said(word, left) | self._of_visitor(word, left) | self._numbered(word, left)
        return left

    def _numbered(self, word: str, ids: set[int]) -> set[int]:
        numbers = _case_numbers(word)
        if not numbers:
            return set()
        return set(Conversation.objects.filter(pk__in=ids, case_number__in=numbers).values_list("pk", flat=True))

    def _said(self, word: str, ids: set[int]) -> set[int]:
        said = fulltext.having_here(Entry.objects.filter(conversation__in=ids).order_by(), word, "body")
        if not self.hidden_of:
            return set(said.values_list("conversation_id", flat=True).distinct())
        # Of sites where something is hidden: texts in which there could be nothing, and those that were looked at.
        hiding = Q(conversation__site__in=self.hidden_of) & Q(body__regex=r"[0-9@]|[^ -~\s]")
        shown = set(said.exclude(hiding).values_list("conversation_id", flat=True).distinct())
        suspects = with_site(said.filter(hiding).exclude(conversation__in=shown).order_by("-conversation", "seq"))
        for entry in suspects[: self.suspects] if self.suspects is not None else suspects:
            if self.suspects is not None:
                self.suspects -= 1
            if entry.conversation_id not in shown and fulltext.has(
                word, entry_for(self.reader, entry).text, self.using
            ):
                shown.add(entry.conversation_id)
        return shown

    def _of_visitor(self, word: str, ids: set[int]) -> set[int]:
        if self.people.get(word) == []:
            return set()
        people = fulltext.having_here(Visitor.objects.filter(conversations__in=ids), word, "name", "email").distinct()
        shown = [visitor.pk for visitor in people if self._is_shown(word, visitor)]
        return set(Conversation.objects.filter(pk__in=ids, visitor__in=shown).values_list("pk", flat=True))

    def _is_shown(self, word: str, visitor: Visitor) -> bool:
        if visitor.site_id not in self.hidden_of:
            return True
        details = visitor_details(visitor, veils.veil_for(self.reader, visitor.site_id))
        # Whoever knows a whole address learns nothing by finding it.
        return word.casefold() == visitor.email.casefold() or any(
            fulltext.has(word, details[name], self.using) for name in ("name", "email")
        )


def _all_of_these(way: list[QuerySet[Any]]) -> set[int] | None:
    """The conversations of all these rows; None if it is too many rows."""
    ids: set[int] = set()
    for rows in way:
        # Rows are counted: one conversation may have many of them, and what was cut off may be another one.
        found = [pk for (pk,) in rows.values_list("conversation_id")[: FEW + 1]]
        if len(found) > FEW:
            return None
        ids.update(found)
    return ids


def _these(ids: list[int]) -> RawSQL:
    """Many ids as one parameter, of which PostgreSQL knows how many there are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [ids])


def _branches(reader: OperatorActor) -> list[Q]:
    """What ``permissions.visible_to`` says, apart: each branch is read from an index of its own, in order."""
    if reader.sees_every_case:
        return [Q()]
    of_sites = Q(site__in=reader.sites) if reader.sites else Q()
    # Few at any time: what is open now.
    joined = Participation.objects.filter(operator=reader.operator_id, state=Participation.State.JOINED)
    pending = Offer.objects.filter(state=Offer.State.PENDING)
    special = {
        *joined.values_list("conversation_id", flat=True),
        *pending.filter(operator=reader.operator_id).values_list("conversation_id", flat=True),
    }
    if reader.departments and not reader.sees_all:
        branches = [Q(department=None), *(Q(department=department) for department in sorted(reader.departments))]
        branches = [branch & of_sites for branch in branches]
        handed = Conversation.objects.filter(
            of_sites, pk__in=pending.filter(department__in=reader.departments).values("conversation_id")
        )
        special.update(handed.values_list("pk", flat=True))
    else:
        branches = [Q(site=site) for site in sorted(reader.sites)]
    return [*branches, Q(pk__in=special)] if special else branches


_CASE = re.compile(r"#?(?:(\d{4})-)?0*(\d{1,9})")


def _case_numbers(word: str) -> list[str]:
    """The case numbers that a word can stand for: ``2026-000123``, ``#2026-123``, or ``123`` of any year."""
    found = _CASE.fullmatch(word)
    if not found or not found[2].isascii():
        return [word.lstrip("#")] if word.startswith("#") else []
    years = [int(found[1])] if found[1] else list(CaseCounter.objects.values_list("year", flat=True))
    return [f"{year}-{int(found[2]):06d}" for year in years]
