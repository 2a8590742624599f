"""How long the memos and the activity of a contract are kept.

Revision ID: 0027
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "contract_retention",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("part", sa.String(length=7), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_s", sa.BigInteger(), nullable=False),
        sa.Column("done_idx", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_contract_retention_ctr")),
        sa.PrimaryKeyConstraint("ctr", "part", name=op.f("pk_contract_retention")),
    )
