"""Addresses of pages, files and spaces, as both families have written them over the years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, SpaceTarget, Target
from mainstem.wiki.page_addresses import page_address

CLOUD = "https://acme.atlassian.net/wiki"
SERVER = "https://wiki.acme.example/confluence"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/spaces/ENG/pages/123/A+title", ContentTarget("123")),
        ("/spaces/ENG/pages/123/A+title?focusedCommentId=9#Next-steps", ContentTarget("123", "Next-steps")),
        ("/spaces/ENG/pages/123#caf%C3%A9", ContentTarget("123", "café")),
        ("/spaces/ENG/pages/edit-v2/123", ContentTarget("123")),
        ("/spaces/~71202/pages/123", ContentTarget("123")),
        ("/spaces/ENG/blog/2026/02/01/456/News", ContentTarget("456")),
        ("/spaces/ENG/blog/456", ContentTarget("456")),
        ("/spaces/ENG/folder/7", ContentTarget("7")),
        ("/spaces/ENG/whiteboard/7", ContentTarget("7")),
        ("/spaces/ENG/database/7?x=y", ContentTarget("7")),
        ("/spaces/ENG/overview", SpaceTarget("ENG")),
        ("/spaces/ENG", SpaceTarget("ENG")),
        ("/spaces/ENG/", SpaceTarget("ENG")),
        ("/spaces/ENG/pages", SpaceTarget("ENG")),
        ("/spaces/viewspace.action?key=ENG", SpaceTarget("ENG")),
        ("/display/ENG", SpaceTarget("ENG")),
        ("/display/~ann", SpaceTarget("~ann")),
        ("/display/ENG/How+to+brew%3F", PageTarget("How to brew?", "ENG")),
        ("/display/ENG/Tea#Tea-Water", PageTarget("Tea", "ENG", anchor="Tea-Water")),
        ("/display/ENG/2026/02/01/News", PageTarget("News", "ENG", posting_day=date(2026, 2, 1))),
        ("/pages/viewpage.action?pageId=123", ContentTarget("123")),
        ("/pages/viewpage.action?spaceKey=ENG&title=A+%26+B", PageTarget("A & B", "ENG")),
        ("/pages/editpage.action?pageId=123", ContentTarget("123")),
        ("/pages/viewpageattachments.action?pageId=123", ContentTarget("123")),
        ("/x/5YBvI", ContentTarget("544178405")),
        ("/x/f5U_B", ContentTarget("71210367")),
        ("/x/MA_OB", ContentTarget("76418864")),
        ("/x/tu32Cg", ContentTarget("183954870")),
        (
            "/download/attachments/123/plan%20b.pdf?version=1&api=v2",
            AttachmentTarget("plan b.pdf", ContentTarget("123")),
        ),
        ("/download/thumbnails/123/plan.png", AttachmentTarget("plan.png", ContentTarget("123"))),
        ("/rest/api/content/1/child/attachment/att9/download", ContentTarget("att9")),
    ],
)
@pytest.mark.parametrize("site", [CLOUD, SERVER, "", "/wiki", "//wiki.acme.example"])
def test_an_address_means_this_and_is_of_that_site(site: str, path: str, target: Target) -> None:
    found = page_address(site + path)
    assert found is not None
    assert (found.site, found.target) == (site, target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.org/",
        "https://example.org/spaces-of-ours/ENG",
        "mailto:a@example.org",
        "javascript:/spaces/ENG",
        "http:/spaces/ENG",
        "https://[/spaces/ENG",
        f"{CLOUD}/people/712020:1",
        f"{CLOUD}/search?text=x",
        f"{CLOUD}/x/",
        f"{CLOUD}/x/AAAA",
        f"{CLOUD}/x/f5U%2B",
        f"{CLOUD}/display/ENG/2026/13/41/News",
        f"{CLOUD}/pages/viewpage.action",
        f"{CLOUD}/pages/viewpage.action?pageId=x",
        f"{CLOUD}/spaces/ENG/pages/abc",
        f"{CLOUD}/{'a' * 5000}/x/f5U_B",
    ],
)
def test_everything_else_stays_an_address(url: str) -> None:
    assert page_address(url) is None


@given(st.integers(1, 2**63))
def test_a_tiny_address_is_the_id_it_was_made_of(number: int) -> None:
    import base64

    packed = base64.b64encode(number.to_bytes(8, "little")).decode()
    tiny = packed.replace("/", "-").replace("+", "_").rstrip("=").rstrip("A")
    found = page_address(f"{CLOUD}/x/{tiny}")
    assert found is not None
    assert found.target == ContentTarget(str(number))


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    for url in (text, CLOUD + text, f"{CLOUD}/display/{text}", f"{CLOUD}/x/{text}", f"//{text}/spaces/X"):
        page_address(url)
