"""Audit of the stored log: every leaf, node and object against the signed root.

A receipt proves only one leaf. Bytes changed elsewhere in the log are detected by rebuilding each
tree from all of its leaves, a chunk at a time: memory does not grow with the log, and no database
snapshot is held for long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select

from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import Node, new_nodes, root
from diary.log.signed_note import NoteVerifier
from marketplace.log import shards
from marketplace.log.log import checkpoint
from marketplace.log.shards import Shard
from marketplace.storage import schema

#: Leaves in one chunk.
_CHUNK = 500

Read = Callable[[], AbstractContextManager[Connection]]


def audit_log(
    read: Read, verifiers: Sequence[NoteVerifier], pause: Callable[[], None] = lambda: None
) -> list[Finding]:
    """Findings about all shards, newest first; calls `pause` after each chunk of leaves.

    `verifiers` are the keys of the shards from a source other than the tables.
    """
    findings: list[Finding] = []
    keys = {verifier.name: verifier for verifier in verifiers}
    with read() as connection:
        present = shards.read(connection)
        newest = {shard.number: checkpoint(connection, shard) for shard in present}
        last = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
    last_rt: int | None = None
    for shard in reversed(present):
        signed = newest[shard.number]
        if signed is None:
            continue
        found = _ShardAudit(read, shard, pause)
        if shard.size is None and last != shard.first + signed[0] - 1:
            found.findings.append(_finding(Code.E_INCLUSION, f"{shard.name} has unsigned leaves"))
        found.run(signed, keys.get(shard.origin))
        findings += found.findings
        if found.span and last_rt is not None and found.span[1] > last_rt:
            findings.append(_finding(Code.E_LOG_TIME, f"{shard.name} ends after the next begins"))
        last_rt = found.span[0] if found.span else last_rt
    return findings


def stored_findings(connection: Connection) -> list[Finding]:
    """The findings of the last completed audit."""
    rows = connection.execute(select(schema.log_finding).order_by(schema.log_finding.c.id))
    return [Finding("log", row.subject, Code(row.code), row.detail) for row in rows]


def keep_findings(connection: Connection, findings: Sequence[Finding]) -> None:
    """Replace the findings of the last audit."""
    connection.execute(delete(schema.log_finding))
    rows: list[dict[str, object]] = [
        {"subject": each.subject, "code": each.code.value, "detail": each.detail}
        for each in findings
    ]
    if rows:
        schema.insert(connection, schema.log_finding, rows)


class _ShardAudit:
    """Rebuilds the tree of one shard; `span` has the times of its first and last leaf (Unix ms)."""

    def __init__(self, read: Read, shard: Shard, pause: Callable[[], None]) -> None:
        self.findings: list[Finding] = []
        self.span: tuple[int, int] | None = None
        self._read = read
        self._shard = shard
        self._pause = pause
        #: The complete subtrees of the leaves so far, by level and position.
        self._edge: dict[tuple[int, int], bytes] = {}

    def run(self, newest: tuple[int, bytes], verifier: NoteVerifier | None) -> None:
        """Compare all leaves with the stored nodes and the signed root of `newest`."""
        size, note = newest
        count = 0
        while count < size:
            with self._read() as connection:
                rows = _rows(connection, self._shard, count, min(_CHUNK, size - count))
                made = self._add(count, rows)
                if made is None:
                    return
                self._compare(connection, made)
            count += len(rows)
            if not rows:
                break
            self._pause()
        try:
            signed = open_checkpoint(note, [verifier] if verifier else [])
        except DiaryError as error:
            self.findings.append(_finding(error.code, error.detail))
            return
        held = count == size == signed.size and self._shard.size in (None, size)
        held = held and signed.origin == self._shard.origin
        if not held or root(size, lambda level, pos: self._edge[level, pos]) != signed.root:
            detail = "the log is not the one that was signed"
            self.findings.append(_finding(Code.E_INCLUSION, detail))

    def _add(self, first: int, rows: Sequence[Row[Any]]) -> list[tuple[int, Node]] | None:
        """The nodes that the leaves complete, each with its leaf; None for an unreadable leaf."""
        made: list[tuple[int, Node]] = []
        for index, row in enumerate(rows, first):
            try:
                leaf = Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs)
                nodes = new_nodes(index, leaf.hash(), lambda level, pos: self._edge[level, pos])
                sound = row.object is None or digest(row.object) == row.digest
                sound = sound and row.idx == self._shard.first + index
            except (ValueError, TypeError, KeyError):
                self.findings.append(_finding(Code.E_INCLUSION, f"leaf {index} cannot be read"))
                return None
            if not sound:
                self._changed(index)
            if self.span is not None and row.rt_ms < self.span[1]:
                detail = f"leaf {index} is older than the one before"
                self.findings.append(_finding(Code.E_LOG_TIME, detail))
            self.span = (row.rt_ms if self.span is None else self.span[0], row.rt_ms)
            for level, pos, value in nodes:
                self._edge[level, pos] = value
                for child in (2 * pos, 2 * pos + 1) if level else ():
                    self._edge.pop((level - 1, child), None)
            made += ((index, node) for node in nodes)
        return made

    def _compare(self, connection: Connection, made: Sequence[tuple[int, Node]]) -> None:
        """Compare the nodes with the stored ones."""
        levels: defaultdict[int, list[int]] = defaultdict(list)
        for _, (level, pos, _) in made:
            levels[level].append(pos)
        columns = schema.node.c
        ranges = [
            (columns.level == level) & columns.pos.between(min(listed), max(listed))
            for level, listed in levels.items()
        ]
        stored: dict[tuple[int, int], bytes] = {}
        if ranges:
            query = select(schema.node).where(columns.shard == self._shard.number, or_(*ranges))
            stored = {(row.level, row.pos): row.hash for row in connection.execute(query)}
        changed = {leaf for leaf, (level, pos, h) in made if stored.get((level, pos)) != h}
        for leaf in sorted(changed):
            self._changed(leaf)

    def _changed(self, index: int) -> None:
        detail = f"leaf {index} is not as it was logged"
        finding = _finding(Code.E_INCLUSION, detail)
        if finding not in self.findings:
            self.findings.append(finding)


def _rows(connection: Connection, shard: Shard, first: int, count: int) -> Sequence[Row[Any]]:
    """The leaves `first` to `first + count - 1` of a shard."""
    columns = schema.leaf.c
    begin = shard.first + first
    query = select(schema.leaf).where(columns.idx >= begin, columns.idx < begin + count)
    return connection.execute(query.order_by(columns.idx)).all()


def _finding(code: Code, detail: str) -> Finding:
    return Finding("log", "log", code, detail)
