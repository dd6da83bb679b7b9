"""The finder: from a text to what is personal in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from stdnum import iban, numdb
from stdnum.fi import hetu

from . import numbers
from .phones import find_phones
from .plain import MOST_BETWEEN, SEPARATORS, Run, plain, runs, windows, without
from .rules import Kind, Rules
from .words import introduced_as, is_moment

_SEP = re.escape(SEPARATORS)
_BEFORE_DIGIT = re.compile(rf"([A-Za-z])[{_SEP}]{{0,4}}([A-Za-z])[{_SEP}]{{0,4}}$")
_DIGITS = re.compile("[0-9]+")
_IBAN_REST = re.compile(rf"[{_SEP}]{{0,4}}([A-Za-z0-9])")
_HETU = re.compile(r"(?<![0-9A-Za-z])([0-9]{6}) ?([-+A-FYXWVUa-fyxwvu]) ?([0-9]{3}[0-9A-Ya-y])(?![0-9A-Za-z])")
# Bounded on both sides of the @, which is found first.
# & / = and ? may be in one, too, but far more often they come before it, in a web address.
_LOCAL = re.compile(r"[\w.!#$%'*+^`{|}~\-\u200b]{1,64}$")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{1,59})", re.IGNORECASE)
# How an id is written that begins with the date of birth.
_DATED_GROUPS = ([6, 4], [8, 4], [2, 2, 2, 4], [4, 2, 2, 4], [6, 5], [2, 2, 2, 5])
LEAST_DIGITS = 7
_SHORT_CARDS = ([4, 4, 4], [4, 4, 5])
# How the numbers are written that one in ten would pass for.
_UNSURE_GROUPS = {
    "NL": ([9], [3, 3, 3], [4, 2, 3], [2, 3, 4]),
    "US": ([9], [3, 2, 4]),
    "DK": ([10], [6, 4], [2, 2, 2, 4]),
}
_NINE = (*_UNSURE_GROUPS["NL"], *_UNSURE_GROUPS["US"])


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    kind: Kind
    why: str
    """The card's network, the IBAN's or the id's country, the phone's ``+46`` or country; empty for e-mail."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Digits that were looked at and left as they are."""

    start: int
    end: int
    why: Literal["introduced", "check_digit", "nothing"]


def find(text: str, rules: Rules) -> list[Found]:
    """All that ``rules`` ask for, in the order of the text; what overlaps is one."""
    words = plain(text)
    found: list[Found] = []
    if "email" in rules.kinds and "@" in words:
        found += _emails(words)
    if "iban" in rules.kinds:
        found += _ibans(words)
    numbers_left = runs(words, LEAST_DIGITS)
    if "card" in rules.kinds:
        for run in numbers_left:
            found += _cards(words, run)
    found = _united(found)
    if "phone" in rules.kinds and "+" in words:
        # Before the ids: behind a + are digits that might be one.
        found = _united(found + _phones(words, without(numbers_left, _taken(found)), rules, with_plus=True))
    if "national_id" in rules.kinds:
        ids = [Found(m.start(), m.end(), "national_id", "FI") for m in _HETU.finditer(words) if _is_hetu(m)]
        for run in without(numbers_left, _taken(found)):
            ids += _national_ids(words, run, rules)
        found = _united(found + ids)
    if "phone" in rules.kinds:
        found = _united(found + _phones(words, without(numbers_left, _taken(found)), rules))
    return found


def misses(text: str, rules: Rules) -> list[Miss]:
    """Numbers of seven digits and more that were left, with the reason: for whoever tries the rules."""
    words = plain(text)
    left = []
    for run in without(runs(words, LEAST_DIGITS), _taken(find(text, rules))):
        digits = "".join(group.digits for group in run)
        if len(digits) < LEAST_DIGITS:
            continue
        start, end = run[0].start, run[-1].end
        if "card" in rules.kinds and any(numbers.looks_like_card(d) for _, _, d in windows(run, 14, 19)):
            left.append(Miss(start, end, "check_digit"))
        elif introduced_as(words, start) == "other":
            left.append(Miss(start, end, "introduced"))
        else:
            left.append(Miss(start, end, "nothing"))
    return left


def _phones(words: str, left: list[Run], rules: Rules, *, with_plus: bool = False) -> list[Found]:
    return [
        Found(phone.start, run[phone.last].end, "phone", phone.why)
        for run in left
        for phone in find_phones(words, run, rules.regions, with_plus=with_plus)
    ]


def _taken(found: list[Found]) -> list[tuple[int, int]]:
    return [(item.start, item.end) for item in found]


