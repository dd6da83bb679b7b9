"""Sentences of a shop's chat in six languages, with ordinary numbers and with personal ones.

Every sentence is written by hand; what stands in braces is filled with numbers made up from a seed, so that a figure of one
in a hundred means something. Used by tests/pure/test_masking_corpus.py and by ``python -m benchmarks --only masking``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import phonenumbers
from stdnum import ean, iban, luhn, numdb
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.iso7064 import mod_11_10
from stdnum.nl import bsn
from stdnum.no import fodselsnummer

REGIONS = ("SE", "DK", "NO", "FI", "NL", "DE")
"""The countries of the shop: the more, the more ordinary numbers look like phone numbers."""

ORDINARY = {
    "en": """
        Hi, order {order} has not arrived yet.
        My order number is {order}, placed on {date}.
        Where is order #{order}? I paid {price} for it.
        The orders {order} and {order} came in one box.
        The tracking code {tracking} says it left on {date} at {time}.
        DHL gives me tracking number {tracking}, is that you?
        Do you have article {article} in stock, and is the price still {price}?
        The label reads EAN {ean}.
        The barcode is {ean} and the batch {article}.
        I use app version {version} on a phone from {year}.
        We live at 12 Mill Lane, {postcode}, can you deliver on {date} between {time} and {time}?
        Invoice {order} is due on {date}, but I was charged {price} twice.
        The desk is {size} cm, I need {quantity} of them.
        The lamp is {price}, with 25% off that makes {price}, right?
        My customer number is {order}.
        I opened ticket {order} on {date} and nobody answered for {quantity} days.
        It said 2 for {price} or 5 for {price}.
        The voucher code {voucher} is not accepted.
        Opening hours were {time}-{time} on {date}.
        The serial number on the back is {serial}.
        https://shop.example/orders/{order}?v={version}
        The server answered from {ip}, with error {quantity}00.
        """,
    "sv": """
        Hej, beställning {order} har inte kommit än.
        Mitt ordernummer är {order} och jag beställde den {date}.
        Order nr {order} kostade {price} men jag betalade {price}.
        Spårningsnumret {tracking} har inte ändrats sedan {date}.
        Paketet {tracking} ligger kvar hos ombudet sedan kl. {time}.
        Har ni artikelnummer {article} i lager?
        Artikel {article} finns i storlek {size} för {price}.
        På etiketten står EAN {ean}.
        Jag har version {version} av appen.
        Leverera till Storgatan 12, {postcode_sv} Uppsala den {date}.
        Faktura {order} förfaller {date}.
        Mitt kundnummer är {order}.
        Ärende {order} är inte löst, jag skrev {date} kl {time}.
        Vi behöver {quantity} stolar à {price}.
        Presentkort {voucher} går inte att använda.
        Serienumret är {serial}.
        Skrivbordet är {size} cm och väger {quantity} kg.
        Öppettiderna {time}-{time} gällde väl {date}?
        """,
    "da": """
        Hej, ordre {order} er ikke kommet endnu.
        Mit ordrenummer er {order}, jeg bestilte den {date}.
        Ordre nr. {order} kostede {price}.
        Sporingsnummeret {tracking} har stået stille siden {date}.
        Pakken {tracking} skulle komme mellem {time} og {time}.
        Har I varenummer {article} på lager?
        Vare {article} koster {price}, ikke?
        Der står EAN {ean} på kassen.
        Jeg bruger version {version}.
        Send den til Nygade 4, {postcode_4} Aarhus den {date}.
        Faktura {order} forfalder {date}.
        Mit kundenummer er {order}.
        Sagen {order} er ikke løst siden {date} kl. {time}.
        Vi skal bruge {quantity} stk. til {price}.
        Gavekort {voucher} virker ikke.
        Serienummeret er {serial}.
        Bordet er {size} cm.
        """,
    "nb": """
        Hei, bestilling {order} har ikke kommet ennå.
        Ordrenummeret mitt er {order}, bestilt {date}.
        Ordre nr. {order} kostet {price}.
        Sporingsnummeret {tracking} har ikke flyttet seg siden {date}.
        Pakken {tracking} skulle komme mellom {time} og {time}.
        Har dere varenummer {article} på lager?
        Artikkel {article} koster vel {price}?
        På esken står EAN {ean}.
        Jeg har versjon {version} av appen.
        Send den til Storgata 8, {postcode_4} Bergen innen {date}.
        Faktura {order} forfaller {date}.
        Kundenummeret mitt er {order}.
        Saken {order} har ligget siden {date} kl. {time}.
        Vi trenger {quantity} stoler til {price}.
        Gavekort {voucher} virker ikke.
        Serienummeret er {serial}.
        Bordet er {size} cm.
        """,
    "nl": """
        Hallo, bestelling {order} is nog niet binnen.
        Mijn bestelnummer is {order}, besteld op {date}.
        Order nr. {order} kostte {price}.
        De track & trace-code {tracking} staat al stil sinds {date}.
        Het pakket {tracking} zou tussen {time} en {time} komen.
        Hebben jullie artikel {article} op voorraad?
        Artikelnummer {article} kost toch {price}?
        Op de doos staat EAN {ean}.
        Ik gebruik versie {version} van de app.
        Stuur het naar Dorpsstraat 9, {postcode_nl} Utrecht op {date}.
        Factuur {order} vervalt op {date}.
        Mijn klantnummer is {order}.
        Zaak {order} is sinds {date} om {time} niet opgelost.
        We hebben {quantity} stoelen nodig van {price}.
        De cadeaubon {voucher} werkt niet.
        Het serienummer is {serial}.
        De tafel is {size} cm.
        """,
    "de": """
        Hallo, die Bestellung {order} ist noch nicht da.
        Meine Bestellnummer ist {order}, bestellt am {date}.
        Auftrag Nr. {order} hat {price} gekostet.
        Die Sendungsnummer {tracking} steht seit dem {date} still.
        Das Paket {tracking} sollte zwischen {time} und {time} kommen.
        Haben Sie Artikel {article} auf Lager?
        Artikelnummer {article} kostet doch {price}?
        Auf dem Karton steht EAN {ean}.
        Ich benutze Version {version} der App.
        Bitte an Hauptstraße 7, {postcode} Dresden, am {date}.
        Die Rechnung {order} ist am {date} fällig.
        Meine Kundennummer lautet {order}.
        Der Vorgang {order} ist seit {date}, {time} Uhr, offen.
        Wir brauchen {quantity} Stühle zu {price}.
        Der Gutschein {voucher} geht nicht.
        Die Seriennummer ist {serial}.
        Der Tisch ist {size} cm groß.
        """,
}

PERSONAL = {
    "en": """
        My card is {card}, can you refund it?
        {card} is the number, it expires 12/27
        Please pay back to {iban}.
        My id is {id}, do you need it?
        Write to {email} or call {phone}.
        {phone}
        It is about order {order}. My number: {phone}
        """,
    "sv": """
        Mitt kort är {card} och det går inte att betala.
        Betala tillbaka till {iban} tack.
        Mitt personnummer är {id}.
        Mejla {email} eller ring {phone}.
        Jag nås på {phone} efter kl {time}.
        """,
    "da": """
        Mit kort er {card}, det bliver afvist.
        Overfør til {iban}.
        Mit cpr-nummer er {id}.
        Skriv til {email} eller ring på {phone}.
        Ordre {order} mangler. Jeg træffes på {phone}.
        """,
    "nb": """
        Kortet mitt er {card}.
        Betal tilbake til {iban}.
        Fødselsnummeret mitt er {id}.
        Skriv til {email} eller ring {phone}.
        """,
    "nl": """
        Mijn kaart is {card}.
        Graag terugbetalen op {iban}.
        Mijn bsn is {id}.
        Mail {email} of bel {phone}.
        """,
    "de": """
        Meine Karte ist {card}.
        Bitte auf {iban} erstatten.
        Meine Steuernummer ist {id}.
        Schreiben Sie an {email} oder rufen Sie {phone} an.
        """,
}


@dataclass(frozen=True)
class Sample:
    language: str
    text: str
    personal: tuple[tuple[int, int, str], ...] = ()
    """(start, end, kind) of what has to be found; nothing else may be."""


def samples(sentences: dict[str, str], rounds: int, seed: int = 2026) -> Iterator[Sample]:
    """Every sentence ``rounds`` times, each time with other numbers. The same for the same seed."""
    dice = random.Random(seed)
    for _ in range(rounds):
        for language, block in sentences.items():
            for line in block.strip().splitlines():
                yield _filled(language, line.strip(), dice)


def _filled(language: str, line: str, dice: random.Random) -> Sample:
    text, personal, end = "", [], 0
    for slot in re.finditer(r"\{(\w+)\}", line):
        text += line[end : slot.start()]
        value = (ORDINARY_SLOTS | PERSONAL_SLOTS)[slot[1]](dice)
        if slot[1] in PERSONAL_SLOTS:
            kind = "national_id" if slot[1] == "id" else slot[1]
            personal.append((len(text), len(text) + len(value), kind))
        text += value
        end = slot.end()
    return Sample(language, text + line[end:], tuple(personal))


# ------------------------------------------------------------------------------------------------- ordinary


def digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _order(dice: random.Random) -> str:
    return dice.choice(
        [
            lambda: str(dice.randint(10_000, 9_999_999)),
            lambda: str(dice.randint(10_000_000, 99_999_999)),
            lambda: str(dice.randint(100_000_000, 9_999_999_999)),
            lambda: f"2026-{digits(dice, 6)}",
            lambda: f"SO{digits(dice, 8)}",
            lambda: f"10{digits(dice, 7)}",
        ]
    )()


def _price(dice: random.Random) -> str:
    whole, part = dice.randint(1, 9999), dice.choice(["00", "50", "95", "99"])
    return dice.choice(
        [f"€{whole}.{part}", f"{whole},{part} €", f"{whole} kr", f"{whole:,}.{part} EUR", f"{whole},{part} kr", f"£{whole}",
         f"SEK {whole}", f"{whole:,} kr".replace(",", " "), f"{whole}:-", f"EUR {whole:,}".replace(",", "."), f"${whole}.{part}"]
    )  # fmt: skip


def _date(dice: random.Random) -> str:
    year, month, day = dice.randint(2019, 2027), dice.randint(1, 12), dice.randint(1, 28)
    return dice.choice(
        [f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{day}/{month}/{year}", f"{day}/{month}-{year % 100:02}",
         f"{day:02}-{month:02}-{year}", f"{day}.{month}.", f"{day:02}.{month:02}.{year % 100:02}"]
    )  # fmt: skip


def _tracking(dice: random.Random) -> str:
    return dice.choice(
        [f"1Z{digits(dice, 3)}AA1{digits(dice, 10)}", f"RR{digits(dice, 9)}SE", f"JJD0003{digits(dice, 14)}", f"00370{digits(dice, 15)}",
         f"3735{digits(dice, 14)}", f"TBA{digits(dice, 12)}", digits(dice, 12), f"CC{digits(dice, 9)}DE", digits(dice, 10)]
    )  # fmt: skip


def _article(dice: random.Random) -> str:
    return dice.choice(
        [f"{digits(dice, 3)}.{digits(dice, 3)}.{digits(dice, 2)}", f"{digits(dice, 5)}-{digits(dice, 2)}", digits(dice, 8),
         f"A{digits(dice, 6)}", f"{digits(dice, 3)}-{digits(dice, 4)}", digits(dice, 6)]
    )  # fmt: skip


def _ean(dice: random.Random) -> str:
    number = dice.choice(["73", "57", "70", "64", "87", "40", "42", "50", "69"]) + digits(dice, 10)
    return number + str(ean.calc_check_digit(number))


ORDINARY_SLOTS: dict[str, Callable[[random.Random], str]] = {
    "order": _order,
    "price": _price,
    "date": _date,
    "tracking": _tracking,
    "article": _article,
    "ean": _ean,
    "time": lambda d: f"{d.randint(0, 23):02}{d.choice(':.')}{d.choice(['00', '15', '30', '45'])}",
    "year": lambda d: str(d.randint(2012, 2026)),
    "version": lambda d: ".".join(str(d.randint(0, 30)) for _ in range(d.choice([2, 3, 4]))),
    "postcode": lambda d: f"{d.randint(1000, 99999):05}",
    "postcode_sv": lambda d: f"{d.randint(100, 989)} {digits(d, 2)}",
    "postcode_4": lambda d: f"{d.randint(1000, 9999)}",
    "postcode_nl": lambda d: f"{d.randint(1000, 9999)} {d.choice('ABX')}{d.choice('CDZ')}",
    "size": lambda d: d.choice(
        [f"{d.randint(40, 250)} x {d.randint(40, 120)} x {d.randint(40, 90)}", f"{d.randint(40, 200)}"]
    ),
    "quantity": lambda d: str(d.randint(2, 24)),
    "voucher": lambda d: f"{d.choice(['XMAS', 'GIFT', 'JUL'])}-{digits(d, 4)}-{digits(d, 4)}",
    "serial": lambda d: d.choice([f"SN{digits(d, 10)}", f"{digits(d, 4)}-{digits(d, 4)}-{digits(d, 2)}", digits(d, 9)]),
    "ip": lambda d: ".".join(str(d.randint(1, 254)) for _ in range(4)),
}

# ------------------------------------------------------------------------------------------------- personal

CARD_PREFIXES = {
    "4": 16, "51": 16, "55": 16, "2221": 16, "2720": 16, "34": 15, "37": 15, "36": 14, "38": 14, "305": 14, "6011": 16, "65": 16,
    "644": 16, "3528": 16, "3589": 16, "62": 17, "6304": 16, "5018": 18, "5019": 16, "2200": 16, "9792": 16, "6759": 19,
}  # fmt: skip


def card_number(dice: random.Random) -> str:
    prefix = dice.choice([*CARD_PREFIXES])
    body = prefix + digits(dice, CARD_PREFIXES[prefix] - len(prefix) - 1)
    return body + luhn.calc_check_digit(body)


def spread(number: str, sizes: list[int], separator: str) -> str:
    """``number`` in groups of these sizes; what is left is the last group."""
    groups, place = [], 0
    for size in sizes:
        if place < len(number):
            groups.append(number[place : place + size])
            place += size
    if place < len(number):
        groups.append(number[place:])
    return separator.join(groups)


SEPARATORS = ["", " ", "-", ".", "\u00a0", "  ", " - ", "\n", "\u2009", "\u2011"]


def _card(dice: random.Random) -> str:
    number = card_number(dice)
    sizes = [4, 6, 5] if len(number) == 15 else [4, 6, 4] if len(number) == 14 else [4, 4, 4, 4]
    return in_script(spread(number, sizes, dice.choice(SEPARATORS)), dice)


SCRIPTS = [0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE]
"""Where the digits of some scripts begin: Arabic, Persian, Devanagari, full width, mathematical bold."""


def in_script(text: str, dice: random.Random) -> str:
    if dice.random() < 0.9:
        return text
    zero = dice.choice(SCRIPTS)
    return re.sub("[0-9]", lambda digit: chr(zero + int(digit[0])), text)


@cache
def iban_structures() -> dict[str, str]:
    """Country -> structure such as ``4!a6!n8!n``, of every country that has IBANs."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    known = {a + b: numdb.get("iban").info(f"{a}{b}00")[0][1].get("bban", "") for a in letters for b in letters}
    return {country: structure for country, structure in known.items() if structure}


