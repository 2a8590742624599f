"""The services and people outside of a marketplace that receive personal data.

`modules` are the modules that send it: a test compares them with the modules that import a client
of a network protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.core.config import Config
from marketplace.core.i18n import mark


@dataclass(frozen=True)
class Recipient:
    """A recipient: its name and what it receives, as texts to translate.

    `used` decides by the settings whether this marketplace has it.
    """

    title: str
    contents: str
    modules: tuple[str, ...] = ()
    used: Callable[[Config], bool] = lambda _: True


RECIPIENTS = (
    Recipient(
        mark("The other side of your contract"),
        mark(
            "The client's owners and managers see the whole record of the contract, people with "
            "the role finance its hours and money; the freelancer sees everything that they see."
        ),
    ),
    Recipient(
        mark("Everyone"),
        mark(
            "The public log has digests, times and random identifiers, from which no name and no "
            "content can be read."
        ),
        # Witnesses get the public checkpoints.
        ("marketplace.witnesses.client", "marketplace.witnesses.rounds"),
    ),
    Recipient(
        mark("People with a link or token from you"),
        mark("The report that you shared, until the link or token expires or you revoke it."),
    ),
    Recipient(
        mark("Recipients of a client's weekly reports"),
        mark(
            "Titles, names of freelancers, hours per day and money of the contracts, by e-mail, to "
            "addresses that the client added and their readers confirmed."
        ),
        used=lambda config: config.mail is not None,
    ),
    Recipient(
        mark("Readers of your public page, if you show one"),
        mark("Your name, your verified hours and their period, until you hide the page."),
    ),
    Recipient(
        mark("The object store of the operator"),
        mark("The pictures, under their digests, until they are erased."),
        ("marketplace.storage.blobs.s3", "marketplace.storage.blobs.direct_uploads"),
        lambda config: config.s3 is not None,
    ),
    Recipient(
        mark("The mail server of the operator"),
        mark("Your e-mail address and the messages to you."),
        ("marketplace.notifications.sender",),
        lambda config: config.mail is not None,
    ),
    Recipient(
        mark("The webhooks of you and of the other side"),
        mark(
            "Events about weeks, questions, approvals and computers, with identifiers, hours and "
            "money; neither names nor pictures."
        ),
        ("marketplace.webhooks.sender", "marketplace.webhooks.target"),
    ),
    Recipient(
        mark("Your OpenID provider, if you sign in there"),
        mark("That you sign in to this marketplace, and when."),
        ("marketplace.accounts.oidc",),
        lambda config: config.oidc is not None,
    ),
)
