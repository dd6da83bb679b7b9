"""Can mail reach this domain? DNS says: MX, else an address; a null MX says no.

Asking takes time, so it is done where waiting holds up nobody (``look_up`` and ``look_up_meanwhile``, by the doors), with a limit, in threads of its
own. Who decides (``takes_no_mail``) asks nobody: what is not known by then counts as reachable, since a name server that is
slow must not keep a visitor out.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any

import dns.resolver
from email_validator import EmailUndeliverableError
from email_validator.deliverability import validate_email_deliverability

from .conf import conf
from .intake import domain_of

KEEP_SECONDS = 3600.0
KEEP_AT_MOST = 2_000
ASKED_AT_ONCE = 100

_askers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="livechat-dns")
_verdicts: OrderedDict[str, tuple[float, bool]] = OrderedDict()
_asking: dict[str, Future[None]] = {}
_lock = Lock()


def resolver() -> Any:
    """What asks the name servers of this machine."""
    return dns.resolver.Resolver()


def look_up(email: str) -> None:
    """Find out about an address's domain, for at most DNS_SECONDS. Blocks; raises nothing."""
    if asking := _begin(email):
        wait([asking], timeout=conf.DNS_SECONDS)


async def look_up_meanwhile(email: str) -> None:
    """The same, while the event loop goes on."""
    if asking := _begin(email):
        await asyncio.wait([asyncio.wrap_future(asking)], timeout=conf.DNS_SECONDS)


def _begin(email: str) -> Future[None] | None:
    """The question about the address's domain, if there is one to ask."""
    seconds = conf.DNS_SECONDS
    domain = domain_of(email) if email and seconds > 0 else None
    if domain is None or _known(domain) is not None:
        return None
    with _lock:
        asking = _asking.get(domain)
        # Somebody may make up addresses by the hundred; real visitors are let in unasked meanwhile.
        if asking is None and len(_asking) < ASKED_AT_ONCE:
            asking = _asking[domain] = _askers.submit(_ask, domain, seconds)
    return asking


def takes_no_mail(domain: str) -> bool:
    """Whether it is known that no mail can reach the domain. Asks nobody."""
    return _known(domain) is False


def forget() -> None:
    """Know nothing."""
    with _lock:
        _verdicts.clear()


def _known(domain: str) -> bool | None:
    with _lock:
        until, verdict = _verdicts.get(domain, (0.0, None))
    return verdict if until > time.monotonic() else None


def _ask(domain: str, seconds: float) -> None:
    verdict: bool | None = None
    try:
        found = validate_email_deliverability(domain, domain, timeout=None, dns_resolver=_patient(seconds))
        verdict = True if "unknown-deliverability" not in found else None
    except EmailUndeliverableError:
        verdict = False
    except Exception:
        verdict = None  # A name server that answers nonsense says nothing about the address.
    with _lock:
        _asking.pop(domain, None)
        if verdict is not None:
            _verdicts[domain] = (time.monotonic() + KEEP_SECONDS, verdict)
            while len(_verdicts) > KEEP_AT_MOST:
                _verdicts.popitem(last=False)


def _patient(seconds: float) -> Any:
    """A resolver with our limit: each of up to four questions may take that long, but nobody waits for the second."""
    asker = resolver()
    asker.lifetime = seconds
    return asker
