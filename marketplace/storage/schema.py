"""The tables of a marketplace, in column types that SQLite and PostgreSQL share.

Only the Alembic migrations create tables; a test compares them with these definitions. `*_s` are
Unix seconds, `*_ms` Unix milliseconds. Columns that repeat a signed field are an index for queries:
pages and bills read the signed bytes again.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Insert,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from marketplace.storage import (
    account_tables,
    picture_tables,
    report_tables,
    shared_tables,
    table_metadata,
    webhook_tables,
    witness_tables,
)
from marketplace.storage.table_metadata import BIG, HASH

metadata = table_metadata.metadata
account = account_tables.account
authorization_code = account_tables.authorization_code
company_invitation = account_tables.company_invitation
company_member = account_tables.company_member
message = account_tables.message
oidc_identity = account_tables.oidc_identity
one_time_code = account_tables.one_time_code
passkey = account_tables.passkey
session = account_tables.session
contract = account_tables.contract
terms = account_tables.terms
contract_rate = account_tables.contract_rate
contract_retention = account_tables.contract_retention
report_link = account_tables.report_link
api_token = account_tables.api_token
blob = picture_tables.blob
blob_owner = picture_tables.blob_owner
pending_upload = picture_tables.pending_upload
storage_usage = picture_tables.storage_usage
erased_blob = picture_tables.erased_blob
webhook_endpoint = webhook_tables.webhook_endpoint
webhook_delivery = webhook_tables.webhook_delivery
week_notice = webhook_tables.week_notice
public_profile = account_tables.public_profile
cosigned_checkpoint = witness_tables.cosigned_checkpoint
witness_state = witness_tables.witness_state
used_proof = shared_tables.used_proof
counted_attempt = shared_tables.counted_attempt
pending_sign_in = shared_tables.pending_sign_in
report_recipient = report_tables.report_recipient
report_delivery = report_tables.report_delivery

setting = Table(
    "setting",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

leaf = Table(
    "leaf",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(10), nullable=False),
    Column("digest", HASH, nullable=False),
    Column("rt_ms", BigInteger, nullable=False),
    Column("attrs", Text, nullable=False),
    Column("object", LargeBinary),
    UniqueConstraint("digest", "type"),
)

shard = Table(
    "shard",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False, unique=True),
    Column("vkey", Text, nullable=False),
    # The `leaf.idx` of its leaf 0; `leaf.idx` counts over all shards.
    Column("first", BigInteger, nullable=False),
    # The final number of leaves; null while the shard grows.
    Column("size", BigInteger),
)

node = Table(
    "node",
    metadata,
    Column("shard", ForeignKey("shard.number"), primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("pos", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("shard", ForeignKey("shard.number"), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)

beacon = Table(
    "beacon",
    metadata,
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", ForeignKey("leaf.idx"), nullable=False),
    # The published proof file; segments name its hash, so it never changes.
    Column("file", LargeBinary),
    Column("hash", HASH, unique=True),
)

returned_beacon = Table(
    "returned_beacon",
    metadata,
    # A beacon that the marketplace lost with a restored backup; its receipt proves it.
    Column("hash", HASH, primary_key=True),
    Column("slot", BigInteger, nullable=False),
    Column("file", LargeBinary, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("kid", HASH, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("idx", ForeignKey("leaf.idx"), nullable=False),
    Column("jws", LargeBinary, nullable=False),
    # Its last sign-in, for the page of devices.
    Column("seen_s", BigInteger),
    # The receipt of its first leaf, returned after that leaf was lost with a restored backup.
    Column("proof", LargeBinary),
    Index(None, "sub"),
)

segment = Table(
    "segment",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("idx", ForeignKey("leaf.idx"), nullable=False, unique=True),
    Column("kid", ForeignKey("device.kid"), nullable=False),
    Column("ctr", String(22), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("slot", BigInteger, nullable=False),
    Column("t0", BigInteger, nullable=False),
    Column("t1", BigInteger, nullable=False),
    Column("kind", String(6), nullable=False),
    Column("beacon", HASH),
    # The slot that the segment names with its beacon, whether or not that beacon exists.
    Column("beacon_slot", BigInteger),
    Column("data", LargeBinary, nullable=False),
    # False until its findings are stored; the next start checks segments left by a crash.
    Column("checked", Boolean, nullable=False),
    # Whether an effective tombstone deleted its time; for the stored totals.
    Column("given_back", Boolean, nullable=False, server_default=false()),
    # The log row after which its seconds can be recorded again (`CreditEntry.given_back_at`); null
    # before a check has found the tombstone.
    Column("given_back_idx", BigInteger),
    # The results of its check, null before it: whether no finding costs pay, and the weekly limit
    # and the client of its terms.
    Column("pays", Boolean),
    Column("limit_s", BIG),
    Column("client", String(22)),
    # The reasons for which its client should look at it (`marketplace.records.attention`).
    Column("attention", String(60)),
    # Whether its client allowed its time over the weekly limit (review entry `allow`).
    Column("allowed", Boolean, nullable=False, server_default=false()),
    Index(None, "ctr", "slot"),
    Index(None, "ctr", "t0"),
    Index(None, "kid", "ctr", "seq"),
    Index(None, "kid", "slot"),
)
_unchecked = segment.c.checked.is_(False)
Index("ix_segment_unchecked", segment.c.idx, sqlite_where=_unchecked, postgresql_where=_unchecked)

segment_summary = Table(
    "segment_summary",
    metadata,
    # The result of the last check of a segment, for pages and reports; absent before the check and
    # after an erasure, until the next check.
    Column("segment", ForeignKey("segment.hash"), primary_key=True),
    Column("ctr", String(22), nullable=False),
    Column("slot", BigInteger, nullable=False),
    # The current memo, for searches.
    Column("memo", Text),
    # `marketplace.records.segment_facts` as JSON.
    Column("facts", Text, nullable=False),
    # When it was checked, in real time.
    Column("checked_s", BigInteger, nullable=False),
    Index(None, "ctr", "slot"),
)

daily_total = Table(
    "daily_total",
    metadata,
    # Seconds of one contract and UTC day (`marketplace.records.credited_totals`).
    Column("ctr", ForeignKey("contract.ctr"), primary_key=True),
    Column("day_s", BigInteger, primary_key=True, autoincrement=False),
    Column("tracked", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),
    Column("manual", BigInteger, nullable=False),
    Column("payable", BigInteger, nullable=False),
    Column("unpaid", BigInteger, nullable=False),
    Column("given_back", BigInteger, nullable=False),
    Column("overlap", BigInteger, nullable=False),
    Column("over_limit", BigInteger, nullable=False),
)

review = Table(
    "review",
    metadata,
    # A review entry (`docs/protocol.md` section 5.5): a decision, question or comment.
    Column("digest", HASH, primary_key=True),
    Column("idx", ForeignKey("leaf.idx"), nullable=False, unique=True),
    Column("ctr", ForeignKey("contract.ctr"), nullable=False),
    # The week of its segments.
    Column("week_s", BigInteger, nullable=False),
    Column("kind", String(10), nullable=False),
    # Its author.
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("at_s", BigInteger, nullable=False),
    # The log has only the hash of salt and text.
    Column("text", Text),
    Column("salt", HASH),
    Column("replies_to", ForeignKey("review.digest")),
    Index(None, "ctr", "week_s"),
)

review_segment = Table(
    "review_segment",
    metadata,
    Column("review", ForeignKey("review.digest"), primary_key=True),
    Column("segment", ForeignKey("segment.hash"), primary_key=True),
    Index(None, "segment"),
)

week_status = Table(
    "week_status",
    metadata,
    # The state of the review of one contract's week with segments, for lists.
    Column("ctr", ForeignKey("contract.ctr"), primary_key=True),
    Column("week_s", BigInteger, primary_key=True, autoincrement=False),
    # The number of exceptions that its client has not settled.
    Column("open", Integer, nullable=False),
    # Their kinds, separated by spaces, most frequent first.
    Column("kinds", Text, nullable=False),
    # Whether its client approved all of its segments.
    Column("approved", Boolean, nullable=False),
    # Seconds: the sums of its rows in `daily_total`.
    Column("tracked", BigInteger, nullable=False, server_default="0"),
    Column("kept", BigInteger, nullable=False, server_default="0"),
    Column("manual", BigInteger, nullable=False, server_default="0"),
    Column("payable", BigInteger, nullable=False, server_default="0"),
    Column("over_limit", BigInteger, nullable=False, server_default="0"),
    Index(None, "week_s"),
)

audit = Table(
    "audit",
    metadata,
    # One pass over all stored bytes (`marketplace.records.audit`), in real time.
    Column("id", BIG, primary_key=True),
    Column("begun_s", BigInteger, nullable=False),
    Column("ended_s", BigInteger),
    # The log row from which it continues after a restart.
    Column("next_idx", BigInteger, nullable=False),
)

log_finding = Table(
    "log_finding",
    metadata,
    # The findings of the last completed audit of the log.
    Column("id", BIG, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("code", String(24), nullable=False),
    Column("detail", Text, nullable=False),
)

statement = Table(
    "statement",
    metadata,
    # Of the compact JWS or SD-JWT, or of the marketplace's object.
    Column("digest", HASH, primary_key=True),
    # The type of its leaf: vouch, retire, revoke, amend or tombstone.
    Column("type", String(10), nullable=False),
    Column("idx", ForeignKey("leaf.idx"), nullable=False, unique=True),
    # The device that signed it; null for a statement of the marketplace.
    Column("kid", ForeignKey("device.kid")),
    # The segment's hash (amend, tombstone) or the device's kid.
    Column("subject", HASH, nullable=False),
    # As received, without its erased parts; null for the marketplace's: its leaf has the object.
    Column("data", LargeBinary),
    # False for a tombstone until its erasure is complete.
    Column("done", Boolean, nullable=False),
    Index(None, "subject"),
    Index(None, "done"),
)

segment_blob = Table(
    "segment_blob",
    metadata,
    Column("segment", ForeignKey("segment.hash"), primary_key=True),
    Column("sha256", HASH, primary_key=True),
    Index(None, "sha256"),
)

finding = Table(
    "finding",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("segment", ForeignKey("segment.hash"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("subject", Text, nullable=False),
    Column("code", String(24), nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "segment"),
)

device_head = Table(
    "device_head",
    metadata,
    Column("kid", ForeignKey("device.kid"), primary_key=True),
    Column("ctr", String(22), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", HASH, nullable=False),
)

picture_view = Table(
    "picture_view",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("segment", ForeignKey("segment.hash"), nullable=False),
    Column("picture", Integer, nullable=False),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    # full, thumb or bundle (`marketplace.records.picture_views`).
    Column("size", String(6), nullable=False, server_default="full"),
    Column("ctr", String(22), nullable=False, server_default=""),
    Index(None, "segment"),
    Index(None, "ctr", "id"),
)

#: The devices that record now (`marketplace.records.heartbeats`); one row per device.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("kid", ForeignKey("device.kid"), primary_key=True),
    Column("ctr", String(22), nullable=False),
    # When the recording began, and when the device reported it last, in real time.
    Column("since_s", BigInteger, nullable=False),
    Column("at_s", BigInteger, nullable=False),
    Index(None, "ctr"),
)

#: Tables in which an existing row with the same key is kept.
_KEEP_FIRST = {
    blob: ["sha256"],
    blob_owner: ["sha256", "sub"],
    erased_blob: ["mark"],
    returned_beacon: ["hash"],
}


def insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    """Insert rows. Tables of `_KEEP_FIRST` keep an existing row; a device's head only advances."""
    connection.execute(_insert_of(connection.dialect.name, table), rows)


@cache
def _insert_of(dialect_name: str, table: Table) -> Insert:
    # Both dialects have the same methods; import only the one in use.
    dialect = import_module(f"sqlalchemy.dialects.{dialect_name}")
    query = dialect.insert(table)
    if table is device_head:
        new = query.excluded
        query = query.on_conflict_do_update(
            index_elements=["kid", "ctr"],
            set_={"seq": new.seq, "hash": new.hash},
            where=device_head.c.seq < new.seq,
        )
    elif table in _KEEP_FIRST:
        query = query.on_conflict_do_nothing(index_elements=_KEEP_FIRST[table])
    return cast("Insert", query)


@cache
def insert_order() -> tuple[Table, ...]:
    """All tables in the order of their foreign keys."""
    return tuple(metadata.sorted_tables)
