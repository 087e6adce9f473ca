"""Page properties in a search: `property:owner=mara`, `property:"due date">2026-01-01`, `property:cost`, and back.

Pure. What has a property, and what its values are compared with; counting and finding is the index's work.
"""

import re
from collections.abc import Iterable
from typing import Final

from mainstem.index.query import Field, Filter, Narrowing, PropertyFilter, Sign
from mainstem.wiki.properties import day_of, number_of

OPERATOR: Final = "property"

VALUE: Final = r'(?:"[^"]*"?|[^\s",]+)'
"""One value of an operator, in quotes or without."""

ASKED: Final = rf'(?P<property>"[^"]*"|[^\s"=<>]+)(?:(?P<sign>[<>]=?|=)(?P<wanted>{VALUE}(?:,{VALUE})*)?)?'
"""What stands behind `property:`."""

_ASKED: Final = re.compile(ASKED)


def values_in(listed: str) -> list[str]:
    """The values of an operator, that stand there with commas between them."""
    values = (value.strip('"').strip() for value in re.findall(VALUE, listed))
    return [value for value in values if value]


def asked_by(token: re.Match[str], *, excluded: bool = False) -> Narrowing | None:
    """What a match of ASKED asks for; None when it makes no sense, as a comparison with a text."""
    name = " ".join(token["property"].strip('"').split())
    if not name:
        return None
    if not token["sign"]:
        return Filter(Field.PROPERTY, frozenset({name}), excluded)
    sign, values = Sign(token["sign"]), values_in(token["wanted"] or "")
    if not values or (sign is not Sign.IS and not _comparable(values)):
        return None
    return PropertyFilter(name, sign, frozenset(values), excluded)


def asked(text: str) -> Narrowing | None:
    """What stands behind `property:`, as `owner=mara`; None when it makes no sense."""
    match = _ASKED.fullmatch(text.strip())
    return None if match is None else asked_by(match)


def written(one: PropertyFilter) -> str:
    """A filter as it stands behind `property:`."""
    return f"{name_written(one.name)}{one.sign}{','.join(map(quoted, sorted(one.values)))}"


def quoted(value: str) -> str:
    """A value as it stands behind an operator."""
    return f'"{value}"' if re.search(r"[\s,]", value) else value


def name_written(name: str) -> str:
    """The name of a property as it stands behind `property:`."""
    return f'"{name}"' if re.search(r"[\s=<>,]", name) else name


def trouble(token: re.Match[str]) -> str:
    """Why a match of ASKED that asks for nothing does not, in a sentence that says what to write."""
    name = name_written(" ".join(token["property"].strip('"').split()))
    if not name:
        return f"{OPERATOR}: names no property. Write one behind it without a blank, as {OPERATOR}:owner=mara."
    if not values_in(token["wanted"] or ""):
        return f"{OPERATOR}:{name}{token['sign']} names no value. Write one behind it without a blank, as {name}=done."
    return (
        f"{OPERATOR}:{token[0].partition(':')[2]} compares with what is neither a number nor a day. "
        f"Write {name}{token['sign']}100 or {name}{token['sign']}2026-01-31, or = for a text."
    )


def _comparable(values: Iterable[str]) -> bool:
    """Whether it is one number or day."""
    told = [number_of(value) is not None or day_of(value) is not None for value in values]
    return told == [True]
