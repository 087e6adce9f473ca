"""The list of commands: what it says, what it costs, and that the guide says the same."""

import re
import subprocess
import sys

import pytest
import typer

from mainstem.cli.app import COMMANDS, app
from tests.cli.conftest import mainstem
from tests.house.source import ROOT


def test_without_a_command_the_commands_are_listed() -> None:
    result = mainstem()
    assert [name for name in COMMANDS if f" {name} " not in result.output] == []


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"mainstem \d+\.\d+\.\d+\n", mainstem("--version").stdout)


def test_a_misspelt_command_is_guessed() -> None:
    result = mainstem("searchh", "x")
    assert result.exit_code == 2
    assert "search" in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = mainstem(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: mainstem {name}" in result.stdout or f"{name} [OPTIONS]" in result.stdout
    assert "--json" in result.stdout


def test_the_guide_lists_the_commands_as_the_program_does() -> None:
    rows = re.findall(r"^\| `mainstem ([a-z]+)` \| (.*) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == [(name, place.says) for name, place in COMMANDS.items()]
    assert set(typer.main.get_command(app).commands) == set(COMMANDS)  # type: ignore[attr-defined]  # it is a group


def test_no_other_command_loads_what_only_a_sync_needs() -> None:
    # In a process of its own: this one has loaded everything for other tests.
    code = """
import sys, typer.main
from mainstem.cli.app import app
commands = typer.main.get_command(app).commands
print([name for name in ("sqlalchemy", "httpx", "dbos", "confluence_emulator") if name in sys.modules])
for name in ("search", "convert", "connect", "reindex", "doctor"):
    commands[name].load()
print([name for name in ("dbos", "confluence_emulator", "uvicorn") if name in sys.modules])
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n[]\n"


def test_a_sync_asks_confluence_before_it_loads_what_only_the_work_needs() -> None:
    late = "{'dbos', 'starlette', 'pydantic_ai', 'mcp'}"
    code = f"import sys, mainstem.cli.syncing; sys.exit(bool({late} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_process_that_reads_beside_the_server_loads_nothing_that_only_a_sync_needs() -> None:
    late = "{'dbos', 'httpx', 'psycopg', 'cryptography', 'alembic', 'typer', 'mcp', 'mainstem.wiring.hub'}"
    code = f"import sys, mainstem.cli.beside; print(*sorted({late} & sys.modules.keys()))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "\n"
