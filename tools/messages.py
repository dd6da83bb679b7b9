"""Collect the package's strings, merge them into the translations, compile them.

    python -m tools.messages            # needs GNU gettext (Debian: gettext)
    python -m tools.messages --check    # changes nothing, needs nothing: says what is missing

Both files are committed: a package from pip has no gettext at hand.
"""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wagtail_livechat"
LOCALE = PACKAGE / "locale"
LANGUAGES = {"sv": "Swedish", "da": "Danish", "nb": "Norwegian Bokmål", "nl": "Dutch", "de": "German"}
"""Directory -> name. All of them have two forms, one and not one."""

HEADER = """# {name} translation of wagtail-livechat.
# Distributed under the same license as the wagtail-livechat package.
msgid ""
msgstr ""
"Project-Id-Version: wagtail-livechat\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass
class Message:
    """One entry of a .po file."""

    id: str = ""
    context: str | None = None
    plural: str | None = None
    translations: list[str] = field(default_factory=list)
    fuzzy: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.id

    @property
    def is_translated(self) -> bool:
        return bool(self.translations) and all(self.translations) and not self.fuzzy


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_po(path: Path) -> list[Message]:
    """The entries of a .po file, without its header and without what is obsolete."""
    return [message for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")) if (message := _parse(block))]


def _parse(block: str) -> Message | None:
    message = Message()
    parts: dict[str, str] = {}
    current = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            message.fuzzy = "fuzzy" in line
        elif line.startswith("#."):
            message.notes.append(line[2:].strip())
        elif line.startswith("#"):
            continue
        elif match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")$', line):
            current = match[1]
            parts[current] = _unquote(match[2])
        elif line.startswith('"') and current:
            parts[current] += _unquote(line)
    if not parts.get("msgid"):
        return None
    message.id = parts["msgid"]
    message.context = parts.get("msgctxt")
    message.plural = parts.get("msgid_plural")
    message.translations = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
    return message


def _unquote(quoted: str) -> str:
    escapes = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: escapes[match[1]], quoted[1:-1])


def read_mo(path: Path) -> dict[tuple[str | None, str], list[str]]:
    """(context, id) -> translations, sorted."""
    with path.open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found: dict[tuple[str | None, str], list[str]] = {}
    for key, text in sorted(catalog.items(), key=str):
        name = key[0] if isinstance(key, tuple) else key
        if name:
            context, _, identity = name.rpartition("\x04")
            found.setdefault((context or None, identity), []).append(text)
    return {key: sorted(texts) for key, texts in found.items()}


def strings_of_sources() -> set[tuple[str | None, str]]:
    """(context, id) of everything that is marked for translation, read without GNU gettext."""
    return set(_strings_of_python()) | set(_strings_of_templates())


def _strings_of_python() -> Iterator[tuple[str | None, str]]:
    plain = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
    with_context = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if name in plain and texts:
                yield None, texts[0]
            elif name in with_context and len(texts) > 1:
                yield texts[0], texts[1]


def _strings_of_templates() -> Iterator[tuple[str | None, str]]:
    from django.utils.translation.template import templatize

    # The helpdesk has templates of its own.
    folders = [PACKAGE / "templates", *PACKAGE.glob("*/templates")]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in (".html", ".txt")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for name, arguments in re.findall(
            r"\b(n?p?gettext)\(((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")[, ]*)+)", source
        ):
            texts = [
                ast.literal_eval(text) for text in re.findall(r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", arguments)
            ]
            yield (texts[0], texts[1]) if "p" in name else (None, texts[0])


def placeholders(text: str) -> list[str]:
    """What the client or Python puts in: ``{name}``, ``%(name)s``, ``%s``."""
    return sorted(re.findall(r"\{\w*\}|%\(\w+\)[sd]|%[sd]", text))


def problems() -> list[str]:
    """What is wrong with the translations, one line each."""
    wanted = strings_of_sources()
    found = []
    for language in LANGUAGES:
        path = po_path(language)
        if not path.is_file():
            found.append(f"{language}: there is no {path.relative_to(ROOT)}")
            continue
        messages = {message.key: message for message in read_po(path)}
        for key in sorted(wanted - messages.keys(), key=str):
            found.append(f"{language}: not collected yet: {key[1]!r}")
        for key in sorted(messages.keys() - wanted, key=str):
            found.append(f"{language}: no longer in the sources: {key[1]!r}")
        for message in messages.values():
            if not message.is_translated:
                found.append(f"{language}: {'fuzzy' if message.fuzzy else 'not translated'}: {message.id!r}")
                continue
            english = (placeholders(message.id), placeholders(message.plural or message.id))
            for number, text in enumerate(message.translations):
                # Where there is one of it, the number may be written out or not; where there are more, it stays.
                if placeholders(text) not in english[min(number, 1) :]:
                    found.append(f"{language}: other placeholders than the English: {message.id!r} → {text!r}")
                if (message.id[-1] in "\n .…:?!") != (text[-1] in "\n .…:?!") or message.id[:1].isspace() != text[
                    :1
                ].isspace():
                    found.append(f"{language}: ends or begins otherwise than the English: {message.id!r} → {text!r}")
        compiled = path.with_suffix(".mo")
        if not compiled.is_file() or read_mo(compiled) != {
            message.key: sorted(message.translations) for message in messages.values() if message.is_translated
        }:
            found.append(f"{language}: the .mo is not that of the .po")
    return found


def collect() -> None:
    for language, name in LANGUAGES.items():
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(HEADER.format(name=name, code=language), encoding="utf-8")
    chosen = [part for language in LANGUAGES for part in ("--locale", language)]
    # Without line numbers and line breaks, a change of code is no change of translations.
    options = ["--no-obsolete", "--no-wrap", "--add-location", "file", "--ignore", "client/*", "--ignore", "static/*"]
    subprocess.run([sys.executable, "-m", "django", "makemessages", *chosen, *options], cwd=PACKAGE, check=True)
    for language in LANGUAGES:
        path = po_path(language)
        text = path.read_text(encoding="utf-8")
        # A date that changes with every run makes every run a change.
        path.write_text(
            re.sub(
                r'^"(POT-Creation-Date|Report-Msgid-Bugs-To|PO-Revision-Date|Last-Translator|Language-Team):.*\n',
                "",
                text,
                flags=re.MULTILINE,
            ),
            encoding="utf-8",
        )


def compile_all() -> None:
    for language in LANGUAGES:
        path = po_path(language)
        subprocess.run(
            ["msgfmt", "--check-format", "--check-domain", "--output-file", str(path.with_suffix(".mo")), str(path)],
            check=True,
        )


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        collect()
        compile_all()
    found = problems()
    print("\n".join(found) if found else "Every translation is complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
