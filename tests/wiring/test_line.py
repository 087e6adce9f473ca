"""Who may make this machine connect where."""

import asyncio
import socket

import pytest

from mainstem.confluence.credentials import PersonalToken
from mainstem.confluence.errors import AddressForbidden
from mainstem.confluence.opening import open_client
from mainstem.settings import load_settings
from mainstem.wiring.line import is_exposed, line_of


@pytest.mark.parametrize(
    ("said", "exposed", "private"),
    [(None, False, True), (None, True, False), ("true", True, True), ("false", False, False)],
)
def test_private_networks_are_closed_to_people_elsewhere_unless_the_settings_say_otherwise(
    said: str | None, exposed: bool, private: bool
) -> None:
    given = {} if said is None else {"MAINSTEM_ALLOW_PRIVATE_ADDRESSES": said}
    assert line_of(load_settings(given), exposed=exposed).private is private


@pytest.mark.parametrize(
    ("host", "exposed"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True), ("::", True), ("hub.lan", True)],
)
def test_a_server_is_exposed_where_other_machines_reach_it(host: str, exposed: bool) -> None:
    assert is_exposed(host) is exposed


def test_a_server_is_exposed_behind_a_proxy_on_the_same_machine() -> None:
    assert is_exposed("127.0.0.1", "https://hub.example.com")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_site_on_a_closed_network_is_refused_before_anything_is_sent(host: str) -> None:
    async def enter(port: int) -> None:
        line = line_of(load_settings({}), exposed=True)
        async with open_client(f"http://{host}:{port}/wiki", PersonalToken("pat"), line=line):
            raise AssertionError

    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        with pytest.raises(AddressForbidden, match=f"{host} is in a private network or on this machine"):
            asyncio.run(enter(door.getsockname()[1]))
        with pytest.raises(BlockingIOError):
            door.accept()
