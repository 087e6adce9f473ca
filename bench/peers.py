"""Other people's programs to measure beside, each in an environment of its own that `bench/peers.txt` pins."""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
PINS = HERE / "peers.txt"
FOLDER = HERE / ".peers" / "langchain"


class NoPeer(Exception):
    """The environment could not be made; the message is what the installer said."""


def peer_python() -> str:
    """The interpreter of the environment, which is made where it is missing or differs from the pins. Raises NoPeer."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "installed.txt"
    if not stamp.exists() or stamp.read_text() != PINS.read_text():
        print(f"installing {PINS.name} into {FOLDER} ...", file=sys.stderr)
        venv.create(FOLDER, clear=True, with_pip=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            str(PINS),
        ]
        installing = subprocess.run(command, capture_output=True, text=True, check=False)
        if installing.returncode:
            raise NoPeer(installing.stderr.strip().rpartition("\n")[2])
        stamp.write_text(PINS.read_text())
    return str(python)
