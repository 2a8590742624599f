"""Sends the queued messages through the mail server.

A message is marked as sent in a transaction of its own after the server has accepted it. Without a
mail server, messages wait for three days at most.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import use_language
from marketplace.core.mail_settings import MailSettings
from marketplace.notifications import queue
from marketplace.notifications.parts import MessageParts
from marketplace.notifications.queue import QueuedMessage
from marketplace.notifications.rendering import render
from marketplace.storage.database import Database
from marketplace.storage.repeat import repeat

_log = logging.get("marketplace.mail")
#: Messages of one connection to the mail server.
_BATCH = 50
PartsMaker = Callable[[QueuedMessage], MessageParts | None]
"""Makes the parts of a message in its language; None if it must not be sent any more."""


class MailSender:
    """Sends messages; `settings` is None without a mail server. Times are real time.

    `makers` make the parts of kinds of messages when they are sent.
    """

    def __init__(
        self,
        store: Database,
        clock: MarketplaceClock,
        settings: MailSettings | None,
        base_url: str,
        makers: Mapping[str, PartsMaker] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._base_url = base_url
        self._makers = makers or {}
        self.poll_s = 3.0

    @property
    def enabled(self) -> bool:
        """Whether a mail server is configured."""
        return self._settings is not None

    async def run(self) -> None:
        """Send due messages periodically, until cancelled."""
        await repeat(self.run_once, lambda: self.poll_s, _log)

    def run_once(self) -> int:
        """Send what is due; returns the number of messages that the mail server accepted."""
        now = self._clock.real_s()
        with self._store.read() as connection:
            waiting = queue.due(connection, now, _BATCH)
        if not waiting:
            return 0
        self._store.write(lambda connection: queue.QUEUE.drop_old(connection, now)).result()
        waiting = [each for each in waiting if each.created_s > now - queue.STALE_S]
        if self._settings is None or not waiting:
            return 0
        try:
            with _connected(self._settings) as server:
                return sum(self._send(server, self._settings, message) for message in waiting)
        except (OSError, smtplib.SMTPException) as error:
            # Neither names nor addresses go to the log.
            _log.warning("mail_server_unavailable", kind=type(error).__name__)
            for message in waiting:
                self._failed(message)
            return 0

    def _send(self, server: smtplib.SMTP, settings: MailSettings, message: QueuedMessage) -> bool:
        parts: MessageParts | None = MessageParts()
        if maker := self._makers.get(message.kind):
            with use_language(message.language):
                parts = maker(message)
        if parts is None:
            now = self._clock.real_s()
            self._store.write(
                lambda c: queue.QUEUE.mark_failed(c, message.id, now, permanent=True)
            ).result()
            return False
        mail = render(message, self._base_url, settings.sender, parts)
        try:
            server.send_message(mail, settings.sender, [message.address])
        except smtplib.SMTPRecipientsRefused as error:
            (status, _), *_rest = error.recipients.values()
            self._failed(message, refused=status >= 500)
        except smtplib.SMTPResponseException as error:
            self._failed(message, refused=error.smtp_code >= 500)
        except smtplib.SMTPException:
            self._failed(message)
        else:
            now = self._clock.real_s()
            self._store.write(lambda c: queue.QUEUE.mark_sent(c, message.id, now)).result()
            return True
        return False

    def _failed(self, message: QueuedMessage, *, refused: bool = False) -> None:
        """An attempt failed; a message that the mail server `refused` for good is given up."""
        now = self._clock.real_s()
        again = self._store.write(
            lambda c: queue.QUEUE.mark_failed(
                c, message.id, now, permanent=refused, refused=refused
            )
        ).result()
        _log.warning("mail_failed", message_kind=message.kind, again=again)


@contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and signed in as the settings require."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout_s, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
    try:
        if settings.security == "starttls":
            # Raises an exception if the server does not offer it: no silent plain text.
            server.starttls(context=context)
        if settings.user is not None and settings.password is not None:
            server.login(settings.user, settings.password)
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
