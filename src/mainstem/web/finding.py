"""On the page of a connection: where the page of Confluence is whose address somebody pastes."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

from mainstem.accounts.errors import UnknownMember
from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.errors import MainstemError
from mainstem.reading.why import How, Pass, Told
from mainstem.store.audiences import HolderKind
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.sight import Absent
from mainstem.sync.whereabouts import Place, Whereabouts
from mainstem.web.asking import Asking, allowed
from mainstem.web.connection_overview import Sought
from mainstem.web.connections import Id, connection_of, shown
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Part, page
from mainstem.wiki.audience import Viewer
from mainstem.wiring.judging import Judged, judged

router = APIRouter(prefix="/connections/{connection_id}")

PATIENCE = 20.0
"""Seconds that somebody waits for Confluence."""

KINDS = {
    Place.HERE: ("good", "circle-check"),
    Place.OLDER: ("", "clock"),
    Place.COMING: ("", "clock"),
    Place.ELSEWHERE: ("", "info"),
    Place.NO_PAGE: ("", "info"),
    Place.FAILED: ("bad", "circle-alert"),
}
"""The colour and icon of an answer; of what is not here by intention or by lack of rights, a warning."""


ABSENT = {
    Absent.DELETED: "It has left Confluence, so nobody sees it here.",
    Absent.LEFT_OUT: "The settings of this connection leave it out, so nobody sees it here.",
    Absent.STATUS: "It is not published, so nobody sees it here.",
    Absent.REMOVED: "This connection was removed, so nobody sees anything of it.",
    Absent.UNREAD: "The rules above it were not read yet, so nobody sees it by them.",
    Absent.FORGOTTEN: "It was restored, and who could read it last is not known, so nobody sees it by a rule.",
}


@router.post("/find")
async def find(
    request: Request,
    asking: Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))],
    connection_id: Id,
    url: Annotated[str, Form(max_length=4_000)] = "",
    member: Annotated[str, Form(pattern=r"^\d{0,18}$")] = "",
) -> Response:
    """Ask Confluence, as the account of the connection, and say where the page is; and why a member sees it or not."""
    office = office_of(request)
    connection, viewer = await to_thread.run_sync(_stored, office, asking, connection_id)
    try:
        async with asyncio.timeout(PATIENCE):
            found = await office.hub.whereabouts(connection, url, viewer=viewer)
        sought = _told(url, found)
        if member and found.source_id:
            content = connection_id, found.source_id
            sought = await to_thread.run_sync(_judged, office, sought, content, int(member), viewer)
    except (MainstemError, TimeoutError) as trouble:
        said = str(trouble) or "Confluence did not answer in time: try again later"
        sought = Sought(url, said, "", "warn", "triangle-alert")
    whole = await to_thread.run_sync(shown, office, asking, connection_id)
    return page(request, "connection.html", replace(whole, sought=sought), asking=asking, part=Part("sought"))


def _judged(office: Office, sought: Sought, content: tuple[int, str], member_id: int, asker: Viewer) -> Sought:
    try:
        with reading(office.hub.engine) as db:
            found = judged(office.hub, db, content, member_id, asker=asker)
    except UnknownMember:
        raise HTTPException(404) from None
    if found is None:
        return replace(sought, whom=member_id, verdict="Nothing is stored of it here, so nobody sees it.")
    says = f"{found.name} {'can' if found.verdict.sees else 'cannot'} see it."
    return replace(sought, whom=member_id, verdict=says, reasons=tuple(_reasons(found)))


def _reasons(found: Judged) -> Iterator[tuple[bool, str]]:
    """Why, from the site down: each a sentence, and whether it is for it."""
    verdict = found.verdict
    yield from ((False, ABSENT[why]) for why in verdict.absent)
    if verdict.opening is not None:
        yield True, "This connection goes without permissions: everybody with an account here sees all of it."
        return
    if not found.tied:
        yield False, f"{found.name} is nobody in this Confluence, and reads what is open to everyone."
    yield from ((rule.lets_in, _sentence(rule)) for rule in verdict.rules)


def _sentence(rule: Told) -> str:
    if rule.kind is HolderKind.NOBODY:
        return "A rule above it could not be read, or it was moved since: until a sync knows, nobody sees it."
    whose = {
        HolderKind.SITE: f"The site {rule.name}",
        HolderKind.SPACE: f"The space {rule.name}",
        HolderKind.FROZEN: "A rule that stood above it when it left Confluence",
    }.get(rule.kind, "")
    if not whose:
        whose = f"The restriction of “{rule.name}”" if rule.name else _unnamed(rule)
    read = f", as read on {rule.read_at:%Y-%m-%d %H:%M} UTC," if rule.read_at else ""
    if not rule.believed:
        return f"{whose}{read} is not believed: that was too long ago, or never."
    ways = ", and ".join(_way(each) for each in rule.ways)
    return f"{whose}{read} {'lets' if rule.lets_in else 'does not let'} them in{': ' + ways if ways else ''}."


def _unnamed(rule: Told) -> str:
    return "Its own restriction" if rule.itself else "The restriction of a page above it, which you may not read,"


def _way(each: Pass) -> str:
    return {
        How.NAME: "it names them",
        How.GROUP: f"they are in the group {each.name}",
        How.LICENSED: "everybody with a licence may",
        How.EVERYONE: "everybody may",
    }[each.how]


def _told(url: str, found: Whereabouts) -> Sought:
    kind, icon = KINDS.get(found.place, ("warn", "triangle-alert"))
    href = "" if found.document_id is None else f"/documents/{found.document_id}"
    return Sought(url, found.says, found.next_step, kind, icon, found.title, href)


def _stored(office: Office, asking: Asking, connection_id: int) -> tuple[SavedConnection, Viewer]:
    with reading(office.hub.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
        return connection_of(db, connection_id), viewer
