"""The columns of browser sessions that their page shows.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("session", sa.Column("agent", sa.String(40), nullable=True))
    op.add_column("session", sa.Column("seen_s", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_session_sub"), "session", ["sub"], unique=False)
