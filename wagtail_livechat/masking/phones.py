"""Phone numbers in a run of digits: international, and as the site's countries write them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import phonenumbers

from .plain import Run
from .words import in_address, in_code, in_longer, introduced_as, is_amount, is_moment

_INSIDE = re.compile(r"[ \u200b\-./()]{0,4}")
_PLUS = re.compile(r"\+[ \u200b(]{0,3}$")
_OCTETS = re.compile(r"\d{1,3}(?:\.\d{1,3}){2,3}")
MOST_DIGITS = 17


class Phone(NamedTuple):
    first: int
    last: int
    start: int
    """Where it begins in the text: at the ``+``, if there is one."""
    why: str


class _National(NamedTuple):
    trunk: str
    pattern: re.Pattern[str]


@cache
def _national(region: str) -> _National | None:
    """How numbers of a country look, as a cheap first question."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    return _National(metadata.national_prefix or "", re.compile(metadata.general_desc.national_number_pattern or "$^"))


def is_region(code: str) -> bool:
    """Whether phone numbers of this country are known."""
    return _national(code) is not None


def find_phones(text: str, run: Run, regions: tuple[str, ...], *, with_plus: bool = False) -> list[Phone]:
    """Those of a run of a plain text, from left to right, none over another; ``with_plus``: only those that begin so."""
    found: list[Phone] = []
    place = 0
    while place < len(run):
        phone = _with_plus(text, run, place) if with_plus else _phone_at(text, run, place, regions)
        if phone is None:
            place += 1
        else:
            found.append(phone)
            place = phone.last + 1
    return found


def _with_plus(text: str, run: Run, first: int) -> Phone | None:
    start = run[first].start
    plus = _PLUS.search(text, max(0, start - 4), start)
    return _international(_ends(text, run, first), first, plus.start()) if plus else None


def _phone_at(text: str, run: Run, first: int, regions: tuple[str, ...]) -> Phone | None:
    start = run[first].start
    ends = _ends(text, run, first)
    if not ends:
        return None
    before = text[start - 1] if start else " "
    if before.isalpha():
        return None
    begin = start - 1 if before == "(" else start
    leading = ends[-1][1]
    if leading.startswith("00"):
        for last, digits in reversed(ends):
            if _is_valid("+" + digits[2:], None):
                return Phone(first, last, begin, f"+{digits[2:4]}")
    said = introduced_as(text, begin)
    for region in regions:
        if phone := _as_written_in(region, text, run, first, ends, begin, said):
            return phone
    if said == "phone":
        for last, digits in reversed(ends):
            if any(_is_valid(digits, region) for region in regions) or _is_valid("+" + digits, None):
                return Phone(first, last, begin, "word")
    return None


def _ends(text: str, run: Run, first: int) -> list[tuple[int, str]]:
    """(last group, digits) of every stretch from ``first`` on that could be a phone number."""
    digits, ends = "", []
    for last in range(first, len(run)):
        if last > first and not _INSIDE.fullmatch(text, run[last - 1].end, run[last].start):
            break
        digits += run[last].digits
        if len(digits) > MOST_DIGITS:
            break
        if len(digits) >= 7:
            ends.append((last, digits))
    return ends


def _international(ends: list[tuple[int, str]], first: int, start: int) -> Phone | None:
    """With a + it is meant as one: also a number that is possible but not in use, such as those of examples."""
    possible = None
    for last, digits in reversed(ends):
        number = _parse("+" + digits, None)
        if number is None:
            continue
        if phonenumbers.is_valid_number(number):
            return Phone(first, last, start, f"+{number.country_code}")
        if possible is None and phonenumbers.is_possible_number(number):
            possible = Phone(first, last, start, f"+{number.country_code}")
    return possible


def _as_written_in(
    region: str, text: str, run: Run, first: int, ends: list[tuple[int, str]], begin: int, said: str | None
) -> Phone | None:
    national = _national(region)
    if national is None or said in ("other", "card"):
        return None
    start = run[first].start
    if said != "phone" and in_code(text, start):
        return None
    for last, digits in reversed(ends):
        if national.trunk == "0":
            if digits[0] != "0" or not national.pattern.fullmatch(digits[1:]):
                continue
        elif (
            not national.pattern.fullmatch(digits.removeprefix(national.trunk))
            or not _stands_alone(text, run, first, last)
            or (said != "phone" and in_longer(text, start, run[last].end))
        ):
            continue
        end = run[last].end
        written = text[start:end]
        following = text[end : end + 1]
        if following.isalpha() or is_amount(text, start, end) or in_address(text, start):
            continue
        if said != "phone" and (is_moment(written) or (_OCTETS.fullmatch(written) and digits[0] != "0")):
            continue
        if _is_valid(digits, region):
            return Phone(first, last, begin, region)
    return None


def _stands_alone(text: str, run: Run, first: int, last: int) -> bool:
    """Where no leading 0 tells: digits in one piece, or groups of two and more with no further digits beside them."""
    groups = run[first : last + 1]
    if len(groups) == 1:
        return True
    if any(len(group.digits) == 1 and (place or group.digits != "1") for place, group in enumerate(groups)):
        return False
    return not any(
        0 < place < len(run) and _INSIDE.fullmatch(text, run[place - 1].end, run[place].start)
        for place in (first, last + 1)
    )


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: str, region: str | None) -> bool:
    parsed = _parse(number, region)
    return parsed is not None and phonenumbers.is_valid_number(parsed)
