"""Changing a connection in the browser: its name, and what comes in by it, with the difference said first."""

import pytest

from confluence_emulator.state import changes
from mainstem.search.query import parse
from mainstem.store import connections, drafts, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Filter
from tests.web.desk import SECRET, Desk

pytestmark = pytest.mark.anyio

ALL_KINDS = ["page", "blogpost", "comment", "attachment"]


def stored(desk: Desk) -> SavedConnection:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id)


async def synced(desk: Desk) -> None:
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()


async def begun(desk: Desk) -> str:
    """The address of a change that was begun and tested."""
    async with desk.browser("olga") as browser:
        begun = await browser.post(f"/connections/{desk.session.connection_id}/change")
        draft = str(begun.headers["location"]).removesuffix("/test")
        tested = await browser.post(f"{draft}/test")
        assert tested.headers["location"] == f"{draft}/spaces"
    return draft


async def test_a_connection_is_renamed_everywhere_and_no_two_share_a_name(desk: Desk) -> None:
    id_ = desk.session.connection_id
    await synced(desk)
    async with desk.browser("olga") as browser:
        renamed = await browser.post(f"/connections/{id_}/name", data={"name": "  Hill   wiki "})
        assert renamed.headers["location"] == f"/connections/{id_}/settings"
        assert 'value="Hill wiki"' in (await browser.get(f"/connections/{id_}/settings")).text
        assert "Hill wiki" in (await browser.get("/connections")).text
        nameless = await browser.post(f"/connections/{id_}/name", data={"name": "  "})
        assert (nameless.status_code, "The name is missing" in nameless.text) == (422, True)
    await desk.look()
    # Search follows without waiting for a sync.
    found = desk.session.hub.index.find(parse('kettle source:"Hill wiki"', desk.session.hub.clock()), chains=None)
    assert found.total == 1


async def test_a_name_that_another_connection_has_is_refused(desk: Desk) -> None:
    first = stored(desk)
    async with desk.browser("olga") as browser:
        page = desk.session.wiki.site.base_url
        begun = await browser.post("/new-connection", data={"name": "Taken", "family": "cloud", "url": page})
        draft = begun.headers["location"].removesuffix("/credentials")
        await browser.post(f"{draft}/credentials", data={"login": "sync@larkhill.example", "secret": SECRET})
        await browser.post(f"{draft}/test")
        await browser.post(f"{draft}/review", data={"act": "later"})
        refused = await browser.post(f"/connections/{first.id}/name", data={"name": "Taken"})
    assert refused.status_code == 422
    assert "Taken" in refused.text
    assert stored(desk).name == first.name


async def test_a_change_says_what_leaves_and_what_comes_in_before_it_is_saved(desk: Desk) -> None:
    wiki = desk.session.wiki
    law = wiki.new_space("LAW", "Legal")
    for number in range(3):
        page = wiki.page(f"Statute {number}", space=law)
        changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
    await synced(desk)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        picked = (await browser.get(f"{draft}/spaces")).text
        assert 'value="LAW"' in picked
        assert "2 of 2" not in picked
        await browser.post(f"{draft}/spaces", data={"scope": "some", "key": ["LAW"]})
        review = (await browser.get(f"{draft}/review")).text
        assert "Exactly 1 page or post of what is stored now." in review
        assert "With them all of Engineering." in review
        assert "Save and remove 1<" in review
        assert stored(desk).chosen_spaces is None
        saved = await browser.post(f"{draft}/review", data={"act": "start"})
        told = (await browser.get(saved.headers["location"])).text
        assert "Changed: Larkhill." in told
    await desk.rest()
    assert stored(desk).chosen_spaces == ("LAW",)
    assert len(desk.session.held()) == 6
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/spaces", data={"scope": "all"})
        review = (await browser.get(f"{draft}/review")).text
        assert "About 1 page or post, with their comments and attachments." in review
        assert '<p class="muted">Nothing.</p>' in review
        await browser.post(f"{draft}/review", data={"act": "start"})
    await desk.rest()
    assert len(desk.session.held()) == 7


async def test_kinds_and_filters_change_and_their_difference_is_counted(desk: Desk) -> None:
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    guide = wiki.page("Guide")
    changes.label(wiki.site, guide, "howto")
    changes.comment(wiki.site, guide, wiki.bob.account_id, "<p>Yes.</p>")
    await synced(desk)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        options = (await browser.get(f"{draft}/options")).text
        assert 'id="schedule"' not in options
        await browser.post(f"{draft}/options", data={"kind": ["page"], "labels": "howto"})
        review = (await browser.get(f"{draft}/review")).text
        assert "Exactly 1 page or post and 1 comment or file of what is stored now." in review
        await browser.post(f"{draft}/review", data={"act": "start"})
    await desk.rest()
    assert set(desk.session.held()) == {guide.id}
    assert (stored(desk).kinds, stored(desk).filter) == (frozenset({Kind.PAGE}), Filter(labels=frozenset({"howto"})))
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        kept = (await browser.get(f"{draft}/options")).text
        assert 'value="howto"' in kept
        assert 'value="comment" checked' not in kept
        await browser.post(f"{draft}/options", data={"kind": ["page", "comment"], "labels": "howto"})
        assert "Comments: how many, only the sync can tell." in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/options", data={"kind": ["page", "comment"]})
        review = (await browser.get(f"{draft}/review")).text
        assert "About 1 page or post, with their comments." in review
        assert "About 1 comments." in review
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).schedule == "manual"


