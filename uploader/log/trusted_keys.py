"""The trusted keys of the marketplace's log, and the reason for each.

Rules kept (`docs/protocol.md` §7.5): the keys at the time of joining are pinned; a further key is
trusted only if a trusted key has announced it in the log; the announcements are stored in the state
folder, `keys/<digest of the object>.tlog-proof`, so that trust can be shown and the next start
needs no network. A key without an announcement is refused; no work is lost by that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diary.core.findings import DiaryError
from diary.log.receipt import Receipt
from diary.log.shard_keys import KeyLeaf, extend_trust
from diary.log.signed_note import NoteVerifier
from uploader.store.state_folder import StateFolder

_FOLDER = "keys"


@dataclass(frozen=True)
class PinnedKey:
    """The marketplace's name and its log's keys when this device joined."""

    aud: str
    verifiers: tuple[NoteVerifier, ...]


class TrustedLogKeys:
    """The trusted keys of one marketplace. Methods may be called from any thread.

    `on_opening` receives the receipt of each new opening of a shard.
    """

    def __init__(self, pinned: PinnedKey, folder: StateFolder) -> None:
        self.aud = pinned.aud
        self._folder = folder
        self._lock = threading.Lock()  # guards the next two
        self._verifiers = pinned.verifiers
        self._kept: dict[str, bytes] = {}
        self.on_opening: Callable[[bytes], None] = lambda _: None
        kept = (folder.read(f"{_FOLDER}/{name}") for name in folder.names(_FOLDER))
        self._take([data for data in kept if data])

    @property
    def verifiers(self) -> tuple[NoteVerifier, ...]:
        """All trusted keys, in the order of their logs."""
        with self._lock:
            return self._verifiers

    def has(self, origin: str) -> bool:
        """Whether a key of this log is trusted."""
        return any(verifier.name == origin for verifier in self.verifiers)

    def is_trusted(self, origin: str, vkey: str) -> bool:
        """Whether exactly this key of this log is trusted."""
        return any(each.name == origin and each.vkey == vkey for each in self.verifiers)

    def learn(self, receipts: Sequence[bytes]) -> bool:
        """Store valid announcements and openings; returns whether a key was added."""
        before = len(self.verifiers)
        for name, data, leaf in self._take(receipts):
            self._folder.write(f"{_FOLDER}/{name}.tlog-proof", data)
            if leaf.is_opening:
                self.on_opening(data)
        return len(self.verifiers) > before

    def _take(self, receipts: Sequence[bytes]) -> list[tuple[str, bytes, KeyLeaf]]:
        with self._lock:
            known = [*self._kept.values(), *receipts]
            self._verifiers, results = extend_trust(self._verifiers, known)
            news = []
            for data, leaf in results.items():
                if isinstance(leaf, DiaryError):
                    continue
                name = Receipt.parse(data).leaf.digest
                if name not in self._kept:
                    self._kept[name] = data
                    news.append((name, data, leaf))
        return news
