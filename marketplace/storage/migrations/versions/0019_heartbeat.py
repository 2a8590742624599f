"""The devices that record now.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("since_s", sa.BigInteger(), nullable=False),
        sa.Column("at_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["device.kid"], name=op.f("fk_heartbeat_kid")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_heartbeat")),
    )
    op.create_index(op.f("ix_heartbeat_ctr"), "heartbeat", ["ctr"], unique=False)
