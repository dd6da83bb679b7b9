"""Known words, and which of them somebody who mistyped may have meant. Pure.

Two words are near when both become the same by leaving out at most one letter each: that is every single slip (a letter
too many, one missing, a wrong one, two swapped) and many double ones. Known words are filed under all that they become,
so a look-up costs as many steps as the word has letters, however many words are known.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

MIN_LENGTH = 4
"""Shorter words are near to too many others."""
MAX_LENGTH = 40
MAX_WORDS = 10

_WORDS = re.compile(r"[^\W_]+", re.UNICODE)


def every_word(text: str) -> list[str]:
    """All words of a text, in lower case."""
    return _WORDS.findall(text.lower())


def words(text: str) -> list[str]:
    """The words of a query, each once, in lower case: at most MAX_WORDS, none longer than MAX_LENGTH."""
    found = dict.fromkeys(word[:MAX_LENGTH] for word in _WORDS.findall(text.lower()))
    return list(found)[:MAX_WORDS]


def without_one(word: str) -> set[str]:
    """The word, and what is left of it without any one of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def distance(one: str, other: str) -> int:
    """Slips between two words: letters too many, missing, wrong, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


class Vocabulary:
    """The words of ``texts``."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.counts = Counter(word for text in texts for word in every_word(text))
        self.sorted = sorted(self.counts)
        self._near: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.sorted:
            if MIN_LENGTH <= len(word) <= MAX_LENGTH:
                for shorter in without_one(word):
                    self._near[shorter].append(word)

    def knows(self, word: str) -> bool:
        """Whether it is known, or the beginning of what is."""
        at = bisect_left(self.sorted, word)
        return at < len(self.sorted) and self.sorted[at].startswith(word)

    def meant(self, word: str) -> str:
        """The nearest known word: the fewest slips, then the most frequent. The word itself where none is near enough."""
        if len(word) < MIN_LENGTH or self.knows(word):
            return word
        near = {known for shorter in without_one(word) for known in self._near.get(shorter, ())}
        allowed = 1 if len(word) < 8 else 2
        ranked = sorted((distance(word, known), -self.counts[known], known) for known in near)
        return ranked[0][2] if ranked and ranked[0][0] <= allowed else word
