"""Masking: what is found in a text, what is left, and that no valid number survives, however it is written."""

from __future__ import annotations

import random
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import masking_corpus as corpus
from wagtail_livechat.masking import KINDS, Rules, find, mask, mask_address, mask_detail, misses
from wagtail_livechat.masking.plain import plain
from wagtail_livechat.masking.rules import regions_of

NORDIC = Rules(regions=corpus.REGIONS)


# ----------------------------------------------------------------------------------------------- by example


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("+ 1 (123) 456 7890", "**********7890"),
        ("+447966197542", "*********7542"),
        ("melissa@gmail.com", "m******@gmail.com"),
    ],
)
def test_the_examples_of_the_catalogue(written: str, shown: str) -> None:
    assert mask(written, Rules()) == shown
    assert mask(f"Reach me at {written}, please.", Rules()) == f"Reach me at {shown}, please."


def test_a_visitor_whose_name_is_a_phone_number_has_a_masked_name() -> None:
    assert mask("070-123 45 67", NORDIC) == "*******4567"
    assert mask("Melissa Berg", NORDIC) == "Melissa Berg"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("visa4111111111111111", "card", "4111111111111111"),
        ("4111-1111\n1111-1111", "card", "4111-1111\n1111-1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("12 3782 822463 10005", "card", "3782 822463 10005"),
        ("4111 1111 1111 1111 12/27", "card", "4111 1111 1111 1111"),
        ("４１１１ １１１１ １１１１ １１１１", "card", "４１１１ １１１１ １１１１ １１１１"),
        ("٤١١١١١١١١١١١١١١١", "card", "٤١١١١١١١١١١١١١١١"),
        ("4111\u200b1111\u200b1111\u200b1111", "card", "4111\u200b1111\u200b1111\u200b1111"),
        ("my card 676700000000", "card", "676700000000"),
        ("SE45 5000 0000 0583 9825 7466", "iban", "SE45 5000 0000 0583 9825 7466"),
        ("IBANno9386011117947", "iban", "no9386011117947"),
        ("GB82\nWEST 1234-5698-7654 32", "iban", "GB82\nWEST 1234-5698-7654 32"),
        ("811218-9876", "national_id", "811218-9876"),
        ("19811218-9876", "national_id", "19811218-9876"),
        ("811278-9873", "national_id", "811278-9873"),
        ("211062-5629", "national_id", "211062-5629"),
        ("15108695088", "national_id", "15108695088"),
        ("131052-308T", "national_id", "131052-308T"),
        ("1112.22.333", "national_id", "1112.22.333"),
        ("36 574 261 809", "national_id", "36 574 261 809"),
        ("536-90-4399", "national_id", "536-90-4399"),
        ("my SSN is 536904399", "national_id", "536904399"),
        ("write to o'neill+x@post.example!", "email", "o'neill+x@post.example"),
        ("<åsa@räksmörgås.se>", "email", "åsa@räksmörgås.se"),
        ("a@b.se", "email", "a@b.se"),
        ("0046 70 123 45 67", "phone", "0046 70 123 45 67"),
        ("+46 (0)70-123 45 67", "phone", "+46 (0)70-123 45 67"),
        ("(030) 123456", "phone", "(030) 123456"),
        ("ring 20 12 34 56", "phone", "20 12 34 56"),
        ("20123456", "phone", "20123456"),
        ("whatsapp 447966197542", "phone", "447966197542"),
    ],
)
def test_a_personal_number_is_found_whole(text: str, kind: str, found: str) -> None:
    (item,) = find(text, NORDIC)

    assert (item.kind, text[item.start : item.end]) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "EAN 5701234567899",
        "5701234567899",
        "order 20123456",
        "Order no. 20123456 and 20123457",
        "mitt ordernummer är 20123456",
        "123456789",
        "https://shop.example/p/20123456?v=20123456",
        "10.0.2.15 and 23.11.2026 at 14:30-15:30",
        "1 299,00 kr, 20123456 kr",
        "GIFT-2012-3456",
        "meet @ noon",
        "@support",
        "2 x 500, 4 x 300",
        "",
    ],
)
def test_an_ordinary_number_is_left(text: str) -> None:
    assert mask(text, NORDIC) == text


