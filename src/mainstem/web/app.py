"""The web face as one application: all its pages, and who they are for."""

from fastapi import FastAPI

from mainstem.accounts.roles import Act
from mainstem.web import (
    account,
    alerts,
    answering,
    api_keys,
    arriving,
    auditing,
    broken_links,
    connections,
    consenting,
    converting,
    files,
    filing,
    finding,
    granting,
    group_roles,
    guarding,
    logs,
    macros,
    membership,
    removed,
    sample,
    scheduling,
    searches,
    searching,
    sign_on,
    signing_in,
    spaces,
    suggesting,
    upkeep,
    viewing,
)
from mainstem.web import reading as documents
from mainstem.web.connecting import changing, wizard
from mainstem.web.face import Face
from mainstem.web.frame import framed
from mainstem.web.office import Office, offers_of

FOR_READERS = (
    searching.router,
    suggesting.router,
    searches.router,
    answering.router,
    documents.router,
    files.router,
    api_keys.router,
    viewing.router,
    account.router,
    auditing.router,
    consenting.router,
)
FOR_ANYBODY = (signing_in.router,)

FOR_ADMINS = (
    (connections.router, Act.SEE_CONNECTIONS),
    (upkeep.router, Act.SEE_CONNECTIONS),
    (spaces.router, Act.SEE_CONNECTIONS),
    (scheduling.router, Act.CHANGE_CONNECTIONS),
    (finding.router, Act.SEE_CONNECTIONS),
    (macros.router, Act.SEE_CONNECTIONS),
    (converting.router, Act.SEE_CONNECTIONS),
    (filing.router, Act.SEE_CONNECTIONS),
    (guarding.router, Act.SEE_CONNECTIONS),
    (broken_links.router, Act.SEE_CONNECTIONS),
    (removed.router, Act.SEE_CONNECTIONS),
    (wizard.router, Act.CHANGE_CREDENTIALS),
    (granting.router, Act.CHANGE_CREDENTIALS),
    (changing.router, Act.CHANGE_CONNECTIONS),
    (sample.router, Act.CHANGE_CREDENTIALS),
    (group_roles.router, Act.CHANGE_MEMBERS),
    (membership.router, Act.TIE_IDENTITIES),
    (logs.router, Act.SEE_LOGS),
    (alerts.router, Act.SEE_LOGS),
    (sign_on.router, Act.CHANGE_SIGN_ON),
)


def make_app(face: Face, office: Office | None = None) -> FastAPI:
    """The application. It reads what `face` names, which must stay open as long as it serves.

    `office` is for admins: without one, this process only reads, and there are no pages of connections.
    """
    readers = ((router, Act.SEARCH_AND_READ) for router in FOR_READERS)
    admins = () if office is None else ((arriving.router, None), *FOR_ADMINS)
    app = framed(face, offers_of(office), (*((router, None) for router in FOR_ANYBODY), *readers, *admins))
    app.state.office = office
    return app
