"""Files of documents, sent to whoever may read them: shown in place where that is safe, else offered for saving.

What is not kept yet is fetched from Confluence first; where this process may not sign in there, the way leads there.
"""

from dataclasses import dataclass
from pathlib import Path as File
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from mainstem.accounts.members import viewer_of
from mainstem.confluence.errors import NotVisible
from mainstem.errors import MainstemError, RetryLater, SkipItem, TellPerson
from mainstem.reading.files import Download, file_of
from mainstem.store.database import reading
from mainstem.web import addresses
from mainstem.web.asking import SignedIn
from mainstem.web.face import face_of
from mainstem.web.pages import page

router = APIRouter()

FileId = Annotated[int, Path(ge=1, le=2**63 - 1)]

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a file that is opened by itself: nothing in it runs, loads or posts, whatever it is. Drawings may have styles."""


@dataclass(frozen=True, slots=True)
class NotHad:
    """Why a file could not be had, and where it is in Confluence."""

    filename: str
    why: str
    url: str
    again_href: str


def wanted(request: Request, asking: SignedIn, document_id: FileId) -> Download:
    """The file that was asked for; to whoever may not have it, there is none."""
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        found = file_of(db, document_id, viewer=viewer)
    if found is None:
        raise HTTPException(404)
    return found


Wanted = Annotated[Download, Depends(wanted)]


@router.get("/files/{document_id}")  # noqa: FAST003  `wanted` takes it
@router.get("/files/{document_id}/{name:path}")
async def file(request: Request, asking: SignedIn, found: Wanted) -> Response:
    """A file; its name in the address is only for people."""
    shelf = face_of(request).files
    try:
        kept = await shelf.kept(found) if shelf else None
        if kept is None and shelf and shelf.may_fetch(found):
            kept = await shelf.fetch(found)
    except MainstemError as trouble:
        again = addresses.file(found.document_id, found.filename)
        content = NotHad(found.filename, _reason(trouble), found.url, again)
        return page(request, "nofile.html", content, asking=asking, status=502)
    if kept is not None:
        return _sent(request, found, kept)
    if not found.url:
        raise HTTPException(404)
    return RedirectResponse(found.url, 303)


def _sent(request: Request, found: Download, kept: File) -> Response:
    """The bytes. Browsers ask each time, for who may have them changes; what they hold already is not sent again."""
    shown = "inline" if found.in_place else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(found.filename, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{kept.name}"',
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(kept, media_type=found.media_type, headers=headers)


def _reason(trouble: MainstemError) -> str:
    """What to tell somebody who only reads: no details of the connection, which are an admin's."""
    match trouble:
        case NotVisible():
            return "Confluence does not have it any more, or does not give it to this workspace."
        case SkipItem():
            return "Confluence does not give it out in one piece."
        case RetryLater():
            return "Confluence does not answer just now. Try again in a moment."
        case TellPerson():
            return str(trouble)
        case _:
            return "This workspace cannot sign in to Confluence at the moment. An admin can see to it."
