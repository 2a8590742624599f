"""Data that devices return to a marketplace restored from an old backup.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "returned_beacon",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_returned_beacon")),
    )
    with op.batch_alter_table("device") as table:
        table.add_column(sa.Column("proof", sa.LargeBinary(), nullable=True))
