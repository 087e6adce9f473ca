"""The fifth step: what of the chosen spaces comes in, how it is converted, and when it is brought in step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field as Items

from mainstem.errors import TellPerson
from mainstem.store.drafts import Answers, Draft
from mainstem.sync.schedule import BadSchedule
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.choice import KINDS, SAYS, Choice, choice_of, kept_options
from mainstem.web.connecting.drafting import BACK, Found, Frame, address, frame_of, keep, lacking, onward
from mainstem.web.connecting.filtering import FilterFields, SentFilter, fields_of
from mainstem.web.connecting.foresight import narrowed
from mainstem.web.conversion import ConversionFields, SentConversion
from mainstem.web.conversion import fields_of as forms_of
from mainstem.web.office import office_of
from mainstem.web.pages import Part, page
from mainstem.web.previewing import NOTHING_YET, UNREAD, Shown, shown_example
from mainstem.web.scheduling import ScheduleFields, coming_from_now
from mainstem.wiki.content import Kind
from mainstem.wiki.conversion import AS_IT_STANDS

router = APIRouter(prefix="/{draft_id}/options")


class Sent(SentFilter, SentConversion):
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
    """The page. `counted` says how much comes in, where somebody asked; `own`: somebody chose how to convert, or looks.

    A connection that is there has its choice of how to convert among its settings: `forms` are for a new one.
    """

    frame: Frame
    kinds: tuple[OfKind, ...]
    filter: FilterFields
    schedule: ScheduleFields
    forms: ConversionFields
    preview: Shown
    own: bool = False
    counted: str = ""
    troubles: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def options(request: Request, asking: SignedIn, draft: Found) -> Response:
    """The options as they were chosen."""
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    choice = choice_of(draft.answers.choice)
    fields = ScheduleFields(choice.schedule, coming_from_now(office_of(request).hub, choice.schedule))
    shown = replace(_shown(frame_of(draft, "options"), choice), schedule=fields)
    return page(request, "connect_options.html", shown, asking=asking)


@router.post("")
def chosen(request: Request, asking: SignedIn, draft: Found, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the options; to the review."""
    choice, troubles = _choice(request, draft, sent)
    if troubles and sent.act != BACK:
        return page(request, "connect_options.html", _refused(draft, choice, sent, troubles), asking=asking, status=422)
    keep(request, draft, _answers(draft, choice))
    return onward(draft, "options", sent.act)


@router.post("/count")
async def count(request: Request, asking: SignedIn, draft: Found, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the options, and say how much of the chosen spaces comes in by them."""
    choice, troubles = _choice(request, draft, sent)
    if troubles:
        refused, told = _refused(draft, choice, sent, troubles), Part("counted")
        return page(request, "connect_options.html", refused, asking=asking, part=told, status=422)
    now = replace(draft, answers=_answers(draft, choice))
    await to_thread.run_sync(keep, request, draft, now.answers)
    counted = await narrowed(office_of(request).hub, now) or "Nothing is left out: all pages and posts come in."
    shown = replace(_shown(frame_of(now, "options"), choice), counted=counted)
    return page(request, "connect_options.html", shown, asking=asking, part=Part("counted"))


@router.post("/preview")
def preview(request: Request, asking: SignedIn, draft: Found, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the options, and show what becomes of a page by them."""
    choice, troubles = _choice(request, draft, sent)
    part = Part("preview", also={"#macros": "macros"})
    if troubles:
        content = _refused(draft, choice, sent, troubles)
        return page(request, "connect_options.html", content, asking=asking, part=part, status=422)
    now = replace(draft, answers=_answers(draft, choice))
    keep(request, draft, now.answers)
    content = _shown(frame_of(now, "options"), choice, looks=True)
    return page(request, "connect_options.html", content, asking=asking, part=part)


def _answers(draft: Draft, choice: Choice) -> Answers:
    return replace(draft.answers, choice={**draft.answers.choice, **kept_options(choice)})


def _refused(draft: Draft, choice: Choice, sent: Sent, troubles: Mapping[str, str]) -> Options:
    typed = FilterFields(**{name: getattr(sent, name) for name in FilterFields.__slots__})
    return replace(_shown(frame_of(draft, "options"), choice), filter=typed, troubles=troubles)


def _choice(request: Request, draft: Draft, sent: Sent) -> tuple[Choice, dict[str, str]]:
    """What was chosen, as far as it makes sense, and what is wrong with the rest."""
    before = choice_of(draft.answers.choice)
    kinds = frozenset(kind for kind in KINDS if kind in sent.kind)
    chosen, troubles = sent.filter(office_of(request).hub.clock().date())
    if not kinds & {Kind.PAGE, Kind.BLOGPOST}:
        troubles["kind"] = "Take pages or blog posts: comments and attachments come with them."
    try:
        schedule = sent.schedule()
    except BadSchedule as bad:
        schedule, troubles["schedule"] = before.schedule, str(bad)
    try:
        conversion = sent.conversion(before.conversion)
    except TellPerson as bad:
        conversion, troubles["conversion"] = before.conversion, str(bad)
    return replace(before, kinds=kinds, filter=chosen, schedule=schedule, conversion=conversion), troubles


def _shown(frame: Frame, choice: Choice, *, looks: bool = False) -> Options:
    own = choice.conversion != AS_IT_STANDS
    kinds = tuple(OfKind(kind, *SAYS[kind], kind in choice.kinds) for kind in KINDS)
    return Options(
        frame,
        kinds=kinds,
        filter=fields_of(choice.filter),
        schedule=ScheduleFields(choice.schedule),
        forms=forms_of(choice.conversion, ()),
        preview=shown_example((AS_IT_STANDS, choice.conversion), UNREAD) if own or looks else NOTHING_YET,
        own=own or looks,
    )
