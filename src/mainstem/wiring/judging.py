"""Why a member can or cannot see a content of Confluence, for an admin who asks by their own sight."""

from dataclasses import dataclass

from sqlalchemy import Connection

from mainstem.accounts.errors import UnknownMember
from mainstem.accounts.members import Member, viewer_of
from mainstem.accounts.roles import Role
from mainstem.reading.why import Verdict, explain_other
from mainstem.store import members
from mainstem.wiki.audience import Viewer
from mainstem.wiring.reader import Reader


@dataclass(frozen=True, slots=True)
class Judged:
    """A member, by name; whether they are anybody in the connection; and why they see a content of it, or do not."""

    name: str
    tied: bool
    verdict: Verdict


def judged(reader: Reader, db: Connection, content: tuple[int, str], member_id: int, *, asker: Viewer) -> Judged | None:
    """Why a member sees a content, by its connection and Confluence's id; None where none is stored.

    Raises UnknownMember, also for one who was shut out and sees nothing at all.
    """
    saved = members.member(db, member_id)
    if saved is None or not saved.active:
        raise UnknownMember(member_id)
    member = Member(saved.id, saved.email, saved.name, Role(saved.role))
    viewer = viewer_of(db, member, rules_since=reader.rules_since)
    verdict = explain_other(db, content, viewer=viewer, asker=asker)
    tied = any(connection_id == content[0] for connection_id, _ in members.ties(db, member.id))
    return None if verdict is None else Judged(saved.name, tied, verdict)
