"""The command line: `mainstem`. Progress goes to standard error, results to standard output, `--json` for programs.

Exit codes: 0 done; 2 bad input; 3 incomplete; 4 the home, or its database, is in use by another process; 130 stopped
with Ctrl+C.
"""

from mainstem.cli.app import main

__all__ = ["main"]
