"""Signed statements of this account's devices: amended memos, deletions, retirements and vouches,
with their upload state.

Rules kept (`docs/protocol.md` §6): the files are authoritative, `<folder>/<digest><suffix>` with a
`.tlog-proof` once the log holds the statement, or a `.refused.json`; a statement is durable before
it takes effect or is sent; retries send identical bytes; statements about one segment are sent in
the order in which they were made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from diary.core.findings import DiaryError
from diary.formats.encoding import canonical
from diary.formats.jws import Jws
from diary.log.leaf import LeafType
from diary.log.receipt import Receipt
from diary.objects.amendment import Amendment, parse_amend
from diary.objects.device_lifecycle import Retire, Vouch, parse_retire, parse_vouch
from diary.objects.tombstone import Tombstone, parse_object, parse_tombstone
from uploader.errors import Problem
from uploader.store.index.rows import UploadState
from uploader.store.state_folder import StateFolder

_RECEIPT, _REFUSED = ".tlog-proof", ".refused.json"
#: The folders of statements of the account's other devices, and of the marketplace.
LEARNT, _THEIRS = "learnt/", "learnt/erasures"


class StatementKind(StrEnum):
    """The kind of a statement."""

    RETIRE = "retire"
    VOUCH = "vouch"
    AMEND = "amend"
    TOMBSTONE = "tombstone"


Body = Amendment | Tombstone | Retire | Vouch


@dataclass(frozen=True)
class Form:
    """The storage and the upload of one kind: its folder, which is also its route, and its leaf."""

    folder: str
    ending: str
    mime: str
    leaf: LeafType
    parse: Callable[[bytes], Body]


FORMS = {
    StatementKind.RETIRE: Form(
        "retires", ".sdjwt", "application/sd-jwt", LeafType.RETIRE, parse_retire
    ),
    StatementKind.VOUCH: Form("vouches", ".jws", "application/jose", LeafType.VOUCH, parse_vouch),
    StatementKind.AMEND: Form(
        "amends", ".sdjwt", "application/sd-jwt", LeafType.AMEND, parse_amend
    ),
    StatementKind.TOMBSTONE: Form(
        "tombstones", ".jws", "application/jose", LeafType.TOMBSTONE, parse_tombstone
    ),
}


@dataclass(frozen=True)
class Statement:
    """A statement. `about` is the hash of its segment or the kid of its device, `at` its signed
    time (Unix s), `rt_ms` (Unix ms) and `log_index` belong to its leaf in the log. `state` is
    WAITING, DONE or REFUSED.
    """

    kind: StatementKind
    signed: Jws
    body: Body
    state: UploadState = UploadState.WAITING
    rt_ms: int | None = None
    log_index: int | None = None
    #: Signed by another device of the account, so no part of this device's record.
    learnt: bool = False

    @property
    def digest(self) -> str:
        """The digest that names its files."""
        return self.signed.digest

    @property
    def form(self) -> Form:
        """Its storage and upload."""
        return FORMS[self.kind]

    @property
    def name(self) -> str:
        """Its files' common name, without the ending."""
        return f"{LEARNT if self.learnt else ''}{self.form.folder}/{self.digest}"

    @property
    def about(self) -> str:
        """The hash of its segment, or the kid of its device."""
        match self.body:
            case Amendment() | Tombstone():
                return self.body.segment
            case Vouch():
                return self.body.kid
        return self.signed.kid

    @property
    def at(self) -> int:
        """Its signed time, Unix s; 0 for a vouch, which has none."""
        return 0 if isinstance(self.body, Vouch) else self.body.at

    @property
    def made_ms(self) -> int:
        """The time of its leaf, or before that its signed time (Unix ms)."""
        return self.at * 1000 if self.rt_ms is None else self.rt_ms


