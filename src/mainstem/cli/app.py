"""The commands of `mainstem`, each in the module of its subject."""

import typer

from mainstem.cli import connecting, searching, syncing

app = typer.Typer(
    name="mainstem",
    help="A permission-aware, searchable knowledge hub over Confluence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("connect")(connecting.connect)
app.command("sync")(syncing.sync)
app.command("search")(searching.search)


def main() -> None:
    """The console entry point."""
    app()
