"""Signing in by what somebody lets an app read: tokens that last an hour, and rotate without being lost (C1, C4)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from confluence_emulator.consents import Code
from mainstem.confluence.credentials import Credential, Grant
from mainstem.confluence.errors import AppRejected, GrantEnded
from mainstem.confluence.grants import App, ask, redeem, sites
from mainstem.settings import Settings
from mainstem.store import connections, grants, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.sync.grants import TURN
from mainstem.sync.renewal import Proof
from tests.sync.larkhill import Session, Wiki, connected

BACK = "https://hub.example/atlassian/back"
APP = App("emulated-app", "emulated-app-secret")
SETTINGS = Settings(
    atlassian_client_id=APP.client_id,
    atlassian_client_secret=SecretStr(APP.client_secret),
)


@pytest.fixture
def session(wiki: Wiki, tmp_path: Path) -> Iterator[Session]:
    """A hub whose connection signs in by a grant of the account that it had before."""
    with connected(wiki, tmp_path / "home", settings=SETTINGS) as session:
        asyncio.run(by_grant(session))
        yield session


def stored(session: Session) -> SavedConnection:
    with reading(session.hub.engine) as db:
        return connections.connection(db, session.connection_id)


async def allowed(session: Session) -> Grant:
    """What the sync account lets the app read, as it is kept for the connection."""
    hub, wiki = session.hub, session.wiki
    asked = ask(APP, BACK, "state", hub.line)
    query = {name: value for name, [value] in parse_qs(urlsplit(asked.url).query).items()}
    code = wiki.desk.consents.allow(Code(wiki.sync, frozenset(query["scope"].split()), BACK, query["code_challenge"]))
    tokens = await redeem(APP, hub.line, code, verifier=asked.verifier, back=BACK, now=hub.clock())
    [site] = await sites(hub.line, tokens.access)
    assert (site.cloud_id, site.url) == (wiki.site.cloud_id, "https://larkhill.atlassian.net")
    with hub.engine.begin() as db:
        return hub.grants.keep(db, tokens, connection_id=session.connection_id)


async def by_grant(session: Session) -> None:
    proof = await session.hub.prove(stored(session), await allowed(session))
    session.hub.renew(stored(session), proof, None, by=None)


def refreshes(session: Session) -> int:
    return sum(len(consent.used) for consent in session.wiki.desk.consents.given)


async def asked_at_once(session: Session, number: int) -> set[str]:
    """The tokens that so many clients are given, each with a memory of its own, as in processes of their own."""
    held = [session.hub.credential(stored(session)) for _ in range(number)]
    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(take(one)) for one in held]
    return {one.result() for one in asking}


async def take(credential: Credential) -> str:
    assert isinstance(credential, Grant)
    return await credential.token("")


def test_a_site_is_read_through_the_gateway_as_whoever_allowed_it(session: Session, wiki: Wiki) -> None:
    wiki.pages(3)
    page = wiki.page("Restricted")
    wiki.restrict(page, wiki.alice, wiki.sync)
    run = session.sync()
    assert (run.state, run.counters["added"], session.failures()) == (RunState.DONE, 4, {})
    signed = {each.path.split("/wiki")[0] for each in wiki.desk.log.entries if each.credential == "bearer"}
    assert signed == {f"/ex/confluence/{wiki.site.cloud_id}"}
    assert {each.credential for each in wiki.desk.log.entries} == {"bearer", "none"}
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)
    assert session.visible(wiki.alice) == wiki.visible(wiki.alice)
    assert (stored(session).credential_kind, stored(session).account_id) == ("oauth", wiki.sync.account_id)


def test_a_sync_outlives_its_token_and_the_new_one_is_kept(session: Session, wiki: Wiki) -> None:
    wiki.pages(2)
    assert session.sync().state is RunState.DONE
    assert refreshes(session) == 0
    wiki.clock.forward(hours=2)
    assert session.sync().state is RunState.DONE
    # Revoked in its midst, as where a token ends sooner than it said.
    wiki.clock.forward(minutes=5)
    wiki.meanwhile.plan(3, lambda: wiki.desk.accounts.revoke(wiki.desk.consents.given[0].access[-1]))
    assert session.sync().state is RunState.DONE
    assert refreshes(session) == 2
    wiki.clock.forward(days=30)
    assert session.sync().state is RunState.DONE
    assert refreshes(session) == 3


def test_a_token_whose_end_reads_as_if_nothing_were_there_deletes_nothing(session: Session, wiki: Wiki) -> None:
    wiki.pages(3)
    session.sync()
    held = session.held()
    for at in (1, 5, 9):
        wiki.meanwhile.plan(at, lambda: wiki.fault("404:path=wiki/api/v2", "403:path=wiki/rest/api"))
        assert session.sync().state is RunState.FAILED, at
        assert session.held() == held, at
        wiki.fault()
    assert session.sync().state is RunState.DONE
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)


def test_of_many_who_need_the_next_token_one_asks_for_it_and_all_are_given_it(session: Session, wiki: Wiki) -> None:
    wiki.clock.forward(hours=2)
    assert len(asyncio.run(asked_at_once(session, 8))) == 1
    assert refreshes(session) == 1


def test_whoever_died_while_renewing_is_followed_once_its_turn_is_over(session: Session, wiki: Wiki) -> None:
    wiki.clock.forward(hours=2)
    grant = session.hub.credential(stored(session))
    assert isinstance(grant, Grant)
    with session.hub.engine.begin() as db:
        assert grants.claim(db, grant.id, wiki.clock(), wiki.clock() + TURN)
        assert not grants.claim(db, grant.id, wiki.clock(), wiki.clock() + TURN)
        # What it was given came too late to be kept by another's right.
        kept = grants.grant(db, grant.id)
        assert kept is not None
        grants.renewed(db, grant.id, kept.secret, wiki.clock(), wiki.clock() + timedelta(seconds=1))
        assert kept == grants.grant(db, grant.id)
    wiki.clock.forward(minutes=4)
    assert len(asyncio.run(asked_at_once(session, 2))) == 1
    assert refreshes(session) == 1


def test_a_renewal_goes_on_to_its_end_when_whoever_waits_for_it_is_stopped(session: Session, wiki: Wiki) -> None:
    wiki.clock.forward(hours=2)

    async def stopped() -> None:
        grant = session.hub.credential(stored(session))
        assert isinstance(grant, Grant)
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(take(grant))
            while refreshes(session) == 0:  # noqa: ASYNC110 - the emulator tells nobody
                await asyncio.sleep(0.001)
            waiting.cancel()
        while (await asyncio.to_thread(kept, session, grant.id)).renewing_until:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)

    asyncio.run(stopped())
    wiki.clock.forward(hours=2)
    assert session.sync().state is RunState.DONE
    assert refreshes(session) == 2


def kept(session: Session, grant_id: str) -> grants.KeptGrant:
    with reading(session.hub.engine) as db:
        found = grants.grant(db, grant_id)
    assert found is not None
    return found


def test_what_was_withdrawn_pauses_the_connection_says_so_and_deletes_nothing(session: Session, wiki: Wiki) -> None:
    wiki.pages(3)
    session.sync()
    held = session.held()
    wiki.desk.consents.withdraw(wiki.sync)
    wiki.clock.forward(hours=2)
    run = session.sync()
    assert run.state is RunState.FAILED
    assert run.message == str(GrantEnded(403, "refresh_token is invalid"))
    with reading(session.hub.engine) as db:
        plan = plans.plan(db, session.connection_id)
    assert plan.paused_because == run.message
    assert session.held() == held


def test_a_network_that_is_away_ends_nothing(session: Session, wiki: Wiki) -> None:
    wiki.clock.forward(hours=2)
    wiki.fault("503:path=/oauth/token")
    assert session.sync().state is RunState.FAILED
    with reading(session.hub.engine) as db:
        assert plans.plan(db, session.connection_id).paused_at is None
    wiki.fault()
    assert session.sync().state is RunState.DONE


@pytest.mark.parametrize("app", [None, App(APP.client_id, "wrong")])
def test_an_app_that_the_settings_name_wrongly_is_told_from_a_grant_that_ended(
    session: Session, wiki: Wiki, app: App | None
) -> None:
    keeper = replace(session.hub.grants, app=app)
    wiki.clock.forward(hours=2)
    with pytest.raises(AppRejected, match="MAINSTEM_ATLASSIAN_CLIENT_ID"):
        asyncio.run(take(keeper.grant(session.hub.vault.open(stored(session).secret)["grant"])))
    assert session.sync().state is RunState.DONE


def test_tokens_go_with_the_credential_and_with_the_connection(session: Session) -> None:
    grant = session.hub.credential(stored(session))
    assert isinstance(grant, Grant)
    second = asyncio.run(allowed(session))
    proof = asyncio.run(session.hub.prove(stored(session), second))
    assert isinstance(proof, Proof)
    session.hub.renew(stored(session), proof, None, by=None)
    with session.hub.engine.begin() as db:
        assert grants.grant(db, grant.id) is None
        assert grants.grant(db, second.id) is not None
        connections.remove(db, session.connection_id)
        assert grants.grant(db, second.id) is None


def test_nothing_that_is_stored_shows_a_token(session: Session, wiki: Wiki) -> None:
    wiki.clock.forward(hours=2)
    session.sync()
    consent = wiki.desk.consents.given[0]
    secrets = [*consent.access, consent.refresh, *consent.used]
    text = b"".join(path.read_bytes() for path in session.hub.home.folder.rglob("*") if path.is_file())
    assert len(secrets) == 4
    assert not [secret for secret in secrets if secret.encode() in text]
