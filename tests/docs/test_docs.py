"""The documentation says what the code does. Where the two disagree, one of these fails."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "wagtail_livechat"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
PICTURES = DOCS / "images"
"""What `make screenshots` writes: a fresh checkout may not have them yet."""


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under ``## heading``, up to the next one of its rank."""
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"there is no section {heading!r}"
    return match[1]


def table(text: str) -> list[list[str]]:
    """The cells of every row that begins with something in backticks."""
    rows = [line.strip().strip("|").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def code(cell: str) -> str:
    return cell.strip().strip("`")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


# ---------------------------------------------------------------------------------------------- settings


def test_every_setting_is_documented_with_its_default() -> None:
    from wagtail_livechat.conf import Conf

    with override_settings(WAGTAIL_LIVECHAT={}):
        defaults = {name: getattr(Conf(), name) for name, kind in vars(Conf).items() if isinstance(kind, property)}

    documented = {
        code(row[0]): ast.literal_eval(code(row[1]))
        for row in table(section(text_of("reference/settings.md"), "Of the server"))
    }

    assert documented == defaults


def test_every_setting_of_the_helpdesk_is_documented_with_its_default() -> None:
    from wagtail_livechat.helpdesk.conf import HelpdeskConf

    with override_settings(WAGTAIL_LIVECHAT={}):
        defaults = {
            name: getattr(HelpdeskConf(), name)
            for name, kind in vars(HelpdeskConf).items()
            if isinstance(kind, property)
        }

    documented = {
        code(row[0]): ast.literal_eval(code(row[1]))
        for row in table(section(text_of("reference/settings.md"), "Of the helpdesk"))
    }

    assert documented == defaults


def test_every_setting_of_a_site_is_documented_with_its_default() -> None:
    from wagtail_livechat.models import LiveChatSettings

    fields = {
        field.name: field.get_default() if field.has_default() else (None if field.null else "")
        for field in LiveChatSettings._meta.concrete_fields
        if field.name not in {"id", "site"}
    }

    documented = {
        code(row[0]): ast.literal_eval(code(row[1]))
        for row in table(section(text_of("reference/settings.md"), "Of each site"))
    }

    assert documented == fields


# ------------------------------------------------------------------------------------ checks and commands


def test_every_system_check_is_documented_and_no_other() -> None:
    given = set(re.findall(r'id="(wagtail_livechat\.[EW]\d{3})"', (PACKAGE / "checks.py").read_text(encoding="utf-8")))

    documented = re.findall(r"^## (wagtail_livechat\.\S+)$", text_of("reference/checks.md"), re.MULTILINE)

    assert sorted(documented) == sorted(given)


def test_every_system_check_has_a_remedy() -> None:
    page = text_of("reference/checks.md")

    without = [name for name in re.findall(r"^## (\S+)$", page, re.MULTILINE) if "*Remedy:*" not in section(page, name)]

    assert not without


def test_every_command_is_documented_and_no_other() -> None:
    commands = {path.stem for path in (PACKAGE / "management" / "commands").glob("[a-z]*.py")}

    documented = re.findall(r"^## (\S+)$", text_of("reference/commands.md"), re.MULTILINE)

    assert sorted(documented) == sorted(commands)


def test_every_signal_is_documented_and_no_other() -> None:
    from django.dispatch import Signal

    from wagtail_livechat import signals

    given = {name for name, value in vars(signals).items() if isinstance(value, Signal)}

    assert {code(row[0]) for row in table(text_of("reference/signals.md"))} == given


# -------------------------------------------------------------------------------------- addresses and HTTP


def test_every_address_is_documented() -> None:
    from wagtail_livechat import urls as public
    from wagtail_livechat.desk import urls as desk
    from wagtail_livechat.helpdesk import urls as helpdesk

    page = text_of("reference/urls-and-http.md")
    # Those that other apps have mounted have a section of their own.
    own = [pattern for pattern in public.urlpatterns if not hasattr(pattern, "url_patterns")]

    for heading, patterns, prefix in (
        ("Public", own, ""),
        ("Of the helpdesk", helpdesk.urlpatterns, ""),
        ("In the admin", desk.urlpatterns, "livechat/"),
    ):
        rows = table(section(page, heading))
        documented = {code(row[1]): code(row[0]).removeprefix("GET ").removeprefix("POST ") for row in rows}
        expected = {pattern.name: prefix + str(pattern.pattern).split("<", 1)[0] for pattern in patterns}

        assert documented.keys() == expected.keys(), heading
        for name, address in expected.items():
            assert documented[name].startswith(address), f"{name} is at {address}"


def test_every_refusal_is_documented_with_its_status() -> None:
    from typing import get_args

    from wagtail_livechat import exceptions
    from wagtail_livechat.protocol import ErrorCode

    status = {
        kind.code: kind.status
        for kind in vars(exceptions).values()
        if isinstance(kind, type) and issubclass(kind, exceptions.LiveChatError)
    }
    # These are codes of one exception, which knows its status by the code.
    for name in set(get_args(ErrorCode)) - status.keys():
        status[name] = exceptions.BadInput(name, "").status

    documented = {}
    for line in section(text_of("reference/urls-and-http.md"), "Status codes").splitlines():
        if match := re.match(r"\| (\d{3}) \| ([^|]+) \|", line):
            documented |= dict.fromkeys(re.findall(r"`(\w+)`", match[2]), int(match[1]))

    assert documented == {name: status[name] for name in get_args(ErrorCode)}


def test_every_close_code_is_documented() -> None:
    from wagtail_livechat.consumers import base

    source = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "consumers").glob("*.py"))
    used = {
        value
        for name, value in vars(base).items()
        if name.startswith("CLOSE_") and isinstance(value, int) and len(re.findall(rf"\b{name}\b", source)) > 1
    }

    documented = re.findall(
        r"^\| (\d{4}) \|", section(text_of("reference/urls-and-http.md"), "Close codes of the sockets"), re.MULTILINE
    )

    assert {int(number) for number in documented} == used


