"""What answering raises on purpose.

MainstemError
  RetryLater
    ModelSilent     the language model could not be reached, was too slow, throttled or broke down
  TellPerson
    ModelRefused    the language model turned the request down: its key, its name or its address is wrong
    ModelNowhere    the settings name an address that is none
    ModelUnknown    the settings name a model in a way that nobody understands
    ModelsMissing   what speaks with language models is not installed
"""

from mainstem.errors import RetryLater, TellPerson


class ModelSilent(RetryLater):
    """No answer came, or it broke off."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"The language model did not answer: {self.why}. Try again in a moment."


class ModelRefused(TellPerson):
    """The model turned the request down. What it said stays out of the text: it may repeat a key."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The language model refused: {why}. An admin should check the settings of the model.")


class ModelNowhere(TellPerson):
    """MAINSTEM_MODEL_URL is no whole address. It stays out of the text: it may hold a key."""

    def __init__(self) -> None:
        super().__init__(
            "MAINSTEM_MODEL_URL is no address that begins with http:// or https:// and names a host: write it whole, "
            "as https://llm.example/v1."
        )


class ModelUnknown(TellPerson):
    """MAINSTEM_MODEL says nothing that could be asked."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"MAINSTEM_MODEL is {name!r}: write openai:NAME or anthropic:NAME with the key in MAINSTEM_MODEL_KEY, or "
            "set MAINSTEM_MODEL_URL to the address of an endpoint that speaks as OpenAI does."
        )


class ModelsMissing(TellPerson):
    """The optional part is absent."""

    def __init__(self) -> None:
        super().__init__(
            "Language models need an optional part: install it with `pip install 'mainstem[models]'`, or unset "
            "MAINSTEM_MODEL to have passages quoted instead."
        )
