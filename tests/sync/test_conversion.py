"""Converting in another process gives what converting here gives."""

import os

import pytest

from mainstem.sync.conversion import KILLER, MANY, conversion, convert_all
from mainstem.sync.names import mentions_people
from mainstem.sync.processes import prepare
from mainstem.wiki.documents import Converted, Destination, NoLinks, PersonTarget, Target


class Poison:
    """Knows nobody, and kills whatever process asks for the person `poison`."""

    def resolve(self, target: Target) -> Destination | None:
        if isinstance(target, PersonTarget) and target.id == "poison":
            os._exit(9)
        return None


@pytest.mark.parametrize(
    "body",
    [
        '<p>With <ac:link><ri:user ri:account-id="ada"/></ac:link>.</p>',
        '<p>With <ac:link><ri:user ri:userkey="ada"></ac:link>, on a page whose markup is broken.',
        '<ac:task-list><ac:task><ac:task-body><ri:user ri:username="ada"/></ac:task-body></ac:task></ac:task-list>',
        "<p>Nobody uses users: <code>ri-user</code>.</p>",
    ],
)
def test_whoever_is_mentioned_in_a_body_is_noticed_before_it_is_converted(body: str) -> None:
    [made] = convert_all([body], NoLinks())
    assert isinstance(made, Converted)
    assert mentions_people(body) == any(isinstance(link, PersonTarget) for link in made.links)


class Quoting:
    """Fails in words of the page."""

    def resolve(self, target: Target) -> Destination | None:
        raise ValueError(f"bad: {target}")


def test_why_a_body_could_not_be_converted_repeats_nothing_of_it() -> None:
    [told] = convert_all(['<p>With <ac:link><ri:user ri:account-id="the secret"/></ac:link>.</p>'], Quoting())
    assert isinstance(told, str)
    assert told.startswith("Conversion failed: ValueError in line ")
    assert "secret" not in told


@pytest.mark.anyio
async def test_many_bodies_come_back_converted_and_in_their_order() -> None:
    bodies = [f"<h1>Number {each}</h1><p>Words of {each}.</p>" for each in range(MANY)]
    with conversion() as place:
        made = await place.convert(bodies, NoLinks())
        again = await place.convert(bodies[:3], NoLinks())
    assert made == convert_all(bodies, NoLinks())
    assert again == made[:3]


@pytest.mark.anyio
async def test_few_bodies_of_many_are_converted_in_a_process_too() -> None:
    prepare("mainstem.sync.conversion")
    with conversion() as place:
        assert await place.convert(["<p><ri:user ri:account-id='poison'/></p>"], Poison(), apart=True) == [KILLER]


@pytest.mark.anyio
async def test_a_body_that_kills_its_process_is_one_failed_item_and_the_others_come_through() -> None:
    prepare("mainstem.sync.conversion")
    bodies = [f"<p>Words of {each}.</p>" for each in range(MANY)]
    made = convert_all(bodies, Poison())
    bodies[7] = '<p><ac:link><ri:user ri:account-id="poison"/></ac:link></p>'
    made[7] = KILLER
    with conversion() as place:
        assert await place.convert(bodies, Poison()) == made
        assert await place.convert(bodies[8:] * 2, Poison()) == made[8:] * 2
