"""Runs every measurement, each in a process of its own, and ends with one table: `python -m bench [script ...]`."""

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.verdicts import FAIL, Figure, print_table, read_reports

SCRIPTS = (
    "convert",
    "fidelity",
    "fuzz",
    "fuzz_files",
    "search",
    "first_sync",
    "unchanged",
    "kill",
    "faults",
    "chaos",
    "readers",
)


def main() -> int:
    """0 when every script ended well and nothing failed its goal, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scripts", nargs="*", default=SCRIPTS, help=f"default: {' '.join(SCRIPTS)}")
    failed = []
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as told:
        for script in parser.parse_args().scripts:
            command = [sys.executable, "-m", f"bench.{script}", "--into", told.name]
            if subprocess.run(command, check=False).returncode:
                failed.append(script)
        figures = [
            figure for report in read_reports(Path(told.name)) for figure in _headed(report.title, report.figures)
        ]
    print_table("Everything", figures)
    missed = [figure.what.strip() for figure in figures if figure.verdict == FAIL]
    print(f"\n{len(missed)} goals missed{': ' if missed else ''}{'; '.join(missed)}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _headed(title: str, figures: list[Figure]) -> list[Figure]:
    return [Figure(title, ""), *[replace(figure, what=f"  {figure.what}") for figure in figures]]


if __name__ == "__main__":
    sys.exit(main())
