"""Export all data of a person as one ZIP (GDPR Articles 15 and 20): JSON, JSON lines, pictures.

The archive is streamed: rows are read in batches and pictures in pieces, so that memory stays
bounded for an account of any size. Rules kept: it contains no secret, neither a hash of one nor a
one-time link; records and texts of other people only as far as their pages show them to the person;
each name in the archive is made here, never taken from a stored text.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, or_, select

from diary.core.findings import DiaryError
from diary.formats.encoding import b64url_decode
from marketplace.accounts.model import Account
from marketplace.accounts.roles import role_in
from marketplace.contracts import retention
from marketplace.contracts.queries import visible_to
from marketplace.core.clock import MarketplaceClock
from marketplace.records.statements import disclosures_by_digest
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database

_BATCH = 500
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
#: Columns that hold a secret or its hash.
_SECRET = {
    "password",
    "hash",
    "salt",
    "public_key",
    "session",
    "challenge",
    "nonce",
    "proof",
    "secret",
    "former_secret",
}
#: Tables with rows of an account, their column that names it, and their name in the archive.
_OF_ACCOUNT: tuple[tuple[Table, str, str], ...] = (
    (schema.passkey, "sub", "passkeys"),
    (schema.oidc_identity, "sub", "provider_links"),
    (schema.session, "sub", "sessions"),
    (schema.api_token, "sub", "api_tokens"),
    (schema.report_link, "sub", "report_links"),
    (schema.webhook_endpoint, "sub", "webhooks"),
    (schema.report_recipient, "sub", "weekly_report_recipients"),
    (schema.one_time_code, "sub", "one_time_links"),
    (schema.authorization_code, "sub", "authorizations"),
    (schema.public_profile, "sub", "public_page"),
    (schema.company_member, "sub", "memberships"),
    (schema.company_invitation, "company", "invitations"),
    (schema.storage_usage, "sub", "storage"),
    (schema.pending_upload, "sub", "pending_uploads"),
)
_README = """This archive has all personal data of one account of a Workdiary marketplace.

profile.json        the account, how it signs in, sessions, tokens, links, memberships, e-mails
contracts.json      the contracts with their terms, rates and the chosen retention
computers.json      the computers, each with its signed enrolment
segments.jsonl      one recorded segment a line: its signed text (sdjwt), the fields and the parts
                    that are still there, such as memo, minutes and pictures
statements.jsonl    changed memos, deletions and statements about computers
results.jsonl       findings of the checks, one a line
days.jsonl          seconds of each contract and day
reviews.jsonl       approvals, questions, answers and disputes
picture_views.jsonl who viewed your pictures, and which pictures of others you viewed
pictures/           the pictures and thumbnails by their SHA-256 in base64url, as WebP

