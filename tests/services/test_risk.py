import statistics
import time
from pathlib import Path

import pytest
import yaml

from bot.domain.patterns import Matcher, PatternError
from bot.services import ear
from bot.services.risk import Risk
from bot.texts.words import load_lexicon

HERE = Path(__file__).parent
PHRASES = yaml.safe_load((HERE / "risk_phrases.yml").read_text(encoding="utf-8"))
RISK = [(text, tier) for tier, texts in PHRASES["risk"].items() for text in texts]
SAFE = PHRASES["safe"]
SAME_TIER = 0.95
FALSE_ALARMS = 0.10


@pytest.fixture(scope="module")
def risk() -> Risk:
    return Risk(load_lexicon(HERE.parents[1] / "content"), ear.load())


def test_every_reviewed_cry_for_help_is_heard(risk: Risk) -> None:
    assert len(RISK) >= 80
    assert [text for text, _ in RISK if risk.tier(text) is None] == []


def test_the_right_kind_of_help_is_shown(risk: Risk) -> None:
    other = [(text, tier, found) for text, tier in RISK if (found := risk.tier(text)) != tier]
    assert len(other) <= len(RISK) * (1 - SAME_TIER), other


def test_everyday_talk_of_recovery_rarely_sounds_like_an_emergency(risk: Risk) -> None:
    assert len(SAFE) >= 80
    false = [(text, found) for text in SAFE if (found := risk.tier(text))]
    assert len(false) <= len(SAFE) * FALSE_ALARMS, false


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO DIE",
        "i want to d i e",
        "i want to d.i.e",
        "i w\u0430nt t\u043e di\u0435",
        "i want to\u200b die",
        "i wa\u00adnt to die",
        "\uff49 \uff57\uff41\uff4e\uff54 to die",
        "i want to dieeeee",
        "I w4nt to d1e",
        "iwanttodie",
        "i don\u2019t want to be here anymore",
        "i dont want 2 be here anymore",
        "feeling suicidel",
        "feeling sui cidal",
        "kiero morir",
        "ya no quiero bibir",
        "QUIERO MORIR",
        "qui\u00e9ro mor\u00edr",
    ],
)
def test_a_disguised_spelling_is_heard_too(risk: Risk, text: str) -> None:
    assert risk.tier(text) == "self_harm"


def test_a_safe_phrase_hides_only_itself(risk: Risk) -> None:
    assert risk.tier("overdose awareness meeting") is None
    assert risk.tier("overdose awareness meeting, my friend overdosed just now") == "medical"
    assert risk.tier("suicide loss group and I want to die too") == "self_harm"


def test_a_cry_at_the_end_of_a_long_letter_is_heard(risk: Risk) -> None:
    letter = "I have been going to meetings for a year and it was good. " * 60
    assert risk.tier(letter) is None
    assert risk.tier(letter[:4000] + " I want to kill myself") == "self_harm"


def test_one_answer_takes_less_than_five_milliseconds(risk: Risk) -> None:
    times = []
    for text, _ in RISK:
        start = time.process_time()
        risk.tier(text)
        times.append(time.process_time() - start)
    assert statistics.median(times) < 0.005


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀", "死にたい", "a" * 10_000, "kill " * 2000, "$!|@", "\ud800"])
def test_any_text_gets_an_answer(risk: Risk, text: str) -> None:
    assert risk.tier(text) in (None, "self_harm", "medical", "violence", "threat")


def _fits(pattern: str, text: str, **lists: tuple[str, ...]) -> bool:
    return bool(Matcher([("x", pattern)], lists, str.casefold).find(text.split()))


def test_patterns_mean_what_their_notation_says() -> None:
    assert _fits("end my life", "please end my life now")
    assert _fits("kill|hurt {self}", "hurt herself", self=("myself", "herself"))
    assert _fits("want [so much|really] to go", "want to go")
    assert _fits("want [so much|really] to go", "want so much to go")
    assert not _fits("want [so much|really] to go", "want much to go")
    assert _fits("(give up|quit) now", "give up now")
    assert not _fits("(give up|quit) now", "give now")
    assert _fits("wake my . up", "wake my son up")
    assert not _fits("wake my . up", "wake my up")
    assert _fits("took .. pills", "took one two three four five six pills")
    assert not _fits("took .. pills", "took one two three four five six seven pills")


@pytest.mark.parametrize("pattern", ["", "{nobody}", "[open", "a (b [c]) d", "a , b"])
def test_a_pattern_that_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(PatternError):
        Matcher([("x", pattern)], {}, lambda word: word.strip(","))


def test_a_list_that_holds_itself_is_refused() -> None:
    with pytest.raises(PatternError):
        Matcher([("x", "{one}")], {"one": ("{two}",), "two": ("{one}",)}, str)
