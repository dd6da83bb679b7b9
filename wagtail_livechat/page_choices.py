"""What the chat is like on one page: what was said of it, of the pages above it, and in rules. Pure.

Every choice is decided for itself. The page's own word is the first, then that of the nearest page above it that says
anything; then the most specific rule: the one whose page is nearest, of those the one that names types of pages, of those
the first in the order. Where nobody says anything, the site's settings hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STEP = 4
"""Characters of a tree path for each level (treebeard's, as Wagtail's pages have it)."""

CHOICES = ("shown", "department", "greeting", "auto_message")


@dataclass(frozen=True, slots=True)
class Choices:
    """What is said in one place; ``None`` or empty where it says nothing."""

    shown: bool | None = None
    department: int | None = None
    greeting: str = ""
    auto_message: int | None = None

    def says(self, choice: str) -> bool:
        return getattr(self, choice) not in (None, "")

    def __bool__(self) -> bool:
        return any(self.says(choice) for choice in CHOICES)


NOTHING = Choices()


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a page and all below it, or for those of some types."""

    id: int
    path: str
    choices: Choices
    types: frozenset[str] = frozenset()
    """Labels such as ``shop.productpage``; none: all types."""
    order: int = 0

    def fits(self, path: str, page_type: str) -> bool:
        return path.startswith(self.path) and (not self.types or page_type in self.types)


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds, and who says so."""

    choices: Choices = NOTHING
    sources: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    """Choice -> ``("page", its path)`` or ``("rule", its id)``; the site's settings are not named."""

    @property
    def is_hidden(self) -> bool:
        return self.choices.shown is False


def paths_up(path: str) -> list[str]:
    """The page's own path, then those of the pages above it, the nearest first."""
    return [path[:end] for end in range(len(path), 0, -STEP)]


def decide(path: str, page_type: str, said: Mapping[str, Choices], rules: Iterable[Rule]) -> Decision:
    """What holds on the page at ``path``. ``said``: path -> what that page says itself; others than those above are ignored."""
    fitting = sorted(
        (rule for rule in rules if rule.fits(path, page_type)),
        key=lambda rule: (-len(rule.path), not rule.types, rule.order, rule.id),
    )
    words: list[tuple[tuple[str, Any], Choices]] = [
        *((("page", above), said[above]) for above in paths_up(path) if above in said),
        *((("rule", rule.id), rule.choices) for rule in fitting),
    ]
    found: dict[str, Any] = {}
    sources: dict[str, tuple[str, Any]] = {}
    for source, choices in words:
        for choice in CHOICES:
            if choice not in found and choices.says(choice):
                found[choice] = getattr(choices, choice)
                sources[choice] = source
    return Decision(Choices(**found), sources)
