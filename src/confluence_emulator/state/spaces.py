"""Spaces and who may do what in them. Every form in which Confluence shows space permissions derives from `Grant`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from confluence_emulator.state.contents import Status


class PrincipalKind(StrEnum):
    """Who a permission can name. ROLE is the legacy pseudo-principal that no connector can resolve."""

    USER = "user"
    GROUP = "group"
    ANONYMOUS = "anonymous"
    UNLICENSED = "unlicensed"
    ACCESS_CLASS = "access-class"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Principal:
    """Whom a permission names. `id` is an account id, a group id or the name of an access class, else empty."""

    kind: PrincipalKind
    id: str = ""


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS)
UNLICENSED = Principal(PrincipalKind.UNLICENSED)
ALL_LICENSED = Principal(PrincipalKind.ACCESS_CLASS, "all-licensed-users")
AUTHENTICATED = Principal(PrincipalKind.ACCESS_CLASS, "authenticated-users")
ALL_ADMINS = Principal(PrincipalKind.ACCESS_CLASS, "all-product-admins")


def user_principal(account_id: str) -> Principal:
    """The principal of one account."""
    return Principal(PrincipalKind.USER, account_id)


def group_principal(group_id: str) -> Principal:
    """The principal of a group's members."""
    return Principal(PrincipalKind.GROUP, group_id)


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission: this principal may do `operation` (read, create, ...) to `target` (space, page, ...)."""

    id: str
    principal: Principal
    operation: str
    target: str


VIEWER_RIGHTS = (("read", "space"),)
MEMBER_RIGHTS = (
    *VIEWER_RIGHTS,
    ("create", "page"),
    ("create", "blogpost"),
    ("create", "comment"),
    ("create", "attachment"),
    ("archive", "page"),
)
ADMIN_RIGHTS = (
    *MEMBER_RIGHTS,
    ("delete", "page"),
    ("delete", "blogpost"),
    ("delete", "comment"),
    ("delete", "attachment"),
    ("restrict_content", "space"),
    ("export", "space"),
    ("administer", "space"),
)


@dataclass(slots=True)
class Space:
    """One space. `kind` is global, personal, collaboration, knowledge_base or another of Confluence's words."""

    id: str
    number: int
    key: str
    name: str
    kind: str
    author_id: str | None
    created_at: datetime
    status: Status = Status.CURRENT
    homepage_id: str | None = None
    description: str = ""
    grants: dict[str, Grant] = field(default_factory=dict)
