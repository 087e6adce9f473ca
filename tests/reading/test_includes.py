"""Pages shown within pages: whole or in part, at home in their own space, for those alone who may read them."""

import pytest

from mainstem.convert.plain import MISSING
from mainstem.reading.document import ReadDocument
from mainstem.store import content
from mainstem.wiki.audience import OPERATOR, Viewer
from tests.convert.storage import macro, page, rich
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW, counted_statements

NOTICE = "<h2>Opening hours</h2><p>Nine to five.</p>"


def include(title: str, space: str = "") -> str:
    key = f' ri:space-key="{space}"' if space else ""
    return macro("include", **{"": f'<ac:link><ri:page ri:content-title="{title}"{key} /></ac:link>'})


def excerpt(name: str, text: str, **parameters: str) -> str:
    return macro("excerpt", rich(text), name=name, **parameters)


def excerpt_include(title: str, name: str = "", **parameters: str) -> str:
    named = {"name": name} if name else {}
    return macro("excerpt-include", **{"": page(title)}, **named, **parameters)


def as_markdown(wiki: Wiki, id_: int, viewer: Viewer, anchor: str = "") -> str:
    text = wiki.read(id_, viewer).markdown(anchor)
    assert text is not None
    return text


def as_read(wiki: Wiki, id_: int, viewer: Viewer) -> tuple[ReadDocument, str, str]:
    found = wiki.read(id_, viewer)
    return found, found.html, found.markdown() or ""


def test_an_included_page_is_shown_below_its_title(wiki: Wiki, alice: Viewer) -> None:
    notice = wiki.save("n", NOTICE, title="Notice")
    host = wiki.save("1", f"<p>Before</p>{include('Notice')}<p>After</p>")
    found = wiki.read(host, alice)
    assert found.html.replace(' rel="noopener noreferrer"', "") == (
        f'<p>Before</p>\n<div class="included"><p class="source"><a href="/documents/{notice}">Notice</a></p>\n'
        f'<h2 id="from-{notice}.opening-hours">Opening hours</h2>\n<p>Nine to five.</p>\n</div>\n<p>After</p>\n'
    )
    assert [heading.text for heading in found.contents] == ["Opening hours"]
    assert as_markdown(wiki, host, alice) == (
        f"Before\n\n↪ [Notice](/documents/{notice})\n\n## Opening hours\n\nNine to five.\n\nAfter\n"
    )
    section = as_markdown(wiki, host, alice, f"from-{notice}.opening-hours")
    assert section == "## Opening hours\n\nNine to five.\n"


@pytest.mark.parametrize("body", [include("Secret"), excerpt_include("Secret"), excerpt_include("Secret", "x")])
def test_a_page_that_is_not_for_the_viewer_reads_as_one_that_is_gone(wiki: Wiki, bob: Viewer, body: str) -> None:
    host = wiki.save("1", f"<table><tbody><tr><td>{body}</td></tr></tbody></table>{body}")
    wiki.comment("c", "1", body)
    gone = as_read(wiki, host, bob)
    wiki.save("s", excerpt("x", "<p>Kingfisher</p>"), title="Secret")
    wiki.restrict("s", ALICE.id)
    assert as_read(wiki, host, bob) == gone
    found, html, markdown = gone
    assert html.count(MISSING) == markdown.count(MISSING) == 2
    assert MISSING in found.comments[0].html
    assert "Secret" not in repr(gone)
    alice = wiki.viewer(ALICE.id)
    assert wiki.read(host, alice).html.count("Kingfisher") == 2
    assert "Kingfisher" in wiki.read(host, alice).comments[0].html
    content.tombstone(wiki.db, content.ids_of(wiki.db, wiki.site.id, ["s"]).values(), NOW)
    assert as_read(wiki, host, bob) == gone
    assert wiki.open(host, CHARLIE) is None


def test_nothing_of_an_included_page_is_stored_with_its_includer(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("n", NOTICE, title="Notice")
    wiki.save("1", f"<p>own</p>{include('Notice')}<table><tbody><tr><td>{include('Notice')}</td></tr></tbody></table>")
    assert [passage.text for passage in wiki.stored("1").passages] == ["own"]


def test_an_edit_reaches_every_includer_at_once(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("n", NOTICE, title="Notice")
    hosts = [wiki.save("1", include("Notice")), wiki.save("2", include("Notice"))]
    wiki.save("n", "<p>Closed</p>", title="Notice", version=2)
    assert all("<p>Closed</p>" in wiki.read(host, alice).html for host in hosts)


EXCERPTS = (
    excerpt("hours", "<p>Nine to five</p>")
    + excerpt("", "<p>By default</p>")
    + f"<p>In {excerpt('line', '<p>a line</p>', **{'atlassian-macro-output-type': 'INLINE'})} of words</p>"
    + excerpt("unseen", "<p>Behind the scenes</p>", hidden="true")
    + macro("details", rich(macro("multiexcerpt", rich("<p>Deep</p>"), MultiExcerptName="deep")))
)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (excerpt_include("E", "hours"), "Nine to five"),
        (excerpt_include("E"), "By default"),
        (excerpt_include("E", "line"), "a line"),
        (excerpt_include("E", "unseen"), "Behind the scenes"),
        (macro("multiexcerpt-include", MultiExcerptName="deep", PageWithExcerpt=page("E")), "Deep"),
        (excerpt_include("E", "never"), "<small>This page has no such excerpt any more.</small>"),
    ],
)
def test_an_excerpt_is_shown_by_its_name(wiki: Wiki, alice: Viewer, body: str, shown: str) -> None:
    wiki.save("e", EXCERPTS, title="E")
    html = wiki.read(wiki.save("1", body), alice).html
    assert html.endswith(f"</p>\n<p>{shown}</p>\n</div>\n")


