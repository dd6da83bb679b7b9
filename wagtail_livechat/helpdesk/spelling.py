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
        self._texts: defaultdict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(texts):
            for word in every_word(text):
                self._texts[word].add(number)
        self.sorted = sorted(self._texts)
        self._near: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.sorted:
            if MIN_LENGTH <= len(word) <= MAX_LENGTH:
                for shorter in without_one(word):
                    self._near[shorter].append(word)

    def count(self, word: str) -> int:
        """In how many of the texts it stands."""
        return len(self._texts.get(word, ()))

    def with_any(self, some: Iterable[str]) -> list[int]:
        """The texts, by their number, that have any of these words. Those with the most of them come first."""
        found = Counter(number for word in some for number in self._texts.get(word, ()))
        return [number for number, _ in sorted(found.items(), key=lambda one: (-one[1], one[0]))]

    def begun(self, some: Iterable[str]) -> set[int]:
        """The texts, by their number, that have all of these words or what begins with them."""
        found: set[int] | None = None
        for word in some:
            texts: set[int] = set()
            for at in range(bisect_left(self.sorted, word), len(self.sorted)):
                if not self.sorted[at].startswith(word):
                    break
                texts |= self._texts[self.sorted[at]]
            found = texts if found is None else found & texts
        return found or set()

    def knows(self, word: str) -> bool:
        """Whether it is known, or the beginning of what is."""
        at = bisect_left(self.sorted, word)
        return at < len(self.sorted) and self.sorted[at].startswith(word)

    def telling(self, some: Iterable[str], enough: int = 20) -> list[str]:
        """The rarest of these words, as many as stand in ``enough`` texts when taken together; one at the least."""
        chosen: list[str] = []
        for word in sorted(some, key=lambda one: (self.count(one), one)):
            enough -= self.count(word)
            if chosen and enough < 0:
                break
            chosen.append(word)
        return chosen

    def meant(self, word: str) -> str:
        """The nearest known word: the fewest slips, then the most frequent. The word itself where none is near enough."""
        if len(word) < MIN_LENGTH or self.knows(word):
            return word
        near = {known for shorter in without_one(word) for known in self._near.get(shorter, ())}
        allowed = 1 if len(word) < 8 else 2
        ranked = sorted((distance(word, known), -self.count(known), known) for known in near)
        return ranked[0][2] if ranked and ranked[0][0] <= allowed else word
