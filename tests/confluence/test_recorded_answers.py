"""Answers that real sites have given are read without a stumble."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mainstem.confluence import fields, payloads_v1, payloads_v2
from mainstem.wiki.content import Content, Kind

BASE = "https://acme.atlassian.net/wiki"


def rows(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer that looks like a page or post, at any depth."""
    if isinstance(node, dict):
        if all(isinstance(node.get(name), str) for name in ("id", "title", "status")):
            yield node
        for inner in node.values():
            yield from rows(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from rows(inner)


def read(row: dict[str, Any]) -> Content:
    if "spaceId" in row:
        return payloads_v2.content(row, Kind.PAGE, BASE)
    return payloads_v1.content(row, fields.kind(row.get("type")) or Kind.PAGE, BASE)


@pytest.fixture(scope="session")
def recorded(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted((shared / "confluence" / "json").glob("*.json")):
        try:
            found += rows(json.loads(path.read_text()))
        except ValueError:
            continue
    return found


def test_there_are_recorded_answers_of_both_families(recorded: list[dict[str, Any]]) -> None:
    assert len(recorded) > 100
    assert {"spaceId" in row for row in recorded} == {True, False}


def test_each_recorded_content_is_read_with_its_id_title_and_version(recorded: list[dict[str, Any]]) -> None:
    for row in recorded:
        content = read(row)
        assert (content.id, content.title) == (str(row["id"]), row["title"])
        assert content.version == (fields.at(row, "version", "number") or 0)


def test_the_body_and_the_last_change_are_found_where_they_were_recorded(recorded: list[dict[str, Any]]) -> None:
    with_body = [row for row in recorded if isinstance(fields.at(row, "body", "storage", "value"), str)]
    dated = [row for row in recorded if fields.at(row, "version", "when") or fields.at(row, "version", "createdAt")]
    assert all(read(row).body == row["body"]["storage"]["value"] for row in with_body)
    assert sum(read(row).modified_at is not None for row in dated) > 0.9 * len(dated)
    assert with_body