Times that end in _s are Unix seconds, in _ms Unix milliseconds. docs/protocol.md of Workdiary
specifies the signed fields. Passwords, keys and codes are not in the archive.
"""


class PersonExport:
    """Exports accounts. Blocks."""

    def __init__(self, store: Database, blobs: Blobs, clock: MarketplaceClock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    def make(self, person: Account) -> Iterator[bytes]:
        """The ZIP of an account in pieces."""
        out = _Pieces()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for name, lines in self._files(person):
                with archive.open(
                    zipfile.ZipInfo(name, self._date()), "w", force_zip64=True
                ) as file:
                    for line in lines:
                        file.write(line)
                        yield from out.taken()
            for sha in self._pictures(person.sub):
                # WebP does not become smaller.
                info = zipfile.ZipInfo(f"pictures/{sha}.webp", self._date())
                if (pieces := self._blobs.pieces(sha)) is None:
                    continue  # erased meanwhile
                with archive.open(info, "w") as file:
                    for piece in pieces:
                        file.write(piece)
                        yield from out.taken()
        yield from out.taken()

    def _date(self) -> tuple[int, int, int, int, int, int]:
        now = dt.datetime.fromtimestamp(self._clock.real_s(), dt.UTC)
        return now.year, now.month, now.day, now.hour, now.minute, now.second

    def _files(self, person: Account) -> Iterator[tuple[str, Iterable[bytes]]]:
        sub = person.sub
        kids = select(schema.device.c.kid).where(schema.device.c.sub == sub)
        segments = select(schema.segment.c.hash).where(schema.segment.c.kid.in_(kids))
        own = select(schema.contract.c.ctr).where(schema.contract.c.freelancer == sub)
        statement, finding, view = schema.statement.c, schema.finding.c, schema.picture_view.c
        yield "README.txt", [_README.encode()]
        yield "profile.json", [self._once(lambda c: _profile(c, sub))]
        yield "contracts.json", [self._once(lambda c: _contracts(c, sub))]
        yield "computers.json", [self._once(lambda c: _computers(c, sub))]
        yield (
            "segments.jsonl",
            self._lines(
                schema.segment, schema.segment.c.idx, schema.segment.c.kid.in_(kids), _segment
            ),
        )
        about_me = or_(
            statement.kid.in_(kids), statement.subject.in_(kids), statement.subject.in_(segments)
        )
        yield "statements.jsonl", self._lines(schema.statement, statement.idx, about_me, _statement)
        yield (
            "results.jsonl",
            self._lines(schema.finding, finding.id, finding.segment.in_(segments), _row),
        )
        yield "days.jsonl", [self._once(lambda c: _days(c, own))]
        yield "reviews.jsonl", self._reviews(sub)
        yield (
            "picture_views.jsonl",
            self._lines(
                schema.picture_view,
                view.id,
                or_(view.sub == sub, view.segment.in_(segments)),
                self._view(),
            ),
        )

    def _once(self, read: Callable[[Connection], bytes]) -> bytes:
        with self._store.read() as connection:
            return read(connection)

    def _lines(
        self,
        table: Table,
        key: ColumnElement[Any],
        mine: ColumnElement[bool],
        shown: Callable[[Row[Any]], dict[str, Any] | None],
    ) -> Iterator[bytes]:
        """The rows in the order of `key`, read in batches, each as a line."""
        edge = -1
        while True:
            query = select(table).where(mine, key > edge).order_by(key).limit(_BATCH)
            with self._store.read() as connection:
                rows = connection.execute(query).all()
            for row in rows:
                if (values := shown(row)) is not None:
                    yield _line(values)
            if len(rows) < _BATCH:
                return
            edge = getattr(rows[-1], str(key.key))

    def _reviews(self, sub: str) -> Iterator[bytes]:
        """The person's entries, and those about the contracts that the person may read."""
        review, contract = schema.review.c, schema.contract.c
        with self._store.read() as connection:
            rows = connection.execute(select(schema.contract).where(visible_to(sub))).all()
            ctrs = [
                row.ctr
                for row in rows
                if row.freelancer == sub or role_in(connection, row.client, sub) != "finance"
            ]
            names = {
                row.sub: row.name
                for row in connection.execute(
                    select(schema.account.c.sub, schema.account.c.name).where(
                        schema.account.c.sub.in_(
                            select(review.sub).where(
                                review.ctr.in_(select(contract.ctr).where(visible_to(sub)))
                            )
                        )
                    )
                )
            }

        def shown(row: Row[Any]) -> dict[str, Any]:
            return {**_row(row), "author": names.get(row.sub, "")}

        mine = or_(review.sub == sub, review.ctr.in_(ctrs))
        return self._lines(schema.review, review.idx, mine, shown)

    def _view(self) -> Callable[[Row[Any]], dict[str, Any]]:
        """Views with the names of the viewers, as on the page of views."""
        names: dict[str, str] = {}

        def shown(row: Row[Any]) -> dict[str, Any]:
            if row.sub not in names:
                query = select(schema.account.c.name).where(schema.account.c.sub == row.sub)
                with self._store.read() as connection:
                    names[row.sub] = connection.execute(query).scalar() or ""
            return {**_row(row), "viewer": names[row.sub]}

        return shown

    def _pictures(self, sub: str) -> Iterator[str]:
        """The hashes of the person's pictures; a name that is not a hash is left out."""
        owner, edge = schema.blob_owner.c, ""
        while True:
            query = select(owner.sha256).where(owner.sub == sub, owner.sha256 > edge)
            with self._store.read() as connection:
                rows = connection.execute(query.order_by(owner.sha256).limit(_BATCH)).all()
            yield from (row.sha256 for row in rows if _DIGEST.fullmatch(row.sha256))
            if len(rows) < _BATCH:
                return
            edge = rows[-1].sha256


