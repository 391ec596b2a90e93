"""The machine: room on its disks, who may read and write what, the age of the backups, the zones of the world."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.cli.checkup.line import Line, ill, well
from bot.services.backup import SUFFIX
from bot.settings import ENV_FILE, Settings
from bot.store.engines import file_of, parse_url

LEAST_FREE_MB = 500
BACKUP_DAYS = 2  # a daily one may be late once
_MB = 1024 * 1024
_ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
_SECRET = re.compile(r"(?m)^\s*(?:export\s+)?OPENCHAIR_(?:TOKEN|KEY|WEBHOOK_SECRET)\s*=\s*[^\s#]")


def look(settings: Settings) -> Iterator[Line]:
    """One line for each."""
    yield _disk(settings)
    yield _permissions(settings)
    yield _backups(settings)
    yield _zones()


def _disk(settings: Settings) -> Line:
    """Room for the database to grow, and for one more backup."""
    file = file_of(parse_url(settings.database_url))
    size = file.stat().st_size // _MB if file is not None and file.is_file() else 0
    least = max(LEAST_FREE_MB, 2 * size)
    for folder in (settings.data_folder, settings.backups_at):
        there = _nearest(folder)
        free = shutil.disk_usage(there).free // _MB
        if free < least:
            return ill("disk", f"{free} MB are free under {folder}: make room, {least} MB should be")
    return well("disk", f"more than {least} MB are free for database and backups")


def _permissions(settings: Settings) -> Line:
    folder = settings.data_folder
    if (error := _not_writable(_nearest(folder))) is not None:
        return ill("permissions", f"nothing can be written into {folder} ({error}): chown it to the user of the bot")
    file = file_of(parse_url(settings.database_url))
    for one in (file, ENV_FILE if _holds_secrets(ENV_FILE) else None):
        if one is not None and one.is_file() and one.stat().st_mode & 0o007:
            return ill("permissions", f"everybody on this machine can read {one}: chmod 600 {one}")
    return well("permissions", "files can be written, and are read by nobody else")


def _backups(settings: Settings) -> Line:
    found = [file.stat().st_mtime for file in settings.backups_at.glob(f"*{SUFFIX}")]
    every_day = "run `openchair db backup` every day, by a timer"
    if not found:
        says = f"there is none in {settings.backups_at}: {every_day}"
        return Line("backups", settings.token is None, says)  # a preview holds nothing that is worth one
    age = datetime.now(UTC) - datetime.fromtimestamp(max(found), UTC)
    if age > timedelta(days=BACKUP_DAYS):
        return ill("backups", f"the newest in {settings.backups_at} is {age.days} days old: {every_day}")
    return well("backups", f"the newest is {age.total_seconds() // 3600:.0f} hours old")


def _zones() -> Line:
    try:
        for name in _ZONES:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        return ill("time zones", "the rules of the world's clocks are missing: install tzdata, or run `make setup`")
    return well("time zones", "the rules of the world's clocks are here")


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _not_writable(folder: Path) -> str | None:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".openchair-"):
            return None
    except OSError as error:
        return os.strerror(error.errno or 0)


def _holds_secrets(file: Path) -> bool:
    try:
        return bool(_SECRET.search(file.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False
