"""Where a secret comes from: an option, a file, standard input or the environment. It is never echoed."""

from pathlib import Path
from typing import TextIO

from mainstem.errors import TellPerson
from mainstem.settings import Settings

STANDARD_INPUT = "-"


class BadSecret(TellPerson):
    """A secret was asked for and could not be read, or was given in two ways."""


def read_token(option: str | None, file: Path | None, settings: Settings, stdin: TextIO) -> str | None:
    """The token by `--token T`, `--token -` (one line of standard input), `--token-file F` or MAINSTEM_TOKEN.

    None when none of them gives one. Blanks around it are a slip of pasting and are dropped.
    """
    if option is not None and file is not None:
        raise BadSecret("Both --token and --token-file are given: give one of them.")
    if option is not None:
        return read_secret(option, "--token", stdin)
    if file is not None:
        return _filled(_contents(file), str(file))
    return settings.token.get_secret_value().strip() if settings.token else None


def read_secret(option: str, name: str, stdin: TextIO) -> str:
    """The secret that an option gives, or one line of standard input where it is `-`. Raises BadSecret."""
    if option == STANDARD_INPUT:
        return _filled(stdin.readline(), "standard input")
    return _filled(option, name)


def _contents(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadSecret(f"Cannot read the token from {file} ({error.strerror}): check the path.") from None
    except UnicodeDecodeError:
        raise BadSecret(f"{file} holds no text: give a file that holds the token alone.") from None


def _filled(text: str, origin: str) -> str:
    if not text.strip():
        raise BadSecret(f"The secret from {origin} is empty: paste what was shown once.")
    return text.strip()
