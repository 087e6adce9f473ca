"""Fifty people who search and read at once, in a served hub of about 100,000 passages.

Each signs in as an account of Confluence with a part of the pages, and goes in circles: opens the search page with some
words, types others, narrows what they find, and reads one of it. What counts is how long the slowest twentieth of all
answers took, that none failed, and that the server's memory stays within bounds.

A reader reads. So each waits between two answers, a second on average, mostly less and sometimes much longer (it is
exponential): that is up to sixty answers a minute for each of them, far more than anybody takes in, and the goal is
judged there. The same fifty are then measured without any pause. That is no picture of people any more: each answer
waits for 49 others, so its time is about fifty times the cost of one, and it tells how much a server can do.

The processes that read beside the server start with the first that wait, within the time that is measured; what all of
them use and hold is the server's. The readers run on the same machine and take processor time from it, so theirs is
printed apart: it is one part in thirty. They keep one connection each and read no more of a page than its links.
"""

import asyncio
import os
import random
import re
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
from argon2 import PasswordHasher
from sqlalchemy import text

from bench.command import mainstem, served
from bench.emulator_process import serving
from bench.verdicts import Report, options
from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.settings import load_settings
from mainstem.wiring.hub import open_hub

READERS = 50
PAUSE = 1.0
"""Seconds between an answer and the next question, on average."""

KEPT = 4.0
"""Seconds that a connection is kept without a question; the server ends it after five."""

SLOWEST_MS = 300
MOST_MB = 600
SPACES = 40
ALONE = 100
"""Answers of each kind that are asked for one at a time, to know what one costs."""

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
RESULT = re.compile(rb'<h2><a href="(/documents/\d+)"')
WORD = re.compile(r"[a-z]{5,}")
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
PART = "hx-request: true\r\nhx-request-type: partial\r\n"
PAGE, TYPED, NARROWED, DOCUMENT = "search page", "search as typed", "search narrowed", "document"


@dataclass
class Answers:
    """How long each answer took, in milliseconds, by what was asked for; and what failed."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        """All of them, the quickest first."""
        return sorted(time for times in self.times.values() for time in times)


class Browser:
    """One kept connection of somebody who is signed in, and no more than that, so that it costs little."""

    def __init__(self, url: str, token: str) -> None:
        self._place = urlsplit(url)
        self._token = token
        self._kept: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._answered = 0.0

    async def get(self, kind: str, path: str, answers: Answers, **asked: str) -> bytes:
        """The page at an address, once all of it is here. Raises OSError, EOFError or IndexError where none comes."""
        query = f"?{urlencode(asked)}" if asked else ""
        lines = f"GET {path}{query} HTTP/1.1\r\nhost: bench\r\naccept-encoding: gzip\r\n"
        lines += f"cookie: mainstem_session={self._token}\r\n{PART if kind in (TYPED, NARROWED) else ''}\r\n"
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(30):
                reader, writer = await self._connected()
                writer.write(lines.encode())
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(int(LENGTH.findall(head)[0]))
        except (OSError, EOFError, IndexError) as error:
            answers.wrong.append(f"{path}: {error!r}")
            raise
        self._answered = time.perf_counter()
        answers.times[kind].append((self._answered - begun) * 1000)
        if not head.startswith(b"HTTP/1.1 200 "):
            answers.wrong.append(f"{path}: {head[:40]!r}")
        return zlib.decompress(body, wbits=47) if b"content-encoding: gzip" in head else body

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The kept connection, or a new one before the server ends it: a question may not meet that on its way."""
        if self._kept is None or time.perf_counter() - self._answered > KEPT:
            if self._kept is not None:
                self._kept[1].close()
            self._kept = await asyncio.open_connection(self._place.hostname, self._place.port)
        return self._kept


def main() -> int:
    given = options(__doc__, pages=12_500, seconds=60)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "hub"
        with serving("--spaces", str(SPACES), pages=given.pages) as emulator:
            loaded = mainstem("sync", home, *emulator.sign_in, "--json").told
            tokens = joined(home)
        report = Report(f"{READERS} readers at once, {loaded['passages']:,} passages, {given.seconds} s each way")
        measure(home, tokens, given.seconds, report)
    return report.end(given.into)


def measure(home: Path, tokens: list[str], seconds: int, report: Report) -> None:
    """Serve a home that is full, and ask for one answer at a time, then with pauses, then without."""
    with served(home) as (url, process):
        words = vocabulary(url, tokens[:10])
        alone = asyncio.run(one_by_one(url, tokens, words, process))
        for kind, cost in alone.items():
            report.show(f"processor time, {kind}, asked for alone", f"{cost:.1f} ms")
        held = [memory(process)]
        for pause, called in ((PAUSE, f"a pause of {PAUSE:g} s on average"), (0.0, "no pause")):
            used, ours = processor(process), time.process_time()
            answers = asyncio.run(everybody(url, tokens, words, seconds, pause))
            used, ours = processor(process) - used, time.process_time() - ours
            _judge(report, answers, seconds, called, judged=pause > 0)
            number = len(answers.every)
            report.show(f"{called}: processor time, an answer", f"{used / number * 1000:.1f} ms")
            report.show(f"{called}: and of its reader", f"{ours / number * 1000:.1f} ms")
            held.append(memory(process))
        report.at_most("memory of the server and what reads beside it", max(held), MOST_MB, "MB")
        report.show("memory before, and after each way", ", ".join(f"{each:.0f} MB" for each in held))


