"""OpenID Connect: asking a provider who somebody is, and believing it no more than its signature proves.

The authorization code flow with PKCE, state and nonce. Authlib speaks the protocol and looks at the claims, joserfc at
keys and signatures; the requests go by a client that is handed in. Who may come in is not decided here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import is_secure_transport
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from mainstem.accounts.errors import BadProof, BadSignOn, NoProvider, ProviderRefused
from mainstem.accounts.single_sign_on import Proof
from mainstem.outgoing.client import AddressRefused

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures of a key pair: a secret that both sides know would also let us sign."""

WAYS = ("client_secret_basic", "client_secret_post")
"""How we show a provider our secret."""

LEEWAY = 60
"""Seconds that two clocks may differ."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as it describes itself. `way` is how it wants our secret; `userinfo` is "" where it has none."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    way: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in at a provider, from its beginning to its end. `verifier` and `nonce` are nobody else's to know."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


async def discover(web: httpx.AsyncClient, issuer: str) -> Provider:
    """The provider that goes by this address, which may lack the slash at its end. Raises NoProvider and BadSignOn."""
    _secure(issuer)
    said = await _json(web, get_well_known_url(issuer, external=True))
    named = str(said.get("issuer", ""))
    if named.rstrip("/") != issuer.rstrip("/"):
        raise BadSignOn(f"The provider there calls itself {named or 'nothing'}. Enter that as its address.")
    ends = [str(said.get(name) or "") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    for end in ends:
        _secure(end)
    authorization, token, keys = ends
    ways = said.get("token_endpoint_auth_methods_supported") or WAYS
    way = next((each for each in WAYS if each in ways), "")
    if not way:
        raise BadSignOn("The provider takes no client secret. Give Mainstem a client there that has one.")
    userinfo = str(said.get("userinfo_endpoint") or "")
    return Provider(named, authorization, token, keys, userinfo if is_secure_transport(userinfo) else "", way)


def address(endpoint: str, client_id: str, attempt: Attempt) -> str:
    """Where a browser goes to sign in."""
    client = OAuth2Client(None, client_id, scope=SCOPE, code_challenge_method="S256")
    made: tuple[str, str] = client.create_authorization_url(
        endpoint,
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
        redirect_uri=attempt.redirect_uri,
    )
    return made[0]


async def redeem(
    web: httpx.AsyncClient,
    provider: Provider,
    client: tuple[str, str],
    attempt: Attempt,
    code: str,
    now: datetime,
) -> Proof:
    """Whom a code proves that a provider gave a browser. `client` is our id and our secret there.

    Raises ProviderRefused, also for a code that was used before, BadProof and NoProvider.
    """
    granted = await _granted(web, provider, client, attempt, code)
    claims = _proved(granted, await _json(web, provider.keys), provider.issuer, client[0], attempt.nonce, now)
    told = claims
    if "email" not in claims and provider.userinfo and "access_token" in granted:
        # Some keep it out of the token, to be asked for.
        told = await _json(web, provider.userinfo, Authorization=f"Bearer {granted['access_token']}")
        if told.get("sub") != claims["sub"]:
            raise BadProof("it tells of somebody else")
    verified = told.get("email_verified") in (True, "true")
    email, name = str(told.get("email") or ""), told.get("name") or told.get("preferred_username") or ""
    return Proof(provider.issuer, str(claims["sub"]), email, str(name), verified=verified)


class _Client(OAuth2Client):  # type: ignore[misc]  # it says nothing of its types
    """Authlib's client, whose requests go by ours: that one looks where it connects."""

    oauth_error_class = AuthlibBaseError

    async def _fetch_token(self, url: str, body: str, headers: dict[str, str], auth: Any, **_: Any) -> dict[str, Any]:
        url, headers, body = auth.prepare("POST", url, dict(headers), body)
        token: dict[str, Any] = self.parse_response_token(await self.session.post(url, content=body, headers=headers))
        return token


async def _granted(
    web: httpx.AsyncClient, provider: Provider, client: tuple[str, str], attempt: Attempt, code: str
) -> dict[str, Any]:
    asking = _Client(web, *client, token_endpoint_auth_method=provider.way)
    try:
        granted: dict[str, Any] = await asking.fetch_token(
            provider.token,
            grant_type="authorization_code",
            code=code,
            code_verifier=attempt.verifier,
            redirect_uri=attempt.redirect_uri,
        )
    except AuthlibBaseError as error:
        raise ProviderRefused(printable(error.error or "")) from None
    except httpx.HTTPStatusError as error:
        raise NoProvider(f"HTTP {error.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(error) from None
    except ValueError:
        raise NoProvider("it is no JSON") from None
    return granted


def _proved(
    granted: dict[str, Any], keys: dict[str, Any], issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token, once all that must be right about it is."""
    try:
        token = jwt.decode(
            str(granted.get("id_token") or ""),
            KeySet.import_key_set(keys),  # type: ignore[arg-type]  # looked at there
            registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False),
        )
        must = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
        known = {"nonce": nonce, "client_id": client_id, "access_token": granted.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, must, known)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        said = error.description or error.error if isinstance(error, JoseError) else "it cannot be read"
        raise BadProof(printable(said)) from None
    return dict(claims)


async def _json(web: httpx.AsyncClient, url: str, **headers: str) -> dict[str, Any]:
    try:
        answer = await web.get(url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(error) from None
    if not answer.is_success:
        raise NoProvider(f"HTTP {answer.status_code}")
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NoProvider("it is no JSON")
    return said


def _unreachable(error: Exception) -> NoProvider:
    if isinstance(error, AddressRefused):
        return NoProvider(f"it is in {error.place}, where Mainstem does not connect")
    return NoProvider("no connection" if isinstance(error, httpx.ConnectError) else type(error).__name__)


def _secure(address: str) -> None:
    """Refuse what others could read and change on its way; this machine alone is reached without TLS."""
    if not is_secure_transport(address) or urlsplit(address).username:
        raise BadSignOn(f"{address or 'Nothing'} is no address of a provider. Enter one that begins with https://.")


def printable(said: str) -> str:
    """What a provider says of a failure, as far as it may stand in a sentence."""
    return " ".join("".join(filter(str.isprintable, said)).split())[:200].rstrip(".") or "it does not say why"
