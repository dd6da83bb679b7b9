"""Imports go down, never up. The rooms are those of docs/explanation/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "wagtail_livechat"
ROOT = Path(__file__).resolve().parent.parent / PACKAGE

# From top to bottom. A module that is named nowhere is at the bottom: pure.
LEVELS: list[tuple[str, set[str]]] = [
    # What Django, Wagtail or the server look for by name; it connects doors and decides nothing.
    ("wiring", {"apps", "asgi", "checks", "urls", "wagtail_hooks"}),
    ("doors", {"blocks", "consumers", "desk", "management", "receivers", "tasks", "templatetags", "views"}),
    # The table of commands that the socket and the HTTP door share.
    ("handlers", {"handlers"}),
    ("actions", {"actions"}),
    (
        "reading",
        {
            "broadcast",
            "correspondence",
            "doctor",
            "embedding",
            "figures",
            "filelinks",
            "fulltext",
            "history",
            "knowledge",
            "launcher",
            "mailcheck",
            "notices",
            "pagewise",
            "sentlinks",
            "demand",
            "permissions",
            "reckoning",
            "sessions",
            "snapshots",
            "veils",
            "wording",
        },
    ),
    ("models", {"models"}),
]
NAMES = [name for name, _ in LEVELS] + ["pure"]
# Checks look at how it is configured; they send nothing.
MAY_TOUCH_THE_CHANNEL_LAYER = {"broadcast", "checks", "consumers", "layers"}
# An app of its own, above the core.
HELPDESK = "helpdesk"


@dataclass(frozen=True)
class Import:
    importer: str
    """Dotted, without the package's own name; '' is the package itself."""
    imported: str
    """Absolute and dotted."""
    line: int

    def __str__(self) -> str:
        return f"{self.importer or PACKAGE} (line {self.line}) imports {self.imported}"

    @property
    def room(self) -> str:
        return self.importer.split(".")[0]

    @property
    def target(self) -> str | None:
        """The room of this package that is imported, or None for somebody else's module."""
        parts = self.imported.split(".")
        return parts[1] if parts[0] == PACKAGE and len(parts) > 1 else None


def level_of(room: str) -> int:
    """0 is the top."""
    for number, (_, rooms) in enumerate(LEVELS):
        if room in rooms:
            return number
    return len(LEVELS)


def imports() -> Iterator[Import]:
    """Every import of the package, those inside functions too; not those for type checkers alone."""
    for path in sorted(ROOT.rglob("*.py")):
        relative = path.relative_to(ROOT)
        if relative.parts[0] in {"migrations", "client"}:
            continue
        is_package = relative.name == "__init__.py"
        module = ".".join(relative.parent.parts if is_package else relative.with_suffix("").parts)
        yield from imports_of(ast.parse(path.read_text(encoding="utf-8"), str(path)), module, is_package)


def imports_of(tree: ast.AST, module: str, is_package: bool) -> Iterator[Import]:
    package = [PACKAGE, *(module.split(".") if module else [])]
    if not is_package:
        package = package[:-1]
    for node in runtime_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                # `from . import x` and `from package import x` may name a module.
                yield Import(module, f"{origin}.{alias.name}", node.lineno)


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from runtime_nodes(child)


def test_no_import_goes_up() -> None:
    upward = [
        f"{found}: {NAMES[level_of(found.room)]} may not import {NAMES[level_of(found.target)]}"
        for found in imports()
        if found.importer
        and found.target
        and found.room != HELPDESK
        and (ROOT / f"{found.target}.py").exists() | (ROOT / found.target).is_dir()
        and level_of(found.target) < level_of(found.room)
    ]

    assert not upward, "\n".join(upward)


def test_no_door_goes_through_another_door() -> None:
    doors = LEVELS[NAMES.index("doors")][1]

    # A list of addresses (desk.urls) names views of all doors; it is a signpost, not a way through.
    crossing = [
        str(found)
        for found in imports()
        if found.room in doors and found.target in doors - {found.room} and not found.importer.endswith(".urls")
    ]

    assert not crossing, "\n".join(crossing)


def test_what_is_pure_knows_no_database() -> None:
    forbidden = ("django.db", "django.contrib.auth.models", "wagtail.models", f"{PACKAGE}.models")

    impure = [
        str(found)
        for found in imports()
        if found.importer
        and found.room != HELPDESK
        and NAMES[level_of(found.room)] == "pure"
        and any(found.imported == name or found.imported.startswith(f"{name}.") for name in forbidden)
    ]

    assert not impure, "\n".join(impure)


def test_only_broadcast_and_consumers_know_the_channel_layer() -> None:
    others = [
        str(found)
        for found in imports()
        if found.imported.startswith("channels.layers") and found.room not in MAY_TOUCH_THE_CHANNEL_LAYER
    ]

    assert not others, "\n".join(others)


def test_the_core_does_not_know_the_helpdesk() -> None:
    assert not [str(found) for found in imports() if found.target == HELPDESK and found.room != HELPDESK]


def test_the_rule_sees_an_import_that_goes_up() -> None:
    """The net is tested with a fish: each spelling of an import from models up to actions."""
    for spelling in (
        "from wagtail_livechat.actions import messages",
        "from wagtail_livechat import actions",
        "import wagtail_livechat.actions.messages",
        "from ..actions import messages",
        "from .. import actions",
        "def late():\n    from ..actions.messages import post",
    ):
        found = list(imports_of(ast.parse(spelling), "models.people", is_package=False))

        assert [item.target for item in found] == ["actions"], spelling
