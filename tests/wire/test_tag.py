"""What the tag adds to a page: no query, no cookie, a few bytes, the same for everyone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

pytestmark = pytest.mark.django_db


@pytest.mark.covers("E3")
def test_the_tag_adds_no_query_and_no_cookie() -> None:
    engine = engines["django"]
    request = RequestFactory().get("/", headers={"host": "localhost"})
    site = Site.objects.get(is_default_site=True)
    assert Site.find_for_request(request) == site  # every Wagtail page has looked it up before its template is drawn
    plain = engine.from_string("<p>Hello</p>")
    tagged = engine.from_string("{% load livechat %}<p>Hello</p>{% livechat %}")

    counts = []
    for template in (plain, tagged):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html = template.render({"request": request})
        counts.append(len(queries))

    assert counts == [0, 0]
    assert html.count("<script") == 1
    assert "nonce" not in html
    assert "csrf" not in html.lower()
    assert len(html) < 300
    assert not hasattr(request, "session")
    assert "CSRF_COOKIE" not in request.META
