"""Whatever address a person pastes, the same site comes out; and no link leads a credential elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.confluence.addresses import Endpoint, Reach, door, gateway_endpoint, parse_address, reach
from mainstem.confluence.errors import ListingBroken, WrongAddress


@pytest.mark.parametrize(
    "text",
    [
        "acme",
        " acme ",
        "acme.atlassian.net",
        "ACME.atlassian.net/",
        "https://acme.atlassian.net",
        "https://acme.atlassian.net/wiki",
        "https://acme.atlassian.net/wiki/home",
        "acme/wiki/home",
        "https://acme.atlassian.net/wiki/spaces/ENG/pages/123/A+page?focusedCommentId=9#heading",
        "https://acme.atlassian.net/wiki/x/AbCd",
        "<https://acme.atlassian.net/jira/your-work>",
        "http://acme.atlassian.net:443/wiki".replace("http:", "https:").replace(":443", ""),
    ],
)
def test_every_way_to_name_a_cloud_site_gives_the_same_base(text: str) -> None:
    address = parse_address(text)
    assert (address.endpoint.base.lower(), address.cloud) == ("https://acme.atlassian.net/wiki", True)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("wiki.example.com", "https://wiki.example.com"),
        ("https://wiki.example.com/", "https://wiki.example.com"),
        ("https://wiki.example.com:8443/confluence", "https://wiki.example.com:8443/confluence"),
        ("https://wiki.example.com/confluence/display/ENG/Home", "https://wiki.example.com/confluence"),
        ("https://wiki.example.com/confluence/pages/viewpage.action?pageId=1", "https://wiki.example.com/confluence"),
        ("https://wiki.example.com/dashboard.action", "https://wiki.example.com"),
        ("https://wiki.example.com/tools/wiki//spaces/ENG/pages/1/T", "https://wiki.example.com/tools/wiki"),
        ("wikihost:8090/confluence", "https://wikihost:8090/confluence"),
        ("localhost:8090/wiki", "http://localhost:8090/wiki"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000/wiki/home", "http://[::1]:9000/wiki"),
    ],
)
def test_servers_keep_their_context_path(text: str, base: str) -> None:
    address = parse_address(text)
    assert (address.endpoint.base, address.cloud) == (base, None)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:s3cret@wiki.example.com/confluence",
        "me:s3cret@wiki.example.com",
        "http://wiki.example.com/login?os_password=s3cret",
        "https://me:s3cret@wiki.example.com:port/",
        "me:s3cret@[wiki",
        "ftp://wiki.example.com/?key=s3cret#s3cret",
    ],
)
def test_an_address_that_is_refused_is_named_without_the_secrets_in_it(text: str) -> None:
    with pytest.raises(WrongAddress) as refusal:
        parse_address(text)
    assert "s3cret" not in f"{refusal.value} {refusal.value.args}"
    assert refusal.value.__cause__ is None
    assert "wiki" in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["acme", "https://wiki.example.com/tools/display/ENG", "localhost:8090/wiki?token=s3cret"]
)
def test_the_base_of_an_address_has_itself_for_base(text: str) -> None:
    base = parse_address(text).endpoint.base
    assert parse_address(base).endpoint.base == base
    assert "s3cret" not in base


def test_a_gateway_address_is_taken_as_it_is() -> None:
    address = parse_address("https://api.atlassian.com/ex/confluence/0a1b-2c/wiki/api/v2/pages")
    assert address.endpoint == gateway_endpoint("https://api.atlassian.com", "0a1b-2c")
    assert address.gateway
    assert address.cloud


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "http://wiki.example.com",
        "ftp://wiki.example.com",
        "https://",
        "two words",
        "https://host:port/x",
        "https://api.atlassian.com/me",
    ],
)
def test_what_cannot_be_an_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(WrongAddress) as wrong:
        parse_address(text)
    assert wrong.value.cause


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        base = parse_address(text).endpoint.base
    except WrongAddress:
        return
    assert base.startswith(("https://", "http://"))
    assert not base.endswith("/")


SITE = Endpoint("https://acme.atlassian.net", "/wiki")
SERVER = Endpoint("https://wiki.example.com", "/confluence")
BARE = Endpoint("https://wiki.example.com", "")


@pytest.mark.parametrize(
    ("endpoint", "link", "full"),
    [
        (SITE, "/wiki/api/v2/pages?cursor=1", "https://acme.atlassian.net/wiki/api/v2/pages?cursor=1"),
        (SITE, "/rest/api/search?cursor=1", "https://acme.atlassian.net/wiki/rest/api/search?cursor=1"),
        (SERVER, "/rest/api/space?start=1", "https://wiki.example.com/confluence/rest/api/space?start=1"),
        (SERVER, "/confluence/rest/api/space", "https://wiki.example.com/confluence/rest/api/space"),
        (BARE, "/rest/api/space", "https://wiki.example.com/rest/api/space"),
        (SITE, "https://acme.atlassian.net/wiki/x", "https://acme.atlassian.net/wiki/x"),
        (gateway_endpoint("https://g", "c"), "/wiki/api/v2/pages", "https://g/ex/confluence/c/wiki/api/v2/pages"),
    ],
)
def test_links_count_from_the_root_or_from_the_context(endpoint: Endpoint, link: str, full: str) -> None:
    assert endpoint.join(link) == full


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "https://acme.atlassian.net.evil.example/",
        "",
        "api/v2",
        "http:x",
        "https://acme.atlassian.net@evil.example/",
    ],
)
def test_links_to_another_place_are_refused(link: str) -> None:
    with pytest.raises(ListingBroken):
        SITE.join(link)


@pytest.mark.parametrize(
    ("host", "far"),
    [
        ("localhost", Reach.THIS_MACHINE),
        ("wiki.localhost.", Reach.THIS_MACHINE),
        ("127.0.0.1", Reach.THIS_MACHINE),
        ("127.1", Reach.THIS_MACHINE),
        ("2130706433", Reach.THIS_MACHINE),
        ("0x7f.0.0.1", Reach.THIS_MACHINE),
        ("0.0.0.0", Reach.THIS_MACHINE),
        ("::1", Reach.THIS_MACHINE),
        ("::ffff:127.0.0.1", Reach.THIS_MACHINE),
        ("::ffff:10.0.0.1", Reach.PRIVATE),
        ("2002:7f00:1::", Reach.THIS_MACHINE),
        ("169.254.169.254", Reach.LINK),
        ("fe80::1%eth0", Reach.LINK),
        ("10.1.2.3", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("192.168.1.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("224.0.0.1", Reach.PRIVATE),
        ("8.8.8.8", Reach.PUBLIC),
        ("2606:4700::1111", Reach.PUBLIC),
        ("media.example.com", Reach.PUBLIC),
        ("10.example.com", Reach.PUBLIC),
    ],
)
def test_a_host_is_as_far_as_its_address_says_however_it_is_written(host: str, far: Reach) -> None:
    assert reach(host) is far


@pytest.mark.parametrize(
    ("site", "api", "believed"),
    [
        ("https://acme.atlassian.net/wiki", "https://acme.atlassian.net/wiki", True),
        ("https://acme.atlassian.net/wiki", "https://api.atlassian.com/ex/confluence/1/wiki", True),
        ("https://wiki.acme.example/x", "https://wiki.acme.example:8443/x", True),
        ("https://wiki.acme.example", "http://localhost:8090", False),
        ("http://wiki.acme.example", "https://wiki.acme.example", False),
        ("https://elsewhere.example/wiki", "https://acme.atlassian.net/wiki", False),
        ("https://acme.atlassian.net.elsewhere.example/wiki", "https://api.atlassian.com/ex/confluence/1/wiki", False),
        ("https://acme.atlassian.net/wiki", "https://wiki.acme.example", False),
    ],
)
def test_a_site_that_names_another_host_as_its_own_is_not_sent_a_credential_there(
    site: str, api: str, believed: bool
) -> None:
    assert door(site, api) == (site if believed else api)
