"""The language model that the settings name, if they name one."""

from mainstem.assist.language_model import Endpoint, LanguageModel, opened
from mainstem.settings import Settings


def model_of(settings: Settings) -> LanguageModel | None:
    """The model that writes answers; None lets passages be quoted. Nothing is asked yet. Raises what `opened` does."""
    if not settings.model:
        return None
    key = settings.model_key.get_secret_value() if settings.model_key else ""
    endpoint = Endpoint(settings.model, settings.model_url, key, settings.model_timeout)
    return opened(endpoint, settings.model_spaces)
