"""Statements that read whole tables get an index; the home page gets the seconds of weeks.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_SUMS = ("tracked", "kept", "manual", "payable", "over_limit")
_WEEK_S = 604_800


def upgrade() -> None:
    for name in _SUMS:
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("week_status", column)
    week = sa.table("week_status", *map(sa.column, ("ctr", "week_s", *_SUMS)))
    day = sa.table("daily_total", *map(sa.column, ("ctr", "day_s", *_SUMS)))
    of_week = sa.and_(
        day.c.ctr == week.c.ctr,
        day.c.day_s >= week.c.week_s,
        day.c.day_s < week.c.week_s + _WEEK_S,
    )
    sums = {
        name: sa.select(sa.func.coalesce(sa.func.sum(day.c[name]), 0))
        .where(of_week)
        .correlate(week)
        .scalar_subquery()
        for name in _SUMS
    }
    op.execute(sa.update(week).values(sums))
    # Segments without stored results, which an upgrade from an earlier revision left, are checked
    # by the next start.
    segment = sa.table("segment", *map(sa.column, ("hash", "idx", "checked")))
    summary = sa.table("segment_summary", sa.column("segment"))
    stored = sa.exists().where(summary.c.segment == segment.c.hash).correlate(segment)
    op.execute(sa.update(segment).where(~stored).values(checked=sa.false()))
    unchecked = segment.c.checked.is_(False)
    op.create_index(
        op.f("ix_segment_unchecked"),
        "segment",
        ["idx"],
        sqlite_where=unchecked,
        postgresql_where=unchecked,
    )
    op.drop_index(op.f("ix_segment_checked"), "segment")
    op.create_index(op.f("ix_session_expires_s"), "session", ["expires_s"])
    op.create_index(op.f("ix_week_status_week_s"), "week_status", ["week_s"])
    op.create_index(op.f("ix_message_created_s"), "message", ["created_s"])
    op.create_index(op.f("ix_webhook_delivery_created_s"), "webhook_delivery", ["created_s"])
    op.create_index(op.f("ix_terms_idx"), "terms", ["idx"], unique=True)
    op.create_index(op.f("ix_terms_ctr_from_s_idx"), "terms", ["ctr", "from_s", "idx"])
    op.drop_index(op.f("ix_terms_ctr_from_s"), "terms")
