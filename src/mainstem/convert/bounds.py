"""The bound on every output (T8): ten times the input and 64 KB."""

from collections.abc import Callable
from typing import Final

_FACTOR: Final = 10
_SLACK: Final = 64 * 1024


def bound(size: int) -> int:
    """The most characters that a document of `size` characters may become."""
    return _FACTOR * size + _SLACK


def bounded(output: str, size: int, simpler: Callable[[], str]) -> str:
    """The output, or a simpler form where it is too long, cut off where even that is."""
    limit = bound(size)
    if len(output) <= limit:
        return output
    return simpler()[:limit]
