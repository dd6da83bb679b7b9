"""How often masking is right, on sentences of a shop in six languages. `python -m benchmarks --only masking` prints it."""

from __future__ import annotations

import pytest

from benchmarks.masking import score
from tests import masking_corpus as corpus
from wagtail_livechat.masking import Rules


@pytest.fixture(scope="module")
def result() -> dict[str, float]:
    return score(rounds=8)


def test_everything_personal_is_found(result: dict[str, float]) -> None:
    assert result["missed"] == 0, result["examples"]


def test_ordinary_numbers_are_left(result: dict[str, float]) -> None:
    assert result["precision"] >= 0.99, result["examples"]


def test_the_corpus_has_six_languages_and_every_kind() -> None:
    found = [*corpus.samples(corpus.PERSONAL, 3)]

    assert {sample.language for sample in found} == set(corpus.ORDINARY) == {"en", "sv", "da", "nb", "nl", "de"}
    assert {kind for sample in found for _, _, kind in sample.personal} == Rules().kinds
