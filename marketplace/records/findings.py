"""The stored findings of checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from diary.core.findings import Code, Finding
from marketplace.log.log import parts
from marketplace.storage import schema

_OF_SEGMENT = ("segment", "disclosure")


def stored_findings(
    connection: Connection, names: Collection[str]
) -> tuple[dict[str, list[Finding]], list[Finding]]:
    """The findings of the last checks of segments, by hash; and those about no single segment,
    such as its device, each once.
    """
    columns = schema.finding.c
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    general: dict[Finding, None] = {}
    for part in parts(sorted(names)):
        query = select(schema.finding).where(columns.segment.in_(part)).order_by(columns.id)
        for row in connection.execute(query):
            finding = Finding(row.kind, row.subject, Code(row.code), row.detail)
            if row.kind in _OF_SEGMENT:
                found[row.segment].append(finding)
            else:
                general[finding] = None
    return found, list(general)


def of_account(
    connection: Connection, sub: str, names: Collection[str]
) -> dict[str, list[Finding] | None]:
    """The findings of an account's segments by hash; None for a segment that waits for its check.
    Segments of other accounts are omitted.
    """
    columns, device = schema.segment.c, schema.device
    query = select(columns.hash, columns.checked).join(device, device.c.kid == columns.kid)
    found: dict[str, list[Finding] | None] = {}
    for part in parts(sorted(names)):
        for row in connection.execute(query.where(columns.hash.in_(part), device.c.sub == sub)):
            found[row.hash] = [] if row.checked else None
    of_segment, _ = stored_findings(connection, found)
    return {
        name: None if listed is None else of_segment.get(name, []) for name, listed in found.items()
    }
