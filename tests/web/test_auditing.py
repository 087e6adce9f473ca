"""The audit log: what is written into it, by whom it is read, and that nothing is done without it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from mainstem.accounts import deeds
from mainstem.accounts.deeds import Done, differences, in_words
from mainstem.confluence.credentials import EmailToken
from mainstem.store import connections, tombstones
from mainstem.store import deeds as rows
from mainstem.store.columns import metadata
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted as Which
from mainstem.store.tombstones import Why
from mainstem.sync.connecting import Wanted
from mainstem.wiki.content import Kind
from tests.web.desk import PASSWORD, SECRET, Desk
from tests.web.test_membership import join

pytestmark = pytest.mark.anyio

PLAIN = {"tables": "html", "files": {"forms": {"csv": "skip"}, "ocr": True}}
ANOTHER = {"login": "alice@larkhill.example", "secret": "alice-api-token", "other": "1"}


def written(desk: Desk) -> list[str]:
    """What was written down, the oldest first, in words."""
    with reading(desk.session.hub.engine) as db:
        newest = rows.newest(db, Which(), limit=100)
    return [f"{deed.member} {in_words(deed)}" for deed in reversed(newest)]


@contextmanager
def unwritable(desk: Desk) -> Iterator[None]:
    """While this lasts, nothing can be written into the log."""
    with desk.session.hub.engine.begin() as db:
        db.execute(text("ALTER TABLE deeds RENAME TO away"))
    yield
    with desk.session.hub.engine.begin() as db:
        db.execute(text("ALTER TABLE away RENAME TO deeds"))


def everything(desk: Desk) -> dict[str, list[object]]:
    """All rows of the hub but those of the log."""
    with reading(desk.session.hub.engine) as db:
        tables = [table for table in metadata.sorted_tables if table.name != "deeds"]
        return {table.name: [tuple(row) for row in db.execute(select(table))] for table in tables}


async def test_each_deed_is_written_down_and_not_done_where_it_cannot_be(desk: Desk) -> None:
    id_, ben = desk.session.connection_id, join(desk, "Ben")
    desk.worker.ask(id_)
    await desk.rest()
    with desk.session.hub.engine.begin() as db:
        tombstones.note(db, [1], Why.TRASHED, desk.session.hub.clock(), state=tombstones.State.WAITS)
    member, site, bob = f"/members/{ben.id}", f"/connections/{id_}", desk.session.wiki.bob.account_id
    new = {"name": "New", "email": "new@hub.example", "password": PASSWORD, "role": "reader"}
    called = "Ben (ben@hub.example)"
    done: list[tuple[str, dict[str, str], str]] = [
        ("/members", new, "added New (new@hub.example) as reader"),
        (f"{member}/role", {"role": "admin"}, f"made {called} admin, who was reader"),
        (f"{member}/tie", {"connection": str(id_), "account": bob}, f"tied {called} to Bob in Larkhill"),
        (f"{member}/untie", {"connection": str(id_)}, f"untied {called} from Bob in Larkhill"),
        (f"{member}/access", {"act": "out"}, f"shut {called} out"),
        (f"{member}/access", {"act": "in"}, f"let {called} in again"),
        ("/api-keys", {"name": "CI", "days": "30", "may": "read"}, "made the API key CI ("),
        ("/api-keys/1/revoke", {}, "revoked the API key CI ("),
        (f"{site}/pause", {}, "paused Larkhill"),
        (f"{site}/resume", {}, "resumed Larkhill"),
        (f"{site}/name", {"name": "Hill"}, "renamed the connection Larkhill to Hill"),
        (f"{site}/schedule", {"rhythm": "hourly"}, "gave Hill another schedule: Every hour"),
        (f"{site}/credential", {"expires": "2026-05-01"}, "said when the credential of Hill expires"),
        (f"{site}/credential", ANOTHER | {"expires": "2026-05-01"}, "gave Hill another credential"),
        (f"{site}/removed/answer", {"answer": "remove"}, "approved the deletions that waited in Hill"),
        (f"{site}/removed/restore", {"document": "1"}, "restored 1 documents that had left Hill"),
        (f"{site}/removed/purge", {"document": "1"}, "purged 1 documents that had left Hill"),
        (f"{site}/remove", {"name": "Hill"}, "removed the connection Hill"),
        (f"{site}/restore", {}, "brought the connection Hill back"),
        ("/account/password", {"current": PASSWORD, "new": f"{PASSWORD} well"}, "took another password"),
        ("/view-as", {"member": str(ben.id)}, f"began to read as {called}"),
        ("/view-as/end", {}, f"stopped reading as {called}"),
    ]
    async with desk.browser("olga") as hers:
        for path, form, words in done:
            before, known = everything(desk), len(written(desk))
            with unwritable(desk):
                assert (await hers.post(path, data=form)).status_code == 500, path
            assert everything(desk) == before, path
            assert (await hers.post(path, data=form)).status_code in {200, 303}, path
            [line] = written(desk)[known:]
            assert line.startswith(f"Olga {words}"), line
            assert everything(desk) != before, path


async def test_a_site_is_not_connected_where_that_cannot_be_written_down(desk: Desk) -> None:
    hub, before = desk.session.hub, everything(desk)
    wanted = Wanted(desk.session.wiki.site.base_url, EmailToken("sync@larkhill.example", SECRET), "Second")
    with unwritable(desk), pytest.raises(OperationalError, match="deeds"):
        await hub.connect(wanted, by=desk.olga)
    assert everything(desk) == before
    await hub.connect(wanted, by=desk.olga)
    assert written(desk) == ["The command line connected Larkhill", "Olga connected Second"]


async def test_connecting_again_with_the_same_is_no_deed(desk: Desk) -> None:
    hub, url = desk.session.hub, desk.session.wiki.site.base_url
    wanted = Wanted(url, EmailToken("sync@larkhill.example", SECRET))
    await hub.connect_again(wanted, by=None)
    assert len(written(desk)) == 1
    await hub.connect_again(replace(wanted, kinds=frozenset({Kind.PAGE}), conversion=PLAIN), by=None)
    assert written(desk)[1:] == [
        "The command line changed what comes in by Larkhill",
        "The command line changed how Larkhill is converted",
    ]
    with reading(hub.engine) as db:
        newest = rows.newest(db, Which(), limit=2)
    kinds = "attachment, blogpost, comment, page"
    files = ("Files", "nothing", "forms: csv: skip; ocr: True")
    assert [differences(deed) for deed in newest] == [
        (("Tables", "markdown", "html"), files),
        (("Kinds", kinds, "page"),),
    ]


async def test_what_somebody_else_changed_meanwhile_is_neither_undone_nor_said_of_whoever_renews(desk: Desk) -> None:
    hub, known = desk.session.hub, len(written(desk))
    with hub.engine.begin() as db:
        read = connections.connection(db, desk.session.connection_id)
        connections.change(db, read.id, replace(read, name="Hill"))
    hub.expect_expiry(read, date(2026, 5, 1), by=desk.olga)
    hub.renew(read, await hub.prove(read, EmailToken("alice@larkhill.example", "alice-api-token")), None, by=desk.olga)
    with reading(hub.engine) as db:
        assert connections.connection(db, read.id).name == "Hill"
    assert written(desk)[known:] == [
        "Olga said when the credential of Hill expires",
        "Olga said when the credential of Hill expires",
        "Olga gave Hill another credential",
    ]


async def test_the_audit_log_is_filtered_and_exported_without_formulas(desk: Desk) -> None:
    hub = desk.session.hub
    ben = join(desk, "=1+1;=2")
    async with desk.browser("olga") as hers:
        await hers.post(f"/members/{ben.id}/role", data={"role": "editor"})
        await hers.post("/api-keys", data={"name": "CI", "days": "30", "may": "read"})
        assert "made the API key" in (await hers.get("/system/audit")).text
        assert "made the API key" not in (await hers.get("/system/audit?subject=members")).text
        assert "made the API key" in (await hers.get("/system/audit?q=ci&period=day")).text
        assert "Nothing has all these filters" in (await hers.get("/system/audit?q=zymurgy")).text
        assert "made the API key" in (await hers.get("/system/audit?subject=x&period=y&before=x")).text
        part = await hers.get("/system/audit?before=1", headers={"HX-Request-Type": "partial"})
        assert "<html" not in part.text
        table = (await hers.get("/system/audit/export.csv")).text
        lines = [json.loads(line) for line in (await hers.get("/system/audit/export.jsonl")).text.splitlines()]
        assert (await hers.get("/system/audit/export.pdf")).status_code == 404
    assert "\"'=1+1;'=2 (" in table
    assert [line["act"] for line in lines] == ["API key made", "role changed", "connection added"]
    assert lines[1]["facts"]["before"] == "reader"
    assert hub.clock().isoformat() == lines[0]["at"]


async def test_names_beyond_ascii_are_found_in_facts_too(desk: Desk) -> None:
    hub = desk.session.hub
    with hub.engine.begin() as db:
        deeds.note(db, desk.olga, Done.CONNECTION_RENAMED, "Mill", hub.clock(), before='Übung "Süd" \ud800')
    with reading(hub.engine) as db:
        for asked in ("Übung", "übung süd", "SÜD", '"süd"', "mill"):
            assert [deed.subject for deed in rows.newest(db, Which(asked), limit=9)] == ["Mill"], asked
        assert rows.newest(db, Which("Nord"), limit=9) == rows.newest(db, Which("S_d"), limit=9) == []


async def test_older_deeds_are_had_page_by_page(desk: Desk) -> None:
    hub = desk.session.hub
    with hub.engine.begin() as db:
        for number in range(101):
            deeds.note(db, desk.olga, Done.CONNECTION_PAUSED, f"Mill {number}", hub.clock())
    async with desk.browser("olga") as hers:
        first = (await hers.get("/system/audit?q=mill+paused")).text
        assert first.count('class="deed"') == 100
        more = first.partition('class="btn" href="')[2].partition('"')[0].replace("&amp;", "&")
        rest = (await hers.get(more)).text
    assert (rest.count('class="deed"'), "paused Mill 0<" in rest) == (1, True)
