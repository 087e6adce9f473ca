"""Each route and each tool is asked for, in a test, by somebody who may not see what it shows (P2).

The routes come from the faces themselves, the tests from `outsiders.toml`: whoever adds a route names its test there.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any, cast

import anyio
import pytest

from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.api.frame import PREFIX
from mainstem.cli.beside import READS
from mainstem.cli.faces import READING_PAGES, READING_ROUTES
from mainstem.mcp.server import make_server
from mainstem.mcp.tools import Tools
from mainstem.web.app import make_app
from mainstem.web.face import Face
from mainstem.web.office import Office
from tests.house.source import ROOT, nothing_wrong

TABLE = ROOT / "tests/house/outsiders.toml"
OUTSIDER = re.compile("charlie|outsider", re.IGNORECASE)

NOBODY: Any = cast(Any, object())
"""What faces are made from here: they are looked at, and never asked."""


def routes(found: Any, prefix: str = "") -> Iterator[str]:
    """Method and whole path of every route, however deep it was included."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes, prefix + route.include_context.prefix)
        else:
            yield from (f"{method} {prefix}{route.path}" for method in route.methods)


def faces() -> set[str]:
    """Every route of the pages and of the API, and every tool."""
    pages = make_app(Face(NOBODY, secure_cookies=False), Office(NOBODY, NOBODY))
    api = make_api(Behind(NOBODY, NOBODY, "cookie", NOBODY))
    tools = anyio.run(make_server(Tools(NOBODY, NOBODY), NOBODY).list_tools)
    return {*routes(pages.routes), *routes(api.routes), *(f"tool {tool.name}" for tool in tools)}


def test_a_process_that_reads_beside_the_server_has_every_route_that_it_is_asked_for() -> None:
    there = {one for pages in READING_PAGES for one in routes(pages.routes)}
    there |= {one for answers in READING_ROUTES for one in routes(answers.routes, PREFIX)}
    wanted = {one for one in faces() if one.startswith("GET ") and one[4:].startswith(READS)}
    assert "GET /api/v1/documents/{document_id}" in wanted <= there


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    with TABLE.open("rb") as stream:
        return tomllib.load(stream)


def text_of(node_id: str) -> str:
    """What a test says; "" where there is no such test."""
    path, _, name = node_id.partition("::")
    file = ROOT / path
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = (each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return next((ast.get_source_segment(text, each) or "" for each in found if each.name == name), "")


def test_every_route_and_tool_names_its_outsider_test_or_is_open(table: dict[str, Any]) -> None:
    named = {route for listed in table["outsiders"].values() for route in listed} | set(table["open"])
    there = faces()
    nothing_wrong(
        [f"{route}: name its outsider test in {TABLE.name}" for route in sorted(there - named)]
        + [f"{route}: is no route any more" for route in sorted(named - there)]
    )


def test_every_outsider_test_exists_and_has_an_outsider_in_it(table: dict[str, Any]) -> None:
    nothing_wrong(node_id for node_id in table["outsiders"] if not OUTSIDER.search(text_of(node_id)))


def test_a_test_that_is_not_there_and_one_without_an_outsider_are_found() -> None:
    here = "tests/house/test_outsiders.py"
    assert not text_of(f"{here}::test_nothing")
    assert not text_of("tests/nowhere.py::test_nothing")
    assert not OUTSIDER.search(text_of(f"{here}::table"))
