"""Views of pictures: recorded before the bytes are sent, and shown to the freelancer.

A full picture is recorded at each request. A thumbnail is recorded once an hour per person, since a
browser caches it that long; a downloaded bundle counts as a view of each of its pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Connection, exists, select

from marketplace.accounts.model import Account
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import not_found
from marketplace.storage import schema
from marketplace.storage.database import Database

Size = Literal["full", "thumb", "bundle"]
"""The full picture on a page, its thumbnail, or both in a downloaded record."""
#: A person's requests for a thumbnail within this time (ms) are one view.
THUMB_MS = 3_600_000
#: Views in one response at most.
MAX_LISTED = 500


@dataclass(frozen=True)
class PictureView:
    """One view of one picture: `at_ms` in Unix ms; `slot` of the segment in Unix s."""

    id: int
    at_ms: int
    size: Size
    segment: str
    picture: int
    slot: int
    ctr: str
    title: str
    sub: str
    name: str
    role: str


@dataclass(frozen=True)
class ViewFilter:
    """Selects views: of a contract, of a segment, in [begin_ms, end_ms) (Unix ms), by other people
    only, with an `id` lower than `before`.
    """

    ctr: str | None = None
    segment: str | None = None
    begin_ms: int | None = None
    end_ms: int | None = None
    others: bool = False
    before: int | None = None


class PictureViews:
    """Records and lists views of pictures. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def record(
        self, account: Account, ctr: str, pictures: Iterable[tuple[str, int]], size: Size
    ) -> None:
        """Record views of a contract's pictures, each the hash of a segment and a number.

        Durable on return. Raises DatabaseError on failure; the caller must not show the picture.
        """
        now = self._clock.wall_ms()
        rows: list[dict[str, object]] = [
            {
                "segment": segment,
                "picture": picture,
                "sub": account.sub,
                "at_ms": now,
                "size": size,
                "ctr": ctr,
            }
            for segment, picture in pictures
        ]

        def job(connection: Connection) -> None:
            fresh = [row for row in rows if size != "thumb" or not _recent(connection, row, now)]
            if fresh:
                schema.insert(connection, schema.picture_view, fresh)

        if rows:
            self._store.write(job).result()

    def listed(self, account: Account, wanted: ViewFilter, limit: int) -> list[PictureView]:
        """The views of a freelancer's pictures, newest first, at most `limit`.

        Raises `not_found` for an account that is not a freelancer, and for another's contract.
        """
        contract, view, segment = schema.contract, schema.picture_view, schema.segment
        if account.role != "freelancer":
            raise not_found()
        with self._store.read() as connection:
            own = connection.execute(
                select(contract.c.ctr).where(contract.c.freelancer == account.sub)
            )
            ctrs = {row.ctr for row in own}
            if wanted.ctr is not None:
                if wanted.ctr not in ctrs:
                    raise not_found()
                ctrs = {wanted.ctr}
            query = (
                select(view, segment.c.slot, contract.c.title, schema.account.c.name)
                .add_columns(schema.account.c.role)
                .join(segment, segment.c.hash == view.c.segment)
                .join(contract, contract.c.ctr == view.c.ctr)
                .join(schema.account, schema.account.c.sub == view.c.sub)
                .where(view.c.ctr.in_(sorted(ctrs)))
                .order_by(view.c.id.desc())
                .limit(limit)
            )
            if wanted.segment is not None:
                query = query.where(view.c.segment == wanted.segment)
            if wanted.begin_ms is not None:
                query = query.where(view.c.at_ms >= wanted.begin_ms)
            if wanted.end_ms is not None:
                query = query.where(view.c.at_ms < wanted.end_ms)
            if wanted.others:
                query = query.where(view.c.sub != account.sub)
            if wanted.before is not None:
                query = query.where(view.c.id < wanted.before)
            rows = connection.execute(query).all()
        return [
            PictureView(
                row.id,
                row.at_ms,
                cast("Size", row.size),
                row.segment,
                row.picture,
                row.slot,
                row.ctr,
                row.title,
                row.sub,
                row.name,
                row.role,
            )
            for row in rows
        ]


def _recent(connection: Connection, row: dict[str, object], now_ms: int) -> bool:
    columns = schema.picture_view.c
    same = [columns[name] == row[name] for name in ("segment", "picture", "sub", "size")]
    query = select(exists().where(*same, columns.at_ms > now_ms - THUMB_MS))
    return bool(connection.execute(query).scalar())
