"""Names of countries in the reader's language. Pure."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=32)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(ISO 3166 code, name) of every country that has telephone numbers, by name."""
    # The names of a megabyte of places come with it: only who chooses a country needs them.
    from phonenumbers import geocoder

    base = {"nb": "no"}.get(language.split("-")[0], language.split("-")[0])
    found = {}
    for code in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number(code)
        name = geocoder.country_name_for_number(example, base) if example else ""
        found[code] = name or code
    return tuple(sorted(found.items(), key=lambda pair: pair[1].casefold()))
