"""No request waits for itself: whoever holds a connection of the database asks for no other one meanwhile."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.web.desk import Desk


@contextmanager
def held_at_once(engine: Engine) -> Iterator[list[int]]:
    """How many connections a thread held, each time that it took one."""
    holding, seen = Counter[int](), list[int]()

    def taken(*_: object) -> None:
        holding[threading.get_ident()] += 1
        seen.append(holding[threading.get_ident()])

    def given_back(*_: object) -> None:
        holding[threading.get_ident()] -= 1

    event.listen(engine, "checkout", taken)
    event.listen(engine, "reset", given_back)
    yield seen
    event.remove(engine, "checkout", taken)
    event.remove(engine, "reset", given_back)


@pytest.mark.anyio
async def test_no_page_takes_a_second_connection_of_the_database_while_it_holds_one(desk: Desk) -> None:
    own = f"/connections/{desk.session.connection_id}"
    below = ("/connections", own, f"{own}/settings", f"{own}/macros")
    others = (
        "/search",
        "/search?q=kettle",
        "/system/logs",
        "/system/alerts",
        "/members",
        "/account",
        "/api-keys",
        "/view-as",
    )
    async with desk.browser("olga") as browser:
        for path in (*below, *others):
            with held_at_once(desk.session.hub.engine) as held:
                assert (await browser.get(path)).status_code == 200, path
            assert max(held) == 1, path
