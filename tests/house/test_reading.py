"""Content is read one way: the tables stay inside the store, and whoever reads says for whom."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import Module, modules, nothing_wrong

TABLES = "mainstem.store.tables"
READING = re.compile(
    r"^(document|find|search|suggest|title|breadcrumb|backlink|related|facet|passage|snippet|count)s?(_|$)"
)
SEARCH = "src/mainstem/search/"
ASSIST = "src/mainstem/assist/"
DOCUMENTS = "src/mainstem/store/documents.py"
READS = (
    DOCUMENTS,
    *(
        f"src/mainstem/store/{name}.py"
        for name in (
            "backlinks",
            "bodies",
            "branches",
            "broken_links",
            "comments",
            "examples",
            "listings",
            "losses",
            "quotes",
            "reasons",
            "related",
        )
    ),
    *(f"src/mainstem/store/{name}.py" for name in ("spaces", "tallies", "targets", "tasks", "tree")),
)
"""The store's modules in which every public function reads documents."""

ON_READING = "src/mainstem/reading/"
"""Here, and where questions are answered, every function that is given a database reads documents from it."""

UNGUARDED = (*("mainstem.store.extracts", "mainstem.store.heads", "mainstem.store.indexable", "mainstem.store.parts"),)
"""What planning a sync and feeding the index read of all documents, whoever may see them."""


def imported(module: Module) -> Iterator[str]:
    """Every dotted name that a module imports, relative ones resolved."""
    package = module.name if module.path.endswith("__init__.py") else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (above, node.module) if part)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def reaches_into_tables(module: Module) -> bool:
    """Whether a module outside the store imports its tables."""
    return not module.name.startswith("mainstem.store") and any(name.startswith(TABLES) for name in imported(module))


def reads_for_nobody(module: Module) -> bool:
    """Whether a module beside the store and sync imports what reads without a viewer."""
    allowed = module.name.startswith(("mainstem.store", "mainstem.sync"))
    return not allowed and any(name.startswith(UNGUARDED) for name in imported(module))


def is_read(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function reads documents: in reading, if it is given the database; elsewhere by its place or name."""
    if module.path.startswith((ON_READING, ASSIST)):
        return any(taken.arg == "db" for taken in function.args.args)
    public = module.path in READS and function in module.tree.body and not function.name.startswith("_")
    return public or READING.match(function.name) is not None


def viewerless(module: Module) -> Iterator[str]:
    """Functions that read documents without asking for whom, as a required keyword.

    In search a read is known by its name; in the store's own modules that read, every public function is one.
    """
    for function in module.functions:
        asks = function.args.kwonlyargs
        required = [
            asked.arg for asked, default in zip(asks, function.args.kw_defaults, strict=True) if default is None
        ]
        if is_read(module, function) and "viewer" not in required:
            yield f"{module.path}::{function.name}"


def test_nobody_outside_the_store_imports_its_tables() -> None:
    nothing_wrong(module.path for module in modules("src/mainstem") if reaches_into_tables(module))


def test_whatever_reads_documents_says_for_whom() -> None:
    readers = (
        module for module in modules("src/mainstem") if module.path.startswith((SEARCH, ASSIST, ON_READING, *READS))
    )
    nothing_wrong(fault for module in readers for fault in viewerless(module))


def test_what_reads_without_a_viewer_is_for_the_store_and_for_sync_alone() -> None:
    nothing_wrong(module.path for module in modules("src/mainstem") if reads_for_nobody(module))


@pytest.mark.parametrize(
    "line",
    [
        "import mainstem.store.tables",
        "from mainstem.store import tables",
        "from mainstem.store.tables import documents",
        "from ..store import tables",
        "from ..store.tables import documents",
    ],
)
def test_each_way_to_import_the_tables_is_found(line: str) -> None:
    assert reaches_into_tables(Module("src/mainstem/search/find.py", line))
    assert not reaches_into_tables(Module("src/mainstem/store/content.py", line))


@pytest.mark.parametrize(
    "signature", ["find(text)", "find(text, viewer)", "find(text, *, viewer=None)", "documents_of(space, *, limit)"]
)
def test_a_read_that_does_not_require_its_viewer_is_found(signature: str) -> None:
    assert list(viewerless(Module("src/mainstem/search/find.py", f"def {signature}: ...")))


@pytest.mark.parametrize("signature", ["find(text, *, viewer)", "_plan(text)", "findings(text)"])
def test_a_read_for_a_viewer_and_what_is_no_read_are_free(signature: str) -> None:
    assert not list(viewerless(Module("src/mainstem/search/find.py", f"def {signature}: ...")))


def test_every_public_function_of_the_stores_documents_is_a_read() -> None:
    text = "def labels(db): ...\ndef _rows(db): ...\nclass Shelf:\n    def name(self): ...\n"
    assert list(viewerless(Module(DOCUMENTS, text))) == [f"{DOCUMENTS}::labels"]


def test_whatever_is_given_a_database_to_read_from_says_for_whom() -> None:
    line = "def _pages(db, wanted{}): ..."
    assert list(viewerless(Module("src/mainstem/reading/links.py", line.format(""))))
    assert not list(viewerless(Module("src/mainstem/reading/links.py", line.format(", *, viewer"))))
    assert not list(viewerless(Module("src/mainstem/reading/links.py", "def _people(names, who): ...")))


@pytest.mark.parametrize("path", ["search/find.py", "cli/searching.py", "wiring/hub.py"])
def test_a_face_that_reads_without_a_viewer_is_found(path: str) -> None:
    line = "from mainstem.store import indexable"
    assert reads_for_nobody(Module(f"src/mainstem/{path}", line))
    assert not reads_for_nobody(Module("src/mainstem/sync/indexing.py", line))
