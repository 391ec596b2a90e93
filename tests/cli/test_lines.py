"""What scripts write to `find --lines` and `understand --lines`: a wrong line is told in one plain sentence."""

import json
from typing import Any

import pytest
import typer

from bot.cli.search import LAST_PAGE, Query, _instant, _query
from bot.domain.errors import OperatorError

PLAIN = Query("", "en", None)


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "aa", "seed": 1e999}',
        '{"text": "aa", "page": NaN}',
        "[" * 100_000,
        "[]",
        "null",
        '{"lang": "en"}',
        "aa",
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(line: str) -> None:
    with pytest.raises(OperatorError, match="Line 7 is not a JSON object"):
        _query(line, 7, PLAIN)


@pytest.mark.parametrize(("page", "read"), [(10**30, LAST_PAGE), (-5, 1), (2, 2)])
def test_a_page_beyond_the_last_is_an_empty_page_and_no_failure(page: Any, read: int) -> None:
    assert _query(json.dumps({"text": "aa", "page": page}), 1, PLAIN).page == read


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-24", "soon"])
def test_an_instant_at_the_end_of_time_is_refused_like_one_without_offset(instant: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not an instant"):
        _instant(instant)
