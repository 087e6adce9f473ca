"""The third step: the connection is tested, one named check after the other, and what fails is explained.

With scripts each check shows as it ends; without, all of them together. What it told is kept with the draft.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mainstem.confluence.checks import CheckResult, run_checks, told_expiry
from mainstem.store import drafts
from mainstem.store.drafts import Draft
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.drafting import (
    Found,
    Frame,
    address,
    credential,
    frame_of,
    lacking,
    onward,
    places,
    still,
    trial,
)
from mainstem.web.connecting.trial import Trial, kept_form, trial_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Pages, page

router = APIRouter(prefix="/{draft_id}/test")


@dataclass(frozen=True, slots=True)
class Test:
    """The page. `moving`: the test is under way, and its last word is still to come."""

    __test__ = False

    frame: Frame
    trial: Trial
    next: str
    moving: bool = False


@router.get("")
def test(request: Request, asking: SignedIn, draft: Found) -> Response:
    """What the last test told, or that there was none."""
    if (first := lacking(draft)) in ("where", "credentials"):
        return RedirectResponse(address(draft, first), 303)
    return page(request, "connect_test.html", _shown(draft, trial(draft)), asking=asking)


@router.post("")
async def tested(request: Request, draft: Found) -> Response:
    """Test it; on to the spaces where it passes."""
    if lacking(draft) in ("where", "credentials"):
        return RedirectResponse(address(draft, "test"), 303)
    results = [result async for result in _checks(office_of(request), draft)]
    await to_thread.run_sync(_keep, office_of(request), draft, results)
    if trial_of(results, places(draft)).spotless:
        return onward(draft, "test")
    return RedirectResponse(address(draft, "test"), 303)


@router.post("/stream", response_class=EventSourceResponse)
async def stream(request: Request, draft: Found) -> AsyncIterator[ServerSentEvent]:
    """The same, check by check: the changing part of the page after each."""
    pages: Pages = request.app.state.pages
    office, results = office_of(request), list[CheckResult]()

    def event(shown: Test) -> ServerSentEvent:
        return ServerSentEvent(raw_data=pages.block("connect_test.html", "update", page=shown))

    if lacking(draft) in ("where", "credentials"):
        return
    yield event(_shown(draft, trial_of([], places(draft)), moving=True))
    async for result in _checks(office, draft):
        results.append(result)
        yield event(_shown(draft, trial_of(results, places(draft)), moving=True))
    await to_thread.run_sync(_keep, office, draft, results)
    yield event(_shown(draft, trial_of(results, places(draft))))


@router.get("/passed")
def passed(request: Request, draft: Found) -> Response:
    """The way on that a page takes by itself, once every check has passed."""
    way = address(draft, "spaces")
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": way})
    return RedirectResponse(way, 303)


def _checks(office: Office, draft: Draft) -> AsyncIterator[CheckResult]:
    return run_checks(draft.answers.url, credential(draft, office.hub), line=office.hub.line)


def _keep(office: Office, draft: Draft, results: list[CheckResult]) -> None:
    """Keep what a test told, unless the draft leads elsewhere by now."""
    now = office.hub.clock()
    with office.hub.engine.begin() as db:
        if still(db, draft):
            day = told_expiry(results)
            if day is not None and draft.connection_id is None:
                drafts.change(db, draft.id, replace(draft.answers, token_expires_on=day), now)
            drafts.tested(db, draft.id, kept_form(results), now)


def _shown(draft: Draft, found: Trial, *, moving: bool = False) -> Test:
    return Test(frame_of(draft, "test"), found, address(draft, "spaces"), moving)
