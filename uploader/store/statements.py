"""What this account's devices have signed beside segments: changed memos, deletions, retirements,
vouches; and what became of each.

Rules kept (`docs/protocol.md` §6): the files are the truth, `<folder>/<digest><ending>` and beside
it `.tlog-proof` once the log holds it, or `.refused.json`; a deed is durable before it has its
effect or is sent; retries send identical bytes; deeds about one segment go in the order in which
they were made.
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
from uploader.store.index import UploadState
from uploader.store.state_folder import StateFolder

_RECEIPT, _REFUSED = ".tlog-proof", ".refused.json"
#: Where statements of the account's other devices are kept, and those of the marketplace.
LEARNT, _THEIRS = "learnt/", "learnt/erasures"


class Kind(StrEnum):
    """What kind of thing was said."""

    RETIRE = "retire"
    VOUCH = "vouch"
    AMEND = "amend"
    TOMBSTONE = "tombstone"


Body = Amendment | Tombstone | Retire | Vouch


@dataclass(frozen=True)
class Form:
    """How one kind is kept and sent: its folder, which is its route too, and its leaf."""

    folder: str
    ending: str
    mime: str
    leaf: LeafType
    parse: Callable[[bytes], Body]


FORMS = {
    Kind.RETIRE: Form("retires", ".sdjwt", "application/sd-jwt", LeafType.RETIRE, parse_retire),
    Kind.VOUCH: Form("vouches", ".jws", "application/jose", LeafType.VOUCH, parse_vouch),
    Kind.AMEND: Form("amends", ".sdjwt", "application/sd-jwt", LeafType.AMEND, parse_amend),
    Kind.TOMBSTONE: Form(
        "tombstones", ".jws", "application/jose", LeafType.TOMBSTONE, parse_tombstone
    ),
}


@dataclass(frozen=True)
class Statement:
    """One thing said. `about` is the segment's hash or the device's kid that it speaks of, `at`
    Unix s as said, `rt_ms` and `log_index` when and where the log received it. `state` is WAITING,
    DONE or REFUSED.
    """

    kind: Kind
    signed: Jws
    body: Body
    state: UploadState = UploadState.WAITING
    rt_ms: int | None = None
    log_index: int | None = None
    #: Another device of the account has signed it, so that it is no part of this device's record.
    learnt: bool = False

    @property
    def digest(self) -> str:
        """Its name."""
        return self.signed.digest

    @property
    def form(self) -> Form:
        """How it is kept and sent."""
        return FORMS[self.kind]

    @property
    def name(self) -> str:
        """Its files' common name, without the ending."""
        return f"{LEARNT if self.learnt else ''}{self.form.folder}/{self.digest}"

    @property
    def about(self) -> str:
        """The segment, or the device, that it speaks of."""
        match self.body:
            case Amendment() | Tombstone():
                return self.body.segment
            case Vouch():
                return self.body.kid
        return self.signed.kid

    @property
    def at(self) -> int:
        """When it was said, Unix s; a vouch has no time."""
        return 0 if isinstance(self.body, Vouch) else self.body.at

    @property
    def made_ms(self) -> int:
        """When the log received it, or else when it was said."""
        return self.at * 1000 if self.rt_ms is None else self.rt_ms


