"""How fast something converts, in megabytes per second of processor time; also of a peer, by its own interpreter.

Knows nothing of Mainstem: run with the interpreter of an environment of peers, it reads texts as JSON from standard
input and prints the pace of the converter that is named.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence

LEAST_SECONDS = 2.0
"""Of processor time, that a measurement takes."""


def pace(convert: Callable[[str], object], texts: Sequence[str]) -> float:
    """Megabytes of these texts that a second of processor time converts, over at least `LEAST_SECONDS`."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    converted, begun = 0.0, time.process_time()
    while (took := time.process_time() - begun) < LEAST_SECONDS:
        for text in texts:
            convert(text)
        converted += size
    return converted / took


def main(name: str) -> None:
    """Print the pace of `html_to_markdown`, the one peer that is measured so."""
    if name != "html_to_markdown":
        raise SystemExit(f"{name} is not measured here")
    from html_to_markdown import convert

    print(pace(lambda text: convert(text).content, json.load(sys.stdin)))


if __name__ == "__main__":
    main(*sys.argv[1:])
