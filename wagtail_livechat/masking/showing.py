"""What is shown in place of what was found."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from .finding import Found, find
from .plain import plain
from .rules import Rules

STAR = "*"


def mask(text: str, rules: Rules) -> str:
    """``text`` with everything hidden that the rules ask for. What is masked already stays as it is."""
    return mask_found(text, find(text, rules)) if text and rules.kinds else text


def mask_found(text: str, found: list[Found]) -> str:
    """``text`` with these hidden."""
    if not found:
        return text
    parts, end = [], 0
    for item in found:
        parts += [text[end : item.start], _SHOWN[item.kind](text[item.start : item.end])]
        end = item.end
    return "".join([*parts, text[end:]])


_REFERENCE = "ref "


def mask_detail(text: str, field: str, rules: Rules) -> str:
    """A visitor's detail. ``email`` and ``phone`` are hidden whole, valid or not; what is said to be a ``reference`` number
    is not taken for a phone number."""
    if field == "reference":
        return mask(_REFERENCE + text, rules)[len(_REFERENCE) :]
    if not text or field not in rules.kinds:
        return mask(text, rules)
    if field == "email" and "@" in plain(text):
        return _email(text)
    return _last_four(text)


def mask_address(url: str, rules: Rules) -> str:
    """A web address, whose letters may be written as ``%40``. Changed only if there is something to hide."""
    decoded = unquote(url) if "%" in url else url
    hidden = mask(decoded, rules)
    return url if hidden == decoded else hidden


def _compact(text: str) -> str:
    return "".join(char for char, as_plain in zip(text, plain(text), strict=True) if as_plain not in " \u200b")


def _last_four(text: str) -> str:
    """Spaces left out, everything but the last four characters hidden; of a short number, all but two."""
    text = _compact(text)
    shown = 4 if len(text) >= 8 else 2 if len(text) >= 5 else 0
    return STAR * (len(text) - shown) + text[len(text) - shown :]


def _nothing(text: str) -> str:
    """All hidden: the last digits of a national id are the secret ones."""
    return STAR * len(_compact(text))


def _email(text: str) -> str:
    """``m******@gmail.com``."""
    at = plain(text).rindex("@")
    local = text[:at]
    return (local[0] if len(local) > 1 else "") + STAR * (len(local) - (len(local) > 1)) + text[at:]


_SHOWN: dict[str, Callable[[str], str]] = {
    "card": _last_four,
    "iban": _last_four,
    "national_id": _nothing,
    "email": _email,
    "phone": _last_four,
}
