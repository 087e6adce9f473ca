"""Space permissions told as roles, as sites with role-based access tell them. Derived from the same grants."""

from dataclasses import dataclass
from typing import Any

from confluence_emulator.state import Principal, PrincipalKind, Space
from confluence_emulator.state.spaces import ADMIN_RIGHTS, MEMBER_RIGHTS, VIEWER_RIGHTS

Right = tuple[str, str]


@dataclass(frozen=True)
class Role:
    """One role and what it allows."""

    id: str
    name: str
    rights: tuple[Right, ...]


ROLES = (
    Role("0f1c3a52-6f0e-4a0d-9a57-000000000001", "Admin", ADMIN_RIGHTS),
    Role("0f1c3a52-6f0e-4a0d-9a57-000000000002", "Collaborator", MEMBER_RIGHTS),
    Role("0f1c3a52-6f0e-4a0d-9a57-000000000003", "Viewer", VIEWER_RIGHTS),
)

_PRINCIPAL_TYPES = {
    PrincipalKind.USER: "USER",
    PrincipalKind.GROUP: "GROUP",
    PrincipalKind.ACCESS_CLASS: "ACCESS_CLASS",
    PrincipalKind.ANONYMOUS: "ACCESS_CLASS",
}


def shape(role: Role) -> dict[str, Any]:
    """A role as v2 shows it."""
    return {
        "id": role.id,
        "type": "SYSTEM",
        "name": role.name,
        "description": f"{role.name} of a space",
        "spacePermissions": [f"{operation}/{target}" for operation, target in role.rights],
    }


def assignments(space: Space) -> list[dict[str, Any]]:
    """The highest role that each principal's grants fill, where they fill one."""
    held: dict[Principal, set[Right]] = {}
    for grant in space.grants.values():
        if grant.principal.kind in _PRINCIPAL_TYPES:
            held.setdefault(grant.principal, set()).add((grant.operation, grant.target))
    found = ((principal, _highest(rights)) for principal, rights in held.items())
    return [{"principal": _principal(principal), "roleId": role.id} for principal, role in found if role is not None]


def _highest(rights: set[Right]) -> Role | None:
    return next((role for role in ROLES if rights.issuperset(role.rights)), None)


def _principal(principal: Principal) -> dict[str, str]:
    named = "anonymous-users" if principal.kind is PrincipalKind.ANONYMOUS else principal.id
    return {"principalType": _PRINCIPAL_TYPES[principal.kind], "principalId": named}