def iban_number(dice: random.Random, country: str | None = None) -> str:
    country = country or dice.choice([*iban_structures()])
    alphabet = {"n": "0123456789", "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "c": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    bban = "".join(
        "".join(dice.choices(alphabet[kind], k=int(count)))
        for count, kind in re.findall(r"(\d+)!([nac])", iban_structures()[country])
    )
    return country + iban.calc_check_digits(f"{country}00{bban}") + bban


def _iban(dice: random.Random) -> str:
    number = iban_number(dice)
    written = spread(number, [4] * 9, dice.choice(["", " ", "-", "\u00a0", "\n"]))
    return written.lower() if dice.random() < 0.2 else written


def _born(dice: random.Random) -> tuple[str, str, str]:
    return f"{dice.randint(1, 28):02}", f"{dice.randint(1, 12):02}", f"{dice.randint(40, 99):02}"


def national_id(dice: random.Random, country: str | None = None) -> str:
    """A valid one, written as people of that country write it."""
    country = country or dice.choice(["SE", "DK", "NO", "FI", "NL", "DE", "US"])
    while True:
        number = _ID_MAKERS[country](dice)
        if number:
            return number


def _swedish(dice: random.Random) -> str:
    day, month, year = _born(dice)
    if dice.random() < 0.2:
        day = str(int(day) + 60)  # a co-ordination number
    body = year + month + day + digits(dice, 3)
    body += luhn.calc_check_digit(body)
    return dice.choice(
        [body, f"{body[:6]}-{body[6:]}", f"19{body[:6]}-{body[6:]}", f"19{body}", f"{body[:6]} {body[6:]}"]
    )


