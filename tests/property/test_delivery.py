"""Nothing lost, nothing twice, whatever the line does: found by trying.

Clients that follow the protocol, on the real consumers and the database; between them a network that loses, doubles and
reorders hints, drops connections, and dies between commit and acknowledgement. The truth is a plain list.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.factories import make_operator, make_visitor
from tests.lines import Line, OperatorLine, VisitorLine
from tests.model_client import ModelClient
from wagtail_livechat import handlers, snapshots
from wagtail_livechat.broadcast import Hint
from wagtail_livechat.models import Conversation, Entry

Json = dict[str, Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)


@dataclass
class Person:
    """A client and its connection, if it has one just now."""

    name: str
    client: ModelClient
    dial: Callable[[], Line]
    line: Line | None = None
    inbox: list[Hint] = field(default_factory=list)
    """Hints on their way to this client's server process."""


class Network(RuleBasedStateMachine):
    """Two tabs of a visitor and the desks of two operators."""

    @initialize(talking=st.sampled_from([True, True, True, False]))
    def set_up(self, talking: bool) -> None:
        """Mostly in the midst of a conversation, where there is most to go wrong; sometimes from nothing."""
        cache.clear()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.visitor = make_visitor()
        self.operators = [make_operator(f"Operator {number}", capacity=100) for number in range(2)]
        token = self.visitor.token
        self.tabs = [Person(f"tab {n}", ModelClient.visitor(token), VisitorLine) for n in range(2)]
        self.desks = [
            Person(operator.name, ModelClient.operator(), lambda operator=operator: OperatorLine(operator))
            for operator in self.operators
        ]
        self.people = [*self.tabs, *self.desks]
        self.said: list[str] = []
        """Everything that anybody ever wanted to say, by client id."""
        self.truth: list[tuple[str, int, str]] = []
        """(conversation, seq, text) of every text, in the order in which the server stored it."""
        if talking:
            for person in self.people:
                self.connect(person)
            self.visitor_writes(tab=0, text="Hello", at_once=True)
            for person in self.people:
                self.hear(person, person.inbox)
            self.operator_accepts(desk=0)

    def teardown(self) -> None:
        if not hasattr(self, "rollback"):
            return
        try:
            self.settle()
        finally:
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    # ----------------------------------------------------------------------------------------- plumbing

    def ask(self, person: Person, command: Json, *, answered: bool = True) -> None:
        """A command that arrives; the answer is lost if not ``answered``."""
        line = person.line
        assert line is not None
        events = line.command(command)
        self.note_truth()
        self.spread(line)
        if answered:
            person.client.take_all(events)
        else:
            self.hang_up(person)

    def note_truth(self) -> None:
        """What is stored is written down at once: whatever changes below it later is a fault."""
        stored = list(
            Entry.objects.filter(kind__in=("text", "note"))
            .order_by("pk")
            .values_list("conversation__uuid", "seq", "body")[len(self.truth) :]
        )
        self.truth += [(str(conversation), seq, body) for conversation, seq, body in stored]

    def spread(self, line: Line) -> None:
        hints = line.take_announced()
        for person in self.people:
            person.inbox += hints

    def hear(self, person: Person, hints: list[Hint]) -> None:
        if person.line:
            person.client.take_all(person.line.hear(hints))

    def hang_up(self, person: Person) -> None:
        person.line = None
        person.inbox.clear()
        person.client.lose_line()

    def connect(self, person: Person) -> None:
        if person.line is None:
            person.line = person.dial()
            person.inbox.clear()
            self.ask(person, person.client.hello())

    def push(self, person: Person, count: int | None = None) -> None:
        """Let the client send what it wants to send."""
        for _ in range(count or 100):
            commands = person.client.to_send() if person.line else []
            if not commands:
                return
            for command in commands:
                self.ask(person, command)

    def open_conversation(self) -> Conversation | None:
        return Conversation.objects.filter(state__in=Conversation.OPEN_STATES).first()

    # -------------------------------------------------------------------------------------------- rules

    @rule(who=st.integers(0, 3))
    def dial(self, who: int) -> None:
        self.connect(self.people[who])

    @rule(who=st.integers(0, 3))
    def lose_the_line(self, who: int) -> None:
        self.hang_up(self.people[who])

    @rule(tab=st.integers(0, 1), text=TEXTS, at_once=st.booleans())
    def visitor_writes(self, tab: int, text: str, at_once: bool) -> None:
        """Also without a line: then it waits in the outbox."""
        person = self.tabs[tab]
        self.said.append(person.client.say(text))
        if at_once:
            self.push(person, 1)

    @rule(desk=st.integers(0, 1), text=TEXTS, kind=st.sampled_from(["text", "note"]), at_once=st.booleans())
    def operator_writes(self, desk: int, text: str, kind: Any, at_once: bool) -> None:
        person = self.desks[desk]
        mine = [row["id"] for row in person.client.conversations.values() if row["mine"] and row["state"] != "ended"]
        if mine:
            self.said.append(person.client.say(text, mine[0], kind=kind))
            if at_once:
                self.push(person, 1)

    @rule(desk=st.integers(0, 1))
    def operator_accepts(self, desk: int) -> None:
        person = self.desks[desk]
        if person.line and person.client.offers:
            self.ask(person, {"type": "offer.accept", "offer": min(person.client.offers), "ref": "accept"})

    @rule(who=st.integers(0, 3))
    def sends_what_waits(self, who: int) -> None:
        self.push(self.people[who], 1)

    @rule(who=st.integers(0, 3))
    def the_server_dies_between_commit_and_acknowledgement(self, who: int) -> None:
        person = self.people[who]
        commands = person.client.to_send() if person.line else []
        if commands:
            self.ask(person, commands[0], answered=False)

    @rule(who=st.integers(0, 3))
    def the_server_dies_before_commit(self, who: int) -> None:
        person = self.people[who]
        commands = person.client.to_send() if person.line else []
        if commands:
            assert person.line is not None
            with transaction.atomic():
                person.line.command(commands[0])
                transaction.set_rollback(True)
            self.hang_up(person)

    @rule(who=st.integers(0, 3))
    def an_answer_is_too_late_and_all_is_sent_again(self, who: int) -> None:
        self.people[who].client.try_again()
        self.push(self.people[who], 1)

    @rule(who=st.integers(0, 3), luck=st.randoms(use_true_random=False), loss=st.sampled_from([0.0, 0.3, 1.0]))
    def hints_arrive_in_disorder_twice_or_not_at_all(self, who: int, luck: random.Random, loss: float) -> None:
        person = self.people[who]
        hints, person.inbox = person.inbox, []
        hints = [hint for hint in hints + hints if luck.random() >= loss]
        luck.shuffle(hints)
        self.hear(person, hints)

    @rule(who=st.integers(0, 3))
    def a_heartbeat_comes(self, who: int) -> None:
        person = self.people[who]
        if person.line:
            person.client.take_all(person.line.heartbeat())

    @precondition(lambda self: len(self.truth) > 3)
    @rule(who=st.integers(0, 3))
    def somebody_ends_it(self, who: int) -> None:
        person = self.people[who]
        conversation = self.open_conversation()
        if person.line and conversation:
            self.ask(person, {"type": "conversation.end", "conversation": str(conversation.uuid), "ref": "end"})

    # --------------------------------------------------------------------------------------- invariants

    @invariant()
    def what_is_stored_stays_as_it_is_once_and_without_gaps(self) -> None:
        if not hasattr(self, "truth"):
            return
        self.note_truth()
        stored = [
            (str(conversation), seq, body)
            for conversation, seq, body in Entry.objects.filter(kind__in=("text", "note"))
            .order_by("pk")
            .values_list("conversation__uuid", "seq", "body")
        ]
        assert stored == self.truth
        for conversation in Conversation.objects.all():
            numbers = list(
                Entry.objects.filter(conversation=conversation).order_by("seq").values_list("seq", flat=True)
            )
            assert numbers == list(range(1, conversation.last_seq + 1))
        ids = list(Entry.objects.exclude(client_id=None).values_list("client_id", flat=True))
        assert len(ids) == len(set(ids))

    @invariant()
    def what_was_acknowledged_is_stored(self) -> None:
        if not hasattr(self, "truth"):
            return
        known = set(self.truth)
        for person in self.people:
            assert set(person.client.acknowledged.values()) <= known, person.name

    @invariant()
    def no_client_shows_what_is_not_so(self) -> None:
        """Each copy is what the database has for its reader, over the stretch that it covers."""
        if not hasattr(self, "truth"):
            return
        for person in self.people:
            for timeline in person.client.timelines.values():
                self.compare(person, timeline.conversation, timeline.floor, timeline.cursor)

    def compare(self, person: Person, conversation: str, after: int, upto: int) -> None:
        visible = Entry.objects.filter(conversation__uuid=conversation, seq__gt=after, seq__lte=upto)
        if person.client.side == "visitor":
            visible = visible.filter(audience="everyone")
        wanted = list(visible.order_by("seq").values_list("seq", "body"))
        shown = [(entry["seq"], entry["text"]) for entry in person.client.timeline(conversation).in_order]
        assert shown == wanted, f"{person.name} has {shown}, stored is {wanted}"

    # ------------------------------------------------------------------------------------------ the end

    def settle(self) -> None:
        """The network is well again. In finite time nobody waits and everybody has the same."""
        for person in self.people:
            self.connect(person)
        for _ in range(30):
            for person in self.people:
                assert person.line is not None
                hints, person.inbox = person.inbox, []
                person.client.take_all(person.line.hear(hints))
                person.client.take_all(person.line.heartbeat())
                self.push(person)
            if not any(person.inbox or person.client.to_send() for person in self.people):
                break
        self.what_is_stored_stays_as_it_is_once_and_without_gaps()
        self.what_was_acknowledged_is_stored()
        stored = {str(pk) for pk in Entry.objects.exclude(client_id=None).values_list("client_id", flat=True)}
        for person in self.people:
            client = person.client
            assert client.waiting == [], f"{person.name} still waits"
            assert not {pending.client_id for pending in client.refused} & stored, "refused is not stored"
            assert {pending.refused["code"] for pending in client.refused if pending.refused} <= {
                "conversation_ended",
                "forbidden",
                "not_found",
            }
            for timeline in client.timelines.values():
                assert not timeline.has_hole, f"{person.name} has a hole in {timeline.conversation}"
                head = Conversation.objects.get(uuid=timeline.conversation).last_seq
                assert timeline.cursor == head, f"{person.name} is behind in {timeline.conversation}"
                self.compare(person, timeline.conversation, timeline.floor, head)

        newest = Conversation.objects.order_by("pk").last()
        for tab in self.tabs:
            shown = tab.client.conversation
            assert (shown and shown["id"], shown and shown["state"]) == (
                newest and str(newest.uuid),
                newest and newest.state,
            )
        open_now = {str(uuid) for uuid in Conversation.objects.exclude(state="ended").values_list("uuid", flat=True)}
        for desk in self.desks:
            rows = desk.client.conversations.values()
            assert {row["id"] for row in rows if row["state"] != "ended"} == open_now
            for row in rows:
                assert row["state"] == Conversation.objects.get(uuid=row["id"]).state
        # Everybody said what they said once: nothing that was wanted vanished without a word.
        accounted = stored | {p.client_id for person in self.people for p in person.client.refused}
        assert set(self.said) <= accounted


