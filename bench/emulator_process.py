"""The emulator as a process of its own: started on a free port, spoken to through its control API, ended for sure."""

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

BIN = Path(sys.executable).parent
SLOWEST_START = 180.0
"""Seconds; ten thousand pages take a while to make up."""

_PASTED = re.compile(r"--url (\S+) --email (\S+) --token (\S+-api-token)")


class EmulatorFailed(Exception):
    """It ended, or never answered; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the emulator saw it; `status` is 0 when the connection broke."""

    method: str
    path: str
    query: str
    status: int

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator of Cloud, and the first account that it knows."""

    url: str
    email: str
    token: str
    control: httpx.Client

    @property
    def sign_in(self) -> tuple[str, ...]:
        """The options that connect `mainstem` to it."""
        return ("--url", self.url, "--email", self.email, "--token", self.token)

    def requests(self) -> list[Asked]:
        """What it was asked since `forget_requests`, oldest first; the control API does not count."""
        entries = self._call("GET", "requests")["entries"]
        return [Asked(each["method"], each["path"], each["query"], each["status"]) for each in entries]

    def number_of_requests(self) -> int:
        return len(self.requests())

    def forget_requests(self) -> None:
        self._call("DELETE", "requests")

    def fault(self, *specs: str) -> None:
        """Put these faults in force instead of the present ones; none: it works as it should."""
        self._call("PUT", "faults", {"faults": list(specs)})

    def change(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """`change("content/update", id=..., body=...)`; every verb is one of the emulator's control API."""
        return self._call("POST", verb, arguments)

    def visible(self, user: str | None = None) -> dict[str, list[str]]:
        """The ids that somebody may view, by kind; the site's own truth about its content."""
        contents: dict[str, list[str]] = self._call("GET", f"visible?user={user}" if user else "visible")["contents"]
        return contents

    def _call(self, method: str, path: str, content: Any = None) -> dict[str, Any]:
        answer = self.control.request(method, path, json=content)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


def by_path(asked: list[Asked]) -> Counter[str]:
    """How often each path was asked, ids and queries left out."""
    return Counter(re.sub(r"/(\d+|[0-9a-f-]{36})(?=/|$)", "/{id}", each.path) for each in asked)


@contextmanager
def serving(*options: str, pages: int = 0, latency: int = 0, port: int | None = None) -> Iterator[Emulator]:
    """An emulator of Cloud with so many made-up pages (0: the sample site), every answer `latency` ms late.

    `options` are further ones of `confluence-emulator serve`. Raises EmulatorFailed.
    """
    port = port or free_port()
    command = [str(BIN / "confluence-emulator"), "serve", "--deployment", "cloud", "--port", str(port), *options]
    command += ["--pages", str(pages)] if pages else []
    command += ["--latency", str(latency)] if latency else []
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}/_control/", timeout=60) as control:
                _wait(process, control, printed)
                url, email, token = _account(_text(printed))
                yield Emulator(url, email, token, control)
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], control: httpx.Client, printed: IO[str]) -> None:
    until = time.monotonic() + SLOWEST_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise EmulatorFailed(_text(printed))
        try:
            control.get("faults")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise EmulatorFailed(f"no answer within {SLOWEST_START:.0f} s\n{_text(printed)}")


def _account(printed: str) -> tuple[str, str, str]:
    pasted = _PASTED.search(printed)
    if pasted is None:
        raise EmulatorFailed(f"it printed no account:\n{printed}")
    return pasted[1], pasted[2], pasted[3]


def _text(printed: IO[str]) -> str:
    printed.seek(0)
    return printed.read()
