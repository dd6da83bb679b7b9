"""How right and how quick masking is: pure, so without a server."""

from __future__ import annotations

from statistics import median
from time import process_time
from typing import Any

from benchmarks.figures import Figure
from tests import masking_corpus as corpus
from wagtail_livechat.masking import Rules, find, mask

MESSAGE = 1000
"""Characters: the longest message of a visitor."""


def score(rounds: int) -> dict[str, Any]:
    """Precision, recall and examples of what went wrong, over every sentence of the corpus ``rounds`` times."""
    rules = Rules(regions=corpus.REGIONS)
    right = missed = wrong = 0
    examples: list[str] = []
    for sample in [*corpus.samples(corpus.ORDINARY, rounds), *corpus.samples(corpus.PERSONAL, 2 * rounds, seed=7)]:
        found = find(sample.text, rules)
        for start, end, kind in sample.personal:
            if any(item.start <= start and item.end >= end for item in found):
                right += 1
            else:
                missed += 1
                examples.append(f"missed {kind}: {sample.text!r}")
        for item in found:
            if not any(item.start < end and start < item.end for start, end, _ in sample.personal):
                wrong += 1
                examples.append(
                    f"took for {item.kind} ({item.why}) {sample.text[item.start : item.end]!r}: {sample.text!r}"
                )
    return {
        "precision": right / (right + wrong),
        "recall": right / (right + missed),
        "right": right,
        "missed": missed,
        "wrong": wrong,
        "examples": examples[:10],
    }


def messages(count: int) -> list[str]:
    """Messages of 1000 characters, made of the corpus's sentences: one personal number in five sentences."""
    ordinary, personal = corpus.samples(corpus.ORDINARY, 200), corpus.samples(corpus.PERSONAL, 200)
    made = []
    for _ in range(count):
        text = ""
        while len(text) < MESSAGE:
            text += " ".join([next(personal).text, *(next(ordinary).text for _ in range(4)), ""])
        made.append(text[:MESSAGE])
    return made


def masking(stage: Any, quick: bool) -> list[Figure]:
    """Precision and recall on the corpus, time for a message, and characters a second on one core."""
    result = score(rounds=5 if quick else 40)
    rules = Rules(regions=corpus.REGIONS)
    texts = messages(50 if quick else 200)
    mask(texts[0], rules)
    times = []
    for text in texts:
        # The quickest of three, in time of this process: what neighbours take away is not masking's.
        rounds = []
        for _ in range(3):
            begin = process_time()
            mask(text, rules)
            rounds.append((process_time() - begin) * 1000)
        times.append(min(rounds))
    whole = "\n".join(texts)
    begin = process_time()
    mask(whole, rules)
    seconds = process_time() - begin
    note = f"{result['right']} right, {result['wrong']} wrong, {result['missed']} missed"
    return [
        Figure("masking: precision", result["precision"], "", None, None, ">= 0.99", result["precision"] >= 0.99, note),
        Figure("masking: recall on valid numbers", result["recall"], "", None, None, "1", result["missed"] == 0),
        Figure(
            f"masking: message of {MESSAGE} characters, median", median(times), "ms", None, None, "< 1 ms", median(times) < 1,
            "nearly every sentence has a number in it, every fifth a personal one",
        ),
        Figure("masking: through one core", len(whole.encode()) / seconds / 1e6, "MB/s"),
    ]  # fmt: skip
