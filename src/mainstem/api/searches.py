"""Searches that a member keeps under names of their own. They are asked anew each time: nothing found is kept."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts.members import name_of
from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, Reads, allowed
from mainstem.api.problems import problem
from mainstem.errors import TellPerson
from mainstem.store import searches
from mainstem.store.database import reading

router = APIRouter(prefix="/searches", tags=["searches"])

Keeps = Annotated[Asking, Depends(allowed(Act.SEARCH_AND_READ, changes=True))]
FULL = f"You keep {searches.MOST} searches already. Drop one first."


class NewSearch(BaseModel):
    """A search that is to be kept."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80, description="One that is kept under this name is replaced.")
    query: str = Field(
        min_length=1,
        max_length=2_000,
        pattern=r"^[!-~]+$",
        description="What stands behind the question mark of a search: `q=budget&space=FIN`.",
    )


class Search(BaseModel):
    """A search that you keep."""

    id: int
    name: str
    query: str


class Searches(BaseModel):
    """All of yours, by name."""

    searches: list[Search]


@router.get("")
def every(who: Reads) -> Searches:
    """The searches that you keep."""
    return _kept(who)


@router.post("", status_code=201, responses={409: problem(FULL)})
def save(who: Keeps, sent: NewSearch) -> Searches:
    """Keep a search under a name."""
    reader = who.behind.reader
    try:
        with reader.engine.begin() as db:
            kept = searches.save(db, who.member.id, name_of(sent.name), sent.query, reader.clock())
    except TellPerson as trouble:
        raise HTTPException(409, str(trouble)) from None
    if not kept:
        raise HTTPException(409, FULL)
    return _kept(who)


@router.delete("/{search_id}", status_code=204, response_class=Response)
def forget(who: Keeps, search_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> None:
    """Drop a search of yours; nothing happens where it is none."""
    with who.behind.reader.engine.begin() as db:
        searches.forget(db, who.member.id, search_id)


def _kept(who: Asking) -> Searches:
    with reading(who.behind.reader.engine) as db:
        mine = searches.of_member(db, who.member.id)
    return Searches(searches=[Search(id=each.id, name=each.name, query=each.query) for each in mine])
