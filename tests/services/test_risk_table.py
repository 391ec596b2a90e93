"""The messages to develop with, the cards that fit them, and the command that scores a table."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.services import ear
from bot.services.risk import Risk
from bot.texts.words import load_lexicon
from tests.bench.risk import milliseconds
from tests.services.risk_score import Message, Rate, heard, rates

HERE = Path(__file__).parent
FILE = HERE / "risk_table.yml"
TABLE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
TIERS = {"self_harm", "medical", "violence", "threat"}
CARDED = [one for one in TABLE["risk"] if "card" in one]
RECALL, FALSE_ALARMS, SAME_CARD = 0.97, 0.03, 0.97  # of messages that the rules were written for


@pytest.fixture(scope="module")
def risk() -> Risk:
    return Risk(load_lexicon(HERE.parents[1] / "content"), ear.load())


def test_the_table_covers_every_tier_in_both_languages() -> None:
    assert {(one["tier"], one.get("lang", "en")) for one in TABLE["risk"]} == {
        (tier, language) for tier in TIERS for language in ("en", "es")
    }
    assert min(len(TABLE["risk"]), len(TABLE["safe"])) >= 100
    texts = [one["text"] for part in TABLE.values() for one in part]
    assert len(texts) == len(set(texts))


def test_nearly_every_cry_for_help_of_the_table_is_heard(risk: Risk) -> None:
    missed = [one["text"] for one in TABLE["risk"] if risk.tier(one["text"]) is None]
    assert len(missed) <= (1 - RECALL) * len(TABLE["risk"]), missed


def test_nearly_no_everyday_text_of_the_table_gets_an_urgent_card(risk: Risk) -> None:
    false = [one["text"] for one in TABLE["safe"] if risk.tier(one["text"]) is not None]
    assert len(false) <= FALSE_ALARMS * len(TABLE["safe"]), false


def test_the_card_is_the_one_a_careful_reader_would_show(risk: Risk) -> None:
    other = [
        (one["text"], alarm) for one in CARDED if (alarm := risk.alarm(one["text"])) and alarm.card != one["card"]
    ]
    assert len(CARDED) >= 100
    assert len(other) <= (1 - SAME_CARD) * len(CARDED), other


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("i want to kill myself", "self_harm"),
        ("my son said he wants to kill himself", "self_harm_other"),
        ("my son said he wants to die and so do i, i want to die", "self_harm"),
        ("i tried to kill myself last year", "self_harm_past"),
        ("i tried to kill myself last year and want to do it again", "self_harm"),
        ("my brother killed himself", "grief"),
        ("mi hermana se suicidó", "grief"),
        ("my brother killed himself and i want to join him", "self_harm"),
        ("my brother said he nearly killed himself", "self_harm_other"),
        ("he overdosed and wont wake up", "overdose"),
        ("mi hermano tomó demasiado", "overdose"),
        ("quit valium cold turkey, had a seizure", "withdrawal"),
        ("crushing pain in my chest", "medical"),
        ("my husband beats me", "violence"),
        ("my husband beats the kids", "child"),
        ("im scared im going to hurt my baby", "threat"),
        ("mi esposo me ahorco anoche", "violence"),
    ],
)
def test_whom_and_when_a_text_speaks_of_decides_the_card(risk: Risk, text: str, card: str) -> None:
    alarm = risk.alarm(text)
    assert alarm is not None
    assert alarm.card == card


def test_a_habit_is_no_emergency_where_an_event_is_one(risk: Risk) -> None:
    assert risk.tier("mi padre toma demasiado los fines de semana") is None
    assert risk.tier("mi hermano tomó demasiado") == "medical"
    assert risk.tier("tomo demasiado") is None


def test_letters_typed_the_wrong_way_round_are_heard(risk: Risk) -> None:
    for text in ("i wnat to die", "i want to klil myself", "quiero mroir"):
        assert risk.tier(text) == "self_harm", text


def test_one_message_costs_less_than_a_millisecond(risk: Risk) -> None:
    texts = [one["text"] for part in TABLE.values() for one in part]
    times = milliseconds(risk, texts)
    assert times[len(times) // 2] < 1.0


def test_a_rate_stands_with_its_interval() -> None:
    low, high = Rate("x", 20, 29).interval
    assert (round(low, 3), round(high, 3)) == (0.508, 0.827)
    assert Rate("x", 0, 0).interval == (0.0, 1.0)
    assert "20 of 29" in str(Rate("x", 20, 29))


def test_a_table_is_scored_by_tier_and_language(risk: Risk) -> None:
    table = {
        "risk": [
            {"text": "i want to die", "tier": "self_harm"},
            {"text": "aa leeds", "tier": "self_harm"},
            {"text": "mi marido me pega", "tier": "threat", "lang": "es"},
        ],
        "safe": [{"text": "aa in leeds"}, {"text": "quiero morir", "lang": "es"}],
    }
    messages = heard(risk, table)
    assert messages[0] == Message("i want to die", "en", "self_harm", "self_harm")
    said = {rate.name: (rate.hits, rate.of) for rate in rates(messages)}
    assert said["recall en self_harm"] == (1, 2)
    assert said["recall es threat"] == (1, 1)
    assert said["recall all"] == (2, 3)
    assert said["false alarms en"] == (0, 1)
    assert said["false alarms es"] == (1, 1)
    assert said["card of another tier"] == (1, 2)


def test_the_command_prints_the_rates_and_names_what_was_missed(tmp_path: Path) -> None:
    table = tmp_path / "table.yml"
    table.write_text("risk:\n- {text: blue sky, tier: medical}\nsafe:\n- {text: aa in leeds}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.risk_score", str(table), "--show"],
        cwd=HERE.parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "recall en medical" in done.stdout
    assert "0.0% to 79.3%" in done.stdout
    assert "medical heard as safe: blue sky" in done.stdout
