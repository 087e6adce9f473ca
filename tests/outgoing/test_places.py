"""Where addresses lie, whichever way they are written."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from mainstem.outgoing.places import Place, carried, place_of, written

ORGANISATIONS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8")
NOWHERE = ("169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "192.0.2.0/24", "203.0.113.0/24")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", Place.PUBLIC),
        ("2606:4700::1111", Place.PUBLIC),
        ("127.0.0.1", Place.PRIVATE),
        ("0.0.0.0", Place.PRIVATE),
        ("::", Place.PRIVATE),
        ("::1", Place.PRIVATE),
        ("fd12::1", Place.PRIVATE),
        ("169.254.169.254", Place.NEVER),
        ("100.100.100.200", Place.NEVER),
        ("192.0.0.192", Place.NEVER),
        ("fd00:ec2::254", Place.NEVER),
        ("fe80::1", Place.NEVER),
        ("ff02::1", Place.NEVER),
        ("255.255.255.255", Place.NEVER),
        ("0.1.2.3", Place.NEVER),
        ("::7f00:1", Place.NEVER),
        ("64:ff9b:1::7f00:1", Place.NEVER),
        ("2001:0:1234::1", Place.NEVER),
        ("2001:db8::1", Place.NEVER),
        ("::ffff:169.254.169.254", Place.NEVER),
        ("64:ff9b::a9fe:a9fe", Place.NEVER),
        ("2002:a9fe:a9fe::", Place.NEVER),
    ],
)
def test_an_address_lies_where_it_leads(address: str, place: Place) -> None:
    assert place_of(ip_address(address)) is place


@given(ip_addresses(v=4))
def test_an_address_that_is_carried_in_another_lies_where_that_one_does(address: IPv4Address) -> None:
    number = int(address)
    for outer in ((0xFFFF << 32) + number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80)):
        assert carried(IPv6Address(outer)) == address
        assert place_of(IPv6Address(outer)) is place_of(address)


@pytest.mark.parametrize("network", ORGANISATIONS)
def test_nothing_within_an_organisation_is_public(network: str) -> None:
    @given(ip_addresses(network=network))
    def every(address: IPv4Address) -> None:
        assert place_of(address) is not Place.PUBLIC

    every()


@pytest.mark.parametrize("network", NOWHERE)
def test_no_site_is_where_none_can_be(network: str) -> None:
    @given(ip_addresses(network=network))
    def every(address: IPv4Address) -> None:
        assert place_of(address) is Place.NEVER

    every()


@given(ip_addresses())
def test_what_is_public_is_public_to_the_registries_too(address: IPv4Address | IPv6Address) -> None:
    if place_of(address) is Place.PUBLIC:
        assert (carried(address) or address).is_global


@given(ip_addresses(v=4))
def test_an_address_is_known_in_every_notation(address: IPv4Address) -> None:
    number = int(address)
    first, rest = number >> 24, number & 0xFFFFFF
    for text in (str(address), str(number), hex(number), f"0x{first:x}.{rest}", f"0{first:o}.{rest}"):
        assert written(text) == address
    assert written(f"[::ffff:{address}]") == IPv6Address(f"::ffff:{address}")


@pytest.mark.parametrize("name", ["acme.example", "", "10.example.com", "x::1", "999.1.1.1"])
def test_a_name_is_no_address(name: str) -> None:
    assert written(name) is None
