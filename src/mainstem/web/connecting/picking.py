"""The fourth step: which spaces come in, picked from the list that the test found, or named by keys and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from mainstem.confluence import spacekeys
from mainstem.store.drafts import Draft
from mainstem.web.asking import SignedIn
from mainstem.web.connecting.choice import choice_of, kept_spaces
from mainstem.web.connecting.drafting import BACK, Found, Frame, address, frame_of, keep, lacking, onward, trial
from mainstem.web.connecting.trial import FoundSpace
from mainstem.web.pages import page
from mainstem.wiki.content import Space

router = APIRouter(prefix="/{draft_id}/spaces")

ALL, SOME = "all", "some"


class Sent(BaseModel):
    """What the form sends: `scope` says whether `key` and `pasted` count."""

    scope: str = ALL
    key: list[str] = []
    pasted: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Picking:
    """The page. `picked` are the keys of the ticked spaces; `troubles` are by field."""

    frame: Frame
    spaces: tuple[FoundSpace, ...]
    scope: str
    picked: frozenset[str]
    pasted: str = ""
    troubles: Mapping[str, str] = field(default_factory=dict)

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
    keys, troubles = _keys(draft, sent)
    if troubles and sent.act != BACK:
        shown = replace(
            _shown(draft), scope=sent.scope, picked=frozenset(sent.key), pasted=sent.pasted, troubles=troubles
        )
        return page(request, "connect_spaces.html", shown, asking=asking, status=422)
    choice = replace(choice_of(draft.answers.choice), spaces=keys)
    keep(request, draft, replace(draft.answers, choice={**draft.answers.choice, **kept_spaces(choice)}))
    return onward(draft, "spaces", sent.act)


def _shown(draft: Draft) -> Picking:
    chosen = choice_of(draft.answers.choice).spaces
    return Picking(
        frame=frame_of(draft, "spaces"),
        spaces=trial(draft).spaces,
        scope=ALL if chosen is None else SOME,
        picked=frozenset(chosen or ()),
    )


def _keys(draft: Draft, sent: Sent) -> tuple[tuple[str, ...] | None, dict[str, str]]:
    """The keys that were chosen, as Confluence writes them (None: all), and what is wrong with them."""
    if sent.scope != SOME:
        return None, {}
    visible = [Space(id=each.key, key=each.key, name=each.name) for each in trial(draft).spaces]
    ticked, _ = spacekeys.named(sent.key, visible)
    pasted, unknown = spacekeys.named(_pasted(sent.pasted), visible)
    keys = tuple(dict.fromkeys(space.key for space in [*ticked, *pasted]))
    if unknown:
        return keys or None, {"pasted": str(spacekeys.unknown(unknown, visible))}
    if not keys:
        return None, {"key": "Pick at least one space, or take all of them."}
    return keys, {}


def _pasted(text: str) -> Sequence[str]:
    """Keys out of what was pasted: keys or addresses, with commas, blanks or line ends between them."""
    return [spacekeys.key_in(part) for part in text.replace(",", " ").split()]
