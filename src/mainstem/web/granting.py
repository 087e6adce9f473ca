"""Connect with Atlassian: somebody is sent there, allows what Mainstem asks for, and comes back with a code.

A link leads there, for browsers let no form of ours end on another site. What must come back as it left stays in a
sealed cookie of the browser that was sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from secrets import compare_digest, token_urlsafe

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.confluence.addresses import parse_address
from mainstem.confluence.grants import Site, Tokens, ask, redeem, sites
from mainstem.errors import MainstemError, TellPerson
from mainstem.store import drafts
from mainstem.store.drafts import Draft
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.connecting import credentials
from mainstem.web.connecting.atlassian import BACK, way_back
from mainstem.web.connecting.drafting import OAUTH, New, address, found, found_new
from mainstem.web.connections import Id
from mainstem.web.face import face_of
from mainstem.web.office import Office, office_of
from mainstem.web.renewing import SentCredential, lasts_until
from mainstem.web.upkeep import connection_now, renewed
from mainstem.wiki.secrets import SealedSecret
from mainstem.wiring.vault import WrongKey

router = APIRouter()

COOKIE = "mainstem_atlassian"
PATIENCE = 900
"""Seconds that somebody may take at Atlassian."""


class NotAllowed(TellPerson):
    """Somebody allowed nothing at Atlassian, or another site than was meant."""


@router.get("/new-connection/{draft_id}/atlassian")  # noqa: FAST003  the draft itself depends on it
def leave_draft(request: Request, asking: SignedIn, draft: New) -> Response:
    """Ask at Atlassian for a connection that is still to be."""
    return _leave(request, asking, draft=draft.id)


@router.get("/connections/{connection_id}/atlassian")
def leave_connection(request: Request, asking: SignedIn, connection_id: Id) -> Response:
    """Ask at Atlassian for a connection that is there."""
    return _leave(request, asking, connection=connection_now(office_of(request), connection_id).id)


@router.get(BACK)
async def back(request: Request, asking: SignedIn, code: str = "", state: str = "") -> Response:
    """Back from Atlassian, with a code where something was allowed."""
    sent = _sent(request)
    if not compare_digest(sent.get("state", ""), state) or sent.get("member") != str(asking.member.id):
        raise HTTPException(400)
    came = await (_to_draft if "draft" in sent else _to_connection)(request, asking, sent, code)
    came.delete_cookie(COOKIE, path=BACK)
    return came


def _leave(request: Request, asking: Asking, **target: int) -> Response:
    keeper = office_of(request).hub.grants
    if keeper.app is None:
        raise HTTPException(404)
    face, state = face_of(request), token_urlsafe()
    there = way_back(request)
    asked = ask(keeper.app, there, state, keeper.line)
    facts = {"state": state, "verifier": asked.verifier, "back": there, "member": str(asking.member.id)}
    sealed = keeper.seal(facts | {name: str(number) for name, number in target.items()})
    left = RedirectResponse(asked.url, 303)
    left.set_cookie(
        COOKIE,
        sealed.token.decode("ascii"),
        max_age=PATIENCE,
        path=BACK,
        secure=face.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return left


def _sent(request: Request) -> Mapping[str, str]:
    """What the cookie holds; nothing where there is none of ours."""
    try:
        return office_of(request).hub.vault.open(SealedSecret(request.cookies.get(COOKIE, "").encode()))
    except WrongKey:
        return {}


async def _to_draft(request: Request, asking: Asking, sent: Mapping[str, str], code: str) -> Response:
    draft = found_new(await to_thread.run_sync(found, request, int(sent["draft"])))
    office = office_of(request)
    try:
        tokens = await _allowed(office, sent, code, draft.answers.url)
    except MainstemError as trouble:
        return credentials.refused(request, asking, draft, str(trouble))
    await to_thread.run_sync(_keep_in_draft, office, draft, tokens)
    return RedirectResponse(address(draft, "test"), 303)


def _keep_in_draft(office: Office, draft: Draft, tokens: Tokens) -> None:
    hub, answers = office.hub, draft.answers
    with hub.engine.begin() as db:
        grant = hub.grants.keep(db, tokens, draft_id=draft.id)
        secret, until = hub.vault.seal({"grant": grant.id}), lasts_until(hub)
        after = replace(answers, way=OAUTH, login="", secret=secret, token_expires_on=until, test={}, tested_at=None)
        drafts.change(db, draft.id, after, hub.clock())


async def _to_connection(request: Request, asking: Asking, sent: Mapping[str, str], code: str) -> Response:
    office = office_of(request)
    connection = await to_thread.run_sync(connection_now, office, int(sent["connection"]))
    try:
        tokens = await _allowed(office, sent, code, connection.url)
    except MainstemError as trouble:
        return await renewed(request, asking, connection, trouble)
    grant_id = await to_thread.run_sync(_keep_for_connection, office, connection.id, tokens)
    return await renewed(request, asking, connection, SentCredential(grant=grant_id))


def _keep_for_connection(office: Office, connection_id: int, tokens: Tokens) -> str:
    with office.hub.engine.begin() as db:
        return office.hub.grants.keep(db, tokens, connection_id=connection_id).id


async def _allowed(office: Office, sent: Mapping[str, str], code: str, url: str) -> Tokens:
    """The tokens that a code brings, if they open the site at an address.

    Raises NotAllowed, GrantEnded and AppRejected.
    """
    hub = office.hub
    app, line = hub.grants.app, hub.line
    if app is None or not code:
        raise NotAllowed("Nothing was allowed at Atlassian. Connect with Atlassian again, and accept what it asks.")
    tokens = await redeem(app, line, code, verifier=sent["verifier"], back=sent["back"], now=hub.clock())
    opened = await sites(line, tokens.access)
    if not any(_is_at(site, url) for site in opened):
        named = ", ".join(site.url for site in opened) or "no site"
        raise NotAllowed(f"At Atlassian {named} was allowed, not {url}. Connect again, and choose that site there.")
    return tokens


def _is_at(site: Site, url: str) -> bool:
    there = parse_address(url).endpoint
    return site.cloud_id in there.root or parse_address(site.url).endpoint.root == there.root
