"""Who may view what: site access, and the space, and every restricted ancestor, and the content itself.

Restrictions intersect down the tree. Comments and attachments have the readers of what contains them. Administrators
bypass nothing unless a dialect asks for it (Data Center's super group does).
"""

from confluence_emulator.state.contents import Content, Restriction, Status
from confluence_emulator.state.people import User
from confluence_emulator.state.site import Site
from confluence_emulator.state.spaces import (
    ALL_ADMINS,
    ALL_LICENSED,
    ANONYMOUS,
    AUTHENTICATED,
    UNLICENSED,
    Principal,
    Space,
    group_principal,
    user_principal,
)


def principals_of(site: Site, user: User | None) -> frozenset[Principal]:
    """Every principal that a permission could name to mean this caller; None is the anonymous caller."""
    if user is None:
        return frozenset({ANONYMOUS})
    named = {ANONYMOUS, AUTHENTICATED, user_principal(user.account_id)}
    groups = site.groups_of(user.account_id)
    named.update(group_principal(group_id) for group_id in groups)
    if user.kind == "customer":
        named.add(UNLICENSED)
    if site.is_licensed(user) and not user.guest:
        named.add(ALL_LICENSED)
    if any(site.groups[group_id].access in ("admin", "site-admin") for group_id in groups):
        named.add(ALL_ADMINS)
    return frozenset(named)


def may_use(site: Site, user: User | None) -> bool:
    """Whether the caller gets into the site at all."""
    if user is None:
        return site.anonymous_access
    return user.active and (user.guest or user.kind == "customer" or site.is_licensed(user))


class Sight:
    """What one caller may view while one request lasts. Answers are kept, so make a new one after any change.

    With `bypass` the caller sees everything that is not someone else's draft.
    """

    def __init__(self, site: Site, user: User | None, *, bypass: bool = False) -> None:
        self.site = site
        self.user = user
        self.bypass = bypass
        self.admitted = may_use(site, user)
        self._principals = principals_of(site, user)
        if not site.anonymous_access:
            self._principals -= {ANONYMOUS}
        self._groups = site.groups_of(user.account_id) if user is not None else frozenset()
        self._spaces: dict[tuple[str, str], bool] = {}
        self._passed: dict[str, bool] = {}

    def space(self, space: Space) -> bool:
        """Whether the caller may view a space."""
        return self.bypass or self.may("read", space)

    def may(self, operation: str, space: Space, target: str = "space") -> bool:
        """Whether the caller was granted an operation in a space."""
        key = (space.id, f"{operation}/{target}")
        known = self._spaces.get(key)
        if known is None:
            known = self._spaces[key] = self.admitted and any(
                grant.operation == operation and grant.target == target and grant.principal in self._principals
                for grant in space.grants.values()
            )
        return known

    def content(self, content: Content) -> bool:
        """Whether the caller may view a content. What is attached to something in the trash is out of sight with it."""
        if content.container_id is not None:
            container = self.site.container(content)
            return Status.TRASHED not in (content.status, container.status) and self.content(container)
        if not self.space(self.site.spaces[content.space_id]):
            return False
        return self._alive(content) and (self.bypass or self._unrestricted(content))

    def _alive(self, content: Content) -> bool:
        if content.status is Status.DRAFT:
            return self.user is not None and content.author_id == self.user.account_id
        if content.status is Status.TRASHED:
            return self.bypass or self.may("administer", self.site.spaces[content.space_id])
        return True

    def _unrestricted(self, content: Content) -> bool:
        path: list[Content] = []
        at: Content | None = content
        while at is not None and at.id not in self._passed:
            path.append(at)
            at = self.site.contents.get(at.parent_id) if at.parent_id is not None else None
        known = at is None or self._passed[at.id]
        for each in reversed(path):
            known = self._passed[each.id] = known and self.passes(each.readers)
        return known

    def passes(self, restriction: Restriction | None) -> bool:
        """Whether one restriction lets the caller through, on its own."""
        if restriction is None:
            return True
        if self.user is not None and self.user.account_id in restriction.users:
            return True
        return not self._groups.isdisjoint(restriction.groups)


def can_view(site: Site, user: User | None, content: Content, *, bypass: bool = False) -> bool:
    """Whether a caller may view one content; for many, make one `Sight`."""
    return Sight(site, user, bypass=bypass).content(content)
