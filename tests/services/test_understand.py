import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.understood import Understood
from bot.domain.when import ANY_TIME, Day
from bot.services.understand import Understand
from bot.texts.words import load_lexicon
from tests.services.fake_places import FakePlaces

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content"
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
QUERIES = yaml.safe_load((HERE / "queries.yml").read_text(encoding="utf-8"))
ENOUGH = 0.95

_NAMES = """
aa|Alcoholics Anonymous|AA|a.a.,alcohólicos anónimos
na|Narcotics Anonymous|NA|n.a.,narcóticos anónimos
ca|Cocaine Anonymous|CA|c.a.
ma|Marijuana Anonymous|MA|m.a.
ha|Heroin Anonymous|HA|h.a.
pa|Pills Anonymous|PA|
ga|Gamblers Anonymous|GA|jugadores anónimos
da|Debtors Anonymous|DA|
oa|Overeaters Anonymous|OA|comedores compulsivos anónimos
alanon|Al-Anon Family Groups|Al-Anon|al anon
aca|Adult Children of Alcoholics and Dysfunctional Families|ACA|acoa
smart|SMART Recovery|SMART|
smart_family|SMART Recovery Family & Friends|SMART Family|smart family and friends
lifering|LifeRing Secular Recovery|LifeRing|
dharma|Recovery Dharma|Dharma|
refuge|Refuge Recovery|Refuge Recovery|
wfs|Women for Sobriety|WFS|
sos|Secular Organizations for Sobriety|SOS Sobriety|
mm|Moderation Management|MM|
fa|Families Anonymous|FA|
"""


def fellowships() -> list[Fellowship]:
    found = []
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1):
        name, long, short, aliases = line.split("|")
        others = tuple(alias for alias in aliases.split(",") if alias)
        found.append(Fellowship(name, number, long, short, Tradition.OTHER, (), aliases=others))
    return found


@pytest.fixture(scope="module")
def places() -> FakePlaces:
    return FakePlaces()


@pytest.fixture(scope="module")
def understand(places: FakePlaces) -> Understand:
    return Understand(load_lexicon(CONTENT), fellowships(), places)


def _time(found: Understood) -> list[object] | None:
    if found.when is None:
        return None
    hours = [None if minute is None else minute / 60 for minute in (found.when.start, found.when.end)]
    return [found.when.day.name.casefold(), *(hours if any(hour is not None for hour in hours) else ())]


def _differences(query: dict[str, object], found: Understood) -> dict[str, object]:
    got: dict[str, object] = {
        "fellowships": sorted(found.fellowships),
        "needs": sorted(found.needs),
        "places": sorted(f"{place.name} {place.country}" for place in found.places),
        "online": found.online,
        "when": _time(found),
        "filters": sorted(found.filters),
    }
    wanted: dict[str, object] = {
        name: sorted(query.get(name, ())) if name not in ("online", "when") else query.get(name)  # type: ignore[call-overload]
        for name in got
    }
    if "topics" in query:
        got["topics"], wanted["topics"] = set(query["topics"]) <= set(found.topics), True  # type: ignore[call-overload]
    if "language" in query:
        got["language"], wanted["language"] = found.language, query["language"]
    if not query.get("unknown_ok"):
        got["unknown"], wanted["unknown"] = found.unknown, tuple(query.get("left", ()))  # type: ignore[arg-type]
    return {name: got[name] for name in got if got[name] != wanted[name]}


async def test_what_people_type_is_understood(understand: Understand) -> None:
    assert len(QUERIES) >= 120
    misses = []
    for query in QUERIES:
        found = await understand.read(query["text"], now=NOW)
        if wrong := _differences(query, found):
            misses.append(f"{query['text']}: {wrong}")
    print("\n".join(misses))
    assert len(misses) <= len(QUERIES) * (1 - ENOUGH), misses


