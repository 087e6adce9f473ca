"""What every answer tells the browser, and which requests are refused because another site sent them.

Headers allow scripts and styles of our own files alone, and nobody to frame us. A request that changes something must
come from our own pages: browsers say so themselves, so forms carry no tokens. Who somebody is, is decided elsewhere.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstem.wiring.callers import same_site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


class Security:
    """ASGI middleware around all others: refuses what came from elsewhere, and sets the headers."""

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message), asked)
            await send(message)

        if scope["method"] in _SAFE or from_our_pages(asked, self._public_url):
            await self._app(scope, receive, send_secured)
        else:
            refusal = PlainTextResponse("This request came from another site, so it was refused.\n", 403)
            await refusal(scope, receive, send_secured)


def secure(answer: MutableHeaders, asked: Headers) -> None:
    """Set what every answer carries, unless it says something stricter itself.

    A page and its part for htmx share an address, so caches must tell them apart, and parts are not kept at all.
    """
    for name, value in HEADERS.items():
        answer.setdefault(name, value)
    if answer.get("content-type", "").startswith("text/html"):
        answer.add_vary_header("HX-Request-Type")
        answer.setdefault("Cache-Control", "no-store" if "hx-request" in asked else "private, no-cache")


def from_our_pages(asked: Headers, public_url: str = "") -> bool:
    """Whether a request comes from our own pages, or from no page at all (a command line).

    Browsers tell `Sec-Fetch-Site` over https and to localhost; over plain http they tell the origin.
    """
    site = asked.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = asked.get("origin")
    return origin is None or same_site(origin, asked.get("host", ""), public_url)
