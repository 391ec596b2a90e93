"""What stands in deploy/ fits the bot: units are tight, alerts fire, names and commands exist."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from bot.chat.errors import Trouble
from bot.cli import app
from bot.settings import PREFIX, Settings
from bot.web.metrics import COUNTS, LEVELS, SECONDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("openchair*.*") if path.suffix in {".service", ".timer"})
SERVICES = [name for name in UNITS if name.endswith(".service")]
COMPOSED = ("compose.yml", "compose.workers.yml")
PAGES = ("RUNBOOK.md", "GOING_LIVE.md")
MOST_EXPOSED = 2.5  # of systemd-analyze security; 10 is a process that may do everything
PROGRAM = "/opt/openchair/.venv/bin/openchair"
SYSTEM_UNITS = (Path("/usr/lib/systemd/system"), Path("/lib/systemd/system"))


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def ran(*words: str, folder: Path = DEPLOY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


# -- systemd


def instance(unit: str) -> str:
    return unit.replace("@.", "@8081.")


@pytest.mark.systemd
def test_systemd_takes_every_unit_without_a_word(tmp_path: Path) -> None:
    own = tmp_path / "etc/systemd/system"
    own.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(DEPLOY / unit, own)
    program = tmp_path / PROGRAM.removeprefix("/")
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    shutil.copytree(
        next(one for one in SYSTEM_UNITS if one.is_dir()), tmp_path / "usr/lib/systemd/system", symlinks=True
    )
    (tmp_path / "lib").symlink_to("usr/lib")
    done = ran("systemd-analyze", "verify", f"--root={tmp_path}", *map(instance, UNITS))
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "openchair" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.systemd
@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_may_do_little_beside_its_work(unit: str) -> None:
    done = ran("systemd-analyze", "security", "--offline=true", "--no-pager", f"./{unit}")
    score = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert score, done.stderr
    assert float(score[1]) <= MOST_EXPOSED


def test_all_units_are_hardened_alike() -> None:
    tight = [re.search(r"(?s)# Nothing that the bot does not need.*?UMask=\d+", read(unit)) for unit in SERVICES]
    assert all(tight)
    assert len({found[0] for found in tight if found}) == 1


# -- Prometheus


ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(read("alerts.yml"))["groups"] for rule in group["rules"]
]
ALERTED = {rule["alert"]: rule for rule in ALERTS}
DASHBOARD: dict[str, Any] = json.loads(read("dashboard.json"))
ASKED = [rule["expr"] for rule in ALERTS] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])
]
TABLES = COUNTS | SECONDS | LEVELS
SHOWN = (
    {f"openchair_{name}_total": COUNTS[name][1] for name in COUNTS}
    | {f"openchair_{name}_{part}": SECONDS[name][1] for name in SECONDS for part in ("bucket", "sum", "count")}
    | {f"openchair_{name}": LEVELS[name][1] for name in LEVELS}
)
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
OUTCOMES = {kind.value for kind in Trouble} | {"ok", "failed", "handled"}


@pytest.mark.promtool
@pytest.mark.parametrize("words", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml")])
def test_every_alert_fires_for_a_sick_bot_and_is_silent_for_a_well_one(words: tuple[str, ...]) -> None:
    done = ran("promtool", *words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried_with_a_sick_and_a_well_bot() -> None:
    tried = {test["name"] for test in yaml.safe_load(read("alerts.test.yml"))["tests"]}
    assert tried == {f"{name}, {state}" for name in ALERTED for state in ("sick", "well")}


@pytest.mark.parametrize("asked", ASKED)
def test_alerts_and_dashboard_ask_only_for_what_is_measured(asked: str) -> None:
    named = re.findall(r"\b(?:openchair|process)_\w+|\bup\b", asked)
    assert named
    assert set(named) <= SHOWN.keys() | OF_PROMETHEUS
    for name, selector in re.findall(r"(openchair_\w+)\{([^}]*)\}", asked):
        for label, values in re.findall(r'(\w+)!?=~?"([^"]*)"', selector):
            assert label in SHOWN[name]
            assert label != "outcome" or set(values.split("|")) <= OUTCOMES


def test_nothing_is_measured_for_nobody() -> None:
    told = " ".join(ASKED)
    assert [name for name in TABLES if f"openchair_{name}" not in told] == []


@pytest.mark.parametrize("name", ALERTED)
def test_whoever_is_woken_finds_what_to_do(name: str) -> None:
    rule = ALERTED[name]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["runbook"] == f"RUNBOOK.md#{name.lower()}"
    assert f"\n### {name}\n" in read("RUNBOOK.md")


def test_urgent_numbers_are_old_when_the_content_says_so() -> None:
    days = yaml.safe_load((ROOT / "content/words/plain.yml").read_text(encoding="utf-8"))["days"]["urgent"]
    assert ALERTED["OpenChairUrgentNumbersOld"]["expr"].endswith(f"> {days}")
    assert f"Every {days} days." in read("RUNBOOK.md")


# -- commands and settings


def commands() -> list[tuple[str, list[str]]]:
    """Every call of the command line in deploy/, with where it stands."""
    found = []
    for page in PAGES:
        found += [(page, words) for words in re.findall(r"`openchair ([^`]*)`", read(page))]
    for unit in SERVICES:
        found += [(unit, words) for words in re.findall(rf"ExecStart={PROGRAM} (.*)", read(unit))]
    for name in COMPOSED:
        found += [(name, words) for words in re.findall(r"openchair ((?:db|run)[\w -]*?) *\|\|", read(name))]
        services = yaml.safe_load(read(name))["services"].values()
        found += [
            (name, " ".join(one["command"]))
            for one in services
            if one.get("image") == "openchair" and one.get("command")
        ]
    return [(where, shlex.split(words)) for where, words in found]


def test_the_pages_are_full_of_commands() -> None:
    assert len(commands()) > 40


@pytest.mark.parametrize(("where", "words"), commands())
def test_every_command_that_is_named_exists(where: str, words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands") and words:
        assert words[0] in command.commands, f"{where}: openchair {' '.join(words)}"
        command, words = command.commands[words[0]], words[1:]
    assert not hasattr(command, "commands"), f"{where}: it ends in the middle"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("-")} <= known, f"{where}: {words}"


def test_only_settings_that_exist_are_named() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {"OPENCHAIR_HOST"}
    for path in sorted(DEPLOY.iterdir()):
        if path.is_file():
            named = set(re.findall(r"\bOPENCHAIR_[A-Z_]+\b", path.read_text(encoding="utf-8")))
            assert named <= known, path.name


# -- containers


FINAL = read("Dockerfile").rpartition("\nFROM ")[2]


def test_the_image_is_built_from_the_lock_and_holds_no_tools() -> None:
    built = read("Dockerfile").removesuffix(FINAL)
    assert "--require-hashes --only-binary :all: -r requirements.txt" in built
    assert "pip install" not in FINAL
    assert "pip uninstall" in FINAL
    assert "apt-get" not in FINAL


def test_the_image_runs_without_rights_and_says_whether_it_is_well() -> None:
    assert re.search(r"(?m)^USER [1-9]\d+:[1-9]\d+$", FINAL)
    assert "VOLUME /data" in FINAL
    assert re.search(r"(?s)HEALTHCHECK .*/health", FINAL)
    assert FINAL.index("COPY --from=build") < FINAL.index("USER ")


def test_what_the_image_copies_is_let_in_and_nothing_else() -> None:
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = {
        word for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", read("Dockerfile")) for word in line.split()[:-1]
    }
    assert let_in == copied
    assert all((ROOT / name).exists() for name in copied)
    assert not copied & {"data", ".env", "deploy", "tests", ".git", "."}


@pytest.mark.parametrize("name", COMPOSED)
def test_every_container_of_ours_is_read_only_and_without_rights(name: str) -> None:
    ours = [one for one in yaml.safe_load(read(name))["services"].values() if one["image"] == "openchair"]
    assert ours
    made = re.search(r"install -d -o 10001 .*0700 (.*)", FINAL)
    assert made, "a volume takes its owner from the image"
    for one in ours:
        assert {volume.partition(":")[2] for volume in one["volumes"]} <= set(made[1].split())
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_the_database_and_the_numbers_cannot_be_reached_from_outside() -> None:
    composed = yaml.safe_load(read("compose.workers.yml"))
    opened = {name: one["ports"] for name, one in composed["services"].items() if "ports" in one}
    assert opened.keys() == {"proxy", "prometheus"}
    assert opened["prometheus"] == ["127.0.0.1:9090:9090"]
    assert composed["services"]["database"]["networks"] == ["inside"]
    assert composed["networks"]["inside"] == {"internal": True}
    assert re.search(r"@inside path /metrics /metrics/\*\s+respond @inside 404", read("Caddyfile"))


def test_no_secret_stands_in_a_file_that_is_shared() -> None:
    secrets = yaml.safe_load(read("compose.workers.yml"))["secrets"]
    assert all(one["file"].startswith("./secrets/") for one in secrets.values())
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    fields = {name.removeprefix("openchair_") for name in secrets if name.startswith("openchair_")}
    assert fields <= Settings.model_fields.keys()
