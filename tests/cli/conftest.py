"""One small Confluence for all commands, and a home that was loaded from it once."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mainstem.cli.app import app
from tests.cli.acme import Acme, served


def mainstem(*arguments: object, **more: Any) -> Result:
    """Run a command in this process, as wide as nothing is cut; `input` and `env` as CliRunner's."""
    more["env"] = {"COLUMNS": "200", **more.get("env", {})}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **more)


def answer(*arguments: object, **more: Any) -> Any:
    """What a command prints as JSON on the last line of its output."""
    result = mainstem(*arguments, "--json", **more)
    assert result.stdout, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def acme_all_along() -> Iterator[Acme]:
    with served() as acme:
        yield acme


@pytest.fixture
def acme(acme_all_along: Acme) -> Iterator[Acme]:
    """The site, well again after each test."""
    yield acme_all_along
    acme_all_along.gate.free.set()
    acme_all_along.strike()


@pytest.fixture(scope="session")
def loaded_once(acme_all_along: Acme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "loaded"
    result = mainstem("sync", "Acme", *acme_all_along.as_ada(), "--home", home)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def loaded(loaded_once: Path) -> Path:
    """A loaded home, for tests that only read it."""
    return loaded_once


@pytest.fixture
def copied(loaded_once: Path, tmp_path: Path) -> Path:
    """A loaded home, for tests that change or break it."""
    return Path(shutil.copytree(loaded_once, tmp_path / "home"))
