"""What several tests of texts look at."""

from datetime import date
from pathlib import Path

import pytest

from bot.texts.check import check
from bot.texts.checks.problem import Problem


@pytest.fixture(scope="session")
def problems_as_published() -> list[Problem]:
    """What an editor is told about the content of this repository, on a day of our own."""
    return check(Path(__file__).parents[2] / "content", date(2026, 11, 22))
