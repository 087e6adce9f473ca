"""Tests a connection step by step, as people are told: each named check passes, warns, fails or is skipped.

Nothing is written anywhere, in Confluence or here. What an answer costs or means is `client`'s business.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mainstem.confluence import spacekeys
from mainstem.confluence.addresses import parse_address
from mainstem.confluence.catalogue import BY_ERROR, LESS_TOLD, RIGHT_MISSING, SCOPE_MISSING, THROTTLED, Field
from mainstem.confluence.client import Confluence, Count, Waiting
from mainstem.confluence.credentials import Credential
from mainstem.confluence.errors import CertificateRejected, Gone, RightMissing, ScopeMissing
from mainstem.confluence.http import Http
from mainstem.confluence.opening import Found, Line, enter, ignore, named_as_typed, recognise, visitor
from mainstem.confluence.pacing import together
from mainstem.errors import MainstemError, SkipItem
from mainstem.wiki.audience import ALL_LICENSED, NOBODY, Clause, Principal
from mainstem.wiki.content import Deployment, Kind, Space

MOST_COUNTED = 100
"""Spaces: more of them would make a test of the connection as long as a first sync."""

ATTEMPTS_TO_REACH = 3
"""Somebody waits for the answer, and the address is as likely mistyped as Confluence is away for a moment."""


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check. `causes` and `fixes` are in the order to try; `symptom` is what Confluence shows in such a case.

    `visible` (all spaces that the account sees) comes with "list spaces", `counts` (pages by space) with the last one,
    `expires` with "sign in", where Confluence tells when the credential does.
    """

    name: str
    state: State
    detail: str
    causes: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    field: Field | None = None
    counts: tuple[tuple[Space, Count], ...] = ()
    symptom: str = ""
    visible: tuple[Space, ...] = ()
    expires: date | None = None


def passed(results: Sequence[CheckResult]) -> bool:
    """Whether no check of a test failed."""
    return all(result.state is not State.FAILED for result in results)


def told_expiry(results: Sequence[CheckResult]) -> date | None:
    """When the credential expires, where Confluence told; that counts for more than what a person said."""
    return next((result.expires for result in results if result.expires is not None), None)


