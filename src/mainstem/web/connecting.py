"""The page that adds a connection: its form, the test of what was filled in, and the first sync.

A secret goes in and never comes out again: a form that is shown once more has the field empty.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr

from mainstem.confluence.checks import CheckResult, State, run_checks
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.errors import MainstemError, TellPerson
from mainstem.sync.connecting import Wanted
from mainstem.web.asking import SignedIn
from mainstem.web.office import office_of
from mainstem.web.pages import Part, page

router = APIRouter(prefix="/new-connection")


class Sent(BaseModel):
    """What the form sends. `act` is the button: "test" or "connect"."""

    url: str = ""
    name: str = ""
    way: str = "cloud"
    login: str = ""
    secret: SecretStr = SecretStr("")
    spaces: str = ""
    act: str = "test"


class Unfinished(TellPerson):
    """A field that is needed is empty."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as somebody filled it in, without its secret; `trouble` says why it did not work."""

    url: str = ""
    name: str = ""
    way: str = "cloud"
    login: str = ""
    spaces: str = ""
    trouble: str = ""
    checks: tuple[CheckResult, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it was tested and no check failed."""
        return bool(self.checks) and all(check.state is not State.FAILED for check in self.checks)

    @property
    def keys(self) -> tuple[str, ...]:
        """The spaces that were named; none means all of them."""
        return tuple(dict.fromkeys(key.strip() for key in self.spaces.split(",") if key.strip()))

    def credential(self, secret: str) -> Credential:
        """What these fields amount to. Raises Unfinished."""
        needed = {"Address of Confluence": self.url, "Token or password": secret}
        if self.way != "token":
            needed["Email" if self.way == "cloud" else "User name"] = self.login
        missing = [name for name, value in needed.items() if not value.strip()]
        if missing:
            raise Unfinished(f"Still empty: {', '.join(missing)}.")
        match self.way:
            case "cloud":
                return EmailToken(self.login.strip(), secret.strip())
            case "token":
                return PersonalToken(secret.strip())
            case _:
                return UserPassword(self.login.strip(), secret)


@router.get("")
def form(request: Request, asking: SignedIn) -> Response:
    """The empty form."""
    return page(request, "connect.html", Filled(), asking=asking)


@router.post("")
async def submit(request: Request, asking: SignedIn, sent: Annotated[Sent, Form()]) -> Response:
    """Test what was filled in or, with `act` "connect", save it and begin its first sync."""
    filled = Filled(sent.url, sent.name, sent.way, sent.login, sent.spaces)
    try:
        credential = filled.credential(sent.secret.get_secret_value())
        if sent.act == "connect":
            return await _connected(request, filled, credential)
        filled = replace(filled, checks=await _tested(request, filled, credential))
    except MainstemError as trouble:
        filled = replace(filled, trouble=str(trouble))
    status = 422 if filled.trouble else 200
    return page(request, "connect.html", filled, asking=asking, part=Part("outcome"), status=status)


async def _tested(request: Request, filled: Filled, credential: Credential) -> tuple[CheckResult, ...]:
    line = office_of(request).hub.line
    return tuple([check async for check in run_checks(filled.url, credential, filled.keys or None, line=line)])


async def _connected(request: Request, filled: Filled, credential: Credential) -> Response:
    office = office_of(request)
    wanted = Wanted(filled.url, credential, name=filled.name.strip() or None, spaces=filled.keys)
    connection = (await office.hub.connect(wanted)).connection
    office.worker.ask(connection.id)
    address = f"/connections/{connection.id}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)
