"""What a link on a page opens the chat with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat import openers


@given(st.integers(1, 2**31))
def test_a_department_that_an_editor_chose_is_believed(department: int) -> None:
    assert openers.department(openers.token(department)) == department
    assert openers.token(department) == openers.token(str(department))


@given(st.text(max_size=60))
def test_one_that_somebody_made_up_is_not(made_up: str) -> None:
    assert openers.department(made_up) is None


def test_the_department_in_a_token_cannot_be_exchanged() -> None:
    number, signature = openers.token(3).split(":")

    assert number == "3"
    assert openers.department(f"4:{signature}") is None


@pytest.mark.parametrize(
    ("address", "leads_there"),
    [
        ("/contact/", True),
        ("https://shop.example/contact", True),
        ("mailto:shop@example.com", True),
        ("tel:+4612345", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("contact", False),
    ],
)
def test_a_link_leads_only_where_links_may_lead(address: str, leads_there: bool) -> None:
    assert openers.href(address) == (address if leads_there else "")


def test_the_page_is_named_in_the_first_sentence() -> None:
    assert openers.words("About <page>: ", "Blanket Myr") == "About Blanket Myr:"
    assert len(openers.words("<page>" * 200, "Long title")) == openers.TEXT_MAX_LENGTH
