"""The page of docs/ on macros: each family's names, what becomes of them, and an example in and out.

The examples are those of the page "Macro gallery" in the emulator's sample site, one under each heading of level three.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mainstem.convert import macros, parse, to_markdown
from mainstem.convert.macros.macro import MacroHandler
from mainstem.wiki.macros import WHY, MacroUse

GALLERY = Path(__file__).parents[1] / "src/confluence_emulator/sample/content/ENG/81-macros.wiki"

_EXAMPLE = re.compile(r"<h3>.*?</h3>\n(.*?)\s*(?=<h[23]>|\Z)", re.DOTALL)
_NAME = re.compile(r'<ac:structured-macro ac:name="([^"]+)"')

OPENING = """\
# Macros

What becomes of the {names} macros that Mainstem knows, of Confluence itself and of its marketplace. A macro that is not
in this list leaves a placeholder with its name, and the text in its body stays. `mainstem convert --report` tells how
the macros of one page come out, and a connection's page "Macros" those of all.

This page is made by `make listings` from `src/mainstem/convert/macros` and from the page "Macro gallery" of the sample
site.
"""


def macros_page() -> str:
    """The page, as Markdown. KeyError for a handler without an example."""
    examples = examples_by_handler()
    parts = [OPENING.format(names=len(macros.MACROS))]
    for module in families():
        parts.append(f"\n## {(module.__doc__ or '').splitlines()[0]}\n")
        parts += [_entry(names, examples[handler]) for handler, names in _handlers(module)]
    return "".join(parts)


def families() -> list[ModuleType]:
    """The modules that have handlers."""
    found = (
        importlib.import_module(f"{macros.__name__}.{each.name}") for each in pkgutil.iter_modules(macros.__path__)
    )
    return [module for module in found if hasattr(module, "HANDLERS")]


def examples_by_handler() -> dict[MacroHandler, tuple[str, str]]:
    """For each handler the name of a macro and a piece of storage format that uses it."""
    found: dict[MacroHandler, tuple[str, str]] = {}
    for example in _EXAMPLE.findall(GALLERY.read_text(encoding="utf-8")):
        name = _NAME.findall(example)[0].lower()
        if name in macros.MACROS:
            found.setdefault(macros.MACROS[name], (name, example))
    return found


def _handlers(module: ModuleType) -> Iterator[tuple[MacroHandler, list[str]]]:
    names: dict[MacroHandler, list[str]] = {}
    for name, handler in module.HANDLERS.items():
        names.setdefault(handler, []).append(name)
    yield from names.items()


def _entry(names: list[str], example: tuple[str, str]) -> str:
    name, source = example
    document = parse(source)
    use = next(each for each in document.macros if each.name == name)
    made = to_markdown(document).strip("\n") or "(nothing)"
    # Longer than any fence within.
    fence = "`" * max(4, *(len(run) + 1 for run in re.findall("`+", made)), 4)
    others = ", ".join(f"`{each}`" for each in names[1:])
    return (
        f"\n### {names[0]}\n\n{f'Also {others}. ' if others else ''}{_outcome(use)}\n\n"
        f"{fence}xml\n{source}\n{fence}\n\nbecomes\n\n{fence}markdown\n{made}\n{fence}\n"
    )


def _outcome(use: MacroUse) -> str:
    treatment = f"**{use.treatment.capitalize()}.**"
    return treatment if use.reason is None else f"{treatment} {WHY[use.reason]}"
