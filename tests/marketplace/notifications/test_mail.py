"""Messages to people: the queue, the sender, the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from marketplace.core.i18n import languages, use_language
from marketplace.core.mail_settings import MailSettings, MailSettingsError
from marketplace.notifications import queue
from marketplace.notifications.kinds import KINDS
from marketplace.notifications.queue import QueuedMessage, enqueue
from marketplace.notifications.rendering import render
from marketplace.notifications.sender import MailSender
from marketplace.storage import schema
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.notifications.conftest import SENDER, MailServer
from tests.marketplace.simulated_device import SimulatedDevice

ADDRESS = "ana@example.org"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[LiveMarketplace]:
    """A marketplace whose own sender has no mail server: the tests send."""
    with live_marketplace(tmp_path / "data") as running:
        running.deps.mail.poll_s = 3600
        yield running


@pytest.fixture
def sub(market: LiveMarketplace) -> str:
    found = market.contract().freelancer
    market.deps.credentials.set_address(found, ADDRESS)
    return found


@pytest.fixture
def sender(market: LiveMarketplace, mail_server: MailServer) -> MailSender:
    deps = market.deps
    return MailSender(deps.store, deps.clock, mail_server.settings, "https://diary.example")


def put(market: LiveMarketplace, sub: str, kind: str = "reset", **values: str) -> bool:
    now = market.deps.clock.real_s()
    values = {"path": "/reset/x", **values}
    job = market.deps.store.write(lambda c: enqueue(c, sub, kind, values, now))
    return job.result()


def rows(market: LiveMarketplace) -> list[dict[str, object]]:
    with market.deps.store.read() as connection:
        return [dict(row) for row in connection.execute(select(schema.message)).mappings()]


def later(market: LiveMarketplace, seconds: int) -> None:
    market.clock.to(market.clock.ms / 1000 + seconds)


@pytest.mark.parametrize("mail_server", ["none", "starttls", "tls"], indirect=True)
def test_a_message_is_sent_once(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    put(market, sub)
    assert sender.run_once() == 1
    assert sender.run_once() == 0
    (mail,) = mail_server.received
    assert mail_server.recipients == [ADDRESS]
    assert mail_server.signed_in == [mail_server.settings.password is not None]
    assert mail["subject"] == "Choose a new password"
    assert mail["from"] == f"Workdiary <{SENDER}>"
    assert mail["auto-submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "https://diary.example/reset/x" in plain.get_content()
    assert 'href="https://diary.example/reset/x"' in html.get_content()
    # The link is no longer in the database.
    assert rows(market)[0]["data"] == "{}"


def test_an_account_without_an_address_gets_none(market: LiveMarketplace) -> None:
    assert put(market, market.contract().client) is False
    assert rows(market) == []


def test_an_unknown_kind_is_an_error(market: LiveMarketplace, sub: str) -> None:
    with pytest.raises(KeyError):
        put(market, sub, "no_such_kind")


def test_a_failed_transaction_queues_nothing(market: LiveMarketplace, sub: str) -> None:
    def job(connection: object) -> None:
        enqueue(connection, sub, "reset", {}, 0)  # type: ignore[arg-type]
        raise LookupError

    with pytest.raises(LookupError):
        market.deps.store.write(job).result()
    assert rows(market) == []


@pytest.mark.expected_logs("mail_failed")
def test_a_message_waits_for_the_mail_server(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    put(market, sub)
    mail_server.replies = ["451 Try again", "421 Closing"]
    assert sender.run_once() == 0
    assert sender.run_once() == 0, "not before its time"
    assert len(mail_server.replies) == 1
    later(market, queue.RETRY_S[0])
    assert sender.run_once() == 0
    later(market, queue.RETRY_S[1])
    assert sender.run_once() == 1
    assert len(mail_server.received) == 1


@pytest.mark.expected_logs("mail_server_unavailable", "mail_failed")
def test_a_mail_server_that_is_away_loses_nothing(
    market: LiveMarketplace, sub: str, mail_server: MailServer
) -> None:
    put(market, sub)
    deps = market.deps
    away = replace(mail_server.settings, port=1)
    assert MailSender(deps.store, deps.clock, away, "https://x.example").run_once() == 0
    later(market, queue.RETRY_S[0])
    again = MailSender(deps.store, deps.clock, mail_server.settings, "https://x.example")
    assert again.run_once() == 1


@pytest.mark.expected_logs("mail_failed")
def test_a_refused_message_is_given_up_and_the_others_go_on(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    put(market, sub)
    put(market, sub, "password_changed")
    mail_server.replies = ["550 No such mailbox"]
    assert sender.run_once() == 1
    assert [mail["subject"] for mail in mail_server.received] == ["Your password was changed"]
    assert [row["failed_s"] is not None for row in rows(market)] == [True, False]
    assert rows(market)[0]["data"] == "{}"


def test_after_a_crash_the_second_copy_has_the_same_identifier(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    """The process ends after the mail server has accepted the message, before the commit."""
    put(market, sub)
    sender.run_once()
    market.deps.store.write(
        lambda c: c.execute(update(schema.message).values(next_s=0, sent_s=None))
    ).result()
    sender.run_once()
    first, second = mail_server.received
    assert first["message-id"] == second["message-id"]
    assert first["date"] == second["date"]
    put(market, sub)
    sender.run_once()
    assert mail_server.received[2]["message-id"] != first["message-id"]


def test_old_messages_are_dropped(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    put(market, sub)
    later(market, queue.STALE_S)
    assert sender.run_once() == 0
    assert rows(market) == []
    assert mail_server.received == []


@pytest.mark.parametrize("mail_server", ["starttls"], indirect=True)
@pytest.mark.expected_logs("mail_server_unavailable", "mail_failed")
def test_an_unknown_certificate_gets_no_password(
    market: LiveMarketplace, sub: str, mail_server: MailServer
) -> None:
    put(market, sub)
    deps = market.deps
    unknown = replace(mail_server.settings, ca_file=None)
    assert MailSender(deps.store, deps.clock, unknown, "https://x.example").run_once() == 0
    assert mail_server.received == []


@pytest.mark.parametrize("mail_server", ["none"], indirect=True)
@pytest.mark.expected_logs("mail_server_unavailable", "mail_failed")
def test_a_server_without_starttls_gets_nothing(
    market: LiveMarketplace, sub: str, mail_server: MailServer
) -> None:
    put(market, sub)
    deps = market.deps
    wanted = replace(mail_server.settings, security="starttls")
    assert MailSender(deps.store, deps.clock, wanted, "https://x.example").run_once() == 0
    assert mail_server.received == []


def test_a_new_computer_is_announced(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    device = SimulatedDevice(market.url, market.deps.clock.real_s)
    device.enrol(market.code(sub))
    device.http.close()
    assert sender.run_once() == 1
    body = mail_server.received[0].get_body(("plain",))
    assert body is not None
    assert "can now record work for you" in body.get_content()


def message(kind: str = "invitation", language: str = "en", **values: str) -> QueuedMessage:
    given = {
        "to": "Ana", "person": "Acme", "company": "Acme", "device": "laptop", "path": "/x",
        "name": "phone", "contract": "Shop", "url": "hooks.example", "week": "2026-W48",
        "contracts": "Shop", "first": "1", "last": "7", "hours": "2 h", "amount": "€1",
    }  # fmt: skip
    return QueuedMessage(1, ADDRESS, kind, {**given, **values}, language, "id", 1_700_000_000)


@pytest.mark.parametrize("kind", KINDS)
def test_each_text_exists_in_each_language(kind: str) -> None:
    seen = set()
    for language in languages():
        mail = render(message(kind, language), "https://diary.example", SENDER)
        body = mail.get_body(("plain",))
        assert body is not None
        assert "%(" not in body.get_content() + mail["subject"]
        seen.add(body.get_content())
    assert len(seen) == len(languages())


def test_hostile_names_stay_text() -> None:
    evil = "<b>x</b>\r\nBcc: thief@example.org\u202e"
    mail = render(message(company=evil, person=evil, to=evil), "https://diary.example", SENDER)
    assert mail["bcc"] is None
    assert mail["to"] == ADDRESS
    assert "\n" not in mail["subject"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "<b>x" not in html.get_content()
    assert "\u202e" not in mail.as_string()


def test_a_language_of_the_reader_is_used(
    market: LiveMarketplace, sub: str, sender: MailSender, mail_server: MailServer
) -> None:
    with use_language("de"):
        market.deps.sign_in.begin(sub)
    put(market, sub)
    sender.run_once()
    assert mail_server.received[0]["subject"] == "Neues Passwort wählen"


@pytest.mark.parametrize(
    "values",
    [
        {"sender": "no address"},
        {"sender": "a@example.org\r\nBcc: x@example.org"},
        {"port": 0},
        {"user": "x"},
        {"password": "x"},
        {"security": "none", "host": "mail.example"},
        {"security": "none", "host": "127.0.0.1", "user": "x", "password": "y"},
    ],
)
def test_wrong_settings_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(MailSettingsError):
        MailSettings(**{"host": "mail.example", "sender": SENDER, **values})  # type: ignore[arg-type]


def test_the_settings_do_not_print_the_password() -> None:
    settings = MailSettings("mail.example", SENDER, user="x", password="secret word")
    assert "secret word" not in repr(settings)
