"""Whether mail can reach a domain, asked of a name server of our own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from wagtail_livechat import mailcheck

Records = dict[tuple[str, str], str | None]

ZONE: Records = {
    ("mail.example.", "MX"): "10 mx.mail.example.",
    ("web.example.", "A"): "93.184.215.14",
    ("six.example.", "AAAA"): "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    ("never.example.", "MX"): "0 .",
    ("never.example.", "A"): "93.184.215.14",
    ("home.example.", "A"): "192.168.1.2",
    ("words.example.", "TXT"): '"hello"',
}


class NameServer:
    """Answers questions about ZONE by UDP; ``slow.example`` is never answered, ``broken.example`` refused."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.asked: list[str] = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                wire, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(wire)
            question = query.question[0]
            name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
            self.asked.append(name)
            if name.startswith("slow."):
                continue
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if name.startswith("broken."):
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif not any(known == name for known, _ in ZONE):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif record := ZONE.get((name, kind)):
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, record))
            self.socket.sendto(answer.to_wire(), peer)


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[NameServer]:
    server = NameServer()

    def resolver() -> dns.resolver.Resolver:
        asker = dns.resolver.Resolver(configure=False)
        asker.nameservers, asker.port = ["127.0.0.1"], server.port
        return asker

    monkeypatch.setattr(mailcheck, "resolver", resolver)
    settings.WAGTAIL_LIVECHAT = {"DNS_SECONDS": 5}
    mailcheck.forget()
    yield server
    server.socket.close()
    mailcheck.forget()


Verdict = Callable[[str], bool]


def refused(domain: str) -> bool:
    mailcheck.look_up(f"ada@{domain}")
    return mailcheck.takes_no_mail(domain)


@pytest.mark.covers("A4")
@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("mail.example", False),
        ("web.example", False),
        ("six.example", False),
        ("never.example", True),
        ("nobody.example", True),
        ("words.example", True),
        ("home.example", True),
        ("broken.example", False),
    ],
    ids=[
        "MX", "address only", "IPv6 address only", "null MX", "no such domain", "no address", "private address",
        "name server fails",
    ],
)  # fmt: skip
def test_dns_decides_whether_mail_can_reach_a_domain(name_server: NameServer, domain: str, expected: bool) -> None:
    assert refused(domain) is expected


@pytest.mark.covers("A4")
def test_a_name_server_that_does_not_answer_keeps_nobody_waiting_or_out(name_server: NameServer, settings: Any) -> None:
    settings.WAGTAIL_LIVECHAT = {"DNS_SECONDS": 0.2}
    began = time.monotonic()

    assert refused("slow.example") is False
    assert time.monotonic() - began < 1.5


def test_an_answer_is_remembered(name_server: NameServer) -> None:
    assert refused("never.example")
    asked = len(name_server.asked)

    assert refused("never.example")
    assert len(name_server.asked) == asked


async def test_the_event_loop_goes_on_while_dns_is_asked(name_server: NameServer, settings: Any) -> None:
    settings.WAGTAIL_LIVECHAT = {"DNS_SECONDS": 0.3}
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    counting = asyncio.create_task(count())
    await mailcheck.look_up_meanwhile("ada@slow.example")
    counting.cancel()

    # Whoever asks without leaving the loop gives nobody else a turn, however slow the machine is.
    assert turns > 0
    assert not mailcheck.takes_no_mail("slow.example")


def test_many_who_ask_at_once_ask_once(name_server: NameServer) -> None:
    askers = [threading.Thread(target=mailcheck.look_up, args=("ada@mail.example",)) for _ in range(20)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert name_server.asked.count("mail.example.") == 1


def test_nobody_is_asked_about_what_is_no_address_or_where_it_is_switched_off(
    name_server: NameServer, settings: Any
) -> None:
    mailcheck.look_up("")
    mailcheck.look_up("no address")
    settings.WAGTAIL_LIVECHAT = {"DNS_SECONDS": 0}
    mailcheck.look_up("ada@never.example")

    assert name_server.asked == []
    assert not mailcheck.takes_no_mail("never.example")
