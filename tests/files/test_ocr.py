"""The words in pictures and scanned pages: by whatever is called tesseract, within bounds, and told if not there."""

from pathlib import Path
from shutil import which

import pytest

from mainstem.files import read_file
from mainstem.files.body import Limits
from mainstem.files.errors import FileDamaged, FileUnread, NoOcr, TooSlow
from mainstem.files.ocr import Ocr, why_no_ocr
from mainstem.settings import Settings
from mainstem.sync.file_reader import Bounds, FileMade, file_reader
from mainstem.wiki.files import FileKind
from mainstem.wiring.ocr import ocr_of
from tests.files import office

SAYS = r"""
told=$(env | cut -d= -f1 | sort | tr '\n' ' ')
printf 'Seen in %s\nas %s\n\n. - |\n\n%s\f' "$4" "$3" "$told"
"""


def read(folder: Path, does: str, data: bytes, kind: FileKind = FileKind.PICTURE, seconds: float = 20.0) -> str:
    ocr = Ocr(str(office.tesseract(folder, does)), "eng+deu", seconds)
    path = folder / "f"
    path.write_bytes(data)
    return read_file(path, kind, "f", Limits(ocr=ocr))


def test_the_words_in_a_picture_are_read_without_its_lines_and_dots_and_nothing_is_told_of_the_hub(
    tmp_path: Path,
) -> None:
    body = read(tmp_path, SAYS, office.picture("x"))
    assert body == "<p>Seen in eng+deu<br/>as -l</p>\n<p>LC_ALL OMP_THREAD_LIMIT PWD</p>"


def test_a_page_that_is_a_picture_is_read_where_it_stands(tmp_path: Path) -> None:
    body = read(tmp_path, "head -c 2\necho ' begins it'; cat > /dev/null", office.scan("Typed."), FileKind.PDF)
    assert body == "<h2>Page 1</h2>\n<p>P5 begins it</p>\n<h2>Page 2</h2>\n<p>Typed.</p>"


def test_a_page_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    assert read(tmp_path, "exit 1", office.scan("Typed."), FileKind.PDF) == "<h2>Page 2</h2>\n<p>Typed.</p>"


@pytest.mark.parametrize(("does", "seconds", "error"), [("exit 1", 20.0, FileDamaged), ("exec sleep 60", 0.2, TooSlow)])
def test_a_picture_that_cannot_be_read_is_one_failure(
    tmp_path: Path, does: str, seconds: float, error: type[FileUnread]
) -> None:
    with pytest.raises(error):
        read(tmp_path, does, office.picture("x"), seconds=seconds)


@pytest.mark.parametrize("ocr", [None, Ocr("/nowhere/tesseract")])
def test_without_tesseract_it_says_so(tmp_path: Path, ocr: Ocr | None) -> None:
    assert why_no_ocr(ocr) == "tesseract not found"
    path = tmp_path / "f.png"
    path.write_bytes(office.picture("x"))
    with pytest.raises(NoOcr, match="No OCR: tesseract not found"):
        read_file(path, FileKind.PICTURE, "f.png", Limits(ocr=ocr))


@pytest.mark.parametrize(
    ("languages", "why"),
    [
        ("eng+deu", ""),
        ("deu+fra+xyz", "tesseract has no language fra, xyz"),
        ("Languages", "tesseract has no language"),
    ],
)
def test_a_language_that_is_not_there_is_named(tmp_path: Path, languages: str, why: str) -> None:
    told = why_no_ocr(Ocr(str(office.tesseract(tmp_path, "exit 1")), languages))
    assert told.startswith(why)
    assert bool(told) == bool(why)


def test_tesseract_is_told_where_its_languages_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/the/languages")
    monkeypatch.setenv("PATH", str(tmp_path))
    office.tesseract(tmp_path, "echo $TESSDATA_PREFIX")
    path = tmp_path / "f.png"
    path.write_bytes(office.picture("x"))
    assert read_file(path, FileKind.PICTURE, "f.png", Limits(ocr=ocr_of(Settings()))) == "<p>/the/languages</p>"


def test_tesseract_itself_reads_print_within_the_bounds_of_a_sync(tmp_path: Path) -> None:
    found = which("tesseract")
    if found is None:
        pytest.skip("tesseract is not installed")
    path = tmp_path / "f.png"
    path.write_bytes(office.picture("The turbine hums softly"))
    assert why_no_ocr(Ocr(found)) == ""
    with file_reader(Bounds(limits=Limits(ocr=Ocr(found)))) as reader:
        made = reader.read(path, FileKind.PICTURE, "f.png")
    assert isinstance(made, FileMade)
    assert made.body == "<p>The turbine hums softly</p>"
