"""Keyed hashes of erased pictures, which are refused.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "erased_blob",
        sa.Column("mark", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erased_blob")),
    )
