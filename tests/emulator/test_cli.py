"""The emulator's command line: what it serves, and what it prints to paste."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from confluence_emulator.cli import choose_site, cli, greeting, read_faults, settle
from tests.emulator.cloud_wiki import Wiki, build


@pytest.fixture
def wiki() -> Wiki:
    wiki = build()
    settle(wiki.site, 8090, "both")
    return wiki


def test_the_greeting_has_the_flags_for_each_kind_of_credential(wiki: Wiki) -> None:
    lines = [line.strip() for line in greeting(wiki.site, "both")]
    gateway = f"http://127.0.0.1:8090/ex/confluence/{wiki.site.cloud_id}/wiki"
    expected = [
        "--url http://127.0.0.1:8090/wiki --email alice@example.com --token alice-api-token",
        f"--url {gateway} --email alice@example.com --token alice-scoped-token",
        f'--url {gateway} and the header "Authorization: Bearer alice-oauth"',
        "--url http://localhost:8090/confluence --token alice-personal-access-token",
        "--url http://localhost:8090/confluence --user alice --password alice-password",
    ]
    assert [line for line in lines if "alice" in line] == expected


def test_the_greeting_counts_one_space_as_one() -> None:
    assert next(greeting(choose_site(None, 1, 2, 0), "both")) == "larkspur: 2 pages in 1 space. Stop with Ctrl+C."


def test_only_the_deployment_that_is_served_is_advertised(wiki: Wiki) -> None:
    assert not any("/confluence " in line for line in greeting(wiki.site, "cloud"))
    assert not any("/wiki" in line for line in greeting(wiki.site, "datacenter"))


def test_faults_and_latency_are_read_and_nonsense_is_named() -> None:
    assert [fault.spec() for fault in read_faults(["429:every=7"], 250)] == ["429:every=7", "latency:seconds=0.25"]
    with pytest.raises(typer.BadParameter, match="no fault is called 'x'"):
        read_faults(["x"], 0)


def test_a_folder_comes_before_made_up_pages_and_those_before_the_sample(tmp_path: Path) -> None:
    (tmp_path / "One.html").write_text("<p>one</p>")
    assert len(choose_site(tmp_path, 1, 5, 0).spaces) == 1
    made_up = choose_site(None, 2, 6, 0)
    assert (len(made_up.spaces), sum(content.kind == "page" for content in made_up.contents.values())) == (2, 6)
    assert choose_site(None, 1, 0, 0).name == "larkspur"


def test_an_unknown_deployment_is_told_before_anything_starts() -> None:
    result = CliRunner().invoke(cli, ["serve", "--deployment", "server"])
    assert result.exit_code == 2
    assert "--deployment" in result.output


def test_the_command_serves_a_site_until_it_is_stopped(unused_port: int) -> None:
    code = "from confluence_emulator.cli import main; main()"
    command = [sys.executable, "-u", "-c", code, "serve", "--port", str(unused_port), "--deployment", "cloud"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("larkspur: ")
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{unused_port}") as client:
                assert client.get("/_edge/tenant_info").status_code == 200
        finally:
            process.terminate()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
