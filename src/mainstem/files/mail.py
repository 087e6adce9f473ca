"""The text of e-mails (.eml): who wrote to whom, when, about what, and what it says. What hangs on one is named."""

from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final

from mainstem.files.body import Body, clean
from mainstem.files.errors import FileDamaged, WrongKind

_HEAD: Final = ("From", "To", "Cc", "Date")


def read_mail(path: Path, body: Body) -> str:
    """Write a message; its subject. Raises FileUnread errors."""
    message = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
    try:
        if not any(message[name] for name in ("From", "To", "Subject", "Received")):
            raise WrongKind("e-mail")
        body.paragraph("\n".join(f"{name}: {message[name]}" for name in _HEAD if message[name]))
        said = message.get_body(("plain", "html"))
        if isinstance(said, EmailMessage):
            text = str(said.get_content())
            if said.get_content_subtype() == "html":
                body.markup(clean(text))
            else:
                for paragraph in text.replace("\r\n", "\n").split("\n\n"):
                    body.paragraph(paragraph)
        names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
        body.paragraph(f"Attached: {', '.join(names)}" if names else "")
        return str(message["Subject"] or "")
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        # What the parser meets in a message that is not built as messages are, it does not always name.
        raise FileDamaged from None
