"""The desk's page, the menu, and who gets to see them."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import ADMINISTRATORS, MANAGERS, OPERATORS, make_operator, make_user, signed_in
from wagtail_livechat.desk.texts import desk_texts, presence_texts, system_line
from wagtail_livechat.models import Operator

pytestmark = pytest.mark.django_db

DESK = "/admin/livechat/desk/"
ADMIN = "Editors"


def config_of(html: str, element_id: str) -> dict:
    found = re.search(rf'<script id="{element_id}" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found, element_id
    return json.loads(found[1])


def sidebar_of(html: str) -> str:
    found = re.search(r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return found[1]


def test_an_operator_gets_the_desk_with_what_its_client_needs() -> None:
    operator = make_operator("Elin")

    answer = signed_in(operator.user).get(DESK)

    assert answer.status_code == 200
    config = config_of(answer.content.decode(), "livechat-desk-config")
    assert config["operator"] == operator.pk
    assert config["urls"]["commands"] == reverse("wagtail_livechat_desk:commands") + "?lang=en"
    assert config["urls"]["socket"] == reverse("wagtail_livechat:ws_operator") + "?lang=en"
    assert config["csrf"]["token"]
    assert config["texts"]["accept"] == "Accept"


def test_whoever_may_answer_becomes_an_operator_on_the_first_visit() -> None:
    user = make_user(groups=[OPERATORS])

    signed_in(user).get(DESK)
    signed_in(user).get(DESK)

    assert Operator.objects.filter(user=user).count() == 1


def test_an_editor_without_the_role_is_sent_away_and_becomes_no_operator() -> None:
    user = make_user(groups=[ADMIN])

    answer = signed_in(user).get(DESK)

    assert answer.status_code == 302
    assert not Operator.objects.filter(user=user).exists()


def test_a_deactivated_operator_does_not_get_the_desk() -> None:
    operator = make_operator(is_active=False)

    assert signed_in(operator.user).get(DESK).status_code == 302


def test_nobody_in_particular_is_asked_to_sign_in() -> None:
    answer = Client().get(DESK)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


def test_the_page_has_no_inline_script_or_style() -> None:
    html = signed_in(make_operator().user).get(DESK).content.decode()

    for attributes in re.findall(r"<script\b([^>]*)>", html):
        assert "src=" in attributes or 'type="application/json"' in attributes, attributes
    assert not re.search(r"<style\b|\sstyle=|\son\w+=", html)


def test_the_page_leaves_out_the_scripts_that_write_markup_from_strings() -> None:
    html = signed_in(make_operator().user).get(DESK).content.decode()

    assert "jquery" not in html
    assert "js/icons.js" not in html
    assert 'id="icon-livechat"' in html, "the icons are in the page instead"


def test_the_presence_client_is_on_other_pages_and_not_on_the_desk() -> None:
    client = signed_in(make_operator().user)

    assert "wagtail_livechat/presence.js" in client.get("/admin/").content.decode()
    assert "wagtail_livechat/presence.js" not in client.get(DESK).content.decode()


def test_what_the_presence_client_is_given_is_the_same_for_everyone() -> None:
    own = config_of(signed_in(make_operator().user).get("/admin/").content.decode(), "livechat-presence-config")
    other = config_of(signed_in(make_user(groups=[ADMIN])).get("/admin/").content.decode(), "livechat-presence-config")

    assert own == other
    assert "token" not in json.dumps(own)


def test_only_an_operators_sidebar_lets_the_presence_client_connect() -> None:
    marked = '"data-livechat-desk": "operator"'

    assert marked in sidebar_of(signed_in(make_operator().user).get("/admin/").content.decode())
    for somebody in (
        make_user(groups=[ADMIN]),
        make_user(groups=[OPERATORS]),  # has the role, was never at the desk
        make_operator(is_active=False).user,
    ):
        assert marked not in sidebar_of(signed_in(somebody).get("/admin/").content.decode())


@pytest.mark.parametrize(
    ("group", "seen"),
    [
        # Whoever edits pages finds those of the helpdesk.
        (ADMIN, ["Helpdesk"]),
        (OPERATORS, ["Desk", "Conversations", "Archive", "Helpdesk"]),
        (
            MANAGERS,
            [
                "Desk",
                "Conversations",
                "Archive",
                "Quick replies",
                "FAQs",
                "Helpdesk",
                "Authors",
                "Auto-messages",
                "Chat rules",
                "What visitors ask",
                "Statistics",
                "Logs",
                "Bans",
                "Settings",
            ],
        ),
        (
            ADMINISTRATORS,
            [
                "Desk",
                "Conversations",
                "Archive",
                "Operators",
                "Departments",
                "Quick replies",
                "FAQs",
                "Helpdesk",
                "Authors",
                "Auto-messages",
                "Chat rules",
                "Wrap-up reasons",
                "What visitors ask",
                "Statistics",
                "Logs",
                "Bans",
                "Letters",
                "Settings",
                "Privacy",
                "Installation",
            ],
        ),
    ],
)
@pytest.mark.covers("D1")
def test_each_role_sees_in_the_menu_what_it_may_do(group: str, seen: list[str]) -> None:
    # Everyone here is an editor too, so that the sidebar has other things in it.
    user = make_user(groups=[ADMIN, group])

    sidebar = json.loads(sidebar_of(signed_in(user).get("/admin/").content.decode()))

    main = next(module for module in sidebar["modules"] if module["_type"].endswith("MainMenuModule"))
    groups = {item["_args"][0]["name"]: item["_args"] for item in main["_args"][0]}
    items = groups["livechat"][1] if "livechat" in groups else []
    labels = [item["_args"][0]["label"] for item in items]
    assert labels == seen


def test_every_text_of_the_clients_is_in_use_and_every_text_in_use_exists(sources: str) -> None:
    texts = {**presence_texts(), **desk_texts()}

    used = set(re.findall(r'\bt\(\s*"(\w+)"', sources)) | set(re.findall(r'\bt\([^()]*?\? "(\w+)"', sources))
    assert used <= texts.keys()
    # Keys that are put together, such as `status_${status}` and `${offer.kind}_waiting`.
    built = (*re.findall(r"`(\w+_)\$\{", sources), "line_", "key_", "notify_", "sound_")
    ends = tuple(re.findall(r"`\$\{[\w.]+\}(_\w+)`", sources))
    idle = {key for key in texts if f'"{key}"' not in sources and not key.startswith(built) and not key.endswith(ends)}
    assert not idle


@pytest.fixture
def sources() -> str:
    from pathlib import Path

    import wagtail_livechat

    client = Path(wagtail_livechat.__file__).parent / "client"
    if not client.exists():
        pytest.skip("the sources of the clients are not installed")
    files = [path for folder in ("desk", "offers", "presence") for path in sorted((client / folder).glob("*.ts*"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize(
    ("event", "data", "words"),
    [
        ("joined", {}, "Elin joined the conversation"),
        ("ended", {"by": "visitor"}, "The visitor ended the conversation"),
        ("ended", {"by": "operator"}, "Elin ended the conversation"),
        (
            "ended",
            {"by": "system", "reason": "idle"},
            "The conversation was ended because nothing was said for a long time",
        ),
        ("invented", {}, "Event: invented"),
    ],
)
def test_a_system_line_says_what_happened(event: str, data: dict, words: str) -> None:
    assert system_line(event, data, "Elin") == words
