"""The wire protocol for readers other than Python: JSON Schema, TypeScript and the reference page.

Pure: everything is derived from ``protocol.py``. ``manage.py livechat_protocol`` writes the results to their files.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from . import protocol
from .protocol import (
    OPERATOR_COMMANDS,
    OPERATOR_EVENTS,
    VISITOR_COMMANDS,
    VISITOR_EVENTS,
    Command,
    Event,
)

MADE_BY = "Written by `manage.py livechat_protocol` from wagtail_livechat/protocol.py. Do not edit."

_CONSTANTS = ("VERSION", "MAX_FRAME_BYTES", "PAGE_SIZE")


class _AsSent(GenerateJsonSchema):
    """What is sent always has its defaults filled in, so there a field with a default is required."""

    def field_is_required(self, *args: Any, **kwargs: Any) -> bool:
        return self.mode == "serialization" or super().field_is_required(*args, **kwargs)


def commands() -> tuple[type[Command], ...]:
    """Every command once, visitors' first, in the order of protocol.py."""
    return tuple(dict.fromkeys(VISITOR_COMMANDS + OPERATOR_COMMANDS))


def events() -> tuple[type[Event], ...]:
    """Every event once, visitors' first, in the order of protocol.py."""
    return tuple(dict.fromkeys(VISITOR_EVENTS + OPERATOR_EVENTS))


def type_of(model: type[BaseModel]) -> str:
    """The value of ``type`` on the wire."""
    return str(model.model_fields["type"].default)