@pytest.mark.covers("E1")
@pytest.mark.django_db
def test_whatever_the_line_does_everybody_ends_with_what_the_database_has() -> None:
    run_state_machine_as_test(
        Network,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# ------------------------------------------------------------------------------ the net, tested with fish


def stored_under_another_id(create: Any) -> Any:
    """A server that does not keep client ids: every retry is a message of its own."""
    return lambda **fields: create(**{**fields, "client_id": fields.get("client_id") and uuid.uuid4()})


def acknowledged_without_commit(post: Any) -> Any:
    """A server that acknowledges what it then loses."""

    def lose(*args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            entry = post(*args, **kwargs)
            transaction.set_rollback(True)
        return entry

    return lose


def told_too_far(stretch: Any) -> Any:
    """A server that says that it told more than it did."""

    def lie(*args: Any, **kwargs: Any) -> Any:
        made = stretch(*args, **kwargs)
        return made.model_copy(update={"upto": made.upto + 1}) if made.entries else made

    return lie


def notes_for_everyone(is_for: Any) -> Any:
    return lambda reader, entry: True


def out_of_order(stretch: Any) -> Any:
    """A server that tells the newest only."""

    def skip(reader: Any, conversation: Any, after: int, found: list[Entry], *, has_more: bool) -> Any:
        return stretch(reader, conversation, after, found[-1:], has_more=has_more)

    return skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "name", "fault"),
    [
        (Entry.objects, "create", stored_under_another_id),
        (handlers.messages, "post_message", acknowledged_without_commit),
        (snapshots, "_stretch", told_too_far),
        (snapshots, "is_for", notes_for_everyone),
        (snapshots, "_stretch", out_of_order),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_server_with_a_fault_is_found_out(where: Any, name: str, fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Network,
            settings=settings(
                max_examples=100,
                stateful_step_count=30,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
