"""Erased accounts.

Revision ID: 0023
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("account", sa.Column("erased_s", sa.BigInteger()))
    op.add_column(
        "account",
        sa.Column("erasure_done", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
