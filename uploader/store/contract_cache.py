"""Contracts, terms and beacons from the marketplace; the position of its last fetched statement.

Rules kept: callers store only what `receipt_verifier` has verified; a received file is stored
unchanged, since a segment names a beacon by the digest of its file; reading checks that digest.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diary.core.findings import DiaryError
from diary.formats import json_fields
from diary.formats.encoding import MAX_INT, canonical, digest
from diary.interfaces import BeaconFile, ContractInfo
from diary.log.position import LogPosition, Origin
from diary.log.receipt import Receipt
from diary.objects.beacon import Beacon
from diary.objects.terms import Terms
from uploader.api.credit_figure import CreditFigure
from uploader.errors import Problem, StoreError
from uploader.store.index.index import Index
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder

_CONTRACTS = "contracts.json"
_STATEMENTS = "statements/after"


@dataclass(frozen=True)
class CachedTerms:
    """Verified terms, the digest of their object, the position of their leaf, and their proof."""

    terms: Terms
    hash: str
    place: LogPosition
    proof: bytes


@dataclass(frozen=True)
class CachedContract:
    """A contract from the marketplace; `figure` is its credited time on all devices at `received_s`
    (Unix s); None if unknown.
    """

    ctr: str
    title: str
    client: str
    figure: CreditFigure | None
    received_s: int


class ContractCache:
    """Contracts, terms and beacons on the disk. Methods may be called from any thread."""

    def __init__(
        self, folder: StateFolder, index: Index, report: Report, now_ms: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._index = index
        self._report = report
        self._now_ms = now_ms
        self._lock = threading.Lock()  # guards the three below
        self._contracts: tuple[CachedContract, ...] = self._load_contracts()
        self._terms: dict[str, dict[str, CachedTerms]] = {}
        self._last_beacon: BeaconFile | None = None
        for name in folder.names("terms"):
            self._load_terms(name)

    # Contracts

    def keep_contracts(
        self, contracts: Sequence[CachedContract], terms: Sequence[CachedTerms]
    ) -> bool:
        """Store contracts and verified terms; returns whether the contracts changed."""
        for known in terms:
            name = f"terms/{known.hash}.tlog-proof"
            if not self._folder.exists(name):
                self._folder.write(name, known.proof)
            with self._lock:
                self._terms.setdefault(known.terms.ctr, {})[known.hash] = known
        with self._lock:
            news = tuple(contracts) != self._contracts
            self._contracts = tuple(contracts)
        if news:
            listed = [
                {
                    "ctr": note.ctr,
                    "title": note.title,
                    "client": note.client,
                    "figure": note.figure.obj() if note.figure else None,
                    "told_s": note.received_s,
                }
                for note in contracts
            ]
            self._folder.write(_CONTRACTS, canonical({"v": 1, "contracts": listed}))
        return news

    def cached_contracts(self) -> tuple[CachedContract, ...]:
        """The contracts in the marketplace's order."""
        with self._lock:
            return self._contracts

    def contract(self, ctr: str) -> ContractInfo:
        """One contract with the terms in force now. Raises KeyError without contract or terms."""
        with self._lock:
            note = next((note for note in self._contracts if note.ctr == ctr), None)
            known = list(self._terms.get(ctr, {}).values())
        if note is None or not known:
            raise KeyError(ctr)
        now_s = self._now_ms() // 1000
        # The marketplace sends new terms before they begin; until then the old ones apply.
        begun = [each for each in known if each.terms.from_s <= now_s]
        if begun:
            chosen = max(begun, key=lambda each: (each.terms.from_s, each.place))
        else:
            chosen = min(known, key=lambda each: (each.terms.from_s, each.place))
        return ContractInfo(ctr, note.title, note.client, chosen.terms, chosen.hash)

    def figure(self, ctr: str) -> CreditFigure | None:
        """The last credited time of a contract from the marketplace."""
        return next((note.figure for note in self.cached_contracts() if note.ctr == ctr), None)

    def of_client(self, ctr: str) -> list[str]:
        """The contracts of the same client, including `ctr`; only `ctr` without terms."""
        with self._lock:
            clients = {
                other: {known.terms.client for known in terms.values()}
                for other, terms in self._terms.items()
            }
        mine = clients.get(ctr, set())
        return sorted({ctr, *(other for other, theirs in clients.items() if theirs & mine)})

    def contracts(self) -> tuple[ContractInfo, ...]:
        """All contracts with terms, active ones first, otherwise in the marketplace's order."""
        infos = []
        for note in self.cached_contracts():
            try:
                infos.append(self.contract(note.ctr))
            except KeyError:
                continue
        return tuple(sorted(infos, key=lambda info: info.terms.state != "active"))

    def terms(self, ctr: str, digest_: str) -> Terms | None:
        """A contract's terms by the digest of their object; None if unknown."""
        with self._lock:
            known = self._terms.get(ctr, {}).get(digest_)
        return None if known is None else known.terms

    def terms_at(self, ctr: str, time_s: int) -> CachedTerms | None:
        """The contract's terms in force at a time (Unix s); None without any."""
        with self._lock:
            known = list(self._terms.get(ctr, {}).values())
        begun = [each for each in known if each.terms.from_s <= time_s]
        return max(begun, key=lambda each: (each.terms.from_s, each.place), default=None)

    # Beacons

    def keep_beacon(self, beacon: Beacon, data: bytes) -> BeaconFile:
        """Store a verified beacon's file. The first file of a slot stays."""
        known = self.beacon(beacon.slot)
        if known is not None and known.slot == beacon.slot:
            return known
        file = BeaconFile(beacon.slot, beacon.val, digest(data), data)
        self._folder.write(_beacon_name(file.slot, file.h), data)
        # Replaces an unreadable file, which would otherwise be fetched repeatedly.
        self._index.drop_beacon(file.slot)
        self._index.add_beacon(file.slot, file.h)
        with self._lock:
            self._last_beacon = file
        return file

    def beacon(self, slot: int) -> BeaconFile | None:
        """The slot's own beacon, else the newest of an earlier slot, else None.

        An unreadable file counts as missing (`docs/protocol.md` §3.4) until it can be read again.
        If no file can be read, the newest older beacon is returned without its value, which the
        draw of an older beacon does not need.
        """
        unread: BeaconFile | None = None
        newest = slot
        while (found := self._newest_beacon(newest)) is not None:
            with self._lock:
                last = self._last_beacon
            if last is not None and (last.slot, last.h) == found:
                return last
            try:
                file = self._read_beacon(*found)
            except StoreError as error:
                self._report(Problem.BEACON_UNREADABLE, f"{_beacon_name(*found)}: {error.detail}")
                if unread is None and found[0] != slot:
                    unread = BeaconFile(found[0], b"", found[1], b"")
                newest = found[0] - 1
                continue
            if file is not None:
                with self._lock:
                    self._last_beacon = file
                return file
            # Damaged or lost: the next older one serves until it is fetched again.
            self._index.drop_beacon(found[0])
        return unread

    def _newest_beacon(self, slot: int) -> tuple[int, str] | None:
        """The newest beacon of a slot not after `slot`; the last used one while the index cannot
        be read. Raises StoreError without one.
        """
        try:
            return self._index.beacon(slot)
        except StoreError as error:
            with self._lock:
                last = self._last_beacon
            if last is None or last.slot > slot:
                raise
            self._report(Problem.BEACON_UNREADABLE, error.detail)
            return last.slot, last.h

    def newest_beacon_ms(self) -> int:
        """The log time of the newest readable beacon, Unix ms; 0 without any."""
        file = self.beacon(MAX_INT)
        return 0 if file is None or not file.data else Receipt.parse(file.data).leaf.rt_ms

    def beacon_file(self, slot: int, h: str) -> bytes | None:
        """The file of the beacon that a segment names by slot and digest; None without it."""
        file = self._read_beacon(slot, h)
        return None if file is None else file.data

    def _read_beacon(self, slot: int, h: str) -> BeaconFile | None:
        name = _beacon_name(slot, h)
        data = self._folder.read(name)
        if data is None:
            self._report(Problem.FILE_LOST, name)
            return None
        try:
            beacon = Beacon.parse(Receipt.parse(data).object or b"")
        except DiaryError:
            beacon = None
        if digest(data) != h or beacon is None or beacon.slot != slot:
            self._folder.set_aside(name)
            self._report(Problem.FILE_DAMAGED, name)
            return None
        return BeaconFile(slot, beacon.val, h, data)

    # Statements

    def statements_after(self) -> int:
        """The last log position whose statements were fetched; -1 for none."""
        return int(self._index.get_meta(_STATEMENTS) or b"-1")

    def set_statements_after(self, place: int) -> None:
        """Store the last log position whose statements were fetched."""
        self._index.set_meta(_STATEMENTS, str(place).encode("ascii"))

    # At the start

    def _load_contracts(self) -> tuple[CachedContract, ...]:
        data = self._folder.read(_CONTRACTS)
        if data is None:
            return ()
        try:
            return tuple(
                CachedContract(
                    ctr=json_fields.matching(item, "ctr", json_fields.ID),
                    title=json_fields.string(item, "title"),
                    client=json_fields.string(item, "client"),
                    figure=CreditFigure.of(item["figure"]) if item.get("figure") else None,
                    received_s=json_fields.integer(item, "told_s"),
                )
                for item in json.loads(data)["contracts"]
            )
        except (ValueError, KeyError, TypeError):
            # The marketplace sends them again.
            self._folder.set_aside(_CONTRACTS)
            self._report(Problem.FILE_DAMAGED, _CONTRACTS)
            return ()

    def _load_terms(self, name: str) -> None:
        path = f"terms/{name}"
        data = self._folder.read(path) or b""
        try:
            receipt = Receipt.parse(data)
            terms = Terms.parse(receipt.object or b"")
            origin = receipt.checkpoint.split(b"\n", 1)[0].decode("utf-8", "replace")
            place = Origin.parse(origin).position(receipt.index)
        except DiaryError:
            terms, receipt, place = None, None, None
        if (
            receipt is None
            or terms is None
            or place is None
            or name != f"{digest(receipt.object or b'')}.tlog-proof"
        ):
            self._folder.set_aside(path)
            self._report(Problem.FILE_DAMAGED, path)
            return
        known = CachedTerms(terms, receipt.leaf.digest, place, data)
        self._terms.setdefault(terms.ctr, {})[known.hash] = known


def _beacon_name(slot: int, h: str) -> str:
    return f"beacons/{slot}-{h}.tlog-proof"
