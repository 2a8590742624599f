"""The tables of processes that share a database (ADR 0036): what one process keeps in its memory.

Rows live for minutes, and no backup needs them. Times are Unix s of real time.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from marketplace.storage.table_metadata import HASH, metadata

#: The DPoP proofs and assertions that devices have used (`marketplace.devices.shared_proofs`).
used_proof = Table(
    "used_proof",
    metadata,
    # A keyed hash of the device and the proof's identifier.
    Column("mark", LargeBinary, primary_key=True),
    # The end of the time in which the proof is accepted.
    Column("until_s", BigInteger, nullable=False),
    Index(None, "until_s"),
)

#: Counted attempts (`marketplace.http.shared_counters`).
counted_attempt = Table(
    "counted_attempt",
    metadata,
    # The digest of the limit and of the caller whom it limits, and the number of the window.
    Column("name", HASH, primary_key=True),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("until_s", BigInteger, nullable=False),
    Index(None, "until_s"),
)

#: Sign-ins that began in a browser and have not ended (`marketplace.accounts.pending`).
pending_sign_in = Table(
    "pending_sign_in",
    metadata,
    # The digest of the challenge or of the state, and what belongs to it.
    Column("name", HASH, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("data", Text, nullable=False),
    Column("until_s", BigInteger, nullable=False),
    Index(None, "until_s"),
)
