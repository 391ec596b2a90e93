"""The second ear: fitted to the examples that lie here, heard piece by piece, the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import ear
from bot.services.ear import Ear, Heard
from bot.services.risk import Risk
from bot.texts.words import load_lexicon
from tests.ear.fitting import CONTENT, digest, examples

SAFE = "the church on mill lane has a ramp and the coffee is good and we meet at seven every tuesday"


@pytest.fixture(scope="module")
def listening() -> Ear:
    return ear.load()


@pytest.fixture(scope="module")
def risk(listening: Ear) -> Risk:
    return Risk(load_lexicon(CONTENT), listening)


def test_the_weights_were_fitted_to_the_examples_that_lie_here(listening: Ear) -> None:
    assert listening.examples == digest(examples()), "run `make ear`"


def test_what_no_rule_names_is_heard_all_the_same(risk: Risk, listening: Ear) -> None:
    text = "gave my dog to the neighbour and paid the rent, nobody has to worry after tonight"
    assert Risk(load_lexicon(CONTENT)).tier(text) is None
    assert risk.tier(text) == "self_harm"


def test_one_sentence_of_danger_is_heard_in_a_long_message(risk: Risk) -> None:
    long = " ".join([SAFE] * 12)
    assert risk.tier(long) is None
    assert risk.tier(f"{long} he wont wake up and his lips are blue {long}") == "medical"


def test_a_rule_needs_less_from_the_ear_than_the_ear_alone(listening: Ear) -> None:
    doubtful = Heard(listening.bar - listening.bonus / 2, "medical")
    assert listening.is_danger(doubtful, by_rule=True)
    assert not listening.is_danger(doubtful, by_rule=False)


@given(st.lists(st.text(min_size=1, max_size=3), max_size=200))
def test_every_word_stands_in_a_piece_that_is_heard(words: list[str]) -> None:
    found = list(ear.pieces(words))
    starts = [index * ear.STEP for index in range(len(found))]
    heard = {start + at for start, piece in zip(starts, found, strict=True) for at in range(len(piece))}
    assert heard == set(range(len(words)))


@given(st.text(max_size=300))
def test_any_text_is_answered_and_the_same_every_time(risk: Risk, text: str) -> None:
    assert risk.alarm(text) == risk.alarm(text)
