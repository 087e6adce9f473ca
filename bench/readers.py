"""Fifty people who search and read at once, in a served hub of about 100,000 passages.

Each signs in as an account of Confluence with a part of the pages, searches, reads one of the first results, and goes
on after a moment, as people do who look at what they got. What counts is how long the slowest twentieth of all answers
took, that none failed, and that the server's memory stays within bounds. The readers run on the same machine.
"""

import asyncio
import os
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

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
MOMENT = (1.0, 3.0)
"""Seconds that somebody looks at an answer before the next question."""

SLOWEST_MS = 300
MOST_MB = 600
SPACES = 40
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
RESULT = re.compile(r'<h2><a href="(/documents/\d+)"')
WORD = re.compile(r"[a-z]{5,}")


@dataclass
class Answers:
    """How long each answer took, in milliseconds, by what was asked for; and what failed."""

    search: list[float] = field(default_factory=list)
    document: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    given = options(__doc__, pages=12_500, seconds=60)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "hub"
        with serving("--spaces", str(SPACES), pages=given.pages) as emulator:
            loaded = mainstem("sync", home, *emulator.sign_in, "--json").told
            tokens = joined(home)
        report = Report(f"{READERS} readers at once, {loaded['passages']:,} passages, {given.seconds} s")
        with served(home) as (url, process):
            words = vocabulary(url, tokens[:10])
            before, used = memory(process), processor(process)
            answers = asyncio.run(everybody(url, tokens, words, given.seconds))
            after, peak, used = memory(process), memory(process, "VmHWM"), processor(process) - used
    _judge(report, answers, given.seconds)
    number = len(answers.search) + len(answers.document)
    report.show("processor time of the server, an answer", f"{used / number * 1000:.1f} ms")
    report.at_most("memory of the server at most", peak, MOST_MB, "MB")
    report.show("memory before and after", f"{before:.0f}, {after:.0f} MB")
    return report.end(given.into)


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


async def everybody(url: str, tokens: list[str], words: list[str], seconds: int) -> Answers:
    """All readers at once, for so long."""
    answers, until = Answers(), time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        for number, token in enumerate(tokens):
            tasks.create_task(somebody(url, token, words, until, random.Random(number), answers))
    return answers


async def somebody(
    url: str, token: str, words: list[str], until: float, chance: random.Random, answers: Answers
) -> None:
    """Search, look, read, look, and so on."""
    async with httpx.AsyncClient(base_url=url, cookies={"mainstem_session": token}, timeout=30) as browser:
        await asyncio.sleep(chance.uniform(0, MOMENT[1]))
        while time.monotonic() < until:
            asked = {"q": " ".join(chance.sample(words, chance.choice((1, 1, 2, 3))))}
            found = RESULT.findall(await timed(browser, "/search", asked, answers.search, answers))
            await asyncio.sleep(chance.uniform(*MOMENT))
            if found:
                await timed(browser, chance.choice(found[:5]), {}, answers.document, answers)
                await asyncio.sleep(chance.uniform(*MOMENT))


async def timed(
    browser: httpx.AsyncClient, path: str, asked: dict[str, str], times: list[float], answers: Answers
) -> str:
    """One answer."""
    begun = time.perf_counter()
    try:
        answer = await browser.get(path, params=asked)
    except httpx.HTTPError as error:
        answers.wrong.append(f"{path}: {error!r}")
        return ""
    times.append((time.perf_counter() - begun) * 1000)
    if answer.status_code != 200:
        answers.wrong.append(f"{path}: {answer.status_code}")
    return answer.text


def memory(process: int, which: str = "VmRSS") -> float:
    """MB that a process holds, or at most held (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(rf"^{which}:\s+(\d+) kB", status, re.MULTILINE)[0]) / 1024


def processor(process: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _judge(report: Report, answers: Answers, seconds: int) -> None:
    for what, times in (("searching", answers.search), ("reading", answers.document)):
        report.show(f"{what}: p50", f"{sorted(times)[len(times) // 2]:.0f} ms")
    every = sorted(answers.search + answers.document)
    report.show("answers", f"{len(every):,}, {len(every) / seconds:.0f} a second")
    report.at_most("p95 of all answers", every[int(len(every) * 0.95)], SLOWEST_MS, "ms")
    report.holds("every answer was what was asked for", f"{len(answers.wrong)} were not", answers.wrong)


if __name__ == "__main__":
    sys.exit(main())
