"""How fast to ask: bounded retries, waits that all requests share, and as many at a time as Confluence takes.

Whether an answer is a failure is `answers`' business; this module only knows RetryLater errors.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio

from mainstem.confluence.client import Traffic, Waiting
from mainstem.confluence.errors import ServerBroken, Throttled
from mainstem.errors import RetryLater

T = TypeVar("T")
U = TypeVar("U")

LONGEST_GUESS = 60.0
"""Seconds: the longest wait when Confluence names none."""

FAILURES_OF_500 = 3
"""A plain 500 is seldom a passing trouble: it is tried twice more, not to the end of the attempts.

Once would not do: of many requests under way, one may well meet two passing failures in a row, and end the run.
"""

MOST_LANES = 8
"""Requests at a time, until Confluence complains."""

OF_OTHERS = "Confluence limits the rate of requests, and told another sync of this site"

TELLING = 1.0
"""Seconds by which a rest of others must be longer than what is known of it: their clock may go a little otherwise."""

GROWTH = 20
"""Successes after which one more request at a time is tried again."""


def random_share() -> float:
    """A random number from 0 up to 1."""
    return secrets.randbelow(1 << 20) / (1 << 20)


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock and the randomness that pacing runs on. `clock` counts seconds; `jitter` gives 0 up to 1."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    jitter: Callable[[], float] = random_share


@dataclass(frozen=True, slots=True)
class Patience:
    """How much a single call puts up with: attempts in all, and the longest wait in seconds it sits out."""

    attempts: int = 6
    longest_wait: float = 900.0


@dataclass(slots=True)
class Pace:
    """Runs requests: at most `lanes.total_tokens` at a time, none while Confluence wants quiet."""

    timing: Timing
    traffic: Traffic
    on_wait: Callable[[Waiting], None]
    patience: Patience = field(default_factory=Patience)
    lanes: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(MOST_LANES))
    _most: int = field(default=MOST_LANES, init=False)
    _quiet_until: float = field(default=0.0, init=False)
    _successes: int = field(default=0, init=False)

    async def run(self, request: Callable[[], Awaitable[T]]) -> T:
        """The request's result; its RetryLater error once patience ends; any other error at once."""
        # No retry library: the waits are shared by all requests in flight, announced, and run on a clock handed in.
        turn = _Turn(self)
        while True:
            try:
                async with self._lane():
                    await self._be_quiet(turn)
                    result = await request()
            except RetryLater as error:
                if not turn.reprieve(error):
                    raise
                self.traffic.retries += 1
            else:
                self._note_success()
                return result

    @property
    def quiet(self) -> bool:
        """Whether all requests are being kept back: the ones in flight then tell nothing new."""
        return self._quiet_until > self.timing.clock()

    def narrow(self) -> None:
        """Halve what runs at a time."""
        self.lanes.total_tokens = max(1, int(self.lanes.total_tokens) // 2)
        self._successes = 0

    def postpone(self, seconds: float, reason: str) -> None:
        """Keep all requests back for a time from now."""
        until = self.timing.clock() + seconds
        gained = until - max(self._quiet_until, self.timing.clock())
        if gained > 0:
            self._quiet_until = until
            self.announce(gained, seconds, reason, for_all=True)

    def make_way(self, sharers: int, quiet: float) -> None:
        """Run no more than one of so many may who ask the same site; keep back what they keep back, for so long."""
        self._most = max(1, MOST_LANES // max(1, sharers))
        self.lanes.total_tokens = min(self.lanes.total_tokens, self._most)
        gained = self.timing.clock() + quiet - max(self._quiet_until, self.timing.clock())
        if gained > TELLING:
            self._quiet_until = self.timing.clock() + quiet
            self.announce(gained, quiet, OF_OTHERS)

    def announce(self, gained: float, seconds: float, reason: str, *, for_all: bool = False) -> None:
        """Count a wait and tell whoever shows progress."""
        self.traffic.waited += gained
        self.on_wait(Waiting(seconds, reason, for_all))

    async def _be_quiet(self, turn: "_Turn") -> None:
        while (rest := max(self._quiet_until, turn.quiet_until) - self.timing.clock()) > 0:
            await self.timing.sleep(rest)

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[None]:
        # One task may hold several lanes (a download being read while pages are asked for), hence the borrower.
        borrower = object()
        await self.lanes.acquire_on_behalf_of(borrower)
        try:
            yield
        finally:
            self.lanes.release_on_behalf_of(borrower)

    def _note_success(self) -> None:
        self._successes += 1
        if self._successes >= GROWTH * self.lanes.total_tokens and self.lanes.total_tokens < self._most:
            self.lanes.total_tokens += 1
            self._successes = 0


@dataclass(slots=True)
class _Turn:
    """One call on its way through its attempts."""

    pace: Pace
    failures: int = 0
    quiet_until: float = 0.0

    def reprieve(self, error: RetryLater) -> bool:
        """Whether to try again; if so, the wait has begun."""
        self.failures += 1
        if isinstance(error, Throttled) and not self.pace.quiet:
            self.pace.narrow()
        if isinstance(error, ServerBroken) and not error.passing and self.failures >= FAILURES_OF_500:
            return False
        seconds = _named_wait(error) or self._guess()
        if seconds > self.pace.patience.longest_wait or self.failures >= self.pace.patience.attempts:
            return False
        self._wait(seconds, error)
        return True

    def _guess(self) -> float:
        longest = min(LONGEST_GUESS, 2.0 ** (self.failures - 1))
        return longest * (1 + self.pace.timing.jitter())

    def _wait(self, seconds: float, error: RetryLater) -> None:
        reason = _reason(error)
        if isinstance(error, Throttled):
            self.pace.postpone(seconds, reason)
        else:
            self.quiet_until = self.pace.timing.clock() + seconds
            self.pace.announce(seconds, seconds, reason)


def _named_wait(error: RetryLater) -> float | None:
    if isinstance(error, Throttled):
        return error.resumes_in
    return error.retry_after if isinstance(error, ServerBroken) else None


def _reason(error: RetryLater) -> str:
    if isinstance(error, Throttled):
        return "Confluence limits the rate of requests"
    if isinstance(error, ServerBroken):
        return f"Confluence answered HTTP {error.status}"
    return "Confluence does not answer"


async def together(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order; the first error alone, with the other calls cancelled."""
    async with _tasks() as group:
        tasks = [group.create_task(call) for call in calls]
    return [task.result() for task in tasks]


async def both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """The same for two calls of different kinds."""
    async with _tasks() as group:
        first, second = group.create_task(one), group.create_task(other)
    return first.result(), second.result()


@asynccontextmanager
async def _tasks() -> AsyncIterator[asyncio.TaskGroup]:
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
