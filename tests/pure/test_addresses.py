from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat.addresses import client_address, normalise, origin_allowed, origin_of

PROXY = "10.0.0.1"


def test_without_trusted_proxies_the_header_is_ignored() -> None:
    assert client_address("203.0.113.9", "198.51.100.1", 0) == "203.0.113.9"


def test_behind_one_proxy_the_address_is_the_one_that_the_proxy_wrote() -> None:
    assert client_address(PROXY, "203.0.113.9", 1) == "203.0.113.9"


def test_what_the_client_wrote_into_the_header_does_not_change_its_address() -> None:
    forged = "127.0.0.1, 198.51.100.1, 203.0.113.9"

    assert client_address(PROXY, forged, 1) == "203.0.113.9"
    assert client_address("10.0.0.2", f"{forged}, {PROXY}", 2) == "203.0.113.9"


def test_a_request_that_came_round_the_proxies_has_its_own_address() -> None:
    assert client_address("203.0.113.9", None, 2) == "203.0.113.9"
    assert client_address("203.0.113.9", "198.51.100.1", 2) == "203.0.113.9"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", None),
        ("203.0.113.999", None),
        ("", None),
        (None, None),
        ("203.0.113.9, 198.51.100.1", None),
        ("[", None),
        ("\x00", None),
    ],
)
def test_an_address_has_one_spelling(written: str | None, meant: str | None) -> None:
    assert normalise(written) == meant


@given(st.ip_addresses())
def test_every_address_survives(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    result = normalise(str(address))

    assert result is not None
    assert normalise(result) == result


@given(st.text(max_size=60), st.text(max_size=200), st.integers(0, 4))
def test_no_header_whatever_breaks_it(peer: str, header: str, proxies: int) -> None:
    result = client_address(peer, header, proxies)

    assert result is None or ipaddress.ip_address(result)


@pytest.mark.parametrize(
    "origin",
    ["https://shop.example", "http://shop.example", "https://SHOP.example", "https://shop.example:443"],
)
def test_the_sites_own_pages_may_talk_to_it(origin: str) -> None:
    assert origin_allowed(origin, "shop.example", [])


def test_a_page_on_the_sites_own_port_may_talk_to_it() -> None:
    assert origin_allowed("http://localhost:8123", "localhost:8123", [])
    assert origin_allowed("http://[::1]:8123", "[::1]:8123", [])
    assert not origin_allowed("http://localhost:9000", "localhost:8123", [])


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "https://evil.example",
        "https://shop.example.evil.example",
        "https://shop.example@evil.example",
        "https://user@shop.example",
        "https://@shop.example",
        "https://shop.example/",
        "https://shop.example/path",
        "https://shop.example?x",
        "https://shop.example#x",
        "https://shop.example:99999",
        "https://shop.example:port",
        "ftp://shop.example",
        "file://",
        "shop.example",
        "javascript:alert(1)",
        "https://[shop.example",
        "https://shop.example\n",
        "https://shop.example, https://evil.example",
        "https://" + "a" * 400,
    ],
)
def test_a_foreign_missing_or_malformed_origin_is_refused(origin: str | None) -> None:
    assert not origin_allowed(origin, "shop.example", [])


def test_other_origins_are_welcome_when_they_are_listed() -> None:
    allowed = ["https://partner.example:8443"]

    assert origin_allowed("https://partner.example:8443", "shop.example", allowed)
    assert not origin_allowed("http://partner.example:8443", "shop.example", allowed)
    assert not origin_allowed("https://partner.example", "shop.example", allowed)


@given(st.text(max_size=320))
def test_no_origin_whatever_breaks_it(origin: str) -> None:
    result = origin_of(origin)

    assert result is None or origin_of(result) == result
