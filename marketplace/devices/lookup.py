"""Enrolled devices by key identifier."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection, select

from diary.core.findings import DiaryError
from diary.objects.enrolment import Enrolment, parse_enrolment
from marketplace.storage import schema

#: The signature is verified once for the same bytes.
_parsed = lru_cache(4_096)(parse_enrolment)


def device(connection: Connection, kid: str) -> Enrolment | None:
    """The enrolment of a device, parsed from its signed bytes; None if there is no valid one."""
    jws = connection.execute(select(schema.device.c.jws).where(schema.device.c.kid == kid)).scalar()
    return None if jws is None else parsed(kid, jws)


def parsed(kid: str, jws: bytes) -> Enrolment | None:
    """The enrolment of a device from its signed bytes; None if they were changed in storage."""
    try:
        enrolment = _parsed(jws)
    except DiaryError:
        return None
    return enrolment if enrolment.kid == kid else None
