"""Other people's programs to measure beside, in environments of their own, each pinned by a file."""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
PINS = HERE / "peers.txt"
"""LangChain with its loader, for whole syncs."""

FOLDER = HERE / ".peers"


class NoPeer(Exception):
    """The environment could not be made; the message is what the installer said."""


def peer_python(pins: Path = PINS) -> str:
    """The interpreter of an environment, which is made where it is missing or differs from the pins. Raises NoPeer."""
    folder = FOLDER / pins.parent.name
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        print(f"installing {pins.name} into {folder} ...", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            str(pins),
        ]
        installing = subprocess.run(command, capture_output=True, text=True, check=False)
        if installing.returncode:
            raise NoPeer(installing.stderr.strip().rpartition("\n")[2])
        stamp.write_text(pins.read_text())
    return str(python)
