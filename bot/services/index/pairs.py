"""Which rows may be one meeting: those of different feeds, at one time, that share a mark of `domain.sameness`."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bot.domain.place import EARTH_RADIUS_KM
from bot.domain.sameness import NEAR_KM, season_offsets
from bot.services.index.columns import RANK_BITS, Floats, Ints, Longs, Marks, Mask, Table
from bot.services.index.zones import WEEK

MOST = 40
"""More rows than this with one mark at one time are a slip of the lists, and stay as they are listed."""
_CELL_KM = 2.2 * NEAR_KM  # of two points so near, one of two grids half a cell apart has both in one cell
_CELL_BITS = 16
_SHIFTS = [(x, y, z) for x in (0.0, 0.5) for y in (0.0, 0.5) for z in (0.0, 0.5)]
_MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)

Numbers = NDArray[np.uint64]


def pairs(table: Table, marks: Marks) -> Longs:
    """(n, 2): ids that may be one meeting, each pair once, the lower id first. Work for a thread."""
    if len(np.unique(marks.feed)) < 2:
        return np.empty((0, 2), dtype=np.int64)
    times = _times(table)
    found = [_sharing(*mark, times, marks.feed) for mark in _all_marks(marks)]
    rows = np.sort(np.concatenate(found), axis=1)
    once = np.unique(rows[:, 0] << RANK_BITS | rows[:, 1])
    both: Longs = table.ids[np.column_stack((once >> RANK_BITS, once & (1 << RANK_BITS) - 1))]
    return both


def _times(table: Table) -> Numbers:
    """Kind and minute of the week, in winter and in summer, as one number."""
    offsets = np.array([season_offsets(zone) for zone in table.zones], dtype=np.int64).reshape(-1, 2)
    walls = table.rows.wall[:, None] - offsets[table.rows.zone]
    winter, summer = (walls % WEEK).T
    kind = table.profiles.kind[table.rows.profile].astype(np.int64)
    return _mixed(((kind * WEEK + winter) * WEEK + summer).astype(np.uint64))


def _all_marks(marks: Marks) -> Iterator[tuple[Numbers, Mask]]:
    """Each sort of mark, and which rows have one."""
    rooms = ~np.isnan(marks.points[:, 0])
    yield marks.street.astype(np.uint64), marks.street != 0
    yield marks.call.astype(np.uint64), marks.call != 0
    cells = _vectors(marks.points[rooms]) / _CELL_KM + (1 << _CELL_BITS - 1)
    for shift in _SHIFTS:
        x, y, z = np.floor(cells + np.array(shift)[:, None]).astype(np.uint64)
        spots = np.zeros(len(rooms), dtype=np.uint64)
        spots[rooms] = ((x << np.uint64(_CELL_BITS)) + y << np.uint64(_CELL_BITS)) + z
        yield spots, rooms


def _sharing(mark: Numbers, has: Mask, times: Numbers, feeds: Ints) -> Longs:
    """(n, 2): rows with one mark at one time in two feeds."""
    rows = np.flatnonzero(has)
    keys = _mixed(mark[rows]) ^ times[rows]
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    sizes = np.diff(np.append(begins, len(keys)))
    kept = np.repeat((sizes > 1) & (sizes <= MOST), sizes)
    rows, keys = rows[kept], keys[kept]
    found = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, MOST):
        left, right = rows[:-step], rows[step:]
        both = keys[:-step] == keys[step:]
        if not both.any():
            break
        two = both & (feeds[left] != feeds[right])
        found.append(np.column_stack((left[two], right[two])))
    return np.concatenate(found)


def _mixed(numbers: Numbers) -> Numbers:
    numbers = (numbers ^ (numbers >> np.uint64(32))) * _MIX
    mixed: Numbers = (numbers ^ (numbers >> np.uint64(29))) * _MIX_AGAIN
    return mixed


def _vectors(points: Floats) -> Floats:
    """(3, rows): each point in kilometres from the centre of the earth."""
    latitude, longitude = np.radians(points[:, 0]), np.radians(points[:, 1])
    north, east = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude)
    return np.stack((north, east, np.sin(latitude))) * EARTH_RADIUS_KM
