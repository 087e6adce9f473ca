"""Sites of any size, made up from a seed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from confluence_emulator.sample import OWNER, generate, load_directory
from confluence_emulator.state import Content, Kind, Sight, Site

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
WRAP = '<root xmlns:ac="a" xmlns:ri="r">%s</root>'


def pages(site: Site) -> list[Content]:
    return list(site.listing(Kind.PAGE))


@pytest.fixture(scope="module")
def site() -> Site:
    return generate(3, 400, 11, lambda: NOW)


def test_as_many_pages_and_spaces_are_made_as_were_asked_for(site: Site) -> None:
    assert len(site.spaces) == 3
    assert len(pages(site)) == 400


def test_generated_bodies_are_well_formed_and_about_seven_kilobytes(site: Site) -> None:
    bodies = [page.body or "" for page in pages(site)]
    for body in bodies:
        etree.fromstring(WRAP % body)
    assert 6_000 < sum(map(len, bodies)) / len(bodies) < 9_000
    assert len(set(bodies)) == len(bodies)


def test_the_same_seed_makes_the_same_pages_and_another_one_others() -> None:
    first, again, other = (generate(2, 60, seed, lambda: NOW) for seed in (5, 5, 6))
    assert pages(first) == pages(again)
    assert [page.title for page in pages(first)] != [page.title for page in pages(other)]


def test_some_generated_pages_are_restricted_and_the_owner_reads_them_all(site: Site) -> None:
    sight = Sight(site, site.user_by_email(OWNER.email))
    assert all(sight.content(page) for page in pages(site))
    assert 0.02 < sum(page.readers is not None for page in pages(site)) / 400 < 0.09


def test_generated_trees_are_four_levels_deep_and_mostly_labelled(site: Site) -> None:
    assert max(len(site.ancestors(page)) for page in pages(site)) == 3
    assert sum(bool(page.labels) for page in pages(site)) > 300


def test_no_pages_and_no_spaces_can_be_asked_for() -> None:
    assert not generate(0, 0, 1, lambda: NOW).spaces
    assert not pages(generate(2, 0, 1, lambda: NOW))


def test_a_folder_of_files_becomes_a_space(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "a.xml").write_text("<p>one</p>")
    (tmp_path / "a.html").write_bytes(b"<p>caf\xe9</p>")
    (tmp_path / "deep" / "er" / "b.storage").write_text("<p>two</p>")
    (tmp_path / "notes.txt").write_text("not a page")
    site = load_directory(tmp_path, lambda: NOW)
    space = site.space_by_key("DATA")
    assert space is not None
    assert [page.title for page in pages(site)] == [tmp_path.name, "a", "a (2)", "deep", "er", "b"]
    assert {page.body for page in pages(site)} >= {"<p>one</p>", "<p>caf\ufffd</p>", "<p>two</p>"}
    b = site.page_titled(space.id, "b")
    assert b is not None
    assert [above.title for above in site.ancestors(b)] == [tmp_path.name, "deep", "er"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        load_directory(tmp_path / "none", lambda: NOW)
