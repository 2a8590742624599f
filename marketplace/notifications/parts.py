"""The parts of a message that are made when it is sent: values, tables, files, unsubscribing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MessageTable:
    """A table under a heading. Each row and `total` have a text for each of `columns`."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


@dataclass(frozen=True)
class Attachment:
    """A file of a message; `media_type` is like "application/pdf"."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class MessageParts:
    """Parts of one message. `values` join those of the queue, `notes` follow the tables, and
    `unsubscribe` is the path of the page that unsubscribes the reader (RFC 8058), None without one.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[MessageTable, ...] = ()
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str | None = None
