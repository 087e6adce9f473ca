"""Signing in at a real provider: who comes in, who does not, and what an owner says about it."""

import asyncio
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import OctKey, RSAKey

from mainstem.accounts import members, sessions
from mainstem.accounts.deeds import in_words
from mainstem.accounts.errors import BadSignOn, NoProvider
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.accounts.single_sign_on import Newcomers
from mainstem.cli.options import clock
from mainstem.confluence.opening import Line
from mainstem.settings import Settings
from mainstem.store import deeds
from mainstem.store import members as rows
from mainstem.store import sessions as session_rows
from mainstem.store import sign_on as store
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted as WantedDeeds
from mainstem.web.face import Face
from mainstem.web.office import Office
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.single_sign_on import CALLBACK, Wanted, configure
from mainstem.wiring.worker import Worker
from tests.accounts.provider import MAY_SIGN, Provider, provider
from tests.web.desk import CHEAP, ORIGIN, PASSWORD, application

pytestmark = [pytest.mark.anyio, MAY_SIGN]

PATH = "/system/single-sign-on"


@dataclass
class Clock:
    """The time, or a moment later."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return clock() + self.later


@dataclass
class Acme:
    """A hub whose people sign in at a provider, with an owner, Olga, and a reader, Charlie."""

    hub: Hub
    clock: Clock
    there: Provider
    app: FastAPI
    olga: Member
    charlie: Member

    def browser(self, who: Member | None = None) -> httpx.AsyncClient:
        """A browser in which somebody is signed in; None for nobody."""
        cookies = {}
        if who:
            with self.hub.engine.begin() as db:
                cookies["mainstem_session"] = sessions.begin(db, who, agent="test", now=self.hub.clock()).token
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies, headers={"Origin": ORIGIN})

    def wanted(self, newcomers: Newcomers = Newcomers.NOBODY, domains: str = "") -> Wanted:
        return Wanted("Acme Login", self.there.url, self.there.client, self.there.secret, newcomers, domains)

    async def welcomes(self, newcomers: Newcomers, domains: str = "") -> None:
        await configure(self.hub, self.olga, self.wanted(newcomers, domains))

    def add(self, name: str, role: Role = Role.READER) -> Member:
        with self.hub.engine.begin() as db:
            email = f"{name.lower()}@acme.example"
            add = {"name": name, "email": email, "role": role, "password": PASSWORD}
            return members.add(db, now=self.hub.clock(), hasher=CHEAP, **add)  # type: ignore[arg-type]  # by name

    async def answered(self, browser: httpx.AsyncClient, subject: str, path: str = "/login/oidc") -> dict[str, str]:
        """Go to the provider and sign in there; what it sends the browser back with."""
        begun = await browser.get(path)
        assert begun.status_code == 303, begun.text
        return await asyncio.to_thread(self.there.sign_in, begun.headers["location"], subject)

    async def sign_in(self, browser: httpx.AsyncClient, subject: str, path: str = "/login/oidc") -> httpx.Response:
        """Go to the provider, sign in there, and come back."""
        return await browser.get(CALLBACK, params=await self.answered(browser, subject, path))

    def deeds(self) -> list[str]:
        with reading(self.hub.engine) as db:
            return [f"{each.member} {in_words(each)}" for each in deeds.newest(db, WantedDeeds(), limit=6)]

    def named(self, email: str) -> rows.SavedMember | None:
        with reading(self.hub.engine) as db:
            return rows.with_email(db, email)


def told(answer: httpx.Response) -> str:
    """Why nobody came in; "" where somebody did."""
    found = re.search(r'role="alert".*?<p>(.*?)</p>', answer.text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    with provider() as there:
        there.register(ORIGIN + CALLBACK)
        yield there


@pytest.fixture(scope="module")
def opened(there: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acme]:
    folder, now = tmp_path_factory.mktemp("sign-on") / "home", Clock()
    line = Line(private=True)
    with open_hub(Settings(), folder=folder, pid=1, clock=now, line=line) as hub:
        with hub.engine.begin() as db:
            named = {"name": "Olga", "email": "olga@acme.example", "password": PASSWORD}
            olga = members.found(db, workspace="Acme", now=now(), hasher=CHEAP, **named)
        app = application(Face(hub, secure_cookies=False), Office(hub, Worker(hub)))
        acme = Acme(hub, now, there, app, olga, olga)
        acme.charlie = acme.add("Charlie")
        yield acme


@pytest.fixture
async def acme(opened: Acme) -> Acme:
    opened.there.honest()
    opened.clock.later = timedelta(0)
    # Another test may have shown another hub by the same application.
    application(Face(opened.hub, secure_cookies=False), Office(opened.hub, Worker(opened.hub)))
    await opened.welcomes(Newcomers.NOBODY)
    with opened.hub.engine.begin() as db:
        for each in rows.every(db):
            store.part(db, each.id)
        now = opened.hub.clock()
        session_rows.sweep(db, now, idle_since=now - sessions.IDLE, failed_before=now + timedelta(days=1))
    return opened


async def test_a_member_is_met_by_a_verified_email_and_then_by_who_they_are_there(acme: Acme) -> None:
    acme.there.knows("s-charlie", email="Charlie@Acme.example", email_verified=True, name="Charlie There")
    async with acme.browser() as browser:
        assert "Sign in with Acme Login" in (await browser.get("/login")).text
        entered = await acme.sign_in(browser, "s-charlie", "/login/oidc?next=/account")
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        assert "charlie@acme.example" in (await browser.get("/account")).text
    assert acme.deeds()[0] == "Charlie signs in with Acme Login from now on"
    # Whose email it is now, or that it is verified no longer, changes nothing about who they are.
    acme.there.knows("s-charlie", email="olga@acme.example", email_verified=True)
    async with acme.browser() as browser:
        await acme.sign_in(browser, "s-charlie")
        assert "charlie@acme.example" in (await browser.get("/account")).text
    acme.there.knows("s-another", email="charlie@acme.example", email_verified=True)
    async with acme.browser() as browser:
        refused = await acme.sign_in(browser, "s-another")
        assert refused.status_code == 403
        assert "signs in as somebody else there" in told(refused)


@pytest.mark.parametrize("verified", [{}, {"email_verified": False}, {"email_verified": "false"}])
async def test_an_address_that_the_provider_does_not_answer_for_is_as_good_as_none(
    acme: Acme, verified: dict[str, object]
) -> None:
    await acme.welcomes(Newcomers.EVERYBODY)
    acme.there.knows("s-claims", email="charlie@acme.example", **verified)
    async with acme.browser() as browser:
        refused = await acme.sign_in(browser, "s-claims")
        assert (refused.status_code, "mainstem_session" in browser.cookies) == (403, False)
        assert "Ask whoever runs it to verify your email" in told(refused)


async def test_who_is_new_comes_in_as_a_reader_where_their_domain_is_welcome(acme: Acme) -> None:
    acme.there.knows("s-nora", email="nora@new.example", email_verified=True, name="Nora\nNew")
    acme.there.knows("s-near", email="near@evil-new.example", email_verified=True)
    async with acme.browser() as browser:
        assert "Nobody here goes by nora@new.example" in told(await acme.sign_in(browser, "s-nora"))
        assert acme.named("nora@new.example") is None
        await acme.welcomes(Newcomers.DOMAINS, "@New.example, other.example")
        assert (await acme.sign_in(browser, "s-near")).status_code == 403
        assert (await acme.sign_in(browser, "s-nora")).status_code == 303
    nora = acme.named("nora@new.example")
    assert nora is not None
    assert (nora.name, nora.role) == ("Nora New", Role.READER)
    assert "Nora New came in with Acme Login as reader" in acme.deeds()
    with acme.hub.engine.begin() as db:
        members.deactivate(db, nora.id)
    async with acme.browser() as browser:
        refused = await acme.sign_in(browser, "s-nora")
        assert (refused.status_code, "mainstem_session" in browser.cookies) == (403, False)
        assert "shut out" in told(refused)


TWISTED = {
    "nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "issuer": {"claims": {"iss": "https://evil.example"}},
    "audience": {"claims": {"aud": "another-client"}},
    "audiences": {"claims": {"aud": ["another-client", "third"]}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "no expiry": {"claims": {"exp": None}},
    "no subject": {"claims": {"sub": None}},
    "another's access": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "another key": {"key": RSAKey.generate_key(2048)},
    "our secret as key": {"header": {"alg": "HS256"}, "key": OctKey.import_key("0" * 64)},
    "no signature": {"header": {"alg": "none"}},
}


@pytest.mark.parametrize("twist", TWISTED.values(), ids=TWISTED)
async def test_a_token_that_is_not_meant_for_this_very_sign_in_proves_nobody(
    acme: Acme, twist: dict[str, dict[str, object]]
) -> None:
    acme.there.knows("s-charlie", email="charlie@acme.example", email_verified=True)
    for name, value in twist.items():
        setattr(acme.there, name, value)
    async with acme.browser() as browser:
        refused = await acme.sign_in(browser, "s-charlie")
        assert (refused.status_code, "mainstem_session" in browser.cookies) == (403, False)
        assert "does not prove who you are" in told(refused)


async def test_an_answer_counts_once_in_the_browser_that_asked_within_ten_minutes(acme: Acme) -> None:
    acme.there.knows("s-charlie", email="charlie@acme.example", email_verified=True)
    async with acme.browser() as browser, acme.browser() as another:
        back = await acme.answered(browser, "s-charlie")
        kept = dict(browser.cookies)
        for lie in ({"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}):
            browser.cookies.update(kept)
            assert "Begin it again" in told(await browser.get(CALLBACK, params=back | lie))
        # Somebody is to be signed in as the attacker, by a link.
        assert "Begin it again" in told(await another.get(CALLBACK, params=back))
        browser.cookies.update(kept)
        acme.clock.later = timedelta(minutes=10)
        assert "Begin it again" in told(await browser.get(CALLBACK, params=back))
        acme.clock.later = timedelta(0)
        assert not acme.there.asked
        browser.cookies.update(kept)
        entered = await browser.get(CALLBACK, params=back)
        assert entered.status_code == 303
        assert 'mainstem_sign_in="";' in entered.headers["set-cookie"]
        another.cookies.update(kept)
        replayed = await another.get(CALLBACK, params=back)
        assert (replayed.status_code, "invalid_grant" in told(replayed)) == (403, True)
        sealed = acme.hub.vault.seal({"secret": "of another kind"}).token.decode()
        another.cookies.set("mainstem_sign_in", sealed)
        assert "Begin it again" in told(await another.get(CALLBACK, params=back))


async def test_the_way_there_is_bound_to_this_browser_and_leads_back_to_our_pages_alone(acme: Acme) -> None:
    acme.there.knows("s-charlie", email="charlie@acme.example", email_verified=True)
    async with acme.browser() as browser:
        begun = await browser.get("/login/oidc")
        asked = {name: value for name, (value,) in parse_qs(urlsplit(begun.headers["location"]).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == ORIGIN + CALLBACK
        assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
        assert {"HttpOnly", "SameSite=lax"} <= set(begun.headers["set-cookie"].split("; "))
        assert asked["nonce"] not in begun.headers["set-cookie"]
        for away in ("//evil.example", "https://evil.example", "/\\evil.example"):
            entered = await acme.sign_in(browser, "s-charlie", f"/login/oidc?next={away}")
            assert entered.headers["location"] == "/search"
    (verifier,) = acme.there.asked[0]["code_verifier"]
    assert len(verifier) >= 43


async def test_what_the_provider_refuses_is_told_with_its_reason(acme: Acme) -> None:
    async with acme.browser() as browser:
        place = (await browser.get("/login/oidc")).headers["location"]
        denied = await asyncio.to_thread(acme.there.sign_in, place, "", deny=True)
        state = parse_qs(urlsplit(place).query)["state"][0]
        refused = await browser.get(CALLBACK, params=denied | {"state": state})
        assert "did not let you in (access_denied)" in told(refused)
        acme.there.knows("s-charlie", email="charlie@acme.example", email_verified=True)
        with acme.hub.engine.begin() as db:
            saved = store.saved(db)
            assert saved is not None
            wrong = acme.hub.vault.seal({"secret": "wrong"})
            store.save(db, store.SignOn(**{name: getattr(saved, name) for name in saved.__slots__} | {"secret": wrong}))
        assert "invalid_client" in told(await acme.sign_in(browser, "s-charlie"))


async def test_who_fails_too_often_waits(acme: Acme) -> None:
    async with acme.browser() as browser:
        acme.clock.later = timedelta(hours=1)
        told = [(await browser.get(CALLBACK, params={"code": "x", "state": "y"})).status_code for _ in range(21)]
        assert (told[0], told[-1]) == (403, 429)
    acme.clock.later = timedelta(hours=2)


async def test_charlie_may_not_say_where_people_sign_in_and_neither_may_an_admin(acme: Acme) -> None:
    ada = acme.named("ada@acme.example") or acme.add("Ada", Role.ADMIN)
    admin = Member(ada.id, ada.email, ada.name, Role.ADMIN)
    for who in (acme.charlie, admin):
        async with acme.browser(who) as browser:
            assert (await browser.get(PATH)).status_code == 403
            assert (await browser.post(PATH, data={})).status_code == 403
            assert (await browser.post(f"{PATH}/end")).status_code == 403
            assert PATH not in (await browser.get("/search")).text
    async with acme.browser() as browser:
        assert (await browser.get(PATH)).headers["location"].startswith("/login")


async def test_an_owner_names_a_provider_which_must_answer_and_turns_it_off_again(acme: Acme) -> None:
    async with acme.browser(acme.olga) as browser:
        page = (await browser.get(PATH)).text
        assert ORIGIN + CALLBACK in page
        assert acme.there.secret not in page
        sent = {"name": "Acme Login", "issuer": acme.there.url, "client_id": acme.there.client, "newcomers": "domains"}
        bad = await browser.post(PATH, data=sent)
        assert (bad.status_code, "No domain is named" in bad.text) == (422, True)
        saved = await browser.post(PATH, data=sent | {"domains": "acme.example"})
        assert saved.headers["location"] == f"{PATH}?saved=true"
        assert "The provider answered" in (await browser.get(f"{PATH}?saved=true")).text
        assert acme.deeds()[0] == "Olga let people sign in with Acme Login"
        assert acme.there.secret not in str(acme.deeds())
        assert (await browser.post(f"{PATH}/end")).status_code == 303
    assert acme.deeds()[0] == "Olga let nobody sign in with Acme Login any more"
    async with acme.browser() as browser:
        assert "Acme Login" not in (await browser.get("/login")).text
        assert (await browser.get("/login/oidc")).status_code == 404


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({"issuer": "https://evil.example"}, "calls itself https://evil.example"),
        ({"token_endpoint": "http://login.acme.example/token"}, "begins with https"),
        ({"jwks_uri": None}, "begins with https"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "takes no client secret"),
    ],
)
async def test_a_provider_that_cannot_be_trusted_is_not_saved(
    acme: Acme, described: dict[str, object], says: str
) -> None:
    acme.there.described = described
    with pytest.raises(BadSignOn, match=says):
        await acme.welcomes(Newcomers.EVERYBODY)


async def test_the_way_to_a_provider_is_guarded_and_encrypted(acme: Acme) -> None:
    wanted = acme.wanted()
    for issuer in ("http://login.acme.example", "ftp://login", "", "https://me@login.acme.example"):
        with pytest.raises(BadSignOn, match="begins with https"):
            await configure(acme.hub, None, Wanted("A", issuer, "id", "secret", wanted.newcomers, ""))
    for issuer in ("https://169.254.169.254", f"{acme.there.url}/nowhere"):
        with pytest.raises(NoProvider):
            await configure(acme.hub, None, Wanted("A", issuer, "id", "secret", wanted.newcomers, ""))
    exposed = replace(acme.hub, line=Line(private=False))
    with pytest.raises(NoProvider, match="a private network or on this machine"):
        await configure(exposed, None, wanted)
    acme.there.described = {"issuer": f"{acme.there.url}/"}
    with pytest.raises(BadSignOn, match="The client secret is missing"):
        await configure(acme.hub, None, Wanted("A", acme.there.url, "id", "", wanted.newcomers, ""))


async def test_what_a_token_does_not_say_is_asked_of_the_provider(acme: Acme) -> None:
    acme.there.knows("s-charlie", email="charlie@acme.example", email_verified="true")
    acme.there.claims = {"email": None, "email_verified": None}
    async with acme.browser() as browser:
        assert (await acme.sign_in(browser, "s-charlie")).status_code == 303
    acme.there.claims |= {"sub": "s-olga"}
    async with acme.browser() as browser:
        assert "it tells of somebody else" in told(await acme.sign_in(browser, "s-charlie"))


async def test_an_admin_parts_a_member_from_who_they_were_at_the_provider(acme: Acme) -> None:
    acme.there.knows("s-charlie", email="charlie@acme.example", email_verified=True)
    acme.there.knows("s-anew", email="charlie@acme.example", email_verified=True)
    async with acme.browser() as browser:
        await acme.sign_in(browser, "s-charlie")
    one = f"/members/{acme.charlie.id}"
    async with acme.browser(acme.olga) as browser:
        assert acme.there.url in (await browser.get(one)).text
        parted = await browser.post(f"{one}/part")
        assert parted.headers["location"] == f"{one}?done=sign-on#sign-on"
        assert acme.there.url not in (await browser.get(one)).text
    async with acme.browser() as browser:
        assert (await acme.sign_in(browser, "s-anew")).status_code == 303
