"""Every command and every event, through every door: the same tests over WebSocket, HTTP, WSGI and between processes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.wire.clients import Person
from tests.wire.conftest import Come, Door, talk
from wagtail_livechat import protocol as p

pytestmark = [pytest.mark.covers("E1", "E2", "E3")]

ASKED: set[str] = set()
"""Types of commands that a test of this module has sent."""


async def ask(person: Person, kind: str, /, **fields: Any) -> dict[str, Any]:
    ASKED.add(kind)
    return await person.ask(kind, **fields)


async def test_a_visitor_and_an_operator_talk(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people, "Hello", "Do you ship to Åland?")

    await operator.say("We do: 95 kr.", conversation)

    await visitor.shows("Hello", "Do you ship to Åland?", "We do: 95 kr.")
    await operator.shows("Hello", "Do you ship to Åland?", "We do: 95 kr.", conversation=conversation)
    shown = visitor.model.conversation
    assert [card["name"] for card in shown["operators"]] == ["Elin"]
    assert shown["case_number"] == operator.model.conversations[conversation]["case_number"]


async def test_ping_is_answered(door: Door, people: Come) -> None:
    for person in (await people(door.visitor()), await people(door.operator())):
        assert (await ask(person, "ping"))["type"] == "pong"


async def test_a_second_text_before_the_first_is_shown_goes_into_the_same_conversation(
    door: Door, people: Come
) -> None:
    visitor = await people(door.visitor())

    answers = [await ask(visitor, "conversation.start", client_id=str(uuid.uuid4()), text=text) for text in ("1", "2")]

    assert {answer["conversation"]["id"] for answer in answers} == {visitor.model.conversation["id"]}
    await visitor.shows("1", "2")


async def test_a_double_send_is_stored_once(door: Door, people: Come) -> None:
    visitor, _, conversation = await talk(door, people)
    command = {"conversation": conversation, "client_id": str(uuid.uuid4()), "text": "Once"}

    answers = [await ask(visitor, "message.post", **command) for _ in range(3)]
    other = await ask(visitor, "message.post", **{**command, "text": "Twice"})

    assert len({answer["entry"]["seq"] for answer in answers}) == 1
    assert other["code"] == "client_id_conflict"
    await visitor.shows("Hello", "Once")


async def test_typing_shows_on_both_sides(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    ASKED.add("typing.set")

    await visitor.send("typing.set", conversation=conversation, active=True)
    await operator.send("typing.set", conversation=conversation, active=True)

    await operator.until(lambda: None in operator.model.typing.get(conversation, ()), what="the visitor's typing")
    await visitor.until(
        lambda: operator.model.me["id"] in visitor.model.typing.get(conversation, ()), what="the operator's typing"
    )
    await visitor.send("typing.set", conversation=conversation, active=False)
    await operator.until(lambda: not operator.model.typing.get(conversation), what="the end of typing")


async def test_receipts_reach_the_other_side_and_only_rise(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    head = visitor.model.timeline().cursor
    ASKED.add("receipt.mark")

    await operator.send("receipt.mark", conversation=conversation, delivered=head, seen=head)
    await visitor.until(lambda: visitor.model.conversation["receipts"] == {"delivered": head, "seen": head})

    await visitor.send("receipt.mark", conversation=conversation, delivered=head)
    await visitor.send("receipt.mark", conversation=conversation, delivered=1, seen=1)
    await operator.until(
        lambda: operator.model.conversations[conversation]["receipts"] == {"delivered": head, "seen": 1}
    )
    await visitor.send("receipt.mark", conversation=conversation, delivered=10_000, seen=10_000)
    await operator.until(
        lambda: operator.model.conversations[conversation]["receipts"] == {"delivered": head, "seen": head}
    )


async def test_a_note_reaches_operators_only(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    ASKED.add("note.post")
    await operator.say("Secret", conversation, kind="note")
    await operator.say("Public", conversation)

    # The model raises if a note came; the cursor must have moved past it all the same.
    await visitor.shows("Hello", "Public")
    assert not visitor.model.timeline().has_hole
    assert "Secret" not in repr(visitor.events)
    await operator.shows("Hello", "Secret", "Public", conversation=conversation)


async def test_the_timeline_can_be_fetched_from_both_ends(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people, "a", "b", "c")

    for person in (visitor, operator):
        after = await ask(person, "timeline.fetch", conversation=conversation, after=1)
        before = await ask(person, "timeline.fetch", conversation=conversation, before=3)
        beyond = await ask(person, "timeline.fetch", conversation=conversation, after=1000)
        assert [entry["seq"] for entry in after["timeline"]["entries"]] == [2, 3, 4]
        assert [entry["seq"] for entry in before["timeline"]["entries"]] == [1, 2]
        assert beyond["timeline"]["entries"] == []


async def test_a_long_timeline_comes_in_stretches_and_whole(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    texts = [f"line {number}" for number in range(130)]
    for text in texts:
        visitor.write(text)
    await visitor.until(lambda: not visitor.model.outbox, timeout=60, what="all to be acknowledged")

    await operator.shows("Hello", *texts, conversation=conversation, timeout=20)
    again = await people(door.visitor(token=visitor.token))
    older = await ask(again, "timeline.fetch", conversation=conversation, after=0)

    assert older["timeline"]["has_more"]
    await again.shows("Hello", *texts)


async def test_the_visitor_ends_it(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    ASKED.add("conversation.end")
    await visitor.send("conversation.end", conversation=conversation)

    await visitor.until(lambda: visitor.model.conversation["state"] == "ended")
    await operator.until(lambda: operator.model.conversations[conversation]["state"] == "ended")
    assert operator.model.conversations[conversation]["ended_by"] == "visitor"
    late = await ask(operator, "message.post", conversation=conversation, client_id=str(uuid.uuid4()), text="Late")
    assert late["code"] == "conversation_ended"
    following = await visitor.say("Something else")
    assert following != conversation
    await visitor.shows("Something else")


async def test_the_operator_ends_it_and_puts_it_away(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    await ask(operator, "conversation.end", conversation=conversation)
    await visitor.until(lambda: visitor.model.conversation["state"] == "ended")
    assert visitor.model.conversation["ended_by"] == "operator"
    ASKED.add("conversation.close")
    await operator.send("conversation.close", conversation=conversation)

    await operator.until(lambda: conversation not in operator.model.conversations, what="it to leave the list")


async def test_an_offer_is_declined_by_one_and_taken_by_another(door: Door, people: Come) -> None:
    visitor, first, second = (
        await people(door.visitor()),
        await people(door.operator()),
        await people(door.operator("manager")),
    )
    conversation = await visitor.say("Who takes this?")

    def offers(person: Person) -> list[int]:
        return [o["id"] for o in person.model.offers.values() if o["conversation"]["id"] == conversation]

    (offer,) = await first.until(lambda: offers(first))
    declined = await ask(first, "offer.decline", offer=offer)
    assert (declined["type"], declined["state"]) == ("offer.closed", "declined")
    await first.until(lambda: not offers(first))
    await second.accept(conversation)
    ASKED.add("offer.accept")

    await visitor.until(lambda: visitor.model.conversation["operators"] == [second.model.me and _card(second)])
    await first.until(lambda: first.model.conversations[conversation]["state"] == "active")
    late = await ask(first, "offer.accept", offer=offer)
    assert late["code"] == "offer_taken"
    assert late["by"]["name"] == "Maja"


def _card(operator: Person) -> dict[str, Any]:
    return {key: value for key, value in operator.model.me.items() if key in ("id", "name", "picture")}


async def test_presence_is_chosen_and_everybody_sees_it(door: Door, people: Come) -> None:
    visitor, operator, colleague = (
        await people(door.visitor()),
        await people(door.operator("operator2")),
        await people(door.operator("manager")),
    )
    number = operator.model.me["id"]

    for status in ("away", "offline", "available"):
        answer = await ask(operator, "presence.set", status=status)
        assert answer["type"] == "presence.changed"
        assert answer["operator"]["status"] == status
        await colleague.until(lambda status=status: colleague.model.operators[number]["status"] == status)
    await visitor.until(lambda: visitor.model.site == "online", what="the site to be online")


async def test_an_operator_looks_at_a_conversation_without_taking_it(door: Door, people: Come) -> None:
    visitor, _, conversation = await talk(door, people, "a")
    looker = await people(door.operator("manager"))
    await looker.until(lambda: conversation in looker.model.conversations)

    page = await ask(looker, "conversation.open", conversation=conversation)
    await visitor.say("b")

    assert page["timeline"]["entries"][0]["text"] == "a"
    await looker.shows("a", "b", conversation=conversation)
    refused = await ask(looker, "message.post", conversation=conversation, client_id=str(uuid.uuid4()), text="Hm")
    assert refused["code"] == "forbidden"


async def test_the_start_says_where_and_who(door: Door, people: Come) -> None:
    visitor, operator = await people(door.visitor()), await people(door.operator())
    page = {"url": "https://shop.example/tents/?size=2", "title": "  Two-person\ntent  "}

    answer = await ask(
        visitor,
        "conversation.start",
        client_id=str(uuid.uuid4()),
        text="Hi",
        page=page,
        language="sv",
        name="Ada",
        email="ada@example.com",
    )

    conversation = answer["conversation"]["id"]
    await operator.until(lambda: conversation in operator.model.conversations)
    row = operator.model.conversations[conversation]
    assert row["page"] == {"url": page["url"], "title": "Two-person tent"}
    assert (row["visitor"]["name"], row["visitor"]["email"], row["language"]) == ("Ada", "ada@example.com", "sv")
    assert row["visitor"]["online"]
    assert row["first_text"] == row["preview"] == "Hi"


async def test_a_case_is_left_and_nobody_is_asked_to_take_it(door: Door, people: Come) -> None:
    visitor, operator = await people(door.visitor()), await people(door.operator())
    left = {"client_id": str(uuid.uuid4()), "text": "Do you mend zips?", "name": "Ada"}

    refused = await ask(visitor, "case.leave", **left)
    answer = await ask(visitor, "case.leave", **left, email="ada@mail.example")

    assert (refused["code"], refused["faults"]) == ("bad_form", {"email": "required"})
    shown = answer["conversation"]
    assert (shown["state"], shown["email"]) == ("offline", "ada@mail.example")
    await visitor.shows("Do you mend zips?")
    await operator.until(lambda: shown["id"] in operator.model.conversations)
    row = operator.model.conversations[shown["id"]]
    assert (row["state"], row["preview"]) == ("offline", "Do you mend zips?")
    assert all(offer["conversation"]["id"] != shown["id"] for offer in operator.model.offers.values())

    await operator.send("conversation.end", conversation=shown["id"])
    await operator.until(lambda: shown["id"] not in operator.model.conversations)


async def test_who_waits_in_vain_leaves_an_address(door: Door, people: Come) -> None:
    visitor = await people(door.visitor())
    conversation = await visitor.say("Anybody?")

    answer = await ask(visitor, "conversation.leave_address", conversation=conversation, email="ada@mail.example")

    assert (answer["conversation"]["state"], answer["conversation"]["email"]) == ("offline", "ada@mail.example")
    assert answer["conversation"].get("position") is None


async def test_after_the_end_there_is_a_rating_a_transcript_and_a_way_back(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    await visitor.send("conversation.end", conversation=conversation)
    await visitor.until(lambda: visitor.model.conversation["state"] == "ended")

    rated = await ask(visitor, "conversation.rate", conversation=conversation, rating=4, comment="Quick")
    sent = await ask(visitor, "transcript.request", conversation=conversation, email=f"{conversation}@mail.example")
    back = await ask(visitor, "conversation.reopen", conversation=conversation)

    assert rated["conversation"]["rating"] == 4
    assert sent["conversation"]["email"] == f"{conversation}@mail.example"
    assert back["conversation"]["state"] in ("active", "queued")
    await operator.until(lambda: operator.model.conversations[conversation]["state"] == back["conversation"]["state"])


def _names(person: Person) -> list[str]:
    """The operators whom a visitor sees."""
    return [card["name"] for card in person.model.conversation["operators"]]


async def _colleague(door: Door, people: Come) -> Person:
    colleague = await people(door.operator("manager"))
    await ask(colleague, "presence.set", status="available")
    return colleague


async def test_a_conversation_is_handed_over_and_an_offer_taken_back(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    colleague = await _colleague(door, people)

    asked = await ask(operator, "conversation.transfer", conversation=conversation, operator=colleague.model.me["id"])
    assert [(offer["kind"], offer["to"], offer["mine"]) for offer in asked["conversation"]["waiting"]] == [
        ("transfer", "Maja", True)
    ]
    await colleague.accept(conversation)
    await visitor.until(lambda: _names(visitor) == ["Maja"], what="the other operator")
    await operator.until(lambda: not operator.model.conversations[conversation]["mine"])

    await ask(operator, "presence.set", status="available")
    back = await ask(colleague, "conversation.transfer", conversation=conversation, operator=operator.model.me["id"])
    (offer,) = back["conversation"]["waiting"]
    await operator.until(lambda: offer["id"] in operator.model.offers, what="the offer")
    ASKED.add("offer.withdraw")
    await colleague.send("offer.withdraw", offer=offer["id"])
    await operator.until(lambda: offer["id"] not in operator.model.offers, what="the offer to be gone")
    assert _names(visitor) == ["Maja"]


async def test_a_colleague_is_asked_in_and_goes_again(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    colleague = await _colleague(door, people)

    for ending, who in (("conference.leave", colleague), ("conference.end", operator)):
        await ask(operator, "conference.invite", conversation=conversation, operator=colleague.model.me["id"])
        await colleague.accept(conversation)
        await visitor.until(lambda: _names(visitor) == ["Elin", "Maja"], what="both operators")
        gone = await ask(who, ending, conversation=conversation)
        assert gone["type"] == "desk.conversation.changed", gone
        await visitor.until(lambda: _names(visitor) == ["Elin"], what="the first operator alone")
    await operator.say("Still here", conversation)
    await visitor.shows("Hello", "Still here")


async def test_what_operators_write_beside_a_conversation(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    async def changed(kind: str, **fields: Any) -> dict[str, Any]:
        return dict((await ask(operator, kind, conversation=conversation, **fields))["conversation"])

    assert (await changed("conversation.tag", tags=["urgent"]))["tags"] == ["urgent"]
    assert (await changed("conversation.archive", keep=True))["archived"] is True
    assert (await changed("conversation.wrap_up", note="A new lid is on its way"))["wrap_up_note"]
    named = await changed("visitor.update", name="Kim", email="kim@example.com")
    assert (named["visitor"]["name"], named["visitor"]["email"]) == ("Kim", "kim@example.com")
    history = await ask(operator, "visitor.fetch", conversation=conversation)
    assert (history["type"], history["earlier"]) == ("visitor.history", [])
    found = await ask(operator, "knowledge.search", conversation=conversation, query="delivery")
    assert found["type"] == "knowledge.found"
    assert any("elivery" in result["title"] for result in found["results"]), found
    assert "new lid" not in repr(visitor.events)


async def test_an_operator_looks_for_a_page_to_send_and_makes_a_draft_of_what_was_said(
    door: Door, people: Come
) -> None:
    visitor, operator, conversation = await talk(door, people, "Do you ship to Åland?")
    await operator.say("We do, for 95 kr.", conversation)
    await operator.shows("Do you ship to Åland?", "We do, for 95 kr.", conversation=conversation)

    listed = await ask(operator, "pages.browse", conversation=conversation)
    assert listed["type"] == "pages.listed" and listed["trail"] and listed["pages"], listed
    below = await ask(operator, "pages.browse", conversation=conversation, parent=listed["pages"][0]["id"])
    assert [row["id"] for row in below["trail"]][-1] == listed["pages"][0]["id"]

    prepared = await ask(operator, "draft.prepare", conversation=conversation)
    place = next(place for place in prepared["places"] if place["kind"] == "faq")
    said = operator.model.timeline(conversation).entries
    answer = next(seq for seq, entry in said.items() if entry["text"] == "We do, for 95 kr.")
    made = await ask(
        operator, "draft.make", conversation=conversation, seqs=[answer], kind="faq", place=place["id"], title="Åland?"
    )
    assert (made["type"], made["kind"], made["title"]) == ("draft.made", "faq", "Åland?")
    assert "draft" not in repr(visitor.events)


async def test_what_is_hidden_is_shown_to_nobody_without_the_right(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    refused = await ask(operator, "masked.reveal", conversation=conversation, seq=1, reason="A refund")

    assert (refused["type"], refused["code"]) == ("error", "forbidden")
    stranger = await ask(operator, "masked.reveal", conversation=f"{uuid.uuid4()}", seq=1, reason="A refund")
    assert stranger["code"] == "not_found"
    assert not [event for event in visitor.events if event["type"] == "masked.revealed"]


async def test_a_banned_visitor_is_shown_out(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    answer = await ask(operator, "visitor.ban", conversation=conversation, by_address=False, reason="rude", hours=1)

    assert answer["conversation"]["state"] == "ended"
    await visitor.until(
        lambda: visitor.closes or any(event.get("code") == "closed" for event in visitor.events), what="the door"
    )
    assert "rude" not in repr(visitor.events)


@pytest.mark.covers("B14")
async def test_operators_write_to_each_other_and_nobody_else_hears_of_it(door: Door, people: Come) -> None:
    oskar, colleague, other = (
        await people(door.operator("operator2")),
        await people(door.operator("manager")),
        await people(door.operator("admin")),
    )
    words = [f"{uuid.uuid4()}" for _ in range(3)]

    opened = await ask(oskar, "team.open", operator=colleague.model.me["id"])
    conversation = opened["conversation"]["id"]
    again = await ask(colleague, "team.open", operator=oskar.model.me["id"])
    assert again["conversation"]["id"] == conversation
    assert (opened["conversation"]["name"], again["conversation"]["name"]) == ("Maja", "Oskar")

    await oskar.say(words[0], conversation)
    await colleague.until(lambda: colleague.texts(conversation)[-1:] == words[:1], what="the first words")
    await colleague.send("typing.set", conversation=conversation, active=True)
    await oskar.until(lambda: oskar.model.typing.get(conversation), what="the colleague's typing")
    await colleague.say(words[1], conversation)
    await oskar.say(words[2], conversation)
    for person in (oskar, colleague):
        await person.until(lambda person=person: person.texts(conversation)[-3:] == words, what="all words in order")

    head = colleague.model.timeline(conversation).cursor
    await oskar.until(lambda: oskar.model.team[conversation]["unread"] > 0, what="something unread")
    await colleague.send("receipt.mark", conversation=conversation, seen=head)
    await oskar.send("receipt.mark", conversation=conversation, seen=head)
    await oskar.until(lambda: oskar.model.team[conversation]["unread"] == 0, what="nothing unread")
    await oskar.until(lambda: oskar.model.team[conversation]["receipts"]["seen"] == head, what="the ticks")
    for kind in ("conversation.open", "timeline.fetch"):
        assert (await ask(other, kind, conversation=conversation))["code"] == "not_found"
    await other.send("ping")
    heard = repr(other.events)
    assert conversation not in heard
    assert not [word for word in words if word in heard]


async def test_another_version_is_told_to_reload(asgi: Any, people: Come) -> None:
    door = Door("socket", "socket", asgi, asgi)
    for person, kind in ((await door.visitor(), "visitor.hello"), (await door.operator(), "operator.hello")):
        person.comes_back = False
        person.model.hello = lambda kind=kind, person=person: {  # type: ignore[method-assign]
            "type": kind,
            "version": 99,
            **({"token": person.token} if kind == "visitor.hello" else {}),
        }
        await person.start(wait=False)
        await person.until(lambda person=person: person.closes)
        assert person.events[-1]["code"] == "version"
        assert person.closes[-1][0] == 4409
        ASKED.add(kind)


def test_every_command_was_asked_for() -> None:
    """Last in this module: a command that is added to the protocol needs a test here."""
    known = {c.model_fields["type"].default for c in (*p.VISITOR_COMMANDS, *p.OPERATOR_COMMANDS)}
    if len(ASKED) < 3:
        pytest.skip("Only together with the other tests of this module.")  # a selection of one test
    assert known - ASKED == set()
