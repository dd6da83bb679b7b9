"""An old snapshot and the events since then make what a fresh snapshot shows, in the client's own reducers.

After every step of a story, for everyone who watches: two tabs of the visitor, two desks of Elin, the desk of Oskar.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import MANAGERS, make_department, make_operator, make_visitor
from tests.lines import Line, OperatorLine, VisitorLine, committing
from tests.replay.reducers import Reducers
from tests.test_client_ts import node  # noqa: F401 - a fixture
from wagtail_livechat import protocol as p
from wagtail_livechat.actions import visitors
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.conf import conf
from wagtail_livechat.models import Conversation, Department, Offer, Operator, QuickReply, Visitor, WrapUpReason
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


@pytest.fixture(scope="session")
def reducers(node: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Reducers:  # noqa: F811
    return Reducers(node, tmp_path_factory.mktemp("replay"))


# ------------------------------------------------------------------------------------------- who watches


@dataclass
class Watcher:
    """A client, and all events that it was told since its snapshot."""

    name: str
    side: str
    make_line: Callable[[], Line]
    greeting: Json
    line: Line = field(init=False)
    told: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = self.make_line()
        self.told = self.line.command(self.greeting)

    def fresh(self) -> list[Json]:
        return self.make_line().command(self.greeting)

    def come_back(self) -> None:
        """After a loss of the line: a new snapshot on top of all that the client has."""
        self.line = self.make_line()
        self.told += self.line.command(self.greeting)


@dataclass
class Comparison:
    step: str
    watcher: str
    side: str
    old_and_events: list[Json]
    fresh: list[Json]


class World:
    """A visitor with two tabs, operators with desks, and a record of every comparison to make."""

    def __init__(self, *, compare: bool = True) -> None:
        self.compare = compare
        self.department = make_department("Sales")
        self.elsewhere = make_department("Elsewhere")
        self.reason = WrapUpReason.objects.create(name="Answered")
        self.visitor = make_visitor(name="Ada")
        self.elin = make_operator("Elin", capacity=2)
        self.oskar = make_operator("Oskar", role=MANAGERS, departments=[self.department])
        hello = {"type": "visitor.hello", "version": p.VERSION, "token": self.visitor.token}
        desk = {"type": "operator.hello", "version": p.VERSION}
        self.tab = Watcher("a tab", "visitor", VisitorLine, hello)
        self.other_tab = Watcher("another tab", "visitor", VisitorLine, hello)
        self.desk = Watcher("Elin's desk", "operator", lambda: OperatorLine(self.elin), desk)
        self.other_desk = Watcher("Elin's other desk", "operator", lambda: OperatorLine(self.elin), desk)
        self.colleague = Watcher("Oskar's desk", "operator", lambda: OperatorLine(self.oskar), desk)
        self.watchers = [self.tab, self.other_tab, self.desk, self.other_desk, self.colleague]
        self.comparisons: list[Comparison] = []

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.filter(visitor=self.visitor).latest("pk")

    @property
    def uuid(self) -> str:
        return str(self.conversation.uuid)

    @property
    def offer(self) -> int:
        return Offer.objects.get(conversation=self.conversation, state="pending").pk

    def send(self, watcher: Watcher, command: str, *, step: str | None = None, **fields: Any) -> list[Json]:
        """A command of one of them; everyone hears of it, and is compared."""
        events = watcher.line.command({"type": command, **fields})
        assert not [event for event in events if event["type"] == "error"], events
        watcher.told += events
        self.spread(step or command)
        return events

    def happen(self, step: str, what: Callable[[], Any]) -> None:
        """Something that comes through no socket."""
        with committing() as hints:
            what()
        self.spread(step, hints)

    def spread(self, step: str, hints: Any = ()) -> None:
        hints = list(hints)
        for watcher in self.watchers:
            hints += watcher.line.take_announced()
        for watcher in self.watchers:
            watcher.told += watcher.line.hear(hints)
            leftover = watcher.line.take_announced()
            assert leftover == [], "looking changes nothing"
        for watcher in self.watchers if self.compare else []:
            self.comparisons.append(Comparison(step, watcher.name, watcher.side, list(watcher.told), watcher.fresh()))

    def start(self, text: str = "Hello") -> None:
        self.send(self.tab, "conversation.start", client_id=str(uuid.uuid4()), text=text, name="Ada")

    def accept(self, watcher: Watcher | None = None) -> None:
        self.send(watcher or self.desk, "offer.accept", offer=self.offer)

    def say(self, watcher: Watcher, text: str, command: str = "message.post") -> None:
        self.send(watcher, command, conversation=str(self.conversation.uuid), client_id=str(uuid.uuid4()), text=text)

    def mark(self, watcher: Watcher, seq: int) -> None:
        self.send(watcher, "receipt.mark", conversation=str(self.conversation.uuid), delivered=seq, seen=seq)


# ------------------------------------------------------------------------------------------- comparing


def comparable(side: str, state: Json, fresh: Json) -> Json:
    """``state`` without what may differ: order of lists that the client sorts itself, and what only this client knows."""
    if side == "visitor":
        return {**state, "typing": sorted(typist["id"] for typist in state["typing"])}
    mine = {conversation["id"] for conversation in fresh["conversations"] if conversation["mine"]}
    return {
        # How far this client has looked, it alone knows.
        **{key: value for key, value in state.items() if key != "seen"},
        "operators": by_id(state["operators"]),
        "team": by_id(state["team"]),
        "conversations": by_id([row_of(row, mine) for row in state["conversations"]]),
        "offers": by_id([{**offer, "conversation": row_of(offer["conversation"], mine)} for offer in state["offers"]]),
        # Others that were opened stay with the client that opened them.
        "timelines": {key: timeline for key, timeline in state["timelines"].items() if key in mine},
        "typing": sorted(key for key, typists in state["typing"].items() if typists),
    }


def row_of(row: Json, mine: set[str]) -> Json:
    if row["state"] == "ended":
        # How many conversations this visitor had is not told anew for those that are over.
        return {**row, "visitor": {**row["visitor"], "conversations": None}}
    return other_row(row, mine)


def other_row(row: Json, mine: set[str]) -> Json:
    """Who is not in a conversation is not told of every message and tick in it: those columns may be old until the heartbeat."""
    if row["id"] in mine or row["state"] != "active":
        return row
    return {key: value for key, value in row.items() if key not in ("last_seq", "last_message_at", "receipts")}


def by_id(rows: list[Json]) -> dict[Any, Json]:
    assert len({row["id"] for row in rows}) == len(rows), "nothing is listed twice"
    return {row["id"]: row for row in rows}


def check(reducers: Reducers, world: World) -> None:
    assert world.comparisons
    for side in ("visitor", "operator"):
        todo = [comparison for comparison in world.comparisons if comparison.side == side]
        old = reducers.states(side, [comparison.old_and_events for comparison in todo])
        new = reducers.states(side, [comparison.fresh for comparison in todo])
        for comparison, got, wanted in zip(todo, old, new, strict=True):
            where = f"after {comparison.step!r}, {comparison.watcher}"
            assert comparable(side, got, wanted) == comparable(side, wanted, wanted), where


# --------------------------------------------------------------------------------------------- stories


def talk(world: World) -> None:
    world.start()
    world.accept()
    world.say(world.desk, "Good morning")
    world.say(world.tab, "Do you ship to Norway?")
    world.say(world.other_tab, "From the other tab")
    world.say(world.other_desk, "We do")


def in_mid_talk(world: World) -> None:
    """The same as a beginning for other stories, which compare from there on."""
    compare, world.compare = world.compare, False
    talk(world)
    world.compare = compare


def wait(world: World) -> None:
    world.start("Is anybody there?")
    world.say(world.tab, "Hello?")
    world.say(world.other_tab, "Hello??")


def read(world: World) -> None:
    in_mid_talk(world)
    world.mark(world.desk, 3)
    world.mark(world.tab, 4)
    world.mark(world.other_tab, 6)
    world.mark(world.other_desk, 6)


def note(world: World) -> None:
    world.start()
    world.accept()
    world.say(world.desk, "Knows their rights", "note.post")
    world.say(world.tab, "Hello?")
    world.say(world.other_desk, "Be quick", "note.post")
    world.say(world.desk, "Here I am")


def type_(world: World) -> None:
    world.start()
    world.accept()
    conversation = str(world.conversation.uuid)
    world.send(world.tab, "typing.set", conversation=conversation, active=True)
    world.send(world.desk, "typing.set", conversation=conversation, active=True)
    world.send(world.tab, "typing.set", conversation=conversation, active=False)
    world.send(world.desk, "typing.set", conversation=conversation, active=False)


def talk_quickly(world: World) -> None:
    """Several hints are looked at together, so that several entries come in one page."""
    in_mid_talk(world)
    conversation = str(world.conversation.uuid)
    for speaker in (world.tab, world.tab, world.desk, world.tab, world.desk):
        speaker.told += speaker.line.command(
            {"type": "message.post", "conversation": conversation, "client_id": str(uuid.uuid4()), "text": "x" * 200}
        )
    world.say(world.tab, "Do you read me?")


def end_by_visitor(world: World) -> None:
    in_mid_talk(world)
    world.send(world.tab, "conversation.end", conversation=str(world.conversation.uuid))


def end_by_operator_and_put_away(world: World) -> None:
    in_mid_talk(world)
    conversation = str(world.conversation.uuid)
    world.send(world.desk, "conversation.end", conversation=conversation)
    world.send(world.desk, "conversation.close", conversation=conversation)


def end_by_time(world: World) -> None:
    in_mid_talk(world)
    world.happen("idle", lambda: end_conversation(world.conversation.uuid, actor=SystemActor(), reason="idle"))


def leave_the_queue(world: World) -> None:
    world.start()
    world.send(world.tab, "conversation.end", conversation=str(world.conversation.uuid))


def begin_again(world: World) -> None:
    end_by_visitor(world)
    world.start("Another thing")
    world.accept(world.colleague)
    world.say(world.colleague, "Yes?")


def accept_by_colleague(world: World) -> None:
    world.start()
    world.accept(world.colleague)
    world.say(world.colleague, "Good morning")
    world.mark(world.colleague, 3)


def decline(world: World) -> None:
    world.start()
    world.send(world.desk, "offer.decline", offer=world.offer)
    world.send(world.colleague, "offer.decline", offer=world.offer)


def presence_of_operators(world: World) -> None:
    world.send(world.colleague, "presence.set", status="away")
    for status in ("away", "offline", "available"):
        world.send(world.desk, "presence.set", status=status)


def all_full(world: World) -> None:
    """The site goes busy and online again."""
    world.send(world.colleague, "presence.set", status="away")
    others = [VisitorLine(), VisitorLine()]
    for number, line in enumerate(others):
        token = make_visitor().token
        line.command({"type": "visitor.hello", "version": p.VERSION, "token": token})
        line.command({"type": "conversation.start", "client_id": str(uuid.uuid4()), "text": f"Hello {number}"})
        world.spread("a stranger starts", line.take_announced())
    for offer in list(Offer.objects.filter(state="pending").values_list("pk", flat=True)):
        world.send(world.desk, "offer.accept", offer=offer)
    world.start("Is anybody there?")
    first = Conversation.objects.earliest("pk")
    world.happen("a stranger leaves", lambda: end_conversation(first.uuid, actor=SystemActor(), reason="left"))
    world.accept()


def operator_gone_and_back(world: World) -> None:
    in_mid_talk(world)
    late = timezone.now() + timedelta(seconds=conf.GRACE_SECONDS + 1)
    Operator.objects.filter(pk=world.oskar.pk).update(last_seen=late + timedelta(hours=1))
    Visitor.objects.update(last_seen=late + timedelta(hours=1))

    def vanish() -> None:
        Operator.objects.filter(pk=world.elin.pk).update(last_seen=timezone.now() - timedelta(hours=1))
        sweep()

    # A fresh desk of hers would renew her lease.
    hers, world.watchers = world.watchers, [world.tab, world.other_tab, world.colleague]
    world.happen("Elin is gone", vanish)
    world.watchers = hers
    world.desk.come_back()
    world.other_desk.come_back()
    world.spread("Elin is back")
    world.accept()


def colleague_takes_over(world: World) -> None:
    operator_gone_and_back(world)
    world.say(world.tab, "Are you still there?")
    world.send(world.desk, "conversation.end", conversation=str(world.conversation.uuid))


def visitor_gone_and_back(world: World) -> None:
    in_mid_talk(world)
    Visitor.objects.update(is_present=True)

    def vanish() -> None:
        Visitor.objects.update(last_seen=timezone.now() - timedelta(hours=1))
        visitors.expire_leases(timezone.now())

    world.happen("the visitor leaves", vanish)
    world.happen("the visitor is back", lambda: visitors.renew_leases([world.visitor.pk]))


def look_into_a_colleagues(world: World) -> None:
    in_mid_talk(world)
    conversation = str(world.conversation.uuid)
    world.send(world.colleague, "conversation.open", conversation=conversation)
    world.say(world.tab, "Who else is here?")
    world.send(world.colleague, "conversation.close", conversation=conversation)
    world.say(world.tab, "Gone again")


def hand_over_to_a_colleague(world: World) -> None:
    in_mid_talk(world)
    world.send(world.desk, "conversation.transfer", conversation=world.uuid, operator=world.oskar.pk)
    world.accept(world.colleague)
    world.say(world.colleague, "I take it from here")
    world.say(world.tab, "Thank you")


def hand_over_and_it_comes_back(world: World) -> None:
    in_mid_talk(world)
    world.send(world.desk, "conversation.transfer", conversation=world.uuid, operator=world.oskar.pk)
    world.send(world.colleague, "offer.decline", offer=world.offer)
    world.say(world.desk, "Still me")
    world.send(world.desk, "conversation.transfer", conversation=world.uuid, department=world.department.pk)
    world.send(world.desk, "offer.withdraw", offer=world.offer)


def hand_over_to_a_department(world: World) -> None:
    in_mid_talk(world)
    world.send(world.desk, "conversation.transfer", conversation=world.uuid, department=world.department.pk)
    world.accept(world.colleague)


def confer(world: World) -> None:
    in_mid_talk(world)
    world.send(world.desk, "conference.invite", conversation=world.uuid, operator=world.oskar.pk)
    world.accept(world.colleague)
    world.say(world.colleague, "Hello all")
    world.send(world.colleague, "conference.leave", conversation=world.uuid)
    world.send(world.desk, "conference.invite", conversation=world.uuid, operator=world.oskar.pk)
    world.accept(world.colleague)
    world.send(world.desk, "conference.end", conversation=world.uuid)


def put_in_order(world: World) -> None:
    in_mid_talk(world)
    world.send(world.desk, "conversation.tag", conversation=world.uuid, tags=["lamps", "Norway"])
    world.send(world.desk, "visitor.update", conversation=world.uuid, name="Ada Lovelace", phone="12345")
    world.send(world.desk, "conversation.archive", conversation=world.uuid)
    world.send(world.desk, "conversation.wrap_up", conversation=world.uuid, reason=world.reason.pk, note="Shipped")
    world.send(world.desk, "conversation.tag", conversation=world.uuid, tags=["lamps"])


def ban(world: World) -> None:
    in_mid_talk(world)
    # The visitor's lines are closed; what their tabs showed is no matter any more.
    world.watchers = [world.desk, world.other_desk, world.colleague]
    world.send(world.desk, "visitor.ban", conversation=world.uuid, by_address=False, reason="Rude")


def library(world: World) -> None:
    reply = QuickReply(name="Greeting", text="Hello <name>")
    world.happen("a quick reply is written", reply.save)
    reply.department = world.elsewhere
    world.happen("it goes to another department", reply.save)
    world.happen("it is deleted", reply.delete)
    world.happen("a reason is dropped", world.reason.delete)


def departments_change(world: World) -> None:
    made: list[Department] = []
    world.happen("a department is opened", lambda: made.append(make_department("Repairs")))
    made[0].name = "Repairs and returns"
    world.happen("it is renamed", made[0].save)
    made[0].is_active = False
    world.happen("it is switched off", made[0].save)
    made[0].is_active = True
    world.happen("it is switched on", made[0].save)
    world.happen("it is closed", made[0].delete)
    # A desk of Oskar's rights comes back by itself when they change; here he only looks on.
    world.happen("Oskar's department is closed", world.department.delete)


def colleagues_come_and_go(world: World) -> None:
    made: list[Operator] = []
    world.happen("a colleague is added", lambda: made.append(make_operator("Sven")))
    (sven,) = made
    world.happen("he gets a department", lambda: sven.departments.set([world.department]))
    world.happen("the department gets no operators at all", world.department.operators.clear)
    world.happen("it gets him", lambda: world.department.operators.add(sven))
    sven.display_name, sven.capacity = "Sven S.", 3
    world.happen("he is renamed", sven.save)
    sven.is_active = False
    world.happen("he is deactivated", sven.save)
    sven.is_active = True
    world.happen("he is active again", sven.save)
    world.happen("he is removed, with his user", sven.user.delete)


def colleagues_write_to_each_other(world: World) -> None:
    opened = world.send(world.desk, "team.open", operator=world.oskar.pk)
    theirs = opened[0]["conversation"]["id"]

    def write(watcher: Watcher, text: str) -> None:
        world.send(watcher, "message.post", conversation=theirs, client_id=str(uuid.uuid4()), text=text)

    write(world.desk, "Lunch?")
    world.send(world.colleague, "team.open", operator=world.elin.pk)
    world.send(world.colleague, "receipt.mark", conversation=theirs, delivered=1, seen=1)
    world.send(world.colleague, "typing.set", conversation=theirs, active=True)
    world.send(world.colleague, "typing.set", conversation=theirs, active=False)
    write(world.colleague, "In five minutes")
    write(world.other_desk, "x" * 200)
    world.send(world.other_desk, "receipt.mark", conversation=theirs, delivered=2, seen=2)
    world.desk.come_back()
    world.send(world.desk, "conversation.open", conversation=theirs, after=1)
    world.send(world.desk, "conversation.close", conversation=theirs)
    write(world.colleague, "Where are you?")
    # His own desk is closed when he is deactivated.
    everybody, world.watchers = world.watchers, [world.desk, world.other_desk]
    world.oskar.display_name = "Oskar S."
    world.happen("the colleague is renamed", world.oskar.save)
    world.oskar.is_active = False
    world.happen("the colleague is deactivated", world.oskar.save)
    world.happen("the colleague is removed", world.oskar.delete)
    world.watchers = everybody


STORIES: list[Any] = [
    talk,
    talk_quickly,
    wait,
    read,
    note,
    type_,
    end_by_visitor,
    end_by_operator_and_put_away,
    end_by_time,
    leave_the_queue,
    begin_again,
    accept_by_colleague,
    decline,
    presence_of_operators,
    all_full,
    operator_gone_and_back,
    colleague_takes_over,
    visitor_gone_and_back,
    look_into_a_colleagues,
    hand_over_to_a_colleague,
    hand_over_and_it_comes_back,
    hand_over_to_a_department,
    confer,
    put_in_order,
    ban,
    library,
    departments_change,
    colleagues_come_and_go,
    colleagues_write_to_each_other,
]


@pytest.mark.covers("E1")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_an_old_snapshot_and_events_make_what_a_fresh_snapshot_shows(
    story: Callable[[World], None], reducers: Reducers
) -> None:
    world = World()

    story(world)

    check(reducers, world)


def test_every_kind_of_event_is_in_these_stories() -> None:
    """Except those that are about the line alone, and answers to questions, which are no part of any snapshot."""
    world = World(compare=False)

    stories = (
        type_,
        note,
        end_by_operator_and_put_away,
        decline,
        presence_of_operators,
        library,
        colleagues_come_and_go,
        departments_change,
        colleagues_write_to_each_other,
    )
    for story in stories:
        story(world)
        if world.conversation.state != "ended":
            world.happen("the end", lambda: end_conversation(world.conversation.uuid, actor=SystemActor()))

    no_state = {"pong", "heartbeat", "error", "visitor.history", "knowledge.found", "masked.revealed"} | {
        "pages.listed",
        "draft.prepared",
        "draft.made",
    }
    for side, shapes in (("visitor", p.VISITOR_EVENTS), ("operator", p.OPERATOR_EVENTS)):
        told = {event["type"] for watcher in world.watchers if watcher.side == side for event in watcher.told}
        assert {shape.model_fields["type"].default for shape in shapes} - no_state <= told, side
