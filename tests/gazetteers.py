"""The gazetteer for tests, which all read the same unpacked file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.place import Place
from bot.store.gazetteer import Gazetteer


@pytest.fixture
async def gazetteer(unpacked: Path) -> AsyncIterator[Gazetteer]:
    opened = Gazetteer(unpacked)
    await opened.open()
    yield opened
    await opened.close()


def described(places: list[Place]) -> list[str]:
    """Places in words: "Leeds GB", "Springfield Illinois US"."""
    return [f"{place.name} {place.region} {place.country}".replace("  ", " ") for place in places]
