"""Fixtures and profiles that every test shares."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mainstem.sync.collector import SELDOM

pytest_plugins = ["pytester", "tests.plugins.promises", "tests.plugins.postgresql", "tests.plugins.databases"]

settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deterministic", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("dev")

gc.set_threshold(SELDOM)


def pytest_collection_finish() -> None:
    """Keep what tests are made of from the garbage collector, which would look through all of it again and again."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what needs the browser: one worker takes all of it, and loads what it looks at once."""
    items.sort(key=lambda item: "browser" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def anyio_backend() -> str:
    """Async tests (`@pytest.mark.anyio`) run on asyncio alone."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the repository; tests that need it are skipped, loudly, where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "confluence").is_dir():
        pytest.skip("../shared is absent: reference documents are not checked here")
    return folder