def json_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12) with all commands (as a server takes them) and events (as a server sends them).

    Events are described as sent: what is None is left out, so such a field is optional and never null.
    """
    _names, top = models_json_schema(
        [(model, "validation") for model in commands()] + [(model, "serialization") for model in events()],
        ref_template="#/$defs/{model}",
        schema_generator=_AsSent,
    )
    definitions = {_name(name): _renamed(_without_null(definition)) for name, definition in top["$defs"].items()}
    for model in (*commands(), *events()):
        # `type` has a default in Python so that code need not repeat it; on the wire it is always there.
        definition = definitions[model.__name__]
        definition["required"] = ["type", *(f for f in definition.get("required", []) if f != "type")]
        definition["properties"]["type"].pop("default", None)

    def one_of(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
        return {"oneOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in models]}

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"wagtail_livechat protocol, version {protocol.VERSION}",
        "$defs": {
            **dict(sorted(definitions.items())),
            "VisitorCommand": one_of(VISITOR_COMMANDS),
            "OperatorCommand": one_of(OPERATOR_COMMANDS),
            "VisitorEvent": one_of(VISITOR_EVENTS),
            "OperatorEvent": one_of(OPERATOR_EVENTS),
        },
    }


def _name(definition: str) -> str:
    """pydantic tells the two modes of one shape apart with a suffix; the sent form is the one people talk about."""
    return definition.replace("-Output", "").replace("-Input", "Input")


def _renamed(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: (_name(v) if k == "$ref" else _renamed(v)) for k, v in node.items()}
    if isinstance(node, list):
        return [_renamed(v) for v in node]
    return node


def _without_null(definition: dict[str, Any]) -> dict[str, Any]:
    """``definition`` with nullable fields made optional instead: the wire never carries null where it can be left out.

    A server still takes a null in a command; a client has no reason to send one.
    """
    properties = {}
    required = list(definition.get("required", []))
    for name, field in definition.get("properties", {}).items():
        options = field.get("anyOf", [])
        if {"type": "null"} in options:
            rest = [option for option in options if option != {"type": "null"}]
            field = {k: v for k, v in field.items() if k not in ("anyOf", "default")}
            field.update(rest[0] if len(rest) == 1 else {"anyOf": rest})
            if name in required:
                required.remove(name)
        field.pop("title", None)
        properties[name] = field
    result = {k: v for k, v in definition.items() if k != "title"}
    if properties:
        result["properties"] = properties
    result.pop("required", None)
    if required:
        result["required"] = required
    return result


# ------------------------------------------------------------------------------------------ TypeScript


def _aliases() -> dict[tuple[str, ...], str]:
    """The named string unions of protocol.py, by their members."""
    return {
        get_args(value): name
        for name, value in vars(protocol).items()
        if get_origin(value) is Literal and all(isinstance(member, str) for member in get_args(value))
    }


def _typescript_name(definition: str) -> str:
    # `Error` would hide JavaScript's own in every module that imports it.
    return "ProtocolError" if definition == "Error" else definition


def _typescript_type(node: dict[str, Any], aliases: dict[tuple[str, ...], str]) -> str:
    if "$ref" in node:
        return _typescript_name(node["$ref"].rsplit("/", 1)[-1])
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        members = tuple(node["enum"])
        return aliases.get(members) or " | ".join(json.dumps(member) for member in members)
    if "anyOf" in node:
        return " | ".join(_typescript_type(option, aliases) for option in node["anyOf"])
    kind = node.get("type")
    if kind == "array":
        inner = _typescript_type(node.get("items", {}), aliases)
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if kind == "object":
        values = node.get("additionalProperties")
        inner = _typescript_type(values, aliases) if isinstance(values, dict) else "unknown"
        return f"Record<string, {inner}>"
    return {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}.get(str(kind), "unknown")


def _comment(text: str | None, indent: str = "") -> list[str]:
    if not text:
        return []
    lines = inspect.cleandoc(text).replace("``", "`").splitlines()
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


def _field_docs(model_name: str) -> dict[str, str]:
    """What is written under a field in protocol.py (a bare string after it), by field."""
    model = getattr(protocol, model_name.removesuffix("Input"), None)
    if not inspect.isclass(model):
        return {}
    body = inspect.getsource(model)
    return {
        found[1]: _collapse(found[2])
        for found in re.finditer(r'^    (\w+): [^\n]*\n    """(.*?)"""', body, re.MULTILINE | re.DOTALL)
    }


def typescript() -> str:
    """The text of client/shared/protocol.ts: an interface for every shape, and the unions that each side speaks."""
    definitions = json_schema()["$defs"]
    aliases = _aliases()
    lines = [f"// {MADE_BY}", ""]
    for constant in _CONSTANTS:
        lines.append(f"export const {constant} = {getattr(protocol, constant)};")
    lines.append("")
    for members, name in aliases.items():
        joined = " | ".join(json.dumps(member) for member in members)
        lines += [f"export type {name} = {joined};"]
    for name, definition in definitions.items():
        if "oneOf" in definition:
            continue
        docs = _field_docs(name)
        lines += ["", *_comment(definition.get("description")), f"export interface {_typescript_name(name)} {{"]
        required = definition.get("required", [])
        for field, node in definition.get("properties", {}).items():
            lines += _comment(docs.get(field), "  ")
            mark = "" if field in required else "?"
            lines.append(f"  {field}{mark}: {_typescript_type(node, aliases)};")
        lines.append("}")
    for name, definition in definitions.items():
        if "oneOf" in definition:
            lines += ["", f"export type {name} ="]
            lines += [f"  | {_typescript_type(option, aliases)}" for option in definition["oneOf"]]
            lines[-1] += ";"
    return "\n".join(lines) + "\n"


# --------------------------------------------------------------------------------------- reference page

_PAGE_HEAD = """\
<!-- {made_by} -->

# Wire protocol

Version {version}. The widget and the desk speak to the server in flat JSON objects with a `type`: *commands* ask, and may
be refused; *events* are facts. The same commands and events travel over WebSocket and over plain HTTP.

- `ref` is the client's own mark on a command (at most 64 characters); the answer carries the same `ref`.
- Times are ISO 8601 in UTC. Ids of conversations and client ids are UUIDs. Fields without a value are left out.
- `seq` counts the entries of one conversation from 1 without gaps. A client keeps a cursor: it has everything up to and
  including that `seq`. A stretch of timeline covers `(after, upto]`. `after` beyond the cursor is a hole: fetch from the
  cursor. Entries at or below the cursor are duplicates. Entries that the reader may not see are absent from a stretch
  that covers them, and the cursor moves past them.
