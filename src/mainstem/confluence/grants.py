"""What somebody lets an app of Atlassian's read for them (OAuth 2.0): asking for it, and the tokens that it brings.

What the protocol says is oauthlib's business; where tokens are kept is not known here. Atlassian documents no PKCE, and
what it sends is harmless where nobody looks at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mainstem.confluence.addresses import Address, Endpoint
from mainstem.confluence.credentials import Grant
from mainstem.confluence.errors import AppRejected, GrantEnded
from mainstem.confluence.opening import ATLASSIAN, Line, ignore, visitor
from mainstem.confluence.scopes import READ_SCOPES

if TYPE_CHECKING:
    from oauthlib.oauth2 import WebApplicationClient

AUDIENCE = "api.atlassian.com"
OFFLINE = "offline_access"
"""The scope that brings a refresh token."""
AN_HOUR = 3600
"""Seconds that an access token lasts where the answer does not say."""
LIFE = timedelta(days=365)
"""After which Atlassian ends what was allowed, however much it is used; unused, after 90 days."""
VERIFIER_LENGTH = 64
BAD_APP = {"access_denied", "invalid_client"}
"""Atlassian's words for a client id or secret that it does not know."""


@dataclass(frozen=True, slots=True, repr=False)
class App:
    """An app that somebody registered with Atlassian."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A question to somebody at Atlassian: `url` leads there; `state` comes back, and `verifier` redeems the code."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What Atlassian gives: a token to read with until `expires_at`, and one, good once, for the next pair."""

    access: str
    refresh: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """A site that tokens open, by its human address."""

    cloud_id: str
    url: str
    name: str


def ask(app: App, back: str, state: str, line: Line) -> Asked:
    """What to ask somebody at Atlassian, who is then led to `back`; `state` is a secret of their browser."""
    client = _client(app)
    verifier = client.create_code_verifier(VERIFIER_LENGTH)
    url = client.prepare_request_uri(
        f"{ATLASSIAN}/authorize",
        redirect_uri=back,
        scope=[*READ_SCOPES, OFFLINE],
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        audience=AUDIENCE,
        prompt="consent",
    )
    # oauthlib writes addresses of https alone; an emulator on this machine has another.
    return Asked(url.replace(ATLASSIAN, line.atlassian, 1), state, verifier)


async def redeem(app: App, line: Line, code: str, *, verifier: str, back: str, now: datetime) -> Tokens:
    """The first tokens, for the code that a browser brought to `back`. Raises GrantEnded, AppRejected, RetryLater."""
    client = _client(app)
    body = client.prepare_request_body(
        code=code, redirect_uri=back, code_verifier=verifier, client_secret=app.client_secret
    )
    return await _granted(app, line, body, now)


async def renew(app: App, line: Line, refresh: str, now: datetime) -> Tokens:
    """The next tokens; `refresh` is used up with it. Raises GrantEnded, AppRejected, RetryLater."""
    client = _client(app)
    body = client.prepare_refresh_body(refresh_token=refresh, client_id=app.client_id, client_secret=app.client_secret)
    return await _granted(app, line, body, now)


async def sites(line: Line, access: str) -> Sequence[Site]:
    """The sites that an access token opens. Raises SignInRejected, RetryLater."""

    async def token(_refused: str) -> str:
        return access

    async with visitor(_at(line.gateway), line, ignore) as http:
        signed = replace(http, credential=Grant("", token))
        rows = await signed.get("/oauth/token/accessible-resources", item="the sites that were allowed")
    # A site stands there once for each product.
    return tuple({row["id"]: Site(row["id"], row["url"], row["name"]) for row in rows}.values())


async def _granted(app: App, line: Line, body: str, now: datetime) -> Tokens:
    from oauthlib.oauth2 import OAuth2Error  # noqa: PLC0415  as below

    async with visitor(_at(line.atlassian), line, ignore) as http:
        said = await http.submit("/oauth/token", dict(parse_qsl(body)))
    try:
        token: dict[str, Any] = _client(app).parse_request_body_response(said)
        access, refresh = token["access_token"], token["refresh_token"]
    except OAuth2Error as error:
        if error.error in BAD_APP:
            raise AppRejected(error.status_code, error.error) from None
        raise GrantEnded(error.status_code, error.description or str(error.error)) from None
    except (KeyError, ValueError):
        raise GrantEnded(200, "the answer holds no token to go on with") from None
    return Tokens(access, refresh, now + timedelta(seconds=int(token.get("expires_in", AN_HOUR))))


def _client(app: App) -> "WebApplicationClient":
    from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415  a tenth of a second, and few need it

    return WebApplicationClient(app.client_id)


def _at(root: str) -> Address:
    return Address(Endpoint(root, ""), cloud=True)