def facts_of(results: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """A finished test in plain words, without the spaces that it saw."""
    return [
        {
            "name": each.name,
            "state": each.state,
            "detail": each.detail,
            "symptom": each.symptom,
            "causes": list(each.causes),
            "fixes": list(each.fixes),
            "field": each.field,
        }
        for each in results
    ]


def results_of(facts: Iterable[Mapping[str, Any]]) -> list[CheckResult]:
    """The same as it was."""
    return [
        CheckResult(
            each["name"],
            State(each["state"]),
            each["detail"],
            tuple(each["causes"]),
            tuple(each["fixes"]),
            None if each["field"] is None else Field(each["field"]),
            symptom=each["symptom"],
        )
        for each in facts
    ]


async def run_checks(
    address: str,
    credential: Credential,
    keys: Collection[str] | None = None,
    *,
    deployment: Deployment | None = None,
    line: Line | None = None,
    on_wait: Callable[[Waiting], None] = ignore,
) -> AsyncIterator[CheckResult]:
    """Each check as it ends, in the order of `STEPS`; behind one that failed the rest is skipped.

    `keys`: the spaces to be read, None for all; `deployment`: the family it must be, None for either.
    The last result says "Connection successful, found N pages".
    """
    async with AsyncExitStack() as stack:
        checkup = _Checkup(address, credential, keys, deployment, line or Line(), on_wait, stack)
        broken = False
        for name, step in STEPS.items():
            if broken:
                yield CheckResult(name, State.SKIPPED, "not tried, because an earlier check failed")
                continue
            result = await _outcome(name, step(checkup))
            broken = result.state is State.FAILED
            yield result


async def _outcome(name: str, step: Awaitable[CheckResult]) -> CheckResult:
    try:
        return replace(await step, name=name)
    except MainstemError as error:
        entry = BY_ERROR[type(error)]
        return CheckResult(
            name, State.FAILED, str(error), entry.causes, entry.fixes, entry.field, symptom=entry.symptom
        )


def _ok(detail: str) -> CheckResult:
    return CheckResult("", State.OK, detail)


@dataclass(slots=True)
class _Checkup:
    """What earlier checks found out, for the later ones."""

    text: str
    credential: Credential
    keys: Collection[str] | None
    deployment: Deployment | None
    line: Line
    on_wait: Callable[[Waiting], None]
    stack: AsyncExitStack
    untrusted: CertificateRejected | None = None
    http: Http = field(init=False)
    found: Found = field(init=False)
    client: Confluence = field(init=False)
    visible: list[Space] = field(init=False)
    chosen: list[Space] = field(init=False)
    site: Clause = NOBODY
    named: set[Principal] = field(default_factory=set)

    async def reach(self) -> CheckResult:
        address = parse_address(self.text)
        brief = replace(self.line, patience=replace(self.line.patience, attempts=ATTEMPTS_TO_REACH))
        self.http = await self.stack.enter_async_context(visitor(address, brief, self.on_wait))
        try:
            with named_as_typed(address):
                self.found = await recognise(self.http, address, self.credential, self.deployment)
        except CertificateRejected as error:
            self.untrusted = error
        self.http.pace.patience = self.line.patience
        return _ok("Atlassian's gateway answers" if address.gateway else f"{address.endpoint.base} answers")

    async def tls(self) -> CheckResult:
        if self.untrusted:
            raise self.untrusted
        if self.http.endpoint.root.startswith("http://"):
            return CheckResult("", State.SKIPPED, "this machine itself answers, without encryption")
        return _ok("the certificate is trusted")

    async def sign_in(self) -> CheckResult:
        with named_as_typed(self.found.address):
            self.client = await enter(self.http, self.found, self.credential, self.line.gateway)
        day = await self.client.expires_on()
        until = "" if day is None else f"; the token expires on {day.day} {day:%B %Y}"
        return CheckResult("", State.OK, f"signed in as {self.client.account.display_name}{until}", expires=day)

    async def product(self) -> CheckResult:
        server = await self.client.server()
        return _ok(f"{server.product} {server.version}".rstrip() + f" at {self.client.site_url}")

    async def rights(self) -> CheckResult:
        self.visible = await self.client.spaces()
        off = [text for text in [await self._try(name, probe) for name, probe in self._probes().items()] if text]
        lacking = await self.client.lacking_scopes()
        named = "; ".join(f"{feature} ({', '.join(scopes)})" for feature, scopes in lacking.items())
        findings = [(f"the token lacks scopes for {named}", SCOPE_MISSING)] if lacking else []
        findings += [("content can be read; off for lack of rights: " + "; ".join(off), RIGHT_MISSING)] if off else []
        findings += [(text, LESS_TOLD) for text in await self._assumed()]
        if not findings:
            return _ok("content, restrictions, space permissions and groups can be read")
        entries = list(dict.fromkeys(entry for _, entry in findings))
        return CheckResult(
            "",
            State.WARNED,
            ". ".join(text for text, _ in findings),
            tuple(cause for entry in entries for cause in entry.causes),
            tuple(fix for entry in entries for fix in entry.fixes),
            entries[0].field,
        )

    async def spaces(self) -> CheckResult:
        wanted = (
            [space.key for space in self.visible] if self.keys is None else [spacekeys.key_in(key) for key in self.keys]
        )
        self.chosen, missing = spacekeys.named(wanted, self.visible)
        if missing:
            raise spacekeys.unknown(missing, self.visible)
        detail = f"{len(self.chosen)} of {len(self.visible)} visible spaces are in scope"
        return CheckResult("", State.OK, detail, visible=tuple(self.visible))

    async def rate_limit(self) -> CheckResult:
        traffic = self.client.traffic
        spent = f"{traffic.requests} requests"
        if not traffic.waited:
            return _ok(f"{spent}, none held back")
        detail = f"{spent}, of which {traffic.retries} again after waiting {traffic.waited:.0f} s"
        return CheckResult("", State.WARNED, detail, THROTTLED.causes, THROTTLED.fixes, THROTTLED.field)

    async def count(self) -> CheckResult:
        counted = self.chosen[:MOST_COUNTED]
        counts = await together(self.client.count(space) for space in counted)
        about = "" if all(count.exact for count in counts) else "about "
        detail = f"Connection successful, found {about}{sum(count.number for count in counts):,} pages"
        if len(counted) < len(self.chosen):
            detail += f" in the first {len(counted)} of {len(self.chosen):,} spaces"
        return CheckResult("", State.OK, detail, counts=tuple(zip(counted, counts, strict=True)))

    def _probes(self) -> dict[str, Callable[[], Awaitable[object]]]:
        return {
            "view restrictions of pages": self._read_restriction,
            "who may use the site": self._read_site,
            "permissions of spaces": self._read_permissions,
            "members of groups": self._read_members,
        }

    async def _try(self, name: str, probe: Callable[[], Awaitable[object]]) -> str | None:
        try:
            await probe()
        except (SkipItem, ScopeMissing, Gone) as error:
            needed = f" (needs: {error.right})" if isinstance(error, RightMissing) else ""
            return name + needed
        return None

    async def _assumed(self) -> list[str]:
        found: list[str] = []
        if ALL_LICENSED in self.site.principals:
            found += ["This version does not tell who may use the site, so everyone with a licence is taken to"]
        if not await self.client.tells_deactivation():
            found += ["This version does not tell who was deactivated, so such people keep what they may read"]
        return found

    async def _read_restriction(self) -> None:
        page = await _first_page(self.client, self.visible[:1])
        if page:
            await self.client.rules_of(page, Kind.PAGE)

    async def _read_site(self) -> None:
        self.site = await self.client.site_clause()
        self.named |= self.site.principals

    async def _read_permissions(self) -> None:
        for space in self.visible[:1]:
            self.named |= (await self.client.space_clause(space)).principals

    async def _read_members(self) -> None:
        groups = sorted(name.removeprefix("group:") for name in self.named if name.startswith("group:"))
        for group_id in groups[:1]:
            await self.client.membership(group_id)


async def _first_page(client: Confluence, spaces: Sequence[Space]) -> str | None:
    async for batch in client.listing(spaces, Kind.PAGE, bodies=False):
        return next((content.id for content in batch.contents), None)
    return None


STEPS: dict[str, Callable[[_Checkup], Awaitable[CheckResult]]] = {
    "reach": _Checkup.reach,
    "TLS": _Checkup.tls,
    "sign in": _Checkup.sign_in,
    "product and version": _Checkup.product,
    "rights": _Checkup.rights,
    "list spaces": _Checkup.spaces,
    "rate limit": _Checkup.rate_limit,
    "pages": _Checkup.count,
}
"""The checks by name, in their order."""
