"""The one border to httpx: sends signed requests to one endpoint and gives data or errors of our own.

No exception of httpx passes it, no credential leaves the endpoint's root, and no cookie is kept, so that each answer
proves the credential anew.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from mainstem.confluence.addresses import Endpoint, Reach, reach
from mainstem.confluence.answers import data_of, failure, is_html, lacks_scope, leads_on, place_of
from mainstem.confluence.credentials import Credential, Grant
from mainstem.confluence.errors import (
    CUT_OFF,
    TOO_LONG,
    AddressForbidden,
    CertificateRejected,
    ItemBroken,
    NotConfluence,
    NotVisible,
    RightMissing,
    ScopeMissing,
    ServerBroken,
    SignInRejected,
    Unreachable,
    WrongAddress,
)
from mainstem.confluence.pacing import Pace
from mainstem.errors import MainstemError, RetryLater
from mainstem.outgoing.client import AddressRefused

Params = Mapping[str, str | int | Sequence[str]]

MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Http:
    """Requests to one endpoint, signed with one credential (None: anonymous), at the pace of the connection.

    `proof` proves the sign-in anew; it is asked before an answer is believed that a rejected credential gets too.
    `final_500`: a plain 500 is the server's answer about this item (ItemBroken), not a passing trouble.
    `scopes_as_rights`: a scope that the token lacks bars this item alone (RightMissing), not the whole run.
    """

    client: httpx.AsyncClient
    endpoint: Endpoint
    credential: Credential | None
    pace: Pace
    proof: "Callable[[Http], Awaitable[object]] | None" = None
    final_500: bool = False
    scopes_as_rights: bool = False

    def unsigned(self, endpoint: Endpoint | None = None) -> "Http":
        """The same connection as a visitor without credentials, on this or another endpoint."""
        return Http(self.client, endpoint or self.endpoint, None, self.pace)

    async def get(self, link: str, params: Params | None = None, *, item: str = "") -> Any:
        """The JSON behind a link (see `Endpoint.join`). `item` names what is asked for, in errors."""
        return await self._data(self._request("GET", link, params=params), item)

    async def post(self, link: str, content: Any, *, item: str = "") -> Any:
        """The JSON that a reading POST answers."""
        return await self._data(self._request("POST", link, json=content), item)

    async def submit(self, link: str, content: Any) -> str:
        """What a POST is answered with, granted or not: whoever sends it judges a refusal by its own words."""
        request = self._request("POST", link, json=content)
        return (await self.pace.run(lambda: self._answer(request))).text

    async def page(self, link: str) -> str:
        """The text of a page for people."""
        request = self._request("GET", link)
        response = await self.pace.run(lambda: self._send(request, link))
        return response.text

    async def stream(self, link: str, *, item: str) -> AsyncIterator[bytes]:
        """The bytes behind a link, in chunks; redirects elsewhere are followed without the credential.

        Raises Unreachable when fewer bytes come than were promised; what was yielded before is then worthless.
        """
        request = self._request("GET", link)
        for _ in range(MOST_REDIRECTS):
            async with self._open(request, item) as response:
                if not response.has_redirect_location:
                    async for chunk in _whole(response):
                        yield chunk
                    return
                request = self._follow(response, item)
        raise ItemBroken(item, "its download is sent from place to place")

    def _request(self, method: str, link: str, *, params: Params | None = None, json: Any = None) -> httpx.Request:
        url = self.endpoint.join(link)
        with translated(self.endpoint.base):
            request = self.client.build_request(method, url, params=params, json=json)
        return self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        if isinstance(self.credential, Grant):
            request.extensions["grant"] = self.credential
        elif self.credential:
            request.headers["Authorization"] = self.credential.authorization()
        return request

    async def _data(self, request: httpx.Request, item: str) -> Any:
        try:
            return await self.pace.run(lambda: self._decoded(request, item))
        except (NotVisible, RightMissing) as error:
            if self.proof and not (isinstance(error, NotVisible) and not error.bare):
                await self.proof(self)
            raise

    async def _decoded(self, request: httpx.Request, item: str) -> Any:
        response = await self._send(request, item)
        if is_html(response):
            raise SignInRejected(response.status_code, "a page for people came instead of data, as from a sign-in")
        try:
            return data_of(response)
        except ValueError as error:
            raise Unreachable(place_of(request), CUT_OFF) from error

    async def _send(self, request: httpx.Request, item: str) -> httpx.Response:
        self.pace.traffic.requests += 1
        with translated(place_of(request)):
            response = await self.client.send(request, auth=_auth(request))
        self._judge(response, item)
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.pace.traffic.requests += 1
        with translated(place_of(request)):
            response = await self.client.send(request)
        error = failure(response, place_of(request))
        if isinstance(error, RetryLater):
            raise error
        return response

    @asynccontextmanager
    async def _open(self, request: httpx.Request, item: str) -> AsyncIterator[httpx.Response]:
        response = await self.pace.run(lambda: self._headers(request, item))
        try:
            with translated(place_of(request)):
                yield response
        finally:
            await response.aclose()

    async def _headers(self, request: httpx.Request, item: str) -> httpx.Response:
        self.pace.traffic.requests += 1
        with translated(place_of(request)):
            response = await self.client.send(request, stream=True, auth=_auth(request))
            if not leads_on(response):
                try:
                    if not response.is_success:
                        await response.aread()
                    self._judge(response, item)
                except BaseException:
                    await response.aclose()
                    raise
        return response

    def _judge(self, response: httpx.Response, item: str) -> None:
        if response.headers.get("x-ratelimit-nearlimit") == "true":
            self.pace.narrow()
        error = failure(response, item or place_of(response.request))
        if self.final_500 and isinstance(error, ServerBroken) and not error.passing:
            raise ItemBroken(item, f"HTTP {error.status}")
        if self.scopes_as_rights and isinstance(error, ScopeMissing):
            raise RightMissing(item, f"the scope {error.scope or 'that the manual lists'} of the token")
        if error:
            raise error

    def _follow(self, response: httpx.Response, item: str) -> httpx.Request:
        with translated(item):
            target = response.request.url.join(response.headers["location"])
            request = self.client.build_request("GET", target)
        if str(target).startswith(self.endpoint.root + "/"):
            return self._signed(request)
        there = reach(target.host)
        if target.scheme != "https" and there is not Reach.THIS_MACHINE:
            raise ItemBroken(item, "its download leads to a place that is not encrypted")
        # What a name resolves to is not looked at: only addresses, which no public site has a reason to give.
        if there not in {Reach.PUBLIC, reach(urlsplit(self.endpoint.root).hostname or "")}:
            raise ItemBroken(item, "its download leads into the network of this machine")
        return request


class _Bearer(httpx.Auth):
    """Signs with a token that lasts an hour only, and once more with the next where it has ended."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self.grant.token("")
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED and not lacks_scope(response):
            request.headers["Authorization"] = f"Bearer {await self.grant.token(token)}"
            yield request


