"""The size and the contract of a viewed picture.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "view", sa.Column("kind", sa.String(length=6), nullable=False, server_default="full")
    )
    op.add_column("view", sa.Column("ctr", sa.String(length=22), nullable=False, server_default=""))
    op.create_index(op.f("ix_view_ctr_id"), "view", ["ctr", "id"], unique=False)
    op.execute("UPDATE view SET ctr = (SELECT ctr FROM segment WHERE segment.hash = view.segment)")
