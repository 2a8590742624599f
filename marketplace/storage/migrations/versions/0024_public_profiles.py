"""Public pages of freelancers.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "public_profile",
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=22), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("since_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_public_profile_sub")),
        sa.PrimaryKeyConstraint("sub", name=op.f("pk_public_profile")),
        sa.UniqueConstraint("slug", name=op.f("uq_public_profile_slug")),
    )
