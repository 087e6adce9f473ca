"""The control API: changing the site, steering the emulator, and the oracle of who may see what."""

import base64
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from confluence_emulator.consents import Consents
from confluence_emulator.control import Desk, control_routes
from confluence_emulator.state import Kind
from tests.emulator.datacenter_wiki import Wiki, build_wiki


@dataclass
class Control:
    """A wiki, and a client of its control API."""

    wiki: Wiki
    desk: Desk

    async def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        app = Starlette(routes=list(control_routes(self.desk)))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wiki") as client:
            return await client.request(method, f"/_control/{path}", json=sent or None)

    async def do(self, path: str, method: str = "POST", **sent: Any) -> Any:
        answer = await self.ask(method, path, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seen(self, who: str = "", **more: str) -> list[str]:
        """The titles of the pages that someone may view, by the oracle."""
        query = "&".join(f"{name}={value}" for name, value in {"user": who, **more}.items())
        ids = (await self.do(f"visible?{query}", "GET"))["contents"]["page"]
        return sorted(self.wiki.site.contents[content_id].title for content_id in ids)


@pytest.fixture
def control() -> Control:
    wiki = build_wiki()
    return Control(wiki, Desk(wiki.site, wiki.accounts, Consents(wiki.accounts), wiki.index))


@pytest.mark.anyio
async def test_a_page_lives_through_every_change(control: Control) -> None:
    top = await control.do("content/create", space="ENG", title="Top", author="alice")
    page = await control.do("content/create", space="ENG", title="Page", body="<p>1</p>", parent=top["id"])
    held = control.wiki.site.contents[page["id"]]
    assert (await control.do("content/update", id=page["id"], body="<p>2</p>", author="bob"))["version"] == 2
    assert (await control.do("content/rename", id=page["id"], title="New"))["version"] == 3
    assert (await control.do("content/trash", id=page["id"]))["status"] == "trashed"
    assert (await control.do("content/restore", id=page["id"]))["version"] == 4
    assert (await control.do("content/archive", id=page["id"]))["status"] == "archived"
    assert (await control.do("content/unarchive", id=page["id"]))["status"] == "current"
    await control.do("content/move", id=page["id"], space="SEC")
    assert (held.space_id, held.parent_id, held.body) == (control.wiki.secret.id, None, "<p>2</p>")
    twin = await control.do("content/copy", id=page["id"], title="Copy")
    assert (twin["id"] != page["id"], twin["version"]) == (True, 1)
    await control.do("content/purge", id=page["id"])
    assert page["id"] not in control.wiki.site.contents


@pytest.mark.anyio
async def test_labels_comments_and_files_hang_on_a_page(control: Control) -> None:
    page = control.wiki.page("Page")
    await control.do("content/label", id=page.id, name="howto")
    await control.do("content/label", id=page.id, name="old")
    await control.do("content/unlabel", id=page.id, name="old")
    note = await control.do("content/comment", id=page.id, body="<p>x</p>", author="bob", selection="word")
    await control.do("content/resolve", id=note["id"])
    encoded = base64.b64encode(b"\x00\x01").decode()
    await control.do("content/attach", id=page.id, name="a.bin", base64=encoded, media_type="application/x-a")
    await control.do("content/attach", id=page.id, name="b.txt", text="plain")
    site = control.wiki.site
    assert [label.name for label in page.labels] == ["howto"]
    remark = site.contents[note["id"]].remark
    assert remark is not None
    assert (remark.inline, remark.resolution) == (True, "resolved")
    files = {file.title: file.file.data for file in site.contained(page.id, Kind.ATTACHMENT)}
    assert files == {"a.bin": b"\x00\x01", "b.txt": b"plain"}


@pytest.mark.anyio
async def test_the_oracle_follows_restrictions_groups_and_grants(control: Control) -> None:
    page = control.wiki.page("Page")
    control.wiki.page("Below", parent=page)
    assert await control.seen("bob") == ["Below", "Page"]
    assert await control.seen("charlie") == []
    await control.do("content/restrict", id=page.id, users=["alice"], groups=["engineering"])
    assert await control.seen("bob") == ["Below", "Page"]
    await control.do("people/leave", group="platform / Zürich", user="bob")
    assert await control.seen("bob") == []
    await control.do("people/grant", space="ENG", to="user:charlie")
    assert await control.seen("charlie") == []
    await control.do("content/restrict", id=page.id)
    assert await control.seen("charlie") == ["Below", "Page"]
    await control.do("people/revoke", space="ENG", to="user:charlie")
    assert await control.seen("charlie") == []


@pytest.mark.anyio
async def test_the_oracle_knows_the_super_group_and_anonymous_visitors(control: Control) -> None:
    control.wiki.page("Page")
    assert (await control.seen("root"), await control.seen("root", datacenter="true")) == ([], ["Page"])
    await control.do("people/grant", space="ENG", to="anonymous")
    assert await control.seen() == []
    await control.do("people/anonymous_access", on=True)
    assert await control.seen() == ["Page"]
    assert control.desk.index.search("type = page", viewer=None, now=control.wiki.clock()).hits
    await control.do("people/anonymous_access", on=False)
    assert not control.desk.index.search("type = page", viewer=None, now=control.wiki.clock()).hits


@pytest.mark.anyio
async def test_groups_spaces_accounts_and_tokens_change(control: Control) -> None:
    wiki = control.wiki
    await control.do("people/add_group", name="new")
    await control.do("people/join", group="new", user="charlie")
    await control.do("people/join", group="engineering", inner="new")
    assert wiki.groups["engineering"].id in wiki.site.groups_of(wiki.people["charlie"].account_id)
    await control.do("people/rename_group", group="new", name="newer")
    await control.do("people/remove_group", group="newer")
    assert (await control.do("people/deactivate", user="bob"))["active"] is False
    assert (await control.do("people/reactivate", user="bob"))["active"] is True
    await control.do("people/add_space", key="NEW", name="New")
    await control.do("people/archive_space", space="NEW")
    await control.do("people/remove_space", space="NEW")
    assert wiki.site.space_by_key("NEW") is None


@pytest.mark.anyio
async def test_tokens_are_issued_expire_and_are_revoked(control: Control) -> None:
    accounts, kind = control.wiki.accounts, "personal-access-token"
    await control.do("people/issue_token", user="bob", kind=kind, secret="fresh", expires_in=60)
    assert accounts.datacenter("Bearer fresh").user is control.wiki.people["bob"]
    control.wiki.clock.pass_by(seconds=60)
    assert accounts.datacenter("Bearer fresh").user is None
    await control.do("people/revoke_token", secret="alice-password")
    assert [credential.revoked for credential in accounts.credentials].count(True) == 1
    assert (await control.ask("POST", "people/issue_token", user="bob", kind="ring", secret="x")).status_code == 400


@pytest.mark.anyio
async def test_faults_lag_and_quirks_are_set_while_it_runs(control: Control) -> None:
    desk = control.desk
    told = await control.do("faults", "PUT", faults=["429:every=7", "reset:first=1,path=/content/scan"])
    assert told == await control.do("faults", "GET") == {"faults": desk.faults.specs()}
    assert desk.faults.specs() == ["429:every=7", "reset:first=1,path=/content/scan"]
    assert await control.do("index", "PUT", lag_seconds=90) == {"lag_seconds": 90.0}
    control.wiki.page("Late")
    assert not desk.index.search("type = page", viewer=None, now=control.wiki.clock(), bypass=True).hits
    await control.do("index", "PUT", catch_up=True)
    assert desk.index.search("type = page", viewer=None, now=control.wiki.clock(), bypass=True).hits
    await control.do("quirks", "PUT", endless_next=True)
    assert desk.quirks.endless_next
    assert (await control.do("quirks", "GET"))["remote_api"] is True


@pytest.mark.anyio
async def test_the_request_log_is_read_and_reset(control: Control) -> None:
    assert (await control.do("requests", "GET"))["total"] == 0
    assert (await control.do("requests", "DELETE"))["entries"] == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "sent", "message"),
    [
        ("content/fly", {}, "nothing is called 'content/fly'"),
        ("weather/change", {}, "nothing is called 'weather/change'"),
        ("content/trash", {}, "'id' is missing"),
        ("content/trash", {"id": "7"}, "there is no content 7"),
        ("content/create", {"space": "NOPE", "title": "x"}, "there is no space NOPE"),
        ("content/create", {"space": "ENG", "title": "x", "kind": "poem"}, "there is no kind 'poem'"),
        ("people/join", {"group": "engineering", "user": "nobody"}, "there is no account nobody"),
        ("people/join", {"group": "nothing", "user": "bob"}, "there is no group nothing"),
        ("people/grant", {"space": "ENG", "to": "everyone"}, "'everyone' is neither user:NAME"),
        ("people/grant", {"space": "ENG", "to": "user:bob", "rights": "all"}, "there are no rights 'all'"),
    ],
)
async def test_a_call_that_cannot_be_done_says_why(
    control: Control, path: str, sent: dict[str, str], message: str
) -> None:
    answer = await control.ask("POST", path, **sent)
    assert (answer.status_code, answer.json()["message"].startswith(message)) == (400, True), answer.text


@pytest.mark.anyio
async def test_unknown_faults_and_quirks_are_refused(control: Control) -> None:
    assert (await control.ask("PUT", "faults", faults=["flood"])).status_code == 400
    assert (await control.ask("PUT", "quirks", gravity=False)).status_code == 400
