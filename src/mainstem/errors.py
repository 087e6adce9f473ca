"""The base of every error that Mainstem raises on purpose, and the four ways on.

The type of an error says what to do next; its attributes carry facts; its text is one sentence for a person, which
ends with the next step. Each package draws its own tree below these at the top of its `errors` module.

    MainstemError
      RetryLater    the same call may succeed in a while (throttled, unreachable, 5xx)
      SkipItem      this one item cannot be had; record it and go on with the rest
      StopRun       nothing further can be right; end the run and keep what is stored
      TellPerson    a person gave or must change something; say so plainly
"""


class MainstemError(Exception):
    """Any error that Mainstem raises on purpose."""


class RetryLater(MainstemError):
    """The same call may succeed in a while."""


class SkipItem(MainstemError):
    """This one item cannot be had; record it and go on with the rest."""


class StopRun(MainstemError):
    """Nothing further can be right; end the run and keep what is stored."""


class TellPerson(MainstemError):
    """A person gave or must change something; the text names the cause and the next step."""
