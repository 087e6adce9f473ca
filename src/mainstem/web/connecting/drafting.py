"""The draft that a request is about: found, changed, kept; and the row of steps that leads through it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from mainstem.confluence.addresses import Endpoint, door, parse_address
from mainstem.confluence.catalogue import Field
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.confluence.errors import WrongAddress
from mainstem.store import connections, drafts
from mainstem.store.database import reading
from mainstem.store.drafts import Answers, Draft
from mainstem.store.errors import ConnectionGone
from mainstem.web.connecting.trial import Places, Trial, kept_trial
from mainstem.web.office import office_of
from mainstem.web.words import Link
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

OF_NEW_ONES = ("where", "credentials")
"""The steps that a connection has behind it which is there already."""

KEPT_BY: Mapping[str, str] = {"spaces": "spaces", "options": "kinds"}
"""What a draft's choice holds as soon as these steps were taken, which nothing needs to be."""

CLOUD, OAUTH, TOKEN, PASSWORD = "cloud", "oauth", "token", "password"
"""The ways to sign in: email and API token, by what Atlassian was told to allow, personal access token, password."""

WAYS: Mapping[str, str] = {"email-token": CLOUD, "oauth": OAUTH, "personal-token": TOKEN, "user-password": PASSWORD}
"""The same by the names that a saved connection has for them."""

BACK = "back"
"""The value of the button that keeps what is filled in and goes back."""

DraftId = Annotated[int, Path(ge=1, le=2**62)]


def found(request: Request, draft_id: DraftId) -> Draft:
    """The draft of this address. Raises 404 where there is none, or no more."""
    with reading(office_of(request).hub.engine) as db:
        draft = _stored(db, draft_id)
    if draft is None:
        raise HTTPException(404)
    return draft


Found = Annotated[Draft, Depends(found)]


def found_new(draft: Found) -> Draft:
    """The draft of a connection that is still to be: only its site and its credential are for the wizard to change."""
    if draft.connection_id is not None:
        raise HTTPException(404)
    return draft


New = Annotated[Draft, Depends(found_new)]


def _stored(db: Connection, draft_id: int) -> Draft | None:
    """A draft. One that changes a connection has the site and the credential of that connection, as they are now."""
    draft = drafts.draft(db, draft_id)
    if draft is None or draft.connection_id is None:
        return draft
    try:
        connection = connections.connection(db, draft.connection_id)
    except ConnectionGone:
        return None
    answers = replace(
        draft.answers,
        name=connection.name,
        url=door(connection.url, connection.api_url),
        way=WAYS[connection.credential_kind],
        login=connection.login or "",
        secret=connection.secret,
    )
    return replace(draft, answers=answers)


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the row. `href` is "" as long as an earlier one is lacking; `state` is done, now or later."""

    name: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around each step. `action` is where its form goes, `draft_id` 0 before anything was kept.

    `connection_id`: what comes in by this connection is changed; 0 where it is still to be. `back` leads to the step
    before, or out of the wizard.
    """

    draft_id: int
    title: str
    site: str
    steps: tuple[Step, ...]
    action: str
    back: str
    connection_id: int = 0


def frame_of(draft: Draft | None, now: str) -> Frame:
    """The frame of the step `now`."""
    answers = Answers() if draft is None else draft.answers
    site = endpoint(answers.url)
    return Frame(
        draft_id=0 if draft is None else draft.id,
        title=answers.name or "Connect Confluence",
        site="" if site is None else site.base,
        steps=tuple(_steps(draft, now)),
        action=PREFIX if draft is None else address(draft, now),
        back=before(draft, now),
        connection_id=0 if draft is None else draft.connection_id or 0,
    )


