"""Who calls, and what that lets them see. No credential means anonymous; a bad one is refused."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from confluence_emulator.accounts import Proof, SignIn
from confluence_emulator.datacenter.installation import Installation, in_super_group
from confluence_emulator.datacenter.refusals import Refused, no_content, no_space
from confluence_emulator.state import Content, Sight, Site, Space, Status, User

Json = dict[str, object]
Answer = Mapping[str, object] | Sequence[object] | Response
TOKENS_SINCE = (7, 9)
NODE = "node1"
FAILED = "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED"
CHALLENGE = {"WWW-Authenticate": 'Basic realm="protected-area"', "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


@dataclass(frozen=True, slots=True)
class Caller:
    """One request's caller: `user` None is anonymous; `sight` knows what they may view.

    `drawn` keeps, while the request lasts, the JSON of contents that many rows show, such as shared ancestors.
    """

    installation: Installation
    user: User | None
    sight: Sight
    drawn: dict[str, Json] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The site asked about."""
        return self.installation.site

    @property
    def admin(self) -> bool:
        """Whether the administrators' endpoints answer."""
        return self.installation.administers(self.user)

    def when(self, instant: datetime) -> str:
        """An instant as Data Center writes it: milliseconds and the server's offset."""
        return instant.astimezone(self.installation.zone).isoformat(timespec="milliseconds")

    def space(self, key: str) -> Space:
        """The space of a key; Refused 404 if the caller may not view it."""
        space = self.site.space_by_key(key)
        if space is None or not self.sight.space(space):
            raise no_space(key)
        return space

    def content(self, content_id: str, statuses: frozenset[Status] = frozenset({Status.CURRENT})) -> Content:
        """The content of an id in one of these states; Refused 404 if the caller may not view it."""
        content = self.site.contents.get(content_id)
        if content is None or content.status not in statuses or not self.sees(content):
            raise no_content(content_id)
        return content

    def sees(self, content: Content) -> bool:
        """Whether the caller may view a content, wherever it stands."""
        if content.container_id is not None and content.container_id not in self.site.contents:
            return False
        return self.sight.content(content)


Handler = Callable[[Request, Caller], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(installation: Installation, handler: Handler) -> Endpoint:
    """What Starlette calls: sign the caller in, ask the handler, answer JSON."""

    async def answer(request: Request) -> Response:
        user: User | None = None
        try:
            caller = sign_in(installation, request)
            user = caller.user
            result = handler(request, caller)
            response = result if isinstance(result, Response) else JSONResponse(result)
        except Refused as refused:
            response = refused.response()
        response.headers["X-ANODEID"] = NODE
        response.headers["X-AREQUESTID"] = f"600x{next(installation.answered)}x1"
        name_caller(installation, response, user)
        return response

    return answer


def name_caller(installation: Installation, response: Response, user: User | None) -> None:
    """Say in the headers of an answer, whatever its status, to whom it was given."""
    if installation.quirks.callers_named:
        response.headers["X-AUSERNAME"] = "anonymous" if user is None else quote(user.username)
        response.headers.setdefault("X-Seraph-LoginReason", "OUT" if user is None else "OK")


def sign_in(installation: Installation, request: Request) -> Caller:
    """The caller of a request; Refused 401 or 403 for credentials that are not accepted.

    Bearer tokens are unknown before 7.9: the caller is anonymous then. `os_authType=basic` refuses anonymous callers.
    """
    header = request.headers.get("authorization")
    if header is not None and header.lower().startswith("bearer") and installation.release < TOKENS_SINCE:
        header = None
    if header is not None and header.lower().startswith("basic") and not installation.quirks.basic_auth:
        raise Refused(403, "Basic Authentication has been disabled on this instance.")
    outcome = installation.accounts.datacenter(header)
    _refuse_bad_credentials(installation, outcome)
    if outcome.user is None and request.query_params.get("os_authType") == "basic":
        raise Refused(401, FAILED, CHALLENGE)
    bypass = in_super_group(installation.site, outcome.user)
    return Caller(installation, outcome.user, Sight(installation.site, outcome.user, bypass=bypass))


def _refuse_bad_credentials(installation: Installation, outcome: SignIn) -> None:
    if outcome.proof in (Proof.REJECTED, Proof.MALFORMED):
        raise Refused(401, FAILED, CHALLENGE)
    if outcome.proof is Proof.CAPTCHA:
        login = f"CAPTCHA_CHALLENGE; login-url={installation.base_url}/login.action"
        headers = {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED", "X-Authentication-Denied-Reason": login}
        raise Refused(403, "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED", headers)
