import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.place import distance_km
from bot.services.places import Places
from bot.store import meetings
from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from tests.builders import make_meeting
from tests.gazetteers import described, gazetteer

__all__ = ["gazetteer"]

HEADINGLEY = (53.8196, -1.5777)


def at(city: str, code: str, country: str, point: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {"city": city, "postal_code": code, "country": country, "latitude": point[0], "longitude": point[1]} | more


LISTED = [
    at("Headingley", "LS6 3HN", "GB", HEADINGLEY, region=""),
    at("Headingley", "LS6 2AA", "GB", (53.8210, -1.5750), region=""),
    at("Leeds", "LS1 4AP", "GB", (53.7970, -1.5500)),
    at("Zürich", "8001", "CH", (47.3720, 8.5420), region="ZH"),
    at("Invented Springs", "79999", "US", (31.2, -103.2), region="TX"),
    at("Gråby", "114 55", "SE", (59.3350, 18.0800), region=""),
    at("Newtown", "02458", "US", (42.35, -71.19), region="MA"),
    at("Far Apart", "77777", "DE", (48.0, 8.0), region=""),
    at("Far Apart Too", "77778", "DE", (54.0, 13.0), region=""),
    at("", "28001", "", (40.4215, -3.6859), region=""),
]


@pytest.fixture
async def places(gazetteer: Gazetteer, sqlite_db: Database) -> Places:
    listed = [make_meeting(feed="a", key=str(number), **where) for number, where in enumerate(LISTED)]
    async with sqlite_db.begin() as connection:
        await meetings.replace_feed(connection, "a", listed)
    made = Places(gazetteer, sqlite_db, lambda latitude, longitude: "Etc/GMT+8")
    await made.refresh()
    return made


async def test_a_district_is_known_from_the_meetings_in_it(places: Places) -> None:
    found = await places.find("Headingley, Leeds")
    assert described(found) == ["Headingley England GB"]
    assert distance_km((found[0].latitude, found[0].longitude), HEADINGLEY) < 1
    assert found[0].zone == "Europe/London"
    assert found[0] == found[0].on_grid()


async def test_a_district_with_a_namesake_abroad_is_asked_about(places: Places) -> None:
    assert sorted(described(await places.find("headingley"))) == ["Headingley England GB", "Headingley Manitoba CA"]


async def test_a_postcode_is_as_exact_as_the_meetings_know_it(places: Places) -> None:
    known = (await places.find("ls6 9zz"))[0]
    assert distance_km((known.latitude, known.longitude), HEADINGLEY) < 1
    assert described([known]) == ["Headingley England GB"]


async def test_a_postcode_without_meetings_is_its_longest_known_prefix(places: Places) -> None:
    assert described(await places.find("LS29 8DH")) == ["Leeds England GB"]
    assert described(await places.find("TR1 2AB")) == ["Truro England GB"]


async def test_codes_of_countries_without_a_table_are_learned(places: Places) -> None:
    assert described(await places.find("114 60")) == ["Gråby Stockholm SE"]
    assert described(await places.find("8003"))[0] == "Zürich Zürich CH"
    assert described(await places.find("8003", country="CH")) == ["Zürich Zürich CH"]


async def test_a_prefix_whose_meetings_lie_far_apart_is_no_place(places: Places) -> None:
    assert described(await places.find("77700", country="DE")) == ["Offenburg Baden-Württemberg DE"]
    assert described(await places.find("77778", country="DE"))[0].startswith("Far Apart Too")


async def test_a_town_only_the_meetings_know_is_found_with_typos_and_by_state(places: Places) -> None:
    for typed in ("Invented Springs", "invnted springs", "Invented Springs, Texas", "invented springs tx"):
        assert described(await places.find(typed)) == ["Invented Springs Texas US"], typed
    asked = await places.find("Invented Springs, Ohio")
    assert {place.region for place in asked} == {"Ohio"}
    assert len(asked) > 1


async def test_a_name_in_the_lists_is_no_old_name_of_the_town_beside_it(places: Places) -> None:
    # GeoNames knows Newtown as a former name of Cambridge, 6 km away.
    found = described(await places.find("Newtown, MA"))
    assert "Newtown Massachusetts US" in found
    assert "Cambridge Massachusetts US" not in found


async def test_the_same_town_in_list_and_gazetteer_is_one_place(places: Places) -> None:
    assert described(await places.find("zurich")) == ["Zürich Zürich CH"]
    assert described(await places.find("Leeds")) == ["Leeds England GB"]


async def test_a_code_of_the_lists_is_meant_unless_the_person_is_in_another_country_that_has_it(
    places: Places,
) -> None:
    (found,) = await places.find("28001")
    assert found.country == "ES"
    assert described(await places.find("28001", country="us")) == ["Albemarle North Carolina US"]


async def test_before_anything_is_learned_the_gazetteer_answers_alone(
    gazetteer: Gazetteer, sqlite_db: Database
) -> None:
    fresh = Places(gazetteer, sqlite_db)
    assert described(await fresh.find("LS6")) == ["Leeds England GB"]
    assert await fresh.find("Invented Springs") == []


async def test_what_vanished_from_the_lists_is_forgotten(places: Places, sqlite_db: Database) -> None:
    async with sqlite_db.begin() as connection:
        await meetings.remove_feed(connection, "a")
    await places.refresh()
    assert await places.find("Invented Springs") == []


async def test_the_words_of_a_sentence_are_looked_up_exactly(places: Places) -> None:
    words = ["leeds", "los angelse", "headingley", "ls6", "sw1a 1aa", "2000", "1930", "90210", "st albans", "", "7"]
    found = await places.many(words)
    assert set(found) == {"leeds", "headingley", "ls6", "sw1a 1aa", "90210", "st albans"}
    assert found["leeds"][0].country == "GB"
    assert described(found["ls6"]) == ["Headingley England GB"]
    assert all(place == place.on_grid() and place.zone for known in found.values() for place in known)


async def test_a_point_has_the_name_of_its_town_and_the_sea_has_none(places: Places) -> None:
    named = await places.name_of(53.7997, -1.5492)
    assert named is not None
    assert named.name == "Leeds"
    assert await places.name_of(-48.0, -120.5) is None
    assert await places.name_of(0.0, 0.0) is None
    assert await places.name_of(float("nan"), 500.0) is None


async def test_typed_coordinates_keep_their_point_and_get_a_zone(places: Places) -> None:
    town = (await places.find("53.8210, -1.5750"))[0]
    assert (town.name, town.zone) == ("Leeds", "Europe/London")
    assert distance_km((town.latitude, town.longitude), (53.8210, -1.5750)) < 0.8
    sea = (await places.find("-48.0, -120.5"))[0]
    assert (sea.name, sea.country, sea.zone) == ("-48.00, -120.50", "", "Etc/GMT+8")
    assert places.zone_of(sea) == "Etc/GMT+8"
    assert await places.find("0.0, 0.0") == []
    assert await places.find("-95.5, 20.1") == []


@pytest.mark.parametrize(
    ("address", "near"),
    [
        (("Springfield", "IL", "US", ""), (39.80, -89.64)),
        (("Leeds", "West Yorkshire", "GB", ""), (53.80, -1.55)),
        (("Beverly Hills", "CA", "US", "90210"), (34.09, -118.41)),
        (("Leeds", "", "GB", "LS6 3HN"), HEADINGLEY),
        (("", "", "", "90210"), (34.09, -118.41)),
        (("London", "", "GB", "SW1A 1AA"), (51.51, -0.13)),
    ],
)
async def test_an_address_in_a_list_is_located(
    places: Places, address: tuple[str, str, str, str], near: tuple[float, float]
) -> None:
    found = await asyncio.to_thread(places.locate, *address)
    assert found is not None
    assert distance_km(found, near) < 3


@pytest.mark.parametrize(
    "address",
    [
        ("Springfield", "", "US", ""),
        ("", "", "", ""),
        ("", "", "GB", "LS29 8DH"),
        ("Nosuchtown", "Cork", "IE", ""),
        ("Zzyzzxq", "", "", "??"),
    ],
)
async def test_an_address_that_is_not_sure_is_not_located(places: Places, address: tuple[str, str, str, str]) -> None:
    assert await asyncio.to_thread(places.locate, *address) is None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=40) | st.text("ls6 0129,.-headingly", max_size=300),
    country=st.sampled_from(["", "GB", "x"]),
)
def test_any_text_gets_an_answer(gazetteer: Gazetteer, upgraded_sqlite: str, text: str, country: str) -> None:
    async def ask() -> None:
        database = Database(upgraded_sqlite)
        await database.open()
        places = Places(gazetteer, database)
        assert len(await places.find(text, country=country)) <= 6
        await places.many([text, *text.split()])
        await database.close()

    asyncio.run(ask())
