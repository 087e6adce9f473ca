"""What the page of logs shows: the filters as its address says them, and log lines in words for admins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from mainstem.store.events import Level, Line, Wanted
from mainstem.web import addresses
from mainstem.web.connection_views import DEPLOYMENTS, Badge
from mainstem.wiki.content import Deployment

PATH = "/system/logs"
SHOWN = 100
"""Lines of one page."""

LARGEST_ID = 2**62

LEVELS: Mapping[Level, Badge] = {
    Level.ERROR: Badge("Error", "circle-alert", "bad"),
    Level.WARNING: Badge("Warning", "triangle-alert", "warn"),
    Level.INFO: Badge("Info", "info", "info"),
    Level.DEBUG: Badge("Debug", "ellipsis", ""),
}
"""The gravest first."""

PERIODS: Mapping[str, tuple[str, timedelta | None]] = {
    "": ("Any time", None),
    "hour": ("Last hour", timedelta(hours=1)),
    "day": ("Last 24 hours", timedelta(days=1)),
    "week": ("Last 7 days", timedelta(days=7)),
    "month": ("Last 30 days", timedelta(days=30)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, as the address of the page says them. `before` is the line to go on behind; `live`: follow."""

    connection_id: int | None = None
    source: str = ""
    run_id: int | None = None
    levels: tuple[Level, ...] = ()
    text: str = ""
    document: str = ""
    period: str = ""
    since: str = ""
    until: str = ""
    before: int | None = None
    live: bool = False

    def wanted(self, now: datetime) -> Wanted:
        """What the store is asked for."""
        _, length = PERIODS[self.period]
        since = _day(self.since) or (now - length if length else None)
        until = _day(self.until)
        return Wanted(
            connection_id=self.connection_id,
            deployment=Deployment(self.source) if self.source else None,
            run_id=self.run_id,
            levels=self.levels,
            text=self.text,
            source_id=self.document,
            since=since,
            until=until + timedelta(days=1) if until else None,
        )

    @property
    def query(self) -> str:
        """These filters as they stand in an address, behind its question mark; "" for none."""
        pairs: list[tuple[str, object]] = [
            ("connection", self.connection_id),
            ("source", self.source),
            ("run", self.run_id),
            *(("level", level) for level in self.levels),
            ("q", self.text),
            ("document", self.document),
            ("period", self.period),
            ("from", self.since),
            ("to", self.until),
        ]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.query)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `about` is what it is about, `href` its page here, `elsewhere` the one in Confluence; "" for none.

    `retry` is the id of a content that still fails and can be tried again alone.
    """

    id: int
    at: datetime
    badge: Badge
    text: str
    about: str
    href: str
    elsewhere: str
    same_href: str
    cause: str
    repair: tuple[str, ...]
    connection: str
    connection_href: str
    source: str
    site: str
    run_id: int | None
    run_href: str
    retry: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    text: str
    picked: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Failing:
    """What still could not be had: pairs of connection and Confluence's id that can be tried again alone.

    `of` is how much that is in all, of the one connection that the lines are of: `connection_id`, else 0.
    """

    alone: Collection[tuple[int, str]] = ()
    connection_id: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """The page. `total` counts all lines that meet the filters, which are kept for `days`; `here` is its address."""

    rows: tuple[Row, ...]
    total: int
    asked: Asked
    connections: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    days: int
    failing: Failing
    more_href: str
    live_href: str
    still_href: str
    events_href: str
    here: str
    csv_href: str
    jsonl_href: str


def asked_of(query: Mapping[str, str]) -> Asked:
    """The filters of an address, as far as it says them sensibly. `query` may hold a name several times."""
    many = getattr(query, "getlist", lambda name: [query[name]] if name in query else [])
    levels = set(many("level"))
    source, period = query.get("source", ""), query.get("period", "")
    return Asked(
        connection_id=_id(query.get("connection", "")),
        source=source if source in set(Deployment) else "",
        run_id=_id(query.get("run", "")),
        levels=tuple(level for level in LEVELS if level in levels),
        text=" ".join(query.get("q", "").replace("\0", "").split()),
        document=query.get("document", "").replace("\0", "").strip(),
        period=period if period in PERIODS else "",
        since=query.get("from", "") if _day(query.get("from", "")) else "",
        until=query.get("to", "") if _day(query.get("to", "")) else "",
        before=_id(query.get("before", "")),
        live=query.get("live") == "1",
    )


def log_of(
    asked: Asked,
    lines: Sequence[Line],
    counts: Mapping[Level, int],
    named: Sequence[tuple[int, str]],
    *,
    failing: Failing,
    days: int,
) -> Log:
    """The page for the lines that were found, of which one more than SHOWN says that there are others."""
    rows, query = lines[:SHOWN], asked.query
    total = sum(counts.values())
    return Log(
        rows=tuple(_row(asked, line, failing) for line in rows),
        total=total,
        asked=asked,
        connections=tuple(Choice(str(id_), name, id_ == asked.connection_id) for id_, name in named),
        sources=tuple(Choice(value, text, value == asked.source) for value, text in DEPLOYMENTS.items()),
        levels=tuple(
            Choice(level, badge.word, level in asked.levels, counts.get(level, 0)) for level, badge in LEVELS.items()
        ),
        periods=tuple(Choice(value, text, value == asked.period) for value, (text, _) in PERIODS.items()),
        days=days,
        failing=failing,
        more_href=_to("", query, f"before={rows[-1].id}") if len(lines) > SHOWN else "",
        live_href=_to("", query, "live=1"),
        still_href=_to("", query),
        events_href=_to("/events", query),
        here=_to("", query, *(["live=1"] if asked.live else [])),
        csv_href=_to("/export.csv", query),
        jsonl_href=_to("/export.jsonl", query),
    )


def confluence_href(line: Line) -> str:
    """Where Confluence shows the content that a line is about, to those who may see it there."""
    numbered = line.source_id.isascii() and line.source_id.isdigit()
    return f"{line.site}/pages/viewpage.action?pageId={line.source_id}" if numbered else ""


def connection_href(line: Line) -> str:
    """The page of a line's connection or, where it was removed, the list, which can bring it back."""
    return "/connections" if line.removed else f"/connections/{line.connection_id}"


def _row(asked: Asked, line: Line, failing: Failing) -> Row:
    about = line.title or line.subject or (f"Content {line.source_id}" if line.source_id else "")
    one_connection = Asked(connection_id=line.connection_id)
    return Row(
        id=line.id,
        at=line.at,
        badge=LEVELS[line.level],
        text=line.text,
        about=about,
        href="" if line.document_id is None else addresses.document(line.document_id),
        elsewhere=confluence_href(line),
        same_href=_to("", replace(asked, document=line.source_id, before=None).query) if line.source_id else "",
        cause=line.cause,
        repair=tuple(line.repair.splitlines()),
        connection=line.connection,
        connection_href=connection_href(line),
        source=DEPLOYMENTS[line.deployment],
        site=line.site,
        run_id=line.run_id,
        run_href=_to("", replace(one_connection, run_id=line.run_id).query) if line.run_id else "",
        retry=line.source_id if (line.connection_id, line.source_id) in failing.alone else "",
    )


def _to(place: str, *queries: str) -> str:
    query = "&".join(filter(None, queries))
    return f"{PATH}{place}" + (f"?{query}" if query else "")


def _id(said: str) -> int | None:
    known = said.isascii() and said.isdigit() and 0 < int(said[:20]) < LARGEST_ID
    return int(said) if known and len(said) <= len(str(LARGEST_ID)) else None


def _day(said: str) -> datetime | None:
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
