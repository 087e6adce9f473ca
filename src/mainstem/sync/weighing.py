"""Which stored pages a filter lets in, and which it leaves out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from mainstem.store.selection import Candidate
from mainstem.wiki.selection import Selection


@dataclass(frozen=True, slots=True)
class Weighed:
    """Those whose scope changes."""

    leaving: tuple[Candidate, ...]
    entering: tuple[Candidate, ...]


def weigh(candidates: Iterable[Candidate], chosen: Selection) -> Weighed:
    """Which of these leave, and which enter. Pure.

    One that is listed as changed has the dates of before in its row; its new ones were weighed when it was listed. One
    whose labels or place could not be read stays as it is: where it shows, its rules hide it.
    """
    leaving: list[Candidate] = []
    entering: list[Candidate] = []
    for each in candidates:
        unknown = (chosen.by_labels and each.labels is None) or (chosen.by_place and each.lineage is None)
        in_time = each.put_off or chosen.in_time(each.created_at, each.modified_at)
        wanted = in_time and chosen.labelled(each.labels) and chosen.placed(each.lineage) and chosen.alive(each.status)
        if each.in_scope and not wanted and not unknown:
            leaving.append(each)
        elif not each.in_scope and each.listed and wanted:
            entering.append(each)
    return Weighed(tuple(leaving), tuple(entering))
