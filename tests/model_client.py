"""A correct client, as small as it can be: what the protocol's docstring says, and nothing of any transport.

Property tests, wire tests and chaos tests feed it events (dicts, as on the wire) and send what it wants to send:

    client = ModelClient.visitor(token)
    send(client.hello())
    client.say("Hello")                      # kept in the outbox until acknowledged
    for command in client.to_send(): send(command)
    client.take(event)                       # every event, in whatever order, as often as it comes
    client.lose_line()                       # then hello() again: start-up and recovery are the same

It is also a witness: an event that no server may send (an entry outside its stretch, an entry that changed, a stretch
that does not cover what it should, a note before a visitor's eyes) raises ProtocolViolation at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from wagtail_livechat import protocol

Side = Literal["visitor", "operator"]
Json = dict[str, Any]

PASSING = {"rate_limited", "unavailable"}
"""Refusals after which the very same command may succeed later, even when no time is named."""


class ProtocolViolation(AssertionError):
    """The server said what a server of this protocol may not say."""


@dataclass
class Timeline:
    """All entries that the reader may see with ``floor < seq <= cursor``."""

    conversation: str
    is_loaded: bool = False
    floor: int = 0
    cursor: int = 0
    head: int = 0
    """The highest seq known to exist."""
    entries: dict[int, Json] = field(default_factory=dict)
    duplicates: int = 0
    """Entries that came again, for tests that want to see that this happened."""

    def merge(self, after: int, upto: int, entries: list[Json], has_more: bool = False) -> None:
        seqs = [entry["seq"] for entry in entries]
        if upto < after or seqs != sorted(set(seqs)) or any(not after < seq <= upto for seq in seqs):
            raise ProtocolViolation(f"The stretch ({after}, {upto}] of {self.conversation} carries {seqs}.")
        self.head = max(self.head, upto + (1 if has_more else 0))
        if not self.is_loaded:
            self.is_loaded, self.floor, self.cursor = True, after, upto
        elif after > self.cursor or upto < self.floor:
            return  # A hole lies between: remembered by the head, closed by a fetch.
        else:
            for seq in range(max(after, self.floor) + 1, min(upto, self.cursor) + 1):
                if (seq in self.entries) != (seq in seqs):
                    raise ProtocolViolation(f"Entry {seq} of {self.conversation} was there once and once not.")
            self.floor = min(self.floor, after)
            self.cursor = max(self.cursor, upto)
        for entry in entries:
            self._keep(entry)

    def _keep(self, entry: Json) -> None:
        known = self.entries.get(entry["seq"])
        if known is None:
            self.entries[entry["seq"]] = entry
        elif known != entry:
            raise ProtocolViolation(f"Entry {entry['seq']} of {self.conversation} changed from {known} to {entry}.")
        else:
            self.duplicates += 1

    @property
    def has_hole(self) -> bool:
        return not self.is_loaded or self.head > self.cursor

    @property
    def in_order(self) -> list[Json]:
        return [self.entries[seq] for seq in sorted(self.entries)]

    @property
    def texts(self) -> list[str]:
        """What was said (messages and notes), in order."""
        return [entry["text"] for entry in self.in_order if entry["kind"] in ("text", "note")]


@dataclass
class Pending:
    """A text that is not acknowledged yet."""

    client_id: str
    text: str
    conversation: str | None
    """None: it starts a conversation."""
    kind: Literal["text", "note"] = "text"
    is_flying: bool = False
    refused: Json | None = None
    """The error event, if the server will not take it as it is."""


class ModelClient:
    def __init__(self, side: Side, *, token: str | None = None, new_id: Callable[[], Any] = uuid.uuid4) -> None:
        self.side = side
        self.token = token
        self.new_id = new_id
        self.timelines: dict[str, Timeline] = {}
        self.outbox: list[Pending] = []
        self.acknowledged: dict[str, tuple[str, int, str]] = {}
        """Client id -> (conversation, seq, text): what the server promised to have."""
        self.errors: list[Json] = []
        self.is_live = False
        """Between a snapshot and ``lose_line``."""
        self._asked: dict[str, int] = {}
        # Visitor.
        self.site: str | None = None
        self.conversation: Json | None = None
        # Operator.
        self.me: Json | None = None
        self.operators: dict[int, Json] = {}
        self.team: dict[str, Json] = {}
        self.departments: list[Json] = []
        self.conversations: dict[str, Json] = {}
        self.offers: dict[int, Json] = {}
        # Both: conversation -> ids of who is typing (None: the visitor).
        self.typing: dict[str, set[int | None]] = {}

    @classmethod
    def visitor(cls, token: str | None = None, **options: Any) -> ModelClient:
        """``token`` for a socket; None where it is in a header (HTTP)."""
        return cls("visitor", token=token, **options)

    @classmethod
    def operator(cls, **options: Any) -> ModelClient:
        return cls("operator", **options)

    # --------------------------------------------------------------------------------------- to be sent

    def hello(self) -> Json:
        """The first frame of every connection, with the cursors of this moment."""
        cursors = [{"conversation": t.conversation, "after": t.cursor} for t in self.timelines.values() if t.is_loaded]
        if self.side == "operator":
            return {"type": "operator.hello", "version": protocol.VERSION, "surface": "desk", "cursors": cursors[:50]}
        command: Json = {"type": "visitor.hello", "version": protocol.VERSION}
        if self.token is not None:
            command["token"] = self.token
        # A visitor has at most one timeline.
        return command | ({"cursor": cursors[0]} if cursors else {})

    def say(
        self, text: str, conversation: str | uuid.UUID | None = None, *, kind: Literal["text", "note"] = "text"
    ) -> str:
        """Put a text into the outbox; ``to_send`` gives the command. Returns the client id.

        A visitor without ``conversation`` speaks in the one that is open, else starts one.
        """
        if (
            conversation is None
            and self.side == "visitor"
            and self.conversation
            and self.conversation["state"] != "ended"
        ):
            conversation = self.conversation["id"]
        pending = Pending(str(self.new_id()), text, str(conversation) if conversation else None, kind)
        self.outbox.append(pending)
        return pending.client_id

    def to_send(self) -> list[Json]:
        """What to send now: the first text of every conversation in which none is on its way, and fetches for holes."""
        if not self.is_live:
            return []
        commands = []
        lanes: set[str | None] = set()
        for pending in self.outbox:
            if pending.refused or pending.conversation in lanes:
                continue
            lanes.add(pending.conversation)
            if not pending.is_flying:
                pending.is_flying = True
                commands.append(self.command_of(pending))
        for timeline in self.timelines.values():
            if timeline.has_hole and self._asked.get(timeline.conversation) != timeline.cursor:
                self._asked[timeline.conversation] = timeline.cursor
                commands.append(
                    {
                        "type": "timeline.fetch",
                        "conversation": timeline.conversation,
                        "after": timeline.cursor,
                        "ref": "hole",
                    }
                )
        return commands

    def command_of(self, pending: Pending) -> Json:
        common = {"client_id": pending.client_id, "text": pending.text, "ref": pending.client_id}
        if pending.conversation is None:
            return {"type": "conversation.start", **common}
        kind = "note.post" if pending.kind == "note" else "message.post"
        return {"type": kind, "conversation": pending.conversation, **common}

    def try_again(self) -> None:
        """No answer has come for too long: what is on its way is sent once more."""
        for pending in self.outbox:
            pending.is_flying = False
        self._asked.clear()

    def lose_line(self) -> None:
        """The connection is gone, and with it whatever was on its way in either direction."""
        self.is_live = False
        self.try_again()

    # ------------------------------------------------------------------------------------------- events

    def take_all(self, events: Iterable[Json]) -> None:
        for event in events:
            self.take(event)

    def take(self, event: Json) -> None:
        """Apply one event. Types that are not known change nothing."""
        handler = getattr(self, "_on_" + event["type"].replace(".", "_"), None)
        if handler is not None:
            handler(event)
        for timeline in self.timelines.values():
            if self._asked.get(timeline.conversation, timeline.cursor) != timeline.cursor or not timeline.has_hole:
                self._asked.pop(timeline.conversation, None)

    def _stretch(self, conversation: str, after: int, upto: int, entries: list[Json], has_more: bool = False) -> None:
        if self.side == "visitor" and any(entry["kind"] == "note" for entry in entries):
            raise ProtocolViolation("A visitor was sent a note.")
        # Stored is stored, even in a conversation that is not shown (any more).
        for entry in entries:
            self._acknowledge(conversation, entry)
        if self.side == "operator" or (self.conversation and self.conversation["id"] == conversation):
            self.timelines.setdefault(conversation, Timeline(conversation)).merge(after, upto, entries, has_more)

    def _acknowledge(self, conversation: str, entry: Json) -> None:
        client_id = entry.get("client_id")
        pending = next((p for p in self.outbox if p.client_id == client_id), None)
        if client_id is None or pending is None:
            return
        # A site may have something taken out before it is stored; the entry says so.
        if entry["text"] != pending.text and not entry["data"].get("redacted"):
            raise ProtocolViolation(f"{pending.text!r} was acknowledged as {entry['text']!r}.")
        self.outbox.remove(pending)
        self.acknowledged[client_id] = (conversation, entry["seq"], entry["text"])

    def _page(self, timeline: Json) -> None:
        self._stretch(
            timeline["conversation"],
            timeline["after"],
            timeline["upto"],
            timeline["entries"],
            timeline.get("has_more", False),
        )

    def _on_visitor_snapshot(self, event: Json) -> None:
        self._check_version(event)
        self.site = event["site"]
        self._show(event.get("conversation"))
        if timeline := event.get("timeline"):
            self._page(timeline)
        self.typing = {}
        if self.conversation is not None:
            self.typing[self.conversation["id"]] = {card["id"] for card in event["typing"]}
        self.is_live = True

    def _on_desk_snapshot(self, event: Json) -> None:
        self._check_version(event)
        self.me = event["me"]
        self.operators = {operator["id"]: operator for operator in event["operators"]}
        self.team = {conversation["id"]: conversation for conversation in event["team"]}
        self.departments = event["departments"]
        self.conversations = {conversation["id"]: conversation for conversation in event["conversations"]}
        self.offers = {offer["id"]: offer for offer in event["offers"]}
        self.typing = {conversation: {None} for conversation in event["typing"]}
        covered = {timeline["conversation"] for timeline in event["timelines"]}
        for gone in self.timelines.keys() - covered - self.conversations.keys() - self.team.keys():
            del self.timelines[gone]
        for timeline in event["timelines"]:
            self._page(timeline)
        self.is_live = True

    def _check_version(self, event: Json) -> None:
        if event["version"] != protocol.VERSION:
            raise ProtocolViolation(f"A snapshot of version {event['version']}.")

    def _show(self, conversation: Json | None) -> None:
        """The visitor's conversation as it now is, perhaps another one than before."""
        self.conversation = conversation
        keep = conversation["id"] if conversation else None
        self.timelines = {key: timeline for key, timeline in self.timelines.items() if key == keep}
        if conversation:
            self.timelines.setdefault(keep, Timeline(keep, head=conversation["last_seq"]))

    def _on_message_posted(self, event: Json) -> None:
        seq = event["entry"]["seq"]
        if not event["after"] < seq:
            raise ProtocolViolation(f"Entry {seq} was said to come after {event['after']}.")
        if self.side == "operator" and event["conversation"] not in self.timelines:
            self._acknowledge(event["conversation"], event["entry"])  # Not one that this client has open.
            return
        self._stretch(event["conversation"], event["after"], seq, [event["entry"]])

    def _on_timeline_page(self, event: Json) -> None:
        self._page(event["timeline"])

    def _on_visitor_conversation_changed(self, event: Json) -> None:
        self._show(event["conversation"])

    def _on_desk_conversation_changed(self, event: Json) -> None:
        conversation = event["conversation"]
        self.conversations[conversation["id"]] = conversation
        for offer in self.offers.values():
            if offer["conversation"]["id"] == conversation["id"]:
                offer["conversation"] = conversation

    def _on_conversation_removed(self, event: Json) -> None:
        gone = event["conversation"]
        self.conversations.pop(gone, None)
        self.timelines.pop(gone, None)
        self.typing.pop(gone, None)
        self.offers = {key: offer for key, offer in self.offers.items() if offer["conversation"]["id"] != gone}

    def _on_typing_changed(self, event: Json) -> None:
        typists = self.typing.setdefault(event["conversation"], set())
        (typists.add if event["active"] else typists.discard)(event.get("id"))

    def _on_site_changed(self, event: Json) -> None:
        self.site = event["state"]

    def _on_presence_changed(self, event: Json) -> None:
        operator = event["operator"]
        self.operators[operator["id"]] = operator
        if self.me and self.me["id"] == operator["id"]:
            self.me = operator

    def _on_operator_removed(self, event: Json) -> None:
        self.operators.pop(event["operator"], None)

    def _on_departments_changed(self, event: Json) -> None:
        self.departments = event["departments"]

    def _on_team_changed(self, event: Json) -> None:
        self.team[event["conversation"]["id"]] = event["conversation"]

    def _on_offer_made(self, event: Json) -> None:
        self.offers[event["offer"]["id"]] = event["offer"]

    def _on_offer_closed(self, event: Json) -> None:
        self.offers.pop(event["offer"], None)
        for conversation in self.conversations.values():
            if conversation.get("offer") == event["offer"]:
                del conversation["offer"]

    def _on_heartbeat(self, event: Json) -> None:
        for conversation, head in event["heads"].items():
            if timeline := self.timelines.get(conversation):
                timeline.head = max(timeline.head, head)

    def _on_error(self, event: Json) -> None:
        self.errors.append(event)
        if event.get("ref") == "hole":
            self._asked.clear()
        pending = next((p for p in self.outbox if p.client_id == event.get("ref")), None)
        if pending is None:
            return
        pending.is_flying = False
        if event["code"] not in {*PASSING, "unauthorised", "version"} and event.get("retry_after") is None:
            pending.refused = event

    # ----------------------------------------------------------------------------------- for assertions

    def timeline(self, conversation: str | uuid.UUID | None = None) -> Timeline:
        """This client's copy; a visitor has only one."""
        if conversation is None:
            assert self.conversation is not None
            conversation = self.conversation["id"]
        return self.timelines[str(conversation)]

    @property
    def waiting(self) -> list[Pending]:
        """Texts neither acknowledged nor refused."""
        return [pending for pending in self.outbox if not pending.refused]

    @property
    def refused(self) -> list[Pending]:
        return [pending for pending in self.outbox if pending.refused]
