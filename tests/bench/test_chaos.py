"""A short storm; `python -m bench.chaos` is the long one."""

import random
from subprocess import SubprocessError

import pytest

from bench.chaos import Storm, storm
from bench.emulator_process import serving
from bench.postgresql import running

BREEZE = Storm(seconds=12.0, workers=2, pause=(1.0, 3.0), freeze=4.0, silence=2.0)


def test_nothing_is_lost_doubled_or_wrongly_deleted_in_a_short_storm() -> None:
    try:
        with running(durable=True) as server, serving("--spaces", "2", pages=80) as emulator:
            report = storm(server, emulator, BREEZE, 80, random.Random(6))
    except (OSError, SubprocessError) as problem:
        pytest.skip(f"PostgreSQL does not start here, so what runs on it is not checked: {problem}")
    assert report.remarks == []
    assert report.passed