def _united(found: list[Found]) -> list[Found]:
    """Sorted; of those that overlap one, as long as all of them and of the longest one's kind."""
    united: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        last = united[-1] if united else None
        if last is None or item.start >= last.end:
            united.append(item)
            continue
        chief = max(last, item, key=lambda one: one.end - one.start)
        united[-1] = Found(last.start, max(last.end, item.end), chief.kind, chief.why)
    return united


# ------------------------------------------------------------------------------------------ letters and digits


def _emails(text: str) -> list[Found]:
    found = []
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - 64), at)
        domain = _DOMAIN.match(text, at + 1) if local else None
        if local and domain:
            # Brackets and quotation marks around it are not part of it.
            start = local.start() + len(local[0]) - len(local[0].lstrip("'`{|.\u200b"))
            if start < at:
                found.append(Found(start, domain.end(), "email", ""))
        at = text.find("@", at + 1)
    return found


@cache
def _iban_length(country: str) -> int:
    """Characters of an IBAN of this country; 0 if it has none."""
    structure = numdb.get("iban").info(country + "00")[0][1].get("bban", "")
    parts = re.findall(r"(\d+)!", structure)
    return 4 + sum(map(int, parts)) if parts else 0


def _ibans(text: str) -> list[Found]:
    found: list[Found] = []
    for first in _DIGITS.finditer(text):
        # A country's two letters before the digits, perhaps apart.
        begin = _BEFORE_DIGIT.search(text, max(0, first.start() - 2 - 2 * MOST_BETWEEN), first.start())
        country = (begin[1] + begin[2]).upper() if begin else ""
        length = _iban_length(country) if country else 0
        if not begin or not length or (found and begin.start() < found[-1].end):
            continue
        letters, end = country, first.start()
        while len(letters) < length and (following := _IBAN_REST.match(text, end)):
            letters += following[1]
            end = following.end()
        if len(letters) == length and iban.is_valid(letters.upper(), check_country=False):
            found.append(Found(begin.start(), end, "iban", country))
    return found


def _is_hetu(match: re.Match[str]) -> bool:
    return bool(hetu.is_valid("".join(match.groups()), allow_temporary=True))


# ---------------------------------------------------------------------------------------------------- digits


def _sizes(run: Run, first: int, last: int) -> list[int]:
    return [len(group.digits) for group in run[first : last + 1]]


def _touches_letters(text: str, run: Run, first: int, last: int) -> bool:
    start, end = run[first].start, run[last].end
    return text[max(0, start - 1) : start].isalpha() or text[end : end + 1].isalpha()


def _cards(text: str, run: Run) -> list[Found]:
    """At every place a card may begin at, the longest one: after a stray number, or with the date of expiry behind it."""
    longest: dict[int, Found] = {}
    for first, last, digits in windows(run, *numbers.CARD_LENGTHS):
        network = numbers.card_network(digits)
        if network is None:
            continue
        # Article numbers have 12 or 13 digits, and one of ten has the right last digit.
        is_short = len(digits) < 14 and _sizes(run, first, last) not in _SHORT_CARDS
        if is_short and introduced_as(text, run[first].start) != "card":
            continue
        longest[first] = Found(run[first].start, run[last].end, "card", network)
    return list(longest.values())


def _national_ids(text: str, run: Run, rules: Rules) -> list[Found]:
    found = []
    for first, last, digits in windows(run, 9, 12):
        sizes = [len(group.digits) for group in run[first : last + 1]]
        if len(digits) == 9 and sizes not in _NINE:
            continue
        known = numbers.national_ids(digits)
        start, end = run[first].start, run[last].end
        # With a + before it, it is a phone number; with a date in it, rarely an id.
        if not known or text[max(0, start - 4) : start].rstrip(" (\u200b").endswith("+"):
            continue
        if sizes not in _DATED_GROUPS and is_moment(text[start:end]):
            continue
        for country, is_sure in known:
            if is_sure or _is_believed(text, run, first, last, country, rules):
                found.append(Found(start, end, "national_id", country))
                break
    return found


def _is_believed(text: str, run: Run, first: int, last: int, country: str, rules: Rules) -> bool:
    """Whether a number that one in ten would pass for is written, and introduced, like an id."""
    sizes = _sizes(run, first, last)
    if sizes not in _UNSURE_GROUPS[country] or _touches_letters(text, run, first, last):
        return False
    said = introduced_as(text, run[first].start)
    if country == "US" and sizes == [9]:
        return said == "ssn"  # no check digit at all: nine digits in a row are anything
    if said in ("other", "phone"):
        return False
    # Many a phone number has a date in it.
    phones = find_phones(text, run[first : last + 1], rules.regions) if "phone" in rules.kinds else []
    return not any(phone.first == 0 and phone.last == last - first for phone in phones)
