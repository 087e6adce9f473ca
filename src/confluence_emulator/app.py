"""One ASGI application that plays Confluence Cloud, Data Center, or both over the same site."""

from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from confluence_emulator.accounts import Accounts
from confluence_emulator.cloud import Served, cloud_routes
from confluence_emulator.cql import SearchIndex
from confluence_emulator.state import Site

MEDIA_URL = "https://api.media.atlassian.com"


def create_app(
    site: Site,
    *,
    deployment: str = "cloud",
    accounts: Accounts | None = None,
    index: SearchIndex | None = None,
    media_url: str = MEDIA_URL,
) -> Starlette:
    """The site as an application. Hosts do not count, paths do: `httpx.ASGITransport` may ask for any of them.

    deployment: cloud, datacenter or both. accounts: who may sign in; by default every account gets one credential of
    each kind (`Accounts.issue_all`). media_url: the origin that Cloud redirects downloads to; it must be reachable and
    differ from the site's own.
    """
    if accounts is None:
        accounts = Accounts(site)
        for user in site.users.values():
            accounts.issue_all(user)
    served = Served(site, accounts, index or SearchIndex(site), media_url)
    return Starlette(routes=list(_routes(served, deployment)))


def _routes(served: Served, deployment: str) -> Iterator[BaseRoute]:
    if deployment in ("cloud", "both"):
        yield from cloud_routes(served)
