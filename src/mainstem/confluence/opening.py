"""Opens a client: recognises what answers at an address, signs in by the door the credential fits, learns the site.

Each step stands on its own, so that `checks` can take them one by one. Nothing is sent a credential before it has been
recognised as Confluence: by its answers, now or when it was saved, or by a host name that is Atlassian's.
"""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from mainstem.confluence.addresses import GATEWAY, Address, Endpoint, gateway_endpoint, parse_address
from mainstem.confluence.client import Confluence, Traffic, Waiting
from mainstem.confluence.cloud import Cloud
from mainstem.confluence.credentials import Credential, EmailToken, Grant
from mainstem.confluence.datacenter import DataCenter
from mainstem.confluence.datacenter_audience import LIST, SCAN, WITH_ARCHIVED, Served, serves_permissions
from mainstem.confluence.errors import (
    NotConfluence,
    NotVisible,
    SignInRejected,
    TokenOnWrongHost,
    Unreachable,
    WrongDeployment,
)
from mainstem.confluence.fields import text
from mainstem.confluence.http import Http, Params
from mainstem.confluence.pacing import Pace, Patience, Timing, both
from mainstem.confluence.sign_in import signed_in
from mainstem.errors import SkipItem
from mainstem.outgoing.client import guarded_client
from mainstem.wiki.content import Deployment, Person

ATLASSIAN = "https://auth.atlassian.com"
TENANT_INFO = "/_edge/tenant_info"
SERVER_INFORMATION = "/rest/api/server-information"
VERSION_IN_PAGE = re.compile(r'name="ajs-version-number"\s+content="([^"]*)"')
NOT_DATA = (SkipItem, SignInRejected)
"""What a probe meets where there is nothing for it to find."""


@dataclass(frozen=True, slots=True)
class Line:
    """How requests leave this machine, and how they are paced. `transport` None: the network, with its proxy.

    `atlassian` is where people are asked what an app may read. `private`: it may lead into private networks, and to
    this machine. `heard` is told of each answer, and of the seconds that its head took.
    """

    transport: httpx.AsyncBaseTransport | None = None
    timing: Timing = field(default_factory=Timing)
    patience: Patience = field(default_factory=Patience)
    gateway: str = GATEWAY
    atlassian: str = ATLASSIAN
    timeout: float = 60.0
    private: bool = True
    heard: Callable[[httpx.Response, float], None] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What answers at an address. `cloud_id` is what the gateway knows a Cloud site by; None where nobody asked yet."""

    address: Address
    cloud: bool
    cloud_id: str | None = None


def ignore(waiting: Waiting) -> None:
    """Tell nobody of a wait."""
    del waiting


@asynccontextmanager
async def open_client(
    address: str,
    credential: Credential,
    *,
    deployment: Deployment | None = None,
    proved: bool = False,
    line: Line | None = None,
    on_wait: Callable[[Waiting], None] = ignore,
) -> AsyncIterator[Confluence]:
    """A signed-in client of whatever Confluence is at an address (see `addresses.parse_address`).

    `deployment` is the family that it must be; None: whichever answers. `proved`: that family did answer there before,
    to this connection, so nobody asks again what it is; `Confluence.api_url` is the best address for it then.
    Raises WrongAddress, NotConfluence, WrongDeployment, CertificateRejected, TokenOnWrongHost, SignInRejected,
    ScopeMissing or Blocked, or a RetryLater error when it cannot be told now.
    """
    line = line or Line()
    where = parse_address(address)
    async with visitor(where, line, on_wait) as http:
        with named_as_typed(where):
            found = _known(where, deployment, proved=proved) or await recognise(http, where, credential, deployment)
            client = await enter(http, found, credential, line.gateway)
        yield client


@contextmanager
def named_as_typed(address: Address) -> Iterator[None]:
    """Where nothing answers, name the address that a person typed, not a path of ours that they never saw."""
    try:
        yield
    except Unreachable as error:
        raise Unreachable(address.typed or address.endpoint.base, error.cause) from error


def _known(address: Address, wanted: Deployment | None, *, proved: bool) -> Found | None:
    """What is at an address without asking: by Atlassian's own host names, or because it was proved before."""
    if address.cloud and wanted is not Deployment.DATA_CENTER:
        return Found(address, cloud=True)
    if not proved or wanted is None or address.cloud:
        return None
    if wanted is Deployment.DATA_CENTER:
        return Found(address, cloud=False)
    return Found(replace(address, endpoint=Endpoint(address.origin, "/wiki")), cloud=True)