def test_last_digits_are_shown_but_of_ids_none() -> None:
    assert mask("Card 4111 1111 1111 1111.", NORDIC) == "Card ************1111."
    assert mask("SE45 5000 0000 0583 9825 7466", NORDIC) == "********************7466"
    assert mask("811218-9876", NORDIC) == "***********"
    assert mask("a@b.se", NORDIC) == "*@b.se"


def test_only_the_kinds_that_were_asked_for() -> None:
    text = "4111111111111111 melissa@gmail.com"

    assert mask(text, Rules(kinds=frozenset({"email"}))) == "4111111111111111 m******@gmail.com"
    assert mask(text, Rules(kinds=frozenset())) == text


def test_the_nearest_word_says_what_a_number_is() -> None:
    text = "About order 20123456: call me on 20123457"

    assert mask(text, NORDIC) == "About order 20123456: call me on ****3457"


def test_a_national_number_is_known_in_its_own_country_only() -> None:
    assert mask("070-123 45 67", Rules(regions=("SE",))) != "070-123 45 67"
    assert mask("070-123 45 67", Rules(regions=("DK",))) == "070-123 45 67"


def test_countries_follow_from_languages() -> None:
    assert regions_of(["en", "sv", "da", "nb", "en-gb", "sv"]) == ("SE", "DK", "NO", "GB")


def test_a_field_is_hidden_whether_valid_or_not() -> None:
    assert mask_detail("12 34", "phone", NORDIC) == "****"
    assert mask_detail("call the office 5", "phone", NORDIC) == "**********ice5"
    assert mask_detail("melissa@localhost", "email", NORDIC) == "m******@localhost"
    assert mask_detail("melissa@localhost", "email", Rules(kinds=frozenset())) == "melissa@localhost"


def test_a_reference_number_is_not_taken_for_a_phone_number() -> None:
    assert mask("20123456", NORDIC) == "****3456"
    assert mask_detail("20123456", "reference", NORDIC) == "20123456"
    assert mask_detail("811218-9876", "reference", NORDIC) == "***********"


def test_a_phone_number_with_a_date_in_it_is_a_phone_number() -> None:
    assert mask("0701234567", NORDIC) == "******4567"
    assert mask("0701234567", Rules(kinds=frozenset({"national_id"}))) == "**********"


def test_a_web_address_is_read_as_the_browser_means_it() -> None:
    hidden = "https://shop.example/?mail=m******@gmail.com&x=1 2"

    assert mask_address("https://shop.example/?mail=melissa%40gmail.com&x=1%202", NORDIC) == hidden
    assert mask_address("https://shop.example/?q=a%20b", NORDIC) == "https://shop.example/?q=a%20b"


def test_what_was_left_comes_with_a_reason() -> None:
    (miss,) = misses("Is 4111 1111 1111 1112 right?", NORDIC)

    assert (miss.start, miss.end, miss.why) == (3, 22, "check_digit")
    assert [m.why for m in misses("order 20123456", NORDIC)] == ["introduced"]
    assert [m.why for m in misses("7000001", NORDIC)] == ["nothing"]
    assert misses("melissa@gmail.com and 12", NORDIC) == []


# --------------------------------------------------------------------------------------------- by property

SEPARATOR = st.sampled_from(
    ["", " ", "-", ".", "/", "\u00a0", "\n", "\r\n", " - ", "\u2013", "\u200b", "_", "\u2009", ", ", "·"]
)
# Words and marks, none of which says what a number is.
AROUND = st.sampled_from(["", "hello ", "see: ", "(", "\n", "« ", "Åsa – ", "5 x, ", "yes! ", "my number "])
BEHIND = st.sampled_from(["", " thanks", ".", ")", "\n", " »", "!", " ok?", ", 12/27"])
ZERO = st.sampled_from([0x30, 0x30, 0x30, *corpus.SCRIPTS])


def digits_of(text: str) -> str:
    return "".join(char for char in plain(text) if char.isascii() and char.isdigit())