async def test_a_change_that_changes_nothing_is_told_to_be_none(desk: Desk) -> None:
    await synced(desk)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        assert "Nothing differs from how it is now." in (await browser.get(f"{draft}/review")).text
        assert "Leave as it was" in (await browser.get(f"{draft}/review")).text
        left = await browser.post(f"{draft}/discard")
        assert left.headers["location"] == f"/connections/{desk.session.connection_id}/settings"
        assert (await browser.get(f"{draft}/review")).status_code == 404


async def test_where_confluence_does_not_answer_it_is_said_that_only_the_sync_can_tell(desk: Desk) -> None:
    wiki = desk.session.wiki
    await synced(desk)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/options", data={"kind": ["page"], "labels": "howto"})
        await browser.post(f"{draft}/review", data={"act": "start"})
        await desk.rest()
        draft = await begun(desk)
        await browser.post(f"{draft}/options", data={"kind": ["page"]})
        wiki.fault("500:path=rest/api/search")
        assert "Confluence did not say how many" in (await browser.get(f"{draft}/review")).text


async def test_a_paused_connection_is_changed_and_stays_paused(desk: Desk) -> None:
    id_ = desk.session.connection_id
    await synced(desk)
    desk.worker.pause(id_, None)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/options", data={"kind": ["page"]})
        assert "once it is resumed" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "start"})
    assert desk.worker.state(id_) is None
    assert stored(desk).kinds == {Kind.PAGE}


async def test_a_change_is_no_new_connection_and_its_secret_stays_where_it_is(desk: Desk) -> None:
    id_ = desk.session.connection_id
    first, second = await begun(desk), await begun(desk)
    async with desk.browser("olga") as browser:
        assert (await browser.get(f"{first}/test")).status_code == 404
        for step in ("where", "credentials"):
            assert (await browser.get(f"{second}/{step}")).status_code == 404
            assert (await browser.post(f"{second}/{step}", data={"name": "X", "secret": "y"})).status_code == 404
        assert "/new-connection/" not in (await browser.get("/connections")).text
        pages = [await browser.get(f"{second}/{step}") for step in ("test", "spaces", "options", "review")]
        assert SECRET not in "".join(answer.text for answer in pages)
    with reading(desk.session.hub.engine) as db:
        draft = drafts.draft(db, int(second.rpartition("/")[2]))
    assert draft is not None
    assert draft.answers.secret is None
    desk.worker.remove(id_, desk.olga)
    async with desk.browser("olga") as browser:
        assert (await browser.get(f"{second}/test")).status_code == 404


async def test_a_space_that_is_not_seen_any_more_is_named_before_it_is_left_out(desk: Desk) -> None:
    wiki = desk.session.wiki
    law = wiki.new_space("LAW", "Legal")
    wiki.page("Statute", space=law)
    await synced(desk)
    draft = await begun(desk)
    async with desk.browser("olga") as browser:
        await browser.post(f"{draft}/spaces", data={"scope": "some", "key": ["LAW", "ENG"]})
        await browser.post(f"{draft}/review", data={"act": "start"})
        await desk.rest()
        del wiki.site.spaces[law.id]
        draft = await begun(desk)
        assert "LAW: chosen before, and not seen" in (await browser.get(f"{draft}/spaces")).text


async def test_how_much_a_filter_lets_in_is_counted_before_it_is_saved(desk: Desk) -> None:
    wiki = desk.session.wiki
    changes.label(wiki.site, wiki.page("Guide"), "howto")
    async with desk.browser("olga") as browser:
        form = {"name": "Two", "family": "cloud", "url": wiki.site.base_url}
        draft = (await browser.post("/new-connection", data=form)).headers["location"].removesuffix("/credentials")
        await browser.post(f"{draft}/credentials", data={"login": "sync@larkhill.example", "secret": SECRET})
        await browser.post(f"{draft}/test")
        narrow = {"kind": ALL_KINDS, "labels": "howto"}
        counted = await browser.post(f"{draft}/options/count", data=narrow)
        assert "That is about 1 page or post" in counted.text
        assert 'value="howto"' in counted.text
        part = await browser.post(f"{draft}/options/count", data=narrow, headers={"HX-Request-Type": "partial"})
        assert part.text.strip() == "That is about 1 page or post, by Confluence&#39;s own search."
        everything = await browser.post(f"{draft}/options/count", data={"kind": ALL_KINDS})
        assert "Nothing is left out" in everything.text
        both = {"kind": ALL_KINDS, "labels": "x", "without_labels": "x"}
        refused = await browser.post(f"{draft}/options/count", data=both)
        assert (refused.status_code, "x cannot be wanted" in refused.text) == (422, True)
        await browser.post(f"{draft}/options", data=narrow)
        assert "Only with the label howto. That is about 1 page or post" in (await browser.get(f"{draft}/review")).text


async def test_a_reader_changes_neither_the_name_nor_what_comes_in(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        assert (await theirs.post(f"/connections/{id_}/name", data={"name": "Mine"})).status_code == 403
        assert (await theirs.post(f"/connections/{id_}/change")).status_code == 403
        assert (await theirs.post("/new-connection/1/options/count")).status_code == 403
        assert (await hers.post("/connections/99/name", data={"name": "X"})).status_code == 404
        assert (await hers.post("/connections/99/change")).status_code == 404
