"""All faces of a hub at one address: the API, tools for models at `/mcp`, commands, and pages."""

from collections.abc import Callable

from argon2 import PasswordHasher
from starlette.types import ASGIApp

from mainstem.accounts.passwords import STANDARD
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.cli.errands import PATH, errands
from mainstem.cli.faces import Faces
from mainstem.mcp.http import Mcp
from mainstem.mcp.tools import Tools
from mainstem.sync.connecting import Wanted
from mainstem.web.addresses import Ours
from mainstem.web.app import make_app
from mainstem.web.asking import cookie_name
from mainstem.web.face import Face
from mainstem.web.office import Office
from mainstem.wiring.files import Shelf
from mainstem.wiring.hub import Hub
from mainstem.wiring.models import model_of
from mainstem.wiring.worker import Worker


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
