"""How far Telegram may forget: never beyond what is not settled."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.ledger import Ledger


def test_the_offset_stands_at_the_lowest_update_in_hand() -> None:
    ledger = Ledger()
    assert [ledger.take(number) for number in (7, 8, 9)] == [True, True, True]
    ledger.settle(8)
    assert ledger.offset == 7
    ledger.settle(7)
    assert ledger.offset == 9
    ledger.settle(9)
    assert ledger.offset == 10


def test_what_comes_back_is_known() -> None:
    ledger = Ledger()
    ledger.take(7)
    ledger.take(8)
    ledger.settle(8)
    ledger.confirmed(7, empty=False)
    assert [ledger.take(number) for number in (7, 8)] == [False, False]


def test_an_empty_queue_starts_the_count_anew_so_that_lower_numbers_are_taken() -> None:
    ledger = Ledger()
    ledger.take(900)
    ledger.settle(900)
    ledger.confirmed(901, empty=True)
    assert ledger.offset == 0
    assert ledger.take(5)


def test_an_empty_answer_forgets_nothing_that_is_in_hand() -> None:
    ledger = Ledger()
    ledger.take(900)
    ledger.confirmed(0, empty=True)
    assert ledger.offset == 900
    assert not ledger.take(900)


def test_numbers_below_zero_never_become_an_offset() -> None:
    ledger = Ledger()
    ledger.take(-7)
    assert ledger.offset == 0
    ledger.settle(-7)
    assert ledger.offset == 1


numbers = st.integers(min_value=1, max_value=300)


@given(st.sets(numbers, min_size=1), st.data())
def test_nothing_unsettled_is_ever_confirmed_and_nothing_is_taken_twice(
    pending: set[int], data: st.DataObject
) -> None:
    """A queue as Telegram keeps it: an offset drops what is below, an answer shows the lowest ten above."""
    ledger, taken, settled, queue = Ledger(), [], set(), set(pending)
    for _ in range(40):
        offset = ledger.offset
        dropped = {number for number in queue if number < offset}
        assert dropped <= settled
        queue -= dropped
        answer = sorted(queue)[:10]
        ledger.confirmed(offset, empty=not answer)
        taken += [number for number in answer if ledger.take(number)]
        in_hand = [number for number in taken if number not in settled]
        done = data.draw(st.sets(st.sampled_from(in_hand))) if in_hand else set()
        for number in done or set(in_hand[:1]):
            ledger.settle(number)
            settled.add(number)
    assert len(taken) == len(set(taken))
    assert settled >= set(sorted(pending)[:30])
