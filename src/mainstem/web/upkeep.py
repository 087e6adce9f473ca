"""The settings of a connection, as admins change them: its name, when it is synced, how it signs in, and its removal.

What is changed here is a row; the worker acts on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import connection_deeds
from mainstem.accounts.members import name_of
from mainstem.accounts.roles import Act
from mainstem.confluence.catalogue import Field
from mainstem.confluence.checks import results_of
from mainstem.errors import MainstemError, TellPerson
from mainstem.store import plans, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Aim
from mainstem.sync.coming import schedule_of, upcoming
from mainstem.web import conversion
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connecting.choice import LATER_SPACES, kinds_in_words
from mainstem.web.connecting.filtering import in_words
from mainstem.web.connecting.trial import Row, rows_of
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.web.renewing import Renewal, SentCredential, refusal, renewal
from mainstem.web.scheduling import ScheduleFields, SentSchedule, coming
from mainstem.web.words import Link
from mainstem.wiki.content import Deployment
from mainstem.wiring import keeping
from mainstem.wiring.checkups import checkup

router = APIRouter(prefix="/connections/{connection_id}")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]
MayRenew = Annotated[Asking, Depends(allowed(Act.CHANGE_CREDENTIALS))]

NO_RULES = (("each label", "tag of the same name"), ("the space", "category"))
"""By what documents are filed where nobody made a rule."""

PLACES: Mapping[Field, Link] = {
    Field.SIGN_IN: Link("Change how it signs in", "#credential"),
    Field.TOKEN: Link("Enter another token", "#credential"),
    Field.SCHEDULE: Link("Choose a quieter hour", "#schedule"),
}
"""Where each field of the catalogue is changed."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The settings of one connection. `troubles` are by their card.

    `name` is what stands in the field of its name; `coming` what comes in by it, as pairs of words, `conversion` how
    that is converted and `rules` how it is filed; `way` and `login` say how it signs in, as forms name it; `apps`: it
    could sign in by Connect with Atlassian; `checks` are those of the last test.
    """

    now: Standing
    name: str
    coming: tuple[tuple[str, str], ...]
    conversion: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]
    fields: ScheduleFields
    way: str
    login: str
    apps: bool
    renewal: Renewal = field(default_factory=Renewal)
    checks: tuple[Row, ...] = ()
    troubles: Mapping[str, str] = field(default_factory=dict)


@router.get("/settings")
def settings(request: Request, asking: SignedIn, connection_id: Id) -> Response:
    """What it is called, what comes in, when it is synced, how it signs in, and its removal."""
    return page(request, "connection_settings.html", _upkeep(office_of(request), connection_id), asking=asking)


@router.post("/name")
def rename(request: Request, asking: MayChange, connection_id: Id, name: Annotated[str, Form()] = "") -> Response:
    """Call it something else from now on, everywhere."""
    office = office_of(request)
    try:
        with office.hub.engine.begin() as db:
            before = connection_of(db, connection_id)
            wanted = replace(before, name=name_of(name))
            connection_deeds.change(db, asking.member, before, wanted, office.hub.clock())
    except TellPerson as trouble:
        content = replace(_upkeep(office, connection_id), name=name, troubles={"name": str(trouble)})
        return page(request, "connection_settings.html", content, asking=asking, status=422)
    return RedirectResponse(f"/connections/{connection_id}/settings", 303)


@router.post("/schedule")
def schedule(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentSchedule, Form()]) -> Response:
    """Sync it by another schedule from now on."""
    office = office_of(request)
    try:
        chosen = sent.schedule()
    except MainstemError as trouble:
        content = replace(_upkeep(office, connection_id), troubles={"schedule": str(trouble)})
        return page(request, "connection_settings.html", content, asking=asking, status=422)
    try:
        office.worker.schedule(connection_id, chosen, asking.member)
    except ConnectionGone:
        raise HTTPException(404) from None
    return RedirectResponse(f"/connections/{connection_id}/settings", 303)


@router.post("/test")
async def test(request: Request, asking: MayChange, connection_id: Id) -> Response:
    """Try it with the credential that is stored, check by check; nothing is written in Confluence."""
    office = office_of(request)
    connection = await to_thread.run_sync(connection_now, office, connection_id)
    troubles = {}
    try:
        await checkup(office.hub, connection)
    except MainstemError as trouble:
        troubles["test"] = str(trouble)
    content = replace(await to_thread.run_sync(_upkeep, office, connection_id), troubles=troubles)
    return page(request, "connection_settings.html", content, asking=asking)


@router.post("/credential")
async def credential(
    request: Request, asking: MayRenew, connection_id: Id, sent: Annotated[SentCredential, Form()]
) -> Response:
    """Sign in with another credential, once it is proved."""
    return await renewed(
        request, asking, await to_thread.run_sync(connection_now, office_of(request), connection_id), sent
    )


async def renewed(
    request: Request, asking: Asking, connection: SavedConnection, sent: SentCredential | MainstemError
) -> Response:
    """What becomes of a credential that was sent, or of the trouble to get one, on the page of the settings."""
    office = office_of(request)
    if isinstance(sent, MainstemError):
        came_of_it, sent = refusal(sent), SentCredential()
    else:
        came_of_it = await renewal(office.hub, connection, sent, asking.member)
    if came_of_it.renewed:
        await keeping.renewed(office.worker, connection.id, asking.member)
    content = replace(await to_thread.run_sync(_upkeep, office, connection.id), renewal=came_of_it)
    if came_of_it.trouble:
        content = replace(content, way=sent.way or content.way, login=sent.login or content.login)
    status = 422 if came_of_it.trouble else 200
    return page(request, "connection_settings.html", content, asking=asking, status=status)


@router.post("/remove")
def remove(request: Request, asking: MayChange, connection_id: Id, name: Annotated[str, Form()] = "") -> Response:
    """Hide it from everybody, to go for good in a week, when its name was typed."""
    office = office_of(request)
    content = _upkeep(office, connection_id)
    if name.strip() != content.now.name:
        content = replace(content, troubles={"remove": f"Type the name as it stands there: {content.now.name}"})
        return page(request, "connection_settings.html", content, asking=asking, status=422)
    office.worker.remove(connection_id, asking.member)
    return RedirectResponse("/connections", 303)


@router.post("/restore")
def restore(request: Request, asking: MayChange, connection_id: Id) -> Response:
    """Bring a removed one back."""
    office = office_of(request)
    try:
        office.worker.restore(connection_id, asking.member)
    except ConnectionGone:
        raise HTTPException(404) from None
    return RedirectResponse(f"/connections/{connection_id}", 303)


def connection_now(office: Office, connection_id: int) -> SavedConnection:
    """A connection as it is stored. Raises 404 where there is none."""
    with reading(office.hub.engine) as db:
        return connection_of(db, connection_id)


def _upkeep(office: Office, connection_id: int) -> Upkeep:
    now, work = office.hub.clock(), office.worker.state(connection_id)
    with reading(office.hub.engine) as db:
        connection = connection_of(db, connection_id)
        plan, run = plans.plan(db, connection_id), runs.latest(db, connection_id, Aim.EVERYTHING)
        chosen, times = schedule_of(plan), upcoming(plan, run, now)
        shown = standing(db, connection, work, now)
    last = shown.tested
    return Upkeep(
        shown,
        name=connection.name,
        coming=_coming(connection),
        conversion=conversion.in_words(connection.conversion),
        rules=tuple((rule.condition, rule.outcome) for rule in connection.rules) or NO_RULES,
        fields=ScheduleFields(chosen, coming(chosen, times, office.hub.settings.permissions_max_age)),
        way="password" if connection.credential_kind == "user-password" else "token",
        login=connection.login or "",
        checks=rows_of(results_of(last.checks), PLACES) if last else (),
        apps=connection.deployment is Deployment.CLOUD and office.hub.grants.app is not None,
    )


def _coming(connection: SavedConnection) -> tuple[tuple[str, str], ...]:
    but = ", ".join(sorted(connection.filter.without_spaces))
    chosen, later = connection.chosen_spaces, LATER_SPACES[connection.later][1]
    inside = f"All but {but}" if but else "All"
    return (
        ("Spaces", f"{inside if chosen is None else ', '.join(chosen)}; {later}"),
        ("Content", kinds_in_words(connection.kinds)),
        ("Pages and posts", in_words(connection.filter)),
    )