@asynccontextmanager
async def visitor(address: Address, line: Line, on_wait: Callable[[Waiting], None]) -> AsyncIterator[Http]:
    """A line to an address, without credentials yet."""
    # A session cookie would keep a revoked token alive, so none is accepted.
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    headers = {"Accept": "application/json", "User-Agent": "mainstem", "X-Atlassian-Token": "no-check"}
    client = guarded_client(
        private=line.private,
        transport=line.transport,
        timeout=line.timeout,
        headers=headers,
        cookies=no_cookies,
    )
    if line.heard is not None:
        _listen(client, line.heard)
    async with client:
        yield Http(client, address.endpoint, None, Pace(line.timing, Traffic(), on_wait, line.patience))


def _listen(client: httpx.AsyncClient, heard: Callable[[httpx.Response, float], None]) -> None:
    async def asked(request: httpx.Request) -> None:
        request.extensions["asked_at"] = time.perf_counter()

    async def answered(response: httpx.Response) -> None:
        heard(response, time.perf_counter() - response.request.extensions["asked_at"])

    client.event_hooks = {
        "request": [*client.event_hooks["request"], asked],
        "response": [*client.event_hooks["response"], answered],
    }


async def recognise(http: Http, address: Address, credential: Credential, wanted: Deployment | None = None) -> Found:
    """Which family answers at an address. Raises WrongAddress, NotConfluence, WrongDeployment.

    A server that lets no visitor see what it is counts as Data Center when the credential is one for it.
    """
    for family in _order(address, wanted):
        found = await _PROBES[family](http, address)
        if found is None:
            continue
        if wanted not in (None, family):
            raise WrongDeployment(address.endpoint.base, family)
        return found
    if not isinstance(credential, EmailToken | Grant) and wanted is not Deployment.CLOUD and await _is_closed(http):
        return Found(address, cloud=False)
    raise NotConfluence(address.endpoint.base, "it gives none of Confluence's answers")


def _order(address: Address, wanted: Deployment | None) -> list[Deployment]:
    """The families to look for, in order: Cloud's older interface looks like Data Center's, but lives below /wiki."""
    if address.cloud:
        return [Deployment.CLOUD]
    if wanted is Deployment.CLOUD or address.endpoint.context in {"", "/wiki"}:
        return [Deployment.CLOUD, Deployment.DATA_CENTER]
    return [Deployment.DATA_CENTER, Deployment.CLOUD]


async def _find_cloud(http: Http, address: Address) -> Found | None:
    cloud_id = None if address.gateway else await _cloud_id(http, address)
    if not (address.cloud or cloud_id):
        return None
    endpoint = address.endpoint if address.cloud else Endpoint(address.origin, "/wiki")
    return Found(replace(address, endpoint=endpoint), cloud=True, cloud_id=cloud_id)


async def _find_data_center(http: Http, address: Address) -> Found | None:
    return Found(address, cloud=False) if await _is_data_center(http) else None


_PROBES: dict[Deployment, Callable[[Http, Address], Awaitable[Found | None]]] = {
    Deployment.CLOUD: _find_cloud,
    Deployment.DATA_CENTER: _find_data_center,
}


async def enter(http: Http, found: Found, credential: Credential, gateway: str) -> Confluence:
    """The signed-in client for what was found. Raises TokenOnWrongHost, SignInRejected, ScopeMissing, Blocked."""
    if found.cloud:
        if isinstance(credential, Grant):
            return await _by_gateway(http, found, credential, gateway)
        if not isinstance(credential, EmailToken):
            raise TokenOnWrongHost(found.address.endpoint.base, "Cloud takes an e-mail address and an API token of it")
        return await _by_some_door(http, found, credential, gateway)
    if isinstance(credential, EmailToken | Grant):
        fix = "Data Center takes a personal access token, or a user name and password"
        raise TokenOnWrongHost(found.address.endpoint.base, fix)
    signed = replace(http, endpoint=found.address.endpoint, credential=credential, proof=signed_in)
    # Alone, for a rejected password counts towards the picture puzzle each time that it is sent.
    account = await signed_in(signed)
    return await _data_center(signed, account)


