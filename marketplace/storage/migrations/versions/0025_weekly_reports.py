"""Weekly reports by e-mail.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column(
        "message", sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(op.f("ix_message_address"), "message", ["address"])
    op.create_index(op.f("ix_message_message_id"), "message", ["message_id"])
    op.create_table(
        "report_recipient",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("company", sa.String(length=22), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("ctr", sa.String(length=22)),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.String(length=43)),
        sa.Column("expires_s", sa.BigInteger()),
        sa.Column("secret", sa.String(length=22), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("from_s", sa.BigInteger()),
        sa.Column("ended_s", sa.BigInteger()),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company"], ["account.sub"], name=op.f("fk_report_recipient_company")
        ),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_report_recipient_sub")),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_report_recipient_ctr")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_recipient")),
        sa.UniqueConstraint("hash", name=op.f("uq_report_recipient_hash")),
        sa.UniqueConstraint("secret", name=op.f("uq_report_recipient_secret")),
    )
    for column in ("company", "address", "state"):
        op.create_index(op.f(f"ix_report_recipient_{column}"), "report_recipient", [column])
    op.create_table(
        "report_delivery",
        sa.Column("recipient", sa.String(length=22), nullable=False),
        sa.Column("week_s", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("at_s", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient"], ["report_recipient.id"], name=op.f("fk_report_delivery_recipient")
        ),
        sa.PrimaryKeyConstraint("recipient", "week_s", name=op.f("pk_report_delivery")),
    )
    op.create_index(op.f("ix_report_delivery_done"), "report_delivery", ["done"])
