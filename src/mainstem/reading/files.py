"""An attachment to be sent to a viewer: which file to fetch, and what to tell a browser about it.

The bytes are Confluence's; nothing is fetched here.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from mainstem.files import kind_of_file
from mainstem.store.file_texts import Outcome, outcome
from mainstem.store.targets import stored_file
from mainstem.wiki.audience import Viewer

UNKNOWN_TYPE: Final = "application/octet-stream"

_NAME_ONLY: Final = "Only the name of this file is searched."
_NO_WORDS: Final = "There is no text in this file."

_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
"""Types that no browser runs. SVG and HTML are not among them: they may hold scripts."""

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_NOT_IN_A_NAME: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069/\\"]')


@dataclass(frozen=True, slots=True)
class Download:
    """One file. `reference` is where it is fetched, relative to the site's base, "" when that is unknown or not chosen.

    `size` is in bytes, as Confluence said.

    `url` is the address in Confluence that people open, `digest` the hash under which this version is kept here, or "".
    `filename` has no folders, quotes or control signs. `media_type` is a bare type, UNKNOWN_TYPE when that is in doubt.
    `in_place`: a browser may show it within a page; everything else is to be offered for saving.
    """

    document_id: int
    version: int
    connection_id: int
    source_id: str
    reference: str
    filename: str
    media_type: str
    size: int
    in_place: bool
    url: str
    digest: str


def file_of(db: Connection, document_id: int, *, viewer: Viewer) -> Download | None:
    """An attachment by our id; None when it is no attachment, or is not there for this viewer."""
    file = stored_file(db, document_id, viewer=viewer)
    if file is None:
        return None
    media_type = _media_type(file.media_type)
    # What becomes of the pictures of pages is another choice.
    here = shown_in_place(media_type) or file.choice.form(kind_of_file(file.filename, file.media_type)).keeps
    return Download(
        document_id=file.document_id,
        version=file.version,
        connection_id=file.connection_id,
        source_id=file.source_id,
        reference=file.download if here else "",
        filename=_NOT_IN_A_NAME.sub("_", file.filename).strip(". ") or "file",
        media_type=media_type,
        size=file.size,
        in_place=shown_in_place(media_type),
        url=file.url,
        digest=file.digest if here else "",
    )


def why_no_text(db: Connection, document_id: int, *, viewer: Viewer) -> str:
    """Why there is no text of a file to show, as a sentence."""
    match outcome(db, document_id, viewer=viewer):
        case None:
            return "Its text is not read yet; the next sync does."
        case (_, "") as told:
            return _NO_WORDS if told[0] is Outcome.READ else _NAME_ONLY
        case (_, cause):
            return f"{_NAME_ONLY} {cause}."


def shown_in_place(media_type: str) -> bool:
    """Whether a browser may show files of a type within a page."""
    return _media_type(media_type) in _PICTURES


def _media_type(told: str) -> str:
    bare = told.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else UNKNOWN_TYPE
