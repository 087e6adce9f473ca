"""Converting in another process gives what converting here gives."""

import pytest

from mainstem.sync.conversion import MANY, conversion, convert_all
from mainstem.wiki.documents import NoLinks


@pytest.mark.anyio
async def test_many_bodies_come_back_converted_and_in_their_order() -> None:
    bodies = [f"<h1>Number {each}</h1><p>Words of {each}.</p>" for each in range(MANY)]
    with conversion() as place:
        made = await place.convert(bodies, NoLinks())
        again = await place.convert(bodies[:3], NoLinks())
    assert made == convert_all(bodies, NoLinks())
    assert again == made[:3]
