"""Rows in the columns of Meeting Guide and the 12 Step Meeting List plugin, as meetings."""

import re
from datetime import datetime
from typing import Any

import msgspec

from bot.domain.clock import system_clock
from bot.domain.feed import FeedSource
from bot.domain.meeting import MINUTES_A_DAY, Meeting, Status
from bot.feeds import times
from bot.feeds.addresses import Addresses
from bot.feeds.attendance import OPTIONS, SUSPENDED, Attendance, attendance, note_name, told_by_name
from bot.feeds.codes import Codes, Types
from bot.feeds.links import helpline, web_link
from bot.feeds.making import meetings
from bot.feeds.online import NOTHING, Online, ways_in, with_free_text, without_contacts
from bot.feeds.places import Where, place_of, placed
from bot.feeds.reading import Reading, key_of
from bot.feeds.recurrence import date_in_doubt
from bot.feeds.refusal import Refused
from bot.feeds.text import joined, one_line, paragraphs
from bot.feeds.zone_names import Zones

_NO_LETTERS = re.compile(r"[^a-z]+")
_NO_POINT = (None, None)
_ALL_DAY = frozenset(("round_the_clock",))


class TsmlRow(msgspec.Struct, gc=False):
    """The columns that are read. Whatever else a row holds, contacts of individuals above all, is never decoded."""

    slug: Any = None
    post_name: Any = None
    capital_id: Any = msgspec.field(default=None, name="ID")
    id: Any = None
    name: Any = None
    title: Any = None
    day: Any = None
    time: Any = None
    end_time: Any = None
    timezone: Any = None
    types: Any = None
    notes: Any = None
    group: Any = None
    group_notes: Any = None
    district: Any = None
    location: Any = None
    location_notes: Any = None
    formatted_address: Any = None
    address: Any = None
    city: Any = None
    state: Any = None
    postal_code: Any = None
    country: Any = None
    region: Any = None
    sub_region: Any = None
    sub_sub_region: Any = None
    regions: Any = None
    latitude: Any = None
    longitude: Any = None
    coordinates: Any = None
    approximate: Any = None
    attendance_option: Any = None
    conference_url: Any = None
    conference_url_notes: Any = None
    conference_phone: Any = None
    conference_phone_notes: Any = None
    url: Any = None
    website: Any = None
    website_2: Any = None
    entity: Any = None
    entity_phone: Any = None
    entity_url: Any = None
    entity_website_url: Any = None
    updated: Any = None


def row_name(row: TsmlRow) -> str:
    """What an operator finds a refused row by: its key, else its name."""
    return next(filter(None, map(one_line, (*_keys(row), row.name, row.title))), "")


def _keys(row: TsmlRow) -> tuple[object, ...]:
    """What may be the publisher's key, as the format's own plugin looks for it."""
    return row.slug, row.post_name, row.capital_id, row.id


