"""The gazetteer for tests: unpacked once for all of them."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.place import Place
from bot.store.gazetteer import Gazetteer


@pytest.fixture
async def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gazetteer]:
    opened = Gazetteer(tmp_path_factory.getbasetemp() / "gazetteer")
    await opened.open()
    yield opened
    await opened.close()


def described(places: list[Place]) -> list[str]:
    """Places in words: "Leeds GB", "Springfield Illinois US"."""
    return [f"{place.name} {place.region} {place.country}".replace("  ", " ") for place in places]
