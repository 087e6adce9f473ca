"""After a full run with its faults, no page, export, log, error or row shows a secret that was used in it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from mainstem.store.database import reading
from mainstem.wiring.alerts import Watch
from tests.sync.larkhill import Wiki, connected
from tests.web.desk import PASSWORD, SECRET, Desk, served
from tests.wiring.listening import hooked

WRONG = "a-token-that-was-refused"
SIGNING = "what the webhook is signed with"
PATH = "path-with-a-right"
PLACES = (
    "/search?q=water",
    "/connections",
    "/connections/1",
    "/connections/1/settings",
    "/connections/99",
    "/new-connection",
    "/members",
    "/system/logs",
    "/system/logs?level=error",
    "/system/logs/export.csv",
    "/system/logs/export.jsonl",
    "/system/alerts",
    "/api/v1/openapi.json",
    "/nowhere",
)


def rows(engine: Engine) -> Iterator[str]:
    """Every value of every table, with where it stands."""
    tables = MetaData()
    tables.reflect(engine)
    with reading(engine) as db:
        for table in tables.sorted_tables:
            for row in db.execute(select(table)).mappings():
                yield from (f"{table.name}.{name}: {value!r}" for name, value in row.items())


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder."""
    yield from ((path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file())


async def run(desk: Desk, url: str) -> list[str]:
    """A sync that goes well, one that is refused, alerts of it, forms that are refused; all that was answered."""
    wiki, answers = desk.session.wiki, []
    form = {"url": url, "secret": SIGNING, "kind": "sync failed"}
    async with desk.browser("olga") as browser:

        async def post(path: str, **data: str) -> None:
            answers.append((await browser.post(path, data=data)).text)

        wiki.fault("429:every=5,retry_after=9")
        await post("/connections/1/sync")
        await desk.rest()
        wiki.fault("401")
        await post("/connections/1/sync")
        await desk.rest()
        await post("/connections/1/credential", way="cloud", login="sync@larkhill.example", secret=WRONG)
        await post("/connections/1/test")
        await post("/system/alerts/webhook", **form)
        await post("/system/alerts/webhook", **form | {"url": f"ftp://{PATH}"})
        await Watch(desk.session.hub).once()
        await post("/system/alerts/1/test")
        await post("/login", email="olga@hub.example", password=f"{PASSWORD}, wrongly")
        for place in PLACES:
            shown = await browser.get(place)
            answers.append(f"{place} {shown.text} {shown.headers}")
    async with desk.browser("charlie") as browser:
        answers += [(await browser.get(place)).text for place in PLACES]
    return answers


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        yield desk


@pytest.mark.anyio
async def test_no_page_export_log_or_row_shows_a_secret_that_was_used(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with hooked() as hook:
        hook.status = 500
        answers = await run(desk, hook.url)
        assert hook.got
    assert "Sign-in lost" in "".join(answers)
    told = [*answers, caplog.text, *rows(desk.session.hub.engine)]
    used = (SECRET, WRONG, SIGNING, PATH, PASSWORD, *desk.tokens.values())
    assert [(secret, text[:80]) for secret in used for text in told if secret in text] == []
    kept = files(desk.session.hub.home.folder)
    assert [(secret, name) for name, data in kept for secret in used if secret.encode() in data] == []


@pytest.mark.parametrize("fault", ["", "401", "500:every=3"])
def test_a_personal_token_stays_where_it_is_sealed_whatever_happens(
    fault: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wiki = Wiki()
    wiki.pages(3)
    with connected(wiki, tmp_path / "home", datacenter=True) as session:
        wiki.fault(*filter(None, [fault]))
        session.sync()
        stored = list(rows(session.hub.engine))
    token = "sync-personal-access-token"
    assert [text[:80] for text in [*stored, caplog.text] if token in text] == []
    assert [name for name, data in files(tmp_path / "home") if token.encode() in data] == []
