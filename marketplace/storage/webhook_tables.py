"""The tables of webhooks (see `marketplace.webhooks`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from marketplace.storage.table_metadata import BIG, metadata

webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    Column("id", String(22), primary_key=True),
    # The account of the client's company, or the freelancer.
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("url", Text, nullable=False),
    # The types of its events, separated by spaces.
    Column("events", Text, nullable=False),
    # active, paused (by a person) or disabled (after lasting failure).
    Column("state", String(8), nullable=False),
    # Each event is signed with the secret and, until a time after a rotation, with the former one.
    Column("secret", String(60), nullable=False),
    Column("former_secret", String(60)),
    Column("former_until_s", BigInteger),
    Column("created_s", BigInteger, nullable=False),
    # The first failed attempt since the last success.
    Column("failing_since_s", BigInteger),
    Index(None, "sub"),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    # One event for one endpoint (`marketplace.notifications.retry_queue`).
    Column("id", BIG, primary_key=True),
    Column("endpoint", ForeignKey("webhook_endpoint.id"), nullable=False),
    # The header webhook-id, the same in each attempt.
    Column("webhook_id", String(40), nullable=False),
    Column("event", String(30), nullable=False),
    # The body, deleted when it is sent or given up.
    Column("data", Text, nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("next_s", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("sent_s", BigInteger),
    Column("failed_s", BigInteger),
    # Of the last attempt: the HTTP status, or the reason why there is none.
    Column("status", Integer),
    Column("error", String(20)),
    Index(None, "next_s"),
    Index(None, "created_s"),
    Index(None, "endpoint", "id"),
)

week_notice = Table(
    "week_notice",
    metadata,
    # The weeks whose client was notified that they are ready for review.
    Column("ctr", ForeignKey("contract.ctr"), primary_key=True),
    Column("week_s", BigInteger, primary_key=True, autoincrement=False),
    Column("at_s", BigInteger, nullable=False),
)
