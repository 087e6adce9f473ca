"""The draft that a request is about: found, changed, kept; and the row of steps that leads through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from mainstem.confluence.addresses import Endpoint, parse_address
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.confluence.errors import WrongAddress
from mainstem.store import drafts
from mainstem.store.database import reading
from mainstem.store.drafts import Answers, Draft
from mainstem.web.connecting.trial import Trial, kept_trial
from mainstem.web.office import office_of
from mainstem.wiring.hub import Hub

PREFIX = "/new-connection"
STEPS: Mapping[str, str] = {
    "where": "Where",
    "credentials": "Credentials",
    "test": "Test",
    "spaces": "Spaces",
    "options": "Options",
    "review": "Review",
}
"""The steps in their order: the last part of each one's address, and its name."""

KEPT_BY: Mapping[str, str] = {"spaces": "spaces", "options": "kinds"}
"""What a draft's choice holds as soon as these steps were taken, which nothing needs to be."""

CLOUD, TOKEN, PASSWORD = "cloud", "token", "password"
"""The ways to sign in: email and API token, personal access token, user name and password."""

BACK = "back"
"""The value of the button that keeps what is filled in and goes back."""

DraftId = Annotated[int, Path(ge=1, le=2**62)]


def found(request: Request, draft_id: DraftId) -> Draft:
    """The draft of this address. Raises 404 where there is none, or no more."""
    with reading(office_of(request).hub.engine) as db:
        draft = drafts.draft(db, draft_id)
    if draft is None:
        raise HTTPException(404)
    return draft


Found = Annotated[Draft, Depends(found)]


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the row. `href` is "" as long as an earlier one is lacking; `state` is done, now or later."""

    name: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around each step. `action` is where its form goes, `draft_id` 0 before anything was kept."""

    draft_id: int
    title: str
    site: str
    steps: tuple[Step, ...]
    action: str
    number: int


def frame_of(draft: Draft | None, now: str) -> Frame:
    """The frame of the step `now`."""
    names = list(STEPS)
    answers = Answers() if draft is None else draft.answers
    until = names.index(lacking(draft))
    done = {*names[: min(until, 3)], *(name for name, key in KEPT_BY.items() if until > 3 and key in answers.choice)}
    steps = tuple(
        Step(
            said,
            address(draft, name) if number <= until else "",
            "now" if name == now else "done" if name in done else "later",
        )
        for number, (name, said) in enumerate(STEPS.items())
    )
    site = endpoint(answers.url)
    return Frame(
        draft_id=0 if draft is None else draft.id,
        title=answers.name or "Connect Confluence",
        site="" if site is None else site.base,
        steps=steps,
        action=PREFIX if draft is None else address(draft, now),
        number=names.index(now) + 1,
    )


def lacking(draft: Draft | None) -> str:
    """The first step that is not done; "review" where none is."""
    if draft is None or not (draft.answers.name and endpoint(draft.answers.url) and draft.answers.way):
        return "where"
    answers = draft.answers
    if answers.secret is None or not (answers.login or answers.way == TOKEN):
        return "credentials"
    return "review" if trial(draft).passed else "test"


def trial(draft: Draft) -> Trial:
    """The last test of this draft."""
    return kept_trial(draft.answers.test, draft.id)


def address(draft: Draft | None, step: str) -> str:
    """Where a step of a draft has its page."""
    return PREFIX if draft is None else f"{PREFIX}/{draft.id}/{step}"


def endpoint(url: str) -> Endpoint | None:
    """The site that an address leads to, as far as that can be told without asking it."""
    try:
        return parse_address(url).endpoint
    except WrongAddress:
        return None


def keep(request: Request, draft: Draft, answers: Answers) -> None:
    """Keep what was filled in."""
    hub = office_of(request).hub
    with hub.engine.begin() as db:
        drafts.change(db, draft.id, answers, hub.clock())


def still(db: Connection, draft: Draft) -> bool:
    """Whether a draft is there and would still be tested against the same site with the same credential."""
    now = drafts.draft(db, draft.id)
    return now is not None and _tested_part(now.answers) == _tested_part(draft.answers)


def _tested_part(answers: Answers) -> tuple[object, ...]:
    return answers.url, answers.way, answers.login, answers.secret


def credential(draft: Draft, hub: Hub) -> Credential:
    """The credential of a draft that has one, opened. Raises WrongKey."""
    answers = draft.answers
    assert answers.secret is not None
    secret = hub.vault.open(answers.secret)["secret"]
    match answers.way:
        case "cloud":
            return EmailToken(answers.login, secret)
        case "token":
            return PersonalToken(secret)
        case _:
            return UserPassword(answers.login, secret)


def onward(draft: Draft, step: str, act: str = "") -> Response:
    """The way to the step behind this one, or before it where `act` says back."""
    names = list(STEPS)
    number = names.index(step) + (-1 if act == BACK else 1)
    return RedirectResponse(address(draft, names[number]), 303)
