"""What stands beside the fields: where in Confluence to click, what the account needs, and how long a token lives.

The words follow the screens of Confluence and of Atlassian's account pages; no address is asked for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mainstem.confluence.addresses import Endpoint
from mainstem.web.connecting.drafting import CLOUD, OAUTH, PASSWORD, TOKEN
from mainstem.web.words import Link

TOKEN_DAYS = 90
"""How long a token should live: long enough not to be a burden, short enough to matter where it leaks."""

CLOUD_TOKENS = "https://id.atlassian.com/manage-profile/security/api-tokens"
SERVER_TOKENS = "/plugins/personalaccesstokens/usertokens.action"


@dataclass(frozen=True, slots=True)
class Guide:
    """How to get a credential. `label` is what to call it in Confluence, `until` the day it should expire at."""

    steps: tuple[str, ...]
    page: Link | None
    label: str
    until: date
    days: int = TOKEN_DAYS


@dataclass(frozen=True, slots=True)
class Need:
    """A right of the account: what it is for, where it is given, and what is off without it."""

    feature: str
    right: str
    without: str


def guide(way: str, site: Endpoint | None, name: str, today: date) -> Guide:
    """How to get a credential of this way for a connection of this name."""
    label = f"Mainstem: {name}" if name else "Mainstem"
    return Guide(STEPS[way], _page(way, site), label, today + timedelta(days=TOKEN_DAYS))


def _page(way: str, site: Endpoint | None) -> Link | None:
    if way == CLOUD:
        return Link("Open the token page", CLOUD_TOKENS)
    if way == TOKEN and site is not None:
        return Link("Open the token page", site.base + SERVER_TOKENS)
    return None


STEPS: Mapping[str, tuple[str, ...]] = {
    CLOUD: (
        "Sign in to Atlassian as the account that Mainstem should read as; one that may only read is enough.",
        "Click your picture at the top right, then Account settings, then Security.",
        "Click Create and manage API tokens, then Create API token. A token with scopes works too.",
        "Give it the label below and the day it expires on, then click Create.",
        "Click Copy, and paste it here. It is shown once: store it securely.",
    ),
    TOKEN: (
        "Sign in to Confluence as the account that Mainstem should read as.",
        "Click your picture at the top right, then Settings, then Personal Access Tokens.",
        "Click Create token.",
        "Give it the label below, turn Automatic expiry on and enter the days, then click Create.",
        "Copy it, and paste it here. It is shown once: store it securely.",
    ),
    PASSWORD: (
        "Use this where personal access tokens are turned off, or before Confluence 7.9.",
        "Take the user name and the password that this account signs in to Confluence with.",
        "An account that signs in through a single sign-on has no password of its own: ask for one that has.",
    ),
}
"""What to click, by the way to sign in."""

_CONTENT = Need("Pages, blog posts, comments and files", "Can use Confluence; View in each space", "nothing is read")
_RESTRICTIONS = Need(
    "Restricted pages", "Is among those whom the restriction lets view", "such pages, and all below them, are not read"
)

NEEDS: Mapping[str, tuple[Need, ...]] = {
    CLOUD: (
        _CONTENT,
        _RESTRICTIONS,
        Need("Who may see a space", "View in the space; no more", "the space stays hidden from everyone"),
        Need("Members of groups", "Browse users and groups (a site-wide permission)", "groups open nothing to anybody"),
    ),
    TOKEN: (
        _CONTENT,
        _RESTRICTIONS,
        Need("Who may see a space", "Administers the space, or Confluence", "the space stays hidden from everyone"),
        Need("Members of groups", "Administers Confluence", "groups open nothing to anybody"),
    ),
}
"""The least rights by feature; nothing is ever written, so no right to change anything is needed."""


def needs(way: str) -> tuple[Need, ...]:
    """The least rights that an account needs which signs in this way."""
    return NEEDS[CLOUD if way in (CLOUD, OAUTH) else TOKEN]
