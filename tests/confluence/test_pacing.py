"""Requests are retried within bounds, wait together, and run as many at a time as Confluence takes."""

from functools import partial

import anyio
import anyio.lowlevel
import pytest

from mainstem.confluence.client import Traffic, Waiting
from mainstem.confluence.errors import Blocked, NotVisible, ServerBroken, Throttled, Unreachable
from mainstem.confluence.pacing import GROWTH, MOST_LANES, Pace, Patience, random_share, together
from tests.confluence.wikis import SleeplessClock

pytestmark = pytest.mark.anyio


class Script:
    """A request that meets one error after the other, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def pace_on(
    clock: SleeplessClock, *, jitter: float = 0.0, patience: Patience | None = None
) -> tuple[Pace, list[Waiting]]:
    waits: list[Waiting] = []
    return Pace(clock.timing(jitter), Traffic(), waits.append, patience or Patience()), waits


async def test_a_named_wait_is_kept_to_the_second() -> None:
    clock = SleeplessClock()
    pace, waits = pace_on(clock, jitter=0.9)
    assert await pace.run(Script(Throttled(3), ServerBroken("x", 503, 5))) == "done"
    assert clock.slept == [3, 5]
    assert [waiting.seconds for waiting in waits] == [3, 5]
    assert "limits the rate" in waits[0].reason
    assert "HTTP 503" in waits[1].reason
    assert (pace.traffic.retries, pace.traffic.waited) == (2, 8)


async def test_unnamed_waits_grow_and_are_jittered() -> None:
    clock = SleeplessClock()
    pace, _ = pace_on(clock, jitter=0.5)
    await pace.run(Script(Unreachable("x", "y"), Throttled(None), ServerBroken("x", 502), Unreachable("x", "y")))
    assert clock.slept == [1.5, 3, 6, 12]


async def test_attempts_are_bounded() -> None:
    script = Script(*[Unreachable("x", "y")] * 9)
    pace, _ = pace_on(SleeplessClock(), patience=Patience(attempts=4))
    with pytest.raises(Unreachable):
        await pace.run(script)
    assert script.calls == 4


async def test_a_plain_500_is_tried_twice_more() -> None:
    script = Script(*[ServerBroken("x", 500)] * 9)
    pace, _ = pace_on(SleeplessClock())
    with pytest.raises(ServerBroken):
        await pace.run(script)
    assert script.calls == 3


async def test_a_wait_beyond_patience_is_left_to_the_caller() -> None:
    clock = SleeplessClock()
    pace, _ = pace_on(clock)
    with pytest.raises(Throttled) as throttled:
        await pace.run(Script(Throttled(3600)))
    assert (throttled.value.resumes_in, clock.slept) == (3600, [])


@pytest.mark.parametrize("error", [Blocked("limit 0"), NotVisible("page 1"), ValueError("a fault of ours")])
async def test_other_errors_are_not_retried(error: Exception) -> None:
    script = Script(error)
    pace, _ = pace_on(SleeplessClock())
    with pytest.raises(type(error)):
        await pace.run(script)
    assert script.calls == 1


async def test_while_one_request_is_throttled_all_wait() -> None:
    clock = SleeplessClock()
    pace, waits = pace_on(clock)
    await pace.run(Script(Throttled(30)))
    pace.postpone(10, "still")
    assert await together([pace.run(Script()), pace.run(Script())]) == ["done", "done"]
    assert sum(clock.slept) == 40
    assert len(waits) == 2


async def test_a_broken_connection_holds_up_nobody_else() -> None:
    clock = SleeplessClock()
    pace, _ = pace_on(clock)
    with pytest.raises(Unreachable):
        await pace.run(Script(*[Unreachable("x", "y")] * 6))
    slept = len(clock.slept)
    await pace.run(Script())
    assert len(clock.slept) == slept


async def test_throttling_halves_the_lanes_and_successes_widen_them() -> None:
    pace, _ = pace_on(SleeplessClock())
    lanes: list[float] = [pace.lanes.total_tokens]
    await pace.run(Script(Throttled(1)))
    lanes.append(pace.lanes.total_tokens)
    for _ in range(600):
        await pace.run(Script())
    lanes.append(pace.lanes.total_tokens)
    assert lanes == [8, 4, 8]


async def test_several_syncs_of_a_site_share_its_lanes_and_take_them_back_when_they_are_alone() -> None:
    pace, _ = pace_on(SleeplessClock())
    pace.make_way(3, 0)
    assert pace.lanes.total_tokens == 2
    for _ in range(GROWTH * MOST_LANES):
        await pace.run(Script())
    assert pace.lanes.total_tokens == 2
    pace.make_way(1, 0)
    for _ in range(GROWTH * MOST_LANES * MOST_LANES):
        await pace.run(Script())
    assert pace.lanes.total_tokens == MOST_LANES


async def test_what_a_site_asks_of_another_sync_is_kept_here_too_and_told_once() -> None:
    clock = SleeplessClock()
    pace, waits = pace_on(clock)
    pace.make_way(2, 30)
    pace.make_way(2, 30.2)
    await pace.run(Script())
    assert sum(clock.slept) == 30
    assert [(waiting.seconds, waiting.for_all) for waiting in waits] == [(30, False)]
    await pace.run(Script(Throttled(5)))
    assert [(waiting.seconds, waiting.for_all) for waiting in waits[1:]] == [(5, True)]


async def test_requests_throttled_together_halve_the_lanes_once() -> None:
    pace, _ = pace_on(SleeplessClock())
    scripts = [Script(Throttled(1)) for _ in range(4)]

    async def run(script: Script) -> str:
        await anyio.lowlevel.checkpoint()
        return await script()

    await together(pace.run(partial(run, script)) for script in scripts)
    assert pace.lanes.total_tokens == 4


async def test_a_wait_of_nothing_is_no_wait_that_was_named() -> None:
    clock = SleeplessClock()
    pace, _ = pace_on(clock)
    await pace.run(Script(Throttled(0), Throttled(0)))
    assert clock.slept == [1, 2]


async def test_no_more_requests_run_at_a_time_than_there_are_lanes() -> None:
    pace, _ = pace_on(SleeplessClock())
    running: list[int] = []
    now = 0

    async def request() -> None:
        nonlocal now
        now += 1
        running.append(now)
        await anyio.lowlevel.checkpoint()
        now -= 1

    await together(pace.run(request) for _ in range(20))
    assert max(running) == 8


async def test_the_first_error_of_several_calls_comes_alone() -> None:
    pace, _ = pace_on(SleeplessClock())
    with pytest.raises(NotVisible):
        await together([pace.run(Script()), pace.run(Script(NotVisible("page 1")))])


def test_a_random_share_is_below_one() -> None:
    assert all(0 <= random_share() < 1 for _ in range(100))
