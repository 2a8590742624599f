"""Fetches statements about this account's segments from the marketplace, and applies them.

Rules kept (`docs/protocol.md` §5.4, §6): a restored folder lacks later deletions, and so does the
folder of another device. The marketplace sends each statement; the client verifies its receipt with
a trusted key and a device's statement with that device's key, stores both, and carries the
statement out. The marketplace's own deletion of pictures is carried out here only if their
retention by the segment's terms is over; its other deletions concern its own copies only.
"""

from __future__ import annotations

from collections.abc import Mapping

from diary.core.findings import DiaryError
from diary.core.slots import DAY
from diary.formats.jws import verify_jws
from diary.log.leaf import LeafType
from diary.objects.enrolment import Enrolment, parse_enrolment
from diary.objects.terms import Terms
from diary.objects.tombstone import Tombstone, parse_object
from uploader.api.client import MarketplaceClient
from uploader.api.responses import StatementRecord
from uploader.errors import Problem, ProofError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.store.outbox import Outbox
from uploader.store.statements import FORMS, StatementKind, read_statement

_KINDS = {LeafType.AMEND: StatementKind.AMEND, LeafType.TOMBSTONE: StatementKind.TOMBSTONE}


class EarlierStatements:
    """Used by the uploading thread. `sub` is the freelancer as enrolled."""

    def __init__(
        self, outbox: Outbox, client: MarketplaceClient, verifier: ReceiptVerifier, sub: str
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._verifier = verifier
        self._sub = sub

    def learn(self) -> None:
        """Fetch and apply new statements. Raises UploaderError; a retry continues there."""
        while True:
            after = self._outbox.cache.statements_after()
            page = self._client.statements(after)
            signers = self._signers(page.signers)
            for record in page.statements:
                self._take(record, signers)
            if page.next != after:
                self._outbox.cache.set_statements_after(page.next)
            if not page.more or page.next <= after:
                return

    def _take(self, record: StatementRecord, signers: Mapping[str, Enrolment]) -> None:
        try:
            if record.data is None:
                self._take_server_deletion(record)
            else:
                self._take_signed(record, record.data, signers)
        except (ProofError, DiaryError) as error:
            # A statement without proof changes nothing here.
            self._outbox.report(Problem.WRONG_STATEMENT, f"{record.segment}: {error}")

    def _take_signed(
        self, record: StatementRecord, data: bytes, signers: Mapping[str, Enrolment]
    ) -> None:
        kind = _KINDS[LeafType(record.type)]
        statement = read_statement(kind, data)
        signer = signers.get(statement.signed.kid)
        if signer is None:
            raise ProofError(Problem.WRONG_STATEMENT, "the signer is not of this account")
        verify_jws(statement.signed, signer.public)
        logged = self._verifier.statement(
            record.receipt, FORMS[kind].leaf, statement.digest, earliest_ms=0
        )
        self._outbox.learn(kind, data, record.receipt, logged.leaf.rt_ms)

    def _take_server_deletion(self, record: StatementRecord) -> None:
        logged = self._verifier.server_object(record.receipt, LeafType.TOMBSTONE)
        body = parse_object(logged.object or b"")
        if self._is_due(body, logged.leaf.rt_ms):
            self._outbox.learn_server_deletion(logged.leaf.digest, record.receipt, body)

    def _is_due(self, body: Tombstone, rt_ms: int) -> bool:
        """Whether the pictures' retention was over when the marketplace erased them."""
        found = self._outbox.segment(body.segment)
        if found is None or body.reason != "retention" or set(body.scope) != {"shot"}:
            return False
        row, sealed = found
        terms = self._outbox.cache.terms(row.ctr, sealed.segment.terms)
        days = terms.retention_days if terms is not None else Terms.retention_days
        logged = row.rt_ms if row.rt_ms is not None else row.t1 * 1000
        return rt_ms >= logged + days * DAY * 1000

    def _signers(self, enrolments: Mapping[str, bytes]) -> dict[str, Enrolment]:
        found = {}
        for kid, data in enrolments.items():
            try:
                enrolment = parse_enrolment(data)
            except DiaryError:
                continue
            mine = (enrolment.aud, enrolment.sub) == (self._verifier.trust.aud, self._sub)
            if mine and enrolment.kid == kid:
                found[kid] = enrolment
        return found
