"""Rules of a connection: looked at and changed by admins, shown before they are saved, and what they make of a page."""

import re
from collections.abc import Iterator

import pytest

from confluence_emulator.state import changes
from mainstem.store import connections, deeds
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted
from mainstem.web.filing import SentRule
from mainstem.wiki.filing import Drawer, FilingRule, On
from tests.sync.larkhill import Wiki
from tests.web.desk import Desk, served

pytestmark = pytest.mark.anyio

OWNED = (
    '<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>Keeper</th><td>Mara Lind</td></tr>'
    "</tbody></table></ac:rich-text-body></ac:structured-macro>"
)


def write(wiki: Wiki) -> None:
    lights = wiki.page("Lights", f"<p>The pump.</p>{OWNED}")
    hidden = wiki.page("Hidden plan", "<p>Kingfisher</p>")
    for page, name in ((lights, "howto"), (lights, "team-tea"), (hidden, "team-bird")):
        changes.label(wiki.site, page, name)
    wiki.restrict(hidden, wiki.sync, wiki.alice)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("rules") / "home") as desk:
        write(desk.session.wiki)
        desk.session.sync()
        desk.tie(desk.olga, desk.session.wiki.bob)
        yield desk


def place(desk: Desk) -> str:
    return f"/connections/{desk.session.connection_id}/rules"


def kept(desk: Desk) -> tuple[FilingRule, ...]:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id).rules


async def test_a_rule_says_what_it_would_do_and_names_what_the_admin_may_read_alone(desk: Desk) -> None:
    partial = {"HX-Request-Type": "partial"}
    teams = {"on": "label", "names": "team-*, none", "drawer": "collection", "value": "left from a field"}
    async with desk.browser("olga") as browser:
        shown = await browser.post(f"{place(desk)}/preview", data=teams, headers=partial)
        nothing = await browser.post(f"{place(desk)}/preview", data=teams | {"names": "xyz"}, headers=partial)
        odd = await browser.post(f"{place(desk)}/preview", data=teams | {"names": " , "})
        refused = await browser.post(place(desk), data=teams | {"names": ""})
    assert ("2 documents get the collection by the name of the label." in shown.text, "<html" in shown.text) == (
        True,
        False,
    )
    assert ("Lights" in shown.text, "Hidden plan" in shown.text) == (True, False)
    assert "No document gets anything" in nothing.text
    assert [each.status_code for each in (shown, odd, refused)] == [200, 200, 422]
    assert all("This rule names no label" in each.text for each in (odd, refused))
    assert kept(desk) == ()


async def test_rules_are_added_moved_and_removed_and_reach_the_page_of_a_document(desk: Desk) -> None:
    rules = [
        {"on": "label", "names": "team-*", "drawer": "collection"},
        {"on": "field", "names": "Keeper", "drawer": "owner"},
        {"on": "label", "names": "howto", "drawer": "category", "name": "Guides & plans"},
        {"on": "all", "names": "left", "drawer": "tag", "name": "Confluence"},
    ]
    async with desk.browser("olga") as browser:
        for rule in rules:
            assert (await browser.post(place(desk), data=rule)).status_code == 303
        await desk.look()
        listed = (await browser.get(f"{place(desk)}?saved=1")).text
        settings = (await browser.get(place(desk).replace("/rules", "/settings"))).text
        found = (await browser.get("/search", params={"collection": "team-tea"})).text
        [path] = re.findall(r'<a href="(/documents/\d+)[#"]', found)[:1]
        document = (await browser.get(path)).text
        by_owner = (
            await browser.get("/search", params={"q": 'owner:lind tag:confluence category:"guides & plans"'})
        ).text
        first = kept(desk)[0]
        await browser.post(f"{place(desk)}/move", data={"rule": str(first.number), "to": "down"})
        assert [rule.drawer for rule in kept(desk)][:2] == [Drawer.OWNER, Drawer.COLLECTION]
        await browser.post(f"{place(desk)}/move", data={"rule": str(first.number), "to": "up"})
        twice = await browser.post(place(desk), data=rules[0])
        for each in kept(desk):
            await browser.post(f"{place(desk)}/remove", data={"rule": str(each.number)})
        await desk.look()
        after = (await browser.get(path)).text
    assert re.findall(r'<p class="tiny muted num">(\d+) ', listed)[:3] == ["2", "1", "1"]
    assert "label howto" in settings
    for name, came_from in (
        ("Guides &amp; plans", "by rule: label howto"),
        ("team-tea", "by rule: label team-*"),
        ("Mara Lind", "by rule: field Keeper"),
        ("Confluence", "by rule: everything"),
        ("howto", "label in Confluence"),
    ):
        assert f'{name}</a> <span class="tiny muted">{came_from}</span>' in document
    assert 'href="/search?owner=Mara+Lind"' in document
    assert "Lights" in by_owner
    assert (twice.status_code, "there twice" in twice.text) == (422, True)
    assert (kept(desk), "by rule" in after, "space in Confluence" in after) == ((), False, True)
    with reading(desk.session.hub.engine) as db:
        noted = [each for each in deeds.newest(db, Wanted(), limit=20) if each.act == "connection rules changed"]
    assert noted[-1].facts["after"] == {"rules": ["label team-*: collection by the name of the label"]}


async def test_a_reader_neither_sees_nor_changes_rules(desk: Desk) -> None:
    before = kept(desk)
    rule = {"on": "all", "drawer": "tag", "name": "Mine"}
    async with desk.browser("charlie") as browser:
        answers = [
            await browser.get(place(desk)),
            await browser.post(place(desk), data=rule),
            await browser.post(f"{place(desk)}/preview", data=rule),
            await browser.post(f"{place(desk)}/move", data={"rule": "1"}),
            await browser.post(f"{place(desk)}/remove", data={"rule": "1"}),
        ]
    assert [each.status_code for each in answers] == [403] * 5
    assert not any("Kingfisher" in each.text or "howto" in each.text for each in answers)
    assert kept(desk) == before


def test_the_form_leaves_out_what_its_condition_does_not_ask_for() -> None:
    sent = SentRule(on="field", names="Due, or not", value="x", drawer="tag", name="y")
    assert sent.rule == FilingRule(On.FIELD, Drawer.TAG, ("Due, or not",), "x", "y")
