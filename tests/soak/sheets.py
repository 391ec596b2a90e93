"""Every odd text and every number of a workbook through LibreOffice, in each format that it saves, and back."""

import argparse
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.domain.bulk import values_of
from bot.domain.meeting import Meeting, meeting_id
from bot.services import bulk_files as files
from tests.services.workbooks import differences, odd_meetings

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"  # commas, quotes, UTF-8
WAYS = {"xlsx": ("xlsx",), "ods and xlsx": ("ods", "xlsx"), "csv": (CSV,), "ods and csv": ("ods", CSV)}
_LONGEST_S = 300


def saved(program: str, file: Path, formats: tuple[str, ...], folder: Path) -> bytes:
    """The file after the program opened it and saved it in one format after the other."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for number, made in enumerate(formats):
        target = folder / f"{number}-{len(list(folder.iterdir()))}"
        command = [program, "--headless", profile, "--convert-to", made, "--outdir", str(target), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST_S)
        [file] = target.iterdir()
    return file.read_bytes()


def many(count: int) -> list[Meeting]:
    """The odd ones over and over, each at another minute, place and length."""
    odd = odd_meetings()
    return [
        replace(
            odd[number % len(odd)],
            id=meeting_id("aa-denver", str(number), 0),
            start=number % 1440,
            duration=number % 1440 + 1,
            latitude=number * 0.0123456789 % 90,
            longitude=-(number * 0.123456789 % 180),
        )
        for number in range(count)
    ]


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when nothing was lost on any way, or LibreOffice is not here."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    chosen = parser.parse_args(words)
    program = shutil.which("soffice")
    if program is None:
        print("Left out: LibreOffice (soffice) is not installed.")
        return 0
    meetings = many(chosen.count)
    figures: dict[str, object] = {"meetings": len(meetings)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "meetings.xlsx"
        file.write_bytes(files.whole("xlsx", [values_of(one) for one in meetings]))
        for way, formats in WAYS.items():
            figures[f"differences after {way}"] = len(differences(saved(program, file, formats, folder), meetings))
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    record("Workbooks through LibreOffice", f"python -m tests.soak.sheets --count {chosen.count}", 0, figures)
    return int(any(figures[f"differences after {way}"] for way in WAYS))


if __name__ == "__main__":
    raise SystemExit(main())
