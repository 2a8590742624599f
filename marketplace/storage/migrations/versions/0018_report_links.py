"""Private links to reports.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "report_link",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_report_link_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_link")),
        sa.UniqueConstraint("hash", name=op.f("uq_report_link_hash")),
    )
    op.create_index(op.f("ix_report_link_sub"), "report_link", ["sub"])
    op.create_index(op.f("ix_report_link_expires_s"), "report_link", ["expires_s"])