def test_an_excerpt_without_a_panel_stands_alone(wiki: Wiki, alice: Viewer) -> None:
    wiki.save("e", EXCERPTS, title="E")
    host = wiki.save("1", excerpt_include("E", "hours", nopanel="true"))
    assert wiki.read(host, alice).html == '<div class="included bare"><p>Nine to five</p>\n</div>\n'
    assert as_markdown(wiki, host, alice) == "Nine to five\n"


def test_what_is_included_stays_at_home_where_it_was_written(wiki: Wiki, alice: Viewer) -> None:
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    beside = wiki.save("b", title="Beside", space_id="s2")
    wiki.save("x", title="Beside")
    body = (
        "<h1>Same</h1><p><ac:link><ri:page ri:content-title='Beside' /></ac:link>"
        "<ac:link ac:anchor='Same'><ac:link-body>up</ac:link-body></ac:link>"
        "<ac:image><ri:attachment ri:filename='plan.png' /></ac:image><a href='/wiki/x/Tiny'>tiny</a></p>"
    )
    there = wiki.save("p", body, title="There", space_id="s2")
    picture = wiki.attach("f", "p", "plan.png", space_id="s2")
    wiki.attach("g", "1", "plan.png")
    html = wiki.read(wiki.save("1", f"<h1>Same</h1>{include('There', 'OPS') * 2}"), alice).html
    assert html.count(f'href="/documents/{beside}"') == html.count(f'src="/files/{picture}"') == 2
    assert html.count('href="https://acme.example/wiki/x/Tiny"') == 2
    for id_ in ("same", f"from-{there}.same", f"from-{there}-2.same"):
        assert html.count(f'<h1 id="{id_}">') == 1
        assert html.count(f'href="#{id_}"') == (id_ != "same")


def test_pages_that_include_each_other_end_in_links(wiki: Wiki, alice: Viewer) -> None:
    hen = wiki.save("h", f"<p>Hen</p>{include('Egg')}", title="Hen")
    egg = wiki.save("e", f"<p>Egg</p>{include('Hen')}{include('Egg')}", title="Egg")
    html = wiki.read(hen, alice).html
    assert (html.count("<p>Hen</p>"), html.count("<p>Egg</p>")) == (1, 1)
    assert f'<div class="include"><a href="/documents/{hen}"' in html
    assert f'<div class="include"><a href="/documents/{egg}"' in html


def test_a_long_row_of_pages_within_pages_ends_in_a_link(wiki: Wiki, alice: Viewer) -> None:
    for number in range(9):
        wiki.save(f"p{number}", f"<p>Level {number}</p>{include(f'P{number + 1}')}", title=f"P{number}")
    text = as_markdown(wiki, content.ids_of(wiki.db, wiki.site.id, ["p0"])["p0"], alice)
    assert "Level 5" in text
    assert "Level 6" not in text
    assert text.rstrip().endswith("[P6](/documents/" + str(content.ids_of(wiki.db, wiki.site.id, ["p6"])["p6"]) + ")")


def test_a_page_that_is_included_a_thousandfold_stays_within_bounds(wiki: Wiki, alice: Viewer) -> None:
    bomb = "<p>boom</p>" * 2000
    for number in range(4):
        wiki.save(f"p{number}", include(f"P{number + 1}") * 20 if number < 3 else bomb, title=f"P{number}")
    host = content.ids_of(wiki.db, wiki.site.id, ["p0"])["p0"]
    stored = sum(len(wiki.stored(f"p{number}").source or "") for number in range(4))
    for text in (wiki.read(host, alice).html, as_markdown(wiki, host, alice)):
        assert text.count("boom") >= 2000
        assert len(text) <= 10 * stored + 65536


def test_pages_that_are_nested_deeply_are_included_as_far_as_there_is_room(wiki: Wiki) -> None:
    deep = "<blockquote>" * 40 + "<p>{0}</p>{1}" + "</blockquote>" * 40
    wiki.save("c", deep.format("C", ""), title="C")
    wiki.save("b", deep.format("B", include("C")), title="B")
    html = wiki.read(wiki.save("a", deep.format("A", include("B"))), OPERATOR).html
    assert "<p>B</p>" in html
    assert "<p>C</p>" not in html
    assert '<div class="include"><a' in html


def test_the_number_of_statements_does_not_grow_with_what_is_included(wiki: Wiki, alice: Viewer) -> None:
    for number in range(30):
        wiki.save(f"p{number}", f"<p>{number}</p>{include('Last')}", title=f"P{number}")
    wiki.save("last", excerpt("", "<p>x</p>"), title="Last")
    few = wiki.save("few", include("P0"))
    many = wiki.save("many", "".join(include(f"P{number}") for number in range(30)) + excerpt_include("Last") * 30)
    sent: dict[int, list[str]] = {few: [], many: []}
    for id_, statements in sent.items():
        with counted_statements(wiki.db, statements):
            wiki.read(id_, alice)
    assert len(sent[many]) <= len(sent[few]) <= 20
