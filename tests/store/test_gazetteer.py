import asyncio
import lzma
import shutil
import sqlite3
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import StoreError
from bot.domain.place import distance_km, from_cell, to_cell
from bot.domain.words import fold
from bot.store.gazetteer import Gazetteer, layout, unpack
from bot.store.gazetteer.build import towns
from tests.gazetteers import described, gazetteer

__all__ = ["gazetteer"]

SURE = """
London | London England GB
leeds | Leeds England GB
LEEDS UK | Leeds England GB
Leeds, Alabama | Leeds Alabama US
Leeds, AL, USA | Leeds Alabama US
springfield il | Springfield Illinois US
Springfield, Illinois | Springfield Illinois US
springfield il usa | Springfield Illinois US
Springfield IL 62701 | Springfield Illinois US
london ontario | London Ontario CA
London, ON | London Ontario CA
Paris | Paris Île-de-France FR
Paris Texas | Paris Texas US
paris in texas | Paris Texas US
perth scotland | Perth Scotland GB
Perth | Perth Western Australia AU
York, PA | York Pennsylvania US
Brooklyn, New York | Brooklyn New York US
nyc | New York City New York US
Nueva York | New York City New York US
New York | New York City New York US
manhattan | Manhattan New York US
bronx | The Bronx New York US
washington dc | Washington District of Columbia US
kansas city kansas | Kansas City Kansas US
ft worth | Fort Worth Texas US
saint louis mo | St. Louis Missouri US
St. Louis, Missouri | St. Louis Missouri US
coeur dalene | Coeur d'Alene Idaho US
Coeur d’Alene | Coeur d'Alene Idaho US
Ilkley, West Yorkshire | Ilkley England GB
Galway | Galway Connacht IE
cork ireland | Cork Munster IE
Córdoba Argentina | Córdoba Córdoba AR
cordoba, españa | Córdoba Andalucía ES
San José Costa Rica | San José CR
ciudad de mexico | Mexico City Ciudad de México MX
cdmx | Mexico City Ciudad de México MX
Sevilla | Sevilla Andalucía ES
zaragoza | Zaragoza Aragón ES
valencia españa | Valencia Comunitat Valenciana ES
Londres | London England GB
medellin | Medellín Antioquia CO
bogota | Bogotá Bogotá D.C. CO
München | Munich Bayern DE
muenchen | Munich Bayern DE
koeln | Köln Nordrhein-Westfalen DE
lodz | Łódź Łódzkie PL
İSTANBUL | Istanbul TR
東京 | Tokyo Tokyo JP
Москва | Moscow RU
القاهرة | Cairo EG
サンフランシスコ | San Francisco California US
Los Angelse | Los Angeles California US
Anahiem | Anaheim California US
Philadelpia | Philadelphia Pennsylvania US
Cincinatti | Cincinnati Ohio US
nottingam | Nottingham England GB
Zaragosa | Zaragoza Aragón ES
Guadalahara | Guadalajara Jalisco MX
Springfeild, IL | Springfield Illinois US
12 High Street, Leeds | Leeds England GB
LS6 | Leeds England GB
ls29 8dh | Leeds England GB
SW1A 1AA | City of Westminster England GB
sw1a1aa | City of Westminster England GB
10 Downing Street, London SW1A 2AA | City of Westminster England GB
E17 4QH | Stratford England GB
K1A 0B6 | Ottawa Ontario CA
h2x1y4 | Montréal Quebec CA
D02 X285 | Dublin Leinster IE
H91 E2K3 | Galway Connacht IE
28001 Madrid | Madrid Comunidad de Madrid ES
Madrid 28001 | Madrid Comunidad de Madrid ES
10115 Berlin | Berlin Berlin DE
33.83, -117.91 | Anaheim California US
"""

ASKED = """
Springfield | Springfield Missouri US; Springfield Massachusetts US; Springfield Illinois US
Birmingham | Birmingham England GB; Birmingham Alabama US
Cambridge | Cambridge England GB; Cambridge Ontario CA; Cambridge Massachusetts US
newcastle | Newcastle New South Wales AU; Newcastle upon Tyne England GB
brooklin | Brooklin Ontario CA; Brooklyn New York US
Portland | Portland Oregon US; Portland Maine US
san jose | San Jose California US; San José CR
cordoba | Córdoba Córdoba AR; Córdoba Andalucía ES; Córdoba Veracruz MX
Richmond, Surrey | Richmond England GB
28001 | Albemarle North Carolina US; Madrid Comunidad de Madrid ES
2000 | Sydney New South Wales AU; Auckland Auckland NZ
Texas | Houston Texas US; Dallas Texas US
España | Madrid Comunidad de Madrid ES; Barcelona Cataluña ES
Mexico | Mexico City Ciudad de México MX; Puebla Puebla MX
Georgia | Tbilisi GE; Atlanta Georgia US
ontario | Ontario California US; Toronto Ontario CA
Washington | Washington District of Columbia US; Seattle Washington US
"""

