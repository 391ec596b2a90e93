"""Which letters a name has, as one number: names that differ too much are told apart without comparing them."""

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 4, 30  # letters in a name whose typos are looked for

Masks = NDArray[np.uint64]


def masks(letters: bytes, length: int) -> Masks:
    """One mask for each name of `length` ASCII characters in `letters`: a bit for each character it has.

    One typo changes at most two bits: a letter comes in, a letter goes out.
    """
    names = np.frombuffer(letters, dtype=np.uint8).reshape(-1, length)
    bits = np.left_shift(np.uint64(1), (names & 63).astype(np.uint64))
    return np.asarray(np.bitwise_or.reduce(bits, axis=1))