class TsmlRows:
    """Converts the rows of one feed; `export_stamp` is an `updated` that says when the file was made, not the row."""

    def __init__(self, reading: Reading, export_stamp: str = "") -> None:
        source: FeedSource = reading.source
        self._reading = reading
        self._source = source
        self._codes = Codes(source.types, source.fellowship)
        self._zones = Zones(source)
        self._addresses = Addresses(source.types)
        self._assumed = source.default_duration or times.ASSUMED_MINUTES
        self._now = system_clock()
        self._export_stamp = export_stamp

    def convert(self, row: TsmlRow, notes: set[str]) -> list[Meeting]:
        """The meetings of a row, one for each of its days; Refused where it cannot be one."""
        days, start = _when(row, self._source.types.days, notes)
        duration, assumed = self._duration(row, start, notes)
        types = self._codes.read(row.types)
        notes.update(types.notes)
        where = place_of(row, self._addresses, notes)
        online = ways_in(
            (row.conference_url, row.conference_url_notes, row.conference_phone, row.conference_phone_notes),
            self._source.types.join_hosts,
            notes,
        )
        name, told = told_by_name(_name(row, where, notes))
        attends = _attendance(row, types.states | told if told else types.states, online, where, notes)
        if attends.in_person and where.point is None:
            where = placed(where, self._source.locate, notes)
        zone = self._zone(row, name, start, where, attends, notes)
        online, text, directions = _texts(row, online, where, attends, notes)
        check_date = date_in_doubt(name, (text, directions), notes)
        key, slots = self._reading.slots(
            key_of(_keys(row), (name, where.address, where.city), notes),
            (days, start, where.address, where.venue),
            days,
            notes,
        )
        if not days and attends is not SUSPENDED:
            attends = attends._replace(status=Status.BY_APPOINTMENT)
        fields = self._fields(row, name, types, where, online, notes)
        fields |= {
            "key": key,
            "start": start,
            "duration": duration,
            "duration_assumed": assumed,
            "zone": zone,
            "in_person": attends.in_person,
            "online": attends.online,
            "status": attends.status,
            "check_date": check_date,
            "country": where.country or self._addresses.country_of(where.region, zone),
            "directions": directions,
            "notes": text,
            "tags": types.tags | _ALL_DAY if duration == MINUTES_A_DAY else types.tags,
        }
        return meetings(fields, slots)

    def _fields(
        self, row: TsmlRow, name: str, types: Types, where: Where, online: Online, notes: set[str]
    ) -> dict[str, object]:
        """The fields of a Meeting that come as they are; the others wait for what the whole row means."""
        website = (row.website and web_link(row.website)) or (row.website_2 and web_link(row.website_2)) or ""
        group = one_line(row.group) if row.group else ""
        latitude, longitude = where.point or _NO_POINT
        return {
            "feed": self._source.feed,
            "fellowship": self._source.fellowship,
            "name": name,
            "approximate": where.approximate,
            "latitude": latitude,
            "longitude": longitude,
            "venue": where.venue,
            "address": where.address,
            "city": where.city,
            "region": where.region,
            "postal_code": where.postal_code,
            "group": "" if group == name or group == one_line(row.district) else group,
            "languages": types.languages,
            "join_url": online.url,
            "join_notes": online.notes,
            "join_id": online.meeting,
            "passcode": online.passcode,
            "dial_in": online.dial_in,
            "dial_in_notes": online.dial_in_notes,
            "url": web_link(row.url) if row.url else "",
            "contact": website if website != online.url else "",
            "entity": one_line(row.entity) if row.entity else "",
            "entity_phone": helpline(row.entity_phone) if row.entity_phone else "",
            "entity_url": web_link(row.entity_url or row.entity_website_url),
            "updated": self._updated(row, notes),
        }

    def _updated(self, row: TsmlRow, notes: set[str]) -> datetime | None:
        if self._export_stamp and row.updated == self._export_stamp:
            notes.add("updated_is_export_date")
            return None
        return times.updated_at(row.updated, self._now)

    def _duration(self, row: TsmlRow, start: int | None, notes: set[str]) -> tuple[int | None, bool]:
        if start is None:
            return None, False
        try:
            end = times.clock(row.end_time)
        except Refused:
            notes.add("end_not_understood")
            end = None
        if end is None:
            return self._assumed, True
        minutes = times.length(start, end)
        if end == start:
            notes.add("end_equals_start")
        elif times.LONG_FROM < minutes < MINUTES_A_DAY:
            notes.add("long_meeting")
        return minutes, False

    def _zone(
        self, row: TsmlRow, name: str, start: int | None, where: Where, attends: Attendance, notes: set[str]
    ) -> str:
        zones, feed_zone = self._zones, self._source.zone or ""
        said = zones.said(row.timezone, notes) if row.timezone else ""
        if said:
            return said
        told, same_time = zones.told_by_name(name, start)
        if told and not same_time:
            notes.add("name_says_other_time")
        if not attends.in_person:  # its coordinates tell where the group feels at home, not what its clock shows
            if told and same_time:
                notes.add("zone_from_name")
                return told
            if feed_zone:
                notes.add("zone_from_feed")
                return feed_zone
        # A town's point is good enough for the map, not against the operator's own word.
        zone = "" if feed_zone and "placed_by_town" in notes else zones.at(where.point)
        if zone:
            notes.add("zone_from_coordinates")
            return zone
        if feed_zone:
            notes.add("zone_from_feed")
            return feed_zone
        return zones.of_town(where, self._source.locate, notes)


def _when(row: TsmlRow, names: Any, notes: set[str]) -> tuple[tuple[int, ...], int | None]:
    """ISO days and start in minutes; neither given: by appointment."""
    days = times.weekdays(row.day, names)
    start = times.clock(row.time)
    if start is None:
        if days:
            raise Refused("no_time")
        return (), None
    if not days:
        raise Refused("no_day")
    if start == MINUTES_A_DAY:  # 24:00 is the first minute of the next day
        notes.add("midnight_as_2400")
        return tuple(day % 7 + 1 for day in days), 0
    if start == MINUTES_A_DAY - 1:
        notes.add("midnight_as_2359")
    return days, start


def _name(row: TsmlRow, where: Where, notes: set[str]) -> str:
    name = one_line(row.name) or one_line(row.title)
    if name and name[-1] != ":" and ("@" not in name or " " in name):  # "time:" is a piece of a web page
        return name
    name = one_line(row.group) or where.venue or where.address or where.city
    if not name:
        raise Refused("no_name")
    notes.add("name_made")
    return name


def _attendance(row: TsmlRow, states: frozenset[str], online: Online, where: Where, notes: set[str]) -> Attendance:
    option = row.attendance_option if row.attendance_option.__class__ is str else ""
    if option and option not in OPTIONS:
        option = _NO_LETTERS.sub("_", option.strip().lower())
        option = option if option in OPTIONS else ""
    way_in = online is not NOTHING and online.any
    if not option and not where.known and not way_in and not states:
        raise Refused("no_place_and_no_link")
    attends = attendance(option, states, way_in, where.known, where.approximate)
    note_name(states, attends, option, notes)
    if attends is SUSPENDED and not option and states.isdisjoint(("room_shut", "suspended")):
        notes.add("area_only")
    return attends


def _texts(
    row: TsmlRow, online: Online, where: Where, attends: Attendance, notes: set[str]
) -> tuple[Online, str, str]:
    """The ways in, notes and directions as they may be shown; nothing stands twice."""
    text = paragraphs(row.notes)
    if row.group_notes:
        text = joined(text, paragraphs(row.group_notes))
    if text and row.conference_url_notes and text == paragraphs(row.conference_url_notes):
        text = ""
    directions = without_contacts(where.directions, notes)
    if text == directions:
        text = ""
    if attends.online:
        online, text = with_free_text(online, text, notes)
        return online, text, directions
    return NOTHING, without_contacts(text, notes), directions
