"""The sample site of a served hub: connected with a click, and there again when the hub is served again."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

SERVE = (sys.executable, "-c", "from mainstem.cli import main; main()", "serve", "--port", "0", "--json", "--home")
FOUNDER = {"workspace": "Acme", "name": "Olga", "email": "olga@hub.example", "password": "a stem that branches"}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a served hub."""
    with subprocess.Popen((*SERVE, str(home)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as hub:
        assert hub.stdout is not None
        try:
            yield json.loads(hub.stdout.readline())["url"]
        finally:
            hub.send_signal(signal.SIGINT)
            hub.communicate(timeout=30)


def test_a_newcomer_reads_the_sample_site_after_two_clicks_and_syncs_it_when_served_again(tmp_path: Path) -> None:
    with served(tmp_path / "home") as url, httpx.Client(base_url=url, timeout=60) as browser:
        assert browser.post("/setup", data=FOUNDER).headers["location"] == "/connections"
        assert "Try the sample site" in browser.get("/connections").text
        page = browser.post("/sample-site").headers["location"]
        assert "Succeeded" in browser.get(f"{page}/events").text
        assert "budget" in browser.get("/search?q=budget").text
        assert "Try the sample site" not in browser.get("/connections").text
    with served(tmp_path / "home") as url, httpx.Client(base_url=url, timeout=60) as browser:
        credentials = {name: FOUNDER[name] for name in ("email", "password")}
        assert browser.post("/login", data=credentials).status_code == 303
        browser.post(f"{page}/sync")
        browser.get(f"{page}/events")
        runs = browser.get(f"/api/v1{page}/runs").json()["runs"]
        assert [run["state"] for run in runs] == ["done", "done"]
