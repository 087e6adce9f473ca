"""The command line: `mainstem`. Progress goes to standard error, results to standard output, `--json` for programs.

Exit codes: 0 done; 2 bad input; 3 incomplete; 4 the home, or its database, is in use by another process; 130 stopped
with Ctrl+C.
"""

import sys


def main() -> None:
    """The console entry point. Ctrl+C ends it quietly from its first import on."""
    try:
        from mainstem.cli.app import app  # noqa: PLC0415  loading it takes a moment, in which a person may press Ctrl+C

        app(prog_name="mainstem", standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)


__all__ = ["main"]