- The acknowledgement of a message is `message.posted` with its `client_id`, sent after it is stored. Until it comes, the
  client keeps the message and tries again with the same `client_id`; the server stores it once.
- A command has at most {max_frame_bytes} bytes, a stretch at most {page_size} entries.

## Doors

| | WebSocket | HTTP |
|---|---|---|
| say hello | first frame `visitor.hello` or `operator.hello` | `GET events` |
| a command | a text frame | `POST commands`, one command as the body |
| events | text frames, one event each | `{{"events": [...]}}` |
| a refusal | an `error` event with the command's `ref` | the same event, with a status that says so |
| who | the token in `visitor.hello`; operators by their session | `Authorization: Bearer` with the token; operators by their session |
"""


def reference_page() -> str:
    """The text of docs/reference/protocol.md."""
    definitions = json_schema()["$defs"]
    aliases = _aliases()
    out = [
        _PAGE_HEAD.format(
            made_by=MADE_BY,
            version=protocol.VERSION,
            max_frame_bytes=f"{protocol.MAX_FRAME_BYTES:,}",
            page_size=protocol.PAGE_SIZE,
        )
    ]

    def table(name: str) -> None:
        definition = definitions[name]
        docs = _field_docs(name)
        fields = [(f, n) for f, n in definition.get("properties", {}).items() if f not in ("type", "ref")]
        if not fields:
            out.append("No fields of its own.\n")
            return
        out.append("| field | type | |\n|---|---|---|")
        for field, node in fields:
            kind = _typescript_type(node, aliases).replace("|", "\\|")
            notes = [_limits(node), docs.get(field, "").replace("|", "\\|")]
            if field not in definition.get("required", []):
                notes.insert(0, "optional")
            out.append(f"| `{field}` | `{kind}` | {'; '.join(note for note in notes if note)} |")
        out.append("")

    def who(model: type[BaseModel], visitors: Any, operators: Any) -> str:
        return " and ".join(
            side for side, models in (("visitors", visitors), ("operators", operators)) if model in models
        )

    out.append("## Commands\n")
    for model in commands():
        out.append(f"### `{type_of(model)}`\n")
        out.append(f"From {who(model, VISITOR_COMMANDS, OPERATOR_COMMANDS)}. {_prose(model)}".rstrip() + "\n")
        table(model.__name__)
    out.append("## Events\n")
    for event in events():
        out.append(f"### `{type_of(event)}`\n")
        out.append(f"To {who(event, VISITOR_EVENTS, OPERATOR_EVENTS)}. {_prose(event)}".rstrip() + "\n")
        table(event.__name__)
    out.append("## Shapes\n")
    spoken = {model.__name__ for model in (*commands(), *events())}
    for name, definition in definitions.items():
        if name in spoken or "oneOf" in definition:
            continue
        out.append(f"### {name}\n")
        if definition.get("description"):
            out.append(_collapse(definition["description"]) + "\n")
        table(name)
    out.append("## Words\n")
    for members, name in aliases.items():
        out.append(f"- `{name}`: " + ", ".join(f"`{member}`" for member in members))
    out.append("\n## JSON Schema\n")
    out.append("```json\n" + json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n```\n")
    return "\n".join(out)


def _collapse(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("``", "`").strip()


def _prose(model: type[BaseModel]) -> str:
    # A model without a docstring of its own would show its parent's.
    return _collapse(vars(model).get("__doc__") or "")


def _limits(node: dict[str, Any]) -> str:
    said = []
    for key, words in (
        ("minLength", "at least {} characters"),
        ("maxLength", "at most {} characters"),
        ("maxItems", "at most {} of them"),
        ("format", "{}"),
    ):
        if key in node:
            said.append(words.format(node[key]))
    if "minimum" in node:
        said.append(f"from {node['minimum']}")
    if "default" in node and node["default"] not in ("", None, [], {}):
        said.append(f"default `{json.dumps(node['default'])}`")
    return ", ".join(said)
