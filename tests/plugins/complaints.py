"""`docs/complaints.toml`: what users of other products complained of, each answered by tests or by a decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.plugins.claims import Claim, tables_of


@dataclass(frozen=True, slots=True)
class Complaint(Claim):
    """One table: what `happened` elsewhere, why it cannot `here`, and a `decision`'s page where no test can tell."""

    happened: str
    here: str
    decision: str


def read_complaints(table: Path) -> tuple[Complaint, ...]:
    """The complaints of a table; what is missing reads as empty, and `complaint_faults` names it."""
    return tuple(
        Complaint(
            key,
            "answered",
            tuple(row.get("tests", ())),
            row.get("happened", ""),
            row.get("here", ""),
            row.get("decision", ""),
        )
        for key, row in tables_of(table).items()
    )


def complaint_faults(complaints: Sequence[Complaint], root: Path) -> Iterator[str]:
    """What is wrong with the table itself, but for tests that there are not."""
    for each in complaints:
        if not each.happened:
            yield f"{each.id} does not say what happened"
        if not each.here:
            yield f"{each.id} does not say why it cannot happen here"
        if not each.tests and not each.decision:
            yield f"{each.id} names neither a test nor a decision"
        if each.decision and not (root / each.decision).is_file():
            yield f"{each.id} names {each.decision}, which does not exist"
