"""`mainstem doctor` and `mainstem reindex`: what is broken is found, named with its repair, and repaired."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from mainstem.index.local import LocalIndex
from mainstem.store.database import open_database
from mainstem.store.tables import connections, documents, passages
from tests.cli.conftest import answer, mainstem
from tests.files import office


def states(home: Path) -> dict[str, str]:
    return {finding["name"]: finding["state"] for finding in answer("doctor", "--home", home)["findings"]}


def meta_of(home: Path) -> Path:
    return next((home / "index").glob("*/meta.json"))


def test_a_home_that_is_well_has_nothing_to_repair(loaded: Path) -> None:
    result = mainstem("doctor", "--home", loaded)
    assert result.exit_code == 0, result.stdout
    assert "it has all 3 documents, as 3 passages" in result.stdout
    assert set(states(loaded).values()) <= {"ok", "warn"}


def test_findings_for_programs_carry_the_repair(tmp_path: Path) -> None:
    told = answer("doctor", "--home", tmp_path)
    assert not told["well"]
    assert told["findings"][-1] == {
        "name": "home",
        "state": "fail",
        "detail": f"{tmp_path} holds no hub",
        "repair": "Connect a site with `mainstem connect`, or name another folder with --home.",
    }


def test_pictures_that_nothing_here_can_read_are_told(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ocr() -> tuple[str, str]:
        [told] = [each for each in answer("doctor", "--home", copied)["findings"] if each["name"] == "ocr"]
        return told["state"], told["detail"]

    monkeypatch.setenv("PATH", str(tmp_path))
    assert ocr() == ("ok", "no OCR: tesseract not found, and nobody chose it")
    engine = open_database(f"sqlite:///{copied / 'mainstem.db'}")
    with engine.begin() as db:
        db.execute(update(connections).values(conversion={"files": {"ocr": True}}))
    engine.dispose()
    state, detail = ocr()
    assert (state, "no OCR: tesseract not found, so" in detail) == ("warn", True)
    office.tesseract(tmp_path, "true")
    assert ocr()[0] == "ok"
    monkeypatch.setenv("MAINSTEM_OCR_LANGUAGES", "eng+fra")
    state, detail = ocr()
    assert (state, "tesseract has no language fra" in detail) == ("warn", True)


def test_a_lost_index_is_found_and_made_anew(copied: Path) -> None:
    shutil.rmtree(copied / "index")
    assert mainstem("doctor", "--home", copied).exit_code == 3
    assert answer("reindex", "--home", copied) == {"documents": 3, "passages": 3, "read_anew": 0, "changed": 0}
    assert states(copied)["index"] == "ok"


def test_a_damaged_index_is_found_and_made_anew(copied: Path) -> None:
    meta_of(copied).write_text("{")
    assert mainstem("search", "key", "--home", copied).exit_code == 3
    assert states(copied)["index"] == "fail"
    assert "3 documents with 3 passages" in mainstem("reindex", "--home", copied).stdout
    assert answer("search", "key", "--as", "operator", "--home", copied)["total"] == 2


def test_what_another_converter_read_is_read_anew_and_search_finds_it(copied: Path) -> None:
    engine = open_database(f"sqlite:///{copied / 'mainstem.db'}")
    with engine.begin() as db:
        db.execute(update(documents).values(extraction=1))
        db.execute(update(passages).values(text="nothing"))
    engine.dispose()
    said = mainstem("reindex", "--home", copied).stdout
    assert said.startswith("3 documents read anew by this converter: 3 changed.")
    assert answer("search", "key", "--as", "operator", "--home", copied)["total"] == 2
    assert answer("reindex", "--home", copied)["read_anew"] == 0


def test_an_index_that_holds_too_little_is_found(copied: Path) -> None:
    index = LocalIndex(copied / "index")
    index.apply(index.position, remove=[1])
    index.close()
    assert "it has 2 documents, the store 3" in mainstem("doctor", "--home", copied).stdout


def test_a_lost_key_is_found(copied: Path) -> None:
    (copied / "key").unlink()
    result = mainstem("doctor", "--home", copied)
    assert (result.exit_code, "restore it" in result.stdout) == (3, True)


def test_a_key_that_others_may_read_is_a_warning(copied: Path) -> None:
    (copied / "key").chmod(0o644)
    warned = [finding for finding in answer("doctor", "--home", copied)["findings"] if finding["state"] == "warn"]
    assert [finding["repair"] for finding in warned] == [f"Run `chmod go= {copied / 'key'}`."]
    assert mainstem("doctor", "--home", copied).exit_code == 0


def test_a_home_that_others_may_read_is_a_warning(copied: Path) -> None:
    for path in (copied, copied / "mainstem.db"):
        path.chmod(0o755)
    (home,) = [finding for finding in answer("doctor", "--home", copied)["findings"] if finding["name"] == "home"]
    assert (home["state"], home["repair"]) == ("warn", f"Run `chmod -R go= {copied}`.")


def test_a_damaged_database_is_found(copied: Path) -> None:
    (copied / "mainstem.db").write_bytes(os.urandom(8192))
    result = mainstem("doctor", "--home", copied)
    assert (result.exit_code, "file is not a database" in result.stdout) == (3, True)


def test_there_is_nothing_to_index_without_a_hub(tmp_path: Path) -> None:
    result = mainstem("reindex", "--home", tmp_path / "hub")
    assert (result.exit_code, "There is no hub" in result.stderr) == (2, True)
    assert not (tmp_path / "hub").exists()
