"""The log's shards, and the shard of each node and checkpoint.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "shard",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shard")),
        sa.UniqueConstraint("origin", name=op.f("uq_shard_origin")),
    )
    op.execute(
        "INSERT INTO shard (number, origin, vkey, first) "
        "SELECT 1, o.value, k.value, 0 FROM setting o, setting k "
        "WHERE o.name = 'log' AND k.name = 'vkey'"
    )
    op.execute("DELETE FROM setting WHERE name IN ('log', 'vkey')")
    if op.get_bind().dialect.name == "postgresql":
        # Names of constraints are unique among all tables there, not within each.
        for table in ("node", "checkpoint"):
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT pk_{table} TO pk_{table}_former")
    # Existing rows belong to the first shard. A table's keys cannot be changed in place.
    op.create_table(
        "node_of_shard",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["shard"], ["shard.number"], name=op.f("fk_node_shard")),
        sa.PrimaryKeyConstraint("shard", "level", "pos", name=op.f("pk_node")),
    )
    op.execute("INSERT INTO node_of_shard SELECT 1, level, pos, hash FROM node")
    op.drop_table("node")
    op.rename_table("node_of_shard", "node")
    op.create_table(
        "checkpoint_of_shard",
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shard"], ["shard.number"], name=op.f("fk_checkpoint_shard")),
        sa.PrimaryKeyConstraint("shard", "size", name=op.f("pk_checkpoint")),
    )
    op.execute("INSERT INTO checkpoint_of_shard SELECT 1, size, note FROM checkpoint")
    op.drop_table("checkpoint")
    op.rename_table("checkpoint_of_shard", "checkpoint")