# --------------------------------------------------------------------------------------- what is to be pasted


def without_docstring(source: str) -> str:
    tree = ast.parse(source)
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:]
    return ast.unparse(tree)


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/install.md", "docs/tutorial/first-chat.md"])
def test_the_asgi_file_to_paste_is_that_of_the_example_site(page: str) -> None:
    ours = (ROOT / "example_site" / "asgi.py").read_text(encoding="utf-8")
    ours = ours.replace("example_site.settings", "mysite.settings.dev")
    # The one line that the example site has besides is about its own static files.
    ours = re.sub(r"^(import warnings|warnings\..*)\n", "", ours, flags=re.MULTILINE)

    pasted = [
        block
        for block in blocks((ROOT / page).read_text(encoding="utf-8"), "python")
        if "get_asgi_application" in block
    ]

    assert [without_docstring(block) for block in pasted] == [without_docstring(ours)]


@pytest.mark.parametrize(
    "page", ["README.md", "docs/how-to/install.md", "docs/tutorial/first-chat.md", "docs/reference/checks.md"]
)
def test_the_options_for_sqlite_are_those_of_the_example_site(page: str) -> None:
    from example_site.settings import database

    code_blocks = blocks((ROOT / page).read_text(encoding="utf-8"), "python")

    found = re.search(r'DATABASES\["default"\]\["OPTIONS"\] = (\{.*?\n\})', "\n".join(code_blocks), re.DOTALL)

    assert found
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        assert ast.literal_eval(found[1]) == database()["OPTIONS"]


def test_every_python_example_is_python() -> None:
    for page in PAGES:
        for block in blocks(page.read_text(encoding="utf-8"), "python"):
            ast.parse(block.replace("{...}", "{}"), f"{page.name}: {block[:40]!r}")


def test_the_strict_policy_is_that_of_the_example_site() -> None:
    from example_site.csp import STRICT

    policy = blocks(text_of("how-to/content-security-policy.md"), "")[0]
    directives = dict(line.strip().rstrip(";").split(" ", 1) for line in policy.splitlines())

    assert directives.items() <= {name: " ".join(sources) for name, sources in STRICT.items()}.items()


def test_apps_that_the_readme_asks_for_are_those_of_the_example_site() -> None:
    apps = re.findall(
        r'"([\w.]+)"', blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python")[0].split("]")[0]
    )

    assert apps == ["wagtail_livechat", "wagtail_modeladmin", "wagtail.contrib.settings"]
    assert set(apps) <= set(django_settings.INSTALLED_APPS)


# -------------------------------------------------------------------------------------------- the rest


