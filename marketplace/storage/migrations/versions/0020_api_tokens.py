"""Personal tokens for the JSON API.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.String(length=40), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_api_token_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    op.create_index(op.f("ix_api_token_sub"), "api_token", ["sub"])
    op.create_index(op.f("ix_api_token_expires_s"), "api_token", ["expires_s"])
