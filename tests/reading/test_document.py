"""A document as people read it, with all that surrounds it, and none of it for an outsider."""

from datetime import timedelta
from typing import Any

from mainstem.convert import Heading
from mainstem.reading.document import Crumb, FileRef, Ref
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind, Status
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, BOB, NOW, counted_statements

LINK_TO_TARGET = '<p><ac:link><ri:page ri:content-title="Target" /></ac:link></p>'


def test_a_document_comes_with_its_facts(wiki: Wiki, alice: Viewer) -> None:
    created = NOW - timedelta(days=3)
    id_ = wiki.save(
        "1",
        "<h1>One</h1><p>word</p>",
        title="Facts",
        labels=("b", "a"),
        editor_id=BOB.id,
        created_at=created,
        version=7,
    )
    found = wiki.read(id_, alice)
    assert (found.id, found.kind, found.title, found.source) == (id_, Kind.PAGE, "Facts", "Acme")
    assert (found.space_key, found.space_name, found.status) == ("ENG", "Engineering", Status.CURRENT)
    assert (found.labels, found.author, found.editor) == (("a", "b"), ALICE.display_name, BOB.display_name)
    assert (found.created_at, found.modified_at, found.version) == (created, NOW, 7)
    assert (found.url, found.reading_minutes) == ("https://acme.example/wiki/1", 1)
    assert '<h1 id="one">One</h1>' in found.html


def test_an_outsider_is_told_that_nothing_is_there(wiki: Wiki) -> None:
    id_ = wiki.save("1")
    assert wiki.open(id_, CHARLIE) is None
    assert wiki.open(id_, wiki.viewer("nobody@example.com")) is None


def test_who_is_not_named_by_a_restriction_is_told_that_nothing_is_there(
    wiki: Wiki, alice: Viewer, bob: Viewer
) -> None:
    id_ = wiki.save("1")
    wiki.restrict("1", ALICE.id)
    assert wiki.open(id_, alice)
    assert wiki.open(id_, bob) is None


def test_a_document_whose_rules_cannot_be_had_any_more_is_not_there(wiki: Wiki, alice: Viewer) -> None:
    id_ = wiki.save("1")
    wiki.fail("1")
    assert wiki.open(id_, alice) is None


def test_the_breadcrumb_leads_down_from_the_root_and_folders_are_not_opened(wiki: Wiki, alice: Viewer) -> None:
    root = wiki.save("1", title="Home")
    wiki.save("2", None, title="Shelf", kind=Kind.FOLDER, parent_id="1", parent_kind=Kind.PAGE)
    parent = wiki.save("3", title="Guides", parent_id="2", parent_kind=Kind.FOLDER)
    id_ = wiki.save("4", title="Setup", parent_id="3", parent_kind=Kind.PAGE)
    assert wiki.read(id_, alice).breadcrumb == (Crumb(root, "Home"), Crumb(None, "Shelf"), Crumb(parent, "Guides"))


def test_a_file_and_a_comment_stand_below_their_page(wiki: Wiki, alice: Viewer) -> None:
    root = wiki.save("1", title="Home")
    parent = wiki.save("2", title="Guide", parent_id="1", parent_kind=Kind.PAGE)
    for hanging in (wiki.attach("f1", "2", "plan.png"), wiki.comment("c1", "2", "<p>ok</p>")):
        assert wiki.read(hanging, alice).breadcrumb == (Crumb(root, "Home"), Crumb(parent, "Guide"))


def test_pages_that_are_above_each_other_end(wiki: Wiki) -> None:
    wiki.save("1", title="Egg", parent_id="2", parent_kind=Kind.PAGE)
    id_ = wiki.save("2", title="Hen", parent_id="1", parent_kind=Kind.PAGE)
    assert [crumb.title for crumb in wiki.read(id_, OPERATOR).breadcrumb] == ["Egg"]


