"""Statements of devices and of the marketplace, and the state of their subjects.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "deed",
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=True),
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_deed_idx")),
        sa.ForeignKeyConstraint(["kid"], ["device.kid"], name=op.f("fk_deed_kid")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_deed")),
        sa.UniqueConstraint("idx", name=op.f("uq_deed_idx")),
    )
    op.create_index(op.f("ix_deed_subject"), "deed", ["subject"], unique=False)
    op.create_index(op.f("ix_deed_done"), "deed", ["done"], unique=False)
    op.add_column("device", sa.Column("seen_s", sa.BigInteger(), nullable=True))
    op.add_column(
        "segment",
        sa.Column("given_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
