"""The gates are as strict as the house rules say; loosening one is a decision, not an edit."""

import os
import re
import tomllib
from typing import Any

from tests.house.source import ROOT

RULES = """
F E W I UP N B A C4 PIE SIM RET FURB FLY PERF RUF ASYNC DTZ PTH S BLE TRY002 TRY201 TRY203 TRY400 TRY401 G LOG T20 ARG
ERA PGH SLF INP TID ISC PT FBT001 FBT002 C901 PLR09 PLC0415 PLE PLW D2 D3 D4 D100 D101 D104 FAST
"""

BANNED = """
datetime.datetime.now time.time os.environ os.getenv asyncio.create_task asyncio.gather unittest.mock.patch
"""


def tools() -> Any:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)["tool"]


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_ruff_selects_the_rules_of_the_house() -> None:
    lint = tools()["ruff"]["lint"]
    assert sorted(lint["select"]) == sorted(RULES.split())
    assert lint["mccabe"] == {"max-complexity": 10}
    assert (lint["pylint"]["max-args"], lint["pylint"]["max-statements"]) == (7, 35)


def test_hidden_inputs_are_banned() -> None:
    assert sorted(tools()["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]) == sorted(BANNED.split())


def test_types_are_strict_and_warnings_are_errors() -> None:
    assert tools()["mypy"]["strict"] is True
    pytest_options = tools()["pytest"]["ini_options"]
    assert pytest_options["filterwarnings"][0] == "error"
    assert pytest_options["xfail_strict"] is True
    assert {"--strict-markers", "--strict-config", "--disable-socket"} <= set(pytest_options["addopts"].split())


def test_every_package_has_its_place_in_the_layers() -> None:
    layers = next(rule for rule in tools()["importlinter"]["contracts"] if rule["type"] == "layers")
    assert layers["exhaustive"] is True
    assert layers["exhaustive_ignores"] == ["__main__"]


def test_make_check_runs_every_gate() -> None:
    gates = re.findall(r"^GATES := (.*)", makefile(), re.MULTILINE)[0].split()
    recipes = {gate: re.findall(rf"^{gate}:.*\n\t@\$\(BIN\)/(.*)", makefile(), re.MULTILINE) for gate in gates}
    commands = " ".join(command for lines in recipes.values() for command in lines)
    assert all(recipes.values())
    for tool in ("ruff check", "ruff format", "mypy", "lint-imports", "deptry", "vulture", "codespell", "tests/house"):
        assert tool in commands


def test_the_integration_run_is_make_check_then_make_test() -> None:
    script = ROOT / ".ci/run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert "set -eu" in lines
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
