"""The scorer of `bench/fidelity` gives a faultless page its due, and notices each thing that goes wrong in one."""

import re

import pytest

from bench.fidelity import shown
from bench.fidelity.checks import CHECKS
from bench.fidelity.constructs import Construct, constructs
from bench.fidelity.score import score, total
from bench.fidelity.shown import Shown, plain
from bench.fidelity.wording import BROKEN, KEPT, LOST, SHORTEST, outcome

RENDERED = [pytest.param(each, id=f"{each.group}/{each.name}") for each in constructs()]


@pytest.mark.parametrize("construct", RENDERED)
def test_the_page_as_confluence_shows_it_has_every_fact_in_its_place(construct: Construct) -> None:
    assert score(construct, shown.page(construct.view)).faults == []


@pytest.mark.parametrize("construct", RENDERED)
def test_each_fact_that_is_dropped_is_noticed(construct: Construct) -> None:
    text = shown.page(construct.view).text
    for ways in construct.facts:
        without = text
        for way in ways:
            without = re.sub(r"\s+".join(map(re.escape, way.split())), " ", without)
        assert ways[0] in score(construct, plain(without)).lost + score(construct, plain(without)).broken


@pytest.mark.parametrize("construct", RENDERED)
def test_each_fact_that_is_torn_apart_is_noticed(construct: Construct) -> None:
    for ways in construct.facts:
        word = max(re.findall(r"[^\W\d_]+", ways[0]), key=len, default="")
        if len(word) >= SHORTEST:
            torn = ways[0].replace(word, f"{word[:2]} {word[2:]}")
            assert outcome(ways, f"before {torn} behind") == BROKEN


@pytest.mark.parametrize("construct", RENDERED)
def test_each_junk_that_leaks_is_noticed(construct: Construct) -> None:
    for junk in construct.junk:
        assert junk in score(construct, shown.page(f"{construct.view}<p>x{junk}x</p>")).leaked


@pytest.mark.parametrize("construct", RENDERED)
def test_an_empty_output_keeps_nothing(construct: Construct) -> None:
    nothing = score(construct, None)
    assert (nothing.kept, nothing.held, nothing.failed) == (0, 0, 1)
    assert not nothing.faultless


@pytest.mark.parametrize("construct", [each for each in RENDERED if "<td" in str(each.values[0])])
def test_a_column_that_shifts_is_noticed(construct: Construct) -> None:
    asked = [check for check in construct.checks if check.kind == "cells" and "under" in check.spec]
    if not asked:
        return
    above, first, others = construct.view.split("<tr>", 2)
    shifted = f"{above}<tr>{first}<tr><td></td>{others.replace('<tr>', '<tr><td></td>')}"
    assert not all(CHECKS["cells"](shown.page(shifted), check.spec) for check in asked)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("an unbelievable tale", KEPT),
        ("an un believ able tale", BROKEN),
        ("an **un**believable tale", BROKEN),
        ("anunbelievable tale", BROKEN),
        ("an unbelievable\n\t tale", KEPT),
        ("a credible tale", LOST),
    ],
)
def test_words_are_kept_broken_or_lost(text: str, how: str) -> None:
    assert outcome(["an unbelievable tale"], text) == how


def test_one_of_several_ways_to_say_a_fact_is_enough() -> None:
    assert outcome(["2031-12-23", "Dec 23, 2031"], "due Dec 23, 2031.") == KEPT


def test_few_letters_are_lost_rather_than_broken() -> None:
    assert outcome(["24"], "x2, 4y") == LOST


TABLE = "| Room | Rent |\n| --- | --- |\n| Attic | 640 |\n|  | 275 |\n"
LIST = "- Before\n  1. Announce\n  2. Freeze\n- After\n"


