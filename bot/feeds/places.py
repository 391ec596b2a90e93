"""Where a row of a list in TSML columns says it meets."""

from typing import Any

import msgspec

from bot.domain.feed import Locate, folded
from bot.domain.place import valid_coordinates
from bot.feeds.addresses import Address, Addresses, is_town
from bot.feeds.text import one_line, paragraphs

NO_PLACE = frozenset(
    "online;zoom;virtual;virtual meeting;virtual meeting room;online meeting;zoom meeting;en linea".split(";")
)
_NO_PLACE_BEGINS = frozenset(name[0] for name in NO_PLACE)
_LONGEST_NO_PLACE = max(map(len, NO_PLACE))
_YES = frozenset(("yes", "true", "1", "y"))
_NOT_SAID = frozenset(("", "-", "0", "null", "none", "n/a"))
_ADDRESS_LIMIT = 255


class Where(msgspec.Struct, frozen=True, gc=False):
    """The place of a meeting; `approximate`: only an area is known."""

    venue: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    point: tuple[float, float] | None = None
    approximate: bool = False
    directions: str = ""

    @property
    def known(self) -> bool:
        """Whether the row says anything about a place."""
        return bool(self.venue or self.address or self.city or self.region or self.point)

    def fields(self) -> dict[str, object]:
        """The texts and the mark that go into a Meeting as they are."""
        return {
            "approximate": self.approximate,
            "venue": self.venue,
            "address": self.address,
            "city": self.city,
            "region": self.region,
            "postal_code": self.postal_code,
        }


def point_of(latitude: object, longitude: object, notes: set[str]) -> tuple[float, float] | None:
    """The coordinates of a row; None, with a note where something was given, when they are no point on earth."""
    if latitude.__class__ is float and longitude.__class__ is float:
        lat: float = latitude
        lon: float = longitude
    else:
        if _empty(latitude) and _empty(longitude):
            return None
        try:
            lat, lon = _number(latitude), _number(longitude)
        except ValueError:
            notes.add("bad_coordinates")
            return None
    if valid_coordinates(lat, lon):
        return lat, lon
    notes.add("bad_coordinates")
    return None


def place_of(row: Any, addresses: Addresses, notes: set[str]) -> Where:
    """Venue, address and point of a row; the address line is as published, without the country."""
    address = _address(row, addresses, notes)
    venue = one_line(row.location)
    if _no_place(venue):
        venue = ""
    directions = paragraphs(row.location_notes) if row.location_notes else ""
    if venue and row.district and venue == one_line(row.district):  # a district stands where the building should
        notes.add("venue_from_notes")
        venue, directions = (directions, "") if "\n" not in directions else ("", directions)
        if _no_place(venue):
            venue = ""
    if _no_place(directions):
        directions = ""
    point, box = point_of(row.latitude, row.longitude, notes), False
    if point is None and row.coordinates:
        point, box = _pair(row.coordinates, notes)
    area = _said_approximate(row.approximate)
    if area is None:
        area = box or not _exact(row, address, venue, point)
    city = address.city or _area_name(row, addresses)
    if area and folded(venue) in (folded(address.line), folded(city)):
        venue = ""
    shown = address.line if address.street and not area else ""
    return Where(venue, shown, city, address.region, address.postal_code, address.country, point, area, directions)


def placed(where: Where, locate: Locate | None, notes: set[str]) -> Where:
    """An in-person meeting without coordinates, put where its town is, if `locate` knows it."""
    town = located(where, locate)
    notes.add("placed_by_town" if town else "no_coordinates")
    return msgspec.structs.replace(where, point=town) if town else where


def located(where: Where, locate: Locate | None) -> tuple[float, float] | None:
    """The point of the row's town or postal code, None where not known."""
    if locate is None or not (where.city or where.postal_code):
        return None
    return locate(where.city, where.region, where.country, where.postal_code)


def _address(row: Any, addresses: Addresses, notes: set[str]) -> Address:
    """The parts of the address; separate columns go before what the one line says."""
    whole = one_line(row.formatted_address)
    street = one_line(row.address).partition("@")[0].strip() if row.address else ""
    if not whole and not (row.city or row.state or row.postal_code):
        whole = street
    found = addresses.parse(whole) if whole else Address()
    if not (row.city or row.state or row.postal_code or row.country):
        return found
    city, state, code = one_line(row.city), one_line(row.state), one_line(row.postal_code)
    if city and not is_town(city):
        notes.add("town_left_out")
        city = ""
    country = addresses.country(one_line(row.country)) or found.country
    if country == "US" and code.isdigit() and 3 <= len(code) < 5:  # a spreadsheet took it for a number
        notes.add("postal_code_padded")
        code = code.zfill(5)
    if whole:
        city, state, code = city or found.city, state or found.region, code or found.postal_code
        return msgspec.structs.replace(found, city=city, region=state, postal_code=code, country=country)
    line = ", ".join(part for part in (street, city, f"{state} {code}".strip()) if part)
    return Address(line[:_ADDRESS_LIMIT], street, city, state, code, country, line.count(",") + 1)


def _exact(row: Any, address: Address, venue: str, point: tuple[float, float] | None) -> bool:
    """Whether a row that does not say so itself leads to a door."""
    if row.formatted_address or not row.city:
        if address.exact:
            return True
    elif address.street:  # separate columns: a street is a street
        return True
    # No address at all: a point, or the name of a building, which people can ask for.
    return not address.parts and (point is not None or bool(venue))


def _area_name(row: Any, addresses: Addresses) -> str:
    """The list's own name for the area, where the address names no town."""
    regions = (row.sub_sub_region, row.sub_region, *_narrowing(row.regions), *_narrowing(row.region))
    for value in regions:
        name = one_line(value)
        if name and not _no_place(name) and not addresses.country(name):
            return name
    return ""


def _narrowing(value: object) -> list[Any]:
    """The regions of an array, or of "A > B" as sheets write it, the narrowest first."""
    if isinstance(value, str):
        value = value.split(">") if ">" in value else [value]
    return value[::-1] if isinstance(value, list) else []


def _no_place(text: str) -> bool:
    return text[:1].lower() in _NO_PLACE_BEGINS and len(text) <= _LONGEST_NO_PLACE and folded(text) in NO_PLACE


def _said_approximate(value: object) -> bool | None:
    if value is None or value.__class__ is bool:
        return value
    if value == "no":
        return False
    text = one_line(value).lower()
    return None if not text else text in _YES


def _pair(value: object, notes: set[str]) -> tuple[tuple[float, float] | None, bool]:
    """ "lat,lon" as a point; four numbers are a box, whose middle is only an area."""
    given = value if isinstance(value, list) else one_line(value).split(",")
    try:
        numbers = [_number(one) for one in given]
    except ValueError:
        notes.add("bad_coordinates")
        return None, False
    if len(numbers) == 2:
        return point_of(numbers[0], numbers[1], notes), False
    if len(numbers) == 4:
        middle = round((numbers[0] + numbers[2]) / 2, 5), round((numbers[1] + numbers[3]) / 2, 5)
        return point_of(*middle, notes), True
    notes.add("bad_coordinates")
    return None, False


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("no number")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("no number") from error


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOT_SAID)
