"""A second ear for danger: how much a text sounds like messages that people have labelled.

The rules of bot.services.risk hear what somebody thought of; people in danger say it in words nobody thought of. This
is a linear model over words, their neighbours and groups of letters. Its weights were fitted by `make ear` from the
examples in tests/ear/examples and lie beside this file: the same text gives the same answer everywhere, always.
It has no memory, and what it is given goes nowhere.
"""

import lzma
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("ear.bin")
TIERS = ("self_harm", "medical", "violence", "threat")
SLOTS = 1 << 18  # features share these by their checksum
WINDOW, STEP = 40, 20  # words: a long message is heard piece by piece, or its one sentence would be drowned
GROUPS = (3, 4, 5)  # letters
FEW = 3  # words: in fewer there is too little to hear; what they may mean is for the rules
LONGEST_WORD = 40  # letters; the rest of a longer one says no more
HEAD = struct.Struct("<16sff10f")  # digest of the examples; bonus and bar; scale and offset of each model


@dataclass(frozen=True, slots=True)
class Heard:
    """How danger sounds in a text: above 0 more like the examples of danger than like the others; and which tier."""

    score: float
    tier: str


class Ear:
    """Weights for danger as such, and for each tier."""

    def __init__(self, data: bytes) -> None:
        """`data`: a file as `packed` writes it."""
        raw = lzma.decompress(data)
        self.examples, self.bonus, self.bar, *numbers = HEAD.unpack_from(raw)
        self._scale = np.array(numbers[:5], dtype=np.float32)
        self._offset = np.array(numbers[5:], dtype=np.float32)
        self._weights: NDArray[np.int8] = np.frombuffer(raw, np.int8, offset=HEAD.size).reshape(SLOTS, 5)

    def hears(self, words: Sequence[str]) -> Heard:
        """How the most dangerous piece of a text sounds; `words` as the rules spell them."""
        best = max((self._scores(piece) for piece in pieces(words)), key=lambda scores: float(scores[0]))
        return Heard(float(best[0]), TIERS[int(best[1:].argmax())])

    def is_danger(self, heard: Heard, *, by_rule: bool) -> bool:
        """Whether it deserves the card; what a rule has heard needs less."""
        return bool(heard.score + (self.bonus if by_rule else 0.0) > self.bar)

    def _scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        slots = sorted({slot(feature) for feature in features(words)})
        if not slots:
            return self._offset
        total = self._weights[slots].sum(axis=0, dtype=np.int32).astype(np.float32)
        scores: NDArray[np.float32] = total * self._scale / math.sqrt(len(slots)) + self._offset
        return scores


def load() -> Ear:
    """The ear as it was fitted last."""
    return Ear(WEIGHTS.read_bytes())


def pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """A text in overlapping pieces; a short one is one piece."""
    for start in range(0, max(1, len(words) - STEP), STEP):
        yield words[start : start + WINDOW]


def features(words: Sequence[str]) -> Iterator[str]:
    """What a piece of text is made of: words, pairs, pairs with one between, groups of letters. Some come twice."""
    for index, word in enumerate(words):
        yield f"w{word}"
        if index:
            yield f"b{words[index - 1]} {word}"
        if index > 1:
            yield f"s{words[index - 2]}_{word}"
        framed = f"<{word[:LONGEST_WORD]}>"
        for size in GROUPS:
            for start in range(len(framed) - size + 1):
                yield framed[start : start + size]


def slot(feature: str) -> int:
    """Where a feature's weights stand."""
    return zlib.crc32(feature.encode(errors="replace")) % SLOTS


def packed(
    weights: NDArray[np.float64], offsets: NDArray[np.float64], *, bonus: float, bar: float, examples: bytes
) -> bytes:
    """A file of weights (a row for each slot, a column for danger and each tier); `examples`: 16 bytes of digest."""
    scale = np.abs(weights).max(axis=0) / 127
    small = np.rint(weights / scale).astype(np.int8)
    head = HEAD.pack(examples, bonus, bar, *scale, *offsets)
    return lzma.compress(head + small.tobytes(), preset=9)
