"""Broken links: exactly those that a reader's page leads nowhere, and nothing that tells of what is hidden."""

import pytest

from mainstem.store.broken_links import BrokenLink, broken_links
from mainstem.wiki.audience import Viewer
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE

SITE = "https://acme.example/wiki"
FORMS = {
    "page": '<ac:link><ri:page ri:content-title="Target" /></ac:link>',
    "page elsewhere": '<ac:link><ri:page ri:content-title="Target" ri:space-key="ENG" /></ac:link>',
    "content": '<ac:link><ri:content-entity ri:content-id="77" /></ac:link>',
    "both": '<ac:link><ri:page ri:content-title="Old" ri:content-id="77" /></ac:link>',
    "address": f'<a href="{SITE}/spaces/ENG/pages/77">x</a>',
    "old address": f'<a href="{SITE}/display/ENG/Target">x</a>',
    "tiny address": '<a href="/wiki/x/TQ">x</a>',
    "file": '<ri:attachment ri:filename="f.pdf"><ri:page ri:content-title="Target" /></ri:attachment>',
    "address of a file": f'<a href="{SITE}/download/attachments/77/f.pdf">x</a>',
}


FORMS["file"] = f"<ac:link>{FORMS['file']}</ac:link>"


def found(wiki: Wiki, viewer: Viewer) -> list[BrokenLink]:
    links, total = broken_links(wiki.db, wiki.site.id, viewer=viewer, limit=100)
    assert total == len(links)
    return links


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_link_is_broken_until_what_it_names_can_be_read(wiki: Wiki, alice: Viewer, bob: Viewer, body: str) -> None:
    from_ = wiki.save("1", body)
    [broken] = missing = found(wiki, bob)
    assert broken.document_id == from_
    wiki.save("77", title="Target")
    wiki.attach("att9", "77", "f.pdf")
    assert not found(wiki, alice)
    # What is hidden reads as what does not exist.
    wiki.restrict("77", ALICE.id)
    assert found(wiki, bob) == missing
    assert not found(wiki, alice)


def test_a_file_of_the_page_itself_is_looked_for_there(wiki: Wiki, alice: Viewer) -> None:
    body = '<ac:image><ri:attachment ri:filename="f.png"/></ac:image>'
    wiki.save("1", body)
    wiki.comment("c", "1", body)
    wiki.save("2", "")
    wiki.attach("other", "2", "f.png")
    assert {link.filename for link in found(wiki, alice)} == {"f.png"}
    assert len(found(wiki, alice)) == 2
    wiki.attach("own", "1", "f.png")
    assert not found(wiki, alice)


def test_a_space_is_there_for_whom_it_holds_anything(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("1", '<ac:link><ri:space ri:space-key="OPS" /></ac:link>')
    assert [link.page_space for link in found(wiki, alice)] == ["OPS"]
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    wiki.save("o", space_id="s2")
    assert not found(wiki, alice)
    assert len(found(wiki, bob)) == 1


def test_a_link_by_a_former_title_is_not_broken(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("77", title="Target")
    wiki.save("1", FORMS["page"])
    wiki.save("77", title="New name")
    assert not found(wiki, alice)


def test_what_is_no_link_into_the_site_is_never_broken(wiki: Wiki, alice: Viewer) -> None:
    wiki.save(
        "1",
        '<a href="https://other.example/wiki/spaces/X/pages/9">x</a><a href="mailto:a@b.example">x</a>'
        '<ac:link><ri:user ri:account-id="nobody" /></ac:link><a href="/wiki/people/1">x</a>',
    )
    assert not found(wiki, alice)


def test_nobody_is_told_of_links_on_pages_that_they_may_not_read(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save("1", FORMS["page"])
    wiki.restrict("1", ALICE.id)
    assert len(found(wiki, alice)) == 1
    assert not found(wiki, bob)
    assert not found(wiki, CHARLIE)


def test_the_list_is_given_in_pieces(wiki: Wiki, alice: Viewer) -> None:
    for number in range(5):
        wiki.save(f"{number}", FORMS["page"], title=f"P{number}")
    some, total = broken_links(wiki.db, wiki.site.id, viewer=alice, limit=2, offset=3)
    assert ([link.title for link in some], total) == (["P3", "P4"], 5)
