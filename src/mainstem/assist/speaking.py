"""Speaking with language models through pydantic-ai: the only module that knows it, and slow to load.

Its errors become ours here. What a provider said stays out of them, for it may repeat a key or a text.
"""

from collections.abc import AsyncGenerator

from pydantic_ai import Agent, ModelSettings
from pydantic_ai import exceptions as theirs
from pydantic_ai.models import Model

from mainstem.assist.errors import ModelRefused, ModelSilent
from mainstem.assist.language_model import ANTHROPIC, OPENAI, Endpoint

LONGEST_ANSWER = 1500
"""Tokens of an answer."""


def model_of(endpoint: Endpoint) -> Model:
    """A provider's model. Only the provider that is asked is loaded."""
    if endpoint.provider == ANTHROPIC:
        from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415  one provider's library
        from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

        return AnthropicModel(
            endpoint.model, provider=AnthropicProvider(api_key=endpoint.key, base_url=endpoint.url or None)
        )
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415

    if endpoint.provider == OPENAI and not endpoint.url:
        return OpenAIChatModel(endpoint.model, provider=OpenAIProvider(api_key=endpoint.key))
    provider = OpenAICompatibleProvider("configured", base_url=endpoint.url, api_key=endpoint.key or None)
    return OpenAIChatModel(endpoint.model, provider=provider)


async def written(model: Model, instructions: str, text: str, patience: float) -> AsyncGenerator[str]:
    """What the model writes, each time all of it so far. `patience` in seconds is for the whole of it."""
    agent = Agent(model, instructions=instructions)
    settings = ModelSettings(temperature=0.0, max_tokens=LONGEST_ANSWER, timeout=patience, request_timeout=patience)
    try:
        async with agent.run_stream(text, model_settings=settings) as answer:
            async for piece in answer.stream_text(debounce_by=0.1):
                yield piece
    except (theirs.ModelRequestTimeout, theirs.ModelTimeoutError, theirs.RunTimedOut):
        raise ModelSilent(f"it took longer than {patience:g} seconds") from None
    except theirs.ModelRateLimitError:
        raise ModelSilent("it has too many requests just now") from None
    except theirs.ModelQuotaExceededError:
        raise ModelRefused("the account has used up what it may spend") from None
    except theirs.ModelAuthenticationError:
        raise ModelRefused("the key does not let us in") from None
    except theirs.ModelNotFoundError:
        raise ModelRefused("it does not know the model's name, or the address is wrong") from None
    except theirs.ModelRequestRejectedError:
        raise ModelRefused("it does not take requests such as ours") from None
    except theirs.ModelConnectionError:
        raise ModelSilent("it cannot be reached, or the connection broke") from None
    except (theirs.AgentRunError, theirs.UserError):
        raise ModelSilent("something went wrong on its side") from None
