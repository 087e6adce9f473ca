"""Every construct of `bench/fidelity` keeps its facts and leaks nothing, in each of our outputs (T1, T3, T4)."""

from pathlib import Path

import pytest

from bench.fidelity import converters
from bench.fidelity.constructs import Construct, constructs
from bench.fidelity.page import PUBLISHED
from bench.fidelity.score import score

ALL = constructs()
STRUCTURED = ("markdown", "html")
PLAIN = ("text", "passages")


def named(construct: Construct) -> str:
    return f"{construct.group}/{construct.name}"


ELSEWHERE = {"macros/includes": {"Deploy runbook", "Holiday calendar 2031"}, "macros/shared-blocks": {"Onboarding"}}
"""What stands on another page, with readers of its own: it is joined when somebody reads, and no words of this page."""


def cases(*outputs: str) -> list[object]:
    return [
        pytest.param(output, construct, id=f"{output}-{named(construct)}") for output in outputs for construct in ALL
    ]


@pytest.mark.parametrize(("output", "construct"), cases(*STRUCTURED))
def test_all_facts_are_kept_nothing_leaks_and_everything_keeps_its_place(output: str, construct: Construct) -> None:
    assert score(construct, converters.ours(output)(construct)).faults == []


@pytest.mark.parametrize(("output", "construct"), cases(*PLAIN))
def test_plain_words_keep_all_facts_and_leak_nothing(output: str, construct: Construct) -> None:
    found = score(construct, converters.ours(output)(construct))
    assert {*found.broken, *found.lost} == ELSEWHERE.get(named(construct), set())
    assert found.leaked == ()


def test_there_are_sixty_constructs_and_more_and_each_has_a_name_of_its_own() -> None:
    assert len(ALL) >= 60
    assert len({named(construct) for construct in ALL}) == len(ALL)


def test_what_is_published_tells_of_every_construct() -> None:
    page = PUBLISHED.read_text(encoding="utf-8")
    facts = sum(len(construct.facts) for construct in ALL)
    missing = [construct.about for construct in ALL if f"| {construct.group}: {construct.about} | ✓ |" not in page]
    assert missing == [], "run `.venv/bin/python -m bench.fidelity --publish`"
    assert f"{len(ALL)} small pages" in page
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    assert f"{facts} facts on {len(ALL)} small pages" in readme
