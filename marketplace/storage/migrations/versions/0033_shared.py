"""What processes that share a database keep together: used proofs, attempts, begun sign-ins.

Revision ID: 0033
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "used_proof",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("until_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_used_proof")),
    )
    op.create_index(op.f("ix_used_proof_until_s"), "used_proof", ["until_s"])
    op.create_table(
        "counted_attempt",
        sa.Column("name", sa.String(length=43), nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_counted_attempt")),
    )
    op.create_index(op.f("ix_counted_attempt_until_s"), "counted_attempt", ["until_s"])
    op.create_table(
        "pending_sign_in",
        sa.Column("name", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("until_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pending_sign_in")),
    )
    op.create_index(op.f("ix_pending_sign_in_until_s"), "pending_sign_in", ["until_s"])