UNKNOWN = [
    "",
    "   ",
    "...",
    "asdfghjkl",
    "12",
    "0,0",
    "0.0, 0.0",
    "95.1, 20.2",
    "20.2, 190.5",
    "🙂",
    "zzzz zzzz",
]

AT_HOME = [
    ("London", "CA", ["London Ontario CA"]),
    ("Manchester", "GB", ["Manchester England GB"]),
    ("Toledo", "ES", ["Toledo Castilla-La Mancha ES"]),
    ("28001", "ES", ["Madrid Comunidad de Madrid ES"]),
    ("28001", "US", ["Albemarle North Carolina US"]),
    ("90210", "US", ["Beverly Hills California US"]),
    ("2000", "AU", ["Sydney New South Wales AU"]),
    ("10115", "DE", ["Berlin Berlin DE"]),
    ("Leeds", "MX", ["Leeds England GB"]),
]


@pytest.fixture
def ready(unpacked: Path) -> Path:
    """The unpacked file."""
    return next(unpacked.glob("gazetteer-*.db"))


def table(text: str) -> list[tuple[str, list[str]]]:
    rows = [line.split(" | ") for line in text.strip().splitlines()]
    return [(typed, expected.split("; ")) for typed, expected in rows]


@pytest.mark.parametrize(("typed", "expected"), table(SURE))
async def test_a_place_that_can_only_be_one_is_found(gazetteer: Gazetteer, typed: str, expected: list[str]) -> None:
    assert described(await gazetteer.resolve(typed)) == expected


@pytest.mark.parametrize(("typed", "expected"), table(ASKED))
async def test_a_name_of_several_places_is_asked_about(gazetteer: Gazetteer, typed: str, expected: list[str]) -> None:
    offered = described(await gazetteer.resolve(typed))
    assert 2 <= len(offered) <= 6
    assert [place for place in expected if place not in offered] == []


@pytest.mark.parametrize("typed", UNKNOWN)
async def test_what_is_no_place_is_unknown(gazetteer: Gazetteer, typed: str) -> None:
    assert await gazetteer.resolve(typed) == []


@pytest.mark.parametrize(("typed", "country", "expected"), AT_HOME)
async def test_the_persons_country_decides_where_it_can(
    gazetteer: Gazetteer, typed: str, country: str, expected: list[str]
) -> None:
    assert described(await gazetteer.resolve(typed, near=country)) == expected


async def test_a_small_namesake_at_home_is_asked_about_beside_the_capital(gazetteer: Gazetteer) -> None:
    offered = described(await gazetteer.resolve("Paris", near="US"))
    assert offered[0] == "Paris Texas US"
    assert "Paris Île-de-France FR" in offered


async def test_a_district_is_taken_where_the_town_beside_it_is(gazetteer: Gazetteer) -> None:
    assert described(await gazetteer.resolve("Hollywood, Los Angeles")) == ["Hollywood California US"]
    assert described(await gazetteer.resolve("hollywood miami")) == ["Hollywood Florida US"]


async def test_a_district_nobody_lists_gives_its_town_and_no_namesake_far_away(gazetteer: Gazetteer) -> None:
    # A Headingley is listed, in Manitoba.
    assert described(await gazetteer.resolve("Headingley, Leeds")) == ["Leeds England GB"]


@pytest.mark.parametrize(
    ("typed", "town"), [("LS6", (53.80, -1.55)), ("K1A 0B6", (45.42, -75.70)), ("TR1", (50.26, -5.05))]
)
async def test_a_postcode_lies_where_its_area_lies(
    gazetteer: Gazetteer, typed: str, town: tuple[float, float]
) -> None:
    place = (await gazetteer.resolve(typed))[0]
    assert distance_km((place.latitude, place.longitude), town) < 5


async def test_every_place_stands_on_the_grid_that_buttons_carry(gazetteer: Gazetteer) -> None:
    for typed in ("Leeds", "90210", "LS6", "33.83, -117.91", "Los Angelse"):
        for place in await gazetteer.resolve(typed):
            assert place == place.on_grid(), typed
            assert place.zone, typed


