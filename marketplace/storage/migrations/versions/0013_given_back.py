"""The position at which a segment's time was deleted: its seconds can be recorded again after it.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("segment", sa.Column("given_back_idx", sa.BigInteger(), nullable=True))
    # The next start checks them again, which fills the column and updates the totals of their
    # weeks.
    statement = sa.text("UPDATE segment SET checked = :no WHERE given_back")
    op.execute(statement.bindparams(no=False))
