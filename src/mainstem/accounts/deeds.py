"""The audit log: what members did that an owner must be able to look up later, and how it is said.

Each deed is written in the transaction that does it, so neither stands without the other. No secret is ever told here.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from mainstem.accounts.members import Member
from mainstem.store import deeds
from mainstem.store.deeds import Deed, NewDeed

COMMAND_LINE = "The command line"
NOTHING = "nothing"


class Done(StrEnum):
    """What is written down."""

    FOUNDED = "workspace founded"
    MEMBER_ADDED = "member added"
    ROLE_CHANGED = "role changed"
    SHUT_OUT = "member shut out"
    LET_IN = "member let in"
    TIED = "identity tied"
    UNTIED = "identity untied"
    VIEW_BEGUN = "viewing begun"
    VIEW_ENDED = "viewing ended"
    KEY_MADE = "API key made"
    KEY_REVOKED = "API key revoked"
    PASSWORD_CHANGED = "password changed"  # noqa: S105  the name of a deed
    CONNECTION_ADDED = "connection added"
    CONNECTION_RENAMED = "connection renamed"
    CONTENT_CHANGED = "connection content changed"
    CONVERSION_CHANGED = "connection conversion changed"
    RULES_CHANGED = "connection rules changed"
    SCHEDULE_CHANGED = "connection schedule changed"
    RULES_SCHEDULE_CHANGED = "permissions schedule changed"
    PERMISSIONS_OFF = "permissions switched off"
    PERMISSIONS_ON = "permissions switched on"
    CREDENTIAL_CHANGED = "connection credential changed"
    EXPIRY_CHANGED = "connection expiry changed"
    CONNECTION_PAUSED = "connection paused"
    CONNECTION_RESUMED = "connection resumed"
    DELETIONS_APPROVED = "deletions approved"
    DELETIONS_REFUSED = "deletions refused"
    REMOVED_RESTORED = "removed documents restored"
    REMOVED_PURGED = "removed documents purged"
    CONNECTION_REMOVED = "connection removed"
    CONNECTION_RESTORED = "connection restored"
    MODEL_ALLOWED = "language model allowed"
    SIGN_ON_CHANGED = "single sign-on changed"
    SIGN_ON_ENDED = "single sign-on ended"
    CAME_IN = "member came in"
    SIGN_IN_JOINED = "sign-in joined"
    SIGN_IN_PARTED = "sign-in parted"
    PROVED = "identity proved"
    GROUP_ROLE_CHANGED = "group role changed"


WORDS: Mapping[Done, str] = {
    Done.FOUNDED: "founded the workspace {subject}, and owns it",
    Done.MEMBER_ADDED: "added {subject} as {role}",
    Done.ROLE_CHANGED: "made {subject} {role}, who was {before}",
    Done.SHUT_OUT: "shut {subject} out",
    Done.LET_IN: "let {subject} in again",
    Done.TIED: "tied {subject} to {account} in {connection}",
    Done.UNTIED: "untied {subject} from {account} in {connection}",
    Done.VIEW_BEGUN: "began to read as {subject}",
    Done.VIEW_ENDED: "stopped reading as {subject}",
    Done.KEY_MADE: "made the API key {subject}, which may {may}",
    Done.KEY_REVOKED: "revoked the API key {subject}",
    Done.PASSWORD_CHANGED: "took another password",
    Done.CONNECTION_ADDED: "connected {subject}",
    Done.CONNECTION_RENAMED: "renamed the connection {before} to {subject}",
    Done.CONTENT_CHANGED: "changed what comes in by {subject}",
    Done.CONVERSION_CHANGED: "changed how {subject} is converted",
    Done.RULES_CHANGED: "changed the rules of {subject}",
    Done.SCHEDULE_CHANGED: "gave {subject} another schedule: {schedule}",
    Done.RULES_SCHEDULE_CHANGED: "gave the permissions of {subject} another schedule: {schedule}",
    Done.PERMISSIONS_OFF: "opened {subject} to all who have an account here: {people}",
    Done.PERMISSIONS_ON: "let the permissions of {subject} hold again",
    Done.CREDENTIAL_CHANGED: "gave {subject} another credential",
    Done.EXPIRY_CHANGED: "said when the credential of {subject} expires",
    Done.CONNECTION_PAUSED: "paused {subject}",
    Done.CONNECTION_RESUMED: "resumed {subject}",
    Done.DELETIONS_APPROVED: "approved the deletions that waited in {subject}",
    Done.DELETIONS_REFUSED: "kept {number} documents of {subject} that would have left",
    Done.REMOVED_RESTORED: "restored {number} documents that had left {subject}",
    Done.REMOVED_PURGED: "purged {number} documents that had left {subject}",
    Done.CONNECTION_REMOVED: "removed the connection {subject}",
    Done.CONNECTION_RESTORED: "brought the connection {subject} back",
    Done.MODEL_ALLOWED: "changed what of {subject} may be sent to {destination}",
    Done.SIGN_ON_CHANGED: "let people sign in with {subject}",
    Done.SIGN_ON_ENDED: "let nobody sign in with {subject} any more",
    Done.CAME_IN: "came in with {provider} as {role}",
    Done.SIGN_IN_JOINED: "signs in with {provider} from now on",
    Done.SIGN_IN_PARTED: "parted {subject} from how they signed in with {provider}",
    Done.GROUP_ROLE_CHANGED: "let the group {subject} of {connection} give its people {role}",
    Done.PROVED: "proved by a verified email to be {account} in {connection}",
}
"""What somebody did, in the words behind their name. A deed of another version is told by its name."""


def note(db: Connection, by: Member | None, done: Done, subject: str, now: datetime, **facts: Any) -> None:
    """Write down that a member did something, to whom or what, with the facts that `WORDS` names and others.

    `by` None: whoever may run commands on this machine. `facts` are JSON values, and no secrets.
    """
    deeds.note(db, NewDeed(now, by.id if by else None, by.name if by else COMMAND_LINE, done, subject, facts))


def called(name: str, email: str) -> str:
    """A member as the log calls them: names may be equal."""
    return f"{name} ({email})"


def in_words(deed: Deed) -> str:
    """What somebody did, as the end of a sentence that begins with their name."""
    try:
        return WORDS[Done(deed.act)].format(subject=deed.subject, **deed.facts)
    except (ValueError, KeyError):
        return f"{deed.act}: {deed.subject}"


def differences(deed: Deed) -> tuple[tuple[str, str, str], ...]:
    """What a deed changed, where it tells that by `before` and `after`: each thing, what it was, and what it became."""
    before, after = deed.facts.get("before"), deed.facts.get("after")
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return ()
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return tuple((name.capitalize(), _said(before.get(name)), _said(after.get(name))) for name in names)


def _said(value: Any) -> str:
    """A JSON value as people read it."""
    match value:
        case Mapping():
            return "; ".join(f"{name.replace('_', ' ')}: {_said(each)}" for name, each in value.items()) or NOTHING
        case list():
            return ", ".join(map(_said, value)) or NOTHING
        case _:
            return NOTHING if value is None else str(value)
