"""`mainstem demo`: loads the sample site, shows it to three people, and is quick the second time."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.cli.conftest import answer, mainstem


def test_the_demo_shows_who_may_read_what_and_finds_its_home_again(tmp_path: Path) -> None:
    home = tmp_path / "demo-home"
    result = mainstem("demo", "--once", "--home", home)
    assert result.exit_code == 0, result.output
    assert f"search budget --as tomas@larkspur.example --home {home}" in result.stdout

    again = answer("demo", "--once", "--home", home)
    assert (again["sync"]["added"], again["sync"]["changed"], again["sync"]["complete"]) == (0, 0, True)
    gauge, restricted = (search["totals"] for search in again["searches"])
    assert gauge["Mara Lindqvist"] > gauge["Tomás Herrera"] > gauge["Nadia Okafor"] > 0
    assert restricted["Mara Lindqvist"] > restricted["Tomás Herrera"] == restricted["Nadia Okafor"] == 0


def test_the_demo_is_served_with_ready_sign_ins_until_somebody_ends_it(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "from mainstem.cli import main; main()", "demo", "--json", "--home", str(tmp_path))
    for stop in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
            assert served.stdout is not None
            told = json.loads(served.stdout.readline())
            found = {each["name"]: kingfishers(told["url"], each) for each in told["people"]}
            served.send_signal(stop)
            _, said = served.communicate(timeout=30)
        assert (served.returncode, "Traceback" in said) == (0, False), said
        assert told["url"] in said
        assert found["Mara Lindqvist"] > found["Tomás Herrera"] == found["Nadia Okafor"] == 0


def kingfishers(url: str, person: dict[str, str]) -> int:
    """How many results somebody has who signs in as they were told to."""
    with httpx.Client(base_url=url, timeout=30, follow_redirects=True) as browser:
        entered = browser.post("/login", data={"email": person["email"], "password": person["password"]})
        assert person["name"] in entered.text
        return browser.get("/search?q=kingfisher").text.count('<li class="result"')
