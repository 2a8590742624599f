"""Audit of the stored log: every leaf, node and object against the signed root.

A receipt proves only one leaf. Bytes changed elsewhere in the log are detected by rebuilding the
tree from as many leaves as a page can wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import new_nodes, root
from diary.log.signed_note import NoteVerifier
from marketplace.log import shards
from marketplace.log.log import checkpoint
from marketplace.log.shards import Shard
from marketplace.storage import schema

#: In a larger log only receipts are checked on read.
MAX_LEAVES = 2_000


def audit_log(connection: Connection, verifiers: Sequence[NoteVerifier]) -> list[Finding]:
    """Findings about the newest shards with at most MAX_LEAVES leaves in total.

    `verifiers` are the keys of the shards from a source other than the tables.
    """
    findings: list[Finding] = []
    keys = {verifier.name: verifier for verifier in verifiers}
    left = MAX_LEAVES
    last_rt: int | None = None
    for shard in reversed(shards.read(connection)):
        newest = checkpoint(connection, shard)
        if newest is None or newest[0] > left:
            break
        left -= newest[0]
        found, span = _audit_shard(connection, shard, newest, keys.get(shard.origin))
        findings += found
        if span and last_rt is not None and span[1] > last_rt:
            findings.append(_finding(Code.E_LOG_TIME, f"{shard.name} ends after the next begins"))
        last_rt = span[0] if span else last_rt
    return findings


def _audit_shard(
    connection: Connection,
    shard: Shard,
    newest: tuple[int, bytes],
    verifier: NoteVerifier | None,
) -> tuple[list[Finding], tuple[int, int] | None]:
    """Findings about one shard, and the times of its first and last leaf (Unix ms)."""
    size, note = newest
    findings = []
    nodes: dict[tuple[int, int], bytes] = {}
    of_shard = select(schema.node).where(schema.node.c.shard == shard.number)
    stored = {(r.level, r.pos): r.hash for r in connection.execute(of_shard)}
    last_rt = 0
    rows = _rows(connection, shard)
    span = (rows[0].rt_ms, rows[-1].rt_ms) if rows else None
    for index, row in enumerate(rows[:size]):
        try:
            leaf = Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs)
            made = new_nodes(index, leaf.hash(), lambda level, pos: nodes[level, pos])
            sound = row.object is None or digest(row.object) == row.digest
            sound = sound and row.idx == shard.first + index
        except (ValueError, TypeError, KeyError):
            findings.append(_finding(Code.E_INCLUSION, f"leaf {index} cannot be read"))
            return findings, span
        if not sound or any(stored.get((level, pos)) != value for level, pos, value in made):
            findings.append(_finding(Code.E_INCLUSION, f"leaf {index} is not as it was logged"))
        if row.rt_ms < last_rt:
            findings.append(_finding(Code.E_LOG_TIME, f"leaf {index} is older than the one before"))
        last_rt = row.rt_ms
        nodes.update({(level, pos): value for level, pos, value in made})
    try:
        signed = open_checkpoint(note, [verifier] if verifier else [])
    except DiaryError as error:
        findings.append(_finding(error.code, error.detail))
    else:
        held = len(rows) == size == signed.size and shard.size in (None, size)
        held = held and signed.origin == shard.origin
        if not held or root(size, lambda level, pos: nodes[level, pos]) != signed.root:
            findings.append(_finding(Code.E_INCLUSION, "the log is not the one that was signed"))
    return findings, span


def _rows(connection: Connection, shard: Shard) -> Sequence[Row[Any]]:
    columns = schema.leaf.c
    query = select(schema.leaf).where(columns.idx >= shard.first).order_by(columns.idx)
    if shard.size is not None:
        query = query.where(columns.idx < shard.first + shard.size)
    return connection.execute(query).all()


def _finding(code: Code, detail: str) -> Finding:
    return Finding("log", "log", code, detail)
