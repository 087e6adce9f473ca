"""The audit log, for owners: who did what, to whom and when, filtered by its address and exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from mainstem.accounts.deeds import Done, differences, in_words
from mainstem.accounts.roles import Act
from mainstem.store import deeds
from mainstem.store.database import reading
from mainstem.store.deeds import Deed, Wanted
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.exporting import FORMATS, exported
from mainstem.web.face import face_of
from mainstem.web.pages import Part, page
from mainstem.wiring.reader import Reader

router = APIRouter(prefix="/system/audit", dependencies=[Depends(allowed(Act.SEE_DEEDS))])

PATH = "/system/audit"
SHOWN = 100
AT_ONCE = 500
LARGEST_ID = 2**62

PERIODS: Mapping[str, tuple[str, timedelta | None]] = {
    "": ("Any time", None),
    "day": ("Last 24 hours", timedelta(days=1)),
    "week": ("Last 7 days", timedelta(days=7)),
    "month": ("Last 30 days", timedelta(days=30)),
}

SUBJECTS: Mapping[str, tuple[str, tuple[Done, ...]]] = {
    "members": (
        "Members and roles",
        (
            *(Done.FOUNDED, Done.MEMBER_ADDED, Done.CAME_IN, Done.SHUT_OUT, Done.LET_IN),
            *(Done.ROLE_CHANGED, Done.GROUP_ROLE_CHANGED),
        ),
    ),
    "identities": ("Identities", (Done.TIED, Done.PROVED, Done.UNTIED, Done.VIEW_BEGUN, Done.VIEW_ENDED)),
    "keys": ("Keys and passwords", (Done.KEY_MADE, Done.KEY_REVOKED, Done.PASSWORD_CHANGED)),
    "sign-on": (
        "Single sign-on",
        (Done.SIGN_ON_CHANGED, Done.SIGN_ON_ENDED, Done.SIGN_IN_JOINED, Done.SIGN_IN_PARTED),
    ),
    "connections": (
        "Connections",
        (*(done for done in Done if done.startswith("connection ")), Done.DELETIONS_APPROVED),
    ),
    "model": ("Language model", (Done.MODEL_ALLOWED,)),
}
"""What the log can be narrowed to."""

ICONS: Mapping[str, str] = {
    "members": "users",
    "identities": "user",
    "keys": "key-round",
    "sign-on": "shield",
    "connections": "plug",
    "model": "sparkles",
}

COLUMNS = ("at", "who", "member_id", "did", "act", "subject", "facts")

MaySee = Annotated[Asking, Depends(allowed(Act.SEE_DEEDS))]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, as the address of the page says them. `before` is the deed to go on behind."""

    text: str = ""
    subject: str = ""
    period: str = ""
    before: int | None = None

    def wanted(self, now: datetime) -> Wanted:
        """What the store is asked for."""
        _, length = PERIODS[self.period]
        return Wanted(
            text=self.text,
            acts=SUBJECTS[self.subject][1] if self.subject else (),
            since=now - length if length else None,
        )

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.text or self.subject or self.period)

    def to(self, place: str = "", **more: object) -> str:
        """An address with these filters."""
        pairs = {"q": self.text, "subject": self.subject, "period": self.period, **more}
        query = urlencode({name: value for name, value in pairs.items() if value})
        return f"{PATH}{place}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One deed: who, and what they did in words. `changes`: what was, and what it became; `href` tells of whoever."""

    id: int
    at: datetime
    who: str
    href: str
    did: str
    changes: tuple[tuple[str, str, str], ...]
    icon: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The page. `subjects` and `periods` are values with their words."""

    rows: tuple[Row, ...]
    asked: Asked
    subjects: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, str], ...]
    more_href: str
    csv_href: str
    jsonl_href: str


@router.get("")
def audit(request: Request, asking: SignedIn) -> Response:
    """The newest deeds that meet the filters, or those behind the last one shown."""
    asked, reader = _asked(request), face_of(request).reader
    with reading(reader.engine) as db:
        found = deeds.newest(db, asked.wanted(reader.clock()), limit=SHOWN + 1, before=asked.before)
    rows = tuple(_row(deed) for deed in found[:SHOWN])
    content = Audit(
        rows,
        asked,
        subjects=tuple((name, words) for name, (words, _) in SUBJECTS.items()),
        periods=tuple((name, words) for name, (words, _) in PERIODS.items()),
        more_href=asked.to(before=rows[-1].id) if len(found) > SHOWN else "",
        csv_href=asked.to("/export.csv"),
        jsonl_href=asked.to("/export.jsonl"),
    )
    part = Part("rows", {"#more": "more"}) if asked.before else Part("found", {"#export": "exports"})
    return page(request, "audit.html", content, asking=asking, part=part)


@router.get("/export.{kind}")
def export(request: Request, _: MaySee, kind: str) -> Response:
    """All deeds that meet the filters, the newest first, as a file."""
    if kind not in FORMATS:
        raise HTTPException(404)
    reader = face_of(request).reader
    rows = (_exported(deed) for deed in _every(reader, _asked(request).wanted(reader.clock())))
    name = f"mainstem-audit-{reader.clock():%Y-%m-%d-%H%M%S}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(exported(kind, COLUMNS, rows), media_type=FORMATS[kind], headers=headers)


def _asked(request: Request) -> Asked:
    query = request.query_params
    subject, period, before = query.get("subject", ""), query.get("period", ""), query.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) <= len(str(LARGEST_ID))
    return Asked(
        text=" ".join(query.get("q", "").replace("\0", "").split()),
        subject=subject if subject in SUBJECTS else "",
        period=period if period in PERIODS else "",
        before=min(int(before), LARGEST_ID) if known else None,
    )


def _every(reader: Reader, wanted: Wanted) -> Iterator[Deed]:
    before: int | None = None
    while True:
        with reading(reader.engine) as db:
            some = deeds.newest(db, wanted, limit=AT_ONCE, before=before)
        yield from some
        if len(some) < AT_ONCE:
            return
        before = some[-1].id


def _row(deed: Deed) -> Row:
    subject = next((name for name, (_, acts) in SUBJECTS.items() if deed.act in acts), "")
    return Row(
        deed.id,
        deed.at,
        deed.member,
        href="" if deed.member_id is None else f"/members/{deed.member_id}",
        did=in_words(deed),
        changes=differences(deed),
        icon=ICONS.get(subject, "history"),
    )


def _exported(deed: Deed) -> dict[str, Any]:
    values = (
        deed.at.isoformat(),
        deed.member,
        deed.member_id,
        in_words(deed),
        deed.act,
        deed.subject,
        dict(deed.facts),
    )
    return dict(zip(COLUMNS, values, strict=True))
