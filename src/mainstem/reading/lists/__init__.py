"""The lists that Confluence makes when somebody looks, made from the store for one viewer: a plain dict, one a macro.

To add one: name the macro in `convert/macros/live.py`, write a function that takes what is asked and the place, and
gives a `Plan`, and enter it in `LISTS`. A plan says what it needs; all plans of a page are answered together, in as
many statements as there are kinds of needs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection

from mainstem.convert import Part, nodes
from mainstem.reading.includes import Sheet, sheet_for
from mainstem.reading.lists import documents, files, names, reports, trees
from mainstem.reading.lists.lines import remark
from mainstem.reading.lists.place import Answer, Asked, Blocks, Need, Place, Plan
from mainstem.store.bodies import bodies_of
from mainstem.store.branches import Branch, Grown, branches
from mainstem.store.listings import Listed, Wanted, listings
from mainstem.store.spaces import SpacesOf, spaces_of
from mainstem.store.tallies import LabelsOf, PeopleOf, labels_in_use, people_in
from mainstem.store.tasks import Tasks, TasksOf, tasks_on
from mainstem.wiki.audience import Viewer
from mainstem.wiki.conversion import ConversionOptions

MOST_LISTS: Final = 60
"""Lists that are made for one page."""

MOST_PARTS: Final = 250
LONGEST: Final = 200_000
"""Documents of which lists show parts, and the characters that one of them may have."""

TOO_MANY: Final = "This page has more lists than are shown at once."

Maker = Callable[[Asked, Place], Plan]

LISTS: Final[Mapping[str, Maker]] = {
    "children": trees.children,
    "pagetree": trees.pagetree,
    "contentbylabel": documents.by_label,
    "navmap": documents.by_label,
    "content-by-user": documents.by_person,
    "recently-updated": documents.recently_updated,
    "recently-updated-dashboard": documents.recently_updated,
    "blog-posts": documents.posts,
    "index": documents.index,
    "content-report-table": documents.report,
    "detailssummary": reports.properties_report,
    "tasks-report-macro": reports.task_report,
    "attachments": files.attachments,
    "space-attachments": files.of_space,
    "gallery": files.gallery,
    "listlabels": names.all_labels,
    "popular-labels": names.popular_labels,
    "recently-used-labels": names.popular_labels,
    "related-labels": names.related_labels,
    "contributors": partial(names.contributors, tabled=False),
    "contributors-summary": partial(names.contributors, tabled=True),
    "space-details": names.space_details,
    "spaces": names.all_spaces,
    "spaces-list": names.all_spaces,
    "livesearch": names.search_box,
    "search": names.search_box,
    "pagetreesearch": names.tree_search_box,
}

Asking = tuple[nodes.Listing, Place]


def lists_of(db: Connection, asking: Sequence[Asking], *, viewer: Viewer) -> list[Blocks]:
    """What each list shows this viewer, in their order; all stand on pages of one site that the viewer can read."""
    plans = [LISTS[node.macro](Asked(node, place), place) for node, place in asking[:MOST_LISTS]]
    if not plans:
        return []
    sheet = asking[0][1].sheet
    site, options = sheet.site, sheet.document.options
    answers = _answers(db, site, [plan.need for plan in plans if plan.need is not None], viewer=viewer)
    parts = _parts(db, site, options, plans, answers, viewer=viewer)
    shown = [plan.show(None if plan.need is None else answers[plan.need], parts.get(plan.part, {})) for plan in plans]
    return [*shown, *(remark(TOO_MANY) for _ in asking[MOST_LISTS:])]


def _answers(db: Connection, site: int, needs: Sequence[Need], *, viewer: Viewer) -> dict[Need, Answer]:
    """What the store answers, one statement for each kind of need."""
    found: dict[Need, Answer] = {}
    found.update(listings(db, site, [need for need in needs if isinstance(need, Wanted)], viewer=viewer).items())
    found.update(branches(db, site, [need for need in needs if isinstance(need, Branch)], viewer=viewer).items())
    found.update(labels_in_use(db, site, [need for need in needs if isinstance(need, LabelsOf)], viewer=viewer).items())
    found.update(people_in(db, site, [need for need in needs if isinstance(need, PeopleOf)], viewer=viewer).items())
    found.update(tasks_on(db, site, [need for need in needs if isinstance(need, TasksOf)], viewer=viewer).items())
    found.update(spaces_of(db, site, [need for need in needs if isinstance(need, SpacesOf)], viewer=viewer).items())
    return found


def _parts(
    db: Connection,
    site: int,
    options: ConversionOptions,
    plans: Sequence[Plan],
    answers: Mapping[Need, Answer],
    *,
    viewer: Viewer,
) -> dict[Part | None, dict[int, Sheet]]:
    """The parts that the plans show of the documents that they name, one statement for all."""
    wanted: dict[tuple[Part, int], None] = {}
    for plan in plans:
        if plan.part is not None and plan.need is not None:
            wanted |= dict.fromkeys((plan.part, id_) for id_ in _named(answers[plan.need]))
    some = list(wanted)[:MOST_PARTS]
    bodies = bodies_of(db, {id_ for _, id_ in some}, viewer=viewer, longest=LONGEST)
    found: dict[Part | None, dict[int, Sheet]] = {}
    for part, id_ in some:
        if id_ in bodies:
            found.setdefault(part, {})[id_] = sheet_for(bodies[id_], site, part, options)
    return found


def _named(answer: Answer) -> Iterable[int]:
    if isinstance(answer, Listed):
        return [each.document_id for each in answer.entries]
    if isinstance(answer, Grown):
        return [each.document_id for each in answer.leaves[: trees.MOST]]
    return [each.document_id for each in answer.tasks] if isinstance(answer, Tasks) else []