class StatementStore:
    """The statements of one state folder. Methods may be called from any thread."""

    def __init__(self, folder: StateFolder, report: Callable[[Problem, str], None]) -> None:
        self._folder = folder
        self._report = report
        self._lock = threading.Lock()  # guards the next
        self._statements: dict[str, Statement] = {}
        self._server_deletions: dict[str, Tombstone] = {}
        for kind, form in FORMS.items():
            for place in (form.folder, LEARNT + form.folder):
                for name in folder.names(place):
                    if name.endswith(form.ending):
                        self._load(kind, f"{place}/{name}", learnt=place != form.folder)
        for name in folder.names(_THEIRS):
            self._load_server_deletion(name)

    def put(self, kind: StatementKind, data: bytes, *, learnt: bool = False) -> Statement:
        """Store a statement; durable on return. Storing it again is no error."""
        statement = replace(read_statement(kind, data), learnt=learnt)
        with self._lock:
            known = self._statements.get(statement.digest)
            if known is not None:
                return known
            self._folder.write(statement.name + statement.form.ending, data)
            self._statements[statement.digest] = statement
        return statement

    def read(self, statement: Statement) -> bytes | None:
        """Its current bytes; None if the file is lost, which is reported."""
        data = self._folder.read(statement.name + statement.form.ending)
        if data is None:
            self._report(Problem.FILE_LOST, statement.name + statement.form.ending)
        return data

    def rewrite(self, statement: Statement, data: bytes) -> None:
        """Store it with fewer disclosures and the same signed part."""
        with self._lock:
            self._folder.write(statement.name + statement.form.ending, data)
            body = statement.form.parse(data)
            self._statements[statement.digest] = replace(
                self._statements[statement.digest], body=body
            )

    def done(self, statement: Statement, receipt: bytes, rt_ms: int) -> None:
        """Store its verified receipt."""
        with self._lock:
            self._folder.write(statement.name + _RECEIPT, receipt)
            known = self._statements[statement.digest]
            index = Receipt.parse(receipt).index
            done = replace(known, state=UploadState.DONE, rt_ms=rt_ms, log_index=index)
            self._statements[statement.digest] = done

    def refused(self, statement: Statement, detail: str) -> None:
        """Set aside a statement that the marketplace refused; its bytes stay."""
        with self._lock:
            self._folder.write(statement.name + _REFUSED, canonical({"detail": detail}))
            self._statements[statement.digest] = replace(
                self._statements[statement.digest], state=UploadState.REFUSED
            )
        self._report(Problem.REFUSED, f"{statement.name}: {detail}")

    def delivered(self) -> list[Statement]:
        """Statements that have a receipt, the newest leaf first."""
        found = self.in_state(UploadState.DONE)
        return sorted(found, key=lambda each: (each.made_ms, each.digest), reverse=True)

    def lost(self, statement: Statement, evidence: str) -> None:
        """Queue a delivered statement again; its receipt becomes evidence."""
        with self._lock:
            self._folder.move(statement.name + _RECEIPT, f"{evidence}/{statement.digest}{_RECEIPT}")
            known = self._statements[statement.digest]
            self._statements[statement.digest] = replace(
                known, state=UploadState.WAITING, rt_ms=None, log_index=None
            )

    def try_again(self, statement: Statement) -> None:
        """Queue a refused statement again."""
        with self._lock:
            self._folder.remove(statement.name + _REFUSED)
            self._statements[statement.digest] = replace(
                self._statements[statement.digest], state=UploadState.WAITING
            )

    def in_state(self, state: UploadState) -> list[Statement]:
        """The statements in a state, in the order of their times."""
        found = [statement for statement in self._all() if statement.state is state]
        return sorted(found, key=lambda statement: (statement.at, statement.digest))

    def drop(self, statement: Statement, evidence: str) -> None:
        """Move a statement that can never be sent to the evidence."""
        with self._lock:
            data = self._folder.read(statement.name + statement.form.ending)
            if data is not None:
                self._folder.write(f"{evidence}/{statement.digest}{statement.form.ending}", data)
            self._folder.remove(statement.name + statement.form.ending)
            self._statements.pop(statement.digest, None)

    def waiting(self) -> list[Statement]:
        """The statements to send: those about keys first, then in the order of their times."""
        return sorted(
            (statement for statement in self._all() if statement.state is UploadState.WAITING),
            key=lambda statement: (
                statement.kind not in {StatementKind.RETIRE, StatementKind.VOUCH},
                statement.at,
                statement.digest,
            ),
        )

    def about(self, subject: str) -> list[Statement]:
        """The statements about a subject that were not refused, in the order of their times."""
        found = [
            d for d in self._all() if d.about == subject and d.state is not UploadState.REFUSED
        ]
        return sorted(found, key=lambda statement: (statement.at, statement.digest))

    def tombstones(self) -> list[Statement]:
        """All deletions in any state."""
        return [statement for statement in self._all() if statement.kind is StatementKind.TOMBSTONE]

    def amendments(self) -> list[Statement]:
        """All amendments that were not refused, in the order of their times."""
        found = [
            d
            for d in self._all()
            if d.kind is StatementKind.AMEND and d.state is not UploadState.REFUSED
        ]
        return sorted(found, key=lambda statement: (statement.at, statement.digest))

    def disclosures(self, statement: Statement) -> list[str]:
        """The digests of an amendment's disclosures."""
        body = statement.body
        return [p.digest for p in body.sdjwt.disclosures] if isinstance(body, Amendment) else []

    def put_server_deletion(self, digest_: str, receipt: bytes, body: Tombstone) -> None:
        """Store a tombstone of the marketplace, whose object is inside its receipt."""
        with self._lock:
            if digest_ not in self._server_deletions:
                self._folder.write(f"{_THEIRS}/{digest_}{_RECEIPT}", receipt)
                self._server_deletions[digest_] = body

    def server_deletions(self, segment: str | None = None) -> list[Tombstone]:
        """The marketplace's tombstones in this folder, of one segment or all."""
        with self._lock:
            found = list(self._server_deletions.values())
        return [body for body in found if segment in {None, body.segment}]

    def erased(self, segment: str) -> frozenset[str]:
        """The digests of a segment's deleted disclosures."""
        of_segment = [
            statement.body for statement in self.tombstones() if statement.about == segment
        ]
        bodies = [body for body in of_segment if isinstance(body, Tombstone)]
        return frozenset(
            name for body in (*bodies, *self.server_deletions(segment)) for name in body.digests
        )

    def retired(self, kid: str) -> Statement | None:
        """The device's retirement; None without one."""
        found = (d for d in self._all() if d.kind is StatementKind.RETIRE and d.signed.kid == kid)
        return next(found, None)

    def next_at(self, subject: str, now_s: int) -> int:
        """The time (Unix s) of a new statement: now, but later than all about the same subject."""
        return max([now_s, *(statement.at + 1 for statement in self.about(subject))])

    def _all(self) -> Sequence[Statement]:
        with self._lock:
            return list(self._statements.values())

    def _load_server_deletion(self, name: str) -> None:
        path = f"{_THEIRS}/{name}"
        try:
            receipt = Receipt.parse(self._folder.read(path) or b"")
            body = parse_object(receipt.object or b"")
            if name != f"{receipt.leaf.digest}{_RECEIPT}":
                raise ValueError(path)
        except ValueError:
            # The marketplace sends it again.
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return
        self._server_deletions[receipt.leaf.digest] = body

    def _load(self, kind: StatementKind, path: str, *, learnt: bool) -> None:
        try:
            statement = replace(read_statement(kind, self._folder.read(path) or b""), learnt=learnt)
            if statement.name + statement.form.ending != path:
                raise ValueError(path)
        except ValueError:
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return
        receipt = self._folder.read(statement.name + _RECEIPT)
        if receipt is not None:
            try:
                logged = Receipt.parse(receipt)
                statement = replace(
                    statement,
                    state=UploadState.DONE,
                    rt_ms=logged.leaf.rt_ms,
                    log_index=logged.index,
                )
            except DiaryError:
                # The marketplace sends the same one again.
                self._folder.set_aside(statement.name + _RECEIPT)
                self._report(Problem.FILE_DAMAGED, statement.name + _RECEIPT)
        elif self._folder.exists(statement.name + _REFUSED):
            statement = replace(statement, state=UploadState.REFUSED)
        self._statements[statement.digest] = statement


def read_statement(kind: StatementKind, data: bytes) -> Statement:
    """Parse a signed statement. Raises DiaryError."""
    body = FORMS[kind].parse(data)
    match body:
        case Amendment() | Retire():
            return Statement(kind, body.sdjwt.jws, body)
        case Vouch():
            return Statement(kind, body.signed, body)
    assert body.signed is not None  # noqa: S101 - `read_statement` parses only signed tombstones
    return Statement(kind, body.signed, body)
