"""A queued message as an e-mail: plain text, and the same as simple HTML.

Rules kept: values are names that other people chose, so they are cleaned and isolated, and no value
reaches a header as it is; the HTML loads nothing.
"""

from __future__ import annotations

import datetime as dt
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from diary.core.display import isolated, tidy
from marketplace.core.i18n import current_language, tr, use_language
from marketplace.core.names import shown_name
from marketplace.notifications.kinds import KINDS
from marketplace.notifications.parts import MessageParts
from marketplace.notifications.queue import QueuedMessage


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("marketplace.notifications"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    message: QueuedMessage, base_url: str, sender: str, parts: MessageParts | None = None
) -> EmailMessage:
    """The e-mail for a queued message with its parts, in the language of its reader."""
    parts = parts or MessageParts()
    site = base_url.partition("//")[2]
    kind = KINDS[message.kind]
    path = message.values.get("path", "/")
    given = {**message.values, **parts.values}
    with use_language(message.language):
        values = {
            name: isolated(shown_name(text)) for name, text in given.items() if name != "path"
        }
        values["site"] = site
        subject = tr(kind.subject) % values
        texts = {
            "heading": subject,
            "greeting": tr("Hello %(to)s,") % values if "to" in values else tr("Hello,"),
            "lines": [tr(line) % values for line in kind.lines],
            "tables": parts.tables,
            "notes": parts.notes,
            "button": tr(kind.button) if kind.button else "",
            "link": f"{base_url}{path}",
            "foot": tr("Sent by the Workdiary marketplace %(site)s.") % values,
            "unsubscribe": f"{base_url}{parts.unsubscribe}" if parts.unsubscribe else "",
            "unsubscribe_label": tr("Unsubscribe"),
            "language": current_language(),
            "direction": "rtl" if current_language().startswith("ar") else "ltr",
        }
        html = _templates().get_template("message.html").render(**texts)
        plain = _templates().get_template("message.txt").render(**texts)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(tidy(subject).split())
    mail["From"] = Address("Workdiary", addr_spec=sender)
    mail["To"] = Address(addr_spec=message.address)
    mail["Date"] = dt.datetime.fromtimestamp(message.created_s, dt.UTC)
    mail["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2]}>"
    # RFC 3834: automatic replies are not wanted.
    mail["Auto-Submitted"] = "auto-generated"
    if parts.unsubscribe:
        # RFC 2369 section 3.2 and RFC 8058: mail programs show a button that needs no sign-in.
        mail["List-Unsubscribe"] = f"<{base_url}{parts.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    for file in parts.attachments:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return mail
