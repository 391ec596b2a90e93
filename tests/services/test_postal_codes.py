"""An operator's file of postal codes: read row by row, and what people find by it."""

import io
from typing import Any

import pytest

from bot.domain.errors import OperatorError
from bot.domain.place import Place, distance_km
from bot.services.places import Places
from bot.services.postal_codes import BATCH, PostalReport, import_codes
from bot.store import meetings, postal
from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from tests.builders import make_meeting
from tests.gazetteers import described, gazetteer

__all__ = ["gazetteer"]


def row(country: str, code: str, name: str, point: tuple[float, float], region: str = "") -> str:
    """One row as GeoNames writes it."""
    return "\t".join([country, code, name, region, "", "", "", "", "", str(point[0]), str(point[1]), "4"])


MITTE = row("DE", "10115", "Berlin Mitte", (52.5323, 13.3846), "Berlin")
DAM = row("NL", "1012 AB", "Amsterdam", (52.3772, 4.8980), "Noord-Holland")
HEADINGLEY = row("GB", "LS6 3HN", "Headingley", (53.8196, -1.5777), "England")
MADRID = row("ES", "28001", "Madrid", (40.4251, -3.6800), "Madrid")


async def imported(db: Database, *rows: str | bytes, **more: Any) -> PostalReport:
    data = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in rows)
    return await import_codes(db, io.BytesIO(data + b"\n"), name="codes.txt", **more)


async def known(db: Database, *codes: str) -> dict[str, dict[str, Place]]:
    async with db.read() as connection:
        return await postal.known(connection, codes)


async def test_every_row_is_taken_or_refused_and_counted(db: Database) -> None:
    bad = [
        "DE\t10115",
        row("Germany", "10115", "Berlin", (52.5, 13.4)),
        row("DE", "", "Berlin", (52.5, 13.4)),
        row("DE", "Berlin", "Berlin", (52.5, 13.4)),
        row("DE", "10115", "", (52.5, 13.4)),
        row("DE", "10115", "Nowhere", (0, 0)),
        row("DE", "10115", "Nowhere", (95, 13.4)),
        row("DE", "10115", "Null\x00", (52.5, 13.4)),
        row("DE", "10115", "x" * 500, (52.5, 13.4)),
        "DE\t10115\tBerlin\t\t\t\t\t\t\tnorth\teast\t4",
        b"DE\t10115\tM\xfcnchen\t\t\t\t\t\t\t48.1\t11.5\t4",
        "x" * 1500,
    ]
    report = await imported(db, MITTE, "", *bad, MADRID)
    assert report.report() == {"rows": 14, "taken": 2, "refused": 12, "countries": ("DE", "ES")}
    found = await known(db, "10115", "28001", "99999")
    assert described(list(found["10115"].values())) == ["Berlin Mitte Berlin DE"]
    assert set(found) == {"10115", "28001"}


async def test_windows_files_and_rows_without_accuracy_are_read(db: Database) -> None:
    report = await imported(db, b"\xef\xbb\xbf" + MITTE.encode() + b"\r", MADRID.rpartition("\t")[0])
    assert (report.taken, report.refused) == (2, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04\x14\x00\x00\x00" + bytes(range(256)) * 20,
        b"country,code,name\nDE,10115,Berlin\n",
        b"2950159\tBerlin\tBerlin\tBerlino\t52.52\t13.41\tP\tPPLC\tDE\t\t16\t00\t\t\t3426354\n",
        b"x" * 50_000,
    ],
)
async def test_another_kind_of_file_changes_nothing_and_is_named(db: Database, content: bytes) -> None:
    await imported(db, MITTE)
    with pytest.raises(OperatorError, match=r"^codes.txt is no list of postal codes: .*\.txt in it\.$"):
        await import_codes(db, io.BytesIO(content), name="codes.txt")
    assert set(await known(db, "10115")) == {"10115"}


async def test_a_new_file_replaces_its_own_countries_and_no_other(db: Database) -> None:
    await imported(db, MITTE, MADRID)
    await imported(db, row("DE", "80331", "München", (48.1345, 11.5710), "Bayern"))
    assert set(await known(db, "10115", "28001", "80331")) == {"28001", "80331"}


