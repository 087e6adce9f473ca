"""The in-memory Confluence behind every dialect.

Read through `Site`; change through the functions of `changes` (content) and `membership` (people, groups, spaces,
permissions), each of which takes the site first; ask `visibility.Sight` who may view what.
"""

from confluence_emulator.state import changes, membership
from confluence_emulator.state.contents import Content, File, Kind, Label, Remark, Restriction, Status, Version
from confluence_emulator.state.people import Group, User
from confluence_emulator.state.site import Change, Site
from confluence_emulator.state.spaces import Grant, Principal, PrincipalKind, Space
from confluence_emulator.state.visibility import Sight, can_view

__all__ = [
    "Change",
    "Content",
    "File",
    "Grant",
    "Group",
    "Kind",
    "Label",
    "Principal",
    "PrincipalKind",
    "Remark",
    "Restriction",
    "Sight",
    "Site",
    "Space",
    "Status",
    "User",
    "Version",
    "can_view",
    "changes",
    "membership",
]
