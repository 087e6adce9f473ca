"""What is told beside the number of pages of a space, by either family."""

import pytest

from tests.confluence.wikis import Wiki

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("number", [3, 260])
async def test_a_count_tells_when_the_space_was_changed_last(wiki: Wiki, number: int) -> None:
    for each in range(number):
        wiki.page(f"Page {each}")
    latest = max(each.version.created_at for each in wiki.site.contents.values())
    async with wiki.client() as client:
        [space] = await client.spaces()
        changed_at = (await client.count(space)).changed_at
    assert changed_at is not None
    assert changed_at.replace(microsecond=0) == latest.replace(microsecond=0)
