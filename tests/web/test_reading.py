"""The page of a document, for whoever may read it and for whoever may not."""

import re
from dataclasses import replace

import pytest

from mainstem.reading.comments import CommentRead
from mainstem.reading.why import How, Pass, Rule
from mainstem.store.audiences import HolderKind
from mainstem.web.reading import _in_a_row, _sentence
from mainstem.web.words import kind_of, size_of
from mainstem.wiki.content import AttachmentFile, Kind
from tests.store.site import ALICE, NOW
from tests.web.conftest import Hub

pytestmark = pytest.mark.anyio

BODY = """<h2>Before</h2><p>Ask <strong>two</strong> people.</p><h2>After</h2>
<ac:link><ri:page ri:content-title="Gateways"/><ac:link-body>the gateways</ac:link-body></ac:link>"""
FILE = AttachmentFile("application/pdf", 2_400_000, "f1", "/download/plan.pdf")


@pytest.fixture
def filled(hub: Hub) -> Hub:
    """A page of Alice's alone with all that can hang on one, and an open page below it."""
    hub.wiki.save("1", "Before", title="Broker <b>certificates</b>", body=BODY, version=7)
    hub.wiki.save("2", "Gateways", title="Gateways", parent_id="1", parent_kind=Kind.PAGE)
    hub.wiki.save("3", "", title="plan.pdf", kind=Kind.ATTACHMENT, container_id="1", file=FILE)
    hub.wiki.save("4", "Well", title="Re", kind=Kind.COMMENT, container_id="1", body="<p>Well <em>said</em>.</p>")
    hub.restrict("1", ALICE.id, "runbook")
    hub.wiki.index_all()
    return hub


async def address(hub: Hub, words: str) -> str:
    """Where Alice finds something."""
    async with hub.browser("alice") as browser:
        found = re.search(r'<h2><a href="(/documents/\d+)">', (await browser.get("/search", params={"q": words})).text)
    assert found
    return found[1]


async def test_a_page_shows_its_text_and_all_that_belongs_to_it(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get(await address(filled, "certificates"))).text
    assert "<strong>two</strong>" in page
    assert "Broker &lt;b&gt;certificates&lt;/b&gt;" in page
    assert '<a href="#before">Before</a>' in page
    assert 'href="/search?label=runbook">runbook</a>' in page
    assert 'href="/search?space=ENG">Engineering</a>' in page
    assert re.search(r'href="/files/\d+/plan\.pdf">.*plan\.pdf.*2 MB', page)
    assert "Well <em>said</em>." in page
    assert '<dd class="num">7</dd>' in page
    assert 'href="https://acme.example/wiki/1"' in page
    assert "Why can I see this?" in page
    assert "is restricted, and you are among those who may see it: it names you." in page
    assert "These rules were read <time" in page


async def test_the_text_of_a_page_is_out_of_reach_for_htmx(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = (await browser.get(await address(filled, "certificates"))).text
    assert len(re.findall(r'class="prose[^"]*" hx-ignore>', page)) == len(re.findall(r'class="prose', page)) == 2


async def test_whoever_may_not_read_a_page_is_told_what_is_told_of_a_page_that_is_not(filled: Hub) -> None:
    page = await address(filled, "certificates")
    file = page.replace("documents", "files")
    for who in ("bob", "charlie"):
        async with filled.browser(who) as browser:
            nothing = await browser.get("/documents/987654")
            for path in (page, file, "/files/987654", "/documents/99999999999999999999"):
                hidden = await browser.get(path)
                assert (hidden.status_code, hidden.text) == (404, nothing.text)


async def test_a_restriction_counts_from_the_next_look_on(filled: Hub) -> None:
    page = await address(filled, "certificates")
    filled.restrict("1", "u-nobody")
    async with filled.browser("alice") as browser:
        assert (await browser.get(page)).status_code == 404


async def test_where_no_files_are_kept_one_is_had_from_confluence_by_whoever_may_read_its_page(filled: Hub) -> None:
    async with filled.browser("alice") as browser:
        page = await browser.get(await address(filled, "certificates"))
        file = re.search(r'href="(/files/\d+)/plan.pdf"', page.text)
        assert file
        sent = await browser.get(file[1])
        assert (sent.status_code, sent.headers["location"]) == (303, "https://acme.example/wiki/3")
        assert (await browser.get(str(page.url).replace("documents", "files"))).status_code == 404
    for who in ("bob", "charlie"):
        async with filled.browser(who) as browser:
            assert (await browser.get(file[1])).status_code == 404


def test_comments_stand_before_their_answers_and_move_in_only_so_far() -> None:
    comment = CommentRead(0, "Bob", NOW, "<p>x</p>", None, False, ())
    for number in range(1, 2000):
        comment = replace(comment, id=number, replies=(comment,) if number > 1 else ())
    row = _in_a_row((comment, replace(comment, id=5000, replies=())))
    assert [said.comment.id for said in row] == [*range(1999, 0, -1), 5000]
    assert [said.depth for said in row][:6] == [0, 1, 2, 3, 3, 3]
    assert row[-1].depth == 0


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Rule(HolderKind.SITE, "Acme", None, (Pass(How.EVERYONE),)),
            "The site Acme lets you in: everybody may.",
        ),
        (
            Rule(HolderKind.SPACE, "Ops", None, (Pass(How.NAME, "B"), Pass(How.GROUP, "S"), Pass(How.LICENSED))),
            "The space Ops is open to you: it names you, and you are in the group S, and everybody with a licence may.",
        ),
        (
            Rule(HolderKind.CONTENT, "Plan", 1, (Pass(How.NAME, "Bob"),)),
            "“Plan” is restricted, and you are among those who may see it: it names you.",
        ),
    ],
)
def test_each_rule_is_told_in_a_sentence(rule: Rule, sentence: str) -> None:
    assert _sentence(rule) == sentence


def test_kinds_and_sizes_are_told_as_people_do() -> None:
    assert [kind_of(kind) for kind in (Kind.PAGE, Kind.BLOGPOST, "video")] == ["Page", "Blog post", "Video"]
    assert [size_of(count) for count in (7, 4_096, 2_400_000, 5_000_000_000_000)] == [
        "7 bytes",
        "4 kB",
        "2 MB",
        "5000 GB",
    ]
