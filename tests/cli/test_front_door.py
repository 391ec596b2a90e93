"""The program itself, started as an operator starts it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

TOO_LONG = 60


def started(folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """The program in a folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCHAIR_")}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_run_without_a_token_prints_the_address_of_a_page_that_answers(tmp_path: Path) -> None:
    ports = {"OPENCHAIR_SANDBOX_LISTEN": "127.0.0.1:18701", "OPENCHAIR_LISTEN": "127.0.0.1:18702"}
    program = started(tmp_path, "run", **ports)
    try:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == "Open http://127.0.0.1:18701/"
        with urllib.request.urlopen("http://127.0.0.1:18701/", timeout=10) as page:
            assert page.status == 200
        with urllib.request.urlopen("http://127.0.0.1:18702/health", timeout=10) as health:
            assert b'"ok":true' in health.read().replace(b" ", b"")
        with urllib.request.urlopen("http://127.0.0.1:18702/metrics", timeout=10) as metrics:
            assert metrics.status == 200
        program.send_signal(signal.SIGTERM)
        assert program.wait(TOO_LONG) == 0
    finally:
        program.kill()
        program.communicate()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"OPENCHAIR_TOKEN": "nonsense"}, "OPENCHAIR_TOKEN"),
        ({"OPENCHAIR_DATABASE_URL": "mysql://x"}, "OPENCHAIR_DATABASE_URL"),
        ({"OPENCHAIR_COUNTRY": "Britain"}, "OPENCHAIR_COUNTRY"),
        ({"OPENCHAIR_CONTENT_DIR": "/nowhere"}, "OPENCHAIR_CONTENT_DIR"),
        ({"OPENCHAIR_TOKEN": "1:abcdefgh", "OPENCHAIR_API_URL": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_a_start_that_fails_says_what_to_do_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], says: str
) -> None:
    program = started(tmp_path, "run", **settings)
    _, errors = program.communicate(timeout=TOO_LONG)
    assert program.returncode == 1
    last = errors.strip().splitlines()[-1]
    assert says in last
    assert "Traceback" not in errors
    assert "abcdefgh" not in errors


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    first = started(tmp_path, "sandbox", "--listen", "127.0.0.1:18703")
    try:
        time.sleep(3)
        second = started(tmp_path, "sandbox", "--listen", "127.0.0.1:18703")
        _, errors = second.communicate(timeout=TOO_LONG)
        assert second.returncode == 1
        assert "18703" in errors
    finally:
        first.terminate()
        first.communicate(timeout=TOO_LONG)
