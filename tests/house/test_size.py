"""Files and functions stay small. What is larger stands in `size_exceptions.toml`, and that list may only shrink."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.house.source import CODE, Module, modules, nothing_wrong

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50
EXCEPTIONS = Path(__file__).with_name("size_exceptions.toml")


def oversized(code: Iterable[Module]) -> dict[str, int]:
    """Lines of each file (`path`) and function (`path::name`) that outgrew its room."""
    found = {}
    for module in code:
        lines = module.text.count("\n")
        if lines > LINES_OF_A_FILE:
            found[module.path] = lines
        for function in module.functions:
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                found[f"{module.path}::{function.name}"] = lines
    return found


def complaints(found: Mapping[str, int], allowed: Mapping[str, int]) -> list[str]:
    """What is larger than it may be, and which exceptions are wider than they need to be."""
    grown = [f"{place} has {size} lines" for place, size in found.items() if size > allowed.get(place, 0)]
    loose = [
        f"{place} needs {found.get(place, 'no')} lines: lower or strike its exception of {size}"
        for place, size in allowed.items()
        if found.get(place, 0) < size
    ]
    return grown + loose


def test_files_and_functions_are_small() -> None:
    with EXCEPTIONS.open("rb") as stream:
        allowed = tomllib.load(stream)["lines"]
    nothing_wrong(complaints(oversized(modules(*CODE)), allowed))


def test_a_long_function_is_found_by_its_name() -> None:
    long = Module("src/x.py", "def walk():\n" + "    step()\n" * 50)
    assert oversized([long]) == {"src/x.py::walk": 51}


def test_an_exception_must_shrink_with_what_it_excuses() -> None:
    assert complaints({"a.py": 450}, {"a.py": 450}) == []
    assert complaints({"a.py": 451}, {"a.py": 450}) == ["a.py has 451 lines"]
    assert complaints({"a.py": 449}, {"a.py": 450}) == ["a.py needs 449 lines: lower or strike its exception of 450"]
    assert complaints({}, {"a.py": 450}) == ["a.py needs no lines: lower or strike its exception of 450"]
