"""One Data Center installation: its version, its address, its switches, and the state behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from zoneinfo import ZoneInfo

from confluence_emulator.accounts import Accounts
from confluence_emulator.cql import SearchIndex
from confluence_emulator.state import Content, Site, User

KEPT_LISTINGS = 32
SUPER_GROUP = "confluence-administrators"
ADMIN_ACCESS = frozenset({"admin", "site-admin"})


@dataclass(slots=True)
class Quirks:
    """Known misbehaviour, each to be switched while the emulator runs.

    endless_next: every offset page has a link to a next one, empty pages too. repeat_last_page: beyond its end an
    offset listing gives its last page again, with a link to a next one. undercounted_spaces: a capped page of spaces
    links to a start one too low, so that one space comes twice. remote_api: JSON-RPC is on. websudo: JSON-RPC answers
    with the login page for administrators, and status 200. basic_auth: passwords are accepted. anonymous_grants_fail:
    the endpoint for a space's anonymous grants alone answers 500. callers_named: the headers of each answer say to whom
    it was given; a proxy may take them out. statuses_told: an account's status can be expanded.
    """

    endless_next: bool = False
    repeat_last_page: bool = False
    undercounted_spaces: bool = True
    remote_api: bool = True
    websudo: bool = False
    basic_auth: bool = True
    anonymous_grants_fail: bool = False
    callers_named: bool = True
    statuses_told: bool = True


@dataclass(slots=True)
class Installation:
    """What every request handler reads. `version` such as 9.2.1 decides which endpoints and credentials exist.

    `zone` is the server's: dates are written with its offset. `release` is the version as numbers, to be compared.
    `answered` numbers the answers, for the header by which Confluence's logs are searched.
    """

    site: Site
    accounts: Accounts
    index: SearchIndex
    version: str = "9.2.1"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    quirks: Quirks = field(default_factory=Quirks)
    release: tuple[int, ...] = field(init=False)
    answered: Iterator[int] = field(default_factory=lambda: count(1))
    _listings: dict[tuple[object, ...], Sequence[Content]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the version once."""
        self.release = tuple(int(part) for part in self.version.split("."))

    @property
    def base_url(self) -> str:
        """Where people open it, without a slash at the end: `_links.base`."""
        return self.site.datacenter_url.rstrip("/")

    @property
    def context(self) -> str:
        """The path under which it is served: `/confluence`, or empty."""
        _, _, rest = self.base_url.partition("://")
        _, slash, path = rest.partition("/")
        return slash + path

    def administers(self, user: User | None) -> bool:
        """Whether someone may use the administrators' endpoints."""
        if user is None:
            return False
        groups = (self.site.groups[group_id] for group_id in self.site.groups_of(user.account_id))
        return any(group.access in ADMIN_ACCESS or group.name == SUPER_GROUP for group in groups)

    def kept(self, key: tuple[object, ...], make: Callable[[], Sequence[Content]]) -> Sequence[Content]:
        """A listing that is made once and kept until the site changes, so that paging through it stays cheap."""
        key = (*key, self.site.revision)
        known = self._listings.get(key)
        if known is None:
            while len(self._listings) >= KEPT_LISTINGS:
                del self._listings[next(iter(self._listings))]
            known = self._listings[key] = make()
        return known


def in_super_group(site: Site, user: User | None) -> bool:
    """Whether someone is in the super group, which sees everything."""
    group = site.group_by_name(SUPER_GROUP)
    return user is not None and group is not None and group.id in site.groups_of(user.account_id)
