"""The report on macros: numbers for admins, titles for those who may read them, and a quiet line on each document."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstem.web.losses import losses_of
from mainstem.wiki.macros import MacroUse, Reason
from tests.convert.storage import macro, plain, rich
from tests.sync.larkhill import Wiki
from tests.web.desk import Desk, served

pytestmark = pytest.mark.anyio

GLIFFY = macro("gliffy", name="Pump")
MADE_UP = macro("made/up", rich("<p>kept</p>"))
CODE = macro("code", plain("x"))


def write(wiki: Wiki) -> None:
    wiki.page("Drawn", GLIFFY + GLIFFY + CODE)
    inner = wiki.page("Inner plan", GLIFFY)
    wiki.restrict(inner, wiki.sync, wiki.alice)
    other = wiki.new_space("OPS", "Operations")
    wiki.page("Elsewhere", MADE_UP, space=other)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        write(desk.session.wiki)
        desk.session.sync()
        yield desk


def rows(page: str) -> list[list[str]]:
    """The rows of all tables, as the texts of their cells."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in cells]


async def test_an_admin_sees_which_macros_are_not_as_in_confluence_and_in_how_many_documents(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        page = (await browser.get(f"/connections/{desk.session.connection_id}/macros")).text
    assert ["gliffy", "Simplified"] in [row[:2] for row in rows(page)]
    assert ["made/up", "Placeholder"] in [row[:2] for row in rows(page)]
    assert next(row[3:] for row in rows(page) if row[0] == "gliffy") == ["2", "3", "Change"]
    assert ["code", "1", "1"] in rows(page)
    assert re.search(r"5</span> uses of macros: 1 rendered, 3 simplified, 1 placeholder", page)


async def test_each_macro_leads_to_its_setting_for_those_alone_who_may_change_it(desk: Desk) -> None:
    id_ = desk.session.connection_id
    setting = f"/connections/{id_}/conversion?macro=gliffy#macro-gliffy"
    desk.tie(desk.olga, desk.session.wiki.bob)
    desk.tie(desk.charlie, desk.session.wiki.alice)
    async with desk.browser("olga") as hers, desk.browser("charlie") as theirs:
        address = re.search(r'href="(/documents/\d+)"', (await hers.get("/search?q=Drawn")).text)
        assert address
        places = [
            f"/connections/{id_}/macros",
            f"/connections/{id_}/macros/documents?name=gliffy&reason=drawing",
            address[1],
        ]
        pages = [(await hers.get(place)).text for place in places]
        quiet = (await theirs.get(address[1])).text
        there = (await hers.get(setting)).text
    assert [f'href="{setting}"' in page for page in pages] == [True] * 3
    assert ("gliffy (2 times)" in quiet, "/conversion" in quiet) == (True, False)
    assert '<tr id="macro-gliffy" class="asked">' in there


async def test_the_report_narrows_to_one_space_and_an_unknown_one_is_not_found(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}/macros"
    async with desk.browser("olga") as browser:
        page = (await browser.get(f"{path}?space=OPS")).text
        part = await browser.get(f"{path}?space=OPS", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
        nowhere = await browser.get(f"{path}?space=NONE")
    assert ("made/up" in page, "gliffy" in page) == (True, False)
    assert ("<html" in part.text, "made/up" in part.text) == (False, True)
    assert nowhere.status_code == 404


async def test_titles_show_as_far_as_the_admin_may_read_and_the_others_are_counted(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}/macros/documents?name=gliffy&reason=drawing"
    async with desk.browser("olga") as browser:
        unproved = (await browser.get(path)).text
    assert "Drawn" not in unproved
    assert "2</span> documents that you may not read" in unproved
    desk.tie(desk.olga, desk.session.wiki.bob)
    async with desk.browser("olga") as browser:
        proved = (await browser.get(path)).text
        assert (await browser.get(f"{path}&space=ENG")).text.count("Drawn") == proved.count("Drawn")
        for nothing in ("?name=nothing", "?name=gliffy", "?name=gliffy&reason=odd"):
            assert (await browser.get(path.partition("?")[0] + nothing)).status_code == 404
    assert [row for row in rows(proved) if row[0].startswith("Drawn")] == [["Drawn", "ENG", "2"]]
    assert "Inner plan" not in proved
    assert "1</span> document that you may not read" in proved


async def test_a_reader_is_told_that_reports_are_for_admins(desk: Desk) -> None:
    async with desk.browser("charlie") as browser:
        for place in ("", "/documents?name=gliffy&reason=drawing"):
            answer = await browser.get(f"/connections/{desk.session.connection_id}/macros{place}")
            assert (answer.status_code, "gliffy" in answer.text) == (403, False)


async def test_a_document_says_quietly_which_of_its_macros_were_simplified(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.bob)
    async with desk.browser("olga") as browser:
        found = (await browser.get("/search?q=Drawn")).text
        address = re.search(r'href="(/documents/\d+)"', found)
        assert address
        page = (await browser.get(address[1])).text
    assert "2 macros simplified" in page
    assert "(2 times)" in page
    assert ">code<" not in page


@pytest.mark.parametrize(
    ("uses", "heading"),
    [
        ([], ""),
        ([MacroUse("code", None, 3)], ""),
        ([MacroUse("gliffy", Reason.DRAWING, 1)], "1 macro simplified"),
        ([MacroUse("favpages", Reason.COMPUTED, 2)], "2 macros not shown"),
        (
            [MacroUse("favpages", Reason.COMPUTED, 2), MacroUse("gliffy", Reason.DRAWING, 1)],
            "3 macros: 1 simplified, 2 not shown",
        ),
    ],
)
async def test_the_heading_counts_what_was_lost(uses: list[MacroUse], heading: str) -> None:
    assert losses_of(uses, 1).heading == heading
