"""Changing what comes in by a connection: the same steps as at first, from its test to its review (C3, S3)."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.roles import Act
from mainstem.store import connections, drafts
from mainstem.store.connections import SavedConnection
from mainstem.store.drafts import Answers
from mainstem.store.errors import ConnectionGone
from mainstem.web.asking import Asking, allowed
from mainstem.web.connecting.choice import Choice, kept_options, kept_spaces
from mainstem.web.connecting.drafting import PREFIX
from mainstem.web.connections import Id
from mainstem.web.office import office_of

router = APIRouter(prefix="/connections/{connection_id}")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]


@router.post("/change")
def begin(request: Request, _: MayChange, connection_id: Id) -> Response:
    """Begin a draft of what is to come in, as it is now, and test what the account sees."""
    hub = office_of(request).hub
    try:
        with hub.engine.begin() as db:
            choice = choice_by(connections.connection(db, connection_id))
            kept = {**kept_spaces(choice), **kept_options(choice)}
            draft_id = drafts.begin(db, Answers(choice=kept), hub.clock(), connection_id=connection_id)
    except ConnectionGone:
        raise HTTPException(404) from None
    return RedirectResponse(f"{PREFIX}/{draft_id}/test", 303)


def choice_by(connection: SavedConnection) -> Choice:
    """What comes in by a connection, as its steps show it."""
    return Choice(
        spaces=connection.chosen_spaces,
        without=tuple(sorted(connection.filter.without_spaces)),
        later=connection.filter.later,
        kinds=connection.kinds,
        filter=connection.filter,
    )
