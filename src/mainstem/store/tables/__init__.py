"""Every table of the store, as SQLAlchemy metadata, a module for each subject; `migrations` holds the way here.

Ids named `source_id`, `space_id`, `parent_id`, `container_id`, `author_id` and `editor_id` are Confluence's own, opaque
and unique within one connection; integer ids are ours. Ids of documents, chains and journal entries are never used
twice, because the search index remembers them.
"""

from mainstem.store.columns import metadata
from mainstem.store.tables.alerts import alerts, channels, deliveries
from mainstem.store.tables.asking import answer_feedback, answer_sources, answers, consents
from mainstem.store.tables.audience import (
    chain_holders,
    chains,
    clause_principals,
    clauses,
    group_groups,
    group_members,
    groups,
    holders,
    openings,
    people,
)
from mainstem.store.tables.checkups import checkups
from mainstem.store.tables.drafts import drafts
from mainstem.store.tables.grants import grants
from mainstem.store.tables.members import (
    api_keys,
    deeds,
    failed_sign_ins,
    group_roles,
    identities,
    looks,
    members,
    saved_searches,
    sessions,
    sign_on,
    subjects,
    workspace,
)
from mainstem.store.tables.mirror import (
    bodies,
    connections,
    documents,
    file_texts,
    filings,
    former_titles,
    kept_files,
    kept_objects,
    labels,
    links,
    macros,
    met_spaces,
    passages,
    properties,
    spaces,
    tasks,
    tombstones,
)
from mainstem.store.tables.plans import plans, removals
from mainstem.store.tables.work import claims, events, journal, leases, run_failures, runs, seen, workers

__all__ = [
    "alerts",
    "answer_feedback",
    "answer_sources",
    "answers",
    "api_keys",
    "bodies",
    "chain_holders",
    "chains",
    "channels",
    "checkups",
    "claims",
    "clause_principals",
    "clauses",
    "connections",
    "consents",
    "deeds",
    "deliveries",
    "documents",
    "drafts",
    "events",
    "failed_sign_ins",
    "file_texts",
    "filings",
    "former_titles",
    "grants",
    "group_groups",
    "group_members",
    "group_roles",
    "groups",
    "holders",
    "identities",
    "journal",
    "kept_files",
    "kept_objects",
    "labels",
    "leases",
    "links",
    "looks",
    "macros",
    "members",
    "met_spaces",
    "metadata",
    "openings",
    "passages",
    "people",
    "plans",
    "properties",
    "removals",
    "run_failures",
    "runs",
    "saved_searches",
    "seen",
    "sessions",
    "sign_on",
    "spaces",
    "subjects",
    "tasks",
    "tombstones",
    "workers",
    "workspace",
]
