"""What the helpdesk tells the statistics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_site, the_site
from wagtail_livechat import reckoning
from wagtail_livechat.helpdesk.counts import of_site
from wagtail_livechat.helpdesk.models import Faq, Feedback, Lookup

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 6, 10, tzinfo=UTC)
END = BEGIN + timedelta(days=1)


def test_searches_of_a_day_and_a_site_are_told_by_how_they_ended() -> None:
    for outcome, at, site in (
        ("answered", BEGIN, the_site()),
        ("answered", END - timedelta(seconds=1), the_site()),
        ("asked", BEGIN, the_site()),
        ("nothing", BEGIN, the_site()),
        ("answered", END, the_site()),
        ("nothing", BEGIN - timedelta(seconds=1), the_site()),
        ("nothing", BEGIN, make_site()),
    ):
        Lookup.objects.create(site=site, query="returns", outcome=outcome, at=at)

    assert of_site(the_site().pk, BEGIN, END) == {"deflected": 2, "asked": 1, "nothing": 1}


def test_votes_of_a_day_and_a_site_are_told() -> None:
    faq = Faq.objects.create(question="Do you deliver?", answer="Yes.")
    votes = [(True, BEGIN), (True, BEGIN), (False, END - timedelta(seconds=1)), (True, END)]
    for number, (helpful, at) in enumerate(votes):
        Feedback.objects.create(site=the_site(), faq=faq, version="1", helpful=helpful, voter=str(number), at=at)

    assert of_site(the_site().pk, BEGIN, END) == {"helpful": 2, "unhelpful": 1}


def test_the_statistics_ask_the_helpdesk() -> None:
    assert of_site in reckoning.providers()