@st.composite
def split(draw: st.DrawFn, number: str) -> str:
    """The number with separators anywhere, in the digits of some script."""
    zero = draw(ZERO)
    parts = [chr(zero + int(char)) if char.isdigit() else char for char in number]
    for place in draw(st.lists(st.integers(1, len(parts) - 1), max_size=8, unique=True)):
        parts[place] = draw(SEPARATOR) + parts[place]
    return "".join(parts)


@st.composite
def cards(draw: st.DrawFn) -> tuple[str, str]:
    number = corpus.card_number(random.Random(draw(st.integers())))
    return number, draw(split(number))


@st.composite
def ibans(draw: st.DrawFn) -> tuple[str, str]:
    number = corpus.iban_number(random.Random(draw(st.integers())), draw(st.sampled_from([*corpus.iban_structures()])))
    written = draw(split(number))
    return number, written.lower() if draw(st.booleans()) else written


@settings(max_examples=150, deadline=None)
@given(st.one_of(cards(), ibans()), AROUND, BEHIND)
def test_no_valid_card_or_iban_survives(number: tuple[str, str], before: str, after: str) -> None:
    valid, written = number

    shown = mask(before + written + after, NORDIC)

    assert valid[:-4] not in "".join(char for char in plain(shown) if char.isalnum()).upper()
    assert "*" * 8 in shown


@settings(max_examples=120, deadline=None)
@given(st.integers(), st.sampled_from(["SE", "DK", "NO", "FI", "NL", "DE", "US"]), AROUND, BEHIND)
def test_no_valid_national_id_survives(seed: int, country: str, before: str, after: str) -> None:
    written = corpus.national_id(random.Random(seed), country)

    shown = mask(before + written + after, NORDIC)

    assert written not in shown
    assert digits_of(written)[-6:] not in digits_of(shown)


@settings(max_examples=120, deadline=None)
@given(st.integers(), st.sampled_from(corpus.REGIONS), st.sampled_from([0, 1, 2]), AROUND, BEHIND)
def test_no_valid_phone_number_survives(seed: int, region: str, form: int, before: str, after: str) -> None:
    import phonenumbers

    number = corpus.phone_number(random.Random(seed), region)
    written = phonenumbers.format_number(number, form)

    shown = mask(before + written + after, NORDIC)

    assert digits_of(written)[:-4] not in digits_of(shown)[: len(digits_of(before + written)) - 4]
    assert written not in shown


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=200), st.sets(st.sampled_from(KINDS)))
def test_masking_any_text_twice_changes_nothing_more(text: str, kinds: set[str]) -> None:
    rules = Rules(frozenset(kinds), ("SE", "DK", "US"))

    shown = mask(text, rules)

    assert mask(shown, rules) == shown
    assert len(plain(text)) == len(text)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["4111 1111", "0701", "+46", "SE45", " ", "-", "1", "a@b.se", "811218", "order "]), max_size=40
    )
)
def test_what_is_found_is_in_order_and_apart(parts: list[str]) -> None:
    text = "".join(parts)

    found = find(text, NORDIC)

    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= item.start < item.end <= len(text) for item in found)


# ------------------------------------------------------------------------------------------------ the clock

HOSTILE = [
    "1 ", "0 7 ", "SE12", "@", "a@", "a.b@c.", "1", "4", "+1 ", "+", "4111 ", "01", "order nr ", "12.11.2026 ", "0701 ", "21 22 ",
    "a.", ".a@", "1-", "(", "x1", "\u200b", "1\u200b", "00 ", "GB82WEST", "ssn 1", "(1)", "9 . , ",
]  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE)
def test_time_grows_with_the_length_and_no_faster(pattern: str) -> None:
    def seconds(length: int) -> float:
        text = (pattern * length)[:length]
        times = []
        for _ in range(3):
            begin = process_time()
            mask(text, NORDIC)
            times.append(process_time() - begin)
        return min(times)

    seconds(200)
    short, long = seconds(1000), seconds(4000)

    # Four times as much: far from the sixteen that a squared cost would show.
    assert long < 9 * short + 0.02
    assert short < 0.3
