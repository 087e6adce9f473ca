"""What the control API reaches, and how its calls name things: accounts by user name, groups by name, spaces by key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from confluence_emulator.accounts import Accounts
from confluence_emulator.consents import Consents
from confluence_emulator.cql import SearchIndex
from confluence_emulator.datacenter import Quirks
from confluence_emulator.faults import ActiveFaults
from confluence_emulator.request_log import RequestLog
from confluence_emulator.state import Content, Group, Site, Space, User


class ControlError(ValueError):
    """A call that names something unknown or lacks something; answered with 400 and this message."""


@dataclass(slots=True)
class Desk:
    """Everything a control call may change. `quirks` are those of the Data Center installation, if one is served."""

    site: Site
    accounts: Accounts
    consents: Consents
    index: SearchIndex
    faults: ActiveFaults = field(default_factory=ActiveFaults)
    log: RequestLog = field(default_factory=RequestLog)
    quirks: Quirks = field(default_factory=Quirks)


class Order:
    """One call's arguments, read by name; ControlError for what is missing or unknown."""

    def __init__(self, desk: Desk, arguments: Mapping[str, Any]) -> None:
        """Read `arguments` against what the desk's site knows."""
        self.desk = desk
        self.site = desk.site
        self.arguments = arguments

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required where there is no default."""
        value = self.arguments.get(name, default)
        if value is None:
            raise ControlError(f"'{name}' is missing")
        return str(value)

    def words(self, name: str) -> list[str]:
        """A list of texts, empty if left out."""
        return [str(word) for word in self.arguments.get(name) or ()]

    def content(self, name: str = "id") -> Content:
        """A content by id, whatever its status."""
        content_id = self.text(name)
        if content_id not in self.site.contents:
            raise ControlError(f"there is no content {content_id}")
        return self.site.contents[content_id]

    def optional_content(self, name: str) -> Content | None:
        """A content by id, None if left out."""
        return self.content(name) if self.arguments.get(name) else None

    def space(self, name: str = "space") -> Space:
        """A space by key."""
        space = self.site.space_by_key(self.text(name))
        if space is None:
            raise ControlError(f"there is no space {self.text(name)}")
        return space

    def user(self, name: str = "user") -> User:
        """An account by user name, user key or account id."""
        return find_user(self.site, self.text(name))

    def author_id(self, name: str = "author") -> str | None:
        """The account id of whoever acts, None if left out."""
        return self.user(name).account_id if self.arguments.get(name) else None

    def group(self, name: str = "group") -> Group:
        """A group by name or id."""
        return find_group(self.site, self.text(name))


Verb = Callable[[Order], Mapping[str, object]]


def find_user(site: Site, name: str) -> User:
    """An account by user name, user key or account id; ControlError if there is none."""
    user = site.users.get(name) or site.user_by_username(name)
    if user is None:
        raise ControlError(f"there is no account {name}")
    return user


def find_group(site: Site, name: str) -> Group:
    """A group by id or name; ControlError if there is none."""
    group = site.groups.get(name) or site.group_by_name(name)
    if group is None:
        raise ControlError(f"there is no group {name}")
    return group
