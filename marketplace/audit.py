"""The log against itself: every leaf, every node, every object and the signed root.

A receipt proves one leaf by the path above it. Bytes changed elsewhere in the log show only when
the whole tree is built again, which is done here for as many leaves as a page can wait for.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from diary.checkpoint import open_checkpoint
from diary.encoding import digest
from diary.errors import Code, DiaryError, Finding
from diary.leaf import Leaf, LeafType
from diary.merkle import new_nodes, root
from diary.note import NoteVerifier
from marketplace import schema
from marketplace.log import checkpoint

#: Beyond this many leaves only receipts are checked on read.
MAX_LEAVES = 2_000


def audit(connection: Connection, verifier: NoteVerifier) -> list[Finding]:
    """Findings about the log; none for a log that is longer than MAX_LEAVES."""
    newest = checkpoint(connection)
    if newest is None or newest[0] > MAX_LEAVES:
        return []
    size, note = newest
    findings = []
    nodes: dict[tuple[int, int], bytes] = {}
    stored = {(r.level, r.pos): r.hash for r in connection.execute(select(schema.node))}
    last_rt = 0
    rows = connection.execute(select(schema.leaf).order_by(schema.leaf.c.idx)).all()
    for index, row in enumerate(rows[:size]):
        try:
            leaf = Leaf(LeafType(row.type), row.digest, row.rt_ms, row.attrs)
            made = new_nodes(index, leaf.hash(), lambda level, pos: nodes[level, pos])
            sound = row.idx == index and (row.object is None or digest(row.object) == row.digest)
        except (ValueError, TypeError, KeyError):
            findings.append(_finding(Code.E_INCLUSION, f"leaf {index} cannot be read"))
            return findings
        if not sound or any(stored.get((level, pos)) != value for level, pos, value in made):
            findings.append(_finding(Code.E_INCLUSION, f"leaf {index} is not as it was logged"))
        if row.rt_ms < last_rt:
            findings.append(_finding(Code.E_LOG_TIME, f"leaf {index} is older than the one before"))
        last_rt = row.rt_ms
        nodes.update({(level, pos): value for level, pos, value in made})
    try:
        signed = open_checkpoint(note, [verifier])
    except DiaryError as error:
        findings.append(_finding(error.code, error.detail))
    else:
        held = len(rows) == size == signed.size
        if not held or root(size, lambda level, pos: nodes[level, pos]) != signed.root:
            findings.append(_finding(Code.E_INCLUSION, "the log is not the one that was signed"))
    return findings


def _finding(code: Code, detail: str) -> Finding:
    return Finding("log", "log", code, detail)
