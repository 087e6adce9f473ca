"""An HTTP client for addresses that people enter, which looks where it connects in the moment it does.

A name is resolved here, and the connection goes to the very address that was looked at, so that no second answer of the
name server can lead elsewhere. Each redirect is a connection of its own. What a proxy of the environment resolves is
the proxy's to guard; behind one, only addresses that stand in the URL itself are looked at.
"""

import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from typing import Any

import anyio
import httpcore
import httpx

from mainstem.outgoing.places import Place, place_of, written

for name in ("httpx", "httpcore"):
    # They log whole addresses, and those of webhooks and of files are secrets themselves.
    logging.getLogger(name).setLevel(logging.WARNING)

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, by its name and the port that is to be reached."""

MOST_CONNECTIONS = 100
MOST_KEPT = 20
"""As many as httpx has."""


class AddressRefused(httpx.ConnectError):
    """A host lies where no connection may go. `place` says where."""

    def __init__(self, host: str, place: Place) -> None:
        super().__init__(f"{host} is in {place}")
        self.host = host
        self.place = place


def refuse(host: str, *, private: bool) -> None:
    """Raise AddressRefused where a host is an address, in any notation, that no connection may go to.

    `private`: also private networks and this machine may be reached. Other names say nothing before they are resolved.
    """
    address = written(host)
    if address is not None:
        _allowed(host, [str(address)], private=private)


def guarded_client(
    *,
    private: bool,
    transport: httpx.AsyncBaseTransport | None = None,
    **more: Any,
) -> httpx.AsyncClient:
    """An HTTP client that connects where it may. `transport` None: the network, with the environment's proxy.

    It believes in the system's certificates. The rest is as for httpx. What it refuses is raised as AddressRefused.
    """

    async def look(request: httpx.Request) -> None:
        refuse(request.url.host, private=private)

    return _Client(private=private, verify=_trust(), transport=transport, event_hooks={"request": [look]}, **more)


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificates, read once: that takes a tenth of a second."""
    return httpx.create_ssl_context()


class _Client(httpx.AsyncClient):
    """A client whose own way to the network, beside any proxy's, is guarded."""

    def __init__(self, *, private: bool, verify: ssl.SSLContext, **more: Any) -> None:
        self._private = private
        self._trust = verify
        super().__init__(verify=verify, **more)

    def _init_transport(self, *_: Any, **named: Any) -> httpx.AsyncBaseTransport:
        # httpx asks for it by this name, and looks for the environment's proxy only where none was handed in.
        return named.get("transport") or _Network(self._trust, private=self._private)


class _Network(httpx.AsyncHTTPTransport):
    """httpx's transport with a guard at its bottom."""

    def __init__(self, trust: ssl.SSLContext, *, private: bool) -> None:
        super().__init__(verify=trust)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_KEPT,
            network_backend=Guard(httpcore.AnyIOBackend(), private=private),
        )


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to addresses that it has looked at, and to no others."""

    def __init__(self, behind: httpcore.AsyncNetworkBackend, *, private: bool, resolve: Resolve | None = None) -> None:
        """`behind` connects; `resolve` asks the name server, the system's unless given."""
        self._behind = behind
        self._private = private
        self._resolve = resolve or _resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers, of those that are allowed. Raises AddressRefused."""
        try:
            with anyio.fail_after(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
        *others, last = _allowed(host, found, private=self._private)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._behind.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._behind.connect_tcp(last, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait, before a connection is tried again."""
        await self._behind.sleep(seconds)


async def _resolve(host: str, port: int) -> list[str]:
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _allowed(host: str, found: Iterable[str], *, private: bool) -> list[str]:
    places = {text: place_of(ip_address(text.partition("%")[0])) for text in found}
    allowed = [text for text, place in places.items() if place is Place.PUBLIC or (private and place is Place.PRIVATE)]
    if not allowed:
        raise AddressRefused(host, next(iter(places.values()), Place.NEVER))
    return allowed
