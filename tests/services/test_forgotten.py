"""The file of the forgotten: on the disk before anything is erased, short-lived, and readable by nobody else."""

import logging
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.services import forgotten
from bot.services.forgotten import KEPT, Entry, ForgottenFile, append, copy_into, read
from tests.reminding import MONDAY


def entry(number: int, age: timedelta = timedelta(0), *, stays: bool = False) -> Entry:
    return Entry(MONDAY - age, 7, number.to_bytes(16, "big"), stays)


def test_lines_come_back_as_they_were_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "forgotten"
    append(file, [entry(1)])
    append(file, [entry(2, stays=True)])
    assert read(file) == [entry(1), entry(2, stays=True)]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().splitlines()[0] == f"2026-11-23T09:00:00+00:00 00000007 {1:032x}"


@pytest.mark.parametrize("torn", ["2026-11-23T09", "2026-11-23T09:00:00+00:00 00000007 00", "", "\udcff", "x y z"])
def test_a_line_cut_short_by_a_crash_costs_only_itself(tmp_path: Path, torn: str) -> None:
    file = tmp_path / "forgotten"
    append(file, [entry(1)])
    with file.open("a", errors="surrogateescape") as out:
        out.write(torn)
    append(file, [entry(2)])
    assert read(file) == [entry(1), entry(2)]


async def test_lines_leave_after_seven_days_here_and_beside_the_backups(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    file = ForgottenFile(tmp_path / "forgotten", backups, clock=lambda: MONDAY)
    await file.add([entry(1, KEPT + timedelta(seconds=1)), entry(2, KEPT)])
    assert len(read(backups / "forgotten")) == 2
    await file.tidy()
    assert read(tmp_path / "forgotten") == read(backups / "forgotten") == [entry(2, KEPT)]


async def test_a_full_disk_is_told_to_the_operator_and_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = ForgottenFile(tmp_path / "forgotten", clock=lambda: MONDAY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(forgotten, "append", full)
        await file.add([entry(1)])
    assert "the file of the forgotten cannot be written" in caplog.text
    await file.tidy()
    assert read(tmp_path / "forgotten") == [entry(1)]


def test_a_copy_keeps_what_stood_there(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    append(tmp_path / "forgotten", [entry(1)])
    append(folder / "forgotten", [entry(2)])
    assert copy_into(tmp_path / "forgotten", folder) == folder / "forgotten"
    assert read(folder / "forgotten") == [entry(1), entry(2)]
    assert copy_into(tmp_path / "forgotten", tmp_path) == tmp_path / "forgotten"


def write_some(file: Path, first: int) -> None:
    for number in range(first, first + 20):
        append(file, [entry(number)])


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    file = tmp_path / "forgotten"
    start = multiprocessing.get_context("spawn").Process
    workers = [start(target=write_some, args=(file, 100 * number)) for number in range(2)]
    for worker in workers:
        worker.start()
    tidying = ForgottenFile(file, clock=lambda: MONDAY)
    while any(worker.is_alive() for worker in workers):
        append(file, [entry(999, KEPT * 2)])
        tidying._take_out_old()
    for worker in workers:
        worker.join()
    assert len({one.mark for one in read(file)} - {entry(999).mark}) == 40
