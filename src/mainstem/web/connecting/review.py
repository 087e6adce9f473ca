"""The last step: everything once more in words, and the button that makes a connection of the draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.errors import MainstemError
from mainstem.store import drafts, plans
from mainstem.store.drafts import Draft
from mainstem.sync.connecting import Wanted
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.choice import KINDS, Choice, choice_of
from mainstem.web.connecting.drafting import (
    BACK,
    CLOUD,
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
from mainstem.web.connecting.options import SAYS
from mainstem.web.connecting.trial import FoundSpace
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.web.words import Link
from mainstem.wiring.hub import Hub

router = APIRouter(prefix="/{draft_id}/review")

LATER = "later"
"""The value of the button that saves without a first sync."""

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
    """The page. `trouble` says why it could not be saved."""

    frame: Frame
    lines: tuple[Line, ...]
    result: str
    trouble: str = ""


@router.get("")
def review(request: Request, asking: SignedIn, draft: Found) -> Response:
    """Everything once more."""
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    return page(request, "connect_review.html", _shown(draft), asking=asking)


@router.post("")
async def save(request: Request, asking: SignedIn, draft: Found, act: Annotated[str, Form()] = "") -> Response:
    """Prove the credential once more, save the connection, and begin its first sync unless that is to come later."""
    if act == BACK:
        return onward(draft, "review", act)
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    office = office_of(request)
    try:
        connection = (await office.hub.connect(_wanted(draft, office.hub))).connection
    except MainstemError as trouble:
        shown = _shown(draft, str(trouble))
        return page(request, "connect_review.html", shown, asking=asking, status=422)
    await to_thread.run_sync(partial(_finish, office, draft, connection.id, begin=act != LATER))
    said = "saved" if act == LATER else "started"
    return RedirectResponse(f"/connections/{connection.id}?connected={said}", 303)


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
        token_expires_on=answers.token_expires_on,
    )


def _shown(draft: Draft, trouble: str = "") -> Review:
    frame, tested = frame_of(draft, "review"), trial(draft)
    return Review(frame, tuple(_lines(draft, frame.site, tested.spaces)), tested.result, trouble)


def _lines(draft: Draft, site: str, found: Sequence[FoundSpace]) -> list[Line]:
    answers, choice = draft.answers, choice_of(draft.answers.choice)

    def line(name: str, says: str, step: str) -> Line:
        return Line(name, says, Link("Change", address(draft, step), name.lower()))

    return [
        line("Name", answers.name, "where"),
        line("Confluence", site, "where"),
        line("Signs in", _sign_in(draft), "credentials"),
        line("Credential expires", _expiry(draft), "credentials"),
        line("Spaces", _spaces(choice, found), "spaces"),
        line("Content", _kinds(choice), "options"),
        line("Pages and posts", in_words(choice.filter), "options"),
        line("Schedule", choice.schedule.words, "options"),
    ]


def _sign_in(draft: Draft) -> str:
    answers = draft.answers
    if answers.way == TOKEN:
        return "with a personal access token"
    return f"as {answers.login}, with {'an API token' if answers.way == CLOUD else 'a password'}"


def _expiry(draft: Draft) -> str:
    day = draft.answers.token_expires_on
    return "not told" if day is None else f"{day.day} {day:%B %Y}"


def _spaces(choice: Choice, found: Sequence[FoundSpace]) -> str:
    chosen = [space for space in found if _is_chosen(choice, space)]
    pages = sum(space.pages or 0 for space in chosen)
    about = "" if all(space.exact for space in chosen) else "about "
    counted = f"{about}{pages:,} pages and posts"
    if choice.spaces is None:
        but = f" but {', '.join(choice.without)}" if choice.without else ""
        return f"All{but}, and those that come later: {counted}"
    named = ", ".join(space.name for space in chosen[:NAMED])
    more = f" and {len(chosen) - NAMED} more" if len(chosen) > NAMED else ""
    return f"{named}{more}: {counted}"


def _is_chosen(choice: Choice, space: FoundSpace) -> bool:
    if choice.spaces is None:
        return not space.archived and space.key not in choice.without
    return space.key in choice.spaces


def _kinds(choice: Choice) -> str:
    return ", ".join(
        SAYS[kind][0].lower() if number else SAYS[kind][0]
        for number, kind in enumerate([kind for kind in KINDS if kind in choice.kinds])
    )