def _steps(draft: Draft | None, now: str) -> Iterator[Step]:
    names, answers = list(STEPS), Answers() if draft is None else draft.answers
    until = names.index(lacking(draft))
    done = {*names[: min(until, 3)], *(name for name, key in KEPT_BY.items() if until > 3 and key in answers.choice)}
    for name in steps_of(draft):
        href = address(draft, name) if names.index(name) <= until else ""
        yield Step(STEPS[name], href, "now" if name == now else "done" if name in done else "later")


def steps_of(draft: Draft | None) -> list[str]:
    """The steps that a draft goes through."""
    return [name for name in STEPS if draft is None or draft.connection_id is None or name not in OF_NEW_ONES]


def before(draft: Draft | None, step: str) -> str:
    """Where somebody was before a step."""
    names = steps_of(draft)
    number = names.index(step)
    return address(draft, names[number - 1]) if number else way_out(draft)


def way_out(draft: Draft | None) -> str:
    """Where somebody came from who filled this in."""
    changes = draft is not None and draft.connection_id is not None
    return f"/connections/{draft.connection_id}/settings" if draft and changes else "/connections"


def lacking(draft: Draft | None) -> str:
    """The first step that is not done; "review" where none is."""
    if draft is None or not (draft.answers.name and endpoint(draft.answers.url) and draft.answers.way):
        return "where"
    answers = draft.answers
    if answers.secret is None or not (answers.login or answers.way in (TOKEN, OAUTH)):
        return "credentials"
    return "review" if trial(draft).passed else "test"


def trial(draft: Draft) -> Trial:
    """The last test of this draft."""
    return kept_trial(draft.answers.test, places(draft))


def places(draft: Draft) -> Places:
    """Where each field of the catalogue is changed. A connection that is there stays with its site."""
    steps = f"{PREFIX}/{draft.id}"
    spaces = {Field.SPACES: Link("Choose the spaces", f"{steps}/spaces")}
    if draft.connection_id is not None:
        return spaces | {
            Field.SIGN_IN: Link("Change how it signs in", f"{way_out(draft)}#credential"),
            Field.TOKEN: Link("Enter another token", f"{way_out(draft)}#secret"),
            Field.SCHEDULE: Link("Choose a quieter hour", f"{way_out(draft)}#schedule"),
        }
    return spaces | {
        Field.ADDRESS: Link("Change the address", f"{steps}/where#url"),
        Field.SIGN_IN: Link("Change how to sign in", f"{steps}/credentials"),
        Field.TOKEN: Link("Enter another token", f"{steps}/credentials#secret"),
        Field.SCHEDULE: Link("Choose a quieter hour", f"{steps}/options#schedule"),
    }


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
    """Keep what was filled in. What a connection says of itself stays with the connection."""
    hub = office_of(request).hub
    if draft.connection_id is not None:
        answers = Answers(choice=answers.choice, test=answers.test, tested_at=answers.tested_at)
    with hub.engine.begin() as db:
        drafts.change(db, draft.id, answers, hub.clock())


def still(db: Connection, draft: Draft) -> bool:
    """Whether a draft is there and would still be tested against the same site with the same credential."""
    now = _stored(db, draft.id)
    return now is not None and _tested_part(now.answers) == _tested_part(draft.answers)


def _tested_part(answers: Answers) -> tuple[object, ...]:
    return answers.url, answers.way, answers.login, answers.secret


def credential(draft: Draft, hub: Hub) -> Credential:
    """The credential of a draft that has one, opened. Raises WrongKey."""
    answers = draft.answers
    assert answers.secret is not None
    [secret] = hub.vault.open(answers.secret).values()
    match answers.way:
        case "cloud":
            return EmailToken(answers.login, secret)
        case "oauth":
            return hub.grants.grant(secret)
        case "token":
            return PersonalToken(secret)
        case _:
            return UserPassword(answers.login, secret)


def onward(draft: Draft, step: str, act: str = "") -> Response:
    """The way to the step behind this one, or before it where `act` says back."""
    names = steps_of(draft)
    return RedirectResponse(before(draft, step) if act == BACK else address(draft, names[names.index(step) + 1]), 303)
