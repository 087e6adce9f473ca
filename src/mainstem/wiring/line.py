"""How requests of this process leave the machine, by its settings and by who can make it send them."""

from dataclasses import replace
from ipaddress import ip_address

from mainstem.confluence.opening import Line
from mainstem.settings import Settings


def line_of(settings: Settings, *, exposed: bool = False) -> Line:
    """The line to Confluence. `exposed`: people on other machines can enter addresses that it then leads to.

    Private networks are closed to those, unless the settings say otherwise: from where this process runs they might
    reach what they cannot reach from where they are.
    """
    said = settings.allow_private_addresses
    line = Line(timeout=settings.http_timeout, private=not exposed if said is None else said)
    elsewhere = settings.atlassian_url
    return replace(line, gateway=elsewhere, atlassian=elsewhere) if elsewhere else line


def is_exposed(host: str, public_url: str = "") -> bool:
    """Whether a server at an address can be reached from other machines, be it through a proxy on this one."""
    if public_url:
        return True
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
