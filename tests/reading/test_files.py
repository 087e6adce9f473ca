"""Files to be sent: to those who may read the page, and never as something that a browser runs."""

import re

import pytest

from mainstem.convert import extract, parse
from mainstem.reading.files import UNKNOWN_TYPE, Download, file_of, why_no_text
from mainstem.store import file_texts, kept
from mainstem.store.file_texts import Outcome, TextOfFile, WantedFile
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import AttachmentFile, Content, Kind
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW

PICTURE = AttachmentFile("image/png", 9, None, "/download/f")


def sent(wiki: Wiki, id_: int, viewer: Viewer) -> Download:
    found = file_of(wiki.db, id_, viewer=viewer)
    assert found is not None
    return found


def test_a_file_is_told_with_where_it_is_fetched(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.png", size=12)
    assert sent(wiki, id_, alice) == Download(
        document_id=id_,
        version=1,
        connection_id=wiki.site.id,
        source_id="f",
        reference="/download/f",
        filename="plan.png",
        media_type="image/png",
        size=12,
        in_place=True,
        url="https://acme.example/wiki/f",
        digest="",
    )


def test_what_is_kept_of_a_file_counts_for_its_version_alone(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.png")
    kept.keep(wiki.db, id_, version=1, digest="first", now=NOW)
    assert sent(wiki, id_, alice).digest == kept.digest(wiki.db, id_, version=1) == "first"
    wiki.save("f", None, kind=Kind.ATTACHMENT, container_id="1", version=2, file=PICTURE)
    assert sent(wiki, id_, alice).digest == kept.digest(wiki.db, id_, version=2) == ""
    kept.keep(wiki.db, id_, version=2, digest="second", now=NOW)
    assert sent(wiki, id_, alice).digest == "second"
    assert kept.unwanted(wiki.db, limit=9) == ["first"]
    kept.forget(wiki.db, ["first", "second"])
    assert kept.unwanted(wiki.db, limit=9) == []
    kept.keep(wiki.db, id_, version=2, digest="third", now=NOW)
    assert kept.unwanted(wiki.db, limit=9) == ["second"]


def test_nothing_is_kept_of_a_document_that_is_gone(wiki: Wiki) -> None:
    kept.keep(wiki.db, 4711, version=1, digest="first", now=NOW)
    assert not kept.unwanted(wiki.db, limit=9)


def test_a_file_has_the_readers_of_its_page(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.png")
    wiki.restrict("1", ALICE.id)
    assert sent(wiki, id_, alice)
    assert file_of(wiki.db, id_, viewer=bob) is None
    assert file_of(wiki.db, id_, viewer=CHARLIE) is None


def test_a_page_is_no_file(wiki: Wiki, alice: Viewer) -> None:
    assert file_of(wiki.db, wiki.save("1"), viewer=alice) is None


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/pdf", "", "image/png\r\nX: y"])
def test_only_pictures_that_cannot_run_are_shown_in_place(wiki: Wiki, alice: Viewer, media_type: str) -> None:
    wiki.save("1")
    found = sent(wiki, wiki.attach("f", "1", "x", media_type), alice)
    assert not found.in_place
    assert found.media_type in {media_type, UNKNOWN_TYPE}
    assert "\n" not in found.media_type


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"\r\nb.txt', "a___b.txt"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("..", "file"),
    ],
)
def test_a_name_has_no_folders_quotes_or_controls(wiki: Wiki, alice: Viewer, stored: str, told: str) -> None:
    wiki.save("1")
    assert sent(wiki, wiki.attach("f", "1", stored), alice).filename == told


def read_as(wiki: Wiki, id_: int, outcome: Outcome, body: str = "", cause: str = "", version: int = 1) -> None:
    """Note what came of reading a file."""
    content = Content(str(id_), Kind.ATTACHMENT, "", "", version)
    made = extract(parse(body)) if body else None
    text = TextOfFile(WantedFile(id_, content, ""), outcome, body, made, cause)
    file_texts.save(wiki.db, [text], reading=1, now=NOW)


def test_the_text_of_a_file_is_shown_with_its_pages(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.pdf", "application/pdf")
    read_as(wiki, id_, Outcome.READ, "<h2>Page 1</h2><p>Blue.</p><h2>Page 2</h2><p>Red.</p>")
    shown = wiki.read(id_, alice)
    assert "<p>Red.</p>" in shown.html
    assert [heading.anchor for heading in shown.contents] == ["page-1", "page-2"]
    assert shown.no_text == ""


@pytest.mark.parametrize(
    ("outcome", "cause", "told"),
    [
        (None, "", "next sync"),
        (Outcome.READ, "", "no text in this file"),
        (Outcome.LEFT, "", "Only the name"),
        (Outcome.LEFT, "The file is larger than 25 MB; attach it in parts", "larger than 25 MB"),
        (Outcome.FAILED, "A password protects the file; attach it without one", "Only the name.*password"),
    ],
)
def test_a_file_without_text_says_why(
    wiki: Wiki, alice: Viewer, outcome: Outcome | None, cause: str, told: str
) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.pdf", "application/pdf")
    if outcome:
        read_as(wiki, id_, outcome, cause=cause)
    assert re.search(told, wiki.read(id_, alice).no_text)


def test_what_came_of_another_version_is_told_of_none(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("1")
    id_ = wiki.attach("f", "1", "plan.pdf", "application/pdf")
    read_as(wiki, id_, Outcome.FAILED, cause="It is damaged; save it anew", version=2)
    assert "next sync" in wiki.read(id_, alice).no_text
    assert why_no_text(wiki.db, id_, viewer=CHARLIE) == why_no_text(wiki.db, 4711, viewer=CHARLIE)
