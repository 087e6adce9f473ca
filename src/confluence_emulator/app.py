"""One ASGI application that plays Confluence Cloud, Data Center, or both over the same site.

Outermost stands the log of requests, then the faults, then the dialects. The control API is always there.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from confluence_emulator.accounts import Accounts
from confluence_emulator.cloud import Served, cloud_routes
from confluence_emulator.cloud.oauth import oauth_routes
from confluence_emulator.consents import Consents
from confluence_emulator.control import Desk, control_routes
from confluence_emulator.cql import SearchIndex
from confluence_emulator.datacenter import Installation, datacenter_routes
from confluence_emulator.faults import ActiveFaults, Fault, FaultMiddleware
from confluence_emulator.request_log import RequestLogMiddleware
from confluence_emulator.state import Site

DEPLOYMENTS = ("cloud", "datacenter", "both")
MEDIA_URL = "https://api.media.atlassian.com"


def open_desk(site: Site, *, faults: Iterable[Fault] = (), lag: timedelta = timedelta(0)) -> Desk:
    """Everything beside the site that may change while it is served; see `Desk`.

    Every account gets one credential of each kind (`Accounts.issue_all`). lag: how far searches are behind the site.
    """
    accounts = Accounts(site)
    for user in site.users.values():
        accounts.issue_all(user)
    return Desk(site, accounts, Consents(accounts), SearchIndex(site, lag=lag), ActiveFaults(faults))


def create_app(
    site: Site,
    *,
    desk: Desk | None = None,
    deployment: str = "cloud",
    version: str = "9.2.1",
    media_url: str = MEDIA_URL,
    broken: Callable[[str], Exception] = ConnectionResetError,
) -> Starlette:
    """The site as an application. Hosts do not count, paths do: `httpx.ASGITransport` may ask for any of them.

    One exception: with both deployments, `_edge/tenant_info`, by which Cloud is known, is not told at the host of
    `site.datacenter_url` (if that is a host of its own).

    desk: `open_desk(site)` unless given; it is `app.state.desk` afterwards. deployment: cloud, datacenter or both;
    Data Center of this `version` lies below the path of `site.datacenter_url`. media_url: the origin that Cloud
    redirects downloads to; it must be reachable and differ from the site's own. broken: makes the error that breaks a
    connection, for tests in process.
    """
    if deployment not in DEPLOYMENTS:
        raise ValueError(f"deployment must be one of {', '.join(DEPLOYMENTS)}, not {deployment}")
    desk = desk or open_desk(site)
    middleware = [
        Middleware(RequestLogMiddleware, log=desk.log),
        Middleware(FaultMiddleware, faults=desk.faults, now=site.now, broken=broken),
    ]
    app = Starlette(routes=list(_routes(desk, deployment, version, media_url)), middleware=middleware)
    app.state.desk = desk
    return app


def _routes(desk: Desk, deployment: str, version: str, media_url: str) -> Iterator[BaseRoute]:
    yield from control_routes(desk)
    if deployment != "datacenter":
        cloud_host, other_host = (urlsplit(url).netloc for url in (desk.site.base_url, desk.site.datacenter_url))
        elsewhere = other_host if deployment == "both" and other_host != cloud_host else ""
        served = Served(desk.site, desk.accounts, desk.index, media_url)
        yield from oauth_routes(served, desk.consents)
        yield from cloud_routes(served, elsewhere=elsewhere)
    if deployment != "cloud":
        installation = Installation(desk.site, desk.accounts, desk.index, version, quirks=desk.quirks)
        yield from datacenter_routes(installation)
