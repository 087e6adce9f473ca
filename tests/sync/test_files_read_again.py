"""Files that are read again by another choice: those alone that it changes, and no text is lost by it."""

from pathlib import Path

import pytest

from tests.files import office
from tests.sync.larkhill import Session, Wiki
from tests.sync.test_files import attach, choose, found


def test_what_was_read_with_ocr_is_read_again_only_by_another_choice_of_pictures(
    session: Session, wiki: Wiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = wiki.page("Kettle")
    attach(wiki, page, "plan.png", office.picture("x"), "image/png")
    attach(wiki, page, "scan.pdf", office.scan("Typed."))
    attach(wiki, page, "a.txt", b"turbine", "text/plain")
    monkeypatch.setenv("PATH", str(tmp_path))
    program = office.tesseract(tmp_path, "/bin/cat > /dev/null\necho the turbine")
    choose(session, ocr=True)
    session.sync()
    every = {"plan.png", "scan.pdf", "a.txt"}
    assert {hit.title for hit in found(session, "turbine", wiki.alice)} == every
    office.tesseract(tmp_path, "/bin/cat > /dev/null\necho the propeller")
    choose(session, ocr=True, most_mb=5)
    session.sync()
    program.unlink()
    # It is away for a while, with the same choice and with another: doubt keeps.
    for most_mb in (5, 6):
        choose(session, ocr=True, most_mb=most_mb)
        session.sync()
        assert {hit.title for hit in found(session, "turbine", wiki.alice)} == every
    office.tesseract(tmp_path, "/bin/cat > /dev/null\necho the propeller")
    session.sync()
    assert not found(session, "propeller", wiki.alice)
    choose(session)
    session.sync()
    assert {hit.title for hit in found(session, "turbine", wiki.alice)} == {"a.txt"}


def test_text_that_was_read_stands_when_it_cannot_be_read_again(
    session: Session, wiki: Wiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(wiki, wiki.page("Kettle"), "scan.pdf", office.scan("Typed."))
    monkeypatch.setenv("PATH", str(tmp_path))
    session.sync()
    # The reader of files dies of it.
    office.tesseract(tmp_path, "kill -9 $PPID")
    choose(session, ocr=True)
    for _ in range(2):
        session.sync()
        assert [hit.title for hit in found(session, "typed", wiki.alice)] == ["scan.pdf"]
        assert not session.failures()
