"""Text of any script as ASCII digits, letters and separators, character by character, so that places stay the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

SEPARATORS = " \u200b-.,/_|:;*()[]{}'\"+~=\u00b7"
"""What people put between the groups of a number, as ``plain`` writes it."""
MOST_BETWEEN = 4
"""Characters between two groups of one number, at most."""

_GROUP = re.compile("[0-9]+")
_BETWEEN = re.compile(f"[{re.escape(SEPARATORS)}]{{0,{MOST_BETWEEN}}}")


class _Letters(dict[int, str]):
    """Made once for each character that is met; there are not so many."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _ascii(chr(code))
        return shown


def _ascii(char: str) -> str:
    if char.isspace():
        return " "
    if char < "\x7f":
        return char
    digit = unicodedata.decimal(char, None)
    if digit is None:
        digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category in ("Cf", "Cc", "Mn", "Me"):
        return "\u200b"
    if char in "\u2022\u2027\u30fb\u22c5":
        return "\u00b7"
    if char in "\u2018\u2019\u02bc\u2032":
        return "'"
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded < "\x7f" else char


_LETTERS = _Letters()


def plain(text: str) -> str:
    """As long as ``text``. Digits of every script become ASCII, white space a space, dashes ``-``, the invisible U+200B."""
    return text.translate(_LETTERS)


class Group(NamedTuple):
    """Digits that stand together, with nothing between them."""

    start: int
    end: int
    digits: str


Run = list[Group]
"""Groups that may be one number: between them are only a few separators."""


def runs(text: str, least: int) -> list[Run]:
    """The runs of a plain text that have ``least`` digits or more."""
    found: list[Run] = []
    run: Run = []
    count = end = 0
    for match in _GROUP.finditer(text):
        start = match.start()
        if run and (start - end > MOST_BETWEEN or not _BETWEEN.fullmatch(text, end, start)):
            if count >= least:
                found.append(run)
            run, count = [], 0
        end = match.end()
        run.append(Group(start, end, match[0]))
        count += end - start
    if count >= least:
        found.append(run)
    return found


def without(found: list[Run], taken: list[tuple[int, int]]) -> list[Run]:
    """The runs without the groups that touch a stretch of ``taken`` (which is sorted): what is left and right of them."""
    if not taken:
        return found
    left: list[Run] = []
    place = 0
    for run in found:
        rest: Run = []
        for group in run:
            while place < len(taken) and taken[place][1] <= group.start:
                place += 1
            if place < len(taken) and taken[place][0] < group.end:
                if rest:
                    left.append(rest)
                rest = []
            else:
                rest.append(group)
        if rest:
            left.append(rest)
    return left


def windows(run: Run, least: int, most: int) -> Iterator[tuple[int, int, str]]:
    """Every stretch of whole groups with ``least`` to ``most`` digits: first group, last group, digits."""
    if run[-1].end - run[0].start < least:
        return
    for first in range(len(run)):
        digits = ""
        for last in range(first, len(run)):
            digits += run[last].digits
            if len(digits) > most:
                break
            if len(digits) >= least:
                yield first, last, digits
