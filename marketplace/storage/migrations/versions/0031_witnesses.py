"""Checkpoints that witnesses have cosigned.

Revision ID: 0031
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "cosigned_checkpoint",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard"], ["shard.number"], name=op.f("fk_cosigned_checkpoint_shard")
        ),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_cosigned_checkpoint")),
    )
    op.create_table(
        "witness_state",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("witness", sa.String(length=43), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("cosigned_s", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(length=20), nullable=True),
        sa.Column("failing_since_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shard"], ["shard.number"], name=op.f("fk_witness_state_shard")),
        sa.PrimaryKeyConstraint("shard", "witness", name=op.f("pk_witness_state")),
    )
