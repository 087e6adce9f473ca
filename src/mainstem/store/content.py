"""Saving what Confluence holds: spaces, documents with all that was made of their bodies, heads, tombstones.

Every change that search could notice goes to the journal. Whether a document may be read depends on its rules and its
place: call `chains.rebuild_chains` before the transaction commits whenever a document is new, moved or comes back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, insert, select, update

from mainstem.store import journal, tombstones
from mainstem.store.audiences import HolderKind, add_holders
from mainstem.store.chains import RulesState
from mainstem.store.extracts import save_extracts
from mainstem.store.filing import file_anew, file_spaces
from mainstem.store.former_titles import remember
from mainstem.store.tables import bodies, documents, file_texts, spaces
from mainstem.store.tombstones import Why
from mainstem.store.upsert import chunks, insertion, upsert
from mainstem.wiki.content import Content, Space, Status
from mainstem.wiki.documents import Converted

STORAGE_FORMAT = "storage"

_THERE = {"deleted_at": None, "restored_at": None}

_KEY = ("connection_id", "source_id")
_PLACE = ("space_id", "container_id", "parent_id", "parent_kind", "status")
_SEARCHABLE = ("title", "space_id", "status", "url", "modified_at", "in_scope")


def save_spaces(db: Connection, connection_id: int, found: Sequence[Space]) -> None:
    """Save spaces as they are now; nobody sees into a new one until its clause is saved."""
    rows = [
        {
            "connection_id": connection_id,
            "source_id": space.id,
            "key": space.key,
            "name": space.name,
            "kind": space.kind,
            "status": space.status,
            "homepage_id": space.homepage_id,
            "url": space.url,
        }
        for space in found
    ]
    before = {space.id: space for space in saved_spaces(db, connection_id)}
    upsert(db, spaces, rows, key=_KEY)
    known = [(before[space.id], space) for space in found if space.id in before]
    file_spaces(db, connection_id, [now.id for old, now in known if (old.key, old.name) != (now.key, now.name)])
    add_holders(db, connection_id, HolderKind.SPACE, [space.id for space in found])


def saved_spaces(db: Connection, connection_id: int) -> list[Space]:
    """All spaces of a connection that were ever saved, as they were last found."""
    rows = db.execute(select(spaces).where(spaces.c.connection_id == connection_id).order_by(spaces.c.key))
    return [
        Space(row.source_id, row.key, row.name, row.kind, Status(row.status), row.homepage_id, row.url) for row in rows
    ]


def save_listed(db: Connection, connection_id: int, listed: Mapping[str, int], now: datetime) -> None:
    """Save how many current pages and posts Confluence named of spaces that were listed to their end, by space id."""
    rows = [{"space": id_, "number": number} for id_, number in listed.items()]
    if rows:
        own = (spaces.c.connection_id == connection_id, spaces.c.source_id == bindparam("space"))
        db.execute(update(spaces).where(*own).values(listed=bindparam("number"), listed_at=now), rows)


def listed_spaces(db: Connection, connection_id: int) -> dict[str, tuple[int, datetime]]:
    """What `save_listed` saved last, and when, by space id."""
    known = select(spaces.c.source_id, spaces.c.listed, spaces.c.listed_at).where(spaces.c.listed.is_not(None))
    return {id_: (number, at) for id_, number, at in db.execute(known.where(spaces.c.connection_id == connection_id))}


def save_documents(
    db: Connection, connection_id: int, found: Sequence[tuple[Content, str | None, Converted]], now: datetime
) -> None:
    """Save contents in full: (content with body, hash of that body or None without one, what was made of it).

    Replaces the body and its extract; labels and rules stay as they are. A tombstone comes back to life.
    A comment or attachment with no space of its own gets that of what it belongs to.
    """
    latest = {content.id: (content, body_hash, made) for content, body_hash, made in found}
    contents = _in_their_spaces(db, connection_id, {id_: content for id_, (content, _, _) in latest.items()})
    rows = [
        _row(connection_id, content, now)
        | {"body_hash": latest[id_][1], "extraction": latest[id_][2].extraction, "in_scope": True}
        | _THERE
        for id_, content in contents.items()
    ]
    _remember(db, _searchable(db, connection_id, list(contents)), contents)
    upsert(db, documents, rows, key=_KEY, keep=("rules_state", "held"))
    ids = ids_of(db, connection_id, list(latest))
    tombstones.forget(db, ids.values())
    for some in chunks(list(ids.values())):
        db.execute(delete(file_texts).where(file_texts.c.document_id.in_(some)))
    save_bodies(db, {ids[id_]: (content.body, made) for id_, (content, _, made) in latest.items()})
    file_anew(db, connection_id, list(ids.values()))


def save_bodies(db: Connection, found: Mapping[int, tuple[str | None, Converted]]) -> None:
    """Replace the bodies of documents, by our id, with what was made of each: None is a document without a body."""
    for some in chunks(list(found)):
        db.execute(delete(bodies).where(bodies.c.document_id.in_(some)))
    sources = [
        {"document_id": id_, "representation": STORAGE_FORMAT, "source": body}
        for id_, (body, _) in found.items()
        if body is not None
    ]
    if sources:
        db.execute(insert(bodies), sources)
    save_extracts(db, {id_: made for id_, (_, made) in found.items()})
    journal.append(db, list(found))


def save_heads(
    db: Connection, connection_id: int, found: Sequence[Content], now: datetime, *, in_scope: bool = True
) -> None:
    """Save everything but bodies: new titled entries, moves, renames, status, position, scope.

    The version of a document whose body is stored stays that body's. A tombstone that is saved out of scope stands in
    the tree again, so that what is below it can be seen; in scope it stays a tombstone. What was restored stays so.
    """
    contents = _in_their_spaces(db, connection_id, {content.id: content for content in found})
    if not contents:
        return
    before = _searchable(db, connection_id, list(contents))
    _remember(db, before, contents)
    if not in_scope:
        _note_leaving(db, before, contents, now)
    there = {"in_scope": in_scope} if in_scope else {"in_scope": False, "deleted_at": None}
    rows = {id_: _row(connection_id, content, now) | there for id_, content in contents.items()}
    statement = insertion(db, documents)
    kept = {*_KEY, "rules_state", "held", "version"}
    changes: dict[str, Any] = {name: statement.excluded[name] for name in next(iter(rows.values())) if name not in kept}
    changes["version"] = case((documents.c.body_hash.is_(None), statement.excluded.version), else_=documents.c.version)
    mirrored = documents.c.restored_at.is_(None)
    db.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changes, where=mirrored), list(rows.values()))
    changed = [
        old.id for id_, old in before.items() if any(getattr(old, name) != rows[id_][name] for name in _SEARCHABLE)
    ]
    journal.append(db, changed)
    placed = [id_ for id_, content in contents.items() if not _stands(before.get(id_), content)]
    file_anew(db, connection_id, list(ids_of(db, connection_id, placed).values()))


def save_places(db: Connection, connection_id: int, found: Sequence[Content]) -> None:
    """Save where stored contents stand now, and their status; what they say stays as it was.

    So a move takes effect at once, while a new title or text waits until it is read together with its rules.
    """
    contents = {content.id: content for content in found}
    before = _searchable(db, connection_id, list(contents))
    rows = [{"document": old.id} | _place(contents[id_], old.space_id) for id_, old in before.items()]
    places = zip(rows, before.values(), strict=True)
    remember(db, before.values(), {old.id: (old.title, row["now_space_id"]) for row, old in places})
    if rows:
        moving = update(documents).where(documents.c.id == bindparam("document"))
        db.execute(moving.values({name: bindparam(f"now_{name}") for name in _PLACE}), rows)
    told = [old.id for id_, old in before.items() if _is_elsewhere(contents[id_], old)]
    journal.append(db, told)
    file_anew(db, connection_id, told)


def hold(db: Connection, connection_id: int, source_ids: Collection[str]) -> None:
    """Hide what was moved or is not met any more, with all below it, until a later run knows better (see `release`)."""
    for some in chunks(sorted(source_ids)):
        moved = update(documents).where(documents.c.connection_id == connection_id, documents.c.source_id.in_(some))
        db.execute(moved.values(held=True))


def release(db: Connection, connection_id: int, space_ids: Collection[str], *, but: Collection[str] = ()) -> bool:
    """Let what was held in these spaces show in its place, once the chains are rebuilt; whether there was anything.

    Not the contents `but`, by Confluence's ids.
    """
    held = and_(documents.c.connection_id == connection_id, documents.c.held)
    # What is held is little, the spaces and what stays held may be many: so these are told apart here.
    where, kept = frozenset(space_ids), frozenset(but)
    found = db.execute(select(documents.c.source_id, documents.c.space_id).where(held)).all()
    released = sorted(id_ for id_, space_id in found if space_id in where and id_ not in kept)
    for some in chunks(released):
        db.execute(update(documents).where(held, documents.c.source_id.in_(some)).values(held=False))
    return bool(released)


def tombstone(db: Connection, document_ids: Collection[int], now: datetime, why: Why = Why.UNSEEN) -> int:
    """Hide documents that Confluence no longer has, keeping all that is known of them; how many were still alive."""
    changed: list[int] = []
    tombstones.note(db, document_ids, why, now)
    for some in chunks(sorted(document_ids)):
        statement = (
            update(documents)
            .where(documents.c.id.in_(some), documents.c.deleted_at.is_(None))
            .values(deleted_at=now)
            .returning(documents.c.id)
        )
        changed += db.execute(statement).scalars()
    journal.append(db, changed)
    return len(changed)


def ids_of(db: Connection, connection_id: int, source_ids: Sequence[str]) -> dict[str, int]:
    """Our ids of stored documents, tombstones included, by Confluence's ids."""
    found: dict[str, int] = {}
    for some in chunks(source_ids):
        statement = select(documents.c.source_id, documents.c.id).where(
            documents.c.connection_id == connection_id, documents.c.source_id.in_(some)
        )
        found.update(db.execute(statement).all())
    return found


