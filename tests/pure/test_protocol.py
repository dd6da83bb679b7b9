"""What comes in from outside is understood or refused with a reason; nothing else happens, whatever the bytes."""

from __future__ import annotations

import json
import string
import time
import uuid
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wagtail_livechat import handlers
from wagtail_livechat import protocol as p
from wagtail_livechat.exceptions import BadInput

CONVERSATION = "6f1c2c1e-3f64-4d7e-9a55-0b6a0c1d2e3f"
CLIENT_ID = "0d9f3a52-7c1b-4a88-8f5e-1a2b3c4d5e6f"
PARSERS = [p.parse_visitor_command, p.parse_operator_command]

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def message(**fields: Any) -> str:
    return json.dumps(
        {"type": "message.post", "conversation": CONVERSATION, "client_id": CLIENT_ID, "text": "Hello", **fields}
    )


def refusal(raw: str | bytes, parse: Any = p.parse_visitor_command) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse(raw)
    # What a client hears must itself be sayable.
    said = json.loads(p.encode(handlers.error_event(caught.value)))
    assert said["code"] == caught.value.code
    assert said["message"]
    return caught.value


# ------------------------------------------------------------------------------------------------- text


def test_line_ends_become_one_kind() -> None:
    assert p.clean_text("one\r\ntwo\rthree\nfour") == "one\ntwo\nthree\nfour"


def test_what_no_reader_sees_and_databases_choke_on_is_taken_out() -> None:
    assert p.clean_text("a\x00b\x07c\x1bd\x7fe\tf") == "abcde\tf"


def test_half_an_emoji_becomes_a_replacement_sign() -> None:
    assert p.clean_text("a\ud83db") == "a\ufffdb"


def test_writing_in_every_direction_and_emoji_are_left_alone() -> None:
    text = "שלום \u202eevil\u202c 👩\u200d🔬 e\u0301 \u200f"

    assert p.clean_text(text) == text


def test_a_line_has_no_line_breaks_and_no_blank_ends() -> None:
    assert p.clean_line("  Ada\r\nBcc: everyone\t Lovelace ") == "Ada Bcc: everyone Lovelace"


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = p.clean_text(text)

    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert p.clean_text(cleaned) == cleaned


@given(st.text(st.characters(exclude_categories=[])))
def test_a_clean_line_is_one_line(text: str) -> None:
    line = p.clean_line(text)

    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert p.clean_line(line) == line


# ----------------------------------------------------------------------------------------------- decode


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\x00")
@example(b"[]")
@example(b"null")
@example(b'"text"')
@example(b"{")
@example(b'{"a": NaN}')
@example(b'{"a": -Infinity}')
@example(b"[" * 60_000)
@example(b'{"a":' * 10_000)
@example(b'{"n": ' + b"9" * 20_000 + b"}")
def test_bytes_are_a_dict_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(p.decode(raw), dict)
    except BadInput as error:
        assert error.code in ("bad_json", "too_large")


@given(json_values)
def test_any_json_is_a_command_or_refused_with_words_that_can_be_sent(value: Any) -> None:
    raw = json.dumps(value)
    for parse in PARSERS:
        try:
            parse(raw)
        except BadInput as error:
            p.encode(handlers.error_event(error))


@given(
    kind=st.sampled_from(sorted(p._VISITOR_TYPES | p._OPERATOR_TYPES)),
    fields=st.dictionaries(
        st.sampled_from(["ref", "conversation", "client_id", "text", "after", "page", "token", "version", "offer", "x"])
        | st.text(st.characters(exclude_categories=[]), max_size=5),
        json_values | st.text(st.characters(exclude_categories=[]), max_size=70),
        max_size=6,
    ),
)
@example(kind="ping", fields={"ref": "\ud800"})
@example(kind="ping", fields={"\ud800": 1})
@example(kind="message.post", fields={"text": "\ud800", "ref": "\udfff"})
def test_any_fields_of_a_known_command_are_taken_or_refused_with_words_that_can_be_sent(
    kind: str, fields: dict[str, Any]
) -> None:
    raw = json.dumps({**fields, "type": kind})
    for parse in PARSERS:
        try:
            parse(raw)
        except BadInput as error:
            p.encode(handlers.error_event(error))


