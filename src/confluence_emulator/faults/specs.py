"""What a fault is and how one is written down: `429:every=7`, `503:first=2,retry_after=1,path=/rest/api/content`.

A spec is `KIND` or `KIND:option=value,...`; `path`, a regular expression searched in path and query, comes last and
takes the rest of the line. This module decides nothing: `ActiveFaults` counts, the middleware acts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

ANY_PATH = re.compile("")
STATUS = re.compile(r"[45]\d\d")


class FaultError(ValueError):
    """A fault spec that cannot be read; the message says which part and what is possible."""


class Kind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """An error status (`429`, `500`, `503` ... as the kind), with `Retry-After` if `retry_after` is given."""
    BLOCKED = "blocked"
    """Data Center's answer to a blocked user: 429, limit 0 and a Retry-After of 2**63-1."""
    CLOUDFRONT = "cloudfront"
    """The content network's own 403 (or `status=404`) with `x-cache: Error from cloudfront`."""
    HTML = "html"
    """A login page with status 200, as single sign-on and WebSudo send it."""
    RESET = "reset"
    """The connection breaks in the middle of the body."""
    TRUNCATE = "truncate"
    """A listing that stops early: the answer loses its link to the next page."""
    EMPTY = "empty"
    """A listing without rows and without a next page, as a search index that is being rebuilt gives it."""
    REVOKE = "revoke"
    """The credential stops being accepted; the dialect answers as to any bad one."""
    ANONYMOUS = "anonymous"
    """The credential is dropped on the way, as an expired session is."""
    LATENCY = "latency"
    """The answer takes `seconds` longer."""
    POINTS = "points"
    """Cloud's hourly points: `limit` points per `seconds`, headers on every answer, 429 when spent."""
    BUCKET = "bucket"
    """Data Center's token bucket: `limit` tokens, refilled whole every `seconds`, headers on every answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and the requests it strikes; the conditions given must all hold.

    every: only each Nth matching request. first: only the first N. after: only those after the first N.
    probability: of the remaining ones, this share (seeded). status, retry_after, seconds, limit: see `Kind`.
    """

    kind: Kind
    path: re.Pattern[str] = field(default=ANY_PATH)
    every: int = 1
    first: int | None = None
    after: int = 0
    probability: float = 1.0
    status: int = 0
    retry_after: str | None = None
    seconds: float = 1.0
    limit: int = 100

    def spec(self) -> str:
        """The shortest spec that `parse_fault` reads back as this fault."""
        kind = str(self.status) if self.kind is Kind.STATUS else str(self.kind)
        options = [
            f"{option.name}={getattr(self, option.name)}"
            for option in fields(self)
            if option.name not in {"kind", "path"}
            and getattr(self, option.name) != option.default
            and not (option.name == "status" and self.kind is Kind.STATUS)
        ]
        if self.path.pattern:
            options.append(f"path={self.path.pattern}")
        return f"{kind}:{','.join(options)}" if options else kind


READERS: dict[str, Callable[[str], int | float | str]] = {
    "every": int,
    "first": int,
    "after": int,
    "probability": float,
    "status": int,
    "retry_after": str,
    "seconds": float,
    "limit": int,
}


def parse_fault(spec: str) -> Fault:
    """Read one spec; FaultError when the kind or an option is unknown or a value has the wrong form."""
    name, _, rest = spec.strip().partition(":")
    options = _options(rest)
    if STATUS.fullmatch(name):
        return Fault(Kind.STATUS, **{**options, "status": int(name)})
    if name not in set(Kind) - {Kind.STATUS}:
        raise FaultError(f"no fault is called '{name}': give a status (429, 503) or one of {', '.join(Kind)}")
    return Fault(Kind(name), **options)


def _options(rest: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    while rest:
        name, found, value = rest.partition("=")
        if not found or name not in {*READERS, "path"}:
            raise FaultError(f"'{name}' is no option: {', '.join([*READERS, 'path'])} are")
        if name == "path":
            return {**options, "path": _pattern(value)}
        value, _, rest = value.partition(",")
        options[name] = _number(name, value)
    return options


def _number(name: str, value: str) -> int | float | str:
    try:
        number = READERS[name](value)
    except ValueError as error:
        raise FaultError(f"'{value}' is no value for '{name}'") from error
    if name == "every" and number == 0:
        raise FaultError("'every' counts from 1")
    return number


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise FaultError(f"'{text}' is not a regular expression: {error}") from error
