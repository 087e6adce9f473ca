"""The least that a first load must do: download all pages with bodies and convert them; nothing is stored or proved.

Run by `bench.first_sync` as a process of its own. Spaces are listed at the same time, each answer is converted while
the next is on its way. Prints how many pages there were.
"""

import asyncio
import sys
from typing import Any
from urllib.parse import urljoin

import httpx
import orjson

from mainstem.convert import extract, parse

MOST_ROWS = 250


def main(url: str, email: str, token: str) -> None:
    """Download and convert every page of the site at `url`."""
    print(asyncio.run(_everything(url, email, token)))


async def _everything(url: str, email: str, token: str) -> int:
    async with httpx.AsyncClient(auth=(email, token), timeout=60) as client:
        spaces = (await _answer(client, f"{url}/api/v2/spaces?limit={MOST_ROWS}"))["results"]
        async with asyncio.TaskGroup() as tasks:
            listings = [tasks.create_task(_pages(client, url, space["id"])) for space in spaces]
    return sum(listing.result() for listing in listings)


async def _pages(client: httpx.AsyncClient, url: str, space_id: str) -> int:
    link: str | None = f"{url}/api/v2/spaces/{space_id}/pages?limit={MOST_ROWS}&body-format=storage"
    number = 0
    async with asyncio.TaskGroup() as tasks:
        while link:
            answer = await _answer(client, link)
            bodies = [row["body"]["storage"]["value"] for row in answer["results"]]
            tasks.create_task(asyncio.to_thread(_convert, bodies))
            number += len(bodies)
            following = answer["_links"].get("next")
            link = urljoin(link, following) if following else None
    return number


async def _answer(client: httpx.AsyncClient, link: str) -> Any:
    response = await client.get(link)
    response.raise_for_status()
    return orjson.loads(response.content)


def _convert(bodies: list[str]) -> None:
    for body in bodies:
        extract(parse(body))


if __name__ == "__main__":
    main(*sys.argv[1:])