def test_children_come_in_order_and_hidden_ones_do_not(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    id_ = wiki.save("1")
    below: dict[str, Any] = {"parent_id": "1", "parent_kind": Kind.PAGE}
    second = wiki.save("2", title="B", position=2, **below)
    first = wiki.save("3", title="C", position=1, **below)
    last = wiki.save("4", None, title="A", kind=Kind.WHITEBOARD, **below)
    wiki.restrict("3", ALICE.id)
    assert [ref.document_id for ref in wiki.read(id_, alice).children] == [first, second, last]
    assert wiki.read(id_, bob).children == (Ref(second, "B", Kind.PAGE), Ref(last, "A", Kind.WHITEBOARD))


def test_contents_name_the_headings_that_the_page_has(wiki: Wiki, alice: Viewer) -> None:
    panel = '<ac:structured-macro ac:name="info"><ac:rich-text-body><h3>In a box</h3></ac:rich-text-body>'
    body = f"<h1>Start <em>here</em></h1>{panel}</ac:structured-macro><h4>Deep</h4><h2> </h2><h2>End</h2>"
    found = wiki.read(wiki.save("1", body), alice)
    assert found.contents == (
        Heading(1, "start-here", "Start here"),
        Heading(3, "in-a-box", "In a box"),
        Heading(2, "end", "End"),
    )
    assert all(f'id="{heading.anchor}"' in found.html for heading in found.contents)


def test_files_are_listed_with_where_they_are_sent_from(wiki: Wiki, alice: Viewer) -> None:
    id_ = wiki.save("1")
    file = wiki.attach("f1", "1", "plan.pdf", "application/pdf", 1200)
    listed = (FileRef(file, "plan.pdf", "application/pdf", 1200, f"/files/{file}"),)
    assert wiki.read(id_, alice).attachments == listed
    assert wiki.read(file, alice).attachments == listed
    assert wiki.open(file, CHARLIE) is None


def test_backlinks_name_what_leads_here_the_newest_first(wiki: Wiki, alice: Viewer) -> None:
    id_ = wiki.save("1", LINK_TO_TARGET, title="Target")
    older = wiki.save("2", LINK_TO_TARGET, title="By title", modified_at=NOW - timedelta(days=1))
    by_id = '<ac:link><ri:content-entity ri:content-id="1" /></ac:link>'
    newer = wiki.save("3", by_id, title="By id")
    wiki.save("4", '<ac:link><ri:page ri:content-title="Target" ri:space-key="OPS" /></ac:link>', title="Elsewhere")
    wiki.comment("c1", "1", LINK_TO_TARGET)
    found = wiki.read(id_, alice)
    assert found.backlinks == (Ref(newer, "By id", Kind.PAGE), Ref(older, "By title", Kind.PAGE))
    assert found.backlinks_total == 2


def test_a_link_without_a_space_means_the_space_of_whoever_links(wiki: Wiki, alice: Viewer) -> None:
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    id_ = wiki.save("1", title="Target")
    wiki.save("2", LINK_TO_TARGET, space_id="s2")
    assert wiki.read(id_, alice).backlinks_total == 0
    keyed = '<ac:link><ri:page ri:content-title="Target" ri:space-key="ENG" /></ac:link>'
    wiki.save("3", keyed, space_id="s2")
    assert wiki.read(id_, alice).backlinks_total == 1


def test_backlinks_count_what_the_viewer_may_read_and_name_twenty(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    id_ = wiki.save("1", title="Target")
    for number in range(22):
        wiki.save(f"from-{number}", LINK_TO_TARGET)
    wiki.restrict("from-3", ALICE.id)
    found = wiki.read(id_, alice)
    assert (len(found.backlinks), found.backlinks_total) == (20, 22)
    assert wiki.read(id_, bob).backlinks_total == 21


def test_comments_are_threads_with_their_pictures_and_without_ids(wiki: Wiki, alice: Viewer) -> None:
    id_ = wiki.save("1", "<h1>Same</h1>")
    file = wiki.attach("f1", "1", "plan.png")
    picture = '<h1>Same</h1><ac:image><ri:attachment ri:filename="plan.png" /></ac:image>'
    first = wiki.comment("c1", "1", picture, created_at=NOW, inline_selection="Same", resolved=True)
    answer = wiki.comment("c2", "1", "<p>yes</p>", created_at=NOW, parent_id="c1", parent_kind=Kind.COMMENT)
    lost = wiki.comment("c3", "1", "<p>hm</p>", created_at=NOW, parent_id="gone", parent_kind=Kind.COMMENT)
    top, orphan = wiki.read(id_, alice).comments
    assert (top.id, top.author, top.inline_selection, top.resolved) == (first, ALICE.display_name, "Same", True)
    assert f'src="/files/{file}"' in top.html
    assert "id=" not in top.html
    assert [(reply.id, reply.html.strip()) for reply in top.replies] == [(answer, "<p>yes</p>")]
    assert (orphan.id, orphan.replies) == (lost, ())


def test_a_long_quarrel_is_read_to_its_end(wiki: Wiki, alice: Viewer) -> None:
    id_ = wiki.save("1")
    for number in range(40):
        wiki.comment(f"c{number}", "1", "<p>no</p>", parent_id=f"c{number - 1}", created_at=NOW)
    depth, comments = 0, wiki.read(id_, alice).comments
    while comments:
        depth, comments = depth + 1, comments[0].replies
    assert depth == 40


def test_what_has_no_text_is_read_too(wiki: Wiki, alice: Viewer) -> None:
    found = wiki.read(wiki.save("1", None, kind=Kind.FOLDER), alice)
    assert (found.html, found.contents, found.reading_minutes) == ("", (), 0)


def test_reading_takes_longer_the_more_there_is(wiki: Wiki, alice: Viewer) -> None:
    assert wiki.read(wiki.save("1", f"<p>{'word ' * 500}</p>"), alice).reading_minutes == 3
    assert wiki.read(wiki.save("2", "<p>" + "\u5b57" * 900 + "</p>"), alice).reading_minutes == 3


def test_the_number_of_statements_does_not_grow_with_what_is_linked(wiki: Wiki, alice: Viewer) -> None:
    def link(number: int) -> str:
        return (
            f'<ac:link><ri:page ri:content-title="P{number}" /></ac:link>'
            f'<ac:link><ri:content-entity ri:content-id="{number}" /></ac:link>'
            f'<ac:link><ri:user ri:account-id="u{number}" /></ac:link>'
            f'<ac:link><ri:space ri:space-key="S{number}" /></ac:link>'
            f'<ac:link><ri:attachment ri:filename="f{number}"><ri:page ri:content-title="P{number}" /></ri:attachment>'
            "</ac:link>"
        )

    few = wiki.save("few", link(1) + link(99))
    many = wiki.save("many", "".join(map(link, range(100))))
    for number in range(30):
        wiki.save(f"{number}", title=f"P{number}")
        wiki.comment(f"c{number}", "many", link(number))
    sent: dict[int, list[str]] = {few: [], many: []}
    for id_, statements in sent.items():
        with counted_statements(wiki.db, statements):
            wiki.read(id_, alice)
    assert len(sent[few]) == len(sent[many]) <= 17
