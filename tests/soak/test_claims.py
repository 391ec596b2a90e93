"""A small version of the long run: four processes at one database."""

import pytest

from tests.soak.claims import claims, rests

pytestmark = pytest.mark.postgres


async def test_four_processes_claim_nothing_twice(upgraded_postgres: str) -> None:
    found = await claims(upgraded_postgres, 600)
    assert (found.plans, found.leases, found.doubles) == (600, 600, 0)


async def test_without_locks_the_same_count_finds_doubles(upgraded_postgres: str) -> None:
    found = await claims(upgraded_postgres, 600, locks=False)
    assert found.doubles > 0


async def test_a_429_to_one_of_four_processes_stops_them_all(upgraded_postgres: str) -> None:
    rest = await rests(upgraded_postgres, 30, rest_s=4)
    assert (rest.sent, rest.during, rest.tries_used_up) == (30, 0, 0)
    assert rest.waited < 5
