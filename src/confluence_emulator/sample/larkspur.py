"""Builds Larkspur's wiki: from the text files to a site with spaces, people, rights, pages, files and comments."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from confluence_emulator.sample.cast import OWNER, PEOPLE, SITE_NAME, TEAMS, Persona
from confluence_emulator.sample.entries import Comment, Entry, read, workday
from confluence_emulator.sample.notation import Writing, render
from confluence_emulator.sample.notation.writing import marker_ref
from confluence_emulator.sample.places import PLACES, Place
from confluence_emulator.state import (
    Content,
    Group,
    Kind,
    Remark,
    Restriction,
    Site,
    Space,
    Status,
    changes,
    membership,
)
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import (
    ADMIN_RIGHTS,
    ALL_LICENSED,
    ANONYMOUS,
    MEMBER_RIGHTS,
    VIEWER_RIGHTS,
    Principal,
    group_principal,
    user_principal,
)

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".drawio": "application/vnd.jgraph.mxfile",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every step of the building needs."""

    site: Site
    today: date
    folder: Traversable
    people: Mapping[str, str]
    groups: Mapping[str, Group]

    def instant(self, days: int, hour: int) -> datetime:
        """A moment of the working day so many days ago, but never ahead of the site's clock."""
        now = self.site.now()
        moment = datetime.combine(workday(self.today, -days), time(hour % 9 + 8, hour * 7 % 60), now.tzinfo)
        return min(moment, now - timedelta(minutes=30))


def build_sample_site(now: Callable[[], datetime]) -> Site:
    """Larkspur's wiki as of `now` (an aware clock): equal for equal instants, and as old tomorrow as it is today."""
    site = Site(SITE_NAME, now, anonymous_access=True)
    site.role_mode = "ROLES_TRANSITION"
    add_people(site)
    people = {persona.key: persona.account_id for persona in PEOPLE}
    groups = {group.name: group for group in site.groups.values()}
    folder = files("confluence_emulator.sample") / "content"
    desk = _Desk(site, now().date(), folder, people, groups)
    spaces = {place.key: _add_space(desk, place) for place in PLACES}
    entries = [entry for place in PLACES for entry in _entries(desk, place.key)]
    _write(desk, spaces, entries)
    return site


def add_people(site: Site) -> None:
    """Enter Larkspur's people and groups."""
    groups = {team.name: membership.add_group(site, team.name, access=team.access) for team in TEAMS}
    for team in TEAMS:
        if team.inside:
            membership.join(site, groups[team.inside], groups[team.name])
    for persona in PEOPLE:
        _add_person(site, persona, groups)


def _add_person(site: Site, persona: Persona, groups: Mapping[str, Group]) -> None:
    joined = tuple(groups[name] for name in persona.groups)
    user = membership.add_user(
        site, persona.name, persona.key, account_id=persona.account_id, email=persona.email, groups=joined
    )
    user.kind, user.guest, user.time_zone = persona.kind, persona.guest, persona.time_zone
    user.email_visible = persona.email_visible
    if not persona.active:
        membership.deactivate(site, user)


def _add_space(desk: _Desk, place: Place) -> Space:
    space = membership.add_space(desk.site, place.key, place.name, desk.people[place.owner], kind=place.kind)
    space.description = place.description
    space.created_at = desk.instant(900, 1)
    for viewer in place.viewers:
        rights = VIEWER_RIGHTS if viewer in ("anonymous", "confluence-guests") else MEMBER_RIGHTS
        membership.grant(desk.site, space, _principal(desk, viewer), rights)
    for admin in _admins(desk, place):
        membership.grant(desk.site, space, admin, ADMIN_RIGHTS)
    if place.archived:
        membership.archive_space(desk.site, space)
    if place.kind == "personal":
        desk.site.users[desk.people[place.owner]].personal_space_id = space.id
    return space


def _admins(desk: _Desk, place: Place) -> Iterable[Principal]:
    # Data Center tells only a space's administrators who may view it, so the account that syncs is one in each.
    yield from (user_principal(desk.people[key]) for key in dict.fromkeys((place.owner, OWNER.key)))
    if place.key != "LEAD":
        yield group_principal(desk.groups["site-admins"].id)


def _principal(desk: _Desk, viewer: str) -> Principal:
    known = {"anonymous": ANONYMOUS, "all-licensed": ALL_LICENSED}
    return known[viewer] if viewer in known else group_principal(desk.groups[viewer].id)