def joined(home: Path) -> list[str]:
    """Found the hub of a loaded home with all its readers, each of them somebody in Confluence; their sessions."""
    now = datetime.now(UTC)
    known = "SELECT source_id FROM people WHERE connection_id = 1 AND active ORDER BY source_id LIMIT :number"
    with open_hub(load_settings({}), folder=home, pid=os.getpid(), clock=lambda: now) as hub, hub.engine.begin() as db:
        found = members.found(
            db, workspace="Bench", name="Owner", email="o@x.example", password="a long password", now=now, hasher=CHEAP
        )
        tokens = [sessions.begin(db, found, agent="bench", now=now).token]
        for account in db.scalars(text(known), {"number": READERS - 1}).all():
            email = f"reader{len(tokens)}@x.example"
            member = members.add(
                db, name=email, email=email, password="a long password", role=Role.READER, now=now, hasher=CHEAP
            )
            members.tie(db, member.id, 1, account, now)
            tokens.append(sessions.begin(db, member, agent="bench", now=now).token)
    return tokens


def vocabulary(url: str, tokens: list[str]) -> list[str]:
    """Words that there are, from what some people find who search for nothing."""
    shown = (httpx.get(f"{url}/search", cookies={"mainstem_session": token}, timeout=30).text for token in tokens)
    titles = (title for page in shown for title in re.findall(r"<h2><a[^>]*>(.*?)</a>", page))
    return sorted({word for title in titles for word in WORD.findall(title.lower())})


async def one_by_one(url: str, tokens: list[str], words: list[str], process: int) -> dict[str, float]:
    """What one answer of each kind costs the server, in milliseconds of the processor, while nobody else asks."""
    chance, cost = random.Random(0), dict[str, float]()
    browsers = [Browser(url, token) for token in tokens]
    found: list[tuple[Browser, str]] = []
    for kind in (PAGE, PAGE, TYPED, NARROWED, DOCUMENT):  # the first time is for what is made once
        used = processor(process)
        for _ in range(ALONE):
            browser, path = chance.choice(found) if kind == DOCUMENT else (chance.choice(browsers), "/search")
            page = await browser.get(kind, path, Answers(), **asked_for(kind, words, chance))
            found += ((browser, each.decode()) for each in RESULT.findall(page)[:5])
        cost[kind] = (processor(process) - used) / ALONE * 1000
    return cost


async def everybody(url: str, tokens: list[str], words: list[str], seconds: int, pause: float) -> Answers:
    """All readers at once, for so long."""
    answers, until = Answers(), time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        for number, token in enumerate(tokens):
            tasks.create_task(somebody(Browser(url, token), words, until, pause, random.Random(number), answers))
    return answers


async def somebody(
    browser: Browser, words: list[str], until: float, pause: float, chance: random.Random, answers: Answers
) -> None:
    """Search, look, search on, look, narrow, look, read, look, and so on, until there is no answer or no more time."""
    found: list[bytes] = []
    with suppress(OSError, EOFError, IndexError):
        for kind in cycle((PAGE, TYPED, NARROWED, DOCUMENT)):
            await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)
            if time.monotonic() > until:
                return
            if kind != DOCUMENT:
                page = await browser.get(kind, "/search", answers, **asked_for(kind, words, chance))
                found = RESULT.findall(page)[:5] or found
            elif found:
                await browser.get(kind, chance.choice(found).decode(), answers)


def asked_for(kind: str, words: list[str], chance: random.Random) -> dict[str, str]:
    """What a search of this kind asks for, one to three words; nothing for a document."""
    if kind == DOCUMENT:
        return {}
    asked = {"q": " ".join(chance.sample(words, chance.choice((1, 1, 2, 3))))}
    return asked | {"type": "page"} if kind == NARROWED else asked


def memory(process: int) -> float:
    """MB that a process holds with those it began, of what several share each its part."""
    rolled_up = (Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii") for each in family(process))
    return sum(int(number) for said in rolled_up for number in SHARE.findall(said)) / 1024


def processor(process: int) -> float:
    """Seconds of the processor that a process has had, with those it began that have not ended."""
    return sum(int(each) for one in family(process) for each in _stat(one)[11:13]) / os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """A process, and all that it began, and that these began."""
    began = defaultdict[int, list[int]](list)
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            began[int(_stat(int(each.name))[1])].append(int(each.name))
    found = [process]
    for one in found:
        found += began[one]
    return found


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()


def _judge(report: Report, answers: Answers, seconds: int, called: str, *, judged: bool) -> None:
    every = answers.every
    report.show(f"{called}: answers", f"{len(every):,}, {len(every) / seconds:.0f} a second")
    for kind, times in answers.times.items():
        report.show(f"{called}: {kind}, p50", f"{sorted(times)[len(times) // 2]:.0f} ms")
    slowest, what = every[int(len(every) * 0.95)], f"{called}: p95 of all answers"
    if judged:
        report.at_most(what, slowest, SLOWEST_MS, "ms")
    else:
        report.show(what, f"{slowest:.0f} ms")
    report.holds(f"{called}: every answer was what was asked for", f"{len(answers.wrong)} were not", answers.wrong)


if __name__ == "__main__":
    sys.exit(main())
