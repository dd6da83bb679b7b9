"""What is said above the launcher, and when."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import make_operator, make_settings, make_site, the_site
from wagtail_livechat import launcher
from wagtail_livechat.models import AutoMessage, AutoMessageTime

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    make_settings(time_zone="Europe/Stockholm")


def make(name: str = "Help", **fields: Any) -> AutoMessage:
    return AutoMessage.objects.create(name=name, content=f"{name}?", **fields)


def said(monkeypatch: pytest.MonkeyPatch | None = None, at: str = "") -> list[str]:
    cache.clear()
    if monkeypatch and at:
        moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Stockholm"))
        monkeypatch.setattr(timezone, "now", lambda: moment)
    return [message["name"] for message in launcher.boot(the_site().pk, "en")["messages"]]


@pytest.mark.covers("A14")
def test_messages_come_in_the_order_that_they_were_dragged_into() -> None:
    make_operator()
    make("Second", sort_order=2)
    make("First", sort_order=1)
    make("Off", is_active=False)
    make("Elsewhere", site=make_site())
    make("Here", site=the_site(), sort_order=3)

    assert said() == ["First", "Second", "Here"]


def test_while_nobody_is_there_only_those_are_said_that_are_meant_for_it() -> None:
    make("Ask us")
    make("Leave a message", when_offline=True)

    assert said() == ["Leave a message"]
    make_operator()
    assert said() == ["Ask us", "Leave a message"]


@pytest.mark.covers("A14")
def test_weekdays_and_times_are_those_of_the_sites_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    message = make("Lunch", when_offline=True, sunday=False)
    for begins, ends in ((11, 13), (22, 2)):
        AutoMessageTime.objects.create(message=message, begins=time(begins), ends=time(ends))

    shown = [at for at in ("10:59", "11:00", "12:59", "13:00", "23:00") if said(monkeypatch, f"2026-11-28 {at}")]
    sunday = [at for at in ("01:59", "02:00", "12:00", "23:00") if said(monkeypatch, f"2026-11-29 {at}")]

    assert shown == ["11:00", "12:59", "23:00"]
    assert sunday == ["01:59"], "the night of Saturday"


@pytest.mark.covers("A2")
def test_a_page_elsewhere_shows_whether_somebody_is_there() -> None:
    from wagtail.images import get_image_model
    from wagtail.images.tests.utils import get_test_image_file

    def shown() -> str:
        cache.clear()
        answer = Client().get(f"/livechat/picture/?site={the_site().pk}")
        assert (answer.status_code, "public" in answer["Cache-Control"]) == (302, True)
        return str(answer["Location"])

    seen = [shown()]
    make_operator()
    seen.append(shown())
    own = get_image_model().objects.create(title="Here!", file=get_test_image_file())
    make_settings(online_picture=own)

    assert [address.rpartition("/")[2] for address in seen] == ["offline.svg", "online.svg"]
    assert shown() == own.get_rendition("max-320x160").url == launcher.boot(the_site().pk, "en")["pictures"]["online"]
    assert Client().get("/livechat/picture/?site=99999").status_code == 404


def count(**body: Any) -> int:
    headers = {"Origin": "http://testserver"}
    return (
        Client().post("/livechat/auto/", json.dumps(body), content_type="application/json", headers=headers).status_code
    )


def test_messages_are_counted_and_nonsense_is_not() -> None:
    message = make()

    for what in ("shown", "shown", "clicked"):
        assert count(id=message.pk, what=what) == 204

    assert count(id=message.pk, what="name") == 400
    assert count(id="1", what="shown") == 400
    assert count(id=99_999, what="shown") == 204
    message.refresh_from_db()
    assert (message.shown, message.clicked, message.name) == (2, 1, "Help")
