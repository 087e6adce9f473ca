"""Who is let in, by which door: the site's own host and the API gateway judge credentials differently.

A rejected credential is no different from none on the site's host, so on a site open to the world it reads as
anonymous. The gateway knows no anonymous callers, and asks scoped tokens for their scope before it routes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from json import JSONDecodeError

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from confluence_emulator.accounts import CredentialKind, Proof, SignIn
from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, Served, answer
from confluence_emulator.cloud.refusals import Refusal
from confluence_emulator.state import User

Handler = Callable[[Call], Response]

DEPRECATION = {
    "deprecation": "Wed, 1 Mar 2023 00:00:00 GMT",
    "link": '<https://developer.atlassian.com/cloud/confluence/changelog/#CHANGE-864>; rel="deprecation"',
    "warning": '299 - "Deprecated API, will be removed on Mon, 31 Mar 2025 00:00:00 GMT"',
}


class Family(StrEnum):
    """Routes that refuse alike. OLD_V1 is what was deprecated for v2 and is gone for OAuth; SEARCH its own service."""

    V2 = "v2"
    V1 = "v1"
    SEARCH = "search"
    OLD_V1 = "old-v1"


@dataclass(frozen=True)
class Endpoint:
    """One route below `/wiki`. A token with scopes needs any one of `scopes`; none listed: every token will do."""

    path: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    family: Family = Family.V2
    method: str = "GET"


def routes(served: Served, endpoints: Iterable[Endpoint], *, gateway: bool) -> Iterator[Route]:
    """The endpoints as they are reached through one of the two doors."""
    prefix = "/ex/confluence/{cloud_id}/wiki" if gateway else "/wiki"
    for endpoint in endpoints:
        yield Route(prefix + endpoint.path, _served(served, endpoint, gateway=gateway), methods=[endpoint.method])


def _served(served: Served, endpoint: Endpoint, *, gateway: bool) -> Callable[[Request], object]:
    async def respond(request: Request) -> Response:
        try:
            body = await _body(request, endpoint)
            call = replace(_admit(served, request, endpoint, gateway=gateway), body=body)
            response = endpoint.handler(call)
        except Refusal as refusal:
            response = refused(refusal)
        if endpoint.family is Family.OLD_V1 and response.status_code != 410:
            response.headers.update(DEPRECATION)
        return response

    return respond


async def _body(request: Request, endpoint: Endpoint) -> object:
    if endpoint.method != "POST":
        return None
    try:
        return await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        said = "The request body is not JSON"
        raise (refusals.v2(400, said) if endpoint.family is Family.V2 else refusals.v1_bad_request(said)) from None


def refused(refusal: Refusal) -> Response:
    """A refusal on the wire."""
    if isinstance(refusal.body, str):
        return Response(refusal.body, refusal.status, refusal.headers, media_type="text/html")
    return answer(refusal.body, refusal.status, refusal.headers)


def _admit(served: Served, request: Request, endpoint: Endpoint, *, gateway: bool) -> Call:
    sign_in = served.accounts.cloud(request.headers.get("authorization"))
    user = _through_gateway(served, request, endpoint, sign_in) if gateway else _on_site(served, sign_in)
    if not _may_call(served, user):
        raise _turned_away(endpoint.family)
    bearer = sign_in.credential is not None and sign_in.credential.kind is CredentialKind.OAUTH
    if endpoint.family is Family.OLD_V1 and bearer:
        raise refusals.gone()
    return Call(served, request, user, gateway)


def _on_site(served: Served, sign_in: SignIn) -> User | None:
    kind = sign_in.credential.kind if sign_in.credential is not None else None
    if sign_in.proof is Proof.MALFORMED or kind is CredentialKind.SCOPED_TOKEN:
        raise refusals.tomcat_unauthorized(served.site.base_url)
    return sign_in.user if kind is CredentialKind.API_TOKEN else None


def _through_gateway(served: Served, request: Request, endpoint: Endpoint, sign_in: SignIn) -> User:
    if sign_in.user is None or sign_in.credential is None:
        raise refusals.gateway_unauthorized()
    if request.path_params["cloud_id"] != served.site.cloud_id:
        raise refusals.unknown_cloud(request.path_params["cloud_id"])
    scoped = sign_in.credential.kind is not CredentialKind.API_TOKEN
    if scoped and endpoint.scopes and sign_in.credential.scopes.isdisjoint(endpoint.scopes):
        raise refusals.scope_missing()
    return sign_in.user


def _may_call(served: Served, user: User | None) -> bool:
    if user is None:
        return served.site.anonymous_access
    return user.guest or served.site.is_licensed(user)


def _turned_away(family: Family) -> Refusal:
    if family is Family.V2:
        return refusals.bare_not_found()
    return refusals.v1_not_permitted() if family is Family.SEARCH else refusals.v1_forbidden()
