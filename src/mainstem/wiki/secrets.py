"""A secret as it may be handed around: sealed. Only `wiring` holds the key that opens it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class SealedSecret:
    """An encrypted secret. Its repr tells nothing."""

    token: bytes

    def __repr__(self) -> str:
        return "SealedSecret(...)"
