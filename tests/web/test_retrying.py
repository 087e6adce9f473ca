"""One content that could not be had is tried again alone, from the page of its connection and from the log (Y5)."""

import re

import pytest

from confluence_emulator.state import Content, changes
from mainstem.store import runs
from mainstem.store.database import reading
from mainstem.store.runs import StandingFailure
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio


async def synced(desk: Desk) -> None:
    desk.session.wiki.clock.forward(minutes=1)
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()


async def failing(desk: Desk, *, kind: str = "pages") -> Content:
    """A page of which Confluence could not give the body, after a sync."""
    wiki = desk.session.wiki
    await synced(desk)
    page = wiki.page("Broken")
    bad = page if kind == "pages" else changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
    wiki.fault(f"500:path=/{kind}({re.escape('?')}.*id=.*{bad.id}|/{bad.id})")
    await synced(desk)
    assert list(desk.session.failures()) == [bad.id]
    return bad


def failure(desk: Desk, content: Content) -> StandingFailure | None:
    with reading(desk.session.hub.engine) as db:
        return runs.standing_failure(db, desk.session.connection_id, content.id)


def retry(content: Content, back: str = "") -> dict[str, str]:
    return {"item": content.id, "back": back}


async def test_what_still_fails_says_so_at_once_and_no_sync_follows(desk: Desk) -> None:
    bad, path = await failing(desk), f"/connections/{desk.session.connection_id}"
    before = failure(desk, bad)
    desk.session.wiki.clock.forward(minutes=5)
    desk.session.wiki.meanwhile.reset()
    async with desk.browser("olga") as browser:
        shown = (await browser.get(path)).text
        assert f'name="item" value="{bad.id}"' in shown
        tried = await browser.post(f"{path}/retry", data=retry(bad, f"{path}#failures"))
        assert tried.headers["location"] == f"{path}#failures"
        assert "HTTP 500" in (await browser.get(path)).text
    after = failure(desk, bad)
    assert before is not None
    assert after is not None
    assert (after.first_seen, after.last_seen > before.last_seen) == (before.first_seen, True)
    assert desk.worker.state(desk.session.connection_id) is None
    asked = [entry.path for entry in desk.session.wiki.meanwhile.entries]
    assert len(asked) < 6, asked


@pytest.mark.parametrize("kind", ["pages", "footer-comments"])
async def test_what_can_be_had_again_is_told_and_comes_in_with_the_sync_that_follows(desk: Desk, kind: str) -> None:
    bad, path = await failing(desk, kind=kind), f"/connections/{desk.session.connection_id}"
    desk.session.wiki.fault()
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/retry", data=retry(bad))
        shown = (await browser.get(path)).text
        assert "Works again" in shown
        assert f'value="{bad.id}"' not in shown
        assert bad.id not in desk.session.held()
        assert desk.worker.state(desk.session.connection_id) == "waiting"
        await desk.rest()
        assert "What could not be had" not in (await browser.get(path)).text
    assert bad.id in desk.session.held()


async def test_rules_that_could_not_be_read_are_tried_again_too(desk: Desk) -> None:
    wiki, path = desk.session.wiki, f"/connections/{desk.session.connection_id}"
    page = wiki.page("Guarded")
    wiki.restrict(page, wiki.sync, wiki.alice)
    wiki.fault(f"500:path=/content/{page.id}/restriction", "500:path=content/search")
    await synced(desk)
    assert "readers are unknown" in desk.session.failures()[page.id]
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/retry", data=retry(page))
        assert "readers are unknown" in desk.session.failures()[page.id]
        wiki.fault()
        await browser.post(f"{path}/retry", data=retry(page))
        assert "It can be read now" in desk.session.failures()[page.id]


async def test_a_paused_connection_stays_at_rest_after_a_retry(desk: Desk) -> None:
    bad = await failing(desk)
    desk.session.wiki.fault()
    desk.worker.pause(desk.session.connection_id, None)
    async with desk.browser("olga") as browser:
        await browser.post(f"/connections/{desk.session.connection_id}/retry", data=retry(bad))
    assert "It can be read now" in desk.session.failures()[bad.id]
    assert desk.worker.state(desk.session.connection_id) is None


async def test_an_outage_says_nothing_of_the_content_and_is_told(desk: Desk) -> None:
    bad, path = await failing(desk), f"/connections/{desk.session.connection_id}"
    before = failure(desk, bad)
    desk.session.wiki.fault("401")
    async with desk.browser("olga") as browser:
        refused = await browser.post(f"{path}/retry", data=retry(bad))
        assert refused.status_code == 422
        assert "It could not be tried again." in refused.text
        unknown = await browser.post(f"{path}/retry", data={"item": "999"})
        assert "Nothing is the matter with it any more" in unknown.text or "could not be tried" in unknown.text
    assert failure(desk, bad) == before


async def test_what_is_no_content_is_left_to_a_sync(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    desk.session.wiki.break_listing(desk.session.wiki.space)
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()
    listing = next(iter(desk.session.failures()))
    async with desk.browser("olga") as browser:
        shown = (await browser.get(path)).text
        assert "Retry all" in shown
        assert 'name="item"' not in shown
        refused = await browser.post(f"{path}/retry", data={"item": listing})
        assert (refused.status_code, "only a whole sync can tell" in refused.text) == (422, True)


async def test_the_log_offers_to_retry_one_and_all(desk: Desk) -> None:
    bad, id_ = await failing(desk), desk.session.connection_id
    async with desk.browser("olga") as browser:
        everything = (await browser.get("/system/logs")).text
        assert f'name="item" value="{bad.id}"' in everything
        assert "Retry all" not in everything
        run = max(int(number) for number in re.findall(r"run=(\d+)", everything))
        of_run = (await browser.get(f"/system/logs?run={run}")).text
        assert "One thing of this connection could still not be had." in of_run
        back = f"/system/logs?run={run}"
        assert f'name="back" value="{back}"' in of_run
        assert (await browser.post(f"/connections/{id_}/retry", data=retry(bad, back))).headers["location"] == back
        desk.session.wiki.fault()
        assert (await browser.post(f"/connections/{id_}/sync", data={"back": back})).headers["location"] == back
        await desk.rest()
        assert "Retry" not in (await browser.get(f"/system/logs?run={run}")).text


async def test_a_reader_retries_nothing(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}/retry"
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        assert (await theirs.post(path, data={"item": "1"})).status_code == 403
        assert (await hers.post("/connections/99/retry", data={"item": "1"})).status_code == 404
