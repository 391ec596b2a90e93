"""A process that was stopped for longer than its lease finds that another one took over."""

from bot.domain.reminder import State
from tests.soak.claims import overtaken


async def test_a_process_that_slept_through_its_lease_notes_nothing(database_url: str) -> None:
    assert await overtaken(database_url) == ("overtaken", State.SENT)
