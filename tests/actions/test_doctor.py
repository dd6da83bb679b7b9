"""What is wrong with the installation is said: each thing is broken here, and the right sentence seen."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.factories import make_operator, make_settings, the_site
from wagtail_livechat import doctor
from wagtail_livechat.models import OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D5")]


def test_each_thing_is_looked_at_and_said_in_words() -> None:
    results = doctor.examine()

    assert [result.key for result in results] == [
        "asgi", "urls", "layer", "worker", "outbox", "mail", "static", "hosts", "origins", "page", "csp", "database",
        "proxy", "operators",
    ]  # fmt: skip
    for result in results:
        assert result.title
        assert result.sentence.endswith(".")
        assert result.remedy or result.state == doctor.OK


@pytest.mark.parametrize(
    ("look", "setting", "value", "state", "words", "remedy"),
    [
        (doctor.asgi, "ASGI_APPLICATION", "", "warning", "No ASGI application is configured", "asgi.py"),
        (doctor.asgi, "ASGI_APPLICATION", "nowhere.application", "problem", "cannot be imported", "asgi.py"),
        (doctor.asgi, "ASGI_APPLICATION", "example_site.wsgi.application", "warning", "does not serve", "asgi.py"),
        (doctor.proxy, "USE_X_FORWARDED_HOST", True, "warning", "every visitor has the proxy's address", "TRUSTED_PROXY_COUNT"),
        (doctor.mail, "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "warning", "leave for nobody", "EMAIL_BACKEND"),
        (doctor.hosts, "ALLOWED_HOSTS", ["elsewhere.example"], "problem", "Not among ALLOWED_HOSTS: localhost", "Add them"),
        (doctor.origins, "WAGTAIL_LIVECHAT", {"ALLOWED_ORIGINS": ["shop.example"]}, "problem", "No origins: shop.example", "https://"),
        (doctor.worker, "WAGTAIL_LIVECHAT", {"RQ_QUEUE": "chat"}, "problem", "The queue “chat” cannot be asked", "RQ_QUEUES"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_its_remedy(
    settings: Any, look: Any, setting: str, value: Any, state: str, words: str, remedy: str
) -> None:
    site = the_site()
    site.hostname = "localhost"
    site.save()
    assert look().state == ("warning" if look is doctor.mail else "ok")

    setattr(settings, setting, value)

    result = look()
    assert (result.state, words in result.sentence, remedy in result.remedy) == (state, True, True), result


def test_sqlite_that_is_not_set_up_for_many_writers_is_named() -> None:
    from django.db import connections

    broken = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    with mock.patch.object(connections["default"], "settings_dict", broken):
        result = doctor.database()

    assert result.state == "warning"
    assert "SQLite is not set up for several writers" in result.sentence
    assert "PRAGMA journal_mode=WAL" in result.remedy


def test_urls_that_are_not_included_are_named(settings: Any) -> None:
    settings.ROOT_URLCONF = "django.contrib.auth.urls"

    assert "are not included" in doctor.urls().sentence
    assert doctor.urls().state == "problem"
    assert doctor.socket_address() == ""


def test_a_dead_mail_server_is_named(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    result = doctor.mail()

    assert result.state == "problem"
    assert "cannot be reached" in result.sentence
    assert "EMAIL_HOST" in result.remedy


def test_a_channel_layer_that_loses_things_is_named() -> None:
    assert doctor.layer().state == "ok"

    async def lost(seconds: float = 2) -> float:
        raise TimeoutError

    with mock.patch("wagtail_livechat.broadcast.probe", lost):
        result = doctor.layer()

    assert (result.state, "did not come back" in result.sentence) == ("problem", True)
    assert "CHANNEL_LAYERS" in result.remedy


def test_a_queue_without_a_worker_is_named(settings: Any) -> None:
    settings.WAGTAIL_LIVECHAT = {"RQ_QUEUE": "chat"}
    with mock.patch("django_rq.get_queue"), mock.patch("rq.Worker.count", return_value=0):
        assert "No worker takes work from the queue “chat”" in doctor.worker().sentence
        assert "rqworker chat" in doctor.worker().remedy
    with mock.patch("django_rq.get_queue"), mock.patch("rq.Worker.count", return_value=2):
        assert (doctor.worker().state, doctor.worker().sentence[:9]) == ("ok", "2 workers")


def test_letters_that_are_stuck_are_counted() -> None:
    now = timezone.now()
    assert doctor.outbox(now).state == "ok"
    letter = OutgoingMail.objects.create(kind="test", recipient="a@mail.example", due_at=now - timedelta(hours=1))
    assert "1 letter waits and nobody sends it" in doctor.outbox(now).sentence
    assert "livechat_sweep" in doctor.outbox(now).remedy

    OutgoingMail.objects.filter(pk=letter.pk).update(due_at=now + timedelta(minutes=5), attempts=1)
    assert (doctor.outbox(now).state, "tried again" in doctor.outbox(now).sentence) == ("warning", True)

    OutgoingMail.objects.filter(pk=letter.pk).update(state="failed")
    assert "1 letter could not be sent" in doctor.outbox(now).sentence


def test_static_files_that_are_old_or_missing_are_named(tmp_path: Path, settings: Any) -> None:
    from django.contrib.staticfiles.storage import StaticFilesStorage

    storage = StaticFilesStorage(location=str(tmp_path), base_url="/static/")
    with mock.patch("wagtail_livechat.doctor.staticfiles_storage", storage):
        assert doctor.static_files().state == "ok"  # the finders have them
        (tmp_path / "wagtail_livechat").mkdir()
        (tmp_path / "wagtail_livechat" / "widget.js").write_text("of last year")
        assert "Of another version than the package: widget.js" in doctor.static_files().sentence
        assert "collectstatic" in doctor.static_files().remedy
    with mock.patch("wagtail_livechat.doctor.finders.find", return_value=None):
        assert "loader.js is not among the static files" in doctor.static_files().sentence


def test_who_can_answer_and_whether_the_chat_is_shown() -> None:
    assert (doctor.operators().state, doctor.operators().sentence) == ("problem", "Nobody can answer.")
    operator = make_operator()
    assert doctor.operators().sentence == "1 operator can answer."
    make_settings(enabled=False)
    assert "not shown" in doctor.operators().sentence
    operator.user.groups.clear()
    assert doctor.operators().state == "problem"


@pytest.mark.parametrize(
    ("policy", "static", "lacks"),
    [
        ("default-src 'self'", "/static/", []),
        ("default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'", "/static/", []),
        ("default-src 'none'", "/static/", ["default-src 'self'"] * 3),
        ("script-src 'nonce-abc' 'strict-dynamic' 'self'", "/static/", ["script-src 'self'"]),
        ("script-src 'self'; connect-src https://api.example", "/static/", ["connect-src 'self'"]),
        ("script-src 'self'", "https://cdn.example/s/", ["script-src https://cdn.example"]),
        ("script-src https://*.example", "https://cdn.example/s/", []),
        ("script-src https:", "https://cdn.example/s/", []),
        ("script-src 'self'; script-src *", "https://cdn.example/s/", ["script-src https://cdn.example"]),
        (" ; ;", "/static/", []),
    ],
)
def test_what_a_policy_holds_up(policy: str, static: str, lacks: list[str]) -> None:
    assert list(doctor.csp_lacks(policy, static)) == lacks


def front_page(body: bytes, policy: str = "", status: int = 200) -> Any:
    from django.http import HttpResponse

    response = HttpResponse(body, status=status)
    if policy:
        response["Content-Security-Policy"] = policy
    return mock.patch("wagtail_livechat.doctor._front_page", return_value=response)


def test_a_front_page_without_the_tag_or_with_a_policy_against_it_is_named() -> None:
    with front_page(b"<script async data-livechat></script>"):
        assert (doctor.page().state, doctor.csp().state) == ("ok", "ok")
    with front_page(b"<p>Nothing</p>", "default-src 'none'"):
        assert "does not carry the chat" in doctor.page().sentence
        assert "{% livechat %}" in doctor.page().remedy
        assert "It holds the chat up: default-src 'self'" in doctor.csp().sentence
    with front_page(b"", status=404):
        assert (doctor.page().state, doctor.page().sentence) == ("unknown", "The front page answers 404 here.")


def test_a_look_that_fails_itself_is_a_problem_and_no_error() -> None:
    with mock.patch("wagtail_livechat.doctor._front_page", side_effect=RuntimeError("boom")):
        results = {result.key: result for result in doctor.examine()}

    assert results["page"].state == "problem"
    assert "RuntimeError: boom" in results["page"].sentence
    assert results["hosts"].state in ("ok", "problem")


def test_the_command_says_the_same_and_ends_with_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    fine = [doctor.Result("a", "A", "ok", "Fine."), doctor.Result("b", "B", "warning", "Hm.", "Look.")]
    with mock.patch("wagtail_livechat.doctor.examine", return_value=fine):
        call_command("livechat_doctor")
        out = capsys.readouterr().out
        assert "A: Fine." in out
        assert "-> Look." in out
        call_command("livechat_doctor", "--json")
        assert json.loads(capsys.readouterr().out) == [result.as_dict() for result in fine]
        with pytest.raises(SystemExit, match="1"):
            call_command("livechat_doctor", "--strict")
    with mock.patch(
        "wagtail_livechat.doctor.examine", return_value=[doctor.Result("c", "C", "problem", "Broken.", "Mend.")]
    ):
        with pytest.raises(SystemExit, match="1"):
            call_command("livechat_doctor")
        with pytest.raises(SystemExit, match="1"):
            call_command("livechat_doctor", "--json")


def test_a_test_letter_goes_the_way_of_all_letters() -> None:
    with mock.patch("wagtail_livechat.doctor.examine", return_value=[]):
        call_command("livechat_doctor", "--mail", "me@mail.example")

    [letter] = mail.outbox
    assert letter.to == ["me@mail.example"]
    assert OutgoingMail.objects.get().state == "sent"
