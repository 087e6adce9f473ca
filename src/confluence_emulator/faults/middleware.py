"""The ASGI middleware that strikes: it answers instead of the dialects, changes what they hear, or what they say."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from confluence_emulator.faults.active import ActiveFaults
from confluence_emulator.faults.answers import ANSWERS, TOO_MANY_REQUESTS, refusal
from confluence_emulator.faults.quotas import Bucket, Points, Quota
from confluence_emulator.faults.specs import Fault, Kind
from confluence_emulator.request_log import CONTROL_PREFIX

QUOTAS: dict[Kind, Callable[[int, float, datetime], Quota]] = {Kind.POINTS: Points, Kind.BUCKET: Bucket}
REVOKED = {"basic": b"Basic cmV2b2tlZDpyZXZva2Vk"}
"""`revoked:revoked`; every other scheme keeps its name and loses its secret."""

Whole = Callable[[MutableHeaders, bytes], bytes]


class FaultMiddleware:
    """Lets the active faults strike the requests on their way to `app`. The control API is never struck.

    now: the emulator's clock, for quotas. sleep: how latency passes. broken: makes the error that breaks a connection;
    a server closes the socket on it, and tests in process pass their client's own transport error.
    """

    def __init__(
        self,
        app: ASGIApp,
        faults: ActiveFaults,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        broken: Callable[[str], Exception] = ConnectionResetError,
    ) -> None:
        self.app = app
        self.faults = faults
        self.now = now
        self.sleep = sleep
        self.broken = broken
        self._quotas: dict[tuple[int, Fault, str], Quota] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Strike with each fault in turn; the first one that answers ends the request."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        for fault in self.faults.striking(f"{scope['path']}?{query}" if query else scope["path"]):
            if fault.kind in ANSWERS:
                await ANSWERS[fault.kind](fault)(scope, receive, send)
                return
            if fault.kind in QUOTAS:
                quota = self._quota(fault, scope)
                if not quota.admit(self.now()):
                    await refusal(TOO_MANY_REQUESTS, quota.headers(self.now()))(scope, receive, send)
                    return
                send = _altered(send, _counted(quota, self.now))
            elif fault.kind is Kind.LATENCY:
                await self.sleep(fault.seconds)
            elif fault.kind in (Kind.REVOKE, Kind.ANONYMOUS):
                scope = _without_credential(scope, keep_scheme=fault.kind is Kind.REVOKE)
            else:
                alter = ALTERATIONS.get(fault.kind)
                send = _altered(send, alter) if alter is not None else _breaking(send, self.broken)
        await self.app(scope, receive, send)

    def _quota(self, fault: Fault, scope: Scope) -> Quota:
        key = (self.faults.generation, fault, Headers(scope=scope).get("authorization", ""))
        known = self._quotas.get(key)
        if known is None:
            known = self._quotas[key] = QUOTAS[fault.kind](fault.limit, fault.seconds, self.now())
        return known


def _without_credential(scope: Scope, *, keep_scheme: bool) -> Scope:
    headers: list[tuple[bytes, bytes]] = []
    for name, value in scope["headers"]:
        if name != b"authorization":
            headers.append((name, value))
        elif keep_scheme:
            scheme = value.split(b" ", 1)[0]
            headers.append((name, REVOKED.get(scheme.decode("latin-1").lower(), scheme + b" revoked")))
    return {**scope, "headers": headers}


def _altered(send: Send, alter: Whole) -> Send:
    """A `send` that holds the answer back until it is whole and lets `alter` change headers and body."""
    start: Message = {}
    body = bytearray()

    async def holding(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        headers = MutableHeaders(scope=start)
        changed = alter(headers, bytes(body))
        if "content-length" in headers:
            headers["content-length"] = str(len(changed))
        await send(start)
        await send({"type": "http.response.body", "body": changed})

    return holding


def _listing(headers: MutableHeaders, body: bytes) -> dict[str, Any]:
    """The answer as a JSON object, empty if it is none."""
    if "json" not in headers.get("content-type", ""):
        return {}
    payload = json.loads(body)
    return payload if isinstance(payload, dict) else {}


def _counted(quota: Quota, now: Callable[[], datetime]) -> Whole:
    def alter(headers: MutableHeaders, body: bytes) -> bytes:
        quota.settle(len(_listing(headers, body).get("results", ())))
        headers.update(quota.headers(now()))
        return body

    return alter


def _without_next(headers: MutableHeaders, body: bytes) -> bytes:
    payload = _listing(headers, body)
    links = payload.get("_links")
    if not isinstance(links, dict) or "next" not in links:
        return body
    del links["next"]
    payload.pop("nextCursor", None)
    if "link" in headers:
        del headers["link"]
    return json.dumps(payload, ensure_ascii=False).encode()


def _without_rows(headers: MutableHeaders, body: bytes) -> bytes:
    payload = _listing(headers, body)
    if "results" not in payload:
        return body
    emptied = {**payload, "results": []} | {name: 0 for name in ("size", "totalSize") if name in payload}
    return _without_next(headers, json.dumps(emptied, ensure_ascii=False).encode())


ALTERATIONS: dict[Kind, Whole] = {Kind.TRUNCATE: _without_next, Kind.EMPTY: _without_rows}


def _breaking(send: Send, broken: Callable[[str], Exception]) -> Send:
    """A `send` that passes half of the first piece of the body on and then breaks."""

    async def halving(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            return
        body = message.get("body", b"")
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        raise broken("the connection was reset in the middle of the body")

    return halving
