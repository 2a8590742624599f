"""Stored check results, rates, review entries and the audit.

Revision ID: 0016
Revises: 0015
"""

import json

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "contract_rate",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("from_s", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hourly_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_contract_rate_ctr")),
        sa.PrimaryKeyConstraint("ctr", "from_s", name=op.f("pk_contract_rate")),
    )
    op.create_table(
        "segment_summary",
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("checked_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment"], ["segment.hash"], name=op.f("fk_segment_summary_segment")
        ),
        sa.PrimaryKeyConstraint("segment", name=op.f("pk_segment_summary")),
    )
    op.create_index(op.f("ix_segment_summary_ctr_slot"), "segment_summary", ["ctr", "slot"])
    op.create_table(
        "review",
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("week_s", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("at_s", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=43), nullable=True),
        sa.Column("replies_to", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_review_idx")),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_review_ctr")),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_review_sub")),
        sa.ForeignKeyConstraint(
            ["replies_to"], ["review.digest"], name=op.f("fk_review_replies_to")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_review")),
        sa.UniqueConstraint("idx", name=op.f("uq_review_idx")),
    )
    op.create_index(op.f("ix_review_ctr_week_s"), "review", ["ctr", "week_s"])
    op.create_table(
        "review_segment",
        sa.Column("review", sa.String(length=43), nullable=False),
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["review"], ["review.digest"], name=op.f("fk_review_segment_review")
        ),
        sa.ForeignKeyConstraint(
            ["segment"], ["segment.hash"], name=op.f("fk_review_segment_segment")
        ),
        sa.PrimaryKeyConstraint("review", "segment", name=op.f("pk_review_segment")),
    )
    op.create_index(op.f("ix_review_segment_segment"), "review_segment", ["segment"])
    op.create_table(
        "week_status",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("week_s", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_week_status_ctr")),
        sa.PrimaryKeyConstraint("ctr", "week_s", name=op.f("pk_week_status")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("begun_s", sa.BigInteger(), nullable=False),
        sa.Column("ended_s", sa.BigInteger(), nullable=True),
        sa.Column("next_idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "log_finding",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_finding")),
    )
    op.add_column("segment", sa.Column("attention", sa.String(length=60), nullable=True))
    op.add_column(
        "segment", sa.Column("allowed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Bundles and timesheets choose segments by their times.
    op.create_index(op.f("ix_segment_ctr_t0"), "segment", ["ctr", "t0"])
    op.add_column("terms", sa.Column("state", sa.String(length=8), nullable=True))
    op.add_column("terms", sa.Column("limit_s", BIG, nullable=True))
    op.add_column("terms", sa.Column("edit_until_s", BIG, nullable=True))
    _read_terms()
    # The next start checks all segments without a summary, which fills the new columns and tables.


def _read_terms() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT terms.hash, leaf.object FROM terms JOIN leaf ON leaf.idx = terms.idx")
    ).all()
    for name, data in rows:
        try:
            terms = json.loads(data or b"{}")
        except ValueError:
            continue
        connection.execute(
            sa.text(
                "UPDATE terms SET state = :state, limit_s = :limit_s, edit_until_s = :edit"
                " WHERE hash = :hash"
            ).bindparams(
                hash=name,
                state=terms.get("state"),
                limit_s=terms.get("limit_s"),
                edit=terms.get("edit_until_s"),
            )
        )
