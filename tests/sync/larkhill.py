"""A small wiki in the emulator, a hub beside it, and what the one should make of the other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Connection, event, select

from confluence_emulator import state
from confluence_emulator.app import create_app, open_desk
from confluence_emulator.control import Desk
from confluence_emulator.faults import parse_fault
from confluence_emulator.request_log import LoggedRequest, RequestLog
from confluence_emulator.state import Sight, Site, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import ADMIN_RIGHTS, VIEWER_RIGHTS, group_principal, user_principal
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken
from mainstem.confluence.opening import Line
from mainstem.confluence.pacing import Patience
from mainstem.settings import Settings
from mainstem.store import connections, documents, runs, tables, visibility
from mainstem.store.database import migrate, open_database, reading
from mainstem.store.runs import Aim, Run
from mainstem.sync.connecting import Wanted
from mainstem.sync.durable import Checkpoints, Durable
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind
from mainstem.wiring.home import Home, private_files
from mainstem.wiring.hub import Hub, open_hub
from tests.confluence.wikis import SleeplessClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OUTER_KINDS = ("page", "blogpost", "comment", "attachment")
EVERY_KIND = frozenset(map(Kind, OUTER_KINDS))


@dataclass
class Clock:
    """A clock that only the test moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass(slots=True)
class Meanwhile(RequestLog):
    """A log of requests that lets something happen in Confluence right after one of them."""

    deed: Callable[[], None] | None = None
    at: int = 0

    def plan(self, at: int, deed: Callable[[], None]) -> None:
        """Do this once, when so many requests were answered since the last reset."""
        self.at, self.deed = at, deed

    def add(self, entry: LoggedRequest) -> None:
        """Note a request, and do what was planned for this moment."""
        self.entries.append(entry)
        if self.deed is not None and len(self.entries) >= self.at:
            deed, self.deed = self.deed, None
            deed()


