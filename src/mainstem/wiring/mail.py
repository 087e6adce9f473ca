"""Sends letters by the mail server that the settings name. Who gets one, and what stands in it, is not decided here."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from mainstem.errors import RetryLater, TellPerson
from mainstem.settings import Settings

PATIENCE = 20.0
"""Seconds for each answer of the mail server."""


class MailNotSet(TellPerson):
    """The settings name no mail server."""

    def __init__(self) -> None:
        super().__init__("No mail server is set: set MAINSTEM_SMTP_HOST and MAINSTEM_MAIL_FROM, then start again.")


class MailRefused(RetryLater):
    """The mail server could not be reached, or did not take a letter."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The mail server did not take it ({cause}); check the MAINSTEM_SMTP settings")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text to one address."""

    to: str
    subject: str
    text: str


def can_mail(settings: Settings) -> bool:
    """Whether the settings name a mail server and a sender."""
    return bool(settings.smtp_host and settings.mail_from)


def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter to the mail server. Raises MailNotSet and MailRefused."""
    if not can_mail(settings):
        raise MailNotSet
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                server.login(settings.smtp_user, password)
            server.send_message(_message(settings, letter))
    except smtplib.SMTPResponseException as error:
        # What the server says is left out: some repeat what they were told.
        raise MailRefused(f"SMTP {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _ in error.recipients.values()), 0)
        raise MailRefused(f"SMTP {code}, it knows no such address") from None
    except UnicodeError:
        raise MailRefused("its name, user or password has letters that signing in to a mail server knows not") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(getattr(error, "strerror", None) or type(error).__name__) from None


def _server(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host or "", settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="mainstem")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
