"""How documents are filed: what the rules of their connection give them, saved beside what people gave.

For the store itself and for sync, so no viewer is asked for but where documents are counted or named. Rules give and
take only what is theirs; search is told of what differs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from mainstem.store import journal
from mainstem.store.parts import labels_of, properties_of
from mainstem.store.tables import connections, documents, filings, people, spaces
from mainstem.store.upsert import chunks
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki import filing
from mainstem.wiki.audience import Viewer
from mainstem.wiki.filing import Drawer, Facts, Filing, FilingRule, On, Origin

_FACTS = 2_000
"""Documents of which rules look at once."""


def file_anew(db: Connection, connection_id: int, document_ids: Collection[int]) -> int:
    """File documents of a connection by its rules as they are now; how many are filed otherwise than before."""
    rules = rules_now(db, connection_id)
    version, different = filing.number_of_rules(rules), list[int]()
    for some in chunks(sorted(document_ids)):
        wanted = _wanted(db, connection_id, rules, some) if rules else {}
        stored = _given_by_rules(db, some)
        changed = [id_ for id_ in some if stored.get(id_, set()) != wanted.get(id_, set())]
        db.execute(delete(filings).where(_by_rules(), filings.c.document_id.in_(changed)))
        if rows := [_row(id_, each) for id_ in changed for each in sorted(wanted.get(id_, ()), key=_order)]:
            db.execute(insert(filings), rows)
        own = documents.c.id.in_(some), documents.c.filed_by != version
        db.execute(update(documents).where(*own).values(filed_by=version))
        different += changed
    journal.append(db, different)
    return len(different)


def rules_now(db: Connection, connection_id: int) -> tuple[FilingRule, ...]:
    """The rules of a connection, in their order."""
    found = db.execute(select(connections.c.rules).where(connections.c.id == connection_id)).scalar_one_or_none()
    return filing.rules_of(found or ())


def filed_otherwise(db: Connection, *, limit: int) -> dict[int, list[int]]:
    """The next documents, of all connections, that were filed by other rules than there are now: ids by connection.

    Nobody else gets these until the transaction ends. What somebody is just saving is left out: it is filed by that.
    """
    journal.take_turn(db)  # before any document: whoever saves one takes its turn while they have others
    found: defaultdict[int, list[int]] = defaultdict(list)
    if (other := _filed_otherwise(db)) is not None:
        statement = select(documents.c.connection_id, documents.c.id).where(other).order_by(documents.c.id)
        for connection_id, document_id in db.execute(statement.limit(limit).with_for_update(skip_locked=True)):
            found[connection_id].append(document_id)
    return dict(found)


def is_filed_otherwise(db: Connection) -> bool:
    """Whether any document was filed by other rules than there are now."""
    other = _filed_otherwise(db)
    return other is not None and db.execute(select(documents.c.id).where(other).limit(1)).first() is not None


def _filed_otherwise(db: Connection) -> ColumnElement[bool] | None:
    every = db.execute(select(connections.c.id, connections.c.rules)).all()
    versions = {id_: filing.number_of_rules(filing.rules_of(rules or ())) for id_, rules in every}
    other = [and_(documents.c.connection_id == id_, documents.c.filed_by != now) for id_, now in versions.items()]
    return or_(*other) if other else None


def file_spaces(db: Connection, connection_id: int, space_ids: Collection[str]) -> None:
    """File what stands in spaces that have another key or name now; search is told of all of it."""
    for some in chunks(sorted(space_ids)):
        own = and_(documents.c.connection_id == connection_id, documents.c.space_id.in_(some))
        journal.append_where(db, own)
        file_anew(db, connection_id, list(db.execute(select(documents.c.id).where(own)).scalars()))


def numbers(db: Connection, connection_id: int, *, viewer: Viewer) -> dict[tuple[Drawer, str, str], int]:
    """How many documents that a viewer can read each rule files, by the key of the rule."""
    rows = select(filings.c.drawer, filings.c.by, filings.c.name, func.count()).join_from(filings, documents)
    own = _by_rules(), documents.c.connection_id == connection_id, readable_among_all(viewer)
    grouped = rows.where(*own).group_by(filings.c.drawer, filings.c.by, filings.c.name)
    found = {(Drawer(drawer), by, name): number for drawer, by, name, number in db.execute(grouped, seen_by(viewer))}
    each = select(filings.c.drawer, filings.c.by, func.count(filings.c.document_id.distinct()))
    all_of = each.join_from(filings, documents).where(*own).group_by(filings.c.drawer, filings.c.by)
    return found | {(Drawer(drawer), by, ""): number for drawer, by, number in db.execute(all_of, seen_by(viewer))}


def would_file(
    db: Connection, connection_id: int, before: Sequence[FilingRule], rule: FilingRule, *, viewer: Viewer
) -> list[int]:
    """The documents that a viewer can read to which a rule would give something, behind the rules `before` it."""
    same = [each for each in before if each.drawer is rule.drawer]
    chosen = documents.c.connection_id == connection_id, readable_among_all(viewer)
    ids = db.execute(select(documents.c.id).where(*chosen).order_by(documents.c.id), seen_by(viewer)).scalars().all()
    found = list[int]()
    for facts in _facts(db, ids, [*same, rule]):
        for id_, known in facts.items():
            earlier = {(each.drawer, each.name) for each in filing.filings(known, same)}
            now = filing.filings(known, [*same, rule])
            if any((each.drawer, each.name) not in earlier for each in now):
                found.append(id_)
    return found


def titles(db: Connection, document_ids: Sequence[int], *, viewer: Viewer, limit: int) -> list[tuple[int, str]]:
    """The first of these documents that a viewer can read: our id and the title."""
    found: list[tuple[int, str]] = []
    for some in chunks(document_ids):
        rows = select(documents.c.id, documents.c.title).where(documents.c.id.in_(some), readable_among_all(viewer))
        rows = rows.order_by(documents.c.id).limit(limit - len(found))
        found += [(id_, title) for id_, title in db.execute(rows, seen_by(viewer))]
        if len(found) >= limit:
            break
    return found


def _wanted(
    db: Connection, connection_id: int, rules: Sequence[FilingRule], some: Sequence[int]
) -> dict[int, set[Filing]]:
    given = {id_: filing.filings(known, rules) for facts in _facts(db, some, rules) for id_, known in facts.items()}
    named = {each.name for own in given.values() for each in own if each.drawer is Drawer.OWNER}
    accounts = _accounts(db, connection_id, named) if named else {}
    return {
        id_: {replace(each, account=accounts.get(each.name)) if each.drawer is Drawer.OWNER else each for each in own}
        for id_, own in given.items()
    }


def _facts(db: Connection, ids: Sequence[int], rules: Sequence[FilingRule]) -> Iterator[Mapping[int, Facts]]:
    """What is known of documents, as far as these rules ask for it."""
    labelled = any(rule.on is On.LABEL or rule.drawer is Drawer.TAG for rule in rules)
    having = any(rule.on is On.FIELD for rule in rules)
    space = and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
    columns = documents.c.id, func.coalesce(spaces.c.key, ""), func.coalesce(spaces.c.name, "")
    placed = select(*columns).select_from(documents.outerjoin(spaces, space)).order_by(documents.c.id)
    for start in range(0, len(ids), _FACTS):
        some = ids[start : start + _FACTS]
        labels = labels_of(db, some) if labelled else {}
        properties = properties_of(db, some) if having else {}
        yield {
            id_: Facts(key, name, labels.get(id_, ()), properties.get(id_, ()))
            for id_, key, name in db.execute(placed.where(documents.c.id.in_(some)))
        }


def _accounts(db: Connection, connection_id: int, named: Collection[str]) -> dict[str, str]:
    """Whom names mean, by the account's id, an e-mail, a user name, or a name that one person alone has."""
    keys = {name.casefold() for name in named}
    one_of = (
        people.c.source_id.in_(named),
        people.c.email_key.in_(keys),
        people.c.username_key.in_(keys),
        people.c.display_name.in_(named),
    )
    columns = people.c.source_id, people.c.email_key, people.c.username_key, people.c.display_name
    found = db.execute(select(*columns).where(people.c.connection_id == connection_id, or_(*one_of))).all()
    called: defaultdict[str, set[str]] = defaultdict(set)
    for id_, _, _, name in found:
        called[name].add(id_)
    sure = {name: min(ids) for name, ids in called.items() if len(ids) == 1}
    surer = {key: id_ for id_, email, username, _ in found for key in (username, email, id_) if key}
    told = {name: surer.get(name) or surer.get(name.casefold()) or sure.get(name) for name in named}
    return {name: id_ for name, id_ in told.items() if id_}


def _given_by_rules(db: Connection, some: Sequence[int]) -> dict[int, set[Filing]]:
    found: defaultdict[int, set[Filing]] = defaultdict(set)
    for row in db.execute(select(filings).where(_by_rules(), filings.c.document_id.in_(some))):
        found[row.document_id].add(Filing(Drawer(row.drawer), row.name, row.by, Origin.RULE, row.account))
    return found


def _by_rules() -> ColumnElement[bool]:
    return filings.c.origin == Origin.RULE


def _order(each: Filing) -> tuple[str, str]:
    return each.drawer, each.name


def _row(document_id: int, each: Filing) -> dict[str, object]:
    return {
        "document_id": document_id,
        "drawer": each.drawer,
        "origin": each.origin,
        "name": each.name,
        "by": each.by,
        "account": each.account,
    }