def source_ids(db: Connection, document_ids: Collection[int]) -> list[str]:
    """Confluence's ids of stored documents, tombstones included, by ours."""
    return list(db.execute(select(documents.c.source_id).where(documents.c.id.in_(document_ids))).scalars())


def _note_leaving(
    db: Connection, before: Mapping[str, Row[Any]], now_there: Mapping[str, Content], now: datetime
) -> None:
    """Note those that were documents and are kept for the tree alone from now on."""
    leaving = [(old.id, now_there[id_].status) for id_, old in before.items() if old.in_scope]
    for why in (Why.ARCHIVED, Why.LEFT_OUT):
        of = [id_ for id_, status in leaving if (status is Status.ARCHIVED) == (why is Why.ARCHIVED)]
        tombstones.note(db, of, why, now)


def _remember(db: Connection, before: Mapping[str, Row[Any]], now: Mapping[str, Content]) -> None:
    remember(db, before.values(), {old.id: (now[id_].title, now[id_].space_id) for id_, old in before.items()})


def _place(content: Content, space_id: str) -> dict[str, Any]:
    placed = replace(content, space_id=content.space_id or space_id)
    return {f"now_{name}": getattr(placed, name) for name in _PLACE}


def _stands(old: Row[Any] | None, content: Content) -> bool:
    """Whether it was stored before, in the same space."""
    return old is not None and old.space_id == content.space_id


