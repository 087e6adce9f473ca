"""Pages of a list: so many at once, from so many on."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

AT_ONCE = 100
FURTHEST = 10_000
"""Nobody reads that far, and each page costs what all before it cost."""


class Asked(BaseModel):
    """What an address may ask for. A name that it does not know is refused, so that a typing slip is heard."""

    model_config = ConfigDict(extra="forbid")


class Stretch(Asked):
    """Which part of a list somebody wants."""

    limit: int = Field(default=20, ge=1, le=AT_ONCE, description="How many at most.")
    offset: int = Field(default=0, ge=0, le=FURTHEST, description="How many to pass over.")


Wanted = Annotated[Stretch, Query()]


class Paged(BaseModel):
    """What every page of a list says of itself."""

    total: int = Field(ge=0, description="How many there are in all, for you.")
    limit: int = Field(ge=1, description="How many this page may hold.")
    offset: int = Field(ge=0, description="How many are before it.")
