"""A small version of the long run: two thousand cases, the same ones every time."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.chat.context import Visit
from bot.chat.routes import ACTIONS
from bot.domain.buttons import Action, Press, pack
from bot.store.tables import facts
from bot.views.screen import Screen
from tests.soak.fuzz import Run, fuzz
from tests.soak.fuzzing import kinds, words
from tests.soak.fuzzing.cases import MAKERS, Brought, case
from tests.soak.fuzzing.known import BOT_ID, ORDINARY
from tests.soak.fuzzing.opening import opened
from tests.soak.fuzzing.world import World


async def test_whatever_reaches_the_bot_it_answers_lives_on_and_writes_no_one_down(
    tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path, unpacked) as world:
        run = await fuzz(world, 7, range(2_000))
        assert run.failures == {}
        assert sum(run.kinds.values()) == 2_000
        assert len(run.kinds) == len(MAKERS)
        _a_number_is_always_the_same_case(world)
        await _a_run_that_goes_wrong_is_noticed(world, monkeypatch)


def _a_number_is_always_the_same_case(world: World) -> None:
    assert [case(7, index, world.known) for index in range(200)] == [
        case(7, index, world.known) for index in range(200)
    ]
    assert case(7, 1, world.known) != case(8, 1, world.known)


async def _a_run_that_goes_wrong_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def falls(visit: Visit) -> Screen:
        raise RuntimeError(words.CANARY)

    async def refused(visit: Visit) -> Screen:
        return Screen("<b>never closed")

    async def writes(visit: Visit) -> Screen:
        async with world.work.database.begin() as connection:
            await connection.execute(insert(facts).values(name=f"chat {world.moment.step}", value=words.CANARY))
        return Screen("x")

    for step, (handler, words_for_it) in enumerate(
        [
            (falls, "handler_failed"),
            (refused, "'outcome': 'refused'"),
            (writes, "wrote facts"),
            (writes, "a name stands"),
        ]
    ):
        monkeypatch.setitem(ACTIONS, Action.HELP, handler)
        wrong = await world.meet(_pressed(world, 9_000_000 + step, ORDINARY[0], Action.HELP), step)
        assert words_for_it in str(wrong)
    monkeypatch.undo()
    assert await world.meet(_pressed(world, 9_000_010, ORDINARY[0], Action.HELP), 9) == []


def _pressed(world: World, index: int, chat: int, action: Action) -> Brought:
    about = {"id": chat, "type": "private"}
    person = {"id": chat, "is_bot": False, "first_name": "Sam"}
    own = {
        "message_id": 2,
        "date": kinds.DATE,
        "chat": about,
        "from": {"id": BOT_ID, "is_bot": True, "first_name": "b"},
    }
    data = pack(Press(action), dict(world.known.kinds))
    query = {"id": "7", "from": person, "chat_instance": "1", "message": own | {"text": "x"}, "data": data}
    return Brought(json.dumps({"update_id": index, "callback_query": query}).encode())


@pytest.mark.parametrize(
    ("later", "grew"),
    [([100.0] * 4, False), ([100.0, 101.0, 104.0, 104.0], False), ([100.0, 110.0, 120.0, 130.0], True)],
)
def test_memory_that_grows_on_and_on_is_told_from_memory_that_is_full(later: list[float], grew: bool) -> None:
    run = Run(memory=[(50.0, 10), (90.0, 10), *((megabytes, 10) for megabytes in later)])
    megabytes, objects = run.growth()
    assert (megabytes > 0.06) is grew
    assert objects == 0
