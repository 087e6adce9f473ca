"""All steps together, the way into a draft that was left, and the way out of one that is thrown away."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.store import drafts
from mainstem.web.connecting import credentials, options, picking, review, testing, where
from mainstem.web.connecting.drafting import PREFIX, Found, address, lacking, way_out
from mainstem.web.office import office_of

one = APIRouter(prefix="/{draft_id}")


@one.get("")
def resume(draft: Found) -> Response:
    """The first step that is not done yet."""
    return RedirectResponse(address(draft, lacking(draft)), 303)


@one.post("/discard")
def discard(request: Request, draft: Found) -> Response:
    """Throw a draft away, with its secret."""
    with office_of(request).hub.engine.begin() as db:
        drafts.discard(db, draft.id)
    return RedirectResponse(way_out(draft), 303)


router = APIRouter()
for part in (
    where.start,
    where.router,
    one,
    *(step.router for step in (credentials, testing, picking, options, review)),
):
    router.include_router(part, prefix=PREFIX)
