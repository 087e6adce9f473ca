"""A small wiki, and a hub that is connected to it on Cloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
def session(wiki: Wiki, tmp_path: Path) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home") as session:
        yield session