async def test_many_names_are_looked_up_at_once_and_unknown_ones_left_out(gazetteer: Gazetteer) -> None:
    names = ["St. Albans", "leeds", "no such town here", "", "springfield", *map(str, range(1500))]
    found = await gazetteer.named(names)
    assert set(found) >= {"St. Albans", "leeds", "springfield"}
    assert "no such town here" not in found
    assert "" not in found
    assert found["St. Albans"][0].country == "GB"
    assert len(found["springfield"]) == 8
    people = [place.population for place in found["springfield"]]
    assert people == sorted(people, reverse=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("leds", "Leeds"), ("los angelse", "Los Angeles"), ("edimburgh", "Edinburgh"), ("brooklym", "Brooklyn")],
)
async def test_a_typo_away_the_city_comes_first(gazetteer: Gazetteer, typed: str, meant: str) -> None:
    found = await gazetteer.similar(typed)
    assert found[0].name == meant
    assert len(found) <= 4


async def test_short_and_foreign_names_have_no_typos(gazetteer: Gazetteer) -> None:
    assert await gazetteer.similar("ab") == []
    assert await gazetteer.similar("東京都") == []
    assert await gazetteer.similar("x" * 4000) == []


@pytest.mark.parametrize(
    ("point", "town"),
    [
        ((53.7997, -1.5492), "Leeds"),
        ((51.4626, -0.1159), "Brixton"),
        ((40.678, -73.944), "Brooklyn"),
        ((42.374, -71.109), "Cambridge"),
        ((40.4168, -3.7038), "Madrid"),
        ((-16.80, -179.99), "Savusavu"),  # Fiji, on both sides of the date line
        ((-16.80, 179.99), "Savusavu"),
    ],
)
async def test_a_point_has_the_name_of_its_town(gazetteer: Gazetteer, point: tuple[float, float], town: str) -> None:
    place = await gazetteer.nearest(*point)
    assert place is not None
    assert place.name == town


@pytest.mark.parametrize("point", [(0.0, -30.0), (89.9, 0.0), (-90.0, 0.0), (-48.0, -120.0)])
async def test_a_point_far_from_any_town_has_no_name(gazetteer: Gazetteer, point: tuple[float, float]) -> None:
    assert await gazetteer.nearest(*point) is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60) | st.text("leds 01,.-abAÑß東ـ́", max_size=4096), near=st.sampled_from(["", "US", "??"])
)
def test_any_text_is_answered_with_at_most_six_places(gazetteer: Gazetteer, text: str, near: str) -> None:
    async def ask() -> None:
        places = await gazetteer.resolve(text, near=near)
        assert len(places) <= 6
        assert len(set(places)) == len(places)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "text", ["leeds " * 700, "a," * 2000, "1 " * 2000, "x" * 4096, "東" * 4096, "ﷺ" * 4096, "new york " * 400]
)
async def test_a_very_long_text_takes_no_long_time(gazetteer: Gazetteer, text: str) -> None:
    await gazetteer.resolve("warm")
    start = time.process_time()
    await gazetteer.resolve(text)
    assert time.process_time() - start < 2


