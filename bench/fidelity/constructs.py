"""The constructs: small pages as data files, with what readers see of them marked, and what no reader sees.

A file in `constructs/GROUP/` holds `body` (storage format) with `view` (the same page as Confluence's server shows it),
or `adf`. `facts` must be seen in an output, `junk` must not; a fact may be a list of ways to say the same. What is to
keep its place is listed by kind, as `checks.CHECKS` names them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fidelity.checks import CHECKS

FOLDER = Path(__file__).with_name("constructs")
TEXTS = frozenset({"about", "body", "view", "adf", "facts", "junk"})


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must keep its place: `kind` is a key of `CHECKS`, `spec` what that check is asked."""

    kind: str
    spec: Any


@dataclass(frozen=True, slots=True)
class Construct:
    """One small page. `body` and `view` are empty where `adf` is not; each fact is one or more ways to say it."""

    name: str
    group: str
    about: str
    body: str
    view: str
    adf: str
    facts: tuple[tuple[str, ...], ...]
    junk: tuple[str, ...]
    checks: tuple[Check, ...]


def constructs() -> list[Construct]:
    """All of them, by group and name."""
    return [read(file) for file in sorted(FOLDER.glob("*/*.toml"))]


def read(file: Path) -> Construct:
    """The construct in a file. Raises ValueError for a key that means nothing."""
    return construct(file.stem, file.parent.name, tomllib.loads(file.read_text(encoding="utf-8")))


def construct(name: str, group: str, told: Mapping[str, Any]) -> Construct:
    """A construct as its data file tells it."""
    if unknown := set(told) - TEXTS - set(CHECKS):
        raise ValueError(f"{group}/{name}: {', '.join(sorted(unknown))} means nothing here")
    return Construct(
        name,
        group,
        told["about"],
        told.get("body", "").strip("\n"),
        told.get("view", "").strip("\n"),
        told.get("adf", "").strip("\n"),
        tuple((fact,) if isinstance(fact, str) else tuple(fact) for fact in told["facts"]),
        tuple(told.get("junk", ())),
        tuple(Check(kind, spec) for kind in CHECKS for spec in told.get(kind, ())),
    )
