"""Objects in a folder: whole or not there, and gone when nobody wants them."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from mainstem.store.errors import TooLarge
from mainstem.store.objects import Objects


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path / "objects")


def add(objects: Objects, chunks: Iterable[bytes], most: int = 100) -> str:
    with objects.adding(most=most) as writing:
        for chunk in chunks:
            writing.write(chunk)
    return writing.digest


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_added_is_found_by_its_hash(objects: Objects) -> None:
    path = objects.path(add(objects, [b"one ", b"two"]))
    assert path is not None
    assert path.read_bytes() == b"one two"


def test_the_same_bytes_are_kept_once(objects: Objects, tmp_path: Path) -> None:
    assert add(objects, [b"same"]) == add(objects, [b"sa", b"me"])
    assert len(files(tmp_path)) == 1


def test_there_is_nothing_under_no_hash_or_an_unknown_one(objects: Objects) -> None:
    add(objects, [b"one"])
    assert objects.path("") is None
    assert objects.path("ab" * 32) is None


def test_nothing_stays_of_what_breaks_off_or_is_too_large(objects: Objects, tmp_path: Path) -> None:
    def broken() -> Iterable[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        add(objects, broken())
    with pytest.raises(TooLarge, match="open it in Confluence"):
        add(objects, [b"123", b"456"], most=5)
    assert not files(tmp_path)


def test_a_sweep_leaves_what_is_wanted(objects: Objects, tmp_path: Path) -> None:
    wanted, unwanted = add(objects, [b"one"]), add(objects, [b"two"])
    (tmp_path / "objects" / "begun-x").touch()
    objects.sweep({wanted})
    assert [path.name for path in files(tmp_path)] == [wanted]
    assert objects.path(unwanted) is None


def test_a_folder_that_is_not_there_yet_needs_no_sweep(objects: Objects) -> None:
    objects.sweep(set())
