"""The repository speaks of the project alone: no registry hosts, no unfinished business, no way of working."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import CODE, ROOT, Module, files, modules, nothing_wrong

# Written in pieces, so that this file does not contain what it forbids.
REGISTRY_HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "proxy." + "golang.org",
    "crates" + ".io",
]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
WORKING = ["this " + "session", "/" + "work/", "/" + "root/"]
FORBIDDEN = re.compile(
    "|".join([*map(re.escape, REGISTRY_HOSTS + WORKING), *(rf"\b{word}\b(?!-)" for word in UNFINISHED)]), re.IGNORECASE
)
CASED = re.compile("|".join(rf"\b{word}\b" for word in UNFINISHED))


def forbidden_words(text: str) -> Iterator[str]:
    """Each forbidden word of a text, with its line; unfinished business is written in capitals."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in FORBIDDEN.finditer(line):
            if match[0].upper() not in UNFINISHED or CASED.match(match[0]):
                yield f"{number}: {match[0]}"


def undocumented(module: Module) -> bool:
    """Whether a module says nothing at its top about what it is for."""
    return not ast.get_docstring(module.tree)


def readable(text: bytes) -> str:
    """A file as text; what is no text has no words."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return ""


def test_no_file_contains_a_forbidden_word() -> None:
    nothing_wrong(
        f"{file.relative_to(ROOT)}:{word}"
        for file in files()
        if file.name != "LICENSE"
        for word in forbidden_words(readable(file.read_bytes()))
    )


def test_every_module_opens_with_what_it_is_for() -> None:
    nothing_wrong(module.path for module in modules(*CODE) if undocumented(module))


@pytest.mark.parametrize("word", [*REGISTRY_HOSTS, *UNFINISHED, *WORKING])
def test_a_forbidden_word_is_found_with_its_line(word: str) -> None:
    assert list(forbidden_words(f"first\nsee {word} here")) == [f"2: {word}"]


def test_words_that_only_look_alike_are_free() -> None:
    assert list(forbidden_words("the todo list of a page; framework/house")) == []
