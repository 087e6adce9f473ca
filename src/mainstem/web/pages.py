"""Templates: a whole page, or the part of it that htmx asks for, from the same file under the same address.

A template gets one frozen dataclass as `page`, what stands around it as `shell`, and escapes all that it writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mainstem.accounts.roles import Act
from mainstem.web.asking import Asking
from mainstem.web.assets import Assets
from mainstem.web.offers import Offers
from mainstem.web.words import duration

TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("light", "dark", "system")
_HUES = 5
_ICONS = 500


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a page. `asking` is None where nobody is signed in; `connections`: these pages are theirs.

    `sample`: the sample site can be had here.
    """

    path: str
    theme: str
    asking: Asking | None
    connections: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a page that htmx swaps in: a block, and further blocks by the selector of their place.

    `titled`: the page has another title with it, which the window takes over.
    """

    block: str
    also: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    titled: bool = False


class Pages:
    """Renders the templates of one folder."""

    def __init__(self, assets: Assets) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = assets
        icon = self._templates.get_template("partials/icon.html").module.icon  # type: ignore[attr-defined]  # its macro
        # A page has sixty icons, and all pages together have not many more.
        self._templates.globals["icon"] = lru_cache(_ICONS)(icon)
        self._templates.filters |= {
            "initials": initials,
            "hue": hue,
            "number": number,
            "instant": instant,
            "duration": duration,
        }

    def whole(self, template: str, **context: Any) -> str:
        """A page."""
        return self._templates.get_template(template).render(context)

    def block(self, template: str, block: str, **context: Any) -> str:
        """One block of a page."""
        found = self._templates.get_template(template)
        return "".join(found.blocks[block](found.new_context(context)))


def page(
    request: Request,
    template: str,
    content: object,
    *,
    asking: Asking | None,
    part: Part | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page, or only its part when htmx asks for one. `content` is the frozen dataclass that the template reads."""
    pages: Pages = request.app.state.pages
    theme = request.cookies.get("theme", "system")
    offers: Offers = request.app.state.offers
    connections = offers.connections and asking is not None and asking.may(Act.SEE_CONNECTIONS)
    sample = connections and offers.sample
    shell = Shell(request.scope["path"], theme if theme in THEMES else "system", asking, connections, sample)
    if part is None or request.headers.get("hx-request-type") != "partial":
        return HTMLResponse(pages.whole(template, page=content, shell=shell), status)
    title = f"<title>{pages.block(template, 'title', page=content)} · Mainstem</title>" if part.titled else ""
    html = title + pages.block(template, part.block, page=content, shell=shell)
    for place, block in part.also.items():
        inner = pages.block(template, block, page=content, shell=shell)
        html += f'<hx-partial hx-target="{place}" hx-swap="innerMorph">{inner}</hx-partial>'
    return HTMLResponse(html, status)


def initials(name: str) -> str:
    """The first letters of the first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def hue(name: str) -> str:
    """One of the fixed pairs of colours, always the same for the same name."""
    return f"av-{sum(map(ord, name)) % _HUES + 1}"


def number(value: int) -> str:
    """A whole number in groups of three digits."""
    return f"{value:,}"


def instant(value: datetime) -> str:
    """An instant as machines read it, to the second."""
    return value.isoformat(timespec="seconds")