@dataclass
class Wiki:
    """The emulated site, with the people and groups of every test."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.site = Site("larkhill", self.clock, datacenter_url="https://wiki.larkhill.example/confluence")
        self.staff = membership.add_group(self.site, "staff", access="user")
        self.admins = membership.add_group(self.site, "site-admins", access="site-admin")
        self.inner = membership.add_group(self.site, "inner circle")
        self.sync = self.person("sync", self.staff, self.admins, self.inner)
        self.alice = self.person("alice", self.staff, self.inner)
        self.bob = self.person("bob", self.staff)
        self.charlie = self.person("charlie")
        self.space = self.new_space("ENG", "Engineering")
        self.meanwhile = Meanwhile()
        self.desk: Desk = open_desk(self.site)
        self.desk.log = self.meanwhile

    def person(self, name: str, *groups: state.Group) -> state.User:
        return membership.add_user(self.site, name.title(), name, email=f"{name}@larkhill.example", groups=groups)

    @property
    def readers(self) -> tuple[state.User | None, ...]:
        """Everybody who reads in the hub; None has not signed in."""
        return (self.alice, self.bob, self.charlie, None)

    @property
    def sync_principal(self) -> state.Principal:
        """The account that the hub signs in with."""
        return user_principal(self.sync.account_id)

    def new_space(self, key: str, name: str) -> state.Space:
        space = membership.add_space(self.site, key, name, None)
        membership.grant(self.site, space, group_principal(self.staff.id), VIEWER_RIGHTS)
        membership.grant(self.site, space, self.sync_principal, ADMIN_RIGHTS)
        return space

    def page(
        self,
        title: str,
        body: str = "<p>Some words.</p>",
        *,
        parent: state.Content | None = None,
        space: state.Space | None = None,
        kind: state.Kind = state.Kind.PAGE,
    ) -> state.Content:
        draft = Draft(title, body)
        return changes.create(self.site, kind, space or self.space, self.alice.account_id, draft, parent=parent)

    def pages(self, number: int, *, space: state.Space | None = None) -> list[state.Content]:
        return [self.page(f"Page {each:03}", f"<p>Number {each}.</p>", space=space) for each in range(number)]

    def edit(self, content: state.Content, body: str) -> None:
        changes.update(self.site, content, self.alice.account_id, body=body)

    def restrict(self, content: state.Content, *users: state.User, groups: tuple[state.Group, ...] = ()) -> None:
        ids = tuple(user.account_id for user in users)
        changes.restrict(self.site, content, users=ids, groups=tuple(group.id for group in groups))

    def rewrite(self, contents: Sequence[state.Content], body: str) -> None:
        """Give many contents the same new text."""
        for content in contents:
            self.edit(content, body)

    def fault(self, *specs: str) -> None:
        self.desk.faults.replace([parse_fault(spec) for spec in specs])

    def break_listing(self, space: state.Space) -> None:
        """Let every listing of the pages of a space break off, alone or among others, in either dialect."""
        alone, among = f"spaces/{space.id}/pages", f"v2/pages.*space-id=.*{space.id}"
        self.fault(f"500:path=({alone}|{among}|content/scan.*spaceKey={space.key}&type=page)")

    def visible(self, user: state.User | None) -> set[str]:
        """Ids of what Confluence would show this person, in the spaces that are loaded."""
        sight = Sight(self.site, user)
        return {
            content.id
            for content in self.site.contents.values()
            if content.kind in OUTER_KINDS and content.status == "current" and sight.content(content)
        }


@dataclass
class Session:
    """A hub that is connected to a wiki."""

    hub: Hub
    wiki: Wiki
    name: str
    datacenter: bool
    connection_id: int

    def sync(self, *, approve_deletions: bool = False, aim: Aim = Aim.EVERYTHING) -> Run:
        with reading(self.hub.engine) as db:
            connection = connections.named(db, self.name)
        assert connection is not None
        self.wiki.desk.log.reset()
        self.wiki.clock.forward(seconds=1)
        return asyncio.run(self.hub.sync(connection, approve_deletions=approve_deletions, aim=aim))

    def viewer(self, db: Connection, user: state.User | None) -> Viewer:
        """The person as the store proves them."""
        if user is None:
            return visibility.anonymous(db, rules_since=self.hub.rules_since)
        name = user.user_key if self.datacenter else user.account_id
        return visibility.viewer_for(db, name, rules_since=self.hub.rules_since)

    def visible(self, user: state.User | None) -> set[str]:
        """Confluence's ids of what this hub shows the person."""
        with reading(self.hub.engine) as db:
            ids = documents.document_ids(db, viewer=self.viewer(db, user))
            found = (documents.document(db, each, viewer=OPERATOR) for each in ids)
            return {each.source_id for each in found if each is not None}

    def shown(self, db: Connection) -> list[tuple[state.User | None, Viewer, dict[str, int]]]:
        """Every reader with the versions of all texts they may read in this state of the store, by Confluence's id."""
        viewers = [(person, self.viewer(db, person)) for person in self.wiki.readers]
        return [(person, viewer, self._versions(db, viewer)) for person, viewer in viewers]

    def visible_to(self, name: str) -> set[str]:
        """Confluence's ids of what this hub shows whoever proved to be called so, be it by an email address."""
        with reading(self.hub.engine) as db:
            return set(self._versions(db, visibility.viewer_for(db, name, rules_since=self.hub.rules_since)))

    def _versions(self, db: Connection, viewer: Viewer) -> dict[str, int]:
        columns = tables.documents.c
        found = select(columns.source_id, columns.version).where(visibility.readable(viewer))
        return dict(db.execute(found, visibility.seen_by(viewer)).all())

    def seen_meanwhile(self, person: state.User | None) -> set[str]:
        """Everything that the person can see at some moment of a sync."""
        seen: set[str] = set()

        def look(db: Connection) -> None:
            for one, _, versions in self.shown(db):
                seen.update(versions if one is person else ())

        with self.looking(look):
            self.sync()
        return seen

    @contextmanager
    def looking(self, look: Callable[[Connection], None]) -> Iterator[None]:
        """While inside, `look` is shown each state that the store takes on, right before it is committed."""
        event.listen(self.hub.engine, "commit", look)
        try:
            yield
        finally:
            event.remove(self.hub.engine, "commit", look)

    def held(self) -> dict[str, str]:
        """Titles of everything the hub holds, by Confluence's id."""
        with reading(self.hub.engine) as db:
            ids = documents.document_ids(db, viewer=OPERATOR)
            found = [documents.document(db, each, viewer=OPERATOR) for each in ids]
        return {each.source_id: each.title for each in found if each is not None}

    def failures(self) -> dict[str, str]:
        """What could not be had so far, with its cause."""
        with reading(self.hub.engine) as db:
            (connection,) = connections.every(db)
            return {each.source_id: each.cause for each in runs.standing_failures(db, connection.id)}

    def routes(self) -> dict[str, int]:
        """What the last sync asked of Confluence."""
        return self.wiki.desk.log.counts()


