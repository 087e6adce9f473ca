"""How the pages of a connection are converted: chosen on its page and in the wizard, shown before it is saved."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.wiki.conversion import ConversionOptions, facts_of
from tests.convert.storage import macro, rich
from tests.sync.larkhill import Wiki
from tests.web.desk import SECRET, Desk, served

pytestmark = pytest.mark.anyio

STATUS = macro("status", title="Live", colour="Green")
TABLE = "<table><tbody><tr><th>Gauge</th><th>Level</th></tr><tr><td>Weir</td><td>3 m</td></tr></tbody></table>"
PARTIAL = {"HX-Request-Type": "partial"}


def write(wiki: Wiki) -> None:
    wiki.page("Lights", f"<p>The pump is {STATUS}.</p>{macro('info', rich('<p>Mind the gate.</p>'))}")
    wiki.page("Levels", TABLE)
    hidden = wiki.page("Hidden plan", f"<p>{STATUS}{STATUS}{STATUS} Kingfisher</p>{TABLE * 3}")
    wiki.restrict(hidden, wiki.sync, wiki.alice)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        write(desk.session.wiki)
        desk.session.sync()
        yield desk


def place(desk: Desk) -> str:
    return f"/connections/{desk.session.connection_id}/conversion"


def kept(desk: Desk) -> ConversionOptions:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id).conversion


def form(*macros: tuple[str, str], tables: str = "markdown", **more: str) -> dict[str, str | list[str]]:
    names, becomes = [name for name, _ in macros], [each for _, each in macros]
    return {"macro": names, "becomes": becomes, "tables": tables, "images": "link", **more}


def title(answer: httpx.Response) -> str:
    """What the preview shows."""
    found = re.search(r'<p class="shown-title"><\w+[^>]*>([^<]*)<', answer.text)
    assert found
    return found[1]


def markdown(answer: httpx.Response) -> list[str]:
    """The sides of the preview as Markdown."""
    sides = re.findall(r"<pre class=\"look-markdown\"[^>]*>(.*?)</pre>", answer.text, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", side)).strip() for side in sides]


async def test_macros_that_were_met_come_first_with_what_becomes_of_them_now(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        page = (await browser.get(place(desk))).text
        came_for = (await browser.get(f"{place(desk)}?macro=gliffy")).text
    assert re.findall(r'<tr id="macro-([^"]*)"', page) == ["status", "info"]
    assert '<option value="gliffy">' in page
    assert '<tr id="macro-gliffy" class="asked">' in came_for


async def test_a_choice_is_shown_on_the_page_that_has_the_most_of_what_it_changes(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.bob)
    async with desk.browser("olga") as browser:
        path = f"{place(desk)}/preview"
        macros = await browser.post(path, data=form(("status", "drop"), ("info", "render")))
        tables = await browser.post(path, data=form(tables="records"), headers=PARTIAL)
        nothing = await browser.post(path, data=form())
        odd = await browser.post(path, data=form(("status", "shine")))
    assert title(macros) == "Lights"
    assert markdown(macros) == [
        "The pump is `Live`.\n\n> [!NOTE]\n> Mind the gate.",
        "The pump is  .\n\n> [!NOTE]\n> Mind the gate.",
    ]
    assert ("<html" in tables.text, title(tables)) == (False, "Levels")
    assert markdown(tables)[1] == "- Gauge: Weir; Level: 3 m"
    assert "Saving converts" in macros.text
    assert "Nothing changes on pages yet" in nothing.text
    assert (odd.status_code, "cannot become" in odd.text) == (422, True)
    assert kept(desk) == ConversionOptions()


async def test_a_page_is_previewed_and_named_for_those_alone_who_may_read_it(desk: Desk) -> None:
    everything = form(("status", "drop"), tables="html")
    async with desk.browser("olga") as browser:
        nobody = await browser.post(f"{place(desk)}/preview", data=everything)
        desk.tie(desk.olga, desk.session.wiki.bob)
        path = f"{place(desk)}/preview"
        bob = [await browser.post(path, data=everything)]
        bob += [await browser.post(path, data={**everything, "example": str(id_)}) for id_ in range(1, 9)]
        bob += [await browser.post(path, data={**everything, "called": "hidden"})]
    assert title(nobody) == "An example"
    assert "no page that you may read" in nobody.text
    for answer in (nobody, *bob):
        assert answer.status_code == 200
        assert not {"Hidden plan", "Kingfisher"} & {*re.findall("Hidden plan|Kingfisher", answer.text)}
    assert {title(each) for each in bob} >= {"Lights", "Levels"}


async def test_a_page_can_be_found_by_its_title(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.bob)
    async with desk.browser("olga") as browser:
        found = await browser.post(f"{place(desk)}/preview", data=form(("status", "drop"), called="kett"))
    assert title(found) == "Kettle"
    assert "Your choice changes nothing on this page." in found.text


async def test_what_is_saved_reaches_readers_without_confluence_and_its_cost_is_said_before(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.bob)
    chosen = form(("status", "drop"), ("drawio", "text"), tables="html")
    async with desk.browser("olga") as browser:
        said = (await browser.post(f"{place(desk)}/preview", data=chosen)).text
        assert "Saving converts 4 documents anew" in said
        desk.session.wiki.desk.log.reset()
        saved = await browser.post(place(desk), data=chosen)
        after = (await browser.get(saved.headers["location"])).text
        assert "Still to be converted anew: 4 documents." in after
        await desk.look()
        assert "Still to be converted" not in (await browser.get(place(desk))).text
        settings = (await browser.get(f"/connections/{desk.session.connection_id}/settings")).text
        assert "drawio: text only, status: leave out" in settings
    assert facts_of(kept(desk)) == {"macros": {"drawio": "text", "status": "drop"}, "tables": "html"}
    assert not desk.session.wiki.desk.log.entries


async def test_what_is_taken_of_files_is_chosen_by_kind_and_size_and_counts_from_the_next_sync(desk: Desk) -> None:
    files: dict[str, str | list[str]] = {
        "file_kind": ["pdf", "other"],
        "file_form": ["text", "skip"],
        "most_mb": "5",
        "ocr": "1",
    }
    async with desk.browser("olga") as browser:
        said = (await browser.post(f"{place(desk)}/preview", data=form() | files)).text
        assert "Files follow with the next sync" in said
        assert "Saving converts" not in said
        await browser.post(place(desk), data=form() | files)
        await browser.post(place(desk), data=form(tables="html"))
        odd: list[dict[str, str | list[str]]] = [
            {"most_mb": "900"},
            {"most_mb": "many"},
            {"file_kind": ["other"], "file_form": ["text"]},
        ]
        refused = [await browser.post(place(desk), data=form() | each) for each in odd]
        settings = (await browser.get(f"/connections/{desk.session.connection_id}/settings")).text
    assert [each.status_code for each in refused] == [422] * 3
    assert facts_of(kept(desk)) == {
        "tables": "html",
        "files": {"forms": {"other": "skip", "pdf": "text"}, "most_mb": 5, "ocr": True},
    }
    assert "other file: only its name, PDF: text only; text of up to 5 MB, and in pictures" in settings


async def test_a_choice_that_makes_no_sense_is_not_saved(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        refused = await browser.post(place(desk), data=form(("no name!", "drop")))
        endless = await browser.post(place(desk), data=form() | {"most_mb": "9" * 5000})
    assert endless.status_code == 422
    assert (refused.status_code, "is no name of a macro" in refused.text) == (422, True)
    assert kept(desk) == ConversionOptions()


async def test_a_new_connection_is_given_its_choice_in_the_wizard_with_an_example_of_ours(desk: Desk) -> None:
    wiki = desk.session.wiki
    kinds = {"kind": ["page", "blogpost"]}
    async with desk.browser("olga") as browser:
        named = {"name": "Two", "family": "cloud", "url": wiki.site.base_url}
        draft = (await browser.post("/new-connection", data=named)).headers["location"].removesuffix("/credentials")
        await browser.post(f"{draft}/credentials", data={"login": "sync@larkhill.example", "secret": SECRET})
        await browser.post(f"{draft}/test")
        shown = await browser.post(f"{draft}/options/preview", data=form(("drawio", "drop")) | kinds)
        odd = await browser.post(f"{draft}/options/preview", data=form(("drawio", "shine")) | kinds, headers=PARTIAL)
        assert "drawio" in (await browser.get(f"{draft}/options")).text
        await browser.post(f"{draft}/options", data=form(("drawio", "drop"), tables="records") | kinds)
        assert "Macros: drawio: leave out" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "later"})
    assert "Nothing of this site has been read yet" in shown.text
    assert ["Pump house and pipes" in side for side in markdown(shown)] == [True, False]
    assert (odd.status_code, "cannot become" in odd.text) == (422, True)
    with reading(desk.session.hub.engine) as db:
        made = connections.named(db, "Two")
    assert made is not None
    assert facts_of(made.conversion) == {"macros": {"drawio": "drop"}, "tables": "records"}


async def test_a_reader_neither_sees_nor_changes_how_pages_are_converted(desk: Desk) -> None:
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        answers = [
            await theirs.get(place(desk)),
            await theirs.post(place(desk), data=form(("status", "drop"))),
            await theirs.post(f"{place(desk)}/preview", data=form()),
            await theirs.post("/new-connection/1/options/preview", data=form()),
        ]
        assert [each.status_code for each in answers] == [403] * 4
        assert not any("macro-" in each.text for each in answers)
        assert (await hers.get("/connections/99/conversion")).status_code == 404
        assert (await hers.post("/connections/99/conversion/preview", data=form())).status_code == 404
