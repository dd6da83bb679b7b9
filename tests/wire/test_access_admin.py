"""Who may what in the admin's listings: every address that viewsets, snippets, modeladmins and settings register.

What is registered is asked of Django's resolver; the table is the promise. An address in no area of the table fails, and so
does one that lets in, by GET or POST, whom the table does not name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Workflow, WorkflowTask

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_user,
    signed_in,
    the_site,
)
from wagtail_livechat import models
from wagtail_livechat.helpdesk.models import Author, Faq

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D3")]

ROLES = {"editor": "Editors", "operator": OPERATORS, "manager": MANAGERS, "administrator": ADMINISTRATORS}
PEOPLE = ("nobody", *ROLES)

ALL = frozenset({"operator", "manager", "administrator"})
MANAGE = frozenset({"manager", "administrator"})
ADMINISTER = frozenset({"administrator"})
NOBODY: frozenset[str] = frozenset()
INSIDE = frozenset(ROLES)
"""Whoever may enter the admin: Wagtail's choosers list what may be chosen, which is no secret."""


@dataclass(frozen=True)
class Case:
    """An address that leads somewhere only when something stands behind it: a revision, a lock, a workflow."""

    ending: str
    may: frozenset[str]
    prepare: Callable[[Any], dict[str, Any]]
    """Brings the object there; gives the address's other arguments."""


@dataclass(frozen=True)
class Area:
    """What one model's pages have in common."""

    may: frozenset[str]
    make: Callable[[], Any] | None = None
    """An object for the addresses that name one."""
    differently: tuple[tuple[str, frozenset[str]], ...] = ()
    """(ending of the address's name, who may) where it is not so."""
    cases: tuple[Case, ...] = ()
    """One address may have several."""

    def cases_of(self, name: str) -> list[Case]:
        ordinary = Case(name, self.who(name), lambda row: {})
        return [case for case in self.cases if name.endswith(case.ending)] or [ordinary]

    def who(self, name: str) -> frozenset[str]:
        return next((who for ending, who in self.differently if name.endswith(ending)), self.may)


def _ban() -> models.Ban:
    return models.Ban.objects.create(network="192.0.2.0/24", reason="Noise")


def _letter() -> models.OutgoingMail:
    return models.OutgoingMail.objects.create(kind="test", recipient="a@mail.example")


def _faq() -> Any:
    return Faq.objects.create(question="Is it open?", answer="<p>Daily.</p>", locale=Locale.get_default())


def _author() -> Any:
    return Author.objects.create(name="Ada", locale=Locale.get_default())


def _rule() -> models.ChatRule:
    return models.ChatRule.objects.create(page=the_site().root_page, chat_visibility="hide")


REVIEWERS = frozenset({"manager"})
"""The group of the task that `_in_review` makes. Who reviews is the site's choice: others who may edit are not asked."""


def _revised(faq: Any) -> dict[str, Any]:
    earlier = faq.save_revision()
    faq.question = "Is it open on Sundays?"
    later = faq.save_revision()
    later.publish()
    return {"revision_id": earlier.pk, "revision_id_a": earlier.pk, "revision_id_b": later.pk}


def _scheduled(faq: Any) -> dict[str, Any]:
    return {"revision_id": faq.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1)).pk}


def _in_review(faq: Any) -> dict[str, Any]:
    task = GroupApprovalTask.objects.create(name="Read by a manager")
    task.groups.set(Group.objects.filter(name=MANAGERS))
    workflow = Workflow.objects.create(name="Questions")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    faq.save_revision()
    state = workflow.start(faq, make_user())
    return {"task_id": task.pk, "task_state_id": state.current_task_state.pk, "workflow_state_id": state.pk}


def _approving(faq: Any) -> dict[str, Any]:
    return {**_in_review(faq), "action_name": "approve"}


def _rejecting(faq: Any) -> dict[str, Any]:
    return {**_in_review(faq), "action_name": "reject"}


def _inventing(faq: Any) -> dict[str, Any]:
    return {**_in_review(faq), "action_name": "publish"}


def _locked(faq: Any, by: Any = None) -> dict[str, Any]:
    faq.locked, faq.locked_by, faq.locked_at = True, by or make_user(), timezone.now()
    faq.save()
    return {}


def _locked_by_the_operator(faq: Any) -> dict[str, Any]:
    return _locked(faq, get_user_model().objects.get(groups__name=OPERATORS))