def _danish(dice: random.Random) -> str:
    day, month, year = _born(dice)
    number = day + month + year + dice.choice("0123") + digits(dice, 3)
    return (
        dice.choice([number, f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}"])
        if cpr.is_valid(number)
        else ""
    )


def _norwegian(dice: random.Random) -> str:
    day, month, year = _born(dice)
    body = day + month + year + f"{dice.randint(0, 499):03}"
    number = body + fodselsnummer.calc_check_digit1(body)
    number += fodselsnummer.calc_check_digit2(number)
    if not fodselsnummer.is_valid(number):
        return ""
    return dice.choice([number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}"])


def _finnish(dice: random.Random) -> str:
    day, month, year = _born(dice)
    body = day + month + year
    individual = f"{dice.randint(2, 899):03}"
    control = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(body + individual) % 31]
    number = f"{body}{dice.choice('-YX')}{individual}{control}"
    assert hetu.is_valid(number)
    return number.lower() if dice.random() < 0.2 else number


def _dutch(dice: random.Random) -> str:
    number = digits(dice, 9)
    return (
        dice.choice([number, f"{number[:4]}.{number[4:6]}.{number[6:]}"])
        if number[0] != "0" and bsn.is_valid(number)
        else ""
    )


def _german(dice: random.Random) -> str:
    body = digits(dice, 10)
    number = body + mod_11_10.calc_check_digit(body)
    if body[0] == "0" or not idnr.is_valid(number):
        return ""
    return dice.choice([number, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"])


def _american(dice: random.Random) -> str:
    area = dice.choice([area for area in range(1, 900) if area != 666])
    return f"{area:03}-{dice.randint(1, 99):02}-{dice.randint(1, 9999):04}"


_ID_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "SE": _swedish, "DK": _danish, "NO": _norwegian, "FI": _finnish, "NL": _dutch, "DE": _german, "US": _american,
}  # fmt: skip


def phone_number(dice: random.Random, region: str) -> phonenumbers.PhoneNumber:
    """A valid number of the region, near one that the library gives as an example."""
    kind = dice.choice([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    while True:
        written = str(example.national_number)
        number = phonenumbers.PhoneNumber(
            country_code=example.country_code, national_number=int(written[:-5] + digits(dice, 5))
        )
        if phonenumbers.is_valid_number(number):
            return number


def _phone(dice: random.Random) -> str:
    if dice.random() < 0.5:
        number = phone_number(dice, dice.choice(REGIONS))
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    else:
        number = phone_number(dice, dice.choice([*REGIONS, "US", "GB", "FR", "PL", "IN", "BR"]))
        form = dice.choice([phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164])
        written = phonenumbers.format_number(number, form)
    return dice.choice([written, written.replace(" ", "-"), written.replace(" ", ""), written.replace("-", " ")])


def _email(dice: random.Random) -> str:
    local = dice.choice(["melissa", "o.berg", "kim+shop", "a", "jan_de.vries", "åsa", "info2026"])
    return f"{local}@{dice.choice(['gmail.com', 'mail.example', 'räksmörgås.se', 'post.co.uk', 'x-y.example.org'])}"


PERSONAL_SLOTS: dict[str, Callable[[random.Random], str]] = {
    "card": _card,
    "iban": _iban,
    "id": national_id,
    "email": _email,
    "phone": _phone,
}
