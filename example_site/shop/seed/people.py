"""Users, operators, departments and the chat's settings of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Site

from example_site.shop.seed.pages import portrait
from wagtail_livechat.models import Department, LiveChatSettings, Operator, QuickReply, WrapUpReason

REASONS = [
    "Question answered",
    "Order changed",
    "Return arranged",
    "Repair booked",
    "Passed on to e-mail",
    "No answer from visitor",
]


# Name, shortcut, language, text; the last two are for one department only.
REPLIES = [
    ("Greeting", "hi", "en", "Hello <name>, this is <operator> at <company>. How can I help?"),
    ("Hälsning", "hej", "sv", "Hej <name>, det här är <operator> på <company>. Vad kan jag hjälpa till med?"),
    ("Delivery times", "delivery", "en", "We send within one working day. To addresses in Sweden it then takes two to three days."),
    ("Leveranstider", "leverans", "sv", "Vi skickar inom en arbetsdag. Inom Sverige tar det sedan två till tre dagar."),
    ("One moment", "wait", "en", "Let me look that up, one moment please."),
    ("Ett ögonblick", "vänta", "sv", "Jag tar reda på det, ett ögonblick."),
    ("Goodbye", "bye", "en", "Glad I could help!\n\nYour case number is <case>, should you want to come back to this."),
    ("Avsked", "hejdå", "sv", "Roligt att jag kunde hjälpa till!\n\nDitt ärendenummer är <case> om du vill återkomma."),
    ("How to return", "return", "en", "You have 60 days. Put the slip into the parcel, write <case> on it, and hand it in at any post office."),
    ("Så returnerar du", "retur", "sv", "Du har 60 dagar på dig. Lägg sedeln i paketet, skriv <case> på den och lämna in det på valfritt ombud."),
]  # fmt: skip


@dataclass(frozen=True)
class People:
    operators: list[Operator]
    departments: dict[str, Department]
    reasons: list[WrapUpReason]


def seed_people(shop: Site, outlet: Site) -> People:
    """Four people whose password is their user name, two departments, settings for both sites."""
    sales, _ = Department.objects.get_or_create(name="Sales", defaults={"sort_order": 1})
    service, _ = Department.objects.get_or_create(name="Repairs and returns", defaults={"sort_order": 2})

    _user("admin", "Astrid", "Lindqvist", superuser=True)
    _user("manager", "Maja", "Holm", groups=["Live chat managers", "Editors"])
    _user("operator", "Elin", "Berg", groups=["Live chat operators"])
    _user("operator2", "Oskar", "Dahl", groups=["Live chat operators"])

    operators = [
        _operator("operator", "Elin", [sales, service], backdrop="#cfe0d8", skin="#f0c9a8", hair="#7a4a26", shirt="#1f4338", long_hair=True),
        _operator("operator2", "Oskar", [sales], backdrop="#e6d6c2", skin="#e3b48c", hair="#2f2620", shirt="#a4481f"),
        _operator("manager", "Maja", [], backdrop="#d5dbe6", skin="#c98f68", hair="#1e1a18", shirt="#3a4f73", long_hair=True),
    ]  # fmt: skip
    _operator(
        "admin", "Astrid", [], backdrop="#e7dede", skin="#f3d3b8", hair="#c9a15a", shirt="#6a4a5f", long_hair=True
    )

    _settings(
        shop, company_name="Norrgran", color="#1f4338", department=sales,
        greeting="Hello! Ask us about anything in the shop.",
    )  # fmt: skip
    _settings(
        outlet, company_name="Norrgran Outlet", color="#a4481f", department=sales, corner="start",
        greeting="Looking for a bargain? Ask what is left.",
    )  # fmt: skip

    for order, (name, shortcut, language, text) in enumerate(REPLIES):
        department = service if order >= len(REPLIES) - 2 else None
        QuickReply.objects.get_or_create(
            name=name,
            defaults={
                "shortcut": shortcut,
                "language": language,
                "text": text,
                "department": department,
                "sort_order": order,
            },
        )

    reasons = [
        WrapUpReason.objects.get_or_create(name=name, defaults={"sort_order": order})[0]
        for order, name in enumerate(REASONS)
    ]
    return People(operators, {"sales": sales, "service": service}, reasons)


def _user(name: str, first: str, last: str, *, groups: list[str] | None = None, superuser: bool = False) -> object:
    User = get_user_model()
    user = User.objects.filter(username=name).first()
    if user is None:
        make = User.objects.create_superuser if superuser else User.objects.create_user
        user = make(name, f"{name}@norrgran.example", name, first_name=first, last_name=last)
    for group in groups or []:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def _operator(username: str, display_name: str, departments: list[Department], **colours: object) -> Operator:
    user = get_user_model().objects.get(username=username)
    operator = Operator.objects.filter(user=user).first()
    if operator is None:
        operator = Operator(user=user, display_name=display_name, picture=portrait(display_name, **colours))
        operator.save()
        operator.departments.set(departments)
    return operator


def _settings(site: Site, **values: object) -> None:
    # Only when there are none: what somebody changed in the demo stays changed.
    if not LiveChatSettings.objects.filter(site=site).exists():
        LiveChatSettings.objects.create(site=site, **values)
