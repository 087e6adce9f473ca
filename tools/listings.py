"""Writes the listings in docs/ that are made from the code: `make listings`. A house test compares them."""

import re
from pathlib import Path

from mainstem.settings import PREFIX, SECRETS, Settings
from tools.field_listing import fields_page
from tools.macro_listing import macros_page

DOCS = Path(__file__).parents[1] / "docs"

OPENING = f"""\
# Settings

Each is an environment variable; options of a command win over it. A variable that begins with `{PREFIX}` and is not in
this list is an error. A secret may be given as the path of a file instead, by adding `_FILE` to its name.

This page is made from `src/mainstem/settings.py` by `make listings`.

| variable | default | what it is |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The page on settings, as Markdown."""
    return OPENING + "".join(_row(name) for name in Settings.model_fields)


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    default = "" if field.default is None else f"`{_shown(field.default)}`"
    secret = " Secret." if name in SECRETS else ""
    return f"| `{PREFIX}{name.upper()}` | {default} | {field.description}{secret} |\n"


def _shown(default: object) -> str:
    """A default, with whoever's home folder it was made in as `~`."""
    return re.sub(rf"^{re.escape(str(Path.home()))}", "~", str(default))


if __name__ == "__main__":
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "fields.md").write_text(fields_page(), encoding="utf-8")
    (DOCS / "macros.md").write_text(macros_page(), encoding="utf-8")
