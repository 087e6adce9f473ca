"""Comments as threads: each with its answers, and its body as safe HTML."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstem.store.comments import Comment


@dataclass(frozen=True, slots=True)
class CommentRead:
    """One comment. `html` is safe; `inline_selection` the words of the page that it is about, None for the page."""

    id: int
    author: str | None
    created_at: datetime | None
    html: str
    inline_selection: str | None
    resolved: bool
    replies: "tuple[CommentRead, ...]"


def threads(said: Sequence[tuple[Comment, str]]) -> tuple[CommentRead, ...]:
    """The comments that answer none of the others, each with its answers, in the order given with their safe HTML.

    Made from the deepest answers up, without recursion: nobody bounds how long people argue.
    """
    known = {comment.source_id for comment, _ in said}
    answers: defaultdict[str | None, list[tuple[Comment, str]]] = defaultdict(list)
    for comment, html in said:
        answers[comment.parent_id if comment.parent_id in known else None].append((comment, html))
    order = list(answers[None])
    for comment, _ in order:
        order += answers[comment.source_id]
    read: dict[str, CommentRead] = {}
    for comment, html in reversed(order):
        replies = tuple(read[answer.source_id] for answer, _ in answers[comment.source_id])
        read[comment.source_id] = _read(comment, html, replies)
    return tuple(read[comment.source_id] for comment, _ in answers[None])


def _read(comment: Comment, html: str, replies: tuple[CommentRead, ...]) -> CommentRead:
    return CommentRead(
        id=comment.document_id,
        author=comment.author,
        created_at=comment.created_at,
        html=html,
        inline_selection=comment.inline_selection,
        resolved=comment.resolved,
        replies=replies,
    )
