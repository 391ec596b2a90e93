"""`make ear`: fit the second ear, and tell how well it hears a writer it has not learned from.

    .venv/bin/python -m tests.ear            leave one writer out, in turn; then learn from all, and write the weights
    .venv/bin/python -m tests.ear --dry      the same without writing

The bar is the lowest at which about one safe message in twenty of most writers gets a card, one in ten of those who
tried hard to sound dangerous; higher bars lose more cries for help than they spare false alarms.
"""

import argparse

import numpy as np
from numpy.typing import NDArray

from bot.services import ear
from tests.ear.fitting import Example, examples, fitted, matrix, model, rules

BONUS = 5.0  # what a rule's word counts for, chosen by leaving one writer out
BAR = 1.1


def left_out(every: list[Example], words: list[list[str]]) -> NDArray[np.float64]:
    """How danger sounds in each message to an ear that has learned from the other writers alone."""
    scores = np.zeros(len(every))
    writers = np.array([one.writer for one in every])
    truth = np.array([one.tier is not None for one in every])
    for writer in sorted(set(writers)):
        known = np.flatnonzero(writers != writer)
        weights, offset = fitted(matrix([words[index] for index in known]), truth[known])
        for index in np.flatnonzero(writers == writer):
            scores[index] = max(matrix(list(ear.pieces(words[index]))) @ weights + offset)
    return scores


def share(alarms: NDArray[np.bool_], among: NDArray[np.bool_]) -> str:
    """Of how many of these there was an alarm."""
    return f"{alarms[among].mean():6.1%}" if among.any() else "     -"


def main() -> None:
    """Print what was measured, and write the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--bonus", type=float, default=BONUS)
    parser.add_argument("--bar", type=float, default=BAR)
    given = parser.parse_args()
    risk, every = rules(), examples()
    words = [risk.words(one.text) for one in every]
    told = np.array([risk.tier(one.text) is not None for one in every])
    truth = np.array([one.tier is not None for one in every])
    scores = left_out(every, words) + given.bonus * told
    for writer in sorted({one.writer for one in every}):
        mine = np.array([one.writer == writer for one in every])
        said = [
            f"{share(by, mine & truth)} heard, {share(by, mine & ~truth)} false" for by in (scores > given.bar, told)
        ]
        print(f"{writer:16} {said[0]}; by rules alone {said[1]}")
    print(f"{len(every)} examples, bonus {given.bonus}, bar {given.bar}")
    if not given.dry:
        ear.WEIGHTS.write_bytes(model(every, words, bonus=given.bonus, bar=given.bar))
        print(f"{ear.WEIGHTS.name}: {ear.WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
