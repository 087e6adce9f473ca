"""The JSON API as one application: all its routes, and which of them need a worker."""

from fastapi import FastAPI

from mainstem.api import (
    alerts,
    answers,
    connecting,
    connections,
    documents,
    logs,
    losses,
    members,
    model,
    permissions,
    rules,
    schedules,
    searches,
    searching,
    sign_on,
    spaces,
    upkeep,
    whereabouts,
)
from mainstem.api.behind import Behind
from mainstem.api.frame import framed

FOR_MEMBERS = (
    members.mine,
    searching.router,
    searches.router,
    documents.router,
    answers.router,
    members.router,
    logs.router,
    model.router,
)
BESIDE_A_WORKER = (
    connections.router,
    connecting.router,
    spaces.router,
    upkeep.router,
    schedules.router,
    permissions.router,
    whereabouts.router,
    losses.router,
    rules.router,
    alerts.router,
    sign_on.router,
)


def make_api(behind: Behind) -> FastAPI:
    """The application. It reads what `behind` names, which must stay open as long."""
    return framed(behind, FOR_MEMBERS if behind.worker is None else (*FOR_MEMBERS, *BESIDE_A_WORKER))
