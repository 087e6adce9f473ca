"""What the page of a connection makes of rows: which space a failure belongs to, and which is complete."""

from datetime import UTC, datetime

import pytest

from mainstem.store.file_texts import Outcome
from mainstem.store.runs import Failure
from mainstem.web.connection_overview import (
    COMPLETE,
    FAILING,
    FILTERED,
    UNKNOWN,
    FileRow,
    SpaceRow,
    files_of,
    space_of,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source_id", "url", "key"),
    [
        ("space: ENG", "https://acme.example/wiki", "ENG"),
        ("count: ~ann", "https://acme.example/wiki", "~ann"),
        ("17", "https://acme.example/wiki/spaces/ENG/pages/17/Home", "ENG"),
        ("17", "https://wiki.acme.example/display/ENG/Home", "ENG"),
        ("17", "https://wiki.acme.example/pages/viewpage.action?pageId=17", ""),
    ],
)
def test_a_failure_is_counted_in_its_space(source_id: str, url: str, key: str) -> None:
    assert space_of(Failure(source_id, "Home", url, "502")) == key


@pytest.mark.parametrize(
    ("held", "listed", "failed", "badge"),
    [(3, 3, 0, COMPLETE), (4, 3, 0, COMPLETE), (2, 3, 0, FAILING), (3, 3, 1, FAILING), (3, None, 0, UNKNOWN)],
)
def test_a_space_is_complete_when_all_that_was_listed_is_here(
    held: int, listed: int | None, failed: int, badge: object
) -> None:
    assert SpaceRow("ENG", "Engineering", "u", held, listed, NOON, failed).badge == badge


@pytest.mark.parametrize(("held", "failed", "badge"), [(2, 0, FILTERED), (3, 0, COMPLETE), (2, 1, FAILING)])
def test_what_a_filter_leaves_out_does_not_make_a_space_incomplete(held: int, failed: int, badge: object) -> None:
    assert SpaceRow("ENG", "Engineering", "u", held, 3, NOON, failed, filtered=True).badge == badge


def test_what_is_not_read_of_files_is_told_with_the_reason_where_there_is_one() -> None:
    usual = {(Outcome.READ, ""): 7, (Outcome.LEFT, ""): 2}
    assert files_of(usual) == ()
    assert files_of(usual | {(Outcome.LEFT, "It is larger than 5 MB"): 1}) == (
        FileRow("Their text is read.", 7, read=True),
        FileRow("Files of their kind have no text that is read.", 2),
        FileRow("It is larger than 5 MB.", 1),
    )
