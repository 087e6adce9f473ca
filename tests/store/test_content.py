"""Saving and reading back what Confluence holds, and telling the index exactly when search could notice."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from mainstem.store import audiences, chains, content, documents, indexable, journal, visibility
from mainstem.store.documents import Document
from mainstem.store.heads import stored_heads
from mainstem.wiki.audience import OPERATOR, Rules
from mainstem.wiki.content import AttachmentFile, Content, Kind, Space, Status
from mainstem.wiki.documents import Converted, Passage
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.store.site import ALICE, BOB, NOW, Site, counted_statements, made, page, site


def visible(stored: Site) -> set[str]:
    viewer = visibility.viewer_for(stored.db, ALICE.id, rules_since=None)
    return {id_ for id_ in ("p1", "p2", "p3") if documents.document(stored.db, (stored.id, id_), viewer=viewer)}


def read(stored: Site, id_: str) -> Document | None:
    """A document as the operator sees it."""
    return documents.document(stored.db, (stored.id, id_), viewer=OPERATOR)


PROPERTIES = (
    PageProperty("Owner", "@Ann, @Ben", PropertyType.PERSON, ("Ann", "Ben")),
    PageProperty("Owner", "Carl", PropertyType.TEXT, ("Carl",)),
)


def noticed(stored: Site, before: int) -> list[int]:
    """The documents that the index was told of since."""
    return [entry.document_id for entry in journal.since(stored.db, before, 100)]


def test_a_document_comes_back_whole(db: Connection) -> None:
    stored = site(db)
    item = page("p1", title="Größe ✓", author_id=ALICE.id, editor_id=BOB.id, created_at=NOW, parent_id=None, version=7)
    passages = (Passage(0, (), "", "Intro"), Passage(1, ("A", "B"), "b", "Detail"))
    converted = Converted(passages, (), PROPERTIES, 3)
    content.save_documents(db, stored.id, [(item, "h", converted)], NOW)
    stored.rule(Rules("p1", labels=("zeta", "alpha")))
    found = read(stored, "p1")
    assert found
    assert (found.title, found.version, found.kind, found.status) == ("Größe ✓", 7, Kind.PAGE, Status.CURRENT)
    assert (found.author, found.editor, found.created_at) == ("Alice Archer", "Bob Berg", NOW)
    assert (found.connection_name, found.space_key, found.space_name) == ("Acme", "ENG", "Engineering")
    assert (found.source, found.representation, found.file) == ("<p>Text of p1</p>", "storage", None)
    assert (found.passages, found.properties) == (passages, PROPERTIES)
    assert found.labels == ("alpha", "zeta")
    assert documents.document(db, found.id, viewer=OPERATOR) == found


def test_saving_again_replaces_everything_made_of_the_body_and_keeps_the_id(db: Connection) -> None:
    stored = site(db)
    first = stored.save(page("p1"))
    content.save_documents(db, stored.id, [(page("p1", body=None, version=2), None, made("New"))], NOW)
    found = read(stored, "p1")
    assert found
    assert (found.id, found.version, found.source) == (first["p1"], 2, None)
    assert [each.text for each in found.passages] == ["New"]


def test_a_file_keeps_its_facts(db: Connection) -> None:
    stored = site(db)
    file = AttachmentFile("application/pdf", 3_000_000_000, "f-1", "/download/x.pdf", "the plan")
    stored.save(page("p1"), Content("a1", Kind.ATTACHMENT, "s1", "x.pdf", 1, container_id="p1", file=file))
    found = read(stored, "a1")
    assert found
    assert (found.file, found.container_id) == (file, "p1")


def test_a_comment_without_a_space_gets_that_of_its_page_even_through_an_attachment(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    stored.save(
        Content("c2", Kind.COMMENT, "", "Re: x.pdf", 1, container_id="a1"),
        Content("a1", Kind.ATTACHMENT, "", "x.pdf", 1, container_id="p1"),
        Content("c1", Kind.COMMENT, "", "Re: p1", 1, container_id="p1"),
    )
    assert {getattr(read(stored, id_), "space_id", None) for id_ in ("c1", "c2", "a1")} == {"s1"}


def test_counts_tell_kinds_apart_and_leave_out_what_is_not_there(db: Connection) -> None:
    stored = site(db)
    content.save_spaces(db, stored.id, [Space("s2", "EMPTY", "Nothing yet")])
    ids = stored.save(
        page("p1"),
        page("p2", status=Status.ARCHIVED),
        page("p3", status=Status.DRAFT),
        page("p4"),
        page("b1", kind=Kind.BLOGPOST),
        page("f1", kind=Kind.FOLDER),
        Content("c1", Kind.COMMENT, "s1", "", 1, container_id="p1"),
        Content("a1", Kind.ATTACHMENT, "s1", "x", 1, container_id="p1"),
    )
    content.tombstone(db, [ids["p4"]], NOW)
    counted = documents.counts(db, stored.id, viewer=OPERATOR)
    assert counted == documents.Counts(spaces=1, pages=2, blogposts=1, comments=1, attachments=1, others=1, passages=6)


def test_heads_change_all_but_the_body_and_its_version(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1", version=3))
    moved = page("p1", title="New title", version=4, parent_id="p0", status=Status.ARCHIVED, body=None)
    content.save_heads(db, stored.id, [moved], NOW)
    found = read(stored, "p1")
    assert found
    assert (found.title, found.parent_id, found.status) == ("New title", "p0", Status.ARCHIVED)
    assert (found.version, found.source) == (3, "<p>Text of p1</p>")


def test_what_has_no_body_takes_its_version_from_the_head(db: Connection) -> None:
    stored = site(db)
    folder = page("f1", kind=Kind.FOLDER, body=None)
    content.save_heads(db, stored.id, [folder], NOW)
    content.save_heads(db, stored.id, [replace(folder, version=2)], NOW)
    found = read(stored, "f1")
    assert found
    assert found.version == 2


def test_heads_are_told_to_the_index_only_when_search_could_notice(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2"))
    before = journal.last(db)
    content.save_heads(db, stored.id, [page("p1", position=9, version=5), page("p2")], NOW + timedelta(hours=1))
    assert noticed(stored, before) == []
    content.save_heads(db, stored.id, [page("p1", title="Other"), page("p2")], NOW)
    assert noticed(stored, before) == [ids["p1"]]
    content.save_heads(db, stored.id, [page("p2")], NOW, in_scope=False)
    assert noticed(stored, before) == [ids["p1"], ids["p2"]]
    assert read(stored, "p2") is None


def test_a_tombstone_hides_and_is_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2"))
    before = journal.last(db)
    assert content.tombstone(db, ids.values(), NOW) == 2
    assert content.tombstone(db, ids.values(), NOW) == 0
    assert read(stored, "p1") is None
    assert list(indexable.passages_for_index(db, list(ids.values()))) == []
    assert noticed(stored, before) == [ids["p1"], ids["p2"]]


def test_what_was_moved_is_hidden_with_all_below_it_until_it_is_released(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"), page("p2", parent_id="p1"), page("p3"))
    content.hold(db, stored.id, ["p1"])
    chains.rebuild_chains(db, stored.id)
    assert visible(stored) == {"p3"}
    for space, shown in (("elsewhere", {"p3"}), ("s1", {"p1", "p2", "p3"})):
        content.release(db, stored.id, [space])
        chains.rebuild_chains(db, stored.id)
        assert visible(stored) == shown


def test_a_new_place_takes_nothing_of_the_new_text_with_it(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"), page("p2"))
    content.save_places(db, stored.id, [replace(page("p2", parent_id="p1"), title="Secret plans", version=9)])
    head = stored_heads(db, stored.id)["p2"]
    assert (head.parent_id, head.title, head.version) == ("p1", page("p2").title, 1)


def test_saving_a_tombstone_brings_it_back_with_its_old_rules(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"))
    content.tombstone(db, ids.values(), NOW)
    stored.save_as_found(page("p1"))
    assert content.ids_of(db, stored.id, ["p1"]) == ids
    assert [each.document_id for each in indexable.passages_for_index(db, [ids["p1"]])] == [ids["p1"]]


def test_the_index_is_given_all_it_needs_in_one_go(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1", title="One", author_id=ALICE.id), page("p2"))
    stored.rule(Rules("p1", labels=("howto",)))
    first, second = indexable.passages_for_index(db, [*ids.values(), 999_999])
    assert (first.document_id, first.title, first.author, first.labels) == (
        ids["p1"],
        "One",
        "Alice Archer",
        ("howto",),
    )
    assert (first.connection_name, first.space_key, first.modified_at) == ("Acme", "ENG", NOW)
    assert [each.text for each in first.passages] == ["About p1"]
    assert first.chain_id == second.chain_id


def test_a_renamed_author_is_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1", author_id=ALICE.id), page("p2", author_id=BOB.id))
    before = journal.last(db)
    audiences.save_people(db, stored.id, [replace(ALICE, display_name="Alice Baker"), BOB], NOW)
    assert noticed(stored, before) == [ids["p1"]]


def test_an_author_who_becomes_known_after_their_documents_is_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1", author_id="late"), page("p2", author_id=BOB.id))
    before = journal.last(db)
    audiences.save_people(db, stored.id, [replace(ALICE, id="late"), BOB], NOW)
    assert noticed(stored, before) == [ids["p1"]]


def test_thousands_are_saved_with_few_statements(db: Connection) -> None:
    stored = site(db)
    statements: list[str] = []
    many = [(page(f"p{n}", parent_id=f"p{n // 10}" if n else None), "h", made("a", "b")) for n in range(2_000)]
    with counted_statements(db, statements):
        content.save_documents(db, stored.id, many, NOW)
        chains.rebuild_chains(db, stored.id)
    assert len(statements) < 40
    assert documents.counts(db, viewer=OPERATOR).passages == 4_000
