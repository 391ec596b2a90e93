"""Places on earth, and the coarse grid that buttons can carry."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

EARTH_RADIUS_KM = 6371.0088
GEOHASH_BITS = 30  # six characters: cells of about 1.2 km by 0.6 km


@dataclass(frozen=True, slots=True)
class Place:
    """A named point: degrees, ISO alpha-2 country, IANA zone ("" where not known)."""

    name: str
    latitude: float
    longitude: float
    region: str = ""
    country: str = ""
    zone: str = ""
    population: int = 0

    def on_grid(self) -> "Place":
        """The same place at the centre of its geohash-6 cell, as every button will remember it."""
        latitude, longitude = from_cell(to_cell(self.latitude, self.longitude))
        return replace(self, latitude=latitude, longitude=longitude)


def valid_coordinates(latitude: float, longitude: float) -> bool:
    """Whether the pair is a point on earth; null island (0, 0) is a mistake, not a place."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0, 0)


@lru_cache(maxsize=1024)  # all buttons of a screen carry the same place
def to_cell(latitude: float, longitude: float) -> int:
    """The geohash-6 cell of a point, as a number of 30 bits (longitude first, bits taking turns)."""
    cell = 0
    lat_low, lat_high, lon_low, lon_high = -90.0, 90.0, -180.0, 180.0
    for bit in range(GEOHASH_BITS):
        if bit % 2 == 0:
            middle = (lon_low + lon_high) / 2
            high = longitude >= middle
            lon_low, lon_high = (middle, lon_high) if high else (lon_low, middle)
        else:
            middle = (lat_low + lat_high) / 2
            high = latitude >= middle
            lat_low, lat_high = (middle, lat_high) if high else (lat_low, middle)
        cell = cell << 1 | high
    return cell


def from_cell(cell: int) -> tuple[float, float]:
    """The centre (latitude, longitude) of a geohash-6 cell, five decimals."""
    lat_low, lat_high, lon_low, lon_high = -90.0, 90.0, -180.0, 180.0
    for bit in range(GEOHASH_BITS):
        high = cell >> (GEOHASH_BITS - 1 - bit) & 1
        if bit % 2 == 0:
            middle = (lon_low + lon_high) / 2
            lon_low, lon_high = (middle, lon_high) if high else (lon_low, middle)
        else:
            middle = (lat_low + lat_high) / 2
            lat_low, lat_high = (middle, lat_high) if high else (lat_low, middle)
    return round((lat_low + lat_high) / 2, 5), round((lon_low + lon_high) / 2, 5)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude) pairs."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