@pytest.mark.parametrize(
    ("texts", "topic"),
    [
        (("detox", "withdrawal", "cold turkey", "dts", "desintoxicación", "how do i taper off beer"), "withdrawal"),
        (("rehab", "inpatient", "treatment", "Tratamiento", "rehab in Leeds", "treatment in Leeds"), "treatment"),
        (("my parents can't know", "my mum cannot know"), "minor"),
    ],
)
async def test_one_word_is_enough_to_be_answered_about_stopping_or_treatment(
    understand: Understand, texts: tuple[str, ...], topic: str
) -> None:
    for text in texts:
        assert topic in (await understand.read(text, now=NOW)).topics, text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀😀😀 🍺",
        "'; DROP TABLE meetings; --",
        "<b>hi</b> <script>alert(1)</script> &amp; &#0;",
        "東京で会いたい",
        "Мне нужна помощь",
        "أحتاج مساعدة",
        "\x00\ud800 a\u0301\u0301\u0301 ___ ... ((( [[",
        "7" * 4096,
        "drink " * 700,
        "a" * 5000,
        "in " * 1300,
        "99:99 24:60 0am 13pm at 25",
        "/find@bot ?start=abc",
    ],
)
async def test_any_text_is_read_without_an_error(understand: Understand, text: str) -> None:
    found = await understand.read(text, now=NOW)
    assert isinstance(found, Understood)
    assert len(found.unknown) <= 20


async def test_a_short_message_is_read_in_a_few_milliseconds(understand: Understand) -> None:
    times = []
    for query in QUERIES:
        start = time.process_time()
        await understand.read(query["text"], now=NOW)
        times.append(time.process_time() - start)
    assert statistics.median(times) < 0.005


async def test_a_long_letter_asks_for_few_places(understand: Understand, places: FakePlaces) -> None:
    places.asked.clear()
    start = time.process_time()
    await understand.read("in xyzzyq near qwerfy around plughq " * 110, now=NOW)
    assert time.process_time() - start < 0.5
    assert len(places.asked) <= 4


async def test_one_name_in_several_countries_is_the_one_where_the_person_is(understand: Understand) -> None:
    found = await understand.read("aa london", now=NOW, country="CA")
    assert [place.country for place in found.places] == ["CA"]


async def test_saying_any_time_takes_back_a_time(understand: Understand) -> None:
    assert (await understand.read("any time", now=NOW)).when == ANY_TIME
    assert (await understand.read("aa leeds", now=NOW)).when is None


async def test_words_nobody_knows_are_told(understand: Understand) -> None:
    found = await understand.read("smart leeds zorbing", now=NOW)
    assert found.unknown == ("zorbing",)
    assert found.fellowships == ("smart",)


async def test_an_emergency_is_noticed_beside_a_search(understand: Understand) -> None:
    found = await understand.read("aa leeds tonight or I will kill myself", now=NOW)
    assert found.urgent == "self_harm"
    assert found.fellowships == ("aa",)


async def test_wishing_to_stop_drinking_shuts_no_group_out(understand: Understand) -> None:
    found = await understand.read("I want to stop drinking", now=NOW)
    assert found.filters == frozenset()


async def test_a_draw_between_languages_goes_to_the_screen(understand: Understand) -> None:
    assert (await understand.read("meeting reunión", now=NOW, language="es")).language in ("es", None)
    assert (await understand.read("xyzzy", now=NOW)).language is None


async def test_tonight_keeps_its_meaning_with_an_hour(understand: Understand) -> None:
    found = await understand.read("aa tonight after 8", now=NOW)
    assert found.when is not None
    assert (found.when.day, found.when.start, found.when.end) == (Day.TONIGHT, 20 * 60, None)


async def test_a_time_without_a_zone_is_refused(understand: Understand) -> None:
    with pytest.raises(ValueError, match="aware"):
        await understand.read("aa", now=datetime(2026, 11, 24, 18, 0))
