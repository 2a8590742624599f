"""Webhooks, and notices that a week is ready for review.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("secret", sa.String(length=60), nullable=False),
        sa.Column("former_secret", sa.String(length=60)),
        sa.Column("former_until_s", sa.BigInteger()),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("failing_since_s", sa.BigInteger()),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_webhook_endpoint_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_sub"), "webhook_endpoint", ["sub"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("endpoint", sa.String(length=22), nullable=False),
        sa.Column("webhook_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("next_s", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_s", sa.BigInteger()),
        sa.Column("failed_s", sa.BigInteger()),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String(length=20)),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(op.f("ix_webhook_delivery_next_s"), "webhook_delivery", ["next_s"])
    op.create_index(op.f("ix_webhook_delivery_endpoint_id"), "webhook_delivery", ["endpoint", "id"])
    op.create_table(
        "week_notice",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("week_s", sa.BigInteger(), nullable=False),
        sa.Column("at_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_week_notice_ctr")),
        sa.PrimaryKeyConstraint("ctr", "week_s", name=op.f("pk_week_notice")),
    )
