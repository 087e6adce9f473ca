"""A folder of storage-format files as one space, to see what becomes of real documents."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from confluence_emulator.sample.cast import OWNER, SITE_NAME
from confluence_emulator.sample.larkspur import add_people
from confluence_emulator.state import Content, Kind, Site, Space, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import ADMIN_RIGHTS, ALL_LICENSED, MEMBER_RIGHTS, user_principal

SUFFIXES = frozenset({".xml", ".xhtml", ".html", ".storage"})
SPACE_KEY = "DATA"


def load_directory(path: Path, now: Callable[[], datetime]) -> Site:
    """Every file below `path` with one of `SUFFIXES` as a page of the space `DATA`; folders are parent pages.

    A body is the file's text as UTF-8, with what is not UTF-8 replaced. A page is called like its file without the
    suffix; a name that occurs again gets a number. NotADirectoryError where there is no such folder.
    """
    if not path.is_dir():
        raise NotADirectoryError(path)
    site = Site(SITE_NAME, now)
    add_people(site)
    space = membership.add_space(site, SPACE_KEY, path.resolve().name, OWNER.account_id)
    membership.grant(site, space, ALL_LICENSED, MEMBER_RIGHTS)
    membership.grant(site, space, user_principal(OWNER.account_id), ADMIN_RIGHTS)
    home = _add(site, space, path.resolve().name, "", path, None)
    membership.set_homepage(site, space, home.id)
    pages = {path: home}
    for file in _files(path):
        parent = _parent(site, space, pages, file.parent)
        _add(site, space, file.stem, file.read_text("utf-8", errors="replace"), file, parent)
    return site


def _files(path: Path) -> Iterator[Path]:
    return (file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES and file.is_file())


def _parent(site: Site, space: Space, pages: dict[Path, Content], folder: Path) -> Content:
    """The page of a folder, made when first needed."""
    if folder not in pages:
        above = _parent(site, space, pages, folder.parent)
        pages[folder] = _add(site, space, folder.name, "", folder, above)
    return pages[folder]


def _add(site: Site, space: Space, name: str, body: str, source: Path, parent: Content | None) -> Content:
    title, number = name, 1
    while site.page_titled(space.id, title) is not None:
        number += 1
        title = f"{name} ({number})"
    written = datetime.fromtimestamp(source.stat().st_mtime, UTC)
    draft = Draft(title, body, created_at=min(written, site.now()))
    return changes.create(site, Kind.PAGE, space, OWNER.account_id, draft, parent=parent)
