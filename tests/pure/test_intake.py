"""What visitors fill in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_livechat.intake import FIELDS, Answers, check, domain_of

EVERYTHING = dict.fromkeys(FIELDS, "required")


def faults(rules: dict[str, str], answers: Answers, **options: object) -> dict[str, str]:
    return dict(check(rules, answers, **options)[1])  # type: ignore[arg-type]


def test_what_is_required_and_missing_is_named() -> None:
    assert faults(EVERYTHING, Answers()) == dict.fromkeys(FIELDS, "required")
    assert faults(dict.fromkeys(FIELDS, "shown"), Answers()) == {}


def test_a_full_form_is_kept_in_the_form_in_which_it_is_used() -> None:
    given_ = Answers("Ada Lind", "Ada@Mail.EXAMPLE", "070-174 06 05", "A-17", 3, True)

    kept, wrong = check(EVERYTHING, given_, country="SE", departments={3: "Sales"})

    assert wrong == {}
    assert kept == Answers("Ada Lind", "Ada@mail.example", "+46 70 174 06 05", "A-17", 3, True)


@pytest.mark.parametrize(
    "address", ["ada", "ada@", "@mail.example", "ada@mail", "a b@mail.example", "ada@mail..example", "ada@localhost"]
)
def test_what_is_no_address_is_said_to_be_none(address: str) -> None:
    assert faults({"email": "shown"}, Answers(email=address)) == {"email": "email"}


@pytest.mark.covers("A4")
def test_an_address_in_letters_of_all_the_world_is_one() -> None:
    kept, wrong = check({"email": "required"}, Answers(email="åsa@räksmörgås.example"))

    assert (kept.email, wrong) == ("åsa@räksmörgås.example", {})
    assert domain_of("åsa@räksmörgås.example") == "xn--rksmrgs-5wao1o.example"


def test_a_domain_that_takes_no_mail_is_another_fault_than_a_slip() -> None:
    asked = []

    def takes_no_mail(domain: str) -> bool:
        asked.append(domain)
        return True

    assert faults({"email": "shown"}, Answers(email="ada@gmial.example"), takes_no_mail=takes_no_mail) == {
        "email": "domain"
    }
    assert asked == ["gmial.example"]


@pytest.mark.parametrize(
    ("number", "country", "kept"),
    [
        ("+47 22 22 55 55", "", "+47 22 22 55 55"),
        ("22 22 55 55", "NO", "+47 22 22 55 55"),
        ("0046701740605", "SE", "+46 70 174 06 05"),
        ("(201) 555-0123", "US", "+1 201-555-0123"),
    ],
)
def test_a_number_is_read_as_in_the_sites_country(number: str, country: str, kept: str) -> None:
    assert check({"phone": "required"}, Answers(phone=number), country=country)[0].phone == kept


@pytest.mark.parametrize(
    ("number", "country"), [("22 22 55 55", ""), ("12", "SE"), ("call me", "SE"), ("+999 1", "SE")]
)
def test_what_is_no_number_is_said_to_be_none(number: str, country: str) -> None:
    assert faults({"phone": "shown"}, Answers(phone=number), country=country) == {"phone": "phone"}


def test_a_department_that_cannot_be_chosen_is_refused() -> None:
    assert faults({"department": "shown"}, Answers(department=9), departments={3}) == {"department": "choice"}


def test_what_was_not_asked_for_is_kept_if_it_can_be_used_and_is_no_fault_if_not() -> None:
    kept, wrong = check({}, Answers("Ada", "no address", "12", "A-17", 9, False), departments={3})

    assert wrong == {}
    assert kept == Answers("Ada", "", "", "A-17", None, False)


def test_too_long_is_said_to_be_too_long() -> None:
    assert faults({"reference": "shown"}, Answers(reference="x" * 256)) == {"reference": "too_long"}


lines = st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["off", "shown", "required"])),
    st.builds(Answers, lines, lines | st.emails(), lines, lines, st.none() | st.integers(1, 5), st.booleans()),
    st.sampled_from(["", "SE", "US"]),
)
def test_whatever_is_typed_is_kept_or_refused_and_what_is_kept_is_kept_again(
    rules: dict[str, str], answers: Answers, country: str
) -> None:
    kept, wrong = check(rules, answers, country=country, departments={1, 2})

    assert set(wrong) <= {field for field, how in rules.items() if how != "off"}
    if not wrong:
        assert check(rules, kept, country=country, departments={1, 2}) == (kept, {})
