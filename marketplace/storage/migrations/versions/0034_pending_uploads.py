"""Uploads to the object store that have not become pictures yet.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "pending_upload",
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_pending_upload_sub")),
        sa.PrimaryKeyConstraint("sub", "sha256", name=op.f("pk_pending_upload")),
    )