def _locked_in_review(faq: Any) -> dict[str, Any]:
    return _in_review(faq) | _locked(faq)


CONTENT_CASES = (
    Case(":revisions_view", MANAGE, _revised),
    Case(":revisions_revert", MANAGE, _revised),
    Case(":revisions_compare", MANAGE, _revised),
    Case(":revisions_unschedule", MANAGE, _scheduled),
    # No role may lock: it is Wagtail's right, for a site to give. Reviewers may while it is theirs to read; they may not
    # undo the lock of somebody else.
    Case(":lock", NOBODY, _revised),
    Case(":lock", REVIEWERS, _in_review),
    Case(":unlock", NOBODY, _locked),
    Case(":unlock", NOBODY, _locked_in_review),
    # Whoever has locked may unlock, even after having lost the role in which they did.
    Case(":unlock", frozenset({"operator"}), _locked_by_the_operator),
    Case(":workflow_action", REVIEWERS, _approving),
    Case(":workflow_action", REVIEWERS, _rejecting),
    Case(":workflow_action", NOBODY, _inventing),
    Case(":collect_workflow_action_data", REVIEWERS, _approving),
    Case(":collect_workflow_action_data", REVIEWERS, _rejecting),
    Case(":collect_workflow_action_data", NOBODY, _inventing),
    Case(":confirm_workflow_cancellation", MANAGE, _in_review),
    Case(":workflow_history", MANAGE, _in_review),
    Case(":workflow_history_detail", MANAGE, _in_review),
    Case(":workflow_preview", REVIEWERS, _in_review),
)
"""Of a snippet with all that Wagtail has for content."""

READ_ONLY = (("_create", NOBODY), ("_edit", NOBODY), ("_delete", NOBODY))
CHOOSE = (("choose", INSIDE), ("choose_results", INSIDE), ("chosen", INSIDE), ("chosen_multiple", INSIDE))

AREAS: dict[str, Area] = {
    "livechat_conversations_modeladmin_": Area(ALL, make_open, READ_ONLY),
    "livechat_operators_modeladmin_": Area(ADMINISTER, make_operator),
    "livechat_departments_modeladmin_": Area(ADMINISTER, make_department),
    "wagtailsnippets_wagtail_livechat_quickreply:": Area(MANAGE, lambda: models.QuickReply.objects.create(name="a", text="b")),
    "wagtailsnippetchoosers_wagtail_livechat_quickreply:": Area(MANAGE, lambda: models.QuickReply.objects.create(name="a", text="b"), CHOOSE),
    "wagtailsnippets_wagtail_livechat_automessage:": Area(MANAGE, lambda: models.AutoMessage.objects.create(name="a", content="b")),
    "wagtailsnippetchoosers_wagtail_livechat_automessage:": Area(MANAGE, lambda: models.AutoMessage.objects.create(name="a", content="b"), CHOOSE),
    "wagtailsnippets_wagtail_livechat_chatrule:": Area(MANAGE, _rule),
    "wagtailsnippetchoosers_wagtail_livechat_chatrule:": Area(MANAGE, _rule, CHOOSE),
    "livechat_wrap_up_reasons:": Area(ADMINISTER, lambda: models.WrapUpReason.objects.create(name="a")),
    "livechat_bans:": Area(MANAGE, _ban, ((":add", ADMINISTER), (":edit", ADMINISTER), (":usage", ADMINISTER))),
    # In place of Wagtail's own page, whose right none of the roles has.
    "livechat_delete_site": Area(NOBODY, lambda: make_open().site),
    "wagtailsnippets_wagtail_livechat_helpdesk_faq:": Area(MANAGE, _faq, cases=CONTENT_CASES),
    "wagtailsnippetchoosers_wagtail_livechat_helpdesk_faq:": Area(MANAGE, _faq, CHOOSE),
    "wagtailsnippets_wagtail_livechat_helpdesk_author:": Area(MANAGE, _author),
    "wagtailsnippetchoosers_wagtail_livechat_helpdesk_author:": Area(MANAGE, _author, CHOOSE),
    # Of the helpdesk, with a right of its own.
    "wagtail_livechat_helpdesk:feedback": Area(MANAGE, _faq),
    "livechat_letters:": Area(ADMINISTER, _letter, ((":add", NOBODY), (":delete", NOBODY))),
}  # fmt: skip
ELSEWHERE = ("wagtail_livechat:", "wagtail_livechat_desk:", "wagtail_livechat_helpdesk_admin:")
"""Our own doors, each in the table of test_access."""
SETTINGS = {
    "livechatsettings": MANAGE,
    "privacysettings": ADMINISTER,
}
"""Of a site, in wagtail.contrib.settings."""


