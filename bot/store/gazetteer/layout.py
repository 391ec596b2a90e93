"""The committed gazetteer file: one xz stream of a JSON line and columns of numbers and names."""

import hashlib
import json
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
FILE = HERE / "gazetteer.xz"
FORM = 1  # the form of the unpacked database: a new number makes a new file beside the old one

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the file holds. Places stand in the order of their cells; names in the order of their letters.

    `numbers`: columns by name; `texts`: lists by name; `tables`: the small lists that stand in the JSON line.
    """

    numbers: dict[str, Column]
    texts: dict[str, list[str]]
    tables: dict[str, list[list[Any]]]


@cache
def digest() -> str:
    """Which gazetteer this is: twelve hexadecimal characters that change with its content and form."""
    return hashlib.sha256(FILE.read_bytes() + bytes([FORM])).hexdigest()[:12]


def write(file: Path, contents: Contents) -> None:
    """Write the file; the same contents always give the same bytes."""
    blocks = {name: _planes(column) for name, column in contents.numbers.items()}
    blocks |= {name: "\n".join(lines).encode() for name, lines in contents.texts.items()}
    head = {
        "numbers": {name: len(blocks[name]) for name in contents.numbers},
        "texts": {name: len(blocks[name]) for name in contents.texts},
        "tables": contents.tables,
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    plain = line + b"\n" + b"".join(blocks.values())
    file.write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))


def read(file: Path) -> Contents:
    """The contents of a file made by `write`; OSError or LZMAError where it cannot be read."""
    line, _, rest = lzma.decompress(file.read_bytes()).partition(b"\n")
    head = json.loads(line)
    start = 0
    numbers, texts = {}, {}
    for name, size in head["numbers"].items():
        numbers[name] = _column(rest[start : start + size])
        start += size
    for name, size in head["texts"].items():
        texts[name] = rest[start : start + size].decode().split("\n")
        start += size
    return Contents(numbers, texts, head["tables"])


def table(name: str) -> list[list[str]]:
    """The rows of a hand-kept table beside this module; lines that begin with # are remarks."""
    lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _planes(column: Column) -> bytes:
    # Numbers of like size share their high bytes: kept byte by byte they compress to half.
    return column.astype("<u4").view(np.uint8).reshape(-1, 4).T.tobytes()


def _column(block: bytes) -> Column:
    planes = np.frombuffer(block, dtype=np.uint8).reshape(4, -1)
    return np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
