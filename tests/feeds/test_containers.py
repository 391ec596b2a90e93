"""Bytes that are no list of meetings are told in one plain sentence."""

import json
import re

import pytest

from bot.domain.errors import FeedError
from bot.feeds import container
from bot.feeds.registry import READERS
from tests.feeds.rows import bmlt_row, read, read_bmlt, row, source


def refusal(data: bytes, form: str = "meeting_guide") -> str:
    with pytest.raises(FeedError) as told:
        READERS[form](data, source())
    return str(told.value)


@pytest.mark.parametrize(
    "page", [b"<!doctype html><title>Just a moment...</title>", b"\n\n <html>", b"\xef\xbb\xbf<br />"]
)
def test_a_web_page_is_named_as_one(page: bytes) -> None:
    assert "web page" in refusal(page)
    assert "browser check" in refusal(page, "bmlt")


@pytest.mark.parametrize("data", [b"", b"   \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named_as_one(data: bytes) -> None:
    assert refusal(data) == "This file is empty."


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b'{"meetings": []}', b'{"meetings":[],"formats":[]}', b'{"meetings": {}, "formats": {}}']
)
def test_a_list_without_meetings_is_refused(data: bytes) -> None:
    assert refusal(data) == "This list holds no meetings."
    assert refusal(data, "bmlt") == "This list holds no meetings."


@pytest.mark.parametrize(
    "data",
    [
        b"[{",
        b"null",
        b"42",
        b'"text"',
        b"name,day\nx,1",
        b'{"meetings": 3}',
        b'{"a": 1}',
        b"callback([])",
        b"\xff\xfe[\x00[",
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(data: bytes) -> None:
    for form in READERS:
        assert refusal(data, form).startswith("This is not a list of meetings.")


def test_lists_inside_lists_without_end_are_refused() -> None:
    assert "nested too deeply" in refusal(b"[" * 100_000)
    assert "nested too deeply" in refusal(b'{"meetings":' + b"[" * 100_000)


def test_a_row_nested_without_end_spoils_only_itself() -> None:
    deep = b'{"slug":"x","types":' + b"[" * 900 + b"]" * 900 + b"}"
    result = READERS["meeting_guide"](b"[" + deep + b"," + json.dumps(row()).encode() + b"]", source())
    assert (result.rows, result.taken, result.refused) == (2, 1, 1)


def test_an_error_of_the_server_is_passed_on() -> None:
    assert "feed is closed" in refusal(b'{"code": "feed_restricted", "message": "The feed is closed"}')


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "SIZE_LIMIT", 10)
    assert "too large" in refusal(b"[1,2,3,4,5,6]")


def test_a_list_that_counts_days_from_one_to_seven_is_refused() -> None:
    rows = [{"_id": {"$oid": "0"}, "slug": "a", "day": 7, "time": "07:00"}] * 3
    assert "counts the days from 1 to 7" in refusal(json.dumps(rows).encode())


def test_rows_with_lists_of_days_and_times_are_refused() -> None:
    rows = [{"days": ["mondays"], "times": ["7:00 pm"], "address": "Denver"}] * 3
    assert "not Meeting Guide format" in refusal(json.dumps(rows).encode())


def test_each_reader_names_the_other_format() -> None:
    assert "--format bmlt" in refusal(json.dumps([bmlt_row()]).encode())
    assert "--format meeting_guide" in refusal(json.dumps([row()]).encode(), "bmlt")


def test_an_object_with_meetings_is_read_like_an_array() -> None:
    data = json.dumps({"meetings": [row()], "warnings": []}).encode()
    assert READERS["meeting_guide"](data, source()).taken == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_accents_arrive_in_every_encoding_with_a_mark(encoding: str) -> None:
    text = json.dumps([row(name="Café Círculo")], ensure_ascii=False)
    data = text.encode(encoding) if encoding != "utf-16-le" else b"\xff\xfe" + text.encode(encoding)
    result = READERS["meeting_guide"](data, source())
    assert result.meetings[0].name == "Café Círculo"
    assert not result.notes["encoding_guessed"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_an_encoding_without_a_mark_is_guessed_and_noted_once_for_each_row(encoding: str) -> None:
    rows = [row(name="Círculo", slug="a"), row(name="Plain", slug="b")]
    result = READERS["meeting_guide"](json.dumps(rows, ensure_ascii=False).encode(encoding), source())
    assert [meeting.name for meeting in result.meetings] == ["Círculo", "Plain"]
    assert result.notes["encoding_guessed"] == 1


@pytest.mark.parametrize("bad", ["null", "3", '"text"', "[]", '{"slug": 1e999999}'])
def test_a_broken_row_is_one_complaint_and_the_others_are_taken(bad: str) -> None:
    data = f"[{json.dumps(row())}, {bad}]".encode()
    result = READERS["meeting_guide"](data, source())
    assert (result.rows, result.taken) == (2, 1)
    assert result.complaints == {"not_an_object": 1}
    assert result.examples["not_an_object"] == ["row 2"]


def test_half_an_emoji_costs_one_letter_and_no_meeting() -> None:
    data = json.dumps([row(name="Early Birds 🐦"), row(slug="b", name="Back\\\\ud83d")])
    data = data.replace("Early Birds \\ud83d\\udc26", "Early \\ud83d\\udc26 Birds \\ud83d")
    result = READERS["meeting_guide"](data.encode(), source())
    assert [meeting.name for meeting in result.meetings] == ["Early 🐦 Birds \ufffd", "Back\\\\ud83d"]


def test_broken_formats_of_a_server_are_told_apart_from_its_meetings() -> None:
    with pytest.raises(FeedError, match=re.escape("formats")):
        read_bmlt(bmlt_row(), formats=b"<html>")


def test_the_sum_of_taken_and_refused_is_the_rows() -> None:
    result = read(row(), row(slug="b", day=9), row(slug="c", time="later"), "x")
    assert (result.rows, result.taken, result.refused, sum(result.complaints.values())) == (4, 1, 3, 3)