async def _by_gateway(http: Http, found: Found, credential: Grant, gateway: str) -> Cloud:
    """An app enters by the gateway alone."""
    endpoint = found.address.endpoint
    if not found.address.gateway:
        cloud_id = found.cloud_id or await _cloud_id(http, found.address)
        if cloud_id is None:
            raise NotConfluence(endpoint.base, "it does not tell its cloud id")
        endpoint = gateway_endpoint(gateway, cloud_id)
    return await _cloud(replace(http, endpoint=endpoint, credential=credential, proof=signed_in), found.address)


async def _by_some_door(http: Http, found: Found, credential: EmailToken, gateway: str) -> Cloud:
    """A token without scopes enters by the site's own host, one with scopes by the gateway alone."""
    signed = replace(http, endpoint=found.address.endpoint, credential=credential, proof=signed_in)
    try:
        return await _cloud(signed, found.address)
    except SignInRejected as rejected:
        if found.address.gateway or rejected.status != httpx.codes.UNAUTHORIZED:
            raise
        cloud_id = found.cloud_id or await _cloud_id(http, found.address)
        if cloud_id is None:
            raise
        return await _cloud(replace(signed, endpoint=gateway_endpoint(gateway, cloud_id)), found.address)


async def _cloud(signed: Http, address: Address) -> Cloud:
    listed, account = await both(
        signed.get("/api/v2/spaces", {"limit": 1}, item="the list of spaces"), signed_in(signed)
    )
    site_url = text(listed, "_links", "base") or address.endpoint.base
    site = parse_address(site_url).endpoint if address.gateway else address.endpoint
    return Cloud(signed, site, site_url, account)


async def _data_center(signed: Http, account: Person) -> DataCenter:
    listed, (lists, version) = await both(
        signed.get("/rest/api/space", {"limit": 1}, item="the list of spaces"), both(_lists(signed), _version(signed))
    )
    site_url = text(listed, "_links", "base") or signed.endpoint.base
    served = Served(*lists, serves_permissions(version))
    return DataCenter(signed, served, site_url.rstrip("/"), version, account)


async def _lists(signed: Http) -> tuple[bool, bool]:
    """Whether there are lists of content by cursor, and lists that name archived pages too."""
    if await _serves(signed, SCAN, {"status": WITH_ARCHIVED}):
        return True, True
    if await _serves(signed, SCAN, {}):
        return True, False
    return False, await _serves(signed, LIST, {"status": WITH_ARCHIVED})


async def _serves(signed: Http, path: str, params: Params) -> bool:
    try:
        answer = await signed.get(path, {"type": "page", "limit": 1, **params}, item="the list of pages")
    except SkipItem:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("results"), list)


async def _version(http: Http) -> str:
    try:
        return text(await http.get(SERVER_INFORMATION, item="server information"), "version")
    except SkipItem:
        return await _version_in_page(http)


async def _version_in_page(http: Http) -> str:
    try:
        page = await http.unsigned().page("/login.action")
    except NOT_DATA:
        return ""
    shown = VERSION_IN_PAGE.search(page)
    return shown[1] if shown else ""


async def _cloud_id(http: Http, address: Address) -> str | None:
    edge = http.unsigned(Endpoint(address.origin, ""))
    try:
        answer = await edge.get(TENANT_INFO, item="the site's cloud id")
    except NOT_DATA:
        return None
    return text(answer, "cloudId") or None if isinstance(answer, dict) else None


async def _is_data_center(http: Http) -> bool:
    for path, proof in ((SERVER_INFORMATION, "version"), ("/rest/api/user/current", "type")):
        try:
            answer = await http.get(path, item="server information")
        except NOT_DATA:
            continue
        if isinstance(answer, dict) and text(answer, proof):
            return True
    return bool(await _version_in_page(http))


async def _is_closed(http: Http) -> bool:
    try:
        await http.get("/rest/api/user/current", item="the account itself")
    except NotVisible:
        return False
    except NOT_DATA:
        return True
    return False
