"""Addresses in one line, taken apart: street, town, region, postal code, country."""

import re

import msgspec

from bot.domain.feed import TypeTables, folded

_ANY_CASE = re.IGNORECASE | re.DOTALL
_US_ZIP = re.compile(r"(?:(?P<before>.*?)\s+)?(?P<code>\d{5})(?:-\d{4})?", re.DOTALL)
_CANADA = re.compile(r"(?:(?P<before>.*?)\s+)?(?P<code>[A-Z]\d[A-Z][ -]?\d[A-Z]\d)", _ANY_CASE)
_BRITAIN = re.compile(r"(?:(?P<before>.*?)\s+)?(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2})", _ANY_CASE)
_EIRCODE = re.compile(r"(?:(?P<before>.*?)\s+)?(?P<code>[A-Z]\d[\dW]\s?[A-Z\d]{4})", _ANY_CASE)
_FOUR = re.compile(r"(?:(?P<before>.*?)\s+)?(?P<code>\d{4})", re.DOTALL)
_CODE_FIRST = re.compile(r"(?P<code>\d{4,5}(?:\s?[A-Z]{2})?)\s+(?P<before>\D.*)", re.DOTALL)
_CODE_ALONE = re.compile(r"(?P<before>)(?P<code>\d{3,6}(?:-\d{3,4})?)")
_BY_COUNTRY = {
    "US": (_US_ZIP,),
    "CA": (_CANADA,),
    "GB": (_BRITAIN,),
    "IE": (_EIRCODE,),
    "AU": (_FOUR,),
    "NZ": (_FOUR,),
}
_ANYWHERE = (_CANADA, _BRITAIN, _US_ZIP, _CODE_FIRST, _CODE_ALONE)
_REGION_BY_NAME = ("US", "CA", "AU")  # countries whose addresses end with town, state or province
_DAY = re.compile("(?:mon|tues|wednes|thurs|fri|satur|sun)days?", re.IGNORECASE)
_STREET_ENDING = re.compile(
    r"(.*\b(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Dr|Drive|Ln|Lane|Way|Pl|Place|Ct|Hwy|Pike|Sq|Pkwy)\b\.?)\s+(\D+)",
    re.IGNORECASE,
)


class Address(msgspec.Struct, frozen=True, gc=False):
    """The parts of an address; "" where it does not say."""

    line: str = ""  # the whole as published, without the country
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""  # ISO alpha-2
    parts: int = 0  # between commas, the country among them

    @property
    def exact(self) -> bool:
        """Whether it leads to a door and not only to an area.

        The rule of the format is four parts between commas. That fits the United States; "1 High St, London N1 1AA"
        has two, so a house number in a known town is enough too, and a town with its postal code is not.
        """
        if not self.street:
            return False
        return self.parts >= 4 or (any(map(str.isdigit, self.street)) and bool(self.city or self.postal_code))


