"""A small version of the long run: a few stories, the same ones every time."""

from tests.soak.model import check


def test_no_order_of_presses_edits_crashes_and_leaps_of_time_breaks_a_promise() -> None:
    check("sqlite+aiosqlite:///:memory:", examples=12, steps=30, number=0, derandomize=True)
