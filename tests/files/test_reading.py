"""The text of attached files: with its structure, and with one clear word about each file that has none to give."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.convert import extract, parse, to_html
from mainstem.files import KINDS, kind_of_file, read_file
from mainstem.files.body import Body, Limits, clean
from mainstem.files.errors import FileDamaged, FileEmpty, FileLocked, FileUnread, TooMuch, WrongKind
from mainstem.files.pdf import paragraphs
from mainstem.wiki.files import FileKind
from tests.files import office

Found = list[tuple[tuple[str, ...], str]]


def read(folder: Path, name: str, data: bytes, limits: Limits | None = None) -> str:
    path = folder / "f"
    path.write_bytes(data)
    return read_file(path, kind_of_file(name, ""), name, limits)


def found(body: str) -> Found:
    """Where each passage stands, and what it says."""
    return [(passage.heading_path, passage.text) for passage in extract(parse(body)).passages]


def test_a_pdf_is_read_page_by_page_under_its_title(tmp_path: Path) -> None:
    body = read(tmp_path, "r.pdf", office.pdf(["Turbines.", "", "Pumps."], title="Annual report"))
    assert found(body) == [(("Annual report", "Page 1"), "Turbines."), (("Annual report", "Page 3"), "Pumps.")]
    assert [passage.anchor for passage in extract(parse(body)).passages] == ["page-1", "page-3"]


def test_the_pages_of_a_pdf_stand_under_its_chapters(tmp_path: Path) -> None:
    data = office.pdf(["one", "two", "three"], chapters={0: "Basics", 2: "Care"})
    assert found(read(tmp_path, "r.pdf", data)) == [
        (("Basics", "Page 1"), "one"),
        (("Basics", "Page 2"), "two"),
        (("Care", "Page 3"), "three"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("f.docx", office.word(), "Drawn"),
        ("f.xlsx", office.sheets(), "<h2>Drawings</h2>"),
        ("f.pptx", office.slides(), "Slide 1: Pump 1"),
    ],
)
def test_the_words_in_drawings_are_read_once(tmp_path: Path, name: str, data: bytes, place: str) -> None:
    body = read(tmp_path, name, office.drawn(data))
    assert (body.count("In a box"), body.count("Drawn</")) == (1, 1)
    assert place in body


def test_a_drawing_that_cannot_be_read_leaves_the_rest(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(office.drawn(office.sheets()))) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    body = read(tmp_path, "f.xlsx", office.archive(parts | {"xl/drawings/drawing1.xml": b"<a:p>"}))
    assert "Pump" in body
    assert "Drawings" not in body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A line that goes on to\r\nthe next one here.", ["A line that goes on to the next one here."]),
        (
            "Item Price\r\nPump 120\r\nAll of these are sold by weight\r\n",
            ["Item Price", "Pump 120", "All of these are sold by weight"],
        ),
        (
            "The long first line of it all.\r\nHead\r\nThe next line is as long as it.",
            ["The long first line of it all.", "Head", "The next line is as long as it."],
        ),
        (
            "Points are short:\r\n- one of them\r\n- another one",
            ["Points are short:", "- one of them", "- another one"],
        ),
        ("con\ufffe\r\nfidential and se\u00ad\r\ncret", ["confidential and secret"]),
        ("one\r\n\r\ntwo", ["one", "two"]),
    ],
)
def test_lines_of_a_page_are_joined_where_they_broke_off_at_the_margin(text: str, said: list[str]) -> None:
    assert list(paragraphs(text)) == said


def test_a_word_document_keeps_headings_lists_and_merged_cells(tmp_path: Path) -> None:
    body = read(tmp_path, "h.docx", office.word())
    assert found(body) == [
        (("Handbook of pumps",), "Handbook of pumps"),
        (("Pumps",), "All pumps are blue."),
        (("Pumps", "Care"), "- Oil them.\n- Clean them.\nPart | Price\nValve | 12\n| 14"),
    ]
    assert 'rowspan="2"' in to_html(parse(body))


def test_a_spreadsheet_is_a_table_for_each_sheet_with_something_in_it(tmp_path: Path) -> None:
    assert found(read(tmp_path, "b.xlsx", office.sheets())) == [
        (("Budget",), "Item | EUR |  | Bought\nPump | 1200 |  | 2024-03-01\nValve & co | 0.5 |  | 2024-03-01 09:30"),
        (("Notes",), "Ask <Ann>"),
    ]


def test_a_presentation_is_read_slide_by_slide_with_its_notes(tmp_path: Path) -> None:
    assert found(read(tmp_path, "d.pptx", office.slides())) == [
        (("Deck of pumps", "Slide 1: Pump 1"), "- First of 1\n- Second of 1\nNotes: Say it aloud 1"),
        (("Deck of pumps", "Slide 2: Pump 2"), "- First of 2\n- Second of 2\nNotes: Say it aloud 2"),
        (("Deck of pumps", "Slide 3"), "Part | Price\nValve | 12"),
    ]


def test_an_open_document_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    assert found(read(tmp_path, "t.odt", office.open_document(office.ODT, title="On pumps"))) == [
        (("On pumps",), "On pumps"),
        (("Pumps",), "All are blue."),
        (("Pumps", "Care"), "- Oil\n- Clean\nPart\nValve"),
    ]


def test_an_open_presentation_is_read_slide_by_slide(tmp_path: Path) -> None:
    assert found(read(tmp_path, "p.odp", office.open_document(office.ODP, kind="presentation"))) == [
        (("Slide 1: Pumps",), "All blue\nNotes: Say it"),
        (("Slide 2",), "Slide 2"),
    ]


def test_an_open_spreadsheet_is_read_like_all_others(tmp_path: Path) -> None:
    assert found(read(tmp_path, "s.ods", office.open_document(office.ODS, kind="spreadsheet"))) == [
        (("Budget",), "Item")
    ]


def test_a_mail_is_read_with_who_wrote_it_and_what_hangs_on_it(tmp_path: Path) -> None:
    assert found(read(tmp_path, "m.eml", office.mail())) == [
        (
            ("Offer for pumps",),
            "From: Ann <ann@acme.example>\nTo: bob@acme.example\nHello Bob,\nhere is the offer.\nAttached: offer.pdf",
        )
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t.txt", "One,\nand\n\ntwo <b>", [((), "One,\nand\ntwo <b>")]),
        (
            "t.md",
            "---\ntitle: Guide\n---\n# Pumps\n\n**Blue**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            [(("Guide",), "Guide"), (("Pumps",), "Blue\na | b\n1 | 2")],
        ),
        ("t.csv", 'Part;Price\n"Valve; big";12\n', [((), "Part | Price\nValve; big | 12")]),
        ("t.rtf", r"{\rtf1\ansi First {\b one}\par 5 \u8364? each\par}", [((), "First one\n5 € each")]),
        (
            "t.html",
            "<title>Guide</title><style>p{}</style><script>x()</script><h1>Pumps</h1><p>Blue<img src=x>",
            [(("Guide",), "Guide"), (("Pumps",), "Blue")],
        ),
    ],
)
def test_a_file_that_is_text_keeps_its_structure(tmp_path: Path, name: str, text: str, told: Found) -> None:
    assert found(read(tmp_path, name, text.encode())) == told


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Grüße aus Köln".encode("cp1252"), "Grüße aus Köln"),
        ("Grüße".encode("utf-16"), "Grüße"),
        ("\ufeffGrüße".encode(), "Grüße"),
        (
            "日本語の文書はここにあります。検索できます。".encode("shift-jis"),
            "日本語の文書はここにあります。検索できます。",
        ),
    ],
)
def test_a_text_is_read_in_whatever_encoding_it_comes(tmp_path: Path, data: bytes, text: str) -> None:
    assert found(read(tmp_path, "t.txt", data)) == [((), text)]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def bomb() -> bytes:
    """A small archive that says it unpacks to a lot."""
    return office.archive({"word/document.xml": b" " * 5_000_000})


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
LAUGHING = office.archive({"content.xml": f"<!DOCTYPE x [{LAUGHS}]><x>&a11;</x>"})
ODD = '<?xml version="1.0" encoding="UTF-0"?><w:document/>'
ODD_WORD = office.archive({"word/document.xml": ODD, "_rels/.rels": ODD, "[Content_Types].xml": ODD})
SLIDES = office.slides()
BENT_SLIDES = SLIDES[:5000] + b"\xff" * 200 + SLIDES[5200:]
LAUGHING_WORD = office.archive({"word/document.xml": f"<!DOCTYPE x [{LAUGHS}]><x>&a11;</x>"})


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("f.pdf", b"", FileEmpty, "empty"),
        ("f.txt", b"", FileEmpty, "empty"),
        ("f.pdf", office.pdf(["x"], password="secret"), FileLocked, "password"),
        ("f.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", FileLocked, "password"),
        ("f.odt", office.open_document("", encrypted=True), FileLocked, "password"),
        ("f.pdf", cut(office.pdf(["x"] * 9)), FileDamaged, "cut off"),
        ("f.docx", cut(office.word()), FileDamaged, "cut off"),
        ("f.pptx", cut(office.slides()), FileDamaged, "cut off"),
        ("f.xlsx", cut(office.sheets()), FileDamaged, "cut off"),
        ("f.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", FileDamaged, "cut off"),
        ("f.odt", cut(office.open_document(office.ODT)), FileDamaged, "cut off"),
        ("f.docx", office.archive({"x": "y"}), FileDamaged, "save it anew"),
        ("f.pptx", office.archive({"x": "y"}), FileDamaged, "save it anew"),
        ("f.xlsx", office.archive({"x": "y"}), FileDamaged, "save it anew"),
        ("f.odt", office.archive({"x": "y"}), FileDamaged, "save it anew"),
        ("f.pdf", b"a picture, really", WrongKind, "no PDF"),
        ("f.docx", office.pdf(["x"]), WrongKind, "no Word document"),
        ("f.txt", b"MZ\x90\x00\x03\xff", WrongKind, "no text"),
        ("f.rtf", b"words", WrongKind, "no Rich Text"),
        ("f.eml", b"words", WrongKind, "no e-mail"),
        ("f.odt", LAUGHING, FileDamaged, "damaged"),
        ("f.docx", LAUGHING_WORD, FileDamaged, "damaged"),
        ("f.docx", ODD_WORD, FileDamaged, "damaged"),
        ("f.pptx", BENT_SLIDES, FileDamaged, "damaged"),
        ("f.rtf", rb"{\rtf1 \u4294967295? x}", FileDamaged, "damaged"),
        ("f.eml", b"From: " + b"(" * 3000 + b"\nTo: a@b.example\n\nx", FileDamaged, "damaged"),
    ],
)
def test_a_file_without_a_text_to_give_says_why_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, error: type[FileUnread], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        read(tmp_path, name, data)
    assert "; " in str(raised.value)
    assert "attach it" in str(raised.value) or "attach that" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "data", "limits"),
    [
        ("f.pdf", office.pdf([""] * 12), Limits(pages=10)),
        ("f.pptx", office.slides(), Limits(pages=2)),
        (
            "f.odp",
            office.open_document("<office:presentation>" + "<draw:page/>" * 3 + "</office:presentation>"),
            Limits(pages=2),
        ),
        ("f.txt", b"words " * 100, Limits(characters=500)),
        ("f.html", b"words " * 100, Limits(characters=500)),
        ("f.docx", bomb(), Limits(unpacked=1_000_000)),
        ("f.xlsx", bomb(), Limits(unpacked=1_000_000)),
        ("f.pptx", bomb(), Limits(unpacked=1_000_000)),
        ("f.xlsx", office.sheets(), Limits(cells=5)),
    ],
)
def test_a_file_beyond_what_is_read_of_one_says_so(tmp_path: Path, name: str, data: bytes, limits: Limits) -> None:
    with pytest.raises(TooMuch, match="smaller parts"):
        read(tmp_path, name, data, limits)


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("Report.PDF", "", FileKind.PDF),
        ("report", "application/pdf; charset=binary", FileKind.PDF),
        ("report.txt", "application/pdf", FileKind.PLAIN),
        ("plan.png", "", FileKind.PICTURE),
        ("plan", "image/png", FileKind.PICTURE),
        ("old.doc", "application/msword", FileKind.OTHER),
        ("", "", FileKind.OTHER),
    ],
)
def test_a_kind_is_known_by_its_name_and_else_by_its_type(name: str, media_type: str, kind: FileKind) -> None:
    assert kind_of_file(name, media_type) is kind


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.binary(min_size=1, max_size=400))
def test_no_bytes_at_all_make_a_reader_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, kind: FileKind, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any-{kind.name}"
    begins = KINDS[kind].begins
    path.write_bytes((begins[0] if begins else b"") + data)
    try:
        body = read_file(path, kind, "any")
    except FileUnread:
        return
    extract(parse(body))


@given(html=st.text(max_size=300))
def test_whatever_a_page_holds_becomes_inert_text(html: str) -> None:
    made = clean(f"{html}<ac:structured-macro ac:name='x'>kept</ac:structured-macro><p onclick='x()'>too</p>")
    assert "ac:" not in made.replace(html, "")
    assert "onclick" not in made.replace(html, "")


def test_what_goes_into_a_body_as_text_stays_text() -> None:
    body = Body(Limits())
    body.heading(1, "a < b")
    body.paragraph("<script>x()</script>\x00\x0c")
    body.points(["one", " ", "two & three"])
    body.table([["<b>", ""], ["", ""]], headed=True)
    assert found(str(body)) == [(("a < b",), "<script>x()</script>\n- one\n- two & three\n<b>")]