def _auth(request: httpx.Request) -> httpx.Auth | None:
    grant = request.extensions.get("grant")
    return None if grant is None else _Bearer(grant)


async def _whole(response: httpx.Response) -> AsyncIterator[bytes]:
    # A compressed answer says how long it is before it is unpacked; the transport checks that one.
    plain = "content-encoding" not in response.headers
    promised = int(response.headers.get("content-length", 0)) if plain else 0
    received = 0
    async for chunk in response.aiter_bytes():
        received += len(chunk)
        yield chunk
    if received < promised:
        raise Unreachable(place_of(response.request), "the file was cut off")


def _untrusted(error: BaseException) -> ssl.SSLCertVerificationError | None:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def _unconnected(error: Exception, place: str) -> MainstemError:
    if isinstance(error, AddressRefused):
        return AddressForbidden(error.host, error.place)
    untrusted = _untrusted(error)
    if untrusted:
        return CertificateRejected(place.partition("/")[0], untrusted.verify_message)
    text = str(error).lower()
    unresolved = "name" in text or "nodename" in text or "getaddrinfo" in text
    return Unreachable(place, "the host name cannot be resolved" if unresolved else "no connection")


TRANSLATIONS: dict[type[Exception], Callable[[Exception, str], MainstemError]] = {
    httpx.TimeoutException: lambda _, place: Unreachable(place, TOO_LONG),
    httpx.ConnectError: _unconnected,
    httpx.NetworkError: lambda _, place: Unreachable(place, "the connection broke"),
    httpx.ProxyError: lambda _, place: Unreachable(place, "the proxy refuses"),
    httpx.UnsupportedProtocol: lambda _, place: WrongAddress(place, "it is no web address"),
    httpx.LocalProtocolError: lambda _, place: WrongAddress(place, "no such request can be sent"),
    httpx.ProtocolError: lambda _, place: Unreachable(place, CUT_OFF),
    httpx.DecodingError: lambda _, place: Unreachable(place, "the answer cannot be decoded"),
    httpx.TooManyRedirects: lambda _, place: NotConfluence(place, "it sends visitors in circles"),
    httpx.HTTPError: lambda _, place: Unreachable(place, "the request failed"),
    httpx.InvalidURL: lambda _, place: WrongAddress(place, "it is no web address"),
    httpx.CookieConflict: lambda _, place: NotConfluence(place, "its cookies contradict each other"),
    httpx.StreamError: lambda _, place: Unreachable(place, CUT_OFF),
}
"""Every exception of httpx, by the nearest class, to one of ours; a test proves that none is missing."""


@contextmanager
def translated(place: str) -> Iterator[None]:
    """The border: what httpx raises inside leaves as one of our errors, its text without the query."""
    try:
        yield
    except tuple(TRANSLATIONS) as error:
        nearest = next(kind for kind in type(error).__mro__ if kind in TRANSLATIONS)
        raise TRANSLATIONS[nearest](error, place) from error
