"""What is hidden from whom: the one place that decides, asked by everything that shows a visitor's words to somebody.

``veil_for`` gives a reader's veil for a site; ``redact`` is what the actions store. A site's rules are remembered in the
process for as long as an operator's rights are (RECHECK_SECONDS), since every text that is shown or stored asks for them.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings

from .conf import conf
from .masking import KINDS, Rules, find, mask, mask_address, mask_detail, mask_found
from .masking.rules import regions_of
from .models import PrivacySettings
from .permissions import OperatorActor, VisitorActor

Detail = Literal["name", "email", "phone", "reference"]
DETAILS: tuple[Detail, ...] = ("name", "email", "phone", "reference")


@dataclass(frozen=True, slots=True)
class SiteRules:
    mode: str
    """``off``, ``mask`` or ``redact``."""
    rules: Rules
    right_lifts: bool
    """Whether the right to see what is hidden counts on this site."""


_OFF = SiteRules("off", Rules(kinds=frozenset()), right_lifts=True)
_lock = threading.Lock()
_known: tuple[float, dict[int, SiteRules]] | None = None


def _all_rules() -> dict[int, SiteRules]:
    """Of every site that has any. At most RECHECK_SECONDS old."""
    global _known
    now = time.monotonic()
    known = _known
    if known is None or now - known[0] > conf.RECHECK_SECONDS:
        rows = PrivacySettings.objects.exclude(masking=PrivacySettings.Masking.OFF)
        known = (now, {row.site_id: rules_of(row) for row in rows})
        with _lock:
            _known = known
    return known[1]


def forget_rules() -> None:
    """Have the rules read anew: they were changed."""
    global _known
    with _lock:
        _known = None


def rules_of(row: PrivacySettings) -> SiteRules:
    """The rules as a form or the database has them."""
    regions = tuple(row.country_codes) or regions_of(_languages())
    return SiteRules(row.masking, Rules(row.kinds, regions), row.exempt == PrivacySettings.Exempt.RIGHT)


def _languages() -> list[str]:
    """The languages of the content, which say in which countries the site's visitors live."""
    of_content = getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None) or settings.LANGUAGES
    return [code for code, _ in of_content] if len(of_content) < 40 else [settings.LANGUAGE_CODE]


def site_rules(site_id: int | None) -> SiteRules:
    """Of this site. For what belongs to no site, those of all together: it may quote any of them."""
    known = _all_rules()
    if site_id is not None:
        return known.get(site_id, _OFF)
    if not known:
        return _OFF
    return SiteRules(
        "redact" if any(one.mode == "redact" for one in known.values()) else "mask",
        Rules(
            frozenset(kind for one in known.values() for kind in one.rules.kinds),
            tuple(dict.fromkeys(region for one in known.values() for region in one.rules.regions)),
        ),
        right_lifts=all(one.right_lifts for one in known.values()),
    )


@dataclass(frozen=True, slots=True)
class Veil:
    """What lies over a site's texts for one reader. Without rules nothing does."""

    rules: Rules | None

    def text(self, text: str) -> str:
        return mask(text, self.rules) if self.rules and text else text

    def short(self, text: str | None, length: int) -> str | None:
        """The beginning of a text: hidden first and cut then, or half a number would not be known for one."""
        return None if text is None else self.text(text)[:length]

    def kinds(self, text: str) -> list[str]:
        """What is hidden in it, in the order of masking.KINDS."""
        found = {item.kind for item in find(text, self.rules)} if self.rules and text else set()
        return [kind for kind in KINDS if kind in found]

    def address(self, url: str) -> str:
        return mask_address(url, self.rules) if self.rules and url else url

    def detail(self, field: str, value: str) -> str:
        """A visitor's name, e-mail, phone or reference number."""
        return mask_detail(value, field, self.rules) if self.rules and value else value

    def data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a system entry is about."""
        if not self.rules:
            return data
        return {key: self.text(value) if isinstance(value, str) else value for key, value in data.items()}


CLEAR = Veil(None)


def veil_for(reader: VisitorActor | OperatorActor | None, site_id: int | None) -> Veil:
    """What this reader may not see of the site's texts. None is whoever cannot be asked for a right: a mail, a webhook."""
    if isinstance(reader, VisitorActor):
        return CLEAR
    chosen = site_rules(site_id)
    if chosen.mode == "off" or (reader is not None and reader.sees_masked and chosen.right_lifts):
        return CLEAR
    return Veil(chosen.rules)


def veils_for(reader: OperatorActor, sites: Iterable[int]) -> dict[int, Veil]:
    """The reader's veil for each site."""
    return {site_id: veil_for(reader, site_id) for site_id in set(sites)}


def redact(text: str, site_id: int | None) -> tuple[str, list[str]]:
    """The text as the site wants it stored, and the kinds that were taken out of it."""
    chosen = site_rules(site_id)
    if chosen.mode != "redact" or not text:
        return text, []
    found = find(text, chosen.rules)
    kinds = {item.kind for item in found}
    return mask_found(text, found), [kind for kind in KINDS if kind in kinds]


def redact_detail(field: str, value: str, site_id: int | None) -> str:
    """The same for a visitor's detail. What was asked for as an address or a number to answer to is kept as one."""
    chosen = site_rules(site_id)
    if chosen.mode != "redact" or not value:
        return value
    if field == "reference":
        return mask_detail(value, field, chosen.rules)
    # A phone number may well pass for an id.
    kept = {"email": {"email"}, "phone": {"phone", "national_id"}}.get(field, set())
    return mask(value, Rules(chosen.rules.kinds - kept, chosen.rules.regions))


def redact_address(url: str, site_id: int | None) -> str:
    """The same for a web address."""
    chosen = site_rules(site_id)
    return mask_address(url, chosen.rules) if chosen.mode == "redact" else url


def anyone_redacts() -> bool:
    """Whether any site wants something taken out before it is stored."""
    return any(rules.mode == "redact" for rules in _all_rules().values())


_SUSPECT = re.compile(r"[\d@]")


def is_suspect(text: str) -> bool:
    """Whether masking could find anything in it at all: there is a digit or an @."""
    return bool(_SUSPECT.search(text))