class _Pieces:
    """A file without positions: `zipfile` writes to it, `taken` returns what was written."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: bytes) -> int:
        self._data += data
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered elsewhere."""

    def taken(self) -> Iterator[bytes]:
        if len(self._data):
            piece, self._data = bytes(self._data), bytearray()
            yield piece


def _row(row: Row[Any]) -> dict[str, Any]:
    """The columns of a row without secrets; bytes as text."""
    return {
        name: value.decode("ascii", "replace") if isinstance(value, bytes) else value
        for name, value in row._mapping.items()  # noqa: SLF001 - public in SQLAlchemy
        if name not in _SECRET
    }


def _profile(connection: Connection, sub: str) -> bytes:
    account, message = schema.account, schema.message
    person = connection.execute(select(account).where(account.c.sub == sub)).one()
    found: dict[str, Any] = {
        "account": {**_row(person), "has_password": person.password is not None}
    }
    for table, column, name in _OF_ACCOUNT:
        rows = connection.execute(select(table).where(table.c[column] == sub))
        found[name] = [_row(row) for row in rows]
    # Their values may have a one-time link.
    columns = [each for each in message.c if each.name != "data"]
    rows = connection.execute(select(*columns).where(message.c.address == person.email))
    found["e_mails"] = [_row(row) for row in rows]
    recipient = schema.report_recipient
    rows = connection.execute(select(recipient).where(recipient.c.address == person.email))
    found["weekly_reports_received"] = [_row(row) for row in rows]
    return _document(found)


def _contracts(connection: Connection, sub: str) -> bytes:
    terms, rate, leaf = schema.terms, schema.contract_rate, schema.leaf
    found = []
    for row in connection.execute(select(schema.contract).where(visible_to(sub))).all():
        objects = connection.execute(
            select(leaf.c.object)
            .join(terms, terms.c.idx == leaf.c.idx)
            .where(terms.c.ctr == row.ctr)
            .order_by(terms.c.idx)
        )
        rates = connection.execute(select(rate).where(rate.c.ctr == row.ctr))
        found.append(
            {
                **_row(row),
                "terms": [json.loads(each.object) for each in objects if each.object],
                "rates": [_row(each) for each in rates],
                "retention_days": retention.read(connection, row.ctr),
            }
        )
    return _document(found)


def _computers(connection: Connection, sub: str) -> bytes:
    device, heartbeat = schema.device, schema.heartbeat
    query = (
        select(device, heartbeat.c.ctr, heartbeat.c.since_s, heartbeat.c.at_s)
        .outerjoin(heartbeat, heartbeat.c.kid == device.c.kid)
        .where(device.c.sub == sub)
        .order_by(device.c.idx)
    )
    return _document(
        [{**_row(row), "enrolment": _payload(row.jws)} for row in connection.execute(query)]
    )


def _days(connection: Connection, own: Select[Any]) -> bytes:
    table = schema.daily_total
    query = select(table).where(table.c.ctr.in_(own)).order_by(table.c.ctr, table.c.day_s)
    return b"".join(_line(_row(row)) for row in connection.execute(query))


def _segment(row: Row[Any]) -> dict[str, Any]:
    return {
        "hash": row.hash,
        "fields": _payload(row.data),
        "parts": dict(disclosures_by_digest(row.data).values()),
        "index": {name: value for name, value in _row(row).items() if name != "data"},
        "sdjwt": row.data.decode("ascii", "replace"),
    }


def _statement(row: Row[Any]) -> dict[str, Any]:
    if row.data is None:
        return _row(row)
    return {
        **_row(row),
        "fields": _payload(row.data),
        "parts": dict(disclosures_by_digest(row.data).values()),
    }


def _payload(data: bytes) -> Any:
    """The payload of a JWS or SD-JWT; None for a damaged one."""
    try:
        return json.loads(b64url_decode(data.split(b".")[1].decode("ascii")))
    except (DiaryError, IndexError, ValueError):
        return None


def _document(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
