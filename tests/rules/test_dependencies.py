"""Libraries: pinned and hashed, installed as locked, declared where they are used, and honestly audited."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


Line = tuple[Requirement, list[str]]


def pinned(lock: str) -> dict[str, list[Line]]:
    """What a lock names: each library with its versions (one a sort of machine) and the hashes of its files."""
    lines = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            named, *hashes = re.split(r"\s+--hash=", line.strip())
            requirement = Requirement(named)
            line_of = (requirement, [one.strip() for one in hashes])
            found.setdefault(canonicalize_name(requirement.name), []).append(line_of)
    return found


def wanted(lock: str) -> dict[str, str]:
    """The version of each library that belongs into an environment like this one."""
    here = {name: str(value) for name, value in default_environment().items()}
    return {
        name: next(iter(one.specifier)).version
        for name, lines in pinned(lock).items()
        for one, _ in lines
        if one.marker is None or one.marker.evaluate(here)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_the_locks_is_one_version_with_its_hashes(lock: str) -> None:
    assert len(pinned(lock)) > 20
    for name, (requirement, hashes) in ((name, line) for name, lines in pinned(lock).items() for line in lines):
        assert [one.operator for one in requirement.specifier] == ["=="], name
        assert requirement.url is None, name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), name
    options = re.findall(r"(?m)^\s*(-\S+)", (ROOT / lock).read_text(encoding="utf-8"))
    assert {one.partition("=")[0] for one in options} == {"--hash"}, "no address of an index, nothing from elsewhere"


def test_both_locks_agree() -> None:
    live, tools = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name for name, line in live.items() if tools.get(name) != line} == set()


def test_what_is_installed_is_what_is_locked() -> None:
    locked = wanted("requirements-dev.txt")
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    assert {name: installed.get(name) for name, version in locked.items() if installed.get(name) != version} == {}


def test_what_each_library_needs_is_there_and_fits() -> None:
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    here = {**default_environment(), "extra": ""}
    lacking = []
    for one in installed.values():
        for requirement in map(Requirement, one.requires or ()):
            if requirement.marker is not None and not requirement.marker.evaluate(here):
                continue
            found = installed.get(canonicalize_name(requirement.name))
            if found is None or not requirement.specifier.contains(found.version, prereleases=True):
                lacking.append(f"{one.metadata['Name']} needs {requirement}")
    assert lacking == []


def test_the_code_imports_nothing_that_is_not_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(one).name) for one in project["dependencies"]}
    makers = packages_distributions()
    foreign = {}
    for path in (ROOT / "bot").rglob("*.py"):
        for name in _imported(path) - set(sys.stdlib_module_names) - {"bot"}:
            names = {canonicalize_name(one) for one in makers.get(name, [name])}
            if not names & declared:
                foreign[str(path.relative_to(ROOT))] = name
    assert {path: name for path, name in foreign.items() if not path.endswith("gazetteer/build.py")} == {}


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    parts = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in whole | parts}


def audited(folder: Path, tool: str | None) -> tuple[int, str]:
    """What `make audit` says where pip-audit is this script, or is not there at all."""
    if tool is not None:
        made = folder / "pip-audit"
        made.write_text(f"#!/bin/sh\n{tool}\n")
        made.chmod(0o755)
    path = str(folder)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "deploy" / "audit.sh"), "requirements.txt"],
        env={**os.environ, "PATH": path}, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("tool", [None, "echo 'ConnectionError: no route' >&2; exit 1"])
def test_an_audit_that_could_not_ask_says_so_and_does_not_claim_to_have_found_nothing(
    tmp_path: Path, tool: str | None
) -> None:
    code, said = audited(tmp_path, tool)
    assert code == 0
    assert "Not audited for known holes" in said
    assert "No known hole" not in said


def test_an_audit_that_finds_a_hole_fails_and_one_that_finds_none_says_so(tmp_path: Path) -> None:
    code, said = audited(tmp_path, "echo 'Found 1 known vulnerability in 1 package' >&2; exit 1")
    assert (code, "Found 1 known vulnerability" in said) == (1, True)
    code, said = audited(tmp_path, "exit 0")
    assert (code, "No known hole" in said) == (0, True)
