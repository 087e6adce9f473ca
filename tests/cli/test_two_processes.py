"""Two processes at one home: one owns it, others read; and what Ctrl+C leaves behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.cli.acme import PATIENCE, Acme
from tests.cli.conftest import answer, mainstem


@contextmanager
def syncing(acme: Acme, home: Path) -> Iterator[subprocess.Popen[str]]:
    """A sync in a process of its own, held at its first pages."""
    acme.gate.close()
    command = [sys.executable, "-c", "from mainstem.cli import main; main()", "sync", *acme.as_ada()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAINSTEM_")}  # noqa: TID251
    begin = partial(subprocess.Popen[str], text=True, env=environment, start_new_session=True)
    with begin([*command, "--home", str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert acme.gate.held.wait(PATIENCE), process.stderr and process.stderr.read()
            yield process
        finally:
            acme.gate.free.set()
            process.kill()


def test_a_home_has_one_owner_and_any_number_of_readers_and_ctrl_c_keeps_what_is_stored(
    acme: Acme, copied: Path
) -> None:
    with syncing(acme, copied) as owner:
        refused = mainstem("sync", "--home", copied)
        assert refused.exit_code == 4
        assert f"in use by process {owner.pid}" in refused.stderr
        assert answer("search", "key", "--as", "bob@example.com", "--home", copied)["total"] == 1
        assert f"process {owner.pid} is at work here" in mainstem("doctor", "--home", copied).stdout

        os.killpg(owner.pid, signal.SIGINT)  # as a terminal does: to the workers too
        acme.gate.free.set()
        _, said = owner.communicate(timeout=PATIENCE)
        assert (owner.returncode, said) == (
            130,
            "Stopped. What is stored is kept, and the next sync goes on from there.\n",
        )
    assert "the last one was cut off" in mainstem("doctor", "--home", copied).stdout
    assert answer("sync", "--home", copied)["complete"]
    assert "the last one has ended (done)" in mainstem("doctor", "--home", copied).stdout


INTERRUPTED_IMPORT = """
import sys
from mainstem.cli import main

class Impatient:
    def find_spec(self, name, *_):
        if name == MODULE:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Impatient())
sys.argv[1:] = ["sync", "--home", "/nowhere"]
main()
"""


@pytest.mark.parametrize("module", ["typer", "mainstem.cli.syncing", "sqlalchemy"])
def test_ctrl_c_while_the_program_is_still_loading_ends_it_without_a_word(module: str) -> None:
    code = INTERRUPTED_IMPORT.replace("MODULE", repr(module))
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
