"""Alerts on their way: signed, tried again until they arrive, and never telling where they go."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from mainstem.settings import Settings
from mainstem.store import alerts, events
from mainstem.store.alerts import DeliveryState, NewChannel
from mainstem.store.database import reading
from mainstem.store.events import Level, Wanted
from mainstem.sync.alerts import Kind
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.alerts import BROKE, PAUSES, BadChannel, NotTaken, Watch, mailbox, send_test, signature, webhook
from mainstem.wiring.mail import MailNotSet, MailRefused
from tests.sync.larkhill import Session, Wiki, connected
from tests.wiring.listening import Hook, Post, hooked, posted

SECRET = "a secret made by chance"
EVERYTHING = frozenset(Kind)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as hook:
        yield hook


@pytest.fixture
def post() -> Iterator[Post]:
    with posted() as post:
        yield post


@pytest.fixture
def session(tmp_path: Path, post: Post) -> Iterator[Session]:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="hub@acme.example")
    with connected(Wiki(), tmp_path / "home", settings=settings) as session:
        yield session


def add(session: Session, new: NewChannel) -> int:
    with session.hub.engine.begin() as db:
        return alerts.add_channel(db, new, session.wiki.clock())


def fail(session: Session) -> None:
    session.wiki.fault("401")
    session.sync()


def once(session: Session) -> None:
    asyncio.run(Watch(session.hub).once())


def told(session: Session, channel_id: int) -> alerts.Told:
    with reading(session.hub.engine) as db:
        return alerts.last_told(db)[channel_id]


def test_a_webhook_is_told_once_and_can_prove_who_told_it(session: Session, hook: Hook) -> None:
    id_ = add(session, webhook(session.hub, hook.url, SECRET, EVERYTHING))
    fail(session)
    once(session)
    once(session)
    ((headers, body),) = hook.got
    facts = json.loads(body)
    assert (facts["kind"], facts["text"], facts["connection"]) == (
        "sync failed",
        "The sync of Larkhill failed, and it is paused",
        "Larkhill",
    )
    assert headers["x-mainstem-signature"] == signature(SECRET, headers["x-mainstem-timestamp"], body)
    assert headers["x-mainstem-signature"] != signature("another", headers["x-mainstem-timestamp"], body)
    assert headers["x-mainstem-id"] == facts["id"]
    assert told(session, id_).state is DeliveryState.ARRIVED


def test_a_letter_says_what_happened_and_what_to_do(session: Session, post: Post) -> None:
    add(session, mailbox(session.hub, "team@acme.example", EVERYTHING))
    fail(session)
    once(session)
    (letter,) = post.letters
    assert "Subject: Mainstem: The sync of Larkhill failed, and it is paused" in letter
    assert "To: team@acme.example" in letter
    assert "Check the account, then the token" in letter


def test_alerts_link_to_where_people_reach_the_hub(session: Session, hook: Hook, post: Post) -> None:
    settings = session.hub.settings.model_copy(update={"public_url": "https://hub.example.com"})
    session.hub = replace(session.hub, settings=settings)
    add(session, webhook(session.hub, hook.url, SECRET, EVERYTHING))
    add(session, mailbox(session.hub, "team@acme.example", EVERYTHING))
    fail(session)
    once(session)
    link = f"https://hub.example.com/connections/{session.connection_id}"
    assert json.loads(hook.got[0][1])["link"] == link
    assert link in post.letters[0]


def test_a_password_that_mail_servers_cannot_be_told_is_refused_in_words(session: Session) -> None:
    secret = {"smtp_user": "hub", "smtp_password": SecretStr("pässwört")}
    session.hub = replace(session.hub, settings=session.hub.settings.model_copy(update=secret))
    id_ = add(session, mailbox(session.hub, "team@acme.example", EVERYTHING))
    fail(session)
    once(session)
    assert told(session, id_).state is DeliveryState.WAITING
    assert "has letters that signing in to a mail server knows not" in told(session, id_).trouble
    assert "pässwört" not in told(session, id_).trouble


def test_a_channel_that_meets_a_defect_keeps_nobody_else_from_being_told(
    session: Session, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    whole = webhook(session.hub, hook.url, SECRET, EVERYTHING)
    broken = add(session, replace(whole, secret=session.hub.vault.seal({})))
    id_ = add(session, whole)
    fail(session)
    once(session)
    assert (told(session, broken).state, told(session, broken).trouble) == (DeliveryState.WAITING, BROKE)
    assert told(session, id_).state is DeliveryState.ARRIVED
    assert "KeyError" in caplog.text


def test_whoever_wants_to_know_of_other_things_is_told_nothing(session: Session, hook: Hook) -> None:
    add(session, webhook(session.hub, hook.url, SECRET, frozenset({Kind.EXPIRY})))
    fail(session)
    once(session)
    assert hook.got == []


def test_what_does_not_arrive_is_tried_again_with_growing_pauses_and_then_given_up(
    session: Session, hook: Hook
) -> None:
    id_ = add(session, webhook(session.hub, hook.url, SECRET, EVERYTHING))
    fail(session)
    hook.status = 500
    once(session)
    for number, pause in enumerate(PAUSES, start=1):
        session.wiki.clock.now += pause - timedelta(seconds=1)
        once(session)
        assert len(hook.got) == number
        session.wiki.clock.forward(seconds=1)
        once(session)
        assert len(hook.got) == number + 1
    session.wiki.clock.forward(hours=1)
    once(session)
    assert len(hook.got) == len(PAUSES) + 1
    assert told(session, id_).state is DeliveryState.GIVEN_UP
    assert "HTTP 500" in told(session, id_).trouble
    with reading(session.hub.engine) as db:
        lines = events.lines(db, Wanted(levels=(Level.WARNING,)), viewer=OPERATOR, limit=5)
    assert lines[0].text == "An alert to 127.0.0.1 was given up: The sync of Larkhill failed, and it is paused"
    assert all("path-with-a-right" not in line.text + line.cause for line in lines)


def test_a_redirect_is_not_followed(session: Session, hook: Hook) -> None:
    hook.status = 302
    id_ = add(session, webhook(session.hub, hook.url, SECRET, EVERYTHING))
    with reading(session.hub.engine) as db:
        channel = alerts.channel(db, id_)
    assert channel is not None
    with pytest.raises(NotTaken, match="HTTP 302"):
        asyncio.run(send_test(session.hub, channel))
    assert SECRET.encode() not in channel.secret.token
    assert (channel.shown, b"path-with-a-right" in channel.secret.token) == ("127.0.0.1", False)


def test_a_letter_that_nobody_takes_is_told_without_what_the_server_said(session: Session, post: Post) -> None:
    id_ = add(session, mailbox(session.hub, "team@nobody.example", EVERYTHING))
    with reading(session.hub.engine) as db:
        channel = alerts.channel(db, id_)
    assert channel is not None
    with pytest.raises(MailRefused, match="SMTP 550, it knows no such address") as refused:
        asyncio.run(send_test(session.hub, channel))
    assert "unknown, and" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "secret", "says"),
    [
        ("hooks.example", SECRET, "no address of a webhook"),
        ("ftp://hooks.example", SECRET, "no address of a webhook"),
        ("https://user:pass@hooks.example", SECRET, "no address of a webhook"),
        ("https://hooks.example", "short", "too short"),
    ],
)
def test_what_is_no_webhook_is_told(session: Session, url: str, secret: str, says: str) -> None:
    with pytest.raises(BadChannel, match=says):
        webhook(session.hub, url, secret, EVERYTHING)
    with pytest.raises(BadChannel, match="Nothing is ticked"):
        webhook(session.hub, "https://hooks.example", SECRET, frozenset())


@pytest.mark.parametrize("address", ["", "team", "@acme.example", "a@b.example, c@d.example", "a b@acme.example"])
def test_what_is_no_address_for_mail_is_told(session: Session, address: str) -> None:
    with pytest.raises(BadChannel, match="no address for mail"):
        mailbox(session.hub, address, EVERYTHING)


def test_without_a_mail_server_nobody_is_promised_mail(tmp_path: Path) -> None:
    with connected(Wiki(), tmp_path / "home") as session, pytest.raises(MailNotSet):
        mailbox(session.hub, "team@acme.example", EVERYTHING)
