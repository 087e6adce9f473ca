"""The fifth step: what of the chosen spaces comes in, by kind, label and date, and when it is brought in step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field as Items

from mainstem.sync.schedule import BadSchedule
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.choice import KINDS, Choice, choice_of, kept_options
from mainstem.web.connecting.drafting import BACK, Found, Frame, address, frame_of, keep, lacking, onward
from mainstem.web.connecting.filtering import FilterFields, SentFilter, fields_of
from mainstem.web.office import office_of
from mainstem.web.pages import page
from mainstem.web.scheduling import ScheduleFields
from mainstem.wiki.content import Kind

router = APIRouter(prefix="/{draft_id}/options")

SAYS: Mapping[Kind, tuple[str, str]] = {
    Kind.PAGE: ("Pages", "With their place in the tree. What is archived stays outside."),
    Kind.BLOGPOST: ("Blog posts", "The news of each space."),
    Kind.COMMENT: ("Comments", "Below a page and beside its text, for whoever may read the page."),
    Kind.ATTACHMENT: ("Attachments", "Found by their names, for whoever may read the page."),
}
"""What each kind is called, and what comes with it."""


class Sent(SentFilter):
    """What the form sends."""

    kind: list[str] = Items(default_factory=list)
    act: str = ""


@dataclass(frozen=True, slots=True)
class OfKind:
    """One kind of content that can be had."""

    kind: Kind
    says: str
    hint: str
    on: bool


@dataclass(frozen=True, slots=True)
class Options:
    """The page."""

    frame: Frame
    kinds: tuple[OfKind, ...]
    filter: FilterFields
    schedule: ScheduleFields
    troubles: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def options(request: Request, asking: SignedIn, draft: Found) -> Response:
    """The options as they were chosen."""
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    shown = _shown(frame_of(draft, "options"), choice_of(draft.answers.choice))
    return page(request, "connect_options.html", shown, asking=asking)


@router.post("")
def chosen(request: Request, asking: SignedIn, draft: Found, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the options; to the review."""
    today = office_of(request).hub.clock().date()
    choice, troubles = _choice(choice_of(draft.answers.choice), sent, today)
    if troubles and sent.act != BACK:
        typed = FilterFields(**{name: getattr(sent, name) for name in FilterFields.__slots__})
        shown = replace(_shown(frame_of(draft, "options"), choice), filter=typed, troubles=troubles)
        return page(request, "connect_options.html", shown, asking=asking, status=422)
    keep(request, draft, replace(draft.answers, choice={**draft.answers.choice, **kept_options(choice)}))
    return onward(draft, "options", sent.act)


def _choice(before: Choice, sent: Sent, today: date) -> tuple[Choice, dict[str, str]]:
    """What was chosen, as far as it makes sense, and what is wrong with the rest."""
    kinds = frozenset(kind for kind in KINDS if kind in sent.kind)
    chosen, troubles = sent.filter(today)
    if not kinds & {Kind.PAGE, Kind.BLOGPOST}:
        troubles["kind"] = "Take pages or blog posts: comments and attachments come with them."
    try:
        schedule = sent.schedule()
    except BadSchedule as bad:
        schedule, troubles["schedule"] = before.schedule, str(bad)
    return replace(before, kinds=kinds, filter=chosen, schedule=schedule), troubles


def _shown(frame: Frame, choice: Choice) -> Options:
    kinds = tuple(OfKind(kind, *SAYS[kind], kind in choice.kinds) for kind in KINDS)
    return Options(frame, kinds, fields_of(choice.filter), ScheduleFields(choice.schedule))
