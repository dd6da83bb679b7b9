"""The examples of the wire protocol, as Python reads them. client/test/examples.test.ts reads the same file.

examples.json holds ``frames`` (raw text that is no command), ``commands``, ``events`` and ``replays`` (what a client has,
the events that come, and the fresh snapshot that it must then equal). ``side`` is whose client sends or receives it;
``shape`` says that the fault is one of shape, which the TypeScript compiler must find too.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from wagtail_livechat import protocol, schema
from wagtail_livechat.exceptions import BadInput

EXAMPLES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))

SIDES = {"visitor": ["visitor"], "operator": ["operator"], "both": ["visitor", "operator"]}
PARSE = {"visitor": protocol.parse_visitor_command, "operator": protocol.parse_operator_command}
EVENTS = {
    "visitor": {schema.type_of(event): event for event in protocol.VISITOR_EVENTS},
    "operator": {schema.type_of(event): event for event in protocol.OPERATOR_EVENTS},
}


def cases(kind: str, **wanted: Any) -> list[Any]:
    return [
        pytest.param(example, side, id=f"{side}: {example['name']}")
        for example in EXAMPLES[kind]
        if all(example.get(key) == value for key, value in wanted.items())
        for side in SIDES[example["side"]]
    ]


@pytest.mark.parametrize("example", EXAMPLES["frames"], ids=lambda example: example["name"])
@pytest.mark.parametrize("side", ["visitor", "operator"])
def test_what_is_no_command_is_refused(example: dict[str, Any], side: str) -> None:
    with pytest.raises(BadInput) as refused:
        PARSE[side](example["raw"])

    assert refused.value.code == example["code"]


@pytest.mark.parametrize(("example", "side"), cases("commands", valid=True))
def test_valid_command_is_understood(example: dict[str, Any], side: str) -> None:
    command = PARSE[side](json.dumps(example["value"]))

    assert json.loads(command.model_dump_json(exclude_unset=True)) == example["value"]


@pytest.mark.parametrize(("example", "side"), cases("commands", valid=False))
def test_invalid_command_is_refused_with_the_field_at_fault(example: dict[str, Any], side: str) -> None:
    with pytest.raises(BadInput) as refused:
        PARSE[side](json.dumps(example["value"]))

    assert refused.value.code == example["code"]
    assert refused.value.field == example.get("field")
    assert refused.value.message


@pytest.mark.parametrize(("example", "side"), cases("events", valid=True))
def test_valid_event_goes_over_the_wire_unchanged(example: dict[str, Any], side: str) -> None:
    event = EVENTS[side][example["value"]["type"]].model_validate(example["value"])

    assert json.loads(protocol.encode(event)) == example["value"]


@pytest.mark.parametrize(("example", "side"), cases("events", valid=False))
def test_invalid_event_cannot_be_made(example: dict[str, Any], side: str) -> None:
    model = EVENTS[side].get(example["value"]["type"])

    if model is not None:
        with pytest.raises(ValidationError):
            model.model_validate(example["value"])


@pytest.mark.parametrize("example", EXAMPLES["replays"], ids=lambda example: example["name"])
def test_replay_is_made_of_events_that_can_be_sent(example: dict[str, Any]) -> None:
    known = EVENTS[example["side"]]

    for value in [example["before"], *example["events"], example["after"]]:
        event = known[value["type"]].model_validate(value)
        assert json.loads(protocol.encode(event)) == value


@pytest.mark.parametrize(
    ("kind", "models"), [("commands", schema.commands()), ("events", schema.events())], ids=["commands", "events"]
)
def test_every_type_has_a_valid_and_an_invalid_example(kind: str, models: Any) -> None:
    for valid in (True, False):
        shown = {example["value"].get("type") for example in EXAMPLES[kind] if example["valid"] is valid}
        missing = {schema.type_of(model) for model in models} - shown
        assert not missing, f"no {'valid' if valid else 'invalid'} example of {sorted(missing)}"


def test_every_event_of_the_timeline_and_the_lists_is_replayed() -> None:
    replayed = {
        (example["side"], event["type"])
        for example in EXAMPLES["replays"]
        for event in [example["before"], *example["events"]]
    }
    # These say nothing that a snapshot would show.
    silent = {"pong", "error", "visitor.history", "knowledge.found", "masked.revealed"} | {
        "pages.listed",
        "draft.prepared",
        "draft.made",
    }

    for side, events in EVENTS.items():
        missing = {kind for kind in events if (side, kind) not in replayed} - silent
        assert missing <= {"heartbeat"} if side == "operator" else not missing, (side, missing)


def test_every_reference_in_the_json_schema_leads_somewhere() -> None:
    whole = schema.json_schema()
    references = re.findall(r'"#/\$defs/(\w+)"', json.dumps(whole))

    assert references
    assert set(references) <= set(whole["$defs"])
