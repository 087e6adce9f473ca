"""The last step: everything once more in words, and the button that makes a connection of the draft."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import connection_deeds
from mainstem.errors import MainstemError
from mainstem.store import connections, drafts, plans
from mainstem.store.database import reading
from mainstem.store.drafts import Draft
from mainstem.store.plans import Plan
from mainstem.sync.connecting import Wanted
from mainstem.sync.foreseeing import Foreseen
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.connecting.choice import LATER_SPACES, Choice, choice_of, kinds_in_words
from mainstem.web.connecting.drafting import (
    BACK,
    CLOUD,
    OAUTH,
    TOKEN,
    Found,
    Frame,
    address,
    credential,
    frame_of,
    lacking,
    onward,
    trial,
)
from mainstem.web.connecting.filtering import in_words
from mainstem.web.connecting.foresight import changed, foreseen, narrowed
from mainstem.web.connecting.trial import FoundSpace
from mainstem.web.conversion import in_words as converted
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.web.words import Link
from mainstem.wiki.conversion import AS_IT_STANDS, facts_of
from mainstem.wiki.selection import later_of
from mainstem.wiring import keeping
from mainstem.wiring.hub import Hub

router = APIRouter(prefix="/{draft_id}/review")

LATER = "later"
"""The value of the button that saves without a first sync."""

FILTER = "Pages and posts"

NAMED = 12
"""So many spaces are named one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was chosen. `change` leads to where."""

    name: str
    says: str
    change: Link


@dataclass(frozen=True, slots=True)
class Review:
    """The page. `trouble` says why it could not be saved; `change` what it would change of what is there."""

    frame: Frame
    lines: tuple[Line, ...]
    result: str
    change: Foreseen | None = None
    rests: bool = False
    trouble: str = ""


@router.get("")
async def review(request: Request, asking: SignedIn, draft: Found) -> Response:
    """Everything once more, with what it brings in or changes."""
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    shown = await _foreseen(office_of(request).hub, draft)
    return page(request, "connect_review.html", shown, asking=asking)


@router.post("")
async def save(request: Request, asking: SignedIn, draft: Found, act: Annotated[str, Form()] = "") -> Response:
    """Prove the credential once more, save the connection, and begin its first sync unless that is to come later.

    What a connection brings in that is there is changed, and synced.
    """
    if act == BACK:
        return onward(draft, "review", act)
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    office = office_of(request)
    if draft.connection_id is not None:
        await to_thread.run_sync(_change, office, asking, draft, draft.connection_id)
        return RedirectResponse(f"/connections/{draft.connection_id}?connected=changed", 303)
    try:
        connection = (await office.hub.connect(_wanted(draft, office.hub), by=asking.member)).connection
    except MainstemError as trouble:
        shown = _shown(draft, str(trouble))
        return page(request, "connect_review.html", shown, asking=asking, status=422)
    await to_thread.run_sync(partial(_finish, office, draft, connection.id, begin=act != LATER))
    said = "saved" if act == LATER else "started"
    return RedirectResponse(f"/connections/{connection.id}?connected={said}", 303)


def _change(office: Office, asking: Asking, draft: Draft, connection_id: int) -> None:
    """From now on something else comes in; the next sync makes it so, at once where the connection does not rest."""
    with office.hub.engine.begin() as db:
        before = connections.connection(db, connection_id)
        wanted = changed(before, choice_of(draft.answers.choice))
        connection_deeds.change(db, asking.member, before, wanted, office.hub.clock())
        drafts.discard(db, draft.id)
    keeping.catch_up(office.worker, connection_id)


def _finish(office: Office, draft: Draft, connection_id: int, *, begin: bool) -> None:
    """The draft has become a connection: it goes, and what it said of the schedule holds from now on."""
    schedule = choice_of(draft.answers.choice).schedule
    with office.hub.engine.begin() as db:
        drafts.discard(db, draft.id)
        plans.schedule(db, connection_id, str(schedule), office.hub.clock())
        if not begin:
            plans.pause(db, connection_id, office.hub.clock())
    if begin:
        office.worker.ask(connection_id)


def _wanted(draft: Draft, hub: Hub) -> Wanted:
    answers, choice = draft.answers, choice_of(draft.answers.choice)
    return Wanted(
        url=answers.url,
        credential=credential(draft, hub),
        name=answers.name,
        spaces=choice.spaces or (),
        kinds=choice.kinds,
        filter=choice.whole_filter,
        conversion=facts_of(choice.conversion),
        token_expires_on=answers.token_expires_on,
    )


def _shown(draft: Draft, trouble: str = "") -> Review:
    frame, tested = frame_of(draft, "review"), trial(draft)
    return Review(frame, tuple(_lines(draft, frame.site, tested.spaces)), tested.result, trouble=trouble)


async def _foreseen(hub: Hub, draft: Draft) -> Review:
    shown = _shown(draft)
    if draft.connection_id is not None:
        plan = await to_thread.run_sync(_plan, hub, draft.connection_id)
        return replace(shown, change=await foreseen(hub, draft), rests=plan.paused_at is not None)
    counted = await narrowed(hub, draft)
    told = (replace(line, says=f"{line.says}. {counted}") if line.name == FILTER else line for line in shown.lines)
    return replace(shown, lines=tuple(told)) if counted else shown


def _plan(hub: Hub, connection_id: int) -> Plan:
    with reading(hub.engine) as db:
        return plans.plan(db, connection_id)


def _lines(draft: Draft, site: str, found: Sequence[FoundSpace]) -> list[Line]:
    answers, choice = draft.answers, choice_of(draft.answers.choice)

    def line(name: str, says: str, step: str) -> Line:
        return Line(name, says, Link("Change", address(draft, step), name.lower()))

    coming_in = [
        line("Spaces", _spaces(choice, found), "spaces"),
        line("Content", kinds_in_words(choice.kinds), "options"),
        line(FILTER, in_words(choice.filter), "options"),
    ]
    if draft.connection_id is not None:
        return coming_in
    return [
        line("Name", answers.name, "where"),
        line("Confluence", site, "where"),
        line("Signs in", _sign_in(draft), "credentials"),
        line("Credential expires", _expiry(draft), "credentials"),
        *coming_in,
        line("Conversion", _conversion(choice), "options"),
        line("Schedule", choice.schedule.words, "options"),
    ]


def _conversion(choice: Choice) -> str:
    if choice.conversion == AS_IT_STANDS:
        return "As in Confluence"
    return "; ".join(f"{name}: {says}" for name, says in converted(choice.conversion))


UNNAMED = {TOKEN: "with a personal access token", OAUTH: "by what was allowed at Atlassian"}
"""Ways to sign in that name nobody."""


def _sign_in(draft: Draft) -> str:
    answers = draft.answers
    if answers.way in UNNAMED:
        return UNNAMED[answers.way]
    return f"as {answers.login}, with {'an API token' if answers.way == CLOUD else 'a password'}"


def _expiry(draft: Draft) -> str:
    day = draft.answers.token_expires_on
    return "not told" if day is None else f"{day.day} {day:%B %Y}"


def _spaces(choice: Choice, found: Sequence[FoundSpace]) -> str:
    chosen = [space for space in found if _is_chosen(choice, space)]
    pages = sum(space.pages or 0 for space in chosen)
    about = "" if all(space.exact for space in chosen) else "about "
    counted = f"{about}{pages:,} pages and posts"
    later = LATER_SPACES[later_of(choice.spaces, choice.whole_filter)][1]
    if choice.spaces is None:
        but = f" but {', '.join(choice.without)}" if choice.without else ""
        return f"All{but}: {counted}; {later}"
    named = ", ".join(space.name for space in chosen[:NAMED])
    more = f" and {len(chosen) - NAMED} more" if len(chosen) > NAMED else ""
    return f"{named}{more}: {counted}; {later}"


def _is_chosen(choice: Choice, space: FoundSpace) -> bool:
    if choice.spaces is None:
        return not space.archived and space.key not in choice.without
    return space.key in choice.spaces
