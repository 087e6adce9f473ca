"""The tree of errors that a module draws at its top is the tree of its classes."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import Module, modules, nothing_wrong

LINE = re.compile(r"^( *)([A-Z]\w*)( .*)?$")


def drawing(docstring: str) -> dict[str, str | None]:
    """Parent by error, as drawn: from a line that is one name only, to the next blank line."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for line in docstring.splitlines():
        match = LINE.match(line)
        if above and not line.strip():
            break
        if match is None or not (above or match[3] is None):
            continue
        depth, name = len(match[1]), match[2]
        while above and above[-1][0] >= depth:
            above.pop()
        parents[name] = above[-1][1] if above else None
        above.append((depth, name))
    return parents


def error_classes(tree: ast.Module) -> dict[str, set[str]]:
    """Bases by error class: one that descends, in this module, from an imported error or from Exception."""
    errors = {"Exception"} | {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("errors")
        for alias in node.names
    }
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base) for base in node.bases}
            if bases & errors:
                errors.add(node.name)
                found[node.name] = bases
    return found


def disagreements(module: Module) -> Iterator[str]:
    """Where the drawing and the classes of one module differ."""
    drawn = drawing(ast.get_docstring(module.tree) or "")
    classes = error_classes(module.tree)
    if not drawn and classes:
        yield "draws no tree"
        return
    for name, bases in classes.items():
        if name not in drawn:
            yield f"{name} is not drawn"
        elif drawn[name] not in bases and drawn[name] is not None:
            yield f"{name} is drawn below {drawn[name]} and derives from {', '.join(sorted(bases))}"
    inner = {parent for parent in drawn.values() if parent}
    yield from (f"{name} is drawn and is no class here" for name in drawn if name not in classes and name not in inner)


ERROR_MODULES = [module for module in modules("src") if module.path.endswith("errors.py")]


@pytest.mark.parametrize("module", ERROR_MODULES, ids=[module.path for module in ERROR_MODULES])
def test_the_drawing_of_an_error_tree_is_true(module: Module) -> None:
    nothing_wrong(disagreements(module))


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        ("Stop\n  Lost  gone", []),
        ("Stop\n  Found  here", ["Lost is not drawn", "Found is drawn and is no class here"]),
        ("Tell\n  Lost  gone", ["Lost is drawn below Tell and derives from Stop"]),
    ],
)
def test_a_false_drawing_is_found(tree: str, fault: list[str]) -> None:
    text = f'"""What may fail.\n\n{tree}\n\nMore words.\n"""\nfrom x.errors import Stop\nclass Lost(Stop):\n    pass\n'
    assert list(disagreements(Module("src/x/errors.py", text))) == fault
