"""Every error says what to do next, and has its entry in the catalogue."""

import inspect
import pickle
import re
from typing import Any

import pytest

from mainstem import errors as ways
from mainstem.confluence import errors
from mainstem.confluence.catalogue import BY_ERROR, CATALOGUE
from mainstem.errors import MainstemError

WAYS = (ways.RetryLater, ways.SkipItem, ways.StopRun, ways.TellPerson)
OURS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
FACTS: dict[str, Any] = {
    "status": 401,
    "retry_after": 3.0,
    "resumes_in": 3.0,
    "keys": ("ENG",),
    "near": {"ENG": ("ENGINE",)},
}


def example(kind: type[MainstemError]) -> MainstemError:
    names = [name for name in inspect.signature(kind).parameters if name != "bare"]
    return kind(*[FACTS.get(name, f"the {name}") for name in names])


def test_every_error_says_by_its_type_what_to_do_next() -> None:
    assert [kind for kind in OURS if not issubclass(kind, WAYS)] == []


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_is_one_sentence_that_ends_with_the_next_step(kind: type[MainstemError]) -> None:
    text = str(example(kind))
    assert re.search(
        r"[;,] (\w+ )*(try|choose|open|give|read|check|create|ask|connect|paste|install|the|so|correct)", text
    )
    assert not text.endswith(".")


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_facts_when_it_is_stored(kind: type[MainstemError]) -> None:
    error = example(kind)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy), str(copy)) == (kind, vars(error), str(error))


def test_every_error_has_an_entry_in_the_catalogue() -> None:
    assert set(BY_ERROR) == set(OURS)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.title)
def test_an_entry_names_symptom_causes_and_fixes(entry: Any) -> None:
    assert entry.symptom
    assert all(text.endswith((".", "?")) for text in entry.causes + entry.fixes)
    assert entry.causes
    assert entry.fixes


def test_the_catalogue_covers_what_people_meet() -> None:
    titles = " ".join(entry.title + entry.symptom for entry in CATALOGUE).lower()
    for subject in ("401", "scope", "space not found", "429", "missing", "macro", "certificate", "address", "reached"):
        assert subject in titles
