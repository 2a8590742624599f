"""The contents of the privacy notice of a marketplace, from the tables of this package.

It has what Article 13 of the GDPR and Article 9 of Directive (EU) 2024/2831 require.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.config import Config
from marketplace.core.operator_settings import OperatorSettings
from marketplace.privacy.data_kinds import KINDS, DataKind
from marketplace.privacy.recipients import RECIPIENTS, Recipient
from marketplace.privacy.record_fields import RECORD_FIELDS
from marketplace.privacy.stored_columns import STORED


@dataclass(frozen=True)
class NoticeEntry:
    """A kind of data with its names in the signed record and in the database, such as
    `segment.t0` and `session.agent`.
    """

    kind: DataKind
    record: tuple[str, ...]
    database: tuple[str, ...]


@dataclass(frozen=True)
class PrivacyNotice:
    """The notice; `operator` is None while the operator has not stated it."""

    operator: OperatorSettings | None
    entries: tuple[NoticeEntry, ...]
    recipients: tuple[Recipient, ...]

    @property
    def monitored(self) -> tuple[NoticeEntry, ...]:
        """The data by which automated systems monitor or evaluate work."""
        return tuple(entry for entry in self.entries if entry.kind.monitored)


def privacy_notice(config: Config) -> PrivacyNotice:
    """The notice of a marketplace with these settings."""
    entries = tuple(
        NoticeEntry(kind, _names(RECORD_FIELDS, name), _names(STORED, name))
        for name, kind in KINDS.items()
    )
    return PrivacyNotice(
        config.operator, entries, tuple(each for each in RECIPIENTS if each.used(config))
    )


def _names(tables: dict[str, dict[str, str]], kind: str) -> tuple[str, ...]:
    return tuple(
        f"{table}.{name}"
        for table, columns in tables.items()
        for name, found in columns.items()
        if found == kind
    )
