"""A language model that writes answers: how it is called, and the one way in which it is asked.

What speaks with providers is an optional part and takes long to load, so it is loaded with the first question. The
model is given a text and gives back a text: it has no tools, and nothing that it writes is carried out.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from mainstem.assist.errors import ModelNowhere, ModelsMissing, ModelUnknown

EVERYWHERE = "*"
OPENAI, ANTHROPIC = "openai", "anthropic"
PROVIDERS = {OPENAI: "OpenAI", ANTHROPIC: "Anthropic"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is called. `url` and `key` may be "", where the provider needs none."""

    name: str
    url: str = ""
    key: str = field(default="", repr=False)
    timeout: float = 60.0

    @property
    def provider(self) -> str:
        """`openai`, `anthropic`, or "" for any endpoint that speaks as OpenAI does."""
        provider = self.name.partition(":")[0]
        return provider if provider in (OPENAI, ANTHROPIC) and ":" in self.name else ""

    @property
    def model(self) -> str:
        """The model's name at its provider."""
        return self.name.partition(":")[2] if self.provider else self.name

    @property
    def destination(self) -> str:
        """Where text goes: the host and port of an address, or the provider by its name; "" where neither is known.

        Never more of an address: a key may stand in it.
        """
        return urlsplit(self.url).netloc.rpartition("@")[2] if self.url else PROVIDERS.get(self.provider, "")

    def check(self) -> None:
        """Raise ModelUnknown unless it can be known where to ask, and ModelNowhere where the address is none."""
        if not self.model or not (self.url or (self.provider and self.key)):
            raise ModelUnknown(self.name)
        if self.url and not _is_address(self.url):
            raise ModelNowhere


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model to ask. `spaces` are those whose passages the settings let go to it, as `Connection/KEY`; `*` is all.

    `destination` is where text goes then: what admins let go besides, they let go there. `build` makes what the
    provider library calls a model, when it is first needed.
    """

    name: str
    spaces: frozenset[str]
    build: Callable[[], Any]
    timeout: float = 60.0
    destination: str = ""

    def may_have(self, connection: str, key: str) -> bool:
        """Whether the settings let passages of this space go to the model."""
        return EVERYWHERE in self.spaces or f"{connection}/{key}".casefold() in self.spaces

    async def write(self, instructions: str, text: str) -> AsyncGenerator[str]:
        """What the model writes, each time all of it so far. Raises ModelSilent, ModelRefused, ModelsMissing."""
        speaking = _speaking()
        async with aclosing(speaking.written(self.build(), instructions, text, self.timeout)) as pieces:
            async for piece in pieces:
                yield piece


def opened(endpoint: Endpoint, spaces: str) -> LanguageModel:
    """The model of an endpoint. `spaces` as the settings say them. Raises ModelUnknown, ModelNowhere."""
    endpoint.check()
    names = frozenset(name.strip().casefold() for name in spaces.split(",") if name.strip())
    return LanguageModel(
        endpoint.model, names, lambda: _speaking().model_of(endpoint), endpoint.timeout, endpoint.destination
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _speaking() -> Any:
    try:
        return import_module("mainstem.assist.speaking")
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "mainstem":
            raise
        raise ModelsMissing from None
