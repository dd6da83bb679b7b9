"""What a visitor is asked for, and whether what they answered can be used. Pure.

The same few fields serve every form: before the chat, while it is closed, when nobody answers. A site says of each field
whether it is off, shown or required.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

FIELDS = ("name", "email", "phone", "reference", "department", "consent")
"""In the order in which they are asked."""

OFF, SHOWN, REQUIRED = "off", "shown", "required"

Fault = Literal["required", "email", "domain", "phone", "too_long", "choice", "changed"]
"""``domain``: mail cannot reach it. ``choice``: not one of those that may be chosen. ``changed``: another sentence was agreed to."""

LIMITS = {"name": 255, "email": 254, "phone": 64, "reference": 255}
"""Characters."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in; empty where it was not."""

    name: str = ""
    email: str = ""
    phone: str = ""
    reference: str = ""
    department: int | None = None
    consent: bool = False
    consent_version: str = ""
    """Of the sentence that was shown, as ``version_of`` says it; empty: not known."""


def version_of(sentence: str) -> str:
    """The same for the same sentence: what tells which of them somebody agreed to."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:12]


def domain_of(email: str) -> str | None:
    """The domain of an address in the form in which DNS knows it; None if this is no address."""
    try:
        return validate_email(email, check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return None


def check(
    rules: Mapping[str, str],
    given: Answers,
    *,
    country: str = "",
    departments: Collection[int] = (),
    takes_no_mail: Callable[[str], bool] = lambda domain: False,
) -> tuple[Answers, dict[str, Fault]]:
    """The answers as they are to be kept, and what is wrong with them: field -> fault.

    ``rules``: field -> off, shown or required; one that is not named is off. A field that is off was not asked for: what is
    given all the same (by the page's own code) is kept if it can be used, and is no fault if it cannot. ``country``: whose
    phone numbers are understood without a country code. ``takes_no_mail``: whether a domain is known to take none.
    """
    faults: dict[str, Fault] = {}
    kept = replace(given)
    for field in FIELDS:
        value = getattr(given, field)
        fault: Fault | None = None
        if not value:
            fault = "required" if rules.get(field) == REQUIRED else None
        else:
            value, fault = _usable(field, value, country, departments, takes_no_mail)
        if fault and rules.get(field, OFF) == OFF:
            value, fault = getattr(Answers(), field), None
        if fault:
            faults[field] = fault
        kept = replace(kept, **{field: value})
    return kept, faults


def _usable(
    field: str, value: object, country: str, departments: Collection[int], takes_no_mail: Callable[[str], bool]
) -> tuple[object, Fault | None]:
    if field in LIMITS and len(str(value)) > LIMITS[field]:
        return value, "too_long"
    if field == "email":
        return _email(str(value), takes_no_mail)
    if field == "phone":
        return _phone(str(value), country)
    if field == "department" and value not in departments:
        return value, "choice"
    return value, None


def _email(value: str, takes_no_mail: Callable[[str], bool]) -> tuple[str, Fault | None]:
    try:
        found = validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return value, "email"
    return (value, "domain") if takes_no_mail(found.ascii_domain) else (found.normalized, None)


def _phone(value: str, country: str) -> tuple[str, Fault | None]:
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        return value, "phone"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL), None
