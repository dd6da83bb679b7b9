"""Numbers with a check digit: payment cards and national ids. Digits in, a name out if they are valid."""

from __future__ import annotations

from datetime import date

from stdnum import luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.us import ssn

CARD_LENGTHS = (12, 19)

# (first, last) of the leading digits, lengths, network. The narrower ranges come first.
_NETWORKS: list[tuple[str, str, frozenset[int], str]] = [
    ("34", "34", frozenset({15}), "American Express"),
    ("37", "37", frozenset({15}), "American Express"),
    ("300", "305", frozenset(range(14, 20)), "Diners Club"),
    ("3095", "3095", frozenset(range(14, 20)), "Diners Club"),
    ("36", "36", frozenset(range(14, 20)), "Diners Club"),
    ("38", "39", frozenset(range(14, 20)), "Diners Club"),
    ("3528", "3589", frozenset(range(16, 20)), "JCB"),
    ("1800", "1800", frozenset({15}), "JCB"),
    ("2131", "2131", frozenset({15}), "JCB"),
    ("2200", "2204", frozenset(range(16, 20)), "Mir"),
    ("2221", "2720", frozenset({16}), "Mastercard"),
    ("51", "55", frozenset({16}), "Mastercard"),
    ("5019", "5019", frozenset({16}), "Dankort"),
    ("4", "4", frozenset({16, 18, 19}), "Visa"),
    ("6011", "6011", frozenset(range(16, 20)), "Discover"),
    ("622126", "622925", frozenset(range(16, 20)), "UnionPay"),
    ("62", "62", frozenset(range(14, 20)), "UnionPay"),
    ("81", "81", frozenset(range(16, 20)), "UnionPay"),
    ("644", "649", frozenset(range(16, 20)), "Discover"),
    ("65", "65", frozenset(range(16, 20)), "Discover"),
    ("506099", "506198", frozenset(range(16, 20)), "Verve"),
    ("9792", "9792", frozenset({16}), "Troy"),
    ("8600", "8600", frozenset({16}), "Uzcard"),
    ("9860", "9860", frozenset({16}), "Humo"),
    ("82", "82", frozenset({16}), "RuPay"),
    ("60", "60", frozenset({16}), "RuPay"),
    ("1", "1", frozenset({15}), "UATP"),
    ("50", "50", frozenset(range(12, 20)), "Maestro"),
    ("56", "58", frozenset(range(12, 20)), "Maestro"),
    ("6", "6", frozenset(range(12, 20)), "Maestro"),
]


def card_network(digits: str) -> str | None:
    """The network whose cards begin so and are so long, if the check digit (Luhn) is right."""
    for first, last, lengths, name in _NETWORKS:
        if len(digits) in lengths and first <= digits[: len(first)] <= last:
            return name if luhn.is_valid(digits) else None
    return None


def looks_like_card(digits: str) -> bool:
    """As ``card_network``, without the check digit: what was mistyped."""
    return any(
        len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths, _ in _NETWORKS
    )


def national_ids(digits: str) -> list[tuple[str, bool]]:
    """(country, is it sure?) of what the digits are valid as; not sure are those with one check digit or none and no date.

    Of each the cheap half of the question is asked first, since most digits are none.
    """
    known = []
    match len(digits):
        case 9:
            if bsn.checksum(digits) == 0 and bsn.is_valid(digits):
                known.append(("NL", False))
            if ssn.is_valid(digits):
                known.append(("US", False))
        case 10:
            if _is_swedish(digits):
                known.append(("SE", True))
            if _day_and_month(digits[:4]) and cpr.is_valid(digits):
                known.append(("DK", cpr.checksum(digits) == 0))
        case 11:
            # From 41 on the day is that of a D-number; the month is raised in those of other registers.
            if digits[:2] <= "71" and _day_and_month(digits[:4], 40) and fodselsnummer.is_valid(digits):
                known.append(("NO", True))
            if digits[0] != "0" and len(set(digits[:10])) in (8, 9) and idnr.is_valid(digits):
                known.append(("DE", True))
        case 12:
            if digits[:2] in ("18", "19", "20") and _is_swedish(digits[2:], digits[:2]):
                known.append(("SE", True))
    return known


def _day_and_month(ddmm: str, step: int = 100) -> bool:
    return 1 <= int(ddmm[:2]) % step <= 31 and 1 <= int(ddmm[2:]) % step <= 12


def _is_swedish(digits: str, century: str = "") -> bool:
    """A personal identity number, or a co-ordination number (whose day is 60 higher)."""
    month, day = digits[2:4], int(digits[4:6])
    if not ("01" <= month <= "12") or not 1 <= day <= 91 or not luhn.is_valid(digits):
        return False
    # Without a century the 29th of February may be one of either.
    for candidate in (century,) if century else ("19", "20"):
        try:
            date(int(candidate + digits[:2]), int(month), day - 60 if day > 60 else day)
        except ValueError:
            continue
        return True
    return False