def test_supported_versions_are_the_same_everywhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    tox = (ROOT / "tox.ini").read_text(encoding="utf-8")

    def row(name: str) -> list[str]:
        match = re.search(rf"^\| {name} \| (.*) \|$", readme, re.MULTILINE)
        assert match
        return re.findall(r"\d+\.\d+", match[1])

    assert row("Python") == re.findall(r"Python :: (3\.\d+)", setup)
    assert row("Django") == re.findall(r"Framework :: Django :: (\d\.\d)", setup)
    assert {version.replace(".", "") for version in row("Python")} == set(re.findall(r"py(3\d+)", tox))
    assert {version.replace(".", "") for version in row("Django")} == set(
        re.findall(r"^ +django(\d\d):", tox, re.MULTILINE)
    )
    wagtail = {re.sub(r"\D", "", version) for version in re.findall(r"\b[78]\.\d\b", row_text(readme, "Wagtail"))}
    assert wagtail == set(re.findall(r"^ +wagtail(\d\d):", tox, re.MULTILINE))


def row_text(page: str, name: str) -> str:
    match = re.search(rf"^\| {name} \| (.*) \|$", page, re.MULTILINE)
    assert match
    return match[1]


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    for page in PAGES:
        for block in re.findall(
            r"`([^`\n]+)`|^((?:[A-Z]+=\S+ )*make .*)$", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            named = re.fullmatch(r"(?:[A-Z]+=\S+ )*make ([a-z-]+).*", (block[0] or block[1]).strip())
            assert named is None or named[1] in targets, f"{page.name} names make {named[1]}"


def test_every_room_of_the_package_is_on_the_architecture_page() -> None:
    from tests.test_layers import LEVELS

    rooms = section(text_of("explanation/architecture.md"), "Rooms")

    for name, modules in LEVELS:
        row = next(line for line in rooms.splitlines() if line.startswith(f"| {name} |"))
        listed = {module.strip("/") for module in re.findall(r"`([\w/]+)`", row.split("|")[2])}
        assert listed == modules, name
    pure = next(line for line in rooms.splitlines() if line.startswith("| pure |"))
    listed = set(re.findall(r"`([\w/]+)`", pure.split("|")[2]))
    placed = set().union(*(modules for _, modules in LEVELS))
    assert listed == {path.stem for path in PACKAGE.glob("[a-z]*.py")} - placed


def test_roles_are_documented_as_they_are() -> None:
    from wagtail_livechat.permissions import ROLES

    page = section(text_of("how-to/operators-and-roles.md"), "Give somebody the role")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    needed = {
        "answer conversations": "handle_conversation",
        "see the record of past ones": "view_history",
        "see those of every department": "view_all_departments",
        "search the [logs](find-conversations.md)": "view_logs",
        "take conversations out as files": "export_conversation",
        "show or hide the chat, opening hours, looks and texts": "change_livechatsettings",
        "change [every other setting](../reference/settings.md#of-each-site) of the chat": "administer_livechatsettings",
        "see the [Installation page](install.md#see-whether-it-works) and its preview": "administer_livechatsettings",
        "see the [statistics](statistics.md)": "view_statistics",
        "edit quick replies": "change_quickreply",
        "edit auto-messages": "change_automessage",
        "ban a visitor from a conversation": "ban_visitor",
        "reveal what [masking](masking.md) hides, message by message": "reveal_masked",
        "change what is hidden and how long things are kept": "change_privacysettings",
        "export and erase a visitor's data": "erase_visitor",
        "edit wrap-up reasons": "change_wrapupreason",
        "see the list of bans, and let somebody in again": "delete_ban",
        "ban addresses in the list": "add_ban",
        "add and edit operators and departments": "change_operator",
        "see letters, and send failed ones again": "change_outgoingmail",
    }

    assert rows[0][1:] == list(ROLES)
    assert {row[0] for row in rows[2:]} == set(needed)
    for row in rows[2:]:
        for role, cell in zip(ROLES, row[1:], strict=True):
            assert (cell == "yes") == (needed[row[0]] in ROLES[role]), f"{role}: {row[0]}"


def test_a_row_that_is_done_says_where_to_read_on() -> None:
    rows = re.findall(r"^\| ([A-E]\d+) \| done \|.*\| ([^|]*) \|$", text_of("features.md"), re.MULTILINE)

    assert not [row for row, where in rows if "](" not in where]


# --------------------------------------------------------------------------------------------- links


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_resolve(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)

    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if file.parent == PICTURES and not PICTURES.is_dir():
            continue
        assert file.is_file(), f"{page.name} links to {target}, which does not exist"
        assert not anchor or anchor in anchors(file), f"{page.name} links to {target}, which has no such heading"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_page_is_reached_from_the_first(page: Path) -> None:
    index = text_of("index.md")

    name = page.relative_to(DOCS)
    globs = re.findall(r"^(\S+)/\*$", index, re.MULTILINE)

    assert page.name == "index.md" or name.as_posix() in index or name.parent.as_posix() in globs
