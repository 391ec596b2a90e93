"""BMLT JSON: search results, alone or with the formats they use.

Formats, service bodies and server info come from their own files.
"""

from typing import Any

import msgspec

from bot.domain.errors import FeedError
from bot.domain.feed import FeedSource
from bot.domain.meeting import MINUTES_A_DAY, Meeting
from bot.domain.report import FeedResult
from bot.feeds import times
from bot.feeds.addresses import Addresses
from bot.feeds.attendance import Attendance, attendance, note_name, told_by_name
from bot.feeds.bmlt_tables import PROMPT, Bodies, Formats, after_prompt, usual_length
from bot.feeds.container import Container, check_shape, opened
from bot.feeds.making import meetings
from bot.feeds.online import NOTHING, Online, ways_in, with_free_text, without_contacts
from bot.feeds.places import Where, placed, point_of
from bot.feeds.reading import Reading, has_other_letters, key_of
from bot.feeds.recurrence import date_in_doubt
from bot.feeds.refusal import Refused
from bot.feeds.text import joined, one_line, paragraphs
from bot.feeds.zone_names import Zones

ASSUMED_MINUTES = 60
_VENUES = {"1": "in_person", "2": "online", "3": "hybrid"}
_NO_POINT = (None, None)
_ALL_DAY = frozenset(("round_the_clock",))


class BmltRow(msgspec.Struct, gc=False):
    """The fields that are read; contact_* and email_contact never are."""

    id_bigint: Any = None
    root_server_id: Any = None
    service_body_bigint: Any = None
    service_body_name: Any = None
    published: Any = None
    weekday_tinyint: Any = None
    venue_type: Any = None
    start_time: Any = None
    duration_time: Any = None
    time_zone: Any = None
    formats: Any = None
    format_shared_id_list: Any = None
    longitude: Any = None
    latitude: Any = None
    meeting_name: Any = None
    location_text: Any = None
    location_info: Any = None
    location_street: Any = None
    location_neighborhood: Any = None
    location_city_subsection: Any = None
    location_municipality: Any = None
    location_province: Any = None
    location_postal_code_1: Any = None
    location_nation: Any = None
    comments: Any = None
    train_lines: Any = None
    bus_lines: Any = None
    phone_meeting_number: Any = None
    virtual_meeting_link: Any = None
    virtual_meeting_additional_info: Any = None


def read_bmlt(data: bytes, source: FeedSource) -> FeedResult:
    """Meetings and complaints of BMLT search results; FeedError when the bytes are something else."""
    container = opened(data)
    check_shape(container.rows, "bmlt")
    reading = Reading(source)
    rows = _Rows(reading, _formats(container, source))
    decode = msgspec.json.Decoder(BmltRow).decode
    guessed = has_other_letters if container.guessed_encoding else None
    return reading.each(container.rows, decode, rows.convert, _row_name, guessed)


def _formats(container: Container, source: FeedSource) -> Formats:
    beside = container.beside.get("formats")
    given = source.formats if source.formats is not None else (bytes(beside) if beside is not None else None)
    try:
        return Formats(source.types, given)
    except FeedError as error:
        raise FeedError(f"The formats cannot be read: {error}") from error


def _row_name(row: BmltRow) -> str:
    return one_line(row.id_bigint) or one_line(row.meeting_name)


