"""The fourth step: which spaces come in, picked from the list that the test found, or named by keys and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, field_validator

from mainstem.confluence import spacekeys
from mainstem.store.drafts import Draft
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.choice import LATER_SPACES, Choice, choice_of, kept_spaces
from mainstem.web.connecting.drafting import BACK, Found, Frame, address, frame_of, keep, lacking, onward, trial
from mainstem.web.connecting.trial import FoundSpace
from mainstem.web.pages import page
from mainstem.wiki.content import Space
from mainstem.wiki.selection import Later

router = APIRouter(prefix="/{draft_id}/spaces")

ALL, SOME = "all", "some"


class Sent(BaseModel):
    """What the form sends: `scope` says whether `without` counts, or `key` and `pasted`."""

    scope: str = ALL
    key: list[str] = []
    pasted: str = ""
    without: str = ""
    later: Later | None = None
    act: str = ""

    @field_validator("later", mode="before")
    @classmethod
    def _nothing_said(cls, sent: object) -> object:
        return sent or None


@dataclass(frozen=True, slots=True)
class Picking:
    """The page. `picked` are the keys of the ticked spaces; `troubles` are by field.

    `unseen` are the keys of chosen spaces that the account does not see any more.
    """

    frame: Frame
    spaces: tuple[FoundSpace, ...]
    scope: str
    picked: frozenset[str]
    pasted: str = ""
    without: str = ""
    later: Later | None = None
    unseen: tuple[str, ...] = ()
    troubles: Mapping[str, str] = field(default_factory=dict)

    @property
    def rules(self) -> Sequence[tuple[Later, str]]:
        """What may become of spaces that are created later."""
        return [(later, says) for later, (says, _) in LATER_SPACES.items()]

    @property
    def pages(self) -> int:
        """How many pages and posts all spaces hold, as far as they were counted."""
        return sum(space.pages or 0 for space in self.spaces)

    @property
    def exact(self) -> bool:
        """Whether every space was counted exactly."""
        return all(space.exact for space in self.spaces)


@router.get("")
def spaces(request: Request, asking: SignedIn, draft: Found) -> Response:
    """The list, with what was picked before."""
    if (first := lacking(draft)) != "review":
        return RedirectResponse(address(draft, first), 303)
    return page(request, "connect_spaces.html", _shown(draft), asking=asking)


@router.post("")
def picked(request: Request, asking: SignedIn, draft: Found, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the choice; to the options."""
    choice, troubles = _choice(draft, sent)
    if troubles and sent.act != BACK:
        shown = replace(
            _shown(draft),
            scope=sent.scope,
            picked=frozenset(sent.key),
            pasted=sent.pasted,
            without=sent.without,
            later=sent.later,
            troubles=troubles,
        )
        return page(request, "connect_spaces.html", shown, asking=asking, status=422)
    keep(request, draft, replace(draft.answers, choice={**draft.answers.choice, **kept_spaces(choice)}))
    return onward(draft, "spaces", sent.act)


def _shown(draft: Draft) -> Picking:
    choice = choice_of(draft.answers.choice)
    chosen, visible = choice.spaces, trial(draft).spaces
    seen = {space.key for space in visible}
    return Picking(
        frame=frame_of(draft, "spaces"),
        spaces=visible,
        scope=ALL if chosen is None else SOME,
        picked=frozenset(chosen or ()),
        without=", ".join(choice.without),
        later=choice.later,
        unseen=tuple(key for key in chosen or () if key not in seen),
    )


def _choice(draft: Draft, sent: Sent) -> tuple[Choice, dict[str, str]]:
    """The choice with the keys as Confluence writes them, and what is wrong with what was sent."""
    before = replace(choice_of(draft.answers.choice), later=sent.later)
    visible = [Space(id=each.key, key=each.key, name=each.name) for each in trial(draft).spaces]
    if sent.scope != SOME:
        left, unknown = spacekeys.named(_pasted(sent.without), visible)
        troubles = {"without": str(spacekeys.unknown(unknown, visible))} if unknown else {}
        return replace(before, spaces=None, without=tuple(space.key for space in left)), troubles
    ticked, _ = spacekeys.named(sent.key, visible)
    pasted, unknown = spacekeys.named(_pasted(sent.pasted), visible)
    keys = tuple(dict.fromkeys(space.key for space in [*ticked, *pasted]))
    choice = replace(before, spaces=keys or None, without=())
    if unknown:
        return choice, {"pasted": str(spacekeys.unknown(unknown, visible))}
    return choice, {} if keys else {"key": "Pick at least one space, or take all of them."}


def _pasted(text: str) -> Sequence[str]:
    """Keys out of what was pasted: keys or addresses, with commas, blanks or line ends between them."""
    return [spacekeys.key_in(part) for part in text.replace(",", " ").split()]
