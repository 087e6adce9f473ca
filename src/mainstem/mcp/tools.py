"""What the tools do, whoever calls them and however: search, read and ask, as one member.

What the member may not read is not there, by whatever id it is asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from mainstem.accounts.members import Member, viewer_of
from mainstem.assist.asking import Draft, Library, answer
from mainstem.assist.keeping import renumbered
from mainstem.assist.language_model import LanguageModel
from mainstem.reading.addresses import Addresses
from mainstem.reading.document import ReadDocument, open_document
from mainstem.search.find import Page, Result, find
from mainstem.store.answers import Claim, Outcome
from mainstem.store.database import reading
from mainstem.wiki.audience import Viewer
from mainstem.wiring.reader import Reader

NOTHING = "There is no such document or section, or nothing that you may read. Search, and use an id that it names."
NO_ANSWER = "The documents that you may read do not answer this."

MEMBER = "mainstem.member"
"""Where the scope of a request over HTTP names who calls."""


class Hit(BaseModel):
    """One document that fits."""

    document_id: int = Field(description="What `read` takes.")
    title: str
    space: str
    passage: str = Field(description="The stretch that fits best.")
    headings: list[str] = Field(description="The headings above the passage.")
    section: str = Field(description="The section of the passage, as `read` takes it; empty at the top.")
    updated: datetime | None
    url: str = Field(description="Its source in Confluence.")


class Hits(BaseModel):
    """What was found, the best first."""

    total: int = Field(description="How many documents fit in all.")
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools of one hub. `model` writes answers where there is one; else passages are quoted."""

    reader: Reader
    addresses: Addresses
    model: LanguageModel | None = None

    def search(self, member: Member, query: str, limit: int, offset: int) -> Hits:
        """The documents that fit a query."""
        reader = self.reader
        with reading(reader.engine) as db:
            found = find(
                query,
                viewer=self._viewer(db, member),
                store=db,
                index=reader.index,
                now=reader.clock(),
                page=Page(limit, offset),
            )
        return Hits(total=found.total, hits=[_hit(each) for each in found.results])

    def read(self, member: Member, document_id: int, section: str) -> str | None:
        """A document, or one section of it, as Markdown below what is known of it; None when there is none."""
        now = self.reader.clock()
        with reading(self.reader.engine) as db:
            viewer = self._viewer(db, member)
            found = open_document(db, document_id, viewer=viewer, addresses=self.addresses, now=now)
        text = None if found is None else found.markdown(section)
        return None if found is None or text is None else f"{_opening(found, section)}\n{text}"

    async def ask(self, member: Member, question: str) -> str:
        """An answer with the passages it rests on."""
        reader = self.reader
        with reading(reader.engine) as db:
            viewer = self._viewer(db, member)
        library = Library(reader.engine, reader.index)
        draft = await answer(question, viewer=viewer, library=library, now=reader.clock(), model=self.model)
        return _answered(draft)

    def _viewer(self, db: Connection, member: Member) -> Viewer:
        return viewer_of(db, member, rules_since=self.reader.rules_since)


def _hit(result: Result) -> Hit:
    return Hit(
        document_id=result.document_id,
        title=result.title,
        space=result.space_name or result.space,
        passage=result.passage.text,
        headings=list(result.heading_path),
        section=result.anchor,
        updated=result.updated_at,
        url=result.url,
    )


def _opening(found: ReadDocument, section: str) -> str:
    told = {
        "Source": found.url,
        "Space": found.space_name or found.space_key,
        "Below": " / ".join(crumb.title for crumb in found.breadcrumb),
        "Section": next((each.text for each in found.contents if each.anchor == section), section),
        "Category": found.filed.category.name if found.filed.category else "",
        "Tags": ", ".join(each.name for each in found.filed.tags),
        "Collections": ", ".join(each.name for each in found.filed.collections),
        "Owner": found.filed.owner.name if found.filed.owner else "",
        "Updated": "" if found.modified_at is None else found.modified_at.date().isoformat(),
        "By": found.editor or found.author or "",
    }
    return "\n".join([f"# {found.title}", "", *(f"- {name}: {value}" for name, value in told.items() if value), ""])


def _answered(draft: Draft) -> str:
    quotes, claims = renumbered(draft.quotes, draft.written.claims)
    trouble = [draft.written.trouble] if draft.written.trouble else []
    if draft.written.outcome is Outcome.NOTHING:
        near = [f"- {each.title} (document {each.document_id}): {each.url}" for each in draft.nearest]
        return "\n".join([*trouble, NO_ANSWER, *(["", "Near it:", *near] if near else [])])
    sources = [
        f"[{each.number}] {' > '.join((each.title, *each.heading_path))} (document {each.document_id}): {each.url}"
        for each in quotes
    ]
    return "\n".join([*trouble, *_sentences(claims), "", "Sources:", *sources])


def _sentences(claims: Iterable[Claim]) -> Iterable[str]:
    for claim in claims:
        numbers = "".join(f"[{number}]" for number in claim.cites)
        yield f"{'- ' if claim.listed else ''}{claim.text} {numbers}".rstrip()
