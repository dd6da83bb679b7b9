"""What the words just before a number say it is. Six languages, the closest word counts."""

from __future__ import annotations

import re
from typing import Literal

_LOOK_BACK = 60
_TOKEN = re.compile(r"\w+|[^\w\s\u200b]")

# Stems: "order" stands for "ordernummer", too.
_OTHER = re.compile(
    r"""(?:order|ordre|beställ|bestill|bestel|auftrag|vorgang|ref|artikel|article|art|item|vare|vara|produ[kc]t|sku|ean|gtin
    |upc|isbn|asin|hs|track|spårning|sporing|send|zending|försänd|forsend|kolli|pake|pakk|parcel|package|shipment|waybill
    |awb|invoice|faktura|factuur|rechnung|receipt|kvitt|beleg|bon|quote|offert|tilbud|angebot|case|ärende|sag|sak|zaak
    |fall|ticket|serial|serie|seri|version|firmware|build|model|modell|batch|lot|charge|customer|kund|kunde|klant|member
    |medlem|lid|mitglied|post(?:code|nr|num|nummer|leitzahl)|plz|zip|voucher|coupon|kupong|gift|gutschein|presentkort
    |gavekort|cadeaubon|transa[ck]|transaktion|org|cvr|kvk|vat|moms|mva|ust|btw|location|shelf|hylla|hylde|weight|price
    |pris|prijs|preis|total|sum|totalt|belopp|beløb|bedrag|betrag)\w{0,24}""",
    re.IGNORECASE | re.VERBOSE,
)
_PHONE = re.compile(
    r"""(?:\w*(?:phone|telefon|telefoon|mobil|mobiel)\w{0,12}|tel|tlf|tfn|mob|cell|handy|fax|gsm|sms|whatsapp|signal|call
    |ring|ringa|ringe|ruf|rufen|anrufen|bel|bellen|reach|text|nå|nås|træffes|erreich\w{0,6})""",
    re.IGNORECASE | re.VERBOSE,
)
_CARD = re.compile(
    r"\w*(?:card|kort|karte|kaart|visa|master|maestro|amex|debit|credit|kredit)\w{0,12}|cc|pan|dankort", re.IGNORECASE
)
_SSN = re.compile(r"ssn|ss|social|security|tin|itin", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may stand between such a word and the number.
_FILLING = _words("""
    number numbers no nr nrs num nummer nummeret numret numren nummern id ids code kode kod is was are be er
    är ist war sind var lyder lautet med with met mit the my your our min mitt mijn mein meine din dit vores
    vår unser and or och eller og und oder en of at on på under unter op auf via me mig meg mij mich us oss
    os to till til this denne dette det detta diese dieser deze it i je du called av af von van för for zur
    zum har has heeft hat says back label den der die das de het new old last first a an
""")
_ABBREVIATIONS = _words("nr no num art ref tel tlf tfn mob best pkt inv ord bestnr artnr")
_STOPS = frozenset("?!;\n")

_CURRENCY = r"kr|sek|dkk|nok|eur|euro|usd|gbp|chf|[€$£%°]|:-|,-"
_PRICE_AFTER = re.compile(
    rf"[ \u200b]?(?:{_CURRENCY}|st\b|stk|pcs|stück|stuks|x\b|g\b|kg|mm|cm|ml|mah|watt|w\b)", re.IGNORECASE
)
_PRICE_BEFORE = re.compile(rf"(?:{_CURRENCY})\.?[ \u200b]?$", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])[-./] ?(?:0?[1-9]|1[0-2])[-./] ?(?:19|20)?\d\d)(?![-./]?\d)"
)
_HOURS = re.compile(r"[0-2]?\d[.:][0-5]\d ?- ?[0-2]?\d[.:][0-5]\d")
_TIES = ("-", ".", "_")

Introduced = Literal["phone", "card", "ssn", "other"]


def introduced_as(text: str, start: int) -> Introduced | None:
    """What the number that begins at ``start`` of a plain text is said to be; None where nothing is said."""
    tokens = _TOKEN.findall(text[max(0, start - _LOOK_BACK) : start])
    for place in range(len(tokens) - 1, max(-1, len(tokens) - 14), -1):
        word = tokens[place]
        if word in _STOPS:
            return None
        if word == ".":
            # The end of a sentence, unless it is that of "no.".
            if place and tokens[place - 1].casefold() not in _ABBREVIATIONS:
                return None
        elif word == "#":
            return "other"
        elif word.isalnum() or "_" in word:
            if _PHONE.fullmatch(word):
                return "phone"
            if _SSN.fullmatch(word):
                return "ssn"
            if _OTHER.fullmatch(word):
                return "other"
            if _CARD.fullmatch(word):
                return "card"
            if not word[0].isdigit() and word.casefold() not in _FILLING:
                return None
    return None


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether a currency or a unit stands beside it."""
    return bool(_PRICE_AFTER.match(text, end) or _PRICE_BEFORE.search(text[max(0, start - 6) : start]))


def is_moment(written: str) -> bool:
    """Whether there is a date in it, or hours from - to."""
    return bool(_DATE.search(written) or _HOURS.fullmatch(written))


def in_code(text: str, start: int) -> bool:
    """Whether letters are tied to it: ``GIFT-1234-5678``."""
    before = text[max(0, start - 2) : start]
    return len(before) == 2 and before[0].isalpha() and before[1] in _TIES


def in_longer(text: str, start: int, end: int) -> bool:
    """Whether more digits are tied to it: the first eight of ``1234-5678-90``."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (len(before) == 2 and before[1] in _TIES and before[0].isdigit()) or (
        len(after) == 2 and after[0] in _TIES and after[1].isdigit()
    )


def in_address(text: str, start: int) -> bool:
    """Whether it is part of a web address or a path: ``https://…/20123456``, ``?id=20123456``."""
    before = text[max(0, start - 80) : start].rpartition(" ")[2]
    return "://" in before or before.startswith("www.") or before[-1:] in ("/", "=", "\\", "_")
