"""Fetches the questions about the diary, and sends the person's answers.

Rules kept (`docs/protocol.md` §12.6): nothing is requested while the marketplace reports no new
entry with the contracts; an entry without a valid receipt, of another contract or by another person
is ignored; an answer is sent with its salt until the marketplace has logged or refused it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from diary.core.findings import DiaryError
from diary.core.slots import SANE_FROM, SANE_TO, SLOT, WEEK
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.review_entry import ReviewEntry
from uploader.api.client import MarketplaceClient
from uploader.api.reviews import ReviewItem, list_reviews, post_answer
from uploader.errors import (
    NetworkError,
    Problem,
    ProofError,
    RefusedError,
    StoreError,
    UploaderError,
)
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.retry import LONGEST_ASKED_S, Outcome, Wait, decide, outcome_of
from uploader.store.outbox import Outbox
from uploader.store.reviews.entries import StoredEntry, UnsentAnswer, shown_name, shown_text

_log = logging.getLogger(__name__)
#: Pages in one turn at most; the next refresh continues.
_PAGES = 20


class ReviewExchange:
    """Used by the uploading thread, except for `announce`.

    `sub` is the freelancer; `monotonic` is in seconds, `now_ms` session time, `random` in [0, 1);
    `on_change` is called when an entry or the state of an answer has changed.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        verifier: ReceiptVerifier,
        sub: str,
        *,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        on_change: Callable[[], None],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._verifier = verifier
        self._sub = sub
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._random = random
        self._on_change = on_change
        self._newest: int | None = None
        self._attempts, self._not_before = 0, 0.0

    def announce(self, newest: int | None) -> None:
        """The position of the newest entry at the marketplace; None if it has no such list. Any
        thread may call this.
        """
        self._newest = newest

    def retry_now(self) -> None:
        """Do not wait after a failure."""
        self._not_before = 0.0

    def step(self) -> float | None:
        """Send the answers and fetch what is new. Returns seconds until a failure is retried, None
        if nothing waits. Raises StoreError.
        """
        pause = self._not_before - self._monotonic()
        if pause > 0:
            return pause
        changed = False
        try:
            for answer in self._outbox.reviews.waiting():
                self._send(answer)
                changed = True
            changed = self._fetch() or changed
        except StoreError:
            raise
        except UploaderError as error:
            return self._wait(error)
        finally:
            if changed:
                self._on_change()
        self._attempts = 0
        return None

    def _wait(self, error: UploaderError) -> float:
        self._attempts += 1
        retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
        step = decide(outcome_of(error), self._attempts, retry_after, self._random())
        pause = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        self._not_before = self._monotonic() + pause
        return pause

    def _send(self, answer: UnsentAnswer) -> None:
        """Send an answer; a refusal is stored with it. Raises UploaderError."""
        store = self._outbox.reviews
        try:
            item = post_answer(self._client, answer.ctr, answer.question, answer.salt, answer.text)
        except RefusedError as error:
            # 404: the marketplace no longer has the question.
            if error.status != 404 and outcome_of(error) is not Outcome.REFUSED:
                raise
            store.refuse(answer.salt, error.reason[:80])
            return
        entry = self._verified(item)
        found = entry and (entry.kind, entry.own, entry.ctr, entry.replies_to)
        wanted = ("answer", True, answer.ctr, answer.question)
        text = (item.salt, item.text)
        if entry is None or found != wanted or text != (answer.salt, answer.text):
            raise ProofError(Problem.WRONG_RECEIPT, "the receipt is not of this answer")
        store.sent(answer.salt, entry)

    def _fetch(self) -> bool:
        """Fetch the entries after those that are stored; returns whether any changed."""
        store, changed = self._outbox.reviews, False
        for _ in range(_PAGES):
            newest, after = self._newest, store.after
            if newest is None or newest == after:
                break
            # A smaller position: the marketplace was restored from a backup.
            begin = after if newest > after else -1
            page = list_reviews(self._client, begin)
            found = [entry for entry in map(self._checked, page.items) if entry is not None]
            now_s = self._now_ms() // 1000
            changed |= store.keep(found, page.next, now_s, anew=begin == -1)
            if not page.more:
                # It may be newer than the contracts' response.
                self._newest = page.next
                break
        return changed

    def _checked(self, item: ReviewItem) -> StoredEntry | None:
        """The entry of an item; None, reported, for one without a valid receipt."""
        try:
            return self._verified(item)
        except ProofError as error:
            self._outbox.report(error.code, error.detail)
            return None

    def _verified(self, item: ReviewItem) -> StoredEntry | None:
        """The verified entry; None for one that is not about this account's contracts or whose text
        is another one. Raises ProofError.
        """
        logged = self._verifier.server_object(item.receipt, LeafType.REVIEW)
        try:
            entry = ReviewEntry.parse(logged.object or b"")
        except DiaryError as error:
            raise ProofError(Problem.WRONG_RECEIPT, str(error)) from error
        own = entry.by == self._sub
        if not self._is_mine(entry, own=own) or not _fits(entry, item):
            _log.info("ignored a review entry of another contract, person or text")
            return None
        return StoredEntry(
            digest=logged.leaf.digest,
            ctr=entry.ctr,
            kind=entry.kind,
            own=own,
            name=shown_name(item.name),
            at_s=entry.at,
            text=None if item.text is None else shown_text(item.text),
            replies_to=entry.replies_to,
            slots=tuple(sorted(set(item.slots))),
            rt_ms=logged.leaf.rt_ms,
            index=logged.index,
        )

    def _is_mine(self, entry: ReviewEntry, *, own: bool) -> bool:
        """Whether it is an entry about a contract of this account, by one of its sides."""
        if entry.aud != self._verifier.trust.aud:
            return False
        try:
            contract = self._outbox.contract(entry.ctr)
        except KeyError:
            return False
        return own or entry.client == contract.terms.client


def _fits(entry: ReviewEntry, item: ReviewItem) -> bool:
    """Whether the text and the slots can be those of the entry. An erased text is absent."""
    slots = sorted(item.slots)
    if not SANE_FROM <= entry.at <= SANE_TO or any(slot % SLOT for slot in slots):
        return False
    if not slots or slots[-1] - slots[0] >= WEEK:
        return False
    if item.text is None:
        return True
    salted = f"{item.salt}{item.text}".encode("utf-8", "surrogatepass")
    return entry.text is not None and entry.text == digest(salted)
