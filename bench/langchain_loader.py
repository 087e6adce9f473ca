"""LangChain's own loader, as it comes, in an environment of its own: prints how many pages it got and how long it took.

Run by `bench.first_sync` with the interpreter of that environment; knows nothing of Mainstem.
"""

import json
import sys
import time

from langchain_community.document_loaders import ConfluenceLoader


def main(url: str, email: str, token: str, space: str, most: str) -> None:
    """Load up to `most` pages of a space, each with its restriction check, and print {"pages", "seconds"}."""
    begun = time.monotonic()
    loader = ConfluenceLoader(
        url=url, username=email, api_key=token, cloud=True, space_key=space, max_pages=int(most), limit=100
    )
    documents = loader.load()
    print(json.dumps({"pages": len(documents), "seconds": time.monotonic() - begun}))


if __name__ == "__main__":
    main(*sys.argv[1:])
