"""What else there is at the address of a page, whichever process shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offers:
    """Pages of connections for admins, and the sample site."""

    connections: bool = False
    sample: bool = False
