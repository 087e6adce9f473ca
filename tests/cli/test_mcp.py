"""`mainstem mcp`, as a process of its own, as a program that speaks MCP starts it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from mainstem.accounts import api_keys, members
from mainstem.cli import options
from mainstem.settings import Settings
from mainstem.wiring.hub import open_hub

MCP = (sys.executable, "-c", "from mainstem.cli import main; main()", "mcp")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def key(home: Path) -> Iterator[str]:
    """The key of the owner of a hub that another process holds."""
    home.mkdir()
    (home / "kept").touch()
    with open_hub(Settings(), folder=home, pid=1, clock=options.clock) as hub:
        with hub.engine.begin() as db:
            owner = members.found(
                db,
                workspace="Acme",
                name="Olga",
                email="olga@hub.example",
                password="a stem that branches",
                now=hub.clock(),
                hasher=CHEAP,
            )
            made = api_keys.make(db, owner, name="test", read_only=True, days=1, now=hub.clock())
        yield made.token


def lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps({"jsonrpc": "2.0"} | each) + "\n" for each in messages)


WELCOME = {
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
BEGUN = {"method": "notifications/initialized"}


def call(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    return {"id": number, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


def test_a_model_on_the_same_machine_searches_and_reads_beside_a_server(home: Path, key: str) -> None:
    asked = lines(WELCOME, BEGUN, call(2, "search", query="kettle"), call(3, "read", document_id=1))
    command = (*MCP, "--home", str(home), "--key", key)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdin
        assert started.stdout
        started.stdin.write(asked)
        started.stdin.flush()
        told = {answer["id"]: answer["result"] for answer in (json.loads(started.stdout.readline()) for _ in range(3))}
        started.stdin.close()
        assert started.wait(timeout=30) == 0
    assert told[1]["serverInfo"]["name"] == "Mainstem"
    assert told[2]["structuredContent"] == {"total": 0, "hits": []}
    assert told[3]["isError"]


def test_a_key_that_lets_nobody_in_is_refused_at_once(home: Path, key: str) -> None:
    for shown in ((), ("--key", "mst_wrong")):
        command = (*MCP, "--home", str(home), *shown)
        ended = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 2
        assert "MAINSTEM_API_KEY" in ended.stderr
        assert "mst_wrong" not in ended.stderr


def test_programs_are_told_how_to_start_it_without_any_key(tmp_path: Path) -> None:
    ended = subprocess.run((*MCP, "--json", "--home", str(tmp_path)), capture_output=True, text=True, check=True)
    entry = json.loads(ended.stdout)["mcpServers"]["mainstem"]
    assert entry == {"command": "mainstem", "args": ["mcp", "--home", str(tmp_path)]}