class _Rows:
    """Converts the rows of one answer."""

    def __init__(self, reading: Reading, formats: Formats) -> None:
        source = reading.source
        self._reading = reading
        self._source = source
        self._formats = formats
        self._bodies = Bodies(source.service_bodies)
        self._zones = Zones(source)
        self._addresses = Addresses(source.types)
        self._assumed = source.default_duration or usual_length(source.server_info) or ASSUMED_MINUTES

    def convert(self, row: BmltRow, notes: set[str]) -> list[Meeting]:
        """The meeting of a row; Refused where it cannot be one."""
        if str(row.published) in ("0", "False"):
            raise Refused("unpublished")
        weekday, start = _when(row, notes)
        duration, assumed = self._duration(row, notes)
        types = self._formats.read(row.format_shared_id_list, row.formats)
        notes.update(types.notes)
        where = self._where(row, notes)
        given = row.virtual_meeting_link, row.virtual_meeting_additional_info, row.phone_meeting_number
        link, link_notes, phone = (_field(field, notes) for field in given)
        online = ways_in((link, link_notes, phone, None), self._source.types.join_hosts, notes)
        name, told = told_by_name(_name(row, where, notes))
        attends = _attendance(row, types.states | told if told else types.states, online, where, notes)
        if attends.in_person and where.point is None:
            where = placed(where, self._source.locate, notes)
        zone = self._zone(row, where, notes)
        online, text, directions = _texts(row, types.untold, online, where, attends, notes)
        key = _key(row, name, where, notes)
        key, slots = self._reading.slots(key, (weekday, start, where.address), (weekday,), notes)
        latitude, longitude = where.point or _NO_POINT
        fields: dict[str, object] = {
            "feed": self._source.feed,
            "key": key,
            "fellowship": self._source.fellowship,
            "name": name,
            "start": start,
            "duration": duration,
            "duration_assumed": assumed,
            "zone": zone,
            "in_person": attends.in_person,
            "online": attends.online,
            "status": attends.status,
            "check_date": date_in_doubt(name, (text, directions), notes),
            "latitude": latitude,
            "longitude": longitude,
            "country": where.country or self._addresses.country_of(where.region, zone),
            "directions": directions,
            "notes": text,
            "tags": types.tags | _ALL_DAY if duration == MINUTES_A_DAY else types.tags,
            "languages": types.languages,
            **where.fields(),
            **online.fields(),
            **self._bodies.fields(row.service_body_bigint, row.service_body_name),
        }
        return meetings(fields, slots)

    def _duration(self, row: BmltRow, notes: set[str]) -> tuple[int, bool]:
        minutes = times.bmlt_length(row.duration_time) if isinstance(row.duration_time, str) else None
        if minutes is None:
            return self._assumed, True
        if times.LONG_FROM < minutes < MINUTES_A_DAY:
            notes.add("long_meeting")
        return minutes, False

    def _where(self, row: BmltRow, notes: set[str]) -> Where:
        street = _line(row.location_street, notes)
        borough = _line(row.location_city_subsection, notes)
        city = _line(row.location_municipality, notes) or borough
        province, code = _line(row.location_province, notes), _line(row.location_postal_code_1, notes)
        neighborhood = _line(row.location_neighborhood, notes)
        town = borough or city  # letters go to Brooklyn, not to "New York"
        address = ", ".join(part for part in (street, town, f"{province} {code}".strip()) if part) if street else ""
        return Where(
            venue=_line(row.location_text, notes),
            address=address,
            city=city,
            region=province,
            postal_code=code,
            country=self._addresses.country(_line(row.location_nation, notes)),
            point=point_of(row.latitude, row.longitude, notes),
            approximate=not street and not row.location_text,
            directions=joined(
                neighborhood if neighborhood not in (city, borough) else "",
                paragraphs(_field(row.location_info, notes)),
                paragraphs(_field(row.train_lines, notes)),
                paragraphs(_field(row.bus_lines, notes)),
            ),
        )

    def _zone(self, row: BmltRow, where: Where, notes: set[str]) -> str:
        said = self._zones.said(row.time_zone, notes)
        if said:
            return said
        zone, note = self._zones.at(where.point), "zone_from_coordinates"
        if not zone:
            zone, note = self._source.zone or "", "zone_from_feed"
        if not zone:
            return self._zones.of_town(where, self._source.locate, notes)
        notes.add(note)
        return zone


def _field(value: object, notes: set[str]) -> object:
    """The value; of the old "Prompt#@-@#value" only what follows."""
    if isinstance(value, str) and PROMPT in value:
        notes.add("old_prompt")
        return after_prompt(value)
    return value


def _line(value: object, notes: set[str]) -> str:
    return one_line(_field(value, notes)) if value else ""


def _key(row: BmltRow, name: str, where: Where, notes: set[str]) -> str:
    key = key_of((row.id_bigint,), (name, where.address, where.city), notes)
    server = one_line(row.root_server_id)  # the aggregator's answers count in each server's own numbers
    return f"{server}-{key}" if server else key


def _when(row: BmltRow, notes: set[str]) -> tuple[int, int]:
    weekday = times.bmlt_weekday(row.weekday_tinyint)
    start = times.clock(row.start_time)
    if start is None:
        raise Refused("no_time")
    if start == MINUTES_A_DAY:  # 24:00 is the first minute of the next day
        notes.add("midnight_as_2400")
        return weekday % 7 + 1, 0
    if start == MINUTES_A_DAY - 1:
        notes.add("midnight_as_2359")
    return weekday, start


def _name(row: BmltRow, where: Where, notes: set[str]) -> str:
    name = _line(row.meeting_name, notes)
    if name:
        return name
    name = where.venue or where.address or where.city
    if not name:
        raise Refused("no_name")
    notes.add("name_made")
    return name


def _attendance(row: BmltRow, states: frozenset[str], online: Online, where: Where, notes: set[str]) -> Attendance:
    """venue_type says it; old servers leave it to the formats, and older ones to the fields."""
    option = _VENUES.get(one_line(row.venue_type), "")
    way_in = online is not NOTHING and online.any
    room = bool(where.venue or where.address)
    if not option and "hybrid" in states:
        option = "hybrid"
    if not option and "online" in states and not room:
        option = "online"
    if not option and not way_in and "online" not in states:
        option = "in_person"  # the server asks every such meeting for coordinates
    if not option and "online" in states:
        option = "online" if "room_shut" in states or not way_in else "hybrid"
    if not option:
        notes.add("venue_guessed")
    if not (where.known or way_in or states):
        raise Refused("no_place_and_no_link")
    attends = attendance(option, states, way_in, room, where.approximate)
    note_name(states, attends, option, notes)
    return attends


def _texts(
    row: BmltRow, untold: tuple[str, ...], online: Online, where: Where, attends: Attendance, notes: set[str]
) -> tuple[Online, str, str]:
    text = joined(paragraphs(_field(row.comments, notes)), ", ".join(untold))
    directions = without_contacts(where.directions, notes)
    if attends.online:
        online, text = with_free_text(online, text, notes)
        return online, text, directions
    return NOTHING, without_contacts(text, notes), directions
