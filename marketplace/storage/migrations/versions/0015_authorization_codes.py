"""The codes of the sign-in in the browser.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "authorization_code",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("challenge", sa.String(length=43), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("used_s", sa.BigInteger(), nullable=True),
        sa.Column("session", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_authorization_code_sub")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_authorization_code")),
    )
