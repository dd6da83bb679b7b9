"""What a site wants found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["card", "iban", "national_id", "email", "phone"]

KINDS: tuple[Kind, ...] = get_args(Kind)

# Where a language is spoken in one country above all; English says nothing about the country.
_COUNTRY_OF_LANGUAGE = {
    "sv": "SE", "da": "DK", "nb": "NO", "nn": "NO", "no": "NO", "fi": "FI", "nl": "NL", "de": "DE", "fr": "FR", "es": "ES",
    "it": "IT", "pl": "PL", "pt": "PT", "is": "IS", "et": "EE", "lv": "LV", "lt": "LT", "cs": "CZ", "sk": "SK", "hu": "HU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """``kinds`` to look for; ``regions`` (ISO 3166 codes) whose national way to write a phone number is known."""

    kinds: frozenset[str] = frozenset(KINDS)
    regions: tuple[str, ...] = ()


def regions_of(languages: list[str]) -> tuple[str, ...]:
    """The countries that language codes such as ``sv`` or ``en-gb`` point to, each once, in order."""
    found = []
    for code in languages:
        language, _, country = code.replace("_", "-").partition("-")
        region = country.upper() if len(country) == 2 else _COUNTRY_OF_LANGUAGE.get(language.lower())
        if region and region not in found:
            found.append(region)
    return tuple(found)
