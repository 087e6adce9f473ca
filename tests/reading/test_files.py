"""Files to be sent: to those who may read the page, and never as something that a browser runs."""

import pytest

from mainstem.reading.files import UNKNOWN_TYPE, Download, file_of
from mainstem.store import kept
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import AttachmentFile, Kind
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
    assert kept.digests(wiki.db) == {"second"}


def test_nothing_is_kept_of_a_document_that_is_gone(wiki: Wiki) -> None:
    kept.keep(wiki.db, 4711, version=1, digest="first", now=NOW)
    assert not kept.digests(wiki.db)


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