def test_a_frame_that_is_too_long_is_refused_before_it_is_read() -> None:
    assert refusal(b"x" * (p.MAX_FRAME_BYTES + 1)).code == "too_large"
    assert refusal("å" * (p.MAX_FRAME_BYTES // 2 + 1)).code == "too_large"
    assert p.decode(b'{"a":"' + b"x" * (p.MAX_FRAME_BYTES - 8) + b'"}')


@pytest.mark.parametrize(
    "raw",
    [
        '"' + '\\"' * 32_000,
        '"' + '\\"' * 32_000 + "\\",
        '{"a": "' + '\\"' * 32_000,
        '"\\\n' * 16_000,
        '"' * 65_001,
        "[" * 65_000,
    ],
    ids=["escaped quotes", "a last backslash", "an open object", "escaped line ends", "quotes", "brackets"],
)
def test_no_frame_keeps_the_server_busy(raw: str) -> None:
    began = time.process_time()

    assert refusal(raw).code == "bad_json"

    assert time.process_time() - began < 0.5


def test_brackets_in_a_text_are_only_text() -> None:
    text = '[[[[[[[[[[{{{{{{{{{{ \\" ]'

    assert p.parse_visitor_command(message(text=text)).text == text


def test_nesting_ends_somewhere() -> None:
    assert refusal('{"type": "ping", "x": ' + "[" * 8 + "]" * 8 + "}").code == "bad_json"


# ---------------------------------------------------------------------------------------------- commands


def test_a_message_is_understood() -> None:
    command = p.parse_visitor_command(message(ref="7"))

    assert command == p.PostMessage(
        ref="7", conversation=uuid.UUID(CONVERSATION), client_id=uuid.UUID(CLIENT_ID), text="Hello"
    )


def test_who_sends_an_unknown_command_is_told_which_one() -> None:
    error = refusal('{"type": "message.delete", "ref": "7"}')

    assert (error.code, error.ref) == ("unknown_type", "7")


def test_a_visitor_has_no_operators_commands() -> None:
    for command in set(p._OPERATOR_TYPES) - set(p._VISITOR_TYPES):
        assert refusal(json.dumps({"type": command})).code == "unknown_type"


def test_an_operator_has_no_visitors_commands() -> None:
    for command in set(p._VISITOR_TYPES) - set(p._OPERATOR_TYPES):
        assert refusal(json.dumps({"type": command}), p.parse_operator_command).code == "unknown_type"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("conversation", "1"),
        ("conversation", 1),
        ("conversation", None),
        ("conversation", "urn:uuid:" + CONVERSATION),
        ("conversation", "{" + CONVERSATION + "}"),
        ("conversation", CONVERSATION.replace("-", "")),
        ("client_id", CLIENT_ID + "\n"),
        ("client_id", [CLIENT_ID]),
        ("text", ""),
        ("text", " \n\t "),
        ("text", "\x00\x01"),
        ("text", 7),
        ("text", ["Hello"]),
        ("text", "x" * 10_001),
        ("ref", "r" * 65),
        ("ref", 7),
        ("unknown", 1),
    ],
)
def test_a_field_that_is_wrong_is_named(field: str, value: Any) -> None:
    error = refusal(message(**{field: value}))

    assert (error.code, error.field) == ("bad_command", field)
    assert error.message.startswith(field)


@pytest.mark.parametrize("value", [-1, 2**31, 1.0, "1", True, None, 1e999])
def test_a_seq_is_a_whole_number_of_its_size(value: Any) -> None:
    raw = json.dumps({"type": "timeline.fetch", "conversation": CONVERSATION, "after": value})

    refused = refusal(raw)

    # Infinity is no JSON at all.
    assert refused.code in ("bad_command", "bad_json")


def test_a_presence_that_only_the_system_sets_cannot_be_chosen() -> None:
    raw = json.dumps({"type": "presence.set", "status": "rona"})

    assert refusal(raw, p.parse_operator_command).field == "status"


def test_texts_and_lines_are_cleaned_on_their_way_in() -> None:
    command = p.parse_visitor_command(
        json.dumps(
            {
                "type": "conversation.start",
                "client_id": CLIENT_ID,
                "text": "a\u0000b\ud800\r\nc",
                "name": "Ada\r\nBcc: x",
                "page": {"url": "https://shop.example/\u0000", "title": "A\nB"},
            }
        )
    )

    assert command.text == "ab\ufffd\nc"
    assert command.name == "Ada Bcc: x"
    assert command.page == p.PageRef(url="https://shop.example/", title="A B")


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
def test_every_text_goes_through_the_wire_or_is_blank(text: str) -> None:
    try:
        command = p.parse_visitor_command(message(text=text))
    except BadInput as error:
        assert error.field == "text"
        assert not p.clean_text(text).strip()
        return

    event = p.MessagePosted(
        conversation=command.conversation,
        after=0,
        entry=p.Entry(
            seq=1,
            kind="text",
            author=p.Author(kind="visitor"),
            text=command.text,
            created_at="2026-11-01T12:00:00Z",  # type: ignore[arg-type]
        ),
    )
    assert json.loads(p.encode(event))["entry"]["text"] == p.clean_text(text)


def test_a_time_on_the_wire_is_utc_in_milliseconds() -> None:
    said = p.encode(p.Pong(time="2026-11-01T12:00:00.123456+01:00"))  # type: ignore[arg-type]

    assert json.loads(said)["time"] in ("2026-11-01T11:00:00.123Z", "2026-11-01T12:00:00.123+01:00")


def test_every_command_and_event_has_a_type_of_its_own() -> None:
    for shapes in (p.VISITOR_COMMANDS, p.OPERATOR_COMMANDS, p.VISITOR_EVENTS, p.OPERATOR_EVENTS):
        types = [shape.model_fields["type"].default for shape in shapes]
        assert len(types) == len(set(types))
        assert all(set(kind) <= set(string.ascii_lowercase + "._") for kind in types)


def test_every_command_has_someone_who_does_it() -> None:
    assert set(handlers.VISITOR_HANDLERS) == set(p.VISITOR_COMMANDS)
    assert set(handlers.OPERATOR_HANDLERS) == set(p.OPERATOR_COMMANDS)
