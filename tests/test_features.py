"""docs/features.md says what the product does; this holds it to its word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
FEATURES = TESTS.parent / "docs" / "features.md"

# Rows keep their ids for life. A new row is added here and there.
IDS = [
    f"{group}{number}"
    for group, last in (("A", 15), ("B", 19), ("C", 7), ("D", 10), ("E", 6))
    for number in range(1, last + 1)
]
STATES = {"done", "partial", "planned"}


def rows() -> list[tuple[str, str]]:
    """(id, state) of every row, in the order of the page."""
    found = re.findall(r"^\|\s*([A-Z]\d+)\s*\|\s*([^|]*?)\s*\|", FEATURES.read_text(encoding="utf-8"), re.MULTILINE)
    return [(row, state.strip("*` ").lower()) for row, state in found]


def covered_by() -> dict[str, set[str]]:
    """id -> the test files that carry @pytest.mark.covers with it. Read, not imported: no test has to run for it."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for row in marks_of_tests(tree):
            found.setdefault(row, set()).add(path.relative_to(TESTS).as_posix())
    return found


def marks_of_tests(tree: ast.Module) -> Iterator[str]:
    """Ids named by marks on test functions, test classes, or the module (`pytestmark`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name.lower().startswith(
            "test"
        ):
            for decorator in node.decorator_list:
                yield from ids_of_mark(decorator)
        elif isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets
        ):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            for mark in marks:
                yield from ids_of_mark(mark)


def ids_of_mark(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.covers":
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def test_every_row_of_the_catalogue_is_listed_once_with_a_known_state() -> None:
    listed = [row for row, _ in rows()]

    assert sorted(listed) == sorted(IDS), (
        f"missing {set(IDS) - set(listed)}, unknown {set(listed) - set(IDS)}, or one twice"
    )
    assert {state for _, state in rows()} <= STATES


def test_a_row_that_is_called_done_has_a_test_that_covers_it() -> None:
    covered = covered_by()

    unproved = [row for row, state in rows() if state == "done" and row not in covered]

    assert not unproved, f"called done, but no test carries their id: {', '.join(unproved)}"


def test_no_test_claims_a_row_that_does_not_exist() -> None:
    assert not set(covered_by()) - set(IDS)
