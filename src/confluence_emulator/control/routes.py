"""The paths of the control API and what each one answers."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from confluence_emulator.control import content_verbs, people_verbs
from confluence_emulator.control.desk import ControlError, Desk, Order, Verb, find_user
from confluence_emulator.datacenter import Quirks
from confluence_emulator.datacenter.installation import in_super_group
from confluence_emulator.faults import parse_fault
from confluence_emulator.request_log import CONTROL_PREFIX
from confluence_emulator.state import Kind, Sight, Status

Told = Mapping[str, object]
Answerer = Callable[[Desk, Request, dict[str, Any]], Told]
VERBS: dict[str, dict[str, Verb]] = {"content": content_verbs.VERBS, "people": people_verbs.VERBS}


def control_routes(desk: Desk) -> Iterator[BaseRoute]:
    """Every path of the control API, under `/_control`."""
    answers: tuple[tuple[str, str, Answerer], ...] = (
        ("GET", "/visible", visible),
        ("GET", "/faults", faults),
        ("PUT", "/faults", set_faults),
        ("GET", "/index", index),
        ("PUT", "/index", set_index),
        ("GET", "/quirks", quirks),
        ("PUT", "/quirks", set_quirks),
        ("GET", "/requests", requests),
        ("DELETE", "/requests", reset_requests),
        ("POST", "/{subject}/{verb}", change),
    )
    routes = [Route(path, _answering(desk, answerer), methods=[method]) for method, path, answerer in answers]
    yield Mount(CONTROL_PREFIX, routes=routes)


def change(desk: Desk, request: Request, arguments: dict[str, Any]) -> Told:
    """POST content/{verb} or people/{verb}: change the site."""
    subject, verb = request.path_params["subject"], request.path_params["verb"]
    verbs = VERBS.get(subject, {})
    if verb not in verbs:
        raise ControlError(f"nothing is called '{subject}/{verb}': {', '.join(verbs) or ', '.join(VERBS)}")
    return verbs[verb](Order(desk, arguments))


def visible(desk: Desk, request: Request, _: dict[str, Any]) -> Told:
    """GET visible?user=NAME: the ids that someone may view, by kind; anonymous without `user`.

    Current and archived contents. With `datacenter=true` the super group sees everything, as it does there.
    """
    name = request.query_params.get("user")
    user = find_user(desk.site, name) if name else None
    bypass = request.query_params.get("datacenter") == "true" and in_super_group(desk.site, user)
    sight = Sight(desk.site, user, bypass=bypass)
    seen = {
        str(kind): [
            each.id
            for each in desk.site.listing(kind)
            if each.status in (Status.CURRENT, Status.ARCHIVED) and sight.content(each)
        ]
        for kind in Kind
    }
    spaces = [space.key for space in desk.site.spaces.values() if sight.space(space)]
    return {"user": name, "spaces": spaces, "contents": seen}


def faults(desk: Desk, _: Request, __: dict[str, Any]) -> Told:
    """GET faults: the specs in force."""
    return {"faults": desk.faults.specs()}


def set_faults(desk: Desk, request: Request, arguments: dict[str, Any]) -> Told:
    """PUT faults {"faults": [spec, ...]}: put these in force instead; counters begin anew."""
    desk.faults.replace([parse_fault(spec) for spec in arguments.get("faults", ())])
    return faults(desk, request, arguments)


def index(desk: Desk, _: Request, __: dict[str, Any]) -> Told:
    """GET index: how many seconds the search index lags behind."""
    return {"lag_seconds": desk.index.lag.total_seconds()}


def set_index(desk: Desk, request: Request, arguments: dict[str, Any]) -> Told:
    """PUT index {"lag_seconds": N}: for changes from now on; with "catch_up": true all earlier ones show at once."""
    if "lag_seconds" in arguments:
        desk.index.lag = timedelta(seconds=float(arguments["lag_seconds"]))
    if arguments.get("catch_up"):
        desk.index.catch_up()
    return index(desk, request, arguments)


def quirks(desk: Desk, _: Request, __: dict[str, Any]) -> Told:
    """GET quirks: Data Center's switches."""
    return asdict(desk.quirks)


def set_quirks(desk: Desk, request: Request, arguments: dict[str, Any]) -> Told:
    """PUT quirks {"endless_next": true, ...}: switch some; the others stay."""
    known = {quirk.name for quirk in fields(Quirks)}
    if unknown := set(arguments) - known:
        raise ControlError(f"there is no quirk '{min(unknown)}': {', '.join(sorted(known))}")
    for name, switched in arguments.items():
        setattr(desk.quirks, name, bool(switched))
    return quirks(desk, request, arguments)


def requests(desk: Desk, _: Request, __: dict[str, Any]) -> Told:
    """GET requests: the request log with counts by route and status."""
    return desk.log.as_json()


def reset_requests(desk: Desk, _: Request, __: dict[str, Any]) -> Told:
    """DELETE requests: empty the log."""
    desk.log.reset()
    return desk.log.as_json()


def _answering(desk: Desk, answerer: Answerer) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(answerer(desk, request, _arguments(await request.body())))
        except ValueError as error:
            return JSONResponse({"message": str(error)}, 400)

    return answer


def _arguments(body: bytes) -> dict[str, Any]:
    read = json.loads(body) if body else {}
    if not isinstance(read, dict):
        raise ControlError("the arguments must be a JSON object")
    return read