@dataclass
class Watched(httpx.AsyncBaseTransport):
    """A line on which something happens before each request for some path."""

    line: httpx.AsyncBaseTransport
    path: str
    happens: Callable[[], Awaitable[object]]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.path in request.url.path:
            await self.happens()
        return await self.line.handle_async_request(request)


def watched(hub: Hub, path: str, happens: Callable[[], Awaitable[object]]) -> Hub:
    """The hub on a line that is watched."""
    assert hub.line.transport is not None
    return replace(hub, line=replace(hub.line, transport=Watched(hub.line.transport, path, happens)))


def prepare(folder: Path) -> None:
    """A home with empty tables, where there is none yet: to make them anew for each would take half of its time."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        with private_files():
            home, (database, work) = Home(folder), empty_tables()
            home.database.write_bytes(database)
            home.work.write_bytes(work)


@cache
def empty_tables() -> tuple[bytes, bytes]:
    """A migrated file, and one of the durable engine."""
    with TemporaryDirectory() as folder:
        file, work = Path(folder) / "empty.db", Path(folder) / "work.db"
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        durable = Durable(engine, system_url=f"sqlite:///{work}", executor_id="home", version="none", work=nothing)
        durable.launch()
        durable.close()
        engine.dispose()
        return file.read_bytes(), work.read_bytes()


async def nothing(run_id: int, checkpoints: Callable[[int], Checkpoints]) -> None:
    """No work."""


@contextmanager
def connected(
    wiki: Wiki,
    folder: Path,
    *,
    datacenter: bool = False,
    spaces: tuple[str, ...] = (),
    settings: Settings | None = None,
    broken: type[Exception] = httpx.ReadError,
    kinds: frozenset[Kind] = EVERY_KIND,
) -> Iterator[Session]:
    """A hub in a folder, connected to a wiki in process, whose waits take no time; `broken` is what a reset raises."""
    deployment = "datacenter" if datacenter else "cloud"
    transport: httpx.AsyncBaseTransport = httpx.ASGITransport(
        create_app(wiki.site, desk=wiki.desk, deployment=deployment, broken=broken)
    )
    line = Line(transport=transport, timing=SleeplessClock().timing(0.5), patience=Patience(attempts=4))
    credential: Credential = EmailToken("sync@larkhill.example", "sync-api-token")
    url = wiki.site.base_url
    if datacenter:
        credential, url = PersonalToken("sync-personal-access-token"), wiki.site.datacenter_url
    settings = settings or Settings()
    if settings.database_url is None:
        prepare(folder)
    with open_hub(settings, folder=folder, pid=1, clock=wiki.clock, line=line) as hub:
        wanted = Wanted(url=url, credential=credential, name="Larkhill", spaces=spaces, kinds=kinds)
        saved = asyncio.run(hub.connect_again(wanted, by=None)).connection
        yield Session(hub, wiki, saved.name, datacenter, saved.id)
