"""`mainstem` as a process of its own, with what it printed and what it cost; also one that is to be killed."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from bench.emulator_process import BIN

MAINSTEM = str(BIN / "mainstem")
KILLED = -signal.SIGKILL


class CommandFailed(Exception):
    """It ended with another code than it should; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `seconds` by the clock, `cpu` seconds of its processes, `peak` MB of the largest one."""

    code: int
    printed: str
    said: str
    seconds: float
    cpu: float
    peak: float

    @property
    def told(self) -> dict[str, Any]:
        """What it printed with `--json`."""
        told: dict[str, Any] = json.loads(self.printed)
        return told


@dataclass(slots=True)
class Running:
    """A command under way."""

    process: subprocess.Popen[bytes]
    printed: IO[str]
    said: IO[str]
    begun: float = field(default_factory=time.monotonic)

    @property
    def pid(self) -> int:
        """The number of the process, and of its group."""
        return self.process.pid

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.begun

    @property
    def ended(self) -> bool:
        """Whether it has ended, without waiting and without taking its end from `end`."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        """Give it no time for anything."""
        os.kill(self.process.pid, signal.SIGKILL)  # not by `send_signal`, which takes the end of one that has ended

    def left_behind(self, patience: float = 5.0) -> bool:
        """Whether processes that it started live on without it, so many seconds after its end."""
        until = time.monotonic() + patience
        while _lives(self.process.pid):
            if time.monotonic() > until:
                return True
            time.sleep(0.05)
        return False

    def end(self) -> Ended:
        """Wait for its end."""
        _, status, used = os.wait4(self.process.pid, 0)
        seconds = self.seconds
        self.process.returncode = os.waitstatus_to_exitcode(status)
        for file in (self.printed, self.said):
            file.seek(0)
        cpu = used.ru_utime + used.ru_stime
        code = self.process.returncode
        return Ended(code, self.printed.read(), self.said.read(), seconds, cpu, used.ru_maxrss / 1024)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """Serve a home until the block ends; the address, and the number of the process."""
    command = (MAINSTEM, "serve", "--port", "0", "--json", "--home", str(home))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"], process.pid
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def started(*command: str) -> Iterator[Running]:
    """A process under way, leader of a group of its own; what is left of the group behind the block is killed."""
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=said, start_new_session=True
        )
        try:
            yield Running(process, printed, said)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if process.returncode is None:
                process.wait()


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def run(*command: str, codes: tuple[int, ...] = (0,)) -> Ended:
    """Run a command to its end. Raises CommandFailed when it ends with none of `codes`."""
    with started(*command) as running:
        ended = running.end()
    if ended.code not in codes:
        raise CommandFailed(f"{' '.join(command)}\nended with {ended.code}\n{ended.printed}{ended.said}")
    return ended


def mainstem(name: str, home: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> Ended:
    """Run `mainstem NAME --home HOME ARGUMENTS`."""
    return run(MAINSTEM, name, *arguments, "--home", str(home), codes=codes)
