"""`mainstem sync` on a home that a server owns: the server does it, for commands of the home's owner alone."""

import json
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mainstem.wiring.home import owned_home
from tests.cli.acme import Acme
from tests.cli.conftest import answer, mainstem
from tests.cli.test_serving import SERVE


@contextmanager
def served(home: Path) -> Iterator[str]:
    command = (*SERVE, "0", "--json", "--home", str(home))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def test_a_server_syncs_what_a_command_asks_for_and_the_answer_is_the_same(acme: Acme, copied: Path) -> None:
    alone = answer("sync", "Acme", "--home", copied)
    mainstem("schedule", "Acme", "daily 04:30 Asia/Tokyo", "--home", copied)
    told = answer("explain", "https://elsewhere.example/wiki/x/AQAB", "--home", copied)
    assert told["place"] == "another site"
    with served(copied):
        assert answer("schedule", "Acme", "--home", copied)["schedule"] == "daily 04:30 Asia/Tokyo"
        assert answer("schedule", "Acme", "manual", "--home", copied)["next_syncs"] == []
        assert answer("explain", "https://elsewhere.example/wiki/x/AQAB", "--home", copied) == told
        assert stat.S_IMODE((copied / "server").stat().st_mode) == 0o600
        asked = answer("sync", "Acme", "--home", copied)
        acme.strike("404:path=/pages")
        incomplete = mainstem("sync", "--home", copied)
        unknown = mainstem("sync", "Nothing", "--home", copied)
        assert mainstem("sync", *acme.as_ada(), "--home", copied).exit_code == 4
    assert set(asked) == set(alone)
    assert (asked["unchanged"], asked["added"], asked["complete"]) == (3, 0, True)
    assert (incomplete.exit_code, "3 pages" in incomplete.stdout) == (3, True)
    assert (unknown.exit_code, "the names are Acme" in unknown.stderr) == (2, True)
    assert not (copied / "server").exists()


def test_nobody_brings_errands_without_the_token_of_the_home_not_even_an_outsider_with_a_session(copied: Path) -> None:
    with served(copied) as url:
        said = json.loads((copied / "server").read_text())
        assert said["url"] == url
        for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer charlie"}, {"Cookie": "a=b"}):
            for method in ("GET", "POST"):
                assert httpx.request(method, f"{url}/errands/sync/1", headers=headers).status_code == 404
        known = {"Authorization": f"Bearer {said['token']}"}
        assert httpx.get(f"{url}/errands/sync/1", headers=known).json() == {"state": None}
        assert httpx.post(f"{url}/errands/sync/99", headers=known).status_code == 404
        for path, headers in (("1?url=x", {}), ("99?url=x", known)):
            assert httpx.get(f"{url}/errands/explain/{path}", headers=headers).status_code == 404
        for path, headers in (("1?schedule=once", {}), ("99?schedule=once", known), ("1?schedule=never", known)):
            assert httpx.put(f"{url}/errands/schedule/{path}", headers=headers).status_code == 404


@pytest.mark.parametrize("left", ["", '{"url": "http://127.0.0.1:1", "token": "x"}'])
def test_an_owner_that_is_no_server_is_named(copied: Path, left: str) -> None:
    with owned_home(copied, pid=1) as home:
        home.server.write_text(left)
        unset = mainstem("schedule", "Acme", "hourly", "--home", copied)
        refused = mainstem("sync", "Acme", "--home", copied)
    assert (unset.exit_code, "in use by process 1" in unset.stderr) == (4, True)
    assert (refused.exit_code, "in use by process 1" in refused.stderr) == (4, True)
