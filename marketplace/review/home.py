"""The rows of the home page, from stored totals and the index.

The segments themselves are checked when a day is opened.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, func, select

from diary.core.findings import DiaryError
from diary.core.slots import DAY, SLOT, WEEK, day_of, to_datetime, week_of
from diary.objects.segment import parse
from marketplace.contracts.access import ContractAccess
from marketplace.records import credited_totals
from marketplace.review.view_models import HomeRow
from marketplace.storage import schema


def home_row(connection: Connection, access: ContractAccess, now: int) -> HomeRow:
    """One contract at `now` (Unix s); finance does not see when a person last worked."""
    columns = schema.segment.c
    week = week_of(now)
    valid = (columns.t0 >= columns.slot, columns.t1 > columns.t0, columns.slot <= now + DAY)
    of_week = access.segments().where(columns.slot >= week, columns.slot < week + WEEK, *valid)
    stored = credited_totals.days(connection, access.contract.ctr, week, week + WEEK)
    days = [stored.get(week + n * DAY, credited_totals.NO_TIME).payable for n in range(7)]
    newest = connection.execute(
        access.segments()
        .where(*valid, columns.slot <= now)
        .order_by(columns.slot.desc(), columns.t1.desc())
        .limit(1)
    ).first()
    if access.role == "finance":
        newest = None
    last = newest.t1 if newest else None
    wrong = schema.finding.c
    exceptions = connection.execute(
        select(func.count(wrong.segment.distinct())).where(
            wrong.segment.in_(of_week.with_only_columns(columns.hash, maintain_column_froms=True)),
            wrong.code.like("E\\_%", escape="\\"),
        )
    ).scalar()
    terms = access.terms(connection, now)
    return HomeRow(
        ctr=access.contract.ctr,
        title=access.contract.title,
        person=access.person,
        client=access.client,
        role=access.role,
        state=terms.state if terms else "",
        recording=newest is not None and newest.t1 > now - 2 * SLOT and _is_continued(newest.data),
        last_seen=None if last is None else to_datetime(last, dt.UTC),
        last_day=None if last is None else to_datetime(last - 1, dt.UTC).date(),
        today_s=days[(day_of(now) - week) // DAY],
        week_s=sum(days),
        limit_s=terms.limit_s if terms else None,
        days=tuple(days),
        exceptions=exceptions or 0,
    )


def _is_continued(data: bytes) -> bool:
    """Whether the segment ended with its slot or at a switch, so that recording continued."""
    try:
        return parse(data).segment.end in ("slot", "switch")
    except DiaryError:
        return False
