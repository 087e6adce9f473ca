"""Where a Confluence site is: any address a person pastes, brought to the one base that requests go to.

Pure: whether something answers there, and which family it is when the host does not tell, is `opening`'s business.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, quote, urlsplit

from mainstem.confluence.errors import ListingBroken, WrongAddress
from mainstem.outgoing import places

GATEWAY = "https://api.atlassian.com"
"""Where scoped tokens work; the path goes on with `/ex/confluence/{cloud id}/wiki`."""

CLOUD_HOSTS = (".atlassian.net", ".jira.com")

# Confluence's own pages: whatever stands before one of them is the context path.
PAGE_PATH = re.compile(
    r"/(?:display|pages|spaces|x|s|rest|rpc|plugins|labels?|questions|download|users|people|admin|home|blog|search"
    r"|dashboard|login|authenticate|collector|discover|overview|[^/]*\.action)(?:/|$)"
)
SITE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
SECRET_PARTS = re.compile(r"(?<=//)[^/?#]*@|\A[^/?#]*@|[?#].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The base of requests: `root` (`https://acme.atlassian.net`) and `context` (`/wiki`, `/confluence` or "").

    Credentials are sent to nothing outside `root`.
    """

    root: str
    context: str

    @property
    def base(self) -> str:
        """Root and context, without a slash at the end."""
        return self.root + self.context

    @property
    def gateway(self) -> bool:
        """Whether requests go by the API gateway, by which tokens with scopes enter."""
        return "/ex/confluence/" in self.base

    def join(self, link: str) -> str:
        """The full address of a link in an answer: site-relative, context-relative or absolute.

        v2 counts from the root (`/wiki/api/v2/...`), v1 from the context (`/rest/api/...`). Raises ListingBroken
        when it leads away from the root, which nobody may make the client do.
        """
        if link.startswith(self.root + "/"):
            return link
        if not link.startswith("/") or link.startswith("//"):
            raise ListingBroken(self.base, "a link in the answer leads to another place")
        if self.context and link.startswith(self.context + "/"):
            return self.root + link
        return self.base + link


@dataclass(frozen=True, slots=True)
class Address:
    """A pasted address, understood. `cloud` None: the host alone does not tell the family. `typed` is for messages."""

    endpoint: Endpoint
    cloud: bool | None
    gateway: bool = False
    typed: str = field(default="", compare=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.endpoint.root)
        return f"{parts.scheme}://{parts.netloc}"


def parse_address(text: str) -> Address:
    """Understand `acme`, `acme.atlassian.net`, `.../wiki/home`, a pasted page URL, or a server with a context path.

    Plain http is accepted for this machine only: elsewhere it would show the token to the network.
    Raises WrongAddress.
    """
    text = text.strip().strip("<>\"'")
    parts = _split(text)
    if "@" in parts.netloc:
        raise WrongAddress(_shown(text), "a user name or a password stands in it; they have options of their own")
    text = _shown(text)
    host = parts.hostname or ""
    if not host or " " in text:
        raise WrongAddress(text, "it is not an address")
    scheme = _scheme(parts, text)
    if host == urlsplit(GATEWAY).hostname:
        return _gateway_address(parts, text)
    root = f"{scheme}://{_netloc(host, parts)}"
    if host.endswith(CLOUD_HOSTS):
        return Address(Endpoint(root, "/wiki"), cloud=True, typed=text)
    return Address(Endpoint(root, _context(parts.path)), cloud=None, typed=text)


def gateway_endpoint(gateway: str, cloud_id: str) -> Endpoint:
    """Where a Cloud site is reached through the API gateway."""
    return Endpoint(f"{gateway}/ex/confluence/{quote(cloud_id, safe='')}", "/wiki")


def door(site_url: str, api_url: str) -> str:
    """Where to sign in anew to a site that requests reach at `api_url`: at its own address, where that can be believed.

    A site says itself what its address is, and one that lies must not be sent a credential meant for another place. On
    the same host, or within Atlassian's Cloud, it may say so: another kind of token may need another door there.
    """
    site, api = (urlsplit(url).hostname or "" for url in (site_url, api_url))
    gateway = urlsplit(GATEWAY).hostname
    in_cloud = site.endswith(CLOUD_HOSTS) and (api == gateway or api.endswith(CLOUD_HOSTS))
    encrypted = site_url.startswith("https://") or not api_url.startswith("https://")
    return site_url if encrypted and (site == api or in_cloud) else api_url


class Reach(StrEnum):
    """From where the network leads to a host, as far as its name alone says."""

    THIS_MACHINE = "this machine"
    LINK = "link-local"
    PRIVATE = "private"
    PUBLIC = "public"


def reach(host: str) -> Reach:
    """How far a host is by its address, in any notation that a resolver takes (`127.1`, `0x7f000001`, `[::1]`).

    Other names count as public: what they resolve to is not looked at here.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return Reach.THIS_MACHINE
    address = _address(name)
    if address is None or (address.is_global and not address.is_multicast):
        return Reach.PUBLIC
    if address.is_loopback or address.is_unspecified:
        return Reach.THIS_MACHINE
    return Reach.LINK if address.is_link_local else Reach.PRIVATE


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine."""
    return reach(host) is Reach.THIS_MACHINE


def _address(name: str) -> places.Address | None:
    address = places.written(name)
    return None if address is None else places.carried(address) or address


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text if SCHEME.match(text) else f"//{text}")
        parts.port  # noqa: B018 - reading it is what makes urlsplit check it
    except ValueError:
        raise WrongAddress(_shown(text), "it is not an address") from None
    if parts.scheme or parts.port or not SITE_NAME.fullmatch(parts.netloc) or is_loopback(parts.netloc):
        return parts
    return parts._replace(netloc=f"{parts.netloc}.atlassian.net")


def _shown(text: str) -> str:
    """The address without what may be secret: what stands before the host, and the query."""
    return SECRET_PARTS.sub("", text)


def _scheme(parts: SplitResult, text: str) -> str:
    local = is_loopback(parts.hostname or "")
    scheme = parts.scheme.lower() or ("http" if local else "https")
    if scheme not in {"http", "https"}:
        raise WrongAddress(text, f"{scheme} addresses are not web addresses")
    if scheme == "http" and not local:
        raise WrongAddress(text, "it is not encrypted and would show the token to the network; use https")
    return scheme


def _netloc(host: str, parts: SplitResult) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{parts.port}" if parts.port else name


def _gateway_address(parts: SplitResult, text: str) -> Address:
    match = re.match(r"/ex/confluence/([\w-]+)", parts.path)
    if not match:
        raise WrongAddress(text, "the gateway's address needs /ex/confluence/ and the site's cloud id")
    return Address(gateway_endpoint(GATEWAY, match[1]), cloud=True, gateway=True, typed=text)


def _context(path: str) -> str:
    page = PAGE_PATH.search(path)
    return re.sub(r"/+", "/", path[: page.start()] if page else path).rstrip("/")
