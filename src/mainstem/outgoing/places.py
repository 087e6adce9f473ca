"""Where an address of the network lies: in public, in a private network or on this machine, or nowhere a site can be.

Pure: nothing is resolved or reached here.
"""

import socket
from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Place(StrEnum):
    """Where an address lies."""

    PUBLIC = "the public network"
    PRIVATE = "a private network or on this machine"
    NEVER = "a range where no site is"


def _networks(*names: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, names))


PRIVATE = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7")
"""The networks of organisations."""

CLOUD_SECRETS = _networks("100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128")
"""Where clouds tell a machine its secrets, besides link-local addresses."""

UNREADABLE = _networks("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/32", "::/96", "fec0::/10")
"""Relays, and ways to carry another address that cannot be read back. Python's own table has further ranges."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a NAT64: the last four bytes are the address that is reached."""


def place_of(address: Address) -> Place:
    """Where an address lies; one that carries an IPv4 address lies where that does."""
    inner = carried(address)
    if inner is not None:
        return place_of(inner)
    if address.is_loopback or address.is_unspecified:
        return Place.PRIVATE
    if _within(address, CLOUD_SECRETS + UNREADABLE):
        return Place.NEVER
    if _within(address, PRIVATE):
        return Place.PRIVATE
    special = address.is_multicast or address.is_reserved or address.is_link_local
    return Place.PUBLIC if address.is_global and not special else Place.NEVER


def carried(address: Address) -> IPv4Address | None:
    """The IPv4 address that one of IPv6 leads to, if any."""
    if isinstance(address, IPv4Address):
        return None
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def written(host: str) -> Address | None:
    """The address that a host is, in any notation that a resolver takes (`127.1`, `0x7f000001`)."""
    name = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ip_address(name)
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(name))
        except (OSError, ValueError):
            return None


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
