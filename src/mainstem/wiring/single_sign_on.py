"""Single sign-on as it is done: a provider is tried and sealed into the store, and browsers go there and come back.

What a browser has to bring back stands sealed in a cookie of its own, so nothing is kept of those who never come back.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anyio import to_thread
from argon2 import PasswordHasher

from mainstem.accounts import sessions, single_sign_on
from mainstem.accounts.errors import BadSignOn, NotAdmitted, ProviderRefused, StaleAttempt
from mainstem.accounts.members import Member, name_of
from mainstem.accounts.passwords import STANDARD
from mainstem.accounts.sessions import Session
from mainstem.accounts.single_sign_on import Newcomers, Proof, domains_of
from mainstem.accounts.tokens import fresh_token
from mainstem.errors import MainstemError
from mainstem.outgoing.client import guarded_client
from mainstem.store import sign_on as store
from mainstem.store.database import reading
from mainstem.store.sign_on import SignOn
from mainstem.wiki.secrets import SealedSecret
from mainstem.wiring.hub import Hub
from mainstem.wiring.vault import WrongKey

BEGIN = "/login/oidc"
CALLBACK = "/login/oidc/done"
"""Where browsers go to begin, and where a provider sends them back to: it has to know that address beforehand."""

LASTING = timedelta(minutes=10)
"""How long somebody may take at the provider."""

PATIENCE = 10.0
"""Seconds that each answer of a provider may take."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A provider as somebody enters it. `secret` "": the one that is stored already, for the same provider."""

    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    newcomers: Newcomers
    domains: str


@dataclass(frozen=True, slots=True)
class Return:
    """What a provider sends a browser back with; "" where it says nothing."""

    code: str = field(default="", repr=False)
    state: str = ""
    issuer: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose browser it is, as far as requests tell. `attempt` is the cookie that it got when it began."""

    attempt: str = field(repr=False)
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in, and wanted to go to `next`."""

    session: Session
    next: str


async def configure(hub: Hub, by: Member | None, wanted: Wanted) -> SignOn:
    """Let people sign in at a provider, once it has answered. Raises BadSignOn, NameMissing and NoProvider.

    `by`: whom the audit log names, None being the command line.
    """
    from mainstem.accounts import oidc  # noqa: PLC0415  takes a fifth of a second, and few ask

    called, domains = name_of(wanted.name), domains_of(wanted.domains)
    if not wanted.client_id.strip():
        raise BadSignOn("The client id is missing. Enter the one that the provider gave Mainstem.")
    if wanted.newcomers is Newcomers.DOMAINS and not domains:
        raise BadSignOn("No domain is named. Enter at least one, or choose who else may come in.")
    async with guarded_client(private=hub.line.private, timeout=PATIENCE) as web:
        provider = await oidc.discover(web, wanted.issuer.strip())

    def save() -> SignOn:
        with hub.engine.begin() as db:
            secret = _secret(hub, wanted, provider.issuer, store.saved(db))
            setting = SignOn(
                called,
                provider.issuer,
                provider.authorization,
                wanted.client_id.strip(),
                secret,
                wanted.newcomers,
                domains,
                hub.clock(),
            )
            single_sign_on.save(db, by, setting, hub.clock())
        return setting

    return await to_thread.run_sync(save)


def facts(setting: SignOn | None, public_url: str) -> dict[str, Any]:
    """What programs are told of a provider, as JSON values; of no provider, where one would send browsers back to."""
    told: dict[str, Any] = {"on": setting is not None, "redirect_uri": public_url + CALLBACK}
    if setting is not None:
        shown = ("name", "issuer", "client_id", "newcomers")
        told |= {name: getattr(setting, name) for name in shown}
        told |= {"domains": list(setting.domains), "saved_at": setting.saved_at.isoformat()}
    return told


