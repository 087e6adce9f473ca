"""Everything that can happen to people, groups, spaces and their permissions."""

import hashlib

from confluence_emulator.state.changes import purge
from confluence_emulator.state.contents import Kind, Status
from confluence_emulator.state.people import Group, User
from confluence_emulator.state.site import Site
from confluence_emulator.state.spaces import Grant, Principal, Space


def add_user(
    site: Site,
    display_name: str,
    username: str,
    *,
    account_id: str = "",
    email: str = "",
    groups: tuple[Group, ...] = (),
) -> User:
    """Make an account and put it into groups; one of them must give `access` for it to be licensed.

    An account id in one of Confluence's three shapes is made up where none is given. Set the other fields of the
    answer as you like before anyone reads.
    """
    user_key = hashlib.sha256(username.encode()).hexdigest()
    turn = len(site.users) % 3
    tail = site.allocate_uuid()
    made_up = (f"557058:{tail}", f"712020:{tail}", user_key[:24])[turn]
    user = User(
        account_id=account_id or made_up,
        display_name=display_name,
        username=username,
        user_key=f"8a7f80{user_key[:26]}",
        email=email or f"{username}@example.com",
        public_name=display_name,
    )
    site.index_user(user)
    for group in groups:
        group.members[user.account_id] = None
    site.memberships_changed()
    site.record("user_created", user.account_id)
    return user


def deactivate(site: Site, user: User) -> None:
    """Deactivate an account: its grants and memberships stay."""
    user.active = False
    site.record("user_deactivated", user.account_id)


def reactivate(site: Site, user: User) -> None:
    """Activate an account again."""
    user.active = True
    site.record("user_reactivated", user.account_id)


def add_group(site: Site, name: str, *, access: str = "", group_id: str = "") -> Group:
    """Make a group; `access` is user, admin or site-admin where members may use Confluence."""
    group = Group(group_id or site.allocate_uuid(), name, access)
    site.groups[group.id] = group
    site.record("group_created", group.id)
    return group


def rename_group(site: Site, group: Group, name: str) -> None:
    """Give a group another name; its id stays."""
    group.name = name
    site.record("group_updated", group.id)


def remove_group(site: Site, group: Group) -> None:
    """Delete a group. Restrictions and permissions that name it stay, and let nobody through."""
    group.deleted = True
    group.members.clear()
    group.children.clear()
    site.memberships_changed()
    site.record("group_removed", group.id)


def join(site: Site, group: Group, member: User | Group) -> None:
    """Put an account, or on Data Center a group, into a group."""
    if isinstance(member, User):
        group.members[member.account_id] = None
    else:
        group.children[member.id] = None
    site.memberships_changed()
    site.record("group_updated", group.id)


def leave(site: Site, group: Group, member: User | Group) -> None:
    """Take an account or a group out of a group."""
    if isinstance(member, User):
        group.members.pop(member.account_id, None)
    else:
        group.children.pop(member.id, None)
    site.memberships_changed()
    site.record("group_updated", group.id)


def add_space(
    site: Site, key: str, name: str, author_id: str | None, *, kind: str = "global", space_id: str = ""
) -> Space:
    """Make a space that nobody may view yet and that has no home page yet."""
    number = int(space_id) if space_id else site.allocate_number()
    space = Space(space_id or str(number), number, key, name, kind, author_id, site.now())
    site.index_space(space)
    site.record("space_created", space.id, author_id)
    return space


def set_homepage(site: Site, space: Space, content_id: str | None) -> None:
    """Say which page is the space's home."""
    space.homepage_id = content_id
    site.record("space_updated", space.id)


def rename_space(site: Site, space: Space, name: str) -> None:
    """Give a space another name."""
    space.name = name
    site.record("space_updated", space.id)


def archive_space(site: Site, space: Space) -> None:
    """Archive a space: still viewable, left out of searches."""
    space.status = Status.ARCHIVED
    site.record("space_updated", space.id)


def unarchive_space(site: Site, space: Space) -> None:
    """Bring a space back from the archive."""
    space.status = Status.CURRENT
    site.record("space_updated", space.id)


def remove_space(site: Site, space: Space) -> None:
    """Delete a space with everything in it, for good."""
    for kind in Kind:
        for content in tuple(site.listing(kind, space_id=space.id)):
            if content.id in site.contents:
                purge(site, content)
    site.unindex_space(space)
    site.record("space_removed", space.id)


def grant(site: Site, space: Space, principal: Principal, rights: tuple[tuple[str, str], ...]) -> None:
    """Grant (operation, target) pairs, such as `VIEWER_RIGHTS`, in a space. What is held already stays as it is."""
    held = {(known.operation, known.target) for known in space.grants.values() if known.principal == principal}
    for operation, target in rights:
        if (operation, target) not in held:
            known = Grant(str(site.allocate_number()), principal, operation, target)
            space.grants[known.id] = known
    site.record("space_permissions_updated", space.id)


def revoke(site: Site, space: Space, principal: Principal) -> None:
    """Take every permission in a space from a principal."""
    space.grants = {key: known for key, known in space.grants.items() if known.principal != principal}
    site.record("space_permissions_updated", space.id)