@pytest.mark.parametrize(
    ("kind", "asked", "right", "wrong"),
    [
        (
            "cells",
            {"value": "640", "under": "Rent", "beside": "Attic"},
            TABLE,
            TABLE.replace("Attic | 640", "640 | Attic"),
        ),
        ("cells", {"value": "275", "beside": "Attic"}, TABLE.replace("|  |", "| Attic |"), TABLE),
        ("cells", {"value": "640", "under": "Rent"}, TABLE, "Room Rent Attic 640"),
        ("nested", {"item": "Freeze", "within": "Before"}, LIST, "- Before\n- Announce\n- Freeze\n- After\n"),
        ("nested", {"item": "Freeze", "within": "Before"}, LIST, "- Announce\n- After\n  1. Freeze\n"),
        ("siblings", {"item": "Before", "to": "After"}, LIST, "- Before\n  - After\n"),
        ("numbered", {"item": "Freeze", "number": 2}, LIST, LIST.replace("2. Freeze", "3. Melt\n  4. Freeze")),
        ("numbered", {"item": "Go", "number": 5}, "5. Go\n", "1. Go\n"),
        ("code", "a  b\n\tc ", "```\na  b\n\tc \n```", "```\na  b\n\tc\n```"),
        ("code", "a  b", "```\na  b\n```", "a  b"),
        ("code", "if x:\n    y", "|h|\n|-|\n|`if x:`<br>`    y`|", "|h|\n|-|\n|`if x: y`|"),
        ("links", {"text": "manual", "to": ["/m/1", "Manual"]}, "[the manual](/m/1)", "[the manual](/m/2)"),
        ("links", {"text": "manual", "to": "/m/1"}, "[the manual](/m/1)", "the manual /m/1"),
        ("images", {"file": "a b.png", "alt": "Rack"}, "![Rack](/f/a%20b.png)", "![Rock](/f/a%20b.png)"),
        ("images", {"file": "a.png"}, "![](a.png)", "a.png"),
        ("headings", {"level": 2, "text": "Scope"}, "## Scope", "# Scope"),
        ("tasks", {"text": "Write", "done": True}, "- [x] Write", "- [ ] Write"),
        ("tasks", {"text": "Write", "done": False}, "- [ ] Write", "- Write"),
        ("styled", {"text": "old", "style": "struck"}, "an ~~old~~ one", "an old one"),
        ("styled", {"text": "old", "style": "strong"}, "an **old** one", "**an old one**"),
        ("once", "said", "said", "said said"),
        ("apart", ["one", "two"], "one<br>two", "one two"),
        ("apart", ["one", "two"], "one\n\ntwo", "two\n\none"),
    ],
)
def test_a_check_tells_right_from_wrong(kind: str, asked: object, right: str, wrong: str) -> None:
    assert CHECKS[kind](shown.markdown(right), asked)
    assert not CHECKS[kind](shown.markdown(wrong), asked)


def test_every_kind_of_check_is_tried_here() -> None:
    tried = {case[0] for case in test_a_check_tells_right_from_wrong.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tried == set(CHECKS)


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (shown.markdown("10<sup>9</sup> and H<sub>2</sub>O"), "10^9 and H2O"),
        (shown.markdown("a&nbsp;b<!-- hidden --><style>c</style>"), "a b"),
        (shown.markdown("1. one\n2. two"), "1. one 2. two"),
        (shown.page("<p>a</p><script>b</script><table><tr><td>c<td>d</table>"), "a c d"),
        (shown.page('<img src="x.png" alt="rack">'), "rack"),
        (shown.markdown("\\*a\\* `*b*`"), "*a* *b*"),
        (shown.markdown("Kommuni\xadkation"), "Kommunikation"),
        (shown.plain("*a*"), "*a*"),
    ],
)
def test_what_a_reader_sees(output: Shown, text: str) -> None:
    assert " ".join(output.text.split()) == text


def test_a_merged_cell_stands_in_every_place_that_it_covers() -> None:
    table = shown.page(
        "<table><tr><th>A<th colspan=2>B</tr><tr><td rowspan=2>c<td>d<td>e</tr><tr><td>f<td>g</tr></table>"
    )
    assert CHECKS["cells"](table, {"value": "e", "under": "B"})
    assert CHECKS["cells"](table, {"value": "g", "under": "e", "beside": "c"})
    assert not CHECKS["cells"](table, {"value": "f", "under": "A"})


def test_scores_add_up() -> None:
    given = constructs()
    sums = total(score(each, shown.page(each.view)) for each in given)
    assert sums.kept == sum(len(each.facts) for each in given)
    assert sums.faultless
    worse = total([sums, score(given[0], None)])
    assert (worse.kept, worse.failed, worse.faultless) == (sums.kept, 1, False)
