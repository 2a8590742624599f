"""The credit of each contract and day, and the columns of segments that it is computed from.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0007"
down_revision = "0006"

_SUMS = ("tracked", "kept", "manual", "payable", "unpaid", "given_back", "overlap", "over_limit")


def upgrade() -> None:
    op.create_table(
        "total",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("day_s", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMS),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_total_ctr")),
        sa.PrimaryKeyConstraint("ctr", "day_s", name=op.f("pk_total")),
    )
    op.add_column("segment", sa.Column("pays", sa.Boolean(), nullable=True))
    op.add_column("segment", sa.Column("limit_s", BIG, nullable=True))
    op.add_column("segment", sa.Column("client", sa.String(length=22), nullable=True))
    # The next start checks all segments again, which fills the columns and the sums.
    op.execute(sa.text("UPDATE segment SET checked = :no").bindparams(no=False))
