"""The faces of a hub at one address: the API below `/api`, tools for models at `/mcp`, commands, pages elsewhere."""

from collections.abc import Callable

from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstem.accounts.passwords import STANDARD
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.cli.errands import PATH, errands
from mainstem.mcp.http import Mcp
from mainstem.mcp.tools import Tools
from mainstem.settings import Settings
from mainstem.sync.connecting import Wanted
from mainstem.web.addresses import Ours
from mainstem.web.app import make_app
from mainstem.web.asking import cookie_name
from mainstem.web.face import Face
from mainstem.web.office import Offers, Office
from mainstem.wiring.files import Shelf
from mainstem.wiring.hub import Hub
from mainstem.wiring.models import model_of
from mainstem.wiring.reader import Reader
from mainstem.wiring.worker import Worker

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


def faces(
    hub: Hub,
    worker: Worker,
    *,
    token: str,
    sample: Callable[[], Wanted] | None = None,
    hasher: PasswordHasher = STANDARD,
) -> Faces:
    """All faces of a hub that this process owns.

    `sample` begins the sample site, where one may be had; `token` is what commands show that bring errands; `hasher`
    keeps passwords.
    """
    model, public = model_of(hub.settings), hub.settings.public_url
    https = public.startswith("https:")
    shelf = Shelf(hub.objects, hub)
    face = Face(hub, secure_cookies=https, public_url=public, files=shelf, model=model, hasher=hasher)
    addresses = Ours(public)
    behind = Behind(hub, addresses, cookie_name(face), worker, model)
    mcp = Mcp(Tools(hub, addresses, model), public)
    below: dict[str, ASGIApp] = {"/api": make_api(behind), "/mcp": mcp, PATH: errands(hub, worker, token)}
    return Faces(make_app(face, Office(hub, worker, sample)), below, https=https)


def faces_to_read(reader: Reader, settings: Settings, offers: Offers) -> Faces:
    """Those pages and answers of a hub for which it need only be read; a server `offers` others at the same address."""
    public = settings.public_url
    https = public.startswith("https:")
    face = Face(reader, secure_cookies=https, public_url=public)
    below: dict[str, ASGIApp] = {"/api": make_api(Behind(reader, Ours(public), cookie_name(face)))}
    return Faces(make_app(face, offers=offers), below, https=https)
