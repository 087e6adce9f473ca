"""Stylesheets, scripts, fonts and icons, held in memory under one content hash.

The hash stands in the path, so whatever is below it never changes and may be kept for ever, and a script imports its
neighbours by relative paths. Styles are joined in the order of their names, icons become one sprite, and htmx stands in
one file with its streams: loaded behind it, they would come too late for what htmx looks at first.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from starlette.responses import Response

STYLES = "css/app.css"
SPRITE = "icons.svg"
HTMX = "js/htmx.js"
HTMX_PARTS = ("vendor/htmx-4.0.1.min.js", "vendor/hx-sse-4.0.1.min.js")

_TYPES = MappingProxyType(
    {
        ".css": "text/css",
        ".js": "text/javascript",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".txt": "text/plain",
        ".woff2": "font/woff2",
    }
)
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """All static files, read once. `prefix` is where they are served, without a slash at its end."""

    def __init__(self, static: Path, icons: Path) -> None:
        self.files = _files(static, icons)
        named = b"".join(name.encode() + content for name, content in sorted(self.files.items()))
        self.hash = hashlib.sha256(named).hexdigest()[:12]
        self.prefix = f"/static/{self.hash}"
        self._packed = {name: gzip.compress(content, mtime=0) for name, content in self.files.items() if _packs(name)}

    def __call__(self, name: str) -> str:
        """The address of a file. Raises KeyError where there is none of that name."""
        if name not in self.files:
            raise KeyError(name)
        return f"{self.prefix}/{name}"

    def response(self, version: str, name: str, *, packed: bool) -> Response | None:
        """A file as an answer; None where there is none. Under another version's hash it must be asked for again.

        `packed`: whoever asks takes gzip, and gets what was packed once and as small as it goes.
        """
        content = self.files.get(name)
        if content is None:
            return None
        headers = {"Cache-Control": _FOR_EVER if version == self.hash else "no-cache"}
        if name in self._packed:
            headers["Vary"] = "Accept-Encoding"
            if packed:
                content = self._packed[name]
                headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=media_type(name), headers=headers)


def media_type(name: str) -> str:
    """The media type of a file of ours, whatever the machine's own table says."""
    return _TYPES[PurePosixPath(name).suffix]


def _packs(name: str) -> bool:
    """Whether a file gets smaller; fonts are packed already."""
    return PurePosixPath(name).suffix != ".woff2"


def _files(static: Path, icons: Path) -> Mapping[str, bytes]:
    found = {
        path.relative_to(static).as_posix(): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.suffix in _TYPES
    }
    styles = [name for name in found if name.startswith("css/")]
    found[STYLES] = _COMMENT.sub(b"", b"\n".join([found.pop(name) for name in styles]))
    found[SPRITE] = _sprite(icons)
    found[HTMX] = b"\n;\n".join(found[name] for name in HTMX_PARTS if name in found)
    return MappingProxyType(found)


def _sprite(icons: Path) -> bytes:
    symbols = (
        f'<symbol id="{path.stem}" viewBox="0 0 24 24">{_drawing(path)}</symbol>'
        for path in sorted(icons.glob("*.svg"))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _drawing(path: Path) -> str:
    match = _DRAWING.search(path.read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(path.name)
    return " ".join(match[1].split())
