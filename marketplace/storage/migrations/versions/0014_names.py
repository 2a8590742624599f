"""Standard names of tables and columns.

SQLite keeps the names of constraints when it renames a table, so each renamed table is created
again and its rows are copied.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0014"
down_revision = "0013"

_SUMS = ("tracked", "kept", "manual", "payable", "unpaid", "given_back", "overlap", "over_limit")


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=True),
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_statement_idx")),
        sa.ForeignKeyConstraint(["kid"], ["device.kid"], name=op.f("fk_statement_kid")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_statement")),
        sa.UniqueConstraint("idx", name=op.f("uq_statement_idx")),
    )
    columns = "digest, type, idx, kid, subject, data, done"
    _move("deed", columns, "statement", columns)
    op.create_index(op.f("ix_statement_subject"), "statement", ["subject"], unique=False)
    op.create_index(op.f("ix_statement_done"), "statement", ["done"], unique=False)

    op.create_table(
        "one_time_code",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("used_s", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(length=43), nullable=True),
        sa.Column("week0", sa.BigInteger(), nullable=True),
        sa.Column("kid", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_one_time_code_sub")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_one_time_code")),
    )
    columns = "hash, sub, purpose, expires_s, used_s, nonce, week0, kid"
    _move("code", columns, "one_time_code", columns)

    op.create_table(
        "daily_total",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("day_s", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMS),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_daily_total_ctr")),
        sa.PrimaryKeyConstraint("ctr", "day_s", name=op.f("pk_daily_total")),
    )
    columns = ", ".join(("ctr", "day_s", *_SUMS))
    _move("total", columns, "daily_total", columns)

    op.create_table(
        "storage_usage",
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_storage_usage_sub")),
        sa.PrimaryKeyConstraint("sub", "ctr", name=op.f("pk_storage_usage")),
    )
    columns = "sub, ctr, files, bytes"
    _move("holding", columns, "storage_usage", columns)

    op.create_table(
        "picture_view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.Column("picture", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.String(length=6), nullable=False, server_default="full"),
        sa.Column("ctr", sa.String(length=22), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["segment"], ["segment.hash"], name=op.f("fk_picture_view_segment")
        ),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_picture_view_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_view")),
    )
    _move(
        "view", "id, segment, shot, sub, at_ms, kind, ctr",
        "picture_view", "id, segment, picture, sub, at_ms, size, ctr",
    )  # fmt: skip
    op.create_index(op.f("ix_picture_view_segment"), "picture_view", ["segment"], unique=False)
    op.create_index(op.f("ix_picture_view_ctr_id"), "picture_view", ["ctr", "id"], unique=False)

    op.execute("ALTER TABLE segment RENAME COLUMN bcn_slot TO beacon_slot")


def _move(old: str, old_columns: str, new: str, new_columns: str) -> None:
    op.execute(f"INSERT INTO {new} ({new_columns}) SELECT {old_columns} FROM {old}")  # noqa: S608
    op.drop_table(old)
