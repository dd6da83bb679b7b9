"""The five translations are whole: whoever changes a string changes them too (`python -m tools.messages`)."""

from __future__ import annotations

from functools import cache

import pytest
from django.utils import translation

from tools.messages import LANGUAGES, placeholders, po_path, problems, read_mo, read_po, strings_of_sources


@cache
def all_problems() -> list[str]:
    return problems()


def of_language(language: str) -> list[str]:
    return [problem for problem in all_problems() if problem.startswith(f"{language}: ")]


@pytest.mark.covers("A15")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    assert of_language(language) == []


def test_sources_are_read_as_gettext_reads_them() -> None:
    strings = strings_of_sources()

    # One of each kind: a plain call, one with a context, one over two lines, a template's tag, a block with a placeholder.
    assert (None, "Conversations") in strings
    assert ("an offered conversation", "Accept") in strings
    assert ("widget", "Write a message") in strings
    assert (None, "Live chat desk") in strings
    assert (None, "by: %(by)s") in strings


def test_the_check_sees_what_is_wrong(tmp_path, monkeypatch) -> None:
    from tools import messages

    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        text = po_path(language).read_text(encoding="utf-8")
        (folder / "django.mo").write_bytes(po_path(language).with_suffix(".mo").read_bytes())
        if language == "sv":
            text = text.replace("{name} avslutade chatten", "avslutade chatten")
        if language == "da":
            text = text.replace('msgid "Desk"', '#, fuzzy\nmsgid "Desk"')
        if language == "de":
            text = text.replace('msgstr "Besucher"', 'msgstr ""', 1)
        (folder / "django.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)

    found = "\n".join(problems())

    assert "sv: other placeholders than the English: '{name} ended the chat'" in found
    assert "sv: the .mo is not that of the .po" in found
    assert "da: fuzzy: 'Desk'" in found
    assert "de: not translated: 'Visitor'" in found
    assert "nl: " not in found


def test_placeholders_are_found_in_both_kinds() -> None:
    assert placeholders("{name} of %(count)s, %s") == ["%(count)s", "%s", "{name}"]


def test_compiled_files_hold_what_was_written() -> None:
    for language in LANGUAGES:
        written = {message.key: sorted(message.translations) for message in read_po(po_path(language))}

        assert read_mo(po_path(language).with_suffix(".mo")) == written


@pytest.mark.covers("A15")
@pytest.mark.parametrize(("language", "words"), [
    ("en", "Write a message"), ("sv", "Skriv ett meddelande"), ("da", "Skriv en besked"), ("nb", "Skriv en melding"), ("nl", "Schrijf een bericht"), ("de", "Nachricht schreiben"),
])  # fmt: skip
def test_the_widget_speaks_the_visitors_language(client, db, language: str, words: str) -> None:
    from wagtail.models import Site

    answer = client.get(f"/livechat/config/?site={Site.objects.get().pk}&lang={language}").json()

    assert answer["texts"]["write"] == words


@pytest.mark.covers("A15")
@pytest.mark.parametrize(
    ("asked", "spoken"), [("no", "nb"), ("nn", "nb"), ("de-at", "de"), ("sv-fi", "sv"), ("ar", "en")]
)
def test_a_language_that_the_widget_does_not_speak_is_answered_with_the_next_best(
    client, db, asked: str, spoken: str
) -> None:
    from wagtail.models import Site

    from wagtail_livechat.widget_texts import texts

    with translation.override(spoken):
        expected = texts()

    answer = client.get(f"/livechat/config/?site={Site.objects.get().pk}&lang={asked}").json()

    assert answer["texts"] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_speaks_the_operators_language(language: str) -> None:
    from wagtail_livechat.desk.texts import desk_texts

    english = desk_texts()
    with translation.override(language):
        translated = desk_texts()

    assert translated.keys() == english.keys()
    assert sum(translated[key] != english[key] for key in english) > len(english) * 0.85