def _entries(desk: _Desk, space_key: str) -> Iterable[Entry]:
    folder = desk.folder / space_key
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        yield from read(space_key, file, desk.today)


def _write(desk: _Desk, spaces: Mapping[str, Space], entries: list[Entry]) -> None:
    ids = {f"{entry.space_key}:{entry.title}": str(desk.site.allocate_number()) for entry in entries}
    posts = {
        f"{entry.space_key}:{entry.title}": desk.instant(entry.created, 1).date()
        for entry in entries
        if entry.kind == "blogpost"
    }
    for position, entry in enumerate(entries):
        writing = Writing(entry.space_key, entry.title, desk.people, ids, posts)
        content = _create(desk, spaces[entry.space_key], entry, writing)
        content.position = position
        _furnish(desk, content, entry, writing)


def _create(desk: _Desk, space: Space, entry: Entry, writing: Writing) -> Content:
    site = desk.site
    body = _body(entry, writing) if entry.kind in ("page", "blogpost") else None
    draft = Draft(
        entry.title,
        body,
        id=writing.content_id(f"{entry.space_key}:{entry.title}"),
        created_at=desk.instant(entry.created, len(entry.title)),
        status=Status.DRAFT if entry.status == "draft" else Status.CURRENT,
        embed_url=entry.body.strip() if entry.kind == "embed" else None,
    )
    parent = site.contents[writing.content_id(entry.under)] if entry.under else None
    content = changes.create(site, Kind(entry.kind), space, desk.people[entry.by[0]], draft, parent=parent)
    if space.homepage_id is None and content.kind is Kind.PAGE:
        membership.set_homepage(site, space, content.id)
    return content


def _body(entry: Entry, writing: Writing) -> str:
    return entry.body if entry.in_storage_format else render(entry.body, writing)


def _furnish(desk: _Desk, content: Content, entry: Entry, writing: Writing) -> None:
    site = desk.site
    _age(desk, content, entry)
    for name in entry.labels:
        changes.label(site, content, name)
    if entry.view:
        content.readers = _restriction(desk, entry.view)
    for name in entry.files:
        data = (desk.folder / "files" / name).read_bytes()
        file = changes.new_file(site, MEDIA_TYPES[PurePath(name).suffix], data)
        attached = changes.attach(site, content, content.author_id, name, file)
        attached.created_at = attached.version.created_at = content.modified_at
    _discuss(desk, content, entry.comments, writing)
    if entry.status == "archived":
        changes.archive(site, content)
    if entry.status == "trashed":
        changes.trash(site, content)


def _age(desk: _Desk, content: Content, entry: Entry) -> None:
    """Give the page the versions that it went through; what changed in them is not told, only when and by whom."""
    first, editors = content.version, entry.by[1:] or entry.by
    steps = max(entry.version - 1, 1)
    for number in range(2, entry.version + 1):
        days = entry.created - (entry.created - entry.changed) * (number - 1) // steps
        author = desk.people[editors[number % len(editors)]]
        at = max(content.modified_at, desk.instant(days, len(entry.title) + number))
        content.versions.append(replace(first, number=number, author_id=author, created_at=at))


def _restriction(desk: _Desk, names: tuple[str, ...]) -> Restriction:
    restriction = Restriction()
    for name in names:
        kind, _, who = name.partition(":")
        if kind == "user":
            restriction.users.append(desk.people[who])
        else:
            restriction.groups.append(desk.groups[who].id)
    return restriction


def _discuss(desk: _Desk, content: Content, comments: Iterable[Comment], writing: Writing) -> None:
    thread: list[Content] = []
    for number, comment in enumerate(comments):
        del thread[comment.depth :]
        at = desk.instant(comment.days, number + len(comment.text))
        made = changes.comment(
            desk.site,
            content,
            desk.people[comment.who],
            render(comment.text, writing),
            parent=thread[-1] if thread else None,
            remark=_remark(comment, writing),
            at=max(at, thread[-1].created_at) if thread else at,
        )
        thread.append(made)


def _remark(comment: Comment, writing: Writing) -> Remark | None:
    if not comment.selection:
        return None
    ref = marker_ref(writing.space_key, writing.title, comment.selection)
    return Remark(inline=True, resolution=comment.state, marker_ref=ref, selection=comment.selection)
