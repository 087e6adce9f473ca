"""The repository as its house tests read it: files as text, modules as syntax trees."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("src", "tests", "bench", "tools")

PASSED_BY = {"__pycache__", "demo-home", "dist"}


@dataclass(frozen=True)
class Module:
    """One Python file: its path below the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text, filename=self.path)

    @property
    def name(self) -> str:
        """The name it is imported by, for a path below `src`."""
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones as well."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def modules(*folders: str) -> list[Module]:
    """The Python files below some folders of the repository."""
    return [
        Module(path=str(file.relative_to(ROOT).as_posix()), text=file.read_text(encoding="utf-8"))
        for folder in folders
        for file in files(ROOT / folder)
        if file.suffix == ".py"
    ]


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the checkout; hidden folders but `.ci`, and what a run leaves behind, are passed by."""
    for entry in sorted(folder.iterdir()):
        if entry.is_file():
            yield entry
        elif entry.is_dir() and entry.name not in PASSED_BY and (entry.name == ".ci" or not entry.name.startswith(".")):
            yield from files(entry)


def nothing_wrong(faults: Iterable[str]) -> None:
    """Fail with every fault, one a line."""
    found = list(faults)
    assert not found, "\n".join(["", *found])
