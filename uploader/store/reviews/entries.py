"""Questions about the diary with their replies, and the answers that wait to be sent.

Rules kept (`docs/protocol.md` §12.6): callers store only verified entries; an answer is durable,
with the salt that names it, before it is sent, and stays until the marketplace has logged it; a
damaged file is set aside. `reviews.json` can be fetched again, `answers.json` cannot.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from diary.core.display import clean, shorten
from diary.core.slots import SANE_FROM, SANE_TO, SLOT, WEEK
from diary.core.vocabulary import ReviewKind
from diary.formats import json_fields
from diary.formats.encoding import canonical
from uploader.api.reviews import MAX_TEXT
from uploader.errors import Problem, StoreError
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder

_ENTRIES, _ANSWERS = "reviews.json", "answers.json"
#: Entries of one contract at most; older ones are in the browser.
MOST_ENTRIES = 200
#: Entries about weeks that ended this long ago (s) are dropped, as at the marketplace.
_PERIOD_S = 9 * WEEK
_LONGEST_NAME = 200


@dataclass(frozen=True)
class StoredEntry:
    """A verified entry. `own`: by the freelancer, not by the client's side. `name` is its author's;
    `at_s` its time (Unix s); `text` is None without one; `replies_to` is the digest of another one.
    `slots` are those that it is about (Unix s), ascending. `rt_ms` and `index` order the log.
    """

    digest: str
    ctr: str
    kind: ReviewKind
    own: bool
    name: str
    at_s: int
    text: str | None
    replies_to: str | None
    slots: tuple[int, ...]
    rt_ms: int
    index: int


@dataclass(frozen=True)
class UnsentAnswer:
    """An answer to the entry `question` that the marketplace has not logged. `salt` names it.
    `refused` is the code of the refusal, "" while it waits.
    """

    ctr: str
    question: str
    salt: str
    text: str
    written_s: int
    refused: str = ""


@dataclass(frozen=True)
class ReviewThread:
    """A question, dispute or comment with its replies in log order, and the unsent answers."""

    first: StoredEntry
    replies: tuple[StoredEntry, ...] = ()
    answers: tuple[UnsentAnswer, ...] = ()

    @property
    def takes_answers(self) -> bool:
        """Whether the freelancer can answer it: the client has not settled it."""
        settled = any(reply.kind == "resolve" for reply in self.replies)
        return self.first.kind in ("question", "dispute") and not settled

    @property
    def waits(self) -> bool:
        """Whether it waits for the freelancer: the client wrote last, and no answer is on its
        way.
        """
        sending = any(not answer.refused for answer in self.answers)
        return self.takes_answers and not sending and not (self.first, *self.replies)[-1].own


class ReviewStore:
    """The entries and answers in one state folder. Methods may be called from any thread."""

    def __init__(self, folder: StateFolder, report: Report) -> None:
        """Read both files. Raises StoreError if the disk fails."""
        self._folder = folder
        self._report = report
        self._lock = threading.Lock()  # guards the next three
        self._after = -1
        self._entries: dict[str, StoredEntry] = {}
        self._answers: tuple[UnsentAnswer, ...] = ()
        self._load(_ENTRIES, self._load_entries)
        self._load(_ANSWERS, self._load_answers)

    @property
    def after(self) -> int:
        """The position up to which the entries were fetched; -1 for none."""
        with self._lock:
            return self._after

    def threads(self) -> tuple[ReviewThread, ...]:
        """The questions, disputes and comments in log order, with their replies and answers."""
        with self._lock:
            entries, answers = [*self._entries.values()], self._answers
        entries.sort(key=_order)
        replies: defaultdict[str, list[StoredEntry]] = defaultdict(list)
        for entry in entries:
            if entry.replies_to is not None:
                replies[entry.replies_to].append(entry)
        return tuple(
            ReviewThread(
                first,
                tuple(each for each in replies[first.digest] if each.ctr == first.ctr),
                tuple(each for each in answers if each.question == first.digest),
            )
            for first in entries
            if first.replies_to is None
            and first.kind in ("question", "dispute", "comment")
            and first.slots
        )

    # The marketplace's entries

    def keep(self, entries: Iterable[StoredEntry], after: int, now_s: int, *, anew: bool) -> bool:
        """Store entries and the position after them; with `anew` all others are forgotten. Returns
        whether an entry was added or dropped. Raises StoreError.
        """
        with self._lock:
            known = {} if anew else self._entries
            found = _pruned({**known, **{each.digest: each for each in entries}}, now_s)
            changed = found != self._entries
            if changed or after != self._after:
                self._write_entries(found, after)
                self._entries, self._after = found, after
        return changed

    def _write_entries(self, entries: dict[str, StoredEntry], after: int) -> None:
        listed = [{**asdict(each), "slots": list(each.slots)} for each in entries.values()]
        self._folder.write(_ENTRIES, canonical({"v": 1, "after": after, "entries": listed}))

    # The person's answers

    def waiting(self) -> tuple[UnsentAnswer, ...]:
        """The answers to send, oldest first."""
        with self._lock:
            return tuple(each for each in self._answers if not each.refused)

    def write_answer(self, answer: UnsentAnswer) -> None:
        """Store an answer, durably; it replaces a refused one to the same question. The same text
        twice is one answer. Raises StoreError.
        """
        with self._lock:
            others = [
                each
                for each in self._answers
                if each.question != answer.question or not each.refused
            ]
            same = {(each.question, each.text) for each in others}
            if (answer.question, answer.text) not in same:
                self._set_answers((*others, answer))

    def sent(self, salt: str, entry: StoredEntry) -> None:
        """The marketplace has logged an answer as `entry`. Raises StoreError.

        The entry is stored first: after a crash between the two, the answer is sent again with its
        salt and gets the same entry.
        """
        with self._lock:
            found = {**self._entries, entry.digest: entry}
            self._write_entries(found, self._after)
            self._entries = found
            self._set_answers(each for each in self._answers if each.salt != salt)

    def refuse(self, salt: str, code: str) -> None:
        """The marketplace has refused an answer; it stays for the person. Raises StoreError."""
        with self._lock:
            self._set_answers(
                replace(each, refused=code) if each.salt == salt else each for each in self._answers
            )

    def _set_answers(self, answers: Iterable[UnsentAnswer]) -> None:
        listed = tuple(answers)
        data = canonical({"v": 1, "answers": [asdict(each) for each in listed]})
        self._folder.write(_ANSWERS, data)
        self._answers = listed

    # At the start

    def _load(self, name: str, read: Callable[[Any], None]) -> None:
        data = self._folder.read(name)
        if data is None:
            return
        try:
            read(json.loads(data))
        except StoreError:
            raise
        except (ValueError, KeyError, TypeError, RecursionError):
            self._folder.set_aside(name)
            self._report(Problem.FILE_DAMAGED, name)

    def _load_entries(self, obj: Any) -> None:
        found = [_entry(item) for item in obj["entries"]]
        after = json_fields.integer(obj, "after", -1)
        self._entries, self._after = {each.digest: each for each in found}, after

    def _load_answers(self, obj: Any) -> None:
        self._answers = tuple(
            UnsentAnswer(
                ctr=json_fields.matching(item, "ctr", json_fields.ID),
                question=json_fields.b64(item, "question", 32),
                salt=json_fields.b64(item, "salt", 32),
                text=json_fields.string(item, "text", MAX_TEXT),
                written_s=json_fields.integer(item, "written_s"),
                refused=json_fields.string(item, "refused", 80),
            )
            for item in obj["answers"]
        )


def shown_text(text: str) -> str:
    """A text as it is stored for display, at most MAX_TEXT characters, without control characters
    and without characters that direct reading order.
    """
    return shorten(clean(text, lines=True), MAX_TEXT)


def shown_name(name: str) -> str:
    """A name as it is stored for display; likewise."""
    return shorten(clean(name), _LONGEST_NAME)


def _order(entry: StoredEntry) -> tuple[int, int]:
    return entry.rt_ms, entry.index


def _pruned(entries: dict[str, StoredEntry], now_s: int) -> dict[str, StoredEntry]:
    """The newest entries of each contract about the last weeks."""
    counts: defaultdict[str, int] = defaultdict(int)
    kept = []
    for entry in sorted(entries.values(), key=_order, reverse=True):
        if entry.slots and entry.slots[-1] < now_s - _PERIOD_S:
            continue
        counts[entry.ctr] += 1
        if counts[entry.ctr] <= MOST_ENTRIES:
            kept.append(entry)
    return {entry.digest: entry for entry in reversed(kept)}


def _entry(item: Any) -> StoredEntry:
    slots = json_fields.array(item, "slots", WEEK // SLOT)
    return StoredEntry(
        digest=json_fields.b64(item, "digest", 32),
        ctr=json_fields.matching(item, "ctr", json_fields.ID),
        kind=json_fields.one_of(item, "kind", get_args(ReviewKind)),  # type: ignore[arg-type]
        own=json_fields.boolean(item, "own"),
        name=json_fields.string(item, "name", _LONGEST_NAME),
        at_s=json_fields.integer(item, "at_s", SANE_FROM, SANE_TO),
        text=None if item["text"] is None else json_fields.string(item, "text", MAX_TEXT),
        replies_to=json_fields.optional_b64(item, "replies_to", 32),
        slots=tuple(
            json_fields.integer({"slots": each}, "slots", SANE_FROM, SANE_TO) for each in slots
        ),
        rt_ms=json_fields.integer(item, "rt_ms"),
        index=json_fields.integer(item, "index"),
    )
