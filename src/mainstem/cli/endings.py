"""How a command ends: each error becomes one sentence on standard error and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer
from rich.console import Console

from mainstem.confluence.errors import ScopeMissing, SignInRejected
from mainstem.errors import MainstemError, TellPerson
from mainstem.store.errors import DatabaseInUse
from mainstem.wiring.home import HomeInUse


class Exit(IntEnum):
    """What a script may rely on."""

    DONE = 0
    BAD_INPUT = 2
    INCOMPLETE = 3
    HOME_IN_USE = 4
    INTERRUPTED = 130


@contextmanager
def told(*, interrupted: str = "Stopped.") -> Iterator[None]:
    """End the command with a sentence and a code where Mainstem raised on purpose, or a person pressed Ctrl+C."""
    try:
        yield
    except MainstemError as error:
        say_error(str(error))
        raise typer.Exit(code_of(error)) from None
    except KeyboardInterrupt:
        say_error(interrupted)
        raise typer.Exit(Exit.INTERRUPTED) from None


def code_of(error: MainstemError) -> Exit:
    """The exit code that an error stands for."""
    match error:
        case HomeInUse() | DatabaseInUse():
            return Exit.HOME_IN_USE
        case TellPerson() | SignInRejected() | ScopeMissing():
            return Exit.BAD_INPUT
        case _:
            return Exit.INCOMPLETE


def say_error(sentence: str) -> None:
    """Print one sentence to standard error, unstyled where that is no terminal."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, style="red", markup=False)
