"""Files of documents, from a wiki in process: fetched once, kept, and sent to whoever may read their page."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from confluence_emulator.state import Content, changes
from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.store import connections, documents, tables
from mainstem.store.database import reading
from mainstem.web.app import make_app
from mainstem.web.face import Face
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.files import file_options_of
from mainstem.wiring.files import LARGEST, Shelf
from mainstem.wiring.objects import sweep
from tests.sync.larkhill import Session, Wiki, connected
from tests.web.conftest import CHEAP, ORIGIN, PASSWORD
from tests.web.desk import application

pytestmark = pytest.mark.anyio

PICTURE = b"\x89PNG\r\n\x1a\n and so on"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass
class Shown:
    """A hub that may fetch, with Alice, whose page has files, and Bob and Charlie, who may not see it."""

    session: Session
    app: FastAPI
    page: Content
    tokens: dict[str, str]

    def browser(self, who: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {"mainstem_session": self.tokens[who]}
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies)

    async def attach(self, name: str, media_type: str, data: bytes) -> str:
        """Attach a file to the page and sync; its address in the hub."""
        site = self.session.wiki.site
        file = changes.new_file(site, media_type, data)
        id_ = changes.attach(site, self.page, self.session.wiki.alice.account_id, name, file).id
        await asyncio.to_thread(self.session.sync)
        with reading(self.session.hub.engine) as db:
            found = documents.document(db, (self.session.connection_id, id_), viewer=OPERATOR)
        assert found is not None
        self.session.wiki.desk.log.reset()
        return f"/files/{found.id}"


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    wiki = Wiki()
    body = '<p><ac:image ac:width="40"><ri:attachment ri:filename="map.png"/></ac:image></p>'
    page = wiki.page("Kettle", body)
    wiki.restrict(page, wiki.alice, wiki.sync)
    with connected(wiki, tmp_path / "home") as session:
        hub, tokens = session.hub, {}
        session.sync()
        with hub.engine.begin() as db:
            members.found(
                db,
                workspace="Acme",
                name="Olga",
                email="o@hub.example",
                password=PASSWORD,
                now=hub.clock(),
                hasher=CHEAP,
            )
            for who, person in (("alice", wiki.alice), ("bob", wiki.bob), ("charlie", None)):
                member = members.add(
                    db,
                    name=who,
                    email=f"{who}@hub.example",
                    password=PASSWORD,
                    role=Role.READER,
                    now=hub.clock(),
                    hasher=CHEAP,
                )
                if person:
                    members.tie(db, member.id, session.connection_id, person.account_id, hub.clock())
                tokens[who] = sessions.begin(db, member, agent="test", now=hub.clock()).token
        face = Face(hub, secure_cookies=False, files=Shelf(hub.objects, hub))
        yield Shown(session, application(face), page, tokens)


async def test_a_picture_is_fetched_once_and_shown_in_place(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    async with shown.browser("alice") as browser:
        first = await browser.get(path)
        asked = len(shown.session.wiki.desk.log.entries)
        second = await browser.get(f"{path}/whatever/name.png")
        held = await browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, first.content, first.headers["content-type"]) == (200, PICTURE, "image/png")
    assert first.headers["content-disposition"] == "inline; filename*=UTF-8''map.png"
    assert "sandbox" in first.headers["content-security-policy"]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "private, no-cache"
    assert second.content == PICTURE
    assert (held.status_code, held.content) == (304, b"")
    assert len(shown.session.wiki.desk.log.entries) == asked > 0


async def test_a_page_shows_its_pictures_in_their_width(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    async with shown.browser("alice") as browser:
        found = re.search(r'<h2><a href="(/documents/\d+)">', (await browser.get("/search?q=Kettle")).text)
        assert found
        text = (await browser.get(found[1])).text
    assert f'<img src="{path}" alt="map.png" width="40" loading="lazy">' in text
    assert f'href="{path}/map.png"' in text


async def test_whoever_may_not_read_the_page_gets_no_byte_of_its_files_kept_or_not(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    for kept in (False, True):
        for who in ("bob", "charlie"):
            async with shown.browser(who) as browser:
                for hidden in (path, f"{path}/map.png"):
                    answer = await browser.get(hidden)
                    assert answer.status_code == 404, kept
                    assert answer.text == (await browser.get("/files/987654")).text
        if not kept:
            assert not shown.session.wiki.desk.log.entries
            async with shown.browser("alice") as browser:
                assert (await browser.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("name", "media_type"), [("map.svg", "image/svg+xml"), ("a.html", "text/html"), ("plan.pdf", "application/pdf")]
)
async def test_what_could_run_is_offered_for_saving_alone(shown: Shown, name: str, media_type: str) -> None:
    path = await shown.attach(name, media_type, DRAWING)
    async with shown.browser("alice") as browser:
        sent = await browser.get(path)
    assert sent.content == DRAWING
    assert sent.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert "script-src" not in sent.headers["content-security-policy"]
    assert sent.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_newer_version_is_fetched_anew(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    async with shown.browser("alice") as browser:
        assert (await browser.get(path)).content == PICTURE
        assert await shown.attach("map.png", "image/png", b"newer") == path
        assert (await browser.get(path)).content == b"newer"


async def test_what_confluence_does_not_give_is_told_plainly_and_can_be_tried_again(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    shown.session.wiki.fault("403:path=download")
    async with shown.browser("alice") as browser:
        refused = await browser.get(path)
        shown.session.wiki.fault()
        again = await browser.get(path)
    assert refused.status_code == 502
    assert "could not be fetched" in refused.text
    assert "Open in Confluence" in refused.text
    assert "sync-api-token" not in refused.text
    assert again.content == PICTURE
    assert not list(shown.session.hub.home.objects.glob("begun-*"))


async def test_a_revoked_credential_is_for_admins_to_mend(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    shown.session.wiki.desk.accounts.revoke("sync-api-token")
    async with shown.browser("alice") as browser:
        refused = await browser.get(path)
    assert refused.status_code == 502
    assert "An admin can see to it." in refused.text


async def test_a_process_that_only_reads_sends_what_is_kept_and_leads_to_confluence_for_the_rest(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    hub, app = shown.session.hub, shown.app
    shown.app = make_app(Face(hub, secure_cookies=False, files=Shelf(hub.objects)))
    async with shown.browser("alice") as browser:
        led = await browser.get(path)
        assert (led.status_code, led.headers["location"].startswith(shown.session.wiki.site.base_url)) == (303, True)
        reading_app, shown.app = shown.app, app
        async with shown.browser("alice") as other:
            assert (await other.get(path)).content == PICTURE
        shown.app = reading_app
        assert (await browser.get(path)).content == PICTURE


async def test_a_file_beyond_the_limit_stays_in_confluence(shown: Shown) -> None:
    path = await shown.attach("film.mp4", "video/mp4", PICTURE)
    with shown.session.hub.engine.begin() as db:
        db.execute(
            tables.documents.update().where(tables.documents.c.title == "film.mp4").values(file_size=LARGEST + 1)
        )
    async with shown.browser("alice") as browser:
        refused = await browser.get(path)
    assert refused.status_code == 502
    assert "The file has more than 100 MB: open it in Confluence." in refused.text


async def test_bytes_go_when_their_document_is_gone(shown: Shown) -> None:
    path = await shown.attach("map.png", "image/png", PICTURE)
    other = await shown.attach("other.png", "image/png", b"other")
    async with shown.browser("alice") as browser:
        await browser.get(path)
        with shown.session.hub.engine.begin() as db:
            db.execute(tables.documents.delete().where(tables.documents.c.title == "map.png"))
        await browser.get(other)
    sweep(shown.session.hub.engine, shown.session.hub.objects)
    assert len([file for file in shown.session.hub.home.objects.rglob("*") if file.is_file()]) == 1


async def test_a_file_that_is_not_to_be_kept_is_opened_in_confluence(shown: Shown) -> None:
    path = await shown.attach("report.pdf", "application/pdf", b"%PDF-")
    picture = await shown.attach("map.png", "image/png", PICTURE)
    hub = shown.session.hub
    async with shown.browser("alice") as browser:
        assert (await browser.get(path)).status_code == 200
        with hub.engine.begin() as db:
            saved = connections.connection(db, shown.session.connection_id)
            chosen = replace(saved.conversion, files=file_options_of({"forms": {"pdf": "text", "other": "skip"}}))
            connections.change(db, saved.id, replace(saved, conversion=chosen))
        led = await browser.get(path)
        assert led.status_code == 303
        assert led.headers["location"].startswith("https://")
        assert (await browser.get(picture)).content == PICTURE
