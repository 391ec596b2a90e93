"""Fits the second ear from labelled examples: logistic regression, once for danger as such and once for each tier."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.services import ear
from bot.services.risk import Risk
from bot.texts.words import load_lexicon

HERE = Path(__file__).parent
TABLES = HERE.parent / "services"
CONTENT = HERE.parents[1] / "content"
USED = ("risk_table.yml", "heldout_risk.yml", "heldout_risk_2.yml")  # rules were changed in view of these
SEARCHES = ("queries.yml", "heldout_queries.yml")
SOFTNESS = 100.0  # larger: closer to the examples; chosen by leaving one writer out


@dataclass(frozen=True, slots=True)
class Example:
    """A message; `tier` None: no danger. `writer`: the file it comes from."""

    text: str
    tier: str | None
    language: str
    writer: str


def examples() -> list[Example]:
    """All that may be learned from, in a fixed order."""
    files = [*sorted((HERE / "examples").glob("*.yml")), *(TABLES / name for name in USED)]
    return [*(example for file in files for example in read(file)), *_phrases(), *_searches()]


def _phrases() -> list[Example]:
    """The reviewed phrases of the rules."""
    table = yaml.safe_load((TABLES / "risk_phrases.yml").read_text(encoding="utf-8"))
    risk = [Example(text, tier, "", "phrases") for tier, texts in table["risk"].items() for text in texts]
    return [*risk, *(Example(text, None, "", "phrases") for text in table["safe"])]


def _searches() -> list[Example]:
    """What people type who look for a meeting."""
    tables = [yaml.safe_load((TABLES / name).read_text(encoding="utf-8")) for name in SEARCHES]
    return [Example(one["text"], None, "", "searches") for table in tables for one in table]


def read(file: Path) -> list[Example]:
    """The examples of one file."""
    table = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Example(one["text"], one.get("tier"), one.get("lang", "en"), file.stem)
        for part in ("risk", "safe")
        for one in table[part]
    ]


def digest(every: Iterable[Example]) -> bytes:
    """16 bytes that tell one set of examples from another."""
    told = hashlib.blake2b(digest_size=16)
    for one in every:
        told.update(f"{one.tier}\x00{one.text}\x00".encode())
    return told.digest()


def rules() -> Risk:
    """The rules alone, without the ear."""
    return Risk(load_lexicon(CONTENT), ear=None)


def matrix(texts: Sequence[Sequence[str]]) -> csr_matrix:
    """One row for each text (as words): the features it has, each weighing the same, together one."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, words in enumerate(texts):
        slots = sorted({ear.slot(feature) for feature in ear.features(words)})
        rows += [row] * len(slots)
        columns += slots
        values += [1 / math.sqrt(len(slots))] * len(slots)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), ear.SLOTS))


def fitted(features: csr_matrix, truth: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights and offset of one model."""
    sign = np.where(truth, 1.0, -1.0)
    turned = features.T.tocsr()

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, offset = point[:-1], point[-1]
        margin = sign * (features @ weights + offset)
        pull = -sign / (1 + np.exp(margin))
        slope = np.append(turned @ pull + weights / SOFTNESS, pull.sum())
        return float(np.logaddexp(0, -margin).sum() + weights @ weights / (2 * SOFTNESS)), slope

    start = np.zeros(features.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found[:-1], float(found[-1])


def model(every: Sequence[Example], words: Sequence[Sequence[str]], *, bonus: float, bar: float) -> bytes:
    """The file of weights for these examples."""
    features = matrix(words)
    wanted = [np.array([one.tier is not None for one in every])]
    wanted += [np.array([one.tier == tier for one in every]) for tier in ear.TIERS]
    models = [fitted(features, truth) for truth in wanted]
    weights = np.stack([one[0] for one in models], axis=1)
    offsets = np.array([one[1] for one in models])
    return ear.packed(weights, offsets, bonus=bonus, bar=bar, examples=digest(every))
