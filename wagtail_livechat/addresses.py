"""Where a request comes from: the client's address behind proxies, and whether an Origin is welcome. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://[^\s/?#@\\\x00-\x20]+", re.IGNORECASE)


def client_address(peer: str | None, forwarded_for: str | None, trusted_proxies: int) -> str | None:
    """The client's IP address, or None if there is none to be had (a Unix socket, a test client).

    ``forwarded_for`` is the X-Forwarded-For header. Each trusted proxy appends the address that it was called from, so
    with n trusted proxies the n-th entry from the right is the first that nobody could forge. IPv4-mapped IPv6 is
    returned as IPv4.
    """
    candidate = peer
    if trusted_proxies > 0 and forwarded_for:
        hops = [hop.strip() for hop in forwarded_for.split(",")]
        if len(hops) >= trusted_proxies:
            candidate = hops[-trusted_proxies]
    return normalise(candidate)


def normalise(address: str | None) -> str | None:
    """An address in its one canonical spelling, without port, brackets or zone; None if it is none."""
    if not address:
        return None
    address = address.strip()
    if address.startswith("["):
        address = address[1:].split("]", 1)[0]
    elif address.count(":") == 1:
        address = address.split(":", 1)[0]
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def origin_of(value: str | None) -> str | None:
    """``scheme://host[:port]`` in lower case with default ports left out; None for anything that is not an origin."""
    # An origin has no user, path, query or fragment, not even an empty one, and no blanks, which urlsplit would drop.
    if not value or len(value) > 300 or not _ORIGIN.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in (None, default) else f"{parts.scheme}://{host}:{port}"


def origin_allowed(origin: str | None, host: str, allowed: Iterable[str]) -> bool:
    """Whether a page at ``origin`` may talk to us at ``host`` (the Host header).

    The scheme is not compared for our own host: behind a proxy that ends TLS we do not reliably know ours.
    """
    given = origin_of(origin)
    if given is None:
        return False
    own = {origin_of(f"http://{host}"), origin_of(f"https://{host}")}
    return given in own or given in {origin_of(other) for other in allowed}


def network_of(address: str) -> str:
    """The range that one address stands for in a ban: itself for IPv4, its /64 for IPv6 (one household or phone).

    Raises ValueError for what is no address.
    """
    parsed = ipaddress.ip_address(normalise(address) or address)
    return str(ipaddress.ip_network((parsed, 32 if parsed.version == 4 else 64), strict=False))


def within(address: str | None, networks: Iterable[str]) -> bool:
    """Whether ``address`` lies in one of ``networks`` (CIDR). IPv4-mapped IPv6 counts as IPv4; nonsense is in none."""
    canonical = normalise(address)
    if canonical is None:
        return False
    parsed = ipaddress.ip_address(canonical)
    return any(parsed in ipaddress.ip_network(network) for network in networks)


def shortened(address: str) -> str:
    """An address without what leads to one household: its /24 for IPv4, its /48 for IPv6.

    Raises ValueError for what is no address.
    """
    parsed = ipaddress.ip_address(normalise(address) or address)
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False).network_address)


def shortened_network(network: str) -> str:
    """A range that is at least as wide as that of a shortened address. Raises ValueError for what is no range."""
    parsed = ipaddress.ip_network(network, strict=False)
    widest = 24 if parsed.version == 4 else 48
    return str(parsed if parsed.prefixlen <= widest else parsed.supernet(new_prefix=widest))
