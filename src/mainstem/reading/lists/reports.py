"""Reports: page properties of many pages as one table, and tasks from everywhere.

What stands in their cells is read from the pages themselves while somebody looks, so that it is as new as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from mainstem.convert import Part, nodes
from mainstem.convert.page_properties import cells
from mainstem.convert.plain import text_of
from mainstem.reading.includes import Sheet
from mainstem.reading.lists import lines
from mainstem.reading.lists.documents import NO_QUERY, chosen, of_some_kind
from mainstem.reading.lists.place import Asked, Blocks, Parts, Place, Plan
from mainstem.store.listings import Entry, Listed, Order, Wanted
from mainstem.store.tasks import Task, TaskOrder, Tasks, TasksOf
from mainstem.wiki.criteria import All, Any, Below, By, Criterion, Deed, HasProperties, Labelled, Named
from mainstem.wiki.documents import NoLinks

NO_ROWS: Final = "No page has such page properties."
NO_TASKS: Final = "There are no such tasks."

ROWS: Final = 30
"""Rows of a report that says nothing about how many."""

WIDEST: Final = 20
"""Columns of a report that names none."""

_EXTRAS: Final[dict[str, tuple[str, Callable[[Entry], nodes.Inline | None]]]] = {
    "showspace": ("Space", lambda each: each.space_name),
    "showcreator": ("Creator", lambda each: each.author),
    "showlastmodified": ("Changed", lambda each: lines.day(each.modified_at)),
}


def properties_report(asked: Asked, place: Place) -> Plan:
    """`detailssummary`: a row for each page with page properties, a column for each of their names."""
    criterion = chosen(asked, place, everywhere="@self")
    if criterion is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NO_QUERY))
    sort, down = asked.text("sortby"), asked.flag("reversesort", "reverse")
    first = asked.text("firstcolumn") or "Title"
    by_title = sort.lower() in ("", "title", first.lower())
    wanted = Wanted(
        All((of_some_kind(criterion), HasProperties())),
        Order.TITLE if by_title else Order.CHANGED if sort.lower() == "lastmodified" else Order.PROPERTY,
        down,
        max(asked.number("pagesize", default=ROWS), ROWS),
        "" if by_title else sort,
    )
    extras = tuple(name for name in _EXTRAS if asked.flag(name))
    heads = tuple(_heads(asked.text("headings")))
    return Plan(wanted, partial(_report, place, first, heads, asked.text("id"), extras), Part.PROPERTIES)


def task_report(asked: Asked, place: Place) -> Plan:
    """`tasks-report-macro`: tasks by where they stand, whose they are, and whether they are done."""
    scope: list[Criterion] = []
    where = asked.words("spaceandpage")
    pages = [word.removeprefix("page:").strip() for word in where if word.startswith("page:")]
    keys = [word.removeprefix("space:").strip() for word in where if word.startswith("space:")]
    pages += asked.words("pages")
    if keys or asked.given("spaces"):
        scope.append(asked.in_spaces(keys) if keys else asked.spaces("spaces", default="@self"))
    scope += [criterion for page in pages for criterion in (Named(page), Below(page))]
    labels = tuple(Labelled(label) for label in asked.words("labels"))
    creators = tuple(By(person, Deed.CREATED) for person in asked.people("creators"))
    criterion = All(tuple(Any(parts) for parts in (tuple(scope), labels, creators) if parts))
    status = asked.text("status").lower()
    wanted = TasksOf(
        criterion,
        None if status in ("all", "any") else status in ("complete", "completed"),
        asked.people("assignees", "assignee"),
        _ORDERS.get(asked.text("sortby").lower(), TaskOrder.DUE),
        asked.flag("reversesort", "reverse"),
        max(asked.number("pagesize", default=ROWS), ROWS),
    )
    return Plan(wanted, partial(_tasks, place), Part.TASKS)


_ORDERS: Final = {"assignee": TaskOrder.ASSIGNEE, "page title": TaskOrder.PAGE, "location": TaskOrder.PAGE}


def _heads(said: str) -> Iterator[str]:
    """The names of columns, parted by commas; one in quotes may hold some."""
    for number, part in enumerate(said.split('"')):
        names = [part] if number % 2 else part.split(",")
        yield from (name.strip() for name in names if name.strip())


def _report(
    place: Place,
    first: str,
    heads: tuple[str, ...],
    group: str,
    extras: tuple[str, ...],
    listed: Listed,
    parts: Parts,
) -> Blocks:
    rows = [
        (each, row) for each in listed.entries if (sheet := parts.get(each.document_id)) for row in _rows(sheet, group)
    ]
    names = heads or tuple(_names(row for _, row in rows))[:WIDEST]
    shown = lines.table(
        (first, *names, *(_EXTRAS[extra][0] for extra in extras)),
        (_row(place, each, row, names, extras) for each, row in rows),
    )
    # How many pages have properties of one group is not known without reading them all.
    rest = () if group else lines.more(listed.total, len(listed.entries), place)
    return lines.or_nothing((*shown, *rest), NO_ROWS)


_Row = Mapping[str, tuple[str, Blocks]]


def _rows(sheet: Sheet, group: str) -> Iterator[_Row]:
    """The properties of each macro of a page as they are written there, by their names in small letters."""
    for properties in sheet.document.properties:
        if properties.group != group:
            continue
        row: dict[str, tuple[str, Blocks]] = {}
        for block in properties.blocks:
            for head, values in cells(block):
                name = " ".join(text_of(head.blocks, NoLinks()).split())
                blocks = tuple(inner for value in values for inner in value.blocks)
                row.setdefault(name.lower(), (name, lines.brought(blocks, sheet)))
        if row:
            yield row


def _names(rows: Iterable[_Row]) -> Iterator[str]:
    met: dict[str, str] = {}
    for row in rows:
        for key, (name, _) in row.items():
            met.setdefault(key, name)
    yield from met.values()


def _row(place: Place, each: Entry, row: _Row, names: tuple[str, ...], extras: tuple[str, ...]) -> Iterator[Blocks]:
    yield lines.words(lines.link(each, place))
    for name in names:
        _, blocks = row.get(name.lower(), ("", ()))
        yield blocks
    for extra in extras:
        yield lines.words(_EXTRAS[extra][1](each))


def _tasks(place: Place, tasks: Tasks, parts: Parts) -> Blocks:
    said = [(task, blocks) for task in tasks.tasks if (blocks := _words(task, parts))]
    shown = lines.table(
        ("Task", "Due", "Assignee", "On"),
        (
            (
                (nodes.TaskList((nodes.Task(task.done, blocks),)),),
                lines.words(lines.day(task.due)),
                lines.words(task.assignee),
                lines.words(lines.link(task, place)),
            )
            for task, blocks in said
        ),
    )
    return lines.or_nothing((*shown, *lines.more(tasks.total, len(tasks.tasks), place)), NO_TASKS)


def _words(task: Task, parts: Parts) -> Blocks:
    sheet = parts.get(task.document_id)
    if sheet is None or task.ordinal >= len(sheet.document.tasks):
        return ()
    return lines.brought(sheet.document.tasks[task.ordinal].blocks, sheet)
