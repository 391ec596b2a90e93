"""Recall and false alarms of the risk rules over tables of messages: `python -m tests.services.risk_score FILE...`.

A table holds `risk` (text, tier, lang) and `safe` (text, lang); lang is "en" where it is left out. Each rate stands
with its 95 % interval (Wilson), because a few dozen messages say little about all others. `--show` names the misses.
"""

import argparse
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.services import ear
from bot.services.risk import Risk
from bot.texts.words import load_lexicon

CONTENT = Path(__file__).parents[2] / "content"
Z = 1.959964  # the normal distribution's 97.5th percentile


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a table, and the tier that the rules heard in it. `tier`: what a reader heard; None: safe."""

    text: str
    language: str
    tier: str | None
    heard: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    name: str
    hits: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true rate lies in 95 of 100 such tables (Wilson score interval), 0 to 1."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.hits / self.of, Z * Z / self.of
        middle = (share + spread / 2) / (1 + spread)
        reach = Z / (1 + spread) * math.sqrt(share * (1 - share) / self.of + spread / self.of / 4)
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def __str__(self) -> str:
        low, high = self.interval
        share = f"{self.hits / self.of:6.1%}" if self.of else "     -"
        return f"{self.name:<28} {self.hits:>4} of {self.of:<4} {share}   {low:.1%} to {high:.1%}"


def heard(risk: Risk, table: Mapping[str, Sequence[Mapping[str, str]]]) -> list[Message]:
    """Every message of a table, as the rules hear it."""
    return [
        Message(one["text"], one.get("lang", "en"), one.get("tier"), risk.tier(one["text"]))
        for part in ("risk", "safe")
        for one in table[part]
    ]


def rates(messages: Sequence[Message]) -> list[Rate]:
    """Recall by tier and language, false alarms by language, and how often it was another tier's card."""
    risky = [one for one in messages if one.tier]
    safe = [one for one in messages if not one.tier]
    found = []
    for language in (*sorted({one.language for one in messages}), ""):
        here = [one for one in risky if language in ("", one.language)]
        named = language or "all"
        for tier in dict.fromkeys(one.tier for one in risky):
            found.append(_rate(f"recall {named} {tier}", (one for one in here if one.tier == tier)))
        found.append(_rate(f"recall {named}", here))
        quiet = [one for one in safe if language in ("", one.language)]
        found.append(_rate(f"false alarms {named}", quiet))
    caught = [one for one in risky if one.heard]
    return [*found, Rate("card of another tier", sum(one.heard != one.tier for one in caught), len(caught))]


def _rate(name: str, messages: Iterable[Message]) -> Rate:
    listed = list(messages)
    return Rate(name, sum(one.heard is not None for one in listed), len(listed))


def main() -> None:
    """Print the rates of the named tables taken together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="name the messages that were missed or misread")
    options = parser.parse_args()
    risk = Risk(load_lexicon(CONTENT), ear.load())
    messages = [
        message
        for path in options.tables
        for message in heard(risk, yaml.safe_load(path.read_text(encoding="utf-8")))
    ]
    for rate in rates(messages):
        print(rate)
    for one in messages if options.show else ():
        if one.heard != one.tier:
            print(f"{one.tier or 'safe'} heard as {one.heard or 'safe'}: {one.text}")


if __name__ == "__main__":
    main()
