"""A home has one owner at a time, whom whoever comes second is told of."""

import os
from pathlib import Path

import pytest

from mainstem.wiring.home import Home, HomeInUse, HomeUnusable
from mainstem.wiring.indexer import MUCH
from tests.sync.larkhill import Wiki, connected


def test_a_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep/hub")
    home.own(os.getpid())
    assert home.folder.stat().st_mode & 0o777 == 0o700
    home.release()


def test_the_second_owner_is_told_of_the_first(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.own(4711)
    with pytest.raises(HomeInUse, match="in use by process 4711") as refusal:
        second.own(4712)
    assert (refusal.value.folder, refusal.value.pid) == (tmp_path, 4711)
    first.release()


def test_who_only_looks_for_the_owner_makes_nothing_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    home = Home(tmp_path / "hub")
    home.look()
    assert not home.folder.exists()
    for _ in range(2):
        home.own(4711)
        with pytest.raises(HomeInUse, match="in use by process 4711"):
            Home(home.folder).look()
        home.release()
        home.look()


def test_a_released_home_can_be_owned_again(tmp_path: Path) -> None:
    for pid in (1, 2):
        home = Home(tmp_path)
        home.own(pid)
        home.release()
    assert not (tmp_path / "owner").exists()


def test_an_owner_who_has_not_written_a_number_yet_is_another_process(tmp_path: Path) -> None:
    first = Home(tmp_path)
    first.own(4711)
    (tmp_path / "owner").unlink()
    with pytest.raises(HomeInUse, match="in use by another process"):
        Home(tmp_path).own(4712)
    first.release()


def test_a_place_that_cannot_be_a_folder_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="choose another folder with --home"):
        Home(tmp_path / "file").own(1)


def test_a_home_is_there_once_it_has_a_database(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not home.exists
    home.database.touch()
    assert home.exists


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_was_made_beforehand_is_closed_and_so_is_everything_that_is_made_in_it(tmp_path: Path) -> None:
    wiki, home = Wiki(), tmp_path / "home"
    home.mkdir(mode=0o755)
    wiki.pages(MUCH + 10)
    with connected(wiki, home) as session:
        session.sync()
        assert home.stat().st_mode & 0o777 == 0o700
        assert modes(home) == {0o600}
    assert not [path for path in home.rglob("*") if path.is_dir() and path.stat().st_mode & 0o077]


def test_a_folder_with_other_things_in_it_stays_open_but_not_what_is_made_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "readme").touch(mode=0o644)
    with connected(Wiki(), home):
        pass
    assert home.stat().st_mode & 0o777 == 0o755
    (home / "readme").unlink()
    assert modes(home) == {0o600}


def test_other_files_of_the_process_are_as_open_as_before_once_the_hub_is_closed(tmp_path: Path) -> None:
    def mask() -> int:
        now = os.umask(0)
        os.umask(now)
        return now

    before = mask()
    with connected(Wiki(), tmp_path / "home"):
        assert mask() == 0o077
    assert mask() == before
