"""What an HTTP answer means: whether it is a failure, and of which kind. Pure; the rules are those of both families.

One status says different things here: Cloud answers bad credentials with 404 (v2) and 403 (v1), Data Center with any
status, as to an anonymous visitor, a gateway answers a missing scope with 401. So text and headers are read too.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from mainstem.confluence.errors import (
    Blocked,
    Gone,
    ItemBroken,
    NotVisible,
    RightMissing,
    ScopeMissing,
    ServerBroken,
    SignInRejected,
    Throttled,
    WrongAddress,
)
from mainstem.confluence.scopes import scope_for
from mainstem.errors import MainstemError

A_WEEK = 7 * 24 * 3600
"""Seconds: whoever asks for more than this does not ask for patience (Data Center says 2**63-1 to a blocked user)."""

LONGEST_QUOTE = 200

SIGNED_OUT = {"AUTHENTICATED_FAILED", "OUT", "LOGGED_OUT"}
"""Reasons by which Data Center's sign-in filter says that it answers nobody in particular."""

NOT_LET_IN = ("caller cannot access confluence", "not permitted to use confluence")
ADDRESS_BARRED = re.compile(r"\bip[ -]?address|\bip allow|from this ip\b", re.IGNORECASE)


def place_of(request: httpx.Request) -> str:
    """The host and path of a request, without the query (cursors and media tokens live there)."""
    return f"{request.url.host}{request.url.path}"


def failure(response: httpx.Response, item: str) -> MainstemError | None:
    """The error that an answer stands for; None for one that may be read. `item` names what was asked for."""
    if _dropped_sign_in(response):
        return SignInRejected(response.status_code, "the answer was given as to an anonymous visitor")
    if response.is_success:
        return None
    if "cloudfront" in response.headers.get("x-cache", "") and response.status_code in {403, 404}:
        return ServerBroken(place_of(response.request), response.status_code)
    if response.is_redirect:
        return _redirected(response)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServerBroken(place_of(response.request), response.status_code, retry_after(response))
    judge = BY_STATUS.get(response.status_code, _odd)
    return judge(response, item)


def retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait by Confluence's own word, None when it gives none.

    `Retry-After` counts seconds or names a date; Cloud's points quota gives `X-RateLimit-Reset` as an ISO instant.
    Instants are measured against the answer's own `Date`, so this machine's clock does not matter.
    """
    stated = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", stated):
        return float(stated)
    until = _http_date(stated) or _iso_instant(response.headers.get("x-ratelimit-reset", ""))
    now = _http_date(response.headers.get("date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def said(response: httpx.Response) -> str:
    """What the answer's own words are, cut short; "" for a page of HTML."""
    content = _json(response)
    if not isinstance(content, dict):
        return ""
    errors = content.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    text = first.get("title") or content.get("message") or ""
    return str(text).rsplit("Exception: ", 1)[-1][:LONGEST_QUOTE]


def leads_on(response: httpx.Response) -> bool:
    """Whether a redirect may lead to the file that was asked for, not to Data Center's sign-in page."""
    if not response.has_redirect_location or _dropped_sign_in(response):
        return False
    return not urlsplit(response.headers["location"]).path.endswith("/login.action")


def is_html(response: httpx.Response) -> bool:
    """Whether a page for people came instead of data."""
    return "html" in response.headers.get("content-type", "")


def lacks_scope(response: httpx.Response) -> bool:
    """Whether a token was refused for a scope that it lacks, by the headers alone."""
    return str(response.headers.get("x-failure-category")) == "FAILURE_CLIENT_SCOPE_CHECK"


def _dropped_sign_in(response: httpx.Response) -> bool:
    # Data Center goes on as anonymous when it drops a credential: 200 with fewer results, 404 for what is there.
    if "authorization" not in response.request.headers or _asks_for_captcha(response):
        return False
    named = str(response.headers.get("x-ausername", ""))
    if named:
        return named == "anonymous"
    reasons = set(re.findall(r"\w+", response.headers.get("x-seraph-loginreason", "")))
    return bool(reasons & SIGNED_OUT) and "OK" not in reasons


def _redirected(response: httpx.Response) -> MainstemError:
    target = urlsplit(response.headers.get("location", ""))
    asked = response.request.url
    if target.hostname and target.hostname != asked.host and target.path == asked.path:
        return WrongAddress(asked.host, f"it has moved to {target.hostname}")
    return SignInRejected(response.status_code, f"sent on to a sign-in page at {target.hostname or asked.host}")


def _unauthorized(response: httpx.Response, item: str) -> MainstemError:
    if lacks_scope(response) or "scope does not match" in said(response):
        return ScopeMissing(place_of(response.request), scope_for(response.request.url.path))
    if _asks_for_captcha(response):
        return _captcha()
    return SignInRejected(401, f"wrong account, or a wrong or expired token, while reading {item}")


def _forbidden(response: httpx.Response, item: str) -> MainstemError:
    if _asks_for_captcha(response):
        return _captcha()
    text = said(response)
    if any(words in text.lower() for words in NOT_LET_IN):
        return SignInRejected(403, "wrong account, wrong or expired token, or no licence for Confluence")
    if ADDRESS_BARRED.search(text or response.text[:2000]):
        return Blocked("calls from this machine's IP address are not allowed")
    return RightMissing(item, text or "the right to read it")


def _not_found(response: httpx.Response, item: str) -> MainstemError:
    if is_html(response) and "site is currently unavailable" in response.text:
        return WrongAddress(response.request.url.host, "there is no such site, or it is switched off")
    return NotVisible(item, bare=said(response) == "Not Found")


def _too_many(response: httpx.Response, item: str) -> MainstemError:
    del item
    seconds = retry_after(response)
    if response.headers.get("x-ratelimit-limit") == "0" or (seconds or 0) > A_WEEK:
        return Blocked("its administrator allows it no requests at all")
    return Throttled(seconds)


def _odd(response: httpx.Response, item: str) -> MainstemError:
    return ItemBroken(item, f"HTTP {response.status_code}: {said(response)}", response.status_code)


def _asks_for_captcha(response: httpx.Response) -> bool:
    return "CAPTCHA" in response.headers.get("x-authentication-denied-reason", "")


def _captcha() -> MainstemError:
    return Blocked("too many failed sign-ins; sign in once in a browser and solve the picture puzzle")


BY_STATUS: dict[int, Callable[[httpx.Response, str], MainstemError]] = {
    401: _unauthorized,
    403: _forbidden,
    404: _not_found,
    410: lambda response, _: Gone(place_of(response.request)),
    429: _too_many,
}


def data_of(response: httpx.Response) -> Any:
    """The data of an answer. Raises ValueError where it holds none.

    A page of bodies is long, and everything else waits while it is read: fast, unless that reader is too strict for it.
    """
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return response.json()


def _json(response: httpx.Response) -> Any:
    try:
        return data_of(response)
    except ValueError:
        return None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
