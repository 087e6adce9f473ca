"""A client that connects only where it may, whatever a name is resolved to, and when."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpcore
import httpx
import pytest

from mainstem.outgoing.client import AddressRefused, Guard, guarded_client, refuse
from mainstem.outgoing.places import Place


class Network(httpcore.AsyncNetworkBackend):
    """A network that notes where somebody connects to; those in `dead` do not answer."""

    def __init__(self, *dead: str) -> None:
        self.dead = dead
        self.tried: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.tried.append(host)
        if host in self.dead:
            raise httpcore.ConnectError("no answer")
        return httpcore.AsyncMockStream([])

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def guard(network: Network, *answers: Iterable[str], private: bool = False) -> Guard:
    """A guard whose name server gives these answers, one after the other."""
    left = iter(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return list(next(left))

    return Guard(network, private=private, resolve=resolve)


def connect(guarded: Guard) -> None:
    anyio.run(guarded.connect_tcp, "wiki.example", 443)


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    network = Network()
    connect(guard(network, ["8.8.8.8"], ["127.0.0.1"]))
    assert network.tried == ["8.8.8.8"]


def test_a_name_that_is_resolved_anew_is_looked_at_anew() -> None:
    network = Network()
    rebinding = guard(network, ["8.8.8.8"], ["169.254.169.254"])
    connect(rebinding)
    with pytest.raises(AddressRefused) as refused:
        connect(rebinding)
    assert (network.tried, refused.value.place, refused.value.host) == (["8.8.8.8"], Place.NEVER, "wiki.example")


def test_of_several_addresses_only_the_allowed_are_tried_in_their_order() -> None:
    network = Network("8.8.8.8")
    connect(guard(network, ["10.0.0.1", "8.8.8.8", "fe80::1%eth0", "9.9.9.9"]))
    assert network.tried == ["8.8.8.8", "9.9.9.9"]
    dead = Network("8.8.8.8", "9.9.9.9")
    with pytest.raises(httpcore.ConnectError):
        connect(guard(dead, ["8.8.8.8", "9.9.9.9"]))


def test_private_networks_are_reached_where_that_is_allowed_and_nowhere_is_not() -> None:
    network = Network()
    connect(guard(network, ["10.0.0.1"], private=True))
    assert network.tried == ["10.0.0.1"]
    with pytest.raises(AddressRefused):
        connect(guard(network, ["169.254.169.254"], private=True))


def test_a_name_that_nobody_knows_cannot_be_resolved() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(httpcore.ConnectError, match="cannot be resolved"):
        connect(Guard(Network(), private=True, resolve=unknown))


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_timeout() -> None:
    async def silent(host: str, port: int) -> list[str]:
        await anyio.sleep_forever()
        return []

    with pytest.raises(httpcore.ConnectTimeout):
        anyio.run(Guard(Network(), private=True, resolve=silent).connect_tcp, "wiki.example", 443, 0.01)


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server on this machine that gives these answers, each to a connection of its own."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            for answer in answers:
                caller, _ = door.accept()
                with caller:
                    caller.recv(10_000)
                    caller.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


async def fetch(url: str, *, private: bool, **more: Any) -> str:
    async with guarded_client(private=private, timeout=5) as client:
        return (await client.get(url, **more)).text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
def test_this_machine_is_closed_unless_allowed(host: str) -> None:
    with answering(OK) as port:
        with pytest.raises(AddressRefused):
            anyio.run(lambda: fetch(f"http://{host}:{port}/", private=False))
        assert anyio.run(lambda: fetch(f"http://{host}:{port}/", private=True)) == "ok"


def test_a_redirect_is_looked_at_like_any_address() -> None:
    away = OK.replace(b"200 OK", b"302 Found\r\nLocation: http://169.254.169.254/latest")
    with answering(away) as port, pytest.raises(AddressRefused) as refused:
        anyio.run(lambda: fetch(f"http://127.0.0.1:{port}/", private=True, follow_redirects=True))
    assert refused.value.host == "169.254.169.254"


def test_a_transport_that_is_given_is_asked_only_for_what_is_allowed() -> None:
    async def ask(url: str) -> int:
        transport = httpx.MockTransport(lambda _: httpx.Response(200))
        async with guarded_client(private=False, transport=transport) as client:
            return (await client.get(url)).status_code

    assert anyio.run(ask, "https://wiki.example/") == 200
    with pytest.raises(AddressRefused):
        anyio.run(ask, "http://[::ffff:7f00:1]/")


def test_a_proxy_of_the_environment_is_used_for_names_and_not_for_forbidden_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(OK) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        assert anyio.run(lambda: fetch("http://wiki.example/", private=False)) == "ok"
        with pytest.raises(AddressRefused):
            anyio.run(lambda: fetch("http://10.0.0.1/", private=False))


def test_a_host_is_refused_before_anything_is_resolved_where_it_is_an_address() -> None:
    refuse("10.0.0.1", private=True)
    refuse("wiki.example", private=False)
    for host in ("10.0.0.1", "0xa000001", "[fd00::1]"):
        with pytest.raises(AddressRefused):
            refuse(host, private=False)
