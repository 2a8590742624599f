"""Enrolled devices by key identifier."""

from __future__ import annotations

from sqlalchemy import Connection, select

from diary.core.findings import DiaryError
from diary.objects.enrolment import Enrolment, parse_enrolment
from marketplace.storage import schema


def device(connection: Connection, kid: str) -> Enrolment | None:
    """The enrolment of a device, parsed from its signed bytes; None if there is no valid one."""
    jws = connection.execute(select(schema.device.c.jws).where(schema.device.c.kid == kid)).scalar()
    if jws is None:
        return None
    try:
        enrolment = parse_enrolment(jws)
    except DiaryError:
        return None  # changed in storage
    return enrolment if enrolment.kid == kid else None
