"""`mainstem serve`, as a process of its own."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

SERVE = (sys.executable, "-c", "from mainstem.cli import main; main()", "serve", "--port")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_hub_is_served_until_a_signal_ends_it(tmp_path: Path, stop: signal.Signals) -> None:
    command = (*SERVE, "0", "--json", "--home", str(tmp_path / "home"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        url = json.loads(served.stdout.readline())["url"]
        with httpx.Client(base_url=url, timeout=30) as browser:
            assert browser.get("/readyz").json() == {"database": "ok", "index": "ok"}
            assert browser.get("/").headers["location"] == "/setup"
        served.send_signal(stop)
        _, said = served.communicate(timeout=30)
    assert "Traceback" not in said
    assert served.returncode in {130, -stop}


def test_a_port_that_is_taken_is_said_with_the_way_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = (*SERVE, str(taken.getsockname()[1]), "--home", str(tmp_path / "home"))
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "choose another with --port" in ended.stderr


def test_pages_and_the_api_are_served_at_one_address(tmp_path: Path) -> None:
    command = (*SERVE, "0", "--json", "--home", str(tmp_path / "home"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        url = json.loads(served.stdout.readline())["url"]
        with httpx.Client(base_url=url, timeout=30) as program:
            assert "/api/v1/connections" in program.get("/api/v1/openapi.json").json()["paths"]
            assert program.get("/api/v1/me").status_code == 401
            assert program.get("/api/v2/me").headers["content-type"] == "application/problem+json"
            assert program.get("/apiary").headers["content-type"].startswith("text/html")
        served.send_signal(signal.SIGINT)
        served.communicate(timeout=30)
