"""Links that lead nowhere: each with its page and the reason, for admins, and under what they may read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.desk import Desk, served

pytestmark = pytest.mark.anyio

BODY = (
    '<p><ac:link><ri:page ri:content-title="Lost page" /></ac:link></p>'
    '<p><ac:link><ri:page ri:content-title="Inner plan" /></ac:link></p>'
    '<p><ac:link><ri:attachment ri:filename="lost.pdf" /></ac:link></p>'
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        wiki = desk.session.wiki
        wiki.page("Linking", BODY)
        inner = wiki.page("Inner plan", '<p><ac:link><ri:page ri:content-title="Secretly lost" /></ac:link></p>')
        wiki.restrict(inner, wiki.sync, wiki.alice)
        desk.session.sync()
        yield desk


async def test_broken_links_are_listed_with_their_page_and_the_reason(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.alice)
    async with desk.browser("olga") as browser:
        page = (await browser.get(f"/connections/{desk.session.connection_id}/links")).text
    assert page.count('<td class="anywhere">') == 3
    for said in ("Linking", "Lost page", "no page of this title in its own space", "lost.pdf", "no such file"):
        assert said in page
    assert "Secretly lost" in page


async def test_an_admin_is_told_of_no_link_on_a_page_that_they_may_not_read(desk: Desk) -> None:
    desk.tie(desk.olga, desk.session.wiki.bob)
    async with desk.browser("olga") as browser:
        page = (await browser.get(f"/connections/{desk.session.connection_id}/links")).text
    assert "Secretly lost" not in page
    # The hidden page is named by a page that Bob may read, and reads as one that is not there.
    assert "Inner plan" in page


async def test_a_reader_is_told_that_the_list_is_for_admins(desk: Desk) -> None:
    async with desk.browser("charlie") as browser:
        answer = await browser.get(f"/connections/{desk.session.connection_id}/links")
    assert answer.status_code == 403
    assert "Lost page" not in answer.text
