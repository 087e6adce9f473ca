"""Faces of a hub at one address: the API below `/api`, pages elsewhere; and those of them that only read.

Kept apart from `every_face`, so that a process that reads beside the server loads no more than it needs.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstem.accounts.roles import Act
from mainstem.api import documents as described_documents
from mainstem.api import frame as api
from mainstem.api import searches as kept_searches
from mainstem.api import searching as described_searching
from mainstem.api.behind import Behind
from mainstem.settings import Settings
from mainstem.web import frame as web
from mainstem.web import reading as documents
from mainstem.web import searches, searching, suggesting
from mainstem.web.addresses import Ours
from mainstem.web.asking import cookie_name
from mainstem.web.face import Face
from mainstem.web.offers import Offers
from mainstem.wiring.reader import Reader

READING_PAGES = (searching.router, suggesting.router, searches.router, documents.router)
READING_ROUTES = (described_searching.router, kept_searches.router, described_documents.router)

HSTS = (b"strict-transport-security", b"max-age=31536000")
"""Tells browsers to come back by https alone, for a year."""


class Faces:
    """ASGI application that hands each request to the face whose address it has."""

    def __init__(self, pages: ASGIApp, below: dict[str, ASGIApp], *, https: bool = False) -> None:
        """`below` are the other faces by the beginning of their paths. `https`: people reach them by https."""
        self._pages = pages
        self._below = below
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        face = next((app for at, app in self._below.items() if path == at or path.startswith(f"{at}/")), self._pages)

        async def send_by_https(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), HSTS]
            await send(message)

        await face(scope, receive, send_by_https if self._https else send)


def faces_to_read(reader: Reader, settings: Settings, offers: Offers) -> Faces:
    """What only looks at what a hub stored, of its pages and answers; a server `offers` others at the same address."""
    public = settings.public_url
    https = public.startswith("https:")
    face = Face(reader, secure_cookies=https, public_url=public)
    pages = web.framed(face, offers, ((router, Act.SEARCH_AND_READ) for router in READING_PAGES))
    behind = Behind(reader, Ours(public), cookie_name(face))
    return Faces(pages, {"/api": api.framed(behind, READING_ROUTES)}, https=https)
