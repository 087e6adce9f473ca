"""What a control call can do to accounts, groups, spaces, permissions and credentials."""

from datetime import timedelta

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.control.desk import ControlError, Order, Verb, find_group, find_user
from confluence_emulator.state import Group, Principal, User, membership
from confluence_emulator.state.spaces import (
    ADMIN_RIGHTS,
    ALL_LICENSED,
    ANONYMOUS,
    MEMBER_RIGHTS,
    VIEWER_RIGHTS,
    group_principal,
    user_principal,
)

Told = dict[str, object]
RIGHTS = {"viewer": VIEWER_RIGHTS, "member": MEMBER_RIGHTS, "admin": ADMIN_RIGHTS}
EVERYBODY = {"anonymous": ANONYMOUS, "all-licensed": ALL_LICENSED}


def join(order: Order) -> Told:
    """`group`, and `user` or `inner` (a group); afterwards the one is in the other."""
    group = order.group()
    membership.join(order.site, group, _member(order))
    return _told_group(group)


def leave(order: Order) -> Told:
    """`group`, and `user` or `inner`."""
    group = order.group()
    membership.leave(order.site, group, _member(order))
    return _told_group(group)


def add_group(order: Order) -> Told:
    """`name`; `access` (empty, user, admin or site-admin)."""
    return _told_group(membership.add_group(order.site, order.text("name"), access=order.text("access", "")))


def rename_group(order: Order) -> Told:
    """`group`, `name`."""
    group = order.group()
    membership.rename_group(order.site, group, order.text("name"))
    return _told_group(group)


def remove_group(order: Order) -> Told:
    """`group`."""
    group = order.group()
    membership.remove_group(order.site, group)
    return _told_group(group)


def deactivate(order: Order) -> Told:
    """`user`."""
    user = order.user()
    membership.deactivate(order.site, user)
    return {"user": user.username, "active": user.active}


def reactivate(order: Order) -> Told:
    """`user`."""
    user = order.user()
    membership.reactivate(order.site, user)
    return {"user": user.username, "active": user.active}


def grant(order: Order) -> Told:
    """`space`, `to` (`user:NAME`, `group:NAME`, anonymous, all-licensed); `rights` (viewer, member, admin)."""
    name = order.text("rights", "viewer")
    if name not in RIGHTS:
        raise ControlError(f"there are no rights '{name}': {', '.join(RIGHTS)}")
    membership.grant(order.site, order.space(), _principal(order), RIGHTS[name])
    return {"space": order.space().key}


def revoke(order: Order) -> Told:
    """`space`, `to`: every permission of theirs there."""
    membership.revoke(order.site, order.space(), _principal(order))
    return {"space": order.space().key}


def add_space(order: Order) -> Told:
    """`key`, `name`; `kind` (global), `author`. Nobody may view it yet."""
    kind = order.text("kind", "global")
    space = membership.add_space(order.site, order.text("key"), order.text("name"), order.author_id(), kind=kind)
    return {"space": space.key, "id": space.id}


def remove_space(order: Order) -> Told:
    """`space`, with everything in it."""
    space = order.space()
    membership.remove_space(order.site, space)
    return {"space": space.key}


def archive_space(order: Order) -> Told:
    """`space`."""
    membership.archive_space(order.site, order.space())
    return {"space": order.space().key}


def anonymous_access(order: Order) -> Told:
    """`on` (true): whether the site lets visitors in at all."""
    order.site.anonymous_access = bool(order.arguments.get("on", True))
    order.site.record("site_updated", order.site.name)
    return {"on": order.site.anonymous_access}


def issue_token(order: Order) -> Told:
    """`user`, `kind` (api-token, ...), `secret`; `expires_in` seconds, negative for one that has expired."""
    kind = order.text("kind")
    if kind not in set(CredentialKind):
        raise ControlError(f"there is no credential of kind '{kind}': {', '.join(CredentialKind)}")
    seconds = order.arguments.get("expires_in")
    lasting = timedelta(seconds=float(seconds)) if seconds is not None else None
    order.desk.accounts.issue(CredentialKind(kind), order.user(), order.text("secret"), expires_in=lasting)
    return {"user": order.user().username, "kind": kind}


def revoke_token(order: Order) -> Told:
    """`secret`: every credential of it stops being accepted."""
    order.desk.accounts.revoke(order.text("secret"))
    return {}


def withdraw(order: Order) -> Told:
    """`user`: no app may act for them any more."""
    order.desk.consents.withdraw(order.user())
    return {"user": order.user().username}


def _told_group(group: Group) -> Told:
    return {"group": group.name, "id": group.id, "members": list(group.members)}


def _member(order: Order) -> User | Group:
    return order.group("inner") if order.arguments.get("inner") else order.user()


def _principal(order: Order) -> Principal:
    kind, _, name = order.text("to").partition(":")
    if kind == "user":
        return user_principal(find_user(order.site, name).account_id)
    if kind == "group":
        return group_principal(find_group(order.site, name).id)
    if kind not in EVERYBODY:
        raise ControlError(f"'{order.text('to')}' is neither user:NAME, group:NAME nor one of {', '.join(EVERYBODY)}")
    return EVERYBODY[kind]


VERBS: dict[str, Verb] = {
    "join": join,
    "leave": leave,
    "add_group": add_group,
    "rename_group": rename_group,
    "remove_group": remove_group,
    "deactivate": deactivate,
    "reactivate": reactivate,
    "grant": grant,
    "revoke": revoke,
    "add_space": add_space,
    "remove_space": remove_space,
    "archive_space": archive_space,
    "anonymous_access": anonymous_access,
    "issue_token": issue_token,
    "revoke_token": revoke_token,
    "withdraw": withdraw,
}
