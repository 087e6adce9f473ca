"""A real PostgreSQL server for the tests that ask for one, started once a run and thrown away with it."""

from collections.abc import Iterator
from contextlib import ExitStack
from subprocess import SubprocessError

import pytest

from bench.postgresql import Server, running


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A server that lives as long as the run, and need not survive it."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except (OSError, SubprocessError) as problem:
            pytest.skip(f"PostgreSQL does not start here, so what runs on it is not checked: {problem}")
        yield server


@pytest.fixture(scope="session")
def postgresql(postgresql_server: Server) -> str:
    """The address of that server."""
    return postgresql_server.url
