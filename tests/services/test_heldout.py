"""Two sets of texts that were written without sight of the rules, and what share of them is met.

The first run of each set is the only figure that says something about texts nobody has seen; `HELDOUT.md` holds it.
The floors here only guard against falling back.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.understood import Understood
from bot.services.places import Places
from bot.services.understand import Understand
from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from bot.texts.fellowships import load_fellowships
from bot.texts.words import load_lexicon
from tests.gazetteers import gazetteer

__all__ = ["gazetteer"]

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content"
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
QUERIES = yaml.safe_load((HERE / "heldout_queries.yml").read_text(encoding="utf-8"))
RISK = yaml.safe_load((HERE / "heldout_risk.yml").read_text(encoding="utf-8"))


@pytest.fixture
async def understand(gazetteer: Gazetteer, sqlite_db: Database) -> Understand:
    """The parser as the bot builds it, with the real words and places."""
    return Understand(load_lexicon(CONTENT), load_fellowships(CONTENT), Places(gazetteer, sqlite_db))


def _differences(query: dict[str, Any], found: Understood) -> dict[str, Any]:
    wanted = {
        "fellowships": sorted(query.get("fellowships", [])),
        "needs": sorted(query.get("needs", [])),
        "online": query.get("online"),
        "when": bool(query.get("when")),
        "filters": sorted(query.get("filters", [])),
    }
    got = {
        "fellowships": sorted(found.fellowships),
        "needs": sorted(found.needs),
        "online": found.online,
        "when": found.when is not None,
        "filters": sorted(found.filters),
    }
    wrong = {key: (wanted[key], got[key]) for key in wanted if wanted[key] != got[key]}
    places = sorted(f"{place.name} {place.country}" for place in found.places)
    asked = sorted(query.get("places", []))
    # A name that several large towns share is asked about: right as long as the meant one is among the choices.
    if (bool(asked) != bool(places)) or not set(asked) <= set(places):
        wrong["places"] = (asked, places)
    return wrong


async def test_of_queries_nobody_tuned_for_most_are_understood(understand: Understand) -> None:
    missed = []
    for query in QUERIES:
        found = await understand.read(query["text"], language=query.get("lang", "en"), now=NOW)
        if wrong := _differences(query, found):
            missed.append((query["text"], wrong))
    right = len(QUERIES) - len(missed)
    assert right / len(QUERIES) >= 0.85, f"{right} of {len(QUERIES)}:\n" + "\n".join(map(str, missed))


async def test_of_emergencies_nobody_tuned_for_most_are_heard(understand: Understand) -> None:
    missed = [one["text"] for one in RISK["risk"] if understand.risk.tier(one["text"]) is None]
    heard = len(RISK["risk"]) - len(missed)
    assert heard / len(RISK["risk"]) >= 0.70, f"{heard} of {len(RISK['risk'])}:\n" + "\n".join(missed)


async def test_few_ordinary_texts_bring_up_the_urgent_card(understand: Understand) -> None:
    false = [one["text"] for one in RISK["safe"] if understand.risk.tier(one["text"]) is not None]
    assert len(false) / len(RISK["safe"]) <= 0.15, "\n".join(false)
