"""Accounts and groups as both families of Confluence know them. Credentials are in `accounts`, not here."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class User:
    """One account. `kind` is atlassian, app or customer.

    `email` is what the account signs in with; others see it only where `email_visible`. `guest` accounts see what is
    granted to them or their groups, never what is granted to all licensed users. A licence comes from a group
    (`Group.access`). `time_zone` is an IANA name: dates in CQL are read in it.
    """

    account_id: str
    display_name: str
    username: str
    user_key: str
    email: str
    email_visible: bool = False
    active: bool = True
    kind: str = "atlassian"
    guest: bool = False
    time_zone: str = "UTC"
    public_name: str = ""
    personal_space_id: str | None = None


@dataclass(slots=True)
class Group:
    """One group. `access` is user, admin or site-admin where membership lets people use Confluence, else empty.

    Groups inside groups exist on Data Center alone; the Cloud dialect shows people only. A deleted group stays known,
    without members, because restrictions and permissions go on naming it.
    """

    id: str
    name: str
    access: str = ""
    members: dict[str, None] = field(default_factory=dict)
    children: dict[str, None] = field(default_factory=dict)
    deleted: bool = False