class Addresses:
    """Takes addresses apart, each different one once."""

    def __init__(self, tables: TypeTables) -> None:
        self._countries = tables.countries
        self._regions = tables.regions
        self._any_region = frozenset().union(*tables.regions.values())
        self._seen: dict[str, Address] = {}
        self._ends: dict[str, tuple[str, str]] = {}
        self._codes: dict[tuple[str, str, bool], tuple[str, str] | None] = {}

    def country(self, text: str) -> str:
        """ISO alpha-2 of a country's name or code in any common spelling, "" where not known."""
        return self._countries.get(folded(text), "") if text else ""

    def country_of(self, region: str, zone: str) -> str:
        """The country of a state's or province's code in this zone: "NY" in America/New_York is US; else ""."""
        code = region.upper()
        if code not in self._any_region:
            return ""
        if zone.startswith("Australia/"):
            return "AU" if code in self._regions.get("AU", ()) else ""
        if not zone.startswith(("America/", "US/", "Canada/", "Pacific/Honolulu")):
            return ""
        return next((country for country in ("US", "CA") if code in self._regions.get(country, ())), "")

    def parse(self, text: str) -> Address:
        """The parts of a one-line address; a text without commas may come out as street or town only."""
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = self._parse(text)
        return found

    def _parse(self, text: str) -> Address:
        parts = list(filter(None, map(str.strip, text.split(","))))
        half = len(parts) // 2
        if half and parts[0] == parts[half] and parts[:half] == parts[half:]:  # "Town, Country, Town, Country"
            parts = parts[:half]
        given = len(parts)
        country = self._pop_country(parts)
        line = ", ".join(parts)
        postal_code, region = "", ""
        if parts:
            postal_code = self._pop_postal_code(parts, country)
        if parts and (len(parts) > 1 or parts[0].upper() in self._any_region):
            region = self._pop_region(parts, country, postal_code)
        if len(parts) == 2 and not (country or region or postal_code or any(map(str.isdigit, line))):
            return Address(line, "", parts[0], parts[1], parts=given)  # a town and what it lies in
        street, city = _street_and_city(parts)
        return Address(line, street, city, region, postal_code, country, given)

    def _pop_country(self, parts: list[str]) -> str:
        if not parts:
            return ""
        last = parts[-1]
        found = self._ends.get(last)  # the ends of addresses repeat, their beginnings do not
        if found is None:
            found = self._ends[last] = self._country_at_end(last)
        country, left = found
        if left:
            parts[-1] = left
        else:
            parts.pop()
        return country

    def _country_at_end(self, last: str) -> tuple[str, str]:
        """The country that the last part of an address is or ends with, and what is left of the part."""
        if last.upper() in self._any_region:  # "CA" ends an address in California, not in Canada
            return "", last
        country = self.country(last)
        if country:
            return country, ""
        for words in (1, 2):  # "..., PA 19333 United States"
            head, *tail = last.rsplit(maxsplit=words)
            country = self.country(" ".join(tail)) if len(tail) == words and any(map(str.isdigit, head)) else ""
            if country and tail[-1].upper() not in self._any_region:
                return country, head
        return "", last

    def _pop_postal_code(self, parts: list[str], country: str) -> str:
        at = (parts[-1], country, len(parts) == 1)
        if at not in self._codes:
            self._codes[at] = _postal_code_at_end(*at)
        found = self._codes[at]
        if found is None:
            return ""
        before, code = found
        if before:
            parts[-1] = before
        else:
            parts.pop()
        return code

    def _pop_region(self, parts: list[str], country: str, postal_code: str) -> str:
        last = parts[-1]
        if last.upper() in self._any_region:
            return parts.pop().upper()
        city, _, code = last.rpartition(" ")
        if city and code in self._any_region and (country in _REGION_BY_NAME or postal_code):
            parts[-1] = city
            return code
        if country in _REGION_BY_NAME and not any(map(str.isdigit, last)):
            return parts.pop()
        if country not in _REGION_BY_NAME and len(parts) > 2 and last.endswith("."):  # Mexico: "Gto.", "Jal."
            return parts.pop()
        return ""


def is_town(text: str) -> bool:
    """Whether a text can name a town; scraped lists have "Sunday", "time:" or an e-mail address there."""
    return text[-1:] != ":" and "@" not in text and _DAY.fullmatch(text) is None


def _postal_code_at_end(last: str, country: str, alone: bool) -> tuple[str, str] | None:
    """The last part of an address without its postal code, and the code; None where it has none."""
    for pattern in _BY_COUNTRY.get(country, _ANYWHERE):
        match = pattern.fullmatch(last)
        if match is None:
            continue
        before = (match["before"] or "").strip()
        if before or not alone:
            return before, match["code"].upper()
    return None


def _street_and_city(parts: list[str]) -> tuple[str, str]:
    if not parts:
        return "", ""
    if len(parts) > 1:
        city, street = parts[-1], ", ".join(parts[:-1])
        code_first = _CODE_FIRST.fullmatch(city) if city[0].isdigit() else None
        return street, code_first["before"].strip() if code_first else city
    only = parts[0]
    if not any(map(str.isdigit, only)):
        return "", only
    match = _STREET_ENDING.fullmatch(only)  # "325 Cherry St. Philadelphia"
    return (match[1].strip(), match[2].strip()) if match else (only, "")
