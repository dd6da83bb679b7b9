"""Words in texts: how they are looked for in the database, and whether what somebody may see has them.

On PostgreSQL a word is found where a word begins with it, by the indexes that a migration (``full_text``) makes; elsewhere wherever the
letters are. Nothing is kept beside the texts, so what is erased is not found any more, and to store a message is one
statement as before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

# These make PostgreSQL's parser see one thing (an address, a tag, a number below zero) where people see words.
JOINERS = "@.-_/:+&;<>=?#~"
_APART = str.maketrans(dict.fromkeys([*JOINERS, "'", "\\", "\x00"], " "))
_WORD = re.compile(r"\w+")
LONGEST = 200
"""Characters that are looked for."""
MOST_WORDS = 8
UNKNOWN = 0.0051
"""The share of all rows that PostgreSQL expects to have a beginning of a word (DEFAULT_TS_MATCH_SEL), if it knows no better."""

ROOM = "64MB"
"""Of memory for the rows of one word, if it is needed: a million of them."""


def split(text: str) -> list[str]:
    """The words that are asked for. All of them must be found."""
    return list(dict.fromkeys(text[:LONGEST].replace("\x00", "").split()))[:MOST_WORDS]


class _Words(Func):
    """The expression of the indexes, letter by letter."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, parameters = compiler.compile(self.source_expressions[0])
        query, more = compiler.compile(self.source_expressions[1])
        words = f"to_tsvector('simple'::regconfig, translate({column}, '{JOINERS}', '{' ' * len(JOINERS)}'))"
        return f"{words} @@ to_tsquery('simple'::regconfig, {query})", [*parameters, *more]


def _query(word: str) -> str:
    """``word`` for to_tsquery: its parts are words of the text, the last of them perhaps only the beginning of one."""
    *whole, last = word.translate(_APART).split() or [""]
    every = [(part, "") for part in whole] + ([(last, ":*")] if last else [])
    return " & ".join("(" + " | ".join(f"'{way}'{end}" for way in _ways(part)) + ")" for part, end in every)


def _ways(part: str) -> list[str]:
    """As it may be written. SQLite, and PostgreSQL in the locale C, know the small letters of A to Z alone."""
    return [part] if part.isascii() else list(dict.fromkeys([part, part.lower(), part.title(), part.upper()]))


def ways(word: str) -> int:
    """How many ways to write it are asked for together."""
    return max((len(_ways(part)) for part in word.translate(_APART).split()), default=1)


def is_indexed(using: str) -> bool:
    return connections[using].vendor == "postgresql"


class _Joined(Func):
    """A visitor's name and address as one text, written as the index has it."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "
    arity = 2


def having(rows: QuerySet[Any], word: str, *fields: str) -> QuerySet[Any]:
    """Those ``rows`` that have the word in one of the fields (on PostgreSQL: ``body``, or ``name`` and ``email``)."""
    if not is_indexed(rows.db):
        found = Q()
        for field in fields:
            for way in _ways(word):
                found |= Q(**{f"{field}__icontains": way})
        return rows.filter(found)
    query = _query(word)
    if not query:
        return rows.none()
    text: Any = F(fields[0]) if len(fields) == 1 else _Joined(*(F(field) for field in fields))
    return rows.filter(_Words(text, Value(query)))


def having_here(rows: QuerySet[Any], word: str, *fields: str) -> QuerySet[Any]:
    """The same for a few rows that are already known: they are looked at one by one.

    That is said so that the indexes do not fit. PostgreSQL expects far fewer rows of most words than there are, and would
    read all of them, the whole table's, beside the few.
    """
    query = _query(word)
    if not is_indexed(rows.db) or not query:
        return having(rows, word, *fields)
    blank = Value(" ")
    text = Concat(*(part for field in fields for part in (F(field), blank)), output_field=TextField())
    rows = rows.alias(letters=text)
    # Cheap, and first: most texts do not have the letters at all.
    for part in word.translate(_APART).split():
        if part.isascii():  # The database may not know the small letters of others.
            rows = rows.filter(letters__icontains=part)
    return rows.filter(_Words(text, Value(query)))


@contextmanager
def exact(using: str) -> Iterator[None]:
    """Within, PostgreSQL looks for words in the indexes alone, and notes each row that it found.

    If it took no index, because it hopes to have met enough rows soon, or no room, so that it noted whole blocks, it would
    cut every text on its way into words: seconds, for a word that is in one of a hundred messages.
    """
    if not is_indexed(using):
        yield
        return
    with transaction.atomic(using), connections[using].cursor() as cursor:
        set_both = "SELECT set_config('enable_seqscan', %s, true), set_config('work_mem', %s, true)"
        cursor.execute(
            """SELECT current_setting('enable_seqscan'), current_setting('work_mem'),
            pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%s)""",
            [ROOM],
        )
        seqscan, room, is_narrow = cursor.fetchone()
        cursor.execute(set_both, ["off", ROOM if is_narrow else room])
        yield
        # Around this there may be a transaction that goes on.
        cursor.execute(set_both, [seqscan, room])


def estimate(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects, without reading any."""
    said = rows.explain(format="json")
    # Of what cannot be anything, Django asks the database nothing.
    return int(json.loads(said)[0]["Plan"]["Plan Rows"]) if said else 0


def has(word: str, text: str, using: str) -> bool:
    """Whether a text has the word, found as the database ``using`` finds it."""
    if not is_indexed(using):
        return word.casefold() in text.casefold()
    there = [one.casefold() for one in _WORD.findall(text.replace("_", " "))]
    parts = [one.casefold() for one in _WORD.findall(word.translate(_APART))]
    return bool(parts) and all(part in there for part in parts[:-1]) and any(one.startswith(parts[-1]) for one in there)


def place_of(words: list[str], text: str) -> int:
    """Where the first of the words that are there begins; 0 if none is."""
    folded = text.casefold()
    places = [
        place
        for word in words
        for part in [word, *word.translate(_APART).split()]
        if (place := folded.find(part.casefold())) >= 0
    ]
    return min(places, default=0)
