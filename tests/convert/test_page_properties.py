"""The types of page properties, found where the converter takes them out of their table."""

import pytest

from mainstem.convert import extract, parse
from mainstem.wiki.documents import Destination, PersonTarget, Target
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.convert.storage import macro, rich


class People:
    """Knows two people by name."""

    def resolve(self, target: Target) -> Destination | None:
        known = {"u1": "Mara Lindt", "u2": "Ben Ode"}
        return Destination("", known[target.id]) if isinstance(target, PersonTarget) and target.id in known else None


def person(id_: str) -> str:
    return f'<ac:link><ri:user ri:account-id="{id_}" /></ac:link>'


def status(word: str) -> str:
    return macro("status", title=word, colour="Green")


CELLS = {
    "words": ("<p>Core team</p>", PropertyType.TEXT, ("Core team",)),
    "nothing": ("", PropertyType.TEXT, ()),
    "a number": ("<p><strong>€ 1,200.00</strong></p>", PropertyType.NUMBER, ("€ 1,200.00",)),
    "a number or another": ("<p>1.200</p>", PropertyType.TEXT, ("1.200",)),
    "a day in words": ("<p>31 May 2026</p>", PropertyType.DATE, ("31 May 2026",)),
    "a day from a calendar": ('<p><time datetime="2026-05-31" /> </p>', PropertyType.DATE, ("2026-05-31",)),
    "a person": (f"<p>{person('u1')}</p>", PropertyType.PERSON, ("Mara Lindt",)),
    "people": (
        f"<p>{person('u1')}, {person('u2')} and {person('u1')}</p>",
        PropertyType.PERSON,
        ("Mara Lindt", "Ben Ode"),
    ),
    "people in a list": (
        f"<ul><li>{person('u1')}</li><li><p>{person('u2')}</p></li></ul>",
        PropertyType.PERSON,
        ("Mara Lindt", "Ben Ode"),
    ),
    "somebody unknown": (f"<p>{person('u9')}</p>", PropertyType.TEXT, ()),
    "a person in a sentence": (f"<p>ask {person('u1')}</p>", PropertyType.TEXT, ("ask @Mara Lindt",)),
    "a lozenge": (f"<p>{status('DONE')}</p>", PropertyType.STATUS, ("DONE",)),
    "a link": ('<p><a href="https://e.org/">Spec</a></p>', PropertyType.LINK, ("Spec",)),
    "lines": ("<p>Core<br/>Edge</p><p>Core</p>", PropertyType.TEXT, ("Core", "Edge")),
    "values of several types": ("<ul><li>12</li><li>many</li></ul>", PropertyType.TEXT, ("12", "many")),
    "code": (macro("code", "<ac:plain-text-body><![CDATA[a  b]]></ac:plain-text-body>"), PropertyType.TEXT, ("a b",)),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_type_of_a_property_is_that_of_all_its_values(name: str) -> None:
    cell, type_, parts = CELLS[name]
    body = macro("details", rich(f"<table><tbody><tr><th>Key</th><td>{cell}</td></tr></tbody></table>"))
    (found,) = extract(parse(body), People()).properties
    assert (found.name, found.type, found.parts) == ("Key", type_, parts)


def test_several_cells_are_several_values() -> None:
    body = macro("details", rich("<table><tbody><tr><th>Sizes</th><td>1</td><td>2.5</td></tr></tbody></table>"))
    expected = PageProperty("Sizes", "1 2.5", PropertyType.NUMBER, ("1", "2.5"))
    assert extract(parse(body)).properties == (expected,)