async def test_a_file_that_breaks_off_leaves_what_was_there(db: Database) -> None:
    class Torn(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 50_000:
                raise OSError(5, "Input/output error")
            return super().readline(size)

    await imported(db, MITTE)
    rows = "\n".join(row("DE", f"{20000 + number}", "Town", (53.0, 10.0)) for number in range(3 * BATCH))
    with pytest.raises(OSError, match="Input/output"):
        await import_codes(db, Torn(rows.encode()), name="codes.txt")
    assert set(await known(db, "10115", "20000")) == {"10115"}


async def test_several_rows_of_one_code_are_one_place_in_their_middle(db: Database) -> None:
    near = [row("AU", "2000", name, (-33.86 - part / 100, 151.20)) for part, name in enumerate(("Dawes", "Rocks"))]
    far = [row("AU", f"3{number:03d}", "Town", (-37.0, 145.0)) for number in range(BATCH)]
    report = await imported(db, near[0], *far, near[1])
    assert report.taken == BATCH + 2
    place = (await known(db, "2000"))["2000"]["AU"]
    assert place.name == "Dawes"
    assert distance_km((place.latitude, place.longitude), (-33.865, 151.20)) < 1


async def test_progress_comes_with_each_batch(db: Database) -> None:
    seen: list[int] = []
    rows = [row("DE", f"{20000 + number}", "Town", (53.0, 10.0)) for number in range(2 * BATCH + 1)]
    await imported(db, *rows, progress=seen.append)
    assert len(seen) == 3
    assert seen == sorted(seen)
    assert seen[-1] == len("\n".join(rows)) + 1


@pytest.fixture
async def places(gazetteer: Gazetteer, db: Database) -> Places:
    return Places(gazetteer, db, lambda latitude, longitude: "Etc/GMT+8")


@pytest.mark.parametrize("typed", ["LS6 3HN", "ls63hn", " ls6  3hn ", "LS6-3HN", "Leeds LS6 3HN", "LS6 3HN, Leeds"])
async def test_a_british_postcode_is_known_in_any_spelling(places: Places, db: Database, typed: str) -> None:
    await imported(db, HEADINGLEY)
    (found,) = await places.find(typed)
    assert distance_km((found.latitude, found.longitude), (53.8196, -1.5777)) < 1
    assert (found.name, found.country, found.zone) == ("Headingley", "GB", "Etc/GMT+8")
    assert found == found.on_grid()


async def test_half_a_postcode_is_the_middle_of_its_whole_ones(places: Places, db: Database) -> None:
    await imported(db, HEADINGLEY, row("GB", "LS6 2AA", "Headingley", (53.8296, -1.5777)), DAM)
    for typed in ("LS6", "ls6 9zz"):
        (found,) = await places.find(typed)
        assert distance_km((found.latitude, found.longitude), (53.8246, -1.5777)) < 1, typed
    assert described(await places.find("1012", country="NL")) == ["Amsterdam Noord-Holland NL"]
    assert described(await places.find("1012 ZZ")) == ["Amsterdam Noord-Holland NL"]


async def test_a_whole_code_of_one_country_is_meant_before_the_wider_areas_of_others(
    places: Places, db: Database
) -> None:
    assert len(await places.find("80331")) > 1
    await imported(db, row("DE", "80331", "München", (48.1345, 11.5710), "Bayern"))
    assert described(await places.find("80331")) == ["München Bayern DE"]
    assert described(await places.find("80331 Munich")) == ["München Bayern DE"]
    assert [place.country for place in await places.find("80331", country="MX")] == ["MX"]


async def test_a_whole_code_of_several_countries_is_asked_about(places: Places, db: Database) -> None:
    await imported(db, MADRID)
    asked = await places.find("28001")  # a ZIP of North Carolina too
    assert [place.country for place in asked[:2]] in (["ES", "US"], ["US", "ES"])
    assert (await places.find("28001", country="es"))[0].country == "ES"


async def test_a_whole_code_of_the_meetings_is_meant_before_that_of_the_file(places: Places, db: Database) -> None:
    await imported(db, MITTE, MADRID, row("FR", "28001", "Chartres", (48.45, 1.48)))
    listed = make_meeting(city="", region="", postal_code="28001", country="ES", latitude=40.43, longitude=-3.68)
    async with db.begin() as connection:
        await meetings.replace_feed(connection, listed.feed, [listed])
    await places.refresh()
    (found,) = await places.find("28001")
    assert found.country == "ES"


async def test_codes_of_countries_without_a_table_are_known_whole_only(places: Places, db: Database) -> None:
    await imported(
        db, row("CH", "8001", "Zürich", (47.3720, 8.5420)), row("JP", "100-0001", "Chiyoda", (35.69, 139.75))
    )
    assert [place.country for place in await places.find("8001")] == ["CH"]
    assert "CH" not in {place.country for place in await places.find("80017")}
    for typed in ("100-0001", "1000001"):
        assert described(await places.find(typed)) == ["Chiyoda JP"], typed


async def test_the_words_of_a_sentence_find_codes_of_the_file(places: Places, db: Database) -> None:
    await imported(db, HEADINGLEY, row("CH", "8001", "Zürich", (47.3720, 8.5420)))
    found = await places.many(["ls6 3hn", "8001", "leeds", "nothing"])
    assert found["ls6 3hn"][0].name == "Headingley"
    assert "8001" not in found  # as likely an hour or a year
    assert found["leeds"][0].name == "Leeds"


async def test_what_was_removed_is_no_longer_found(places: Places, db: Database) -> None:
    await imported(db, HEADINGLEY)
    await imported(db, row("GB", "M1 1AA", "Manchester", (53.48, -2.24)))
    assert (await places.find("LS6 3HN"))[0].name == "Leeds"