def _is_elsewhere(content: Content, old: Row[Any]) -> bool:
    return old.status != content.status or bool(content.space_id and old.space_id != content.space_id)


def _in_their_spaces(db: Connection, connection_id: int, contents: Mapping[str, Content]) -> dict[str, Content]:
    """The same contents; where the space is missing, with the space of what they belong to."""
    homeless = [content for content in contents.values() if not content.space_id]
    if not homeless:
        return dict(contents)
    containers = sorted({content.container_id for content in homeless if content.container_id})
    known = {id_: row.space_id for id_, row in _searchable(db, connection_id, containers).items()}
    known |= {id_: content.space_id for id_, content in contents.items() if content.space_id}
    settled = dict(contents)
    # A comment on an attachment is two steps from its page, and both may have come in this batch.
    for _ in range(2):
        for content in homeless:
            space_id = known.get(content.container_id or "", "")
            settled[content.id] = replace(content, space_id=space_id)
            if space_id:
                known[content.id] = space_id
    return settled


def _searchable(db: Connection, connection_id: int, source_ids: Sequence[str]) -> dict[str, Row[Any]]:
    columns = [documents.c[name] for name in ("kind", *_SEARCHABLE)]
    found: dict[str, Row[Any]] = {}
    for some in chunks(source_ids):
        statement = select(documents.c.source_id, documents.c.id, *columns).where(
            documents.c.connection_id == connection_id, documents.c.source_id.in_(some)
        )
        found |= {row.source_id: row for row in db.execute(statement)}
    return found


def _row(connection_id: int, content: Content, now: datetime) -> dict[str, Any]:
    file = content.file
    return {
        "connection_id": connection_id,
        "source_id": content.id,
        "kind": content.kind,
        "space_id": content.space_id,
        "container_id": content.container_id,
        "parent_id": content.parent_id,
        "parent_kind": content.parent_kind,
        "title": content.title,
        "version": content.version,
        "status": content.status,
        "url": content.url,
        "author_id": content.author_id,
        "editor_id": content.editor_id,
        "created_at": content.created_at,
        "modified_at": content.modified_at,
        "position": content.position,
        "media_type": file and file.media_type,
        "file_size": file and file.size,
        "file_id": file and file.file_id,
        "download": file and file.download,
        "file_comment": file and file.comment,
        "inline_selection": content.inline_selection,
        "resolved": content.resolved,
        "rules_state": RulesState.UNREAD,
        "held": False,
        "saved_at": now,
    }