class StatementStore:
    """The deeds of one state folder. Methods may be called from any thread."""

    def __init__(self, folder: StateFolder, report: Callable[[Problem, str], None]) -> None:
        self._folder = folder
        self._report = report
        self._lock = threading.Lock()  # guards the next
        self._deeds: dict[str, Statement] = {}
        self._theirs: dict[str, Tombstone] = {}
        for kind, form in FORMS.items():
            for place in (form.folder, LEARNT + form.folder):
                for name in folder.names(place):
                    if name.endswith(form.ending):
                        self._load(kind, f"{place}/{name}", learnt=place != form.folder)
        for name in folder.names(_THEIRS):
            self._load_theirs(name)

    def put(self, kind: Kind, data: bytes, *, learnt: bool = False) -> Statement:
        """Keep what was signed; durable on return. The same again is no error."""
        deed = replace(read_statement(kind, data), learnt=learnt)
        with self._lock:
            known = self._deeds.get(deed.digest)
            if known is not None:
                return known
            self._folder.write(deed.name + deed.form.ending, data)
            self._deeds[deed.digest] = deed
        return deed

    def read(self, deed: Statement) -> bytes | None:
        """Its bytes as they are now; None where they are gone, which is reported."""
        data = self._folder.read(deed.name + deed.form.ending)
        if data is None:
            self._report(Problem.FILE_LOST, deed.name + deed.form.ending)
        return data

    def rewrite(self, deed: Statement, data: bytes) -> None:
        """Keep it with fewer disclosures: its signed part is the same."""
        with self._lock:
            self._folder.write(deed.name + deed.form.ending, data)
            body = deed.form.parse(data)
            self._deeds[deed.digest] = replace(self._deeds[deed.digest], body=body)

    def done(self, deed: Statement, receipt: bytes, rt_ms: int) -> None:
        """Keep its verified receipt."""
        with self._lock:
            self._folder.write(deed.name + _RECEIPT, receipt)
            known = self._deeds[deed.digest]
            index = Receipt.parse(receipt).index
            done = replace(known, state=UploadState.DONE, rt_ms=rt_ms, log_index=index)
            self._deeds[deed.digest] = done

    def refused(self, deed: Statement, detail: str) -> None:
        """Set it aside by the marketplace's word; its bytes stay as they are."""
        with self._lock:
            self._folder.write(deed.name + _REFUSED, canonical({"detail": detail}))
            self._deeds[deed.digest] = replace(self._deeds[deed.digest], state=UploadState.REFUSED)
        self._report(Problem.REFUSED, f"{deed.name}: {detail}")

    def delivered(self) -> list[Statement]:
        """This device's own that have a receipt, the newest leaf first."""
        found = [d for d in self._all() if d.state is UploadState.DONE and not d.learnt]
        return sorted(found, key=lambda deed: (deed.made_ms, deed.digest), reverse=True)

    def lost(self, deed: Statement, evidence: str) -> None:
        """Put one with a receipt back in the queue; the receipt is evidence."""
        with self._lock:
            self._folder.move(deed.name + _RECEIPT, f"{evidence}/{deed.digest}{_RECEIPT}")
            known = self._deeds[deed.digest]
            self._deeds[deed.digest] = replace(
                known, state=UploadState.WAITING, rt_ms=None, log_index=None
            )

    def try_again(self, deed: Statement) -> None:
        """Put one that was refused back in the queue."""
        with self._lock:
            self._folder.remove(deed.name + _REFUSED)
            self._deeds[deed.digest] = replace(self._deeds[deed.digest], state=UploadState.WAITING)

    def in_state(self, state: UploadState) -> list[Statement]:
        """Those in a state, in the order of making."""
        found = [deed for deed in self._all() if deed.state is state]
        return sorted(found, key=lambda deed: (deed.at, deed.digest))

    def drop(self, deed: Statement, evidence: str) -> None:
        """Move what was never sent, and never can be, to the evidence."""
        with self._lock:
            data = self._folder.read(deed.name + deed.form.ending)
            if data is not None:
                self._folder.write(f"{evidence}/{deed.digest}{deed.form.ending}", data)
            self._folder.remove(deed.name + deed.form.ending)
            self._deeds.pop(deed.digest, None)

    def waiting(self) -> list[Statement]:
        """What is still to be sent: what is about keys first, then in the order of making."""
        return sorted(
            (deed for deed in self._all() if deed.state is UploadState.WAITING),
            key=lambda deed: (deed.kind not in {Kind.RETIRE, Kind.VOUCH}, deed.at, deed.digest),
        )

    def about(self, subject: str) -> list[Statement]:
        """All that was said of a segment and not refused, in the order of making."""
        found = [
            d for d in self._all() if d.about == subject and d.state is not UploadState.REFUSED
        ]
        return sorted(found, key=lambda deed: (deed.at, deed.digest))

    def tombstones(self) -> list[Statement]:
        """All deletions, whatever became of them at the marketplace."""
        return [deed for deed in self._all() if deed.kind is Kind.TOMBSTONE]

    def amendments(self) -> list[Statement]:
        """All changed memos that were not refused, in the order of making."""
        found = [
            d for d in self._all() if d.kind is Kind.AMEND and d.state is not UploadState.REFUSED
        ]
        return sorted(found, key=lambda deed: (deed.at, deed.digest))

    def disclosures(self, deed: Statement) -> list[str]:
        """The digests of what an amendment shows."""
        body = deed.body
        return [p.digest for p in body.sdjwt.disclosures] if isinstance(body, Amendment) else []

    def put_theirs(self, digest_: str, receipt: bytes, body: Tombstone) -> None:
        """Keep a tombstone of the marketplace, whose object is inside its receipt."""
        with self._lock:
            if digest_ not in self._theirs:
                self._folder.write(f"{_THEIRS}/{digest_}{_RECEIPT}", receipt)
                self._theirs[digest_] = body

    def theirs(self, segment: str | None = None) -> list[Tombstone]:
        """The marketplace's tombstones that are carried out here, of a segment or all of them."""
        with self._lock:
            found = list(self._theirs.values())
        return [body for body in found if segment in {None, body.segment}]

    def erased(self, segment: str) -> frozenset[str]:
        """The disclosures of a segment that were deleted."""
        said = [deed.body for deed in self.tombstones() if deed.about == segment]
        bodies = [body for body in said if isinstance(body, Tombstone)]
        return frozenset(name for body in (*bodies, *self.theirs(segment)) for name in body.digests)

    def retired(self, kid: str) -> Statement | None:
        """The device's last word, if it has said it."""
        found = (d for d in self._all() if d.kind is Kind.RETIRE and d.signed.kid == kid)
        return next(found, None)

    def next_at(self, subject: str, now_s: int) -> int:
        """A time for a new deed: now, but after everything said of the same segment before."""
        return max([now_s, *(deed.at + 1 for deed in self.about(subject))])

    def _all(self) -> Sequence[Statement]:
        with self._lock:
            return list(self._deeds.values())

    def _load_theirs(self, name: str) -> None:
        path = f"{_THEIRS}/{name}"
        try:
            receipt = Receipt.parse(self._folder.read(path) or b"")
            body = parse_object(receipt.object or b"")
            if name != f"{receipt.leaf.digest}{_RECEIPT}":
                raise ValueError(path)
        except ValueError:
            # The marketplace tells it again.
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return
        self._theirs[receipt.leaf.digest] = body

    def _load(self, kind: Kind, path: str, *, learnt: bool) -> None:
        try:
            deed = replace(read_statement(kind, self._folder.read(path) or b""), learnt=learnt)
            if deed.name + deed.form.ending != path:
                raise ValueError(path)
        except ValueError:
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return
        receipt = self._folder.read(deed.name + _RECEIPT)
        if receipt is not None:
            try:
                logged = Receipt.parse(receipt)
                deed = replace(
                    deed, state=UploadState.DONE, rt_ms=logged.leaf.rt_ms, log_index=logged.index
                )
            except DiaryError:
                # The marketplace gives the same one again.
                self._folder.set_aside(deed.name + _RECEIPT)
                self._report(Problem.FILE_DAMAGED, deed.name + _RECEIPT)
        elif self._folder.exists(deed.name + _REFUSED):
            deed = replace(deed, state=UploadState.REFUSED)
        self._deeds[deed.digest] = deed


def read_statement(kind: Kind, data: bytes) -> Statement:
    """Read what was signed. Raises DiaryError."""
    body = FORMS[kind].parse(data)
    match body:
        case Amendment() | Retire():
            return Statement(kind, body.sdjwt.jws, body)
        case Vouch():
            return Statement(kind, body.signed, body)
    assert body.signed is not None  # noqa: S101 - a device's tombstone was read from one
    return Statement(kind, body.signed, body)
