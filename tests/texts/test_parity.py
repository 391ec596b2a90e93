"""Parity, measured: the published content passes, and each drift is seen."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from scipy.stats import chi2

from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.turns import Slot
from bot.texts import fairness
from bot.texts.parity import HELD_BY_TEST, Row, measure

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def published() -> list[Row]:
    return measure(CONTENT, TODAY)


def test_the_published_content_tells_every_kind_on_equal_terms(published: list[Row]) -> None:
    assert [row for row in published if row.verdict == "fail"] == []


def test_every_metric_has_a_row_and_says_what_it_measured(published: list[Row]) -> None:
    assert {row.metric for row in published} == {f"M{number}" for number in range(1, 18)}
    assert all(row.rule and row.measured for row in published)
    for metric in ("M1", "M2", "M3", "M4", "M5"):
        seen = {(row.language, row.about) for row in published if row.metric == metric}
        assert seen == {(language, about) for language in ("en", "es") for about in ("card", "facts")}


def test_a_metric_that_content_cannot_show_names_a_test_that_is_there(published: list[Row]) -> None:
    held = {row.metric for row in published if row.verdict == "by test"}
    assert held == set(HELD_BY_TEST)
    for _, *tests in HELD_BY_TEST.values():
        assert tests
        for test in tests:
            file, _, name = test.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


DRIFTS = {  # file, what stands there, what drifts in, the metric that sees it
    "a card that is much longer": ("en/fellowships/ga.md", "cost: ", "cost: " + "You may give a little. " * 8, "M2"),
    "a field that reads much harder": (
        "es/fellowships/pa.md",
        "aim: ",
        "aim: Determinadas organizaciones comunitarias proporcionan acompañamiento continuado especializado. ",
        "M3",
    ),
    "a word of praise": ("en/fellowships/oa.md", "cost: ", "cost: Excellent. ", "M4"),
    "an emoji": ("en/fellowships/slaa.md", "cost: ", "cost: 🌱 ", "M5"),
    "a word of favour": ("en/labels.yml", "back: Back", "back: Most popular", "M7"),
    "other words for one kind": (
        "en/messages/errors/slow.html",
        "#}\n",
        '#}\n{% if kind == "aa" %}Hello.{% endif %}\n',
        "M14",
    ),
}


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    content = tmp_path_factory.mktemp("drifted") / "content"
    shutil.copytree(CONTENT, content)
    for file, there, drift, _ in DRIFTS.values():
        path = content / file
        text = path.read_text(encoding="utf-8")
        assert there in text
        path.write_text(text.replace(there, drift, 1), encoding="utf-8")
    return measure(content, TODAY)


@pytest.mark.parametrize("metric", sorted({metric for *_, metric in DRIFTS.values()}))
def test_drift_is_seen(drifted: list[Row], metric: str) -> None:
    assert "fail" in {row.verdict for row in drifted if row.metric == metric}


def kind(name: str, tradition: Tradition) -> Fellowship:
    return Fellowship(name, 1, name, name, tradition, ("alcohol",))


KINDS = [
    *(kind(name, Tradition.TWELVE_STEP) for name in ("aa", "na", "ca")),
    *(kind(name, Tradition.SECULAR) for name in ("smart", "wfs", "sos")),
]


def test_turns_are_fair_and_the_same_kind_first_each_time_is_not() -> None:
    fair = fairness.orders(KINDS, 3000)
    assert fairness.first_by_chance(fair, KINDS) > 0.01
    assert min(fairness.places_by_chance(fair, KINDS).values()) > 0.01
    assert fairness.both_on_page_one(fair, KINDS) == 1
    fixed = [("aa", *(name for name in order if name != "aa")) for order in fair]
    assert fairness.first_by_chance(fixed, KINDS) < 1e-6
    assert fairness.places_by_chance(fixed, KINDS)[Tradition.TWELVE_STEP] < 1e-6


def test_a_page_one_without_a_secular_kind_is_counted() -> None:
    many = [*KINDS[3:4], *(kind(f"k{number}", Tradition.TWELVE_STEP) for number in range(6))]
    last = [tuple(one.id for one in reversed(many))]
    assert fairness.both_on_page_one(last, many) == 0


def test_a_big_kind_that_takes_the_turns_of_others_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = fairness.orders(KINDS, 20)
    others = ["na", "smart"]
    assert fairness.crowded_out(orders, "aa", others) == 0

    def greedy(order: Sequence[str], counts: dict[str, int]) -> list[Slot]:
        return [Slot(one, rank) for one in order for rank in range(counts[one])]

    monkeypatch.setattr(fairness, "turns", greedy)
    assert fairness.crowded_out(orders, "aa", others) == 20


@pytest.mark.parametrize(("square", "freedom"), [(5, 3), (30, 12), (400, 380), (700, 729), (0.5, 4)])
def test_the_chance_is_that_of_the_chi_square_distribution(square: float, freedom: int) -> None:
    counts = [10 + (square * 10) ** 0.5]
    assert fairness.chance(counts, 10, freedom) == pytest.approx(chi2.sf(square, freedom), abs=0.005)


def test_one_kind_alone_is_always_fair() -> None:
    assert fairness.chance([7], 7, 0) == 1
