"""The time zone of a point; the only importer of tzfpy."""

import tzfpy


def zone_at(latitude: float, longitude: float) -> str:
    """The IANA zone of a point, "" at sea. The first call loads the borders (about 0.2 s, 37 MB)."""
    zone = tzfpy.get_tz(longitude, latitude)
    return "" if zone.startswith("Etc/") else zone
