"""A small version of the long run."""

from bot.sandbox import Sandbox
from tests.soak.kill import burst_with_kills, echo_burst, echo_command


async def test_everybody_is_answered_although_the_bot_is_killed_in_the_middle_of_a_burst() -> None:
    async with Sandbox("127.0.0.1:0") as sandbox:
        burst = echo_burst(sandbox.state.bot(sandbox.token), people=60, messages=4)
        with echo_command(sandbox) as command:
            outcome = await burst_with_kills(sandbox, burst, command, kills=2, seed=7, limit_s=60)
    assert outcome.kills == 2
    assert outcome.unanswered == 0
    assert outcome.out_of_order == 0
    assert outcome.answered_twice <= 2 * 100  # at most what was in hand at each kill
