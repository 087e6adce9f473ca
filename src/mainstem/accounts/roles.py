"""Roles and what each allows, in one table (R1). No act here reads what came from Confluence: that is the viewer's."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the hub, from the least to the most: each may do what those before it may."""

    READER = "reader"
    EDITOR = "editor"
    CURATOR = "curator"
    ADMIN = "admin"
    OWNER = "owner"


class Act(StrEnum):
    """What needs a role."""

    SEARCH_AND_READ = "search and read"
    EDIT_DOCUMENTS = "edit documents"
    ORGANISE_DOCUMENTS = "organise documents"
    SEE_CONNECTIONS = "see connections"
    CHANGE_CONNECTIONS = "change connections"
    GO_WITHOUT_PERMISSIONS = "go without permissions"
    CHANGE_CREDENTIALS = "change credentials"
    SEE_LOGS = "see logs"
    CHANGE_ALERTS = "change alerts"
    CHANGE_MEMBERS = "change members"
    TIE_IDENTITIES = "tie identities"
    CHANGE_OWNERS = "change owners"
    VIEW_AS = "view as"
    SEE_DEEDS = "see deeds"
    ALLOW_MODEL = "allow model"
    CHANGE_SIGN_ON = "change sign-on"


ACTS: Mapping[Act, Role] = {
    Act.SEARCH_AND_READ: Role.READER,
    Act.EDIT_DOCUMENTS: Role.EDITOR,
    Act.ORGANISE_DOCUMENTS: Role.CURATOR,
    Act.SEE_CONNECTIONS: Role.ADMIN,
    Act.CHANGE_CONNECTIONS: Role.ADMIN,
    Act.GO_WITHOUT_PERMISSIONS: Role.OWNER,
    Act.CHANGE_CREDENTIALS: Role.ADMIN,
    Act.SEE_LOGS: Role.ADMIN,
    Act.CHANGE_ALERTS: Role.ADMIN,
    Act.CHANGE_MEMBERS: Role.ADMIN,
    Act.TIE_IDENTITIES: Role.ADMIN,
    Act.CHANGE_OWNERS: Role.OWNER,
    Act.VIEW_AS: Role.OWNER,
    Act.SEE_DEEDS: Role.OWNER,
    Act.ALLOW_MODEL: Role.ADMIN,
    # Whoever names the provider can be anybody here, an owner among them.
    Act.CHANGE_SIGN_ON: Role.OWNER,
}
"""The lowest role that each act takes."""

_RANK = {role: rank for rank, role in enumerate(Role)}


FOR_GROUPS = (Role.EDITOR, Role.CURATOR)
"""What a group of Confluence can make its people here: whoever runs Confluence is not to run the hub by it."""


def highest(by_hand: Role, *by_groups: str) -> Role:
    """The role that counts: the highest of the one that somebody was given by hand and those of their groups.

    What no group can make anybody does not count.
    """
    return max((by_hand, *(role for role in FOR_GROUPS if role in by_groups)), key=_RANK.__getitem__)


def may(role: Role | None, act: Act) -> bool:
    """Whether a role allows an act; None is somebody who has not signed in."""
    return role is not None and _RANK[role] >= _RANK[ACTS[act]]


def may_change(role: Role | None, *concerned: Role) -> bool:
    """Whether a role may add, change or shut out members whose roles, before and after, are these.

    Nobody but an owner makes owners or unmakes them: an admin could rise by it, or take the hub over.
    """
    return may(role, Act.CHANGE_OWNERS if Role.OWNER in concerned else Act.CHANGE_MEMBERS)
