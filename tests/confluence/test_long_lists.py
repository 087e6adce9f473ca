"""Lists that are longer than one answer, whatever the server makes of the size that was asked for, on both dialects."""

import pytest

from confluence_emulator.state import changes
from mainstem.wiki.content import Deployment, Kind
from tests.confluence.wikis import Wiki, titles

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("quirk", ["endless_next", "repeat_last_page"])
async def test_more_files_than_fit_one_answer_are_all_listed(wiki: Wiki, quirk: str) -> None:
    if wiki.deployment is Deployment.DATA_CENTER:
        setattr(wiki.desk.quirks, quirk, True)
    page, alice = wiki.page("Crowded"), wiki.people["alice"].account_id
    names = {f"{number:03}.txt" for number in range(260)}
    for each in names:
        changes.attach(wiki.site, page, alice, each, changes.new_file(wiki.site, "text/plain", b"x"))
    async with wiki.client() as client:
        assert set(await titles(client, Kind.ATTACHMENT)) == names
