"""The program itself, started as an operator starts it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.cli import main
from tests.ports import free_port

TOO_LONG = 120  # seconds; a machine that does much else starts it slowly


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
    page_at, pages_at = (f"127.0.0.1:{free_port()}" for _ in range(2))
    program = started(tmp_path, "run", OPENCHAIR_SANDBOX_LISTEN=page_at, OPENCHAIR_LISTEN=pages_at)
    try:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == f"Open http://{page_at}/"
        with urllib.request.urlopen(f"http://{page_at}/", timeout=TOO_LONG) as page:
            assert page.status == 200
        with urllib.request.urlopen(f"http://{pages_at}/health", timeout=TOO_LONG) as health:
            assert b'"ok":true' in health.read().replace(b" ", b"")
        with urllib.request.urlopen(f"http://{pages_at}/metrics", timeout=TOO_LONG) as metrics:
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
        ({"OPENCHAIR_TOKEN": "1:abcdefgh", "OPENCHAIR_API_URL": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_a_start_that_fails_says_what_to_do_in_one_sentence(
    tmp_path: Path, unpacked: Path, settings: dict[str, str], says: str
) -> None:
    beside = {"OPENCHAIR_DATABASE_URL": f"sqlite+aiosqlite:///{unpacked / tmp_path.name}.db"}  # the gazetteer
    program = started(tmp_path, "run", **(beside | settings))
    _, errors = program.communicate(timeout=TOO_LONG)
    assert program.returncode == 1
    last = errors.strip().splitlines()[-1]
    assert says in last
    assert "Traceback" not in errors
    assert "abcdefgh" not in errors


@pytest.fixture
def as_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The front door within this process, in a folder of its own: what it says, without starting Python anew."""
    for name in [name for name in os.environ if name.startswith("OPENCHAIR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENCHAIR_DATABASE_URL", "mysql://x"),
        ("OPENCHAIR_COUNTRY", "Britain"),
        ("OPENCHAIR_CONTENT_DIR", "/nowhere"),
    ],
)
def test_a_setting_that_is_not_right_is_named_in_one_sentence(
    as_program: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    as_program.setenv(name, value)
    as_program.setattr(sys, "argv", ["openchair", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert name in errors.strip().splitlines()[-1]
    assert "Traceback" not in errors


def test_a_port_in_use_is_named(as_program: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        as_program.setattr(sys, "argv", ["openchair", "sandbox", "--listen", f"127.0.0.1:{port}"])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 1
    assert str(port) in capsys.readouterr().err