def registered() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, names of its arguments) of every address of ours, ours by its name or its path."""

    def walk(resolver: Any, path: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str, URLPattern]]:
        for one in resolver.url_patterns:
            here = path + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, here, (*spaces, one.namespace) if one.namespace else spaces)
            else:
                yield here, ":".join([*spaces, one.name or ""]), one

    for path, name, pattern in walk(get_resolver(), "", ()):
        if ("livechat" in path or "livechat" in name) and not name.startswith(ELSEWHERE):
            yield name, tuple(pattern.pattern.regex.groupindex)


def area_of(name: str) -> str | None:
    return next((prefix for prefix in AREAS if name.startswith(prefix)), None)


def test_the_table_knows_every_address_of_the_admin() -> None:
    names = {name for name, _ in registered()}
    unknown = {name for name in names if area_of(name) is None}
    assert unknown == set(), "give each of these its place in AREAS"
    assert {area_of(name) for name in names} == set(AREAS), "an area without an address"


def test_the_table_knows_every_model_that_is_edited_as_settings() -> None:
    from wagtail.contrib.settings.registry import registry

    assert {m._meta.model_name for m in registry if m._meta.app_label == "wagtail_livechat"} == set(SETTINGS)


@pytest.fixture
def browsers() -> dict[str, Client]:
    return {"nobody": Client(), **{who: signed_in(make_user(groups=[role])) for who, role in ROLES.items()}}


def is_shut(answer: HttpResponse) -> bool:
    """Sent to the log-in, shown out to the admin's front page, refused."""
    if answer.status_code in (301, 302):
        return bool(re.match(r"/admin/(login/.*)?$", answer["Location"]))
    return answer.status_code in (403, 404, 405)


@contextmanager
def undone() -> Iterator[None]:
    """As if it had not been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check(browsers: dict[str, Client], name: str, address: str, may: frozenset[str]) -> None:
    form = {"reason": "x", "name": "x"}
    for who, browser in browsers.items():
        answer = browser.get(address)
        assert answer.status_code < 500, f"{who} at {name}"
        if answer.status_code != 405:
            assert is_shut(answer) == (who not in may), f"GET {name} by {who}: {answer.status_code}"
        if who not in may:
            assert is_shut(browser.post(address, form)), f"POST {name} by {who}"
        elif answer.status_code == 405:
            with undone():
                assert not is_shut(browser.post(address, form)), f"POST {name} by {who}"


def value_of(argument: str, row: Any) -> Any:
    """For an argument of an address. What the helpdesk's report is about need not exist."""
    return "faq" if argument == "kind" else row.pk if row else 1


@pytest.mark.parametrize("prefix", AREAS)
def test_an_areas_addresses_open_to_whom_they_should(browsers: dict[str, Client], prefix: str) -> None:
    area = AREAS[prefix]
    row = area.make() if area.make else None
    for name, arguments in registered():
        if area_of(name) != prefix:
            continue
        for case in area.cases_of(name):
            with undone():
                more = case.prepare(row and type(row)._default_manager.get(pk=row.pk))
                values = {argument: more.get(argument, value_of(argument, row)) for argument in arguments}
                check(browsers, name, reverse(name, kwargs=values), case.may)
                # Nobody who was shut out has removed it.
                assert row is None or type(row)._default_manager.filter(pk=row.pk).exists(), name


def test_every_case_is_of_an_address() -> None:
    names = [name for name, _ in registered()]
    for prefix, area in AREAS.items():
        for case in area.cases:
            assert any(name.startswith(prefix) and name.endswith(case.ending) for name in names), case.ending


@pytest.mark.parametrize("model", SETTINGS)
def test_settings_open_to_whom_they_should(browsers: dict[str, Client], model: str) -> None:
    make_settings()
    address = f"/admin/settings/wagtail_livechat/{model}/{the_site().pk}/"
    check(browsers, model, address, SETTINGS[model])