async def test_the_loop_goes_on_while_typos_are_looked_for(gazetteer: Gazetteer) -> None:
    late: list[float] = []

    async def heartbeat() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.005)
            late.append(time.perf_counter() - start - 0.005)

    beating = asyncio.create_task(heartbeat())
    names = ["los angelse", "anahiem", "philadelpia", "cincinatti", "guadalahara"] * 40
    await asyncio.gather(*(gazetteer.similar(name) for name in names))
    beating.cancel()
    # A single late beat is the machine; the loop being held would make every beat late.
    late.sort()
    assert len(late) > 10
    assert late[len(late) * 9 // 10] < 0.05


def test_folding_makes_the_ways_of_typing_one_name_equal() -> None:
    same = {
        "coeur d alene": ["Coeur d'Alene", "COEUR D’ALÈNE", "coeur-d'alene"],
        "lodz": ["Łódź", "LODZ"],
        "strasse": ["Straße", "STRASSE"],
        "istanbul": ["İstanbul", "ISTANBUL"],
        "sao paulo 3": ["São  Paulo, 3", "sa\u0303o\u00a0paulo ３"],
        "東京都": ["東京都", " 東京都! "],
        "aero": ["Ærø"],
    }
    for folded, ways in same.items():
        assert {fold(way) for way in ways} == {folded}
    assert fold("ガ") != fold("カ")
    assert fold("") == fold("🙂 — …") == ""


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


async def test_the_unpacked_file_is_kept_for_the_next_start(tmp_path: Path, ready: Path) -> None:
    kept = tmp_path / ready.name
    shutil.copyfile(ready, kept)
    before = kept.stat().st_mtime_ns
    for _ in range(2):
        again = Gazetteer(tmp_path)
        assert described(await again.resolve("Leeds")) == ["Leeds England GB"]
        await again.close()
        await again.close()
    assert kept.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [kept]


async def test_a_file_cut_short_is_made_anew_and_older_ones_go(tmp_path: Path) -> None:
    broken = tmp_path / f"gazetteer-{layout.digest()}.db"
    broken.write_bytes(b"SQLite format 3\x00 and then the power went")
    old = tmp_path / "gazetteer-0123456789ab.db"
    old.write_bytes(b"old")
    other = tmp_path / "openchair.db"
    other.write_bytes(b"kept")
    opened = Gazetteer(tmp_path)
    assert described(await opened.resolve("Leeds")) == ["Leeds England GB"]
    await opened.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([broken.name, other.name])


async def test_without_a_writable_directory_it_works_all_the_same(
    tmp_path: Path, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.gazetteer._unpack", lambda target: shutil.copyfile(ready, target))
    (tmp_path / "file").write_text("no directory")
    opened = Gazetteer(tmp_path / "file" / "data")
    assert described(await opened.resolve("Leeds")) == ["Leeds England GB"]
    assert opened._scratch is not None
    scratch = Path(opened._scratch.name)
    assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
    await opened.close()
    assert not scratch.exists()


async def test_a_file_that_cannot_be_unpacked_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(unpack, "unpack", full)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    opened = Gazetteer(tmp_path)
    with pytest.raises(StoreError, match="No space left on device"):
        await opened.open()
    await opened.close()


def test_the_committed_file_is_small_and_holds_what_it_should() -> None:
    assert layout.FILE.stat().st_size <= 8_000_000
    contents = layout.read(layout.FILE)
    assert len(contents.texts["names"]) == len(contents.numbers["cells"]) > 200_000
    assert contents.numbers["counts"].sum() == len(contents.numbers["links"])
    assert len(contents.texts["endings"]) == len(contents.numbers["shared"])
    assert all(region for region in (row[0] for row in contents.tables["regions"]))


def test_the_layout_gives_back_what_was_written_and_the_same_bytes(tmp_path: Path) -> None:
    whole = layout.read(layout.FILE)
    small = layout.Contents(
        {name: column[:50] for name, column in whole.numbers.items()},
        {name: lines[:50] for name, lines in whole.texts.items()},
        {"zones": whole.tables["zones"]},
    )
    layout.write(tmp_path / "a", small)
    layout.write(tmp_path / "b", small)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    again = layout.read(tmp_path / "a")
    assert again.texts == small.texts
    assert again.tables == small.tables
    assert all((again.numbers[name] == column).all() for name, column in small.numbers.items())
    (tmp_path / "a").write_bytes(b"not xz")
    with pytest.raises(lzma.LZMAError):
        layout.read(tmp_path / "a")


def test_airport_codes_and_transliterations_are_no_names_of_a_town() -> None:
    city = {
        "geonameid": 1,
        "name": "Göteborg d'Exemple",
        "latitude": 57.7,
        "longitude": 11.97,
        "countrycode": "SE",
        "admin1code": "28",
        "timezone": "Europe/Stockholm",
        "population": 5123,
        "alternatenames": ["GOT", "ge de bao", "Gotenburg", "Гётеборг", ""],
    }
    town = towns([city])[0]
    assert town.keys == {"goteborg d exemple", "goteborg dexemple", "goeteborg d exemple", "gotenburg"}
    assert town.population == 5120
    abroad = towns([city | {"population": 600_000}])[0]
    assert "гетеборг" in abroad.keys


def test_the_grid_in_the_file_is_the_grid_of_the_buttons(ready: Path) -> None:
    database = sqlite3.connect(ready)
    cell = database.execute("SELECT cell FROM places WHERE name = 'Leeds' ORDER BY people DESC").fetchone()[0]
    database.close()
    assert to_cell(*from_cell(cell)) == cell
    assert distance_km(from_cell(cell), (53.79648, -1.54785)) < 0.8
