"""What the emulator was asked: one entry per request, for tests and benches that count traffic.

The log sits outermost, so it sees retries, injected faults and refused credentials alike. It keeps no header values:
a credential is remembered only by its kind. Requests to the control API are not traffic and are left out.
"""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL_PREFIX = "/_control"
IDENTIFIER = re.compile(r"(att)?\d+|~.+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}", re.IGNORECASE)
NAMED = re.compile(r"/(group|space)/(?!member\b|picker\b|by-id\b)[^/]+")
ABORTED = 0


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request, its path as it was sent, percent-encoded.

    `credential` is basic, bearer, other or none; `status` is 0 when the connection broke first.
    """

    method: str
    path: str
    query: str
    status: int
    credential: str

    @property
    def route(self) -> str:
        """The path with ids, group names and space keys replaced by `{id}` and `{name}`."""
        path = NAMED.sub(r"/\1/{name}", self.path)
        return "/".join("{id}" if IDENTIFIER.fullmatch(part) else part for part in path.split("/"))


@dataclass(slots=True)
class RequestLog:
    """The requests since the last reset, oldest first."""

    entries: list[LoggedRequest] = field(default_factory=list)

    def add(self, entry: LoggedRequest) -> None:
        """Append one finished request."""
        self.entries.append(entry)

    def reset(self) -> None:
        """Forget everything."""
        self.entries.clear()

    def counts(self) -> dict[str, int]:
        """How often each `METHOD route` was asked, most often first."""
        return dict(Counter(f"{entry.method} {entry.route}" for entry in self.entries).most_common())

    def as_json(self) -> dict[str, object]:
        """The log as the control API shows it: total, by_route, by_status, entries."""
        return {
            "total": len(self.entries),
            "by_route": self.counts(),
            "by_status": dict(Counter(str(entry.status) for entry in self.entries)),
            "entries": [asdict(entry) for entry in self.entries],
        }


class RequestLogMiddleware:
    """ASGI middleware that writes each finished request into a `RequestLog`; put it outside the faults."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        """Log what `app` answers into `log`."""
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it ended, broken connections included."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self.app(scope, receive, send)
            return
        method, query = scope["method"], scope["query_string"].decode("latin-1")
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        credential = credential_kind(scope)
        status = ABORTED

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            status = ABORTED
            raise
        finally:
            self.log.add(LoggedRequest(method, path, query, status, credential))


def credential_kind(scope: Scope) -> str:
    """Basic, bearer, other (an unknown scheme) or none, from the request's Authorization header."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme = value.split(b" ", 1)[0].lower()
            return scheme.decode("latin-1") if scheme in {b"basic", b"bearer"} else "other"
    return "none"
