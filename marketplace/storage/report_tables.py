"""The tables of weekly reports by e-mail (see `marketplace.weekly_reports`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from marketplace.storage.table_metadata import HASH, metadata

report_recipient = Table(
    "report_recipient",
    metadata,
    Column("id", String(22), primary_key=True),
    # The client whose contracts the report covers, and the person who added the address.
    Column("company", ForeignKey("account.sub"), nullable=False),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    # Null for all contracts of the company.
    Column("ctr", ForeignKey("contract.ctr")),
    Column("address", String(254), nullable=False),
    # Of the messages (BCP 47).
    Column("language", String(20), nullable=False),
    # pending, active, bouncing or unsubscribed.
    Column("state", String(12), nullable=False),
    # The hash of the code that confirms the address, and the end of its validity.
    Column("hash", HASH, unique=True),
    Column("expires_s", BigInteger),
    # Unsubscribes; it is in each message, so it is stored.
    Column("secret", String(22), nullable=False, unique=True),
    Column("created_s", BigInteger, nullable=False),
    # The confirmation, in protocol time: weeks that lock later are reported.
    Column("from_s", BigInteger),
    # When the reader unsubscribed.
    Column("ended_s", BigInteger),
    # Reports that the mail server of the address refused since the last accepted one.
    Column("refused", Integer, nullable=False),
    Index(None, "company"),
    Index(None, "address"),
    Index(None, "state"),
)

report_delivery = Table(
    "report_delivery",
    metadata,
    # One week's report to one recipient; its row prevents a second one.
    Column("recipient", ForeignKey("report_recipient.id"), primary_key=True),
    Column("week_s", BigInteger, primary_key=True, autoincrement=False),
    # `message.message_id`.
    Column("message_id", String(40), nullable=False),
    Column("at_s", BigInteger, nullable=False),
    # Whether the outcome of its message is known.
    Column("done", Boolean, nullable=False),
    Index(None, "done"),
)
