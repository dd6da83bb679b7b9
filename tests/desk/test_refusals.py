"""What is refused is said in the language of who reads it; the code, which clients go by, is the same in all of them."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import trans_real

import wagtail_livechat
from tests.factories import make_operator, signed_in
from wagtail_livechat import exceptions
from wagtail_livechat.consumers.operator import OperatorConsumer
from wagtail_livechat.exceptions import AtCapacity, LiveChatError
from wagtail_livechat.handlers import error_event

PACKAGE = Path(wagtail_livechat.__file__).parent
UNREAD = {"BadInput"}
"""Raised at what no client of ours sends: nobody but a programmer reads it."""


@pytest.fixture(autouse=True)
def swedish(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Swedish catalogue that says of each sentence that it was asked for it."""
    monkeypatch.setattr(trans_real.translation("sv"), "gettext", lambda message: f"sv: {message}")


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "start"), [("?lang=sv", "sv: "), ("", ""), ("?lang=xx", ""), ("?lang=%00%ff", "")])
def test_a_refused_command_is_answered_in_the_language_of_the_desk(query: str, start: str) -> None:
    client = signed_in(make_operator().user)
    command = {"type": "message.post", "conversation": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "text": "Hi",
               "client_id": "1" * 8 + "-1111-4111-8111-" + "1" * 12}  # fmt: skip

    reply = client.post(
        reverse("wagtail_livechat_desk:commands") + query, json.dumps(command), content_type="application/json"
    )

    [error] = reply.json()["events"]
    assert (reply.status_code, error["code"]) == (404, "not_found")
    assert error["message"] == f"{start}There is no such conversation."


@pytest.mark.parametrize(
    ("query", "start"), [(b"lang=sv", "sv: "), (b"", ""), (b"lang=xx&lang=sv", ""), (b"\xff=&&", "")]
)
def test_a_socket_says_in_its_address_which_language_its_reader_has(query: bytes, start: str) -> None:
    consumer = OperatorConsumer()
    consumer.scope = {"query_string": query}

    told = consumer.refusal(exceptions.BadFile("empty"), "a-ref")

    assert (told.code, told.field, told.ref) == ("bad_file", "empty", "a-ref")
    assert told.message == f"{start}The file is empty."


def test_what_is_filled_in_stands_in_the_sentence_of_every_language() -> None:
    from django.utils import translation

    from wagtail_livechat.actions import offers

    assert "{load}" in Path(offers.__file__).read_text()
    error = AtCapacity(trans_real_format(load=3))
    with translation.override("sv"):
        assert error_event(error).message == "sv: You have 3 open conversations."
    assert error_event(error).message == "You have 3 open conversations."


def trans_real_format(**values: Any) -> Any:
    from django.utils.text import format_lazy
    from django.utils.translation import gettext_lazy

    return format_lazy(gettext_lazy("You have {load} open conversations."), **values)


def test_no_refusal_is_raised_in_one_language_only() -> None:
    refusals = {
        name for name, one in vars(exceptions).items() if isinstance(one, type) and issubclass(one, LiveChatError)
    }
    found = []
    for path in PACKAGE.rglob("*.py"):
        if {"helpdesk", "migrations", "client"} & set(path.relative_to(PACKAGE).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            first = node.args[0] if node.args else None
            if node.func.id in refusals - UNREAD - {"BadFile"} and isinstance(first, ast.Constant | ast.JoinedStr):
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert not found
