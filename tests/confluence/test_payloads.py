"""Confluence's JSON as wiki types: tolerant of what is missing, opaque about ids, strict about nothing it can spare."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.confluence import fields, payloads_v1, payloads_v2
from mainstem.confluence.errors import ListingBroken
from mainstem.wiki.content import Group, Kind, Status

BASE = "https://acme.atlassian.net/wiki"


def test_ids_stay_strings_however_large() -> None:
    page = payloads_v2.content({"id": "9007199254740993", "parentId": 9007199254740995}, Kind.PAGE, BASE)
    assert (page.id, page.parent_id) == ("9007199254740993", "9007199254740995")


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": ""}])
def test_what_has_no_id_breaks_the_listing(row: dict[str, Any]) -> None:
    with pytest.raises(ListingBroken):
        payloads_v2.content(row, Kind.PAGE, BASE)


@pytest.mark.parametrize(
    ("told", "status"),
    [("current", Status.CURRENT), ("trashed", Status.TRASHED), ("historical", Status.UNKNOWN), (None, Status.UNKNOWN)],
)
def test_a_status_never_heard_of_is_unknown(told: Any, status: Status) -> None:
    assert payloads_v2.content({"id": "1", "status": told}, Kind.PAGE, BASE).status is status


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2024-07-14T05:22:57.682Z", datetime(2024, 7, 14, 5, 22, 57, 682000, tzinfo=UTC)),
        ("2023-05-04T10:11:12.345+02:00", datetime(2023, 5, 4, 8, 11, 12, 345000, tzinfo=UTC)),
        ("2023-05-04T10:11:12", datetime(2023, 5, 4, 10, 11, 12, tzinfo=UTC)),
        ("yesterday", None),
        (1596182511300, None),
        (None, None),
    ],
)
def test_instants_are_in_utc(told: Any, moment: datetime | None) -> None:
    assert fields.instant(told) == moment


def test_positions_may_be_a_word() -> None:
    row = {"id": "1", "extensions": {"position": "none"}}
    assert payloads_v1.content(row, Kind.PAGE, BASE).position is None


@pytest.mark.parametrize(
    ("row", "body"),
    [({}, None), ({"body": {}}, None), ({"body": {"storage": None}}, None), ({"body": {"storage": {"value": ""}}}, "")],
)
def test_an_empty_body_is_not_a_missing_one(row: dict[str, Any], body: str | None) -> None:
    assert payloads_v2.content({"id": "1", **row}, Kind.PAGE, BASE).body == body


def test_the_first_version_of_a_comment_tells_author_and_birth() -> None:
    version = {"number": 1, "authorId": "ada", "createdAt": "2024-07-14T05:22:57Z"}
    comment = payloads_v2.content({"id": "1", "blogPostId": "7", "version": version}, Kind.COMMENT, BASE)
    assert (comment.author_id, comment.container_id) == ("ada", "7")
    assert comment.created_at == comment.modified_at
    later = payloads_v2.content({"id": "1", "version": {**version, "number": 2}}, Kind.COMMENT, BASE)
    assert (later.author_id, later.created_at) == (None, None)


def test_files_of_cloud_are_fetched_by_the_route_that_serves_every_token() -> None:
    row = {"id": "att9", "pageId": "7", "downloadLink": "/download/attachments/7/a.txt?version=1", "fileSize": 3}
    file = payloads_v2.content(row, Kind.ATTACHMENT, BASE).file
    assert file is not None
    assert file.download == "/rest/api/content/7/child/attachment/att9/download"


def test_a_file_without_a_known_container_keeps_its_own_link() -> None:
    file = payloads_v2.content({"id": "att9", "downloadLink": "/download/x"}, Kind.ATTACHMENT, BASE).file
    assert file is not None
    assert file.download == "/download/x"


def test_people_may_hide_their_address() -> None:
    row = {
        "accountId": "1",
        "displayName": "Ada",
        "email": "",
        "accountStatus": "closed",
        "isExternalCollaborator": True,
    }
    person = payloads_v2.person(row)
    assert (person.email, person.active, person.guest) == (None, False, True)
    assert payloads_v1.person({"userKey": "8a", "username": "ada"}).display_name == "ada"


def test_groups_are_known_by_id_on_cloud_and_by_name_in_any_case_elsewhere() -> None:
    assert payloads_v1.group({"name": "Team", "id": "0a"}) == Group("0a", "Team")
    assert payloads_v1.group({"name": "Team"}) == Group("team", "Team")


def test_an_ancestor_without_an_id_is_refused_for_its_restriction_would_be_lost() -> None:
    with pytest.raises(ListingBroken):
        payloads_v1.content({"id": "1", "ancestors": [{"type": "page"}]}, Kind.PAGE, BASE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        """title status version body parentId parentType spaceId _links properties pageId space history
        extensions container metadata authorId createdAt position resolutionStatus type fileSize parentCommentId""",
    )
)


@given(st.dictionaries(NAMES, JSON), st.sampled_from(Kind))
def test_no_shape_of_an_answer_breaks_the_reading(row: dict[str, Any], kind: Kind) -> None:
    for module in (payloads_v1, payloads_v2):
        assert module.content({**row, "id": "1"}, kind, BASE).id == "1"