def begin(hub: Hub, redirect_uri: str, next_path: str) -> tuple[str, str] | None:
    """Where a browser goes to sign in, and what it keeps for when it comes back; None where there is no provider."""
    from mainstem.accounts import oidc  # noqa: PLC0415  as above

    with reading(hub.engine) as db:
        setting = store.saved(db)
    if setting is None:
        return None
    attempt = oidc.Attempt(fresh_token(), fresh_token(), fresh_token(), redirect_uri)
    kept = {
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "redirect_uri": redirect_uri,
        "issuer": setting.issuer,
        "next": next_path,
        "until": (hub.clock() + LASTING).isoformat(),
    }
    place = oidc.address(setting.authorization_endpoint, setting.client_id, attempt)
    return place, hub.vault.seal(kept).token.decode("ascii")


async def finish(hub: Hub, back: Return, visitor: Visitor, hasher: PasswordHasher = STANDARD) -> Entered:
    """Begin a session of whomever a provider proves, who came back with this.

    Raises TooManyTries, and StaleAttempt, ProviderRefused, BadProof, NotAdmitted and NoProvider, which count as failed
    tries of the visitor's address.
    """
    await to_thread.run_sync(_refuse_too_many, hub, visitor)
    try:
        return await _finish(hub, back, visitor, hasher)
    except MainstemError:
        await to_thread.run_sync(_failed, hub, visitor)
        raise


async def _finish(hub: Hub, back: Return, visitor: Visitor, hasher: PasswordHasher) -> Entered:
    kept, setting = _kept(hub, visitor.attempt), await to_thread.run_sync(_setting, hub)
    if setting is None or kept.get("issuer") != setting.issuer or not _fits(kept, back, hub.clock()):
        raise StaleAttempt
    from mainstem.accounts import oidc  # noqa: PLC0415  as above

    if back.error or not back.code:
        raise ProviderRefused(oidc.printable(back.error))
    attempt = oidc.Attempt(kept["state"], kept["nonce"], kept["verifier"], kept["redirect_uri"])
    client = setting.client_id, hub.vault.open(setting.secret)["secret"]
    async with guarded_client(private=hub.line.private, timeout=PATIENCE) as web:
        provider = await oidc.discover(web, setting.issuer)
        proof = await oidc.redeem(web, provider, client, attempt, back.code, hub.clock())

    def enter(proof: Proof) -> Session:
        now = hub.clock()
        with hub.engine.begin() as db:
            current = store.saved(db)
            if current is None or current.issuer != proof.issuer:
                raise NotAdmitted("Nobody signs in there any more. Sign in with your password.")
            member = single_sign_on.admit(db, proof, current, now, hasher)
            return sessions.begin(db, member, agent=visitor.agent, now=now)

    return Entered(await to_thread.run_sync(enter, proof), kept["next"])


def _fits(kept: dict[str, str], back: Return, now: datetime) -> bool:
    """Whether an answer is the one to what a browser keeps. Providers need not say who they are, but not lie either."""
    named = back.issuer in ("", kept["issuer"])
    return bool(back.state) and back.state == kept["state"] and named and now < datetime.fromisoformat(kept["until"])


def _kept(hub: Hub, attempt: str) -> dict[str, str]:
    """What a browser keeps of the sign-in that it began; {} for what we never gave it."""
    with suppress(WrongKey, UnicodeEncodeError):
        return hub.vault.open(SealedSecret(attempt.encode("ascii")))
    return {}


def _setting(hub: Hub) -> SignOn | None:
    with reading(hub.engine) as db:
        return store.saved(db)


def _secret(hub: Hub, wanted: Wanted, issuer: str, before: SignOn | None) -> SealedSecret:
    if wanted.secret.strip():
        return hub.vault.seal({"secret": wanted.secret.strip()})
    if before is None or before.issuer != issuer:
        # The secret of one provider is not for another to see.
        raise BadSignOn("The client secret is missing. Enter the one that the provider gave Mainstem.")
    return before.secret


def _refuse_too_many(hub: Hub, visitor: Visitor) -> None:
    with hub.engine.begin() as db:
        sessions.refuse_too_many(db, visitor.address, hub.clock())


def _failed(hub: Hub, visitor: Visitor) -> None:
    with hub.engine.begin() as db:
        sessions.failed(db, visitor.address, hub.clock())
