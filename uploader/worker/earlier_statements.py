"""What was said before of this account's segments, learnt from the marketplace.

Rules kept (`docs/protocol.md` §5.4, §6): a folder that comes from a backup does not know the
deletions made since, and neither does the folder of another device; each is told by the
marketplace, verified like everything that it says (the receipt by a believed key, a device's
statement by that device's signature), kept with its receipt, and carried out in the files. The
marketplace's own deletion of pictures is carried out here too if their time to be kept is over by
the segment's terms; any other of its deletions concerns its own copies only.
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
from uploader.store.statements import FORMS, Kind, read_statement

_KINDS = {LeafType.AMEND: Kind.AMEND, LeafType.TOMBSTONE: Kind.TOMBSTONE}


class EarlierStatements:
    """Used by the uploading thread. `sub` is the freelancer as enrolled."""

    def __init__(
        self, outbox: Outbox, client: MarketplaceClient, witness: ReceiptVerifier, sub: str
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._witness = witness
        self._sub = sub

    def learn(self) -> None:
        """Ask for what is new, and apply it. Raises UploaderError; then it goes on from there."""
        while True:
            after = self._outbox.statements_after()
            page = self._client.statements(after)
            signers = self._signers(page.signers)
            for statement in page.statements:
                self._take(statement, signers)
            if page.next != after:
                self._outbox.set_statements_after(page.next)
            if not page.more or page.next <= after:
                return

    def _take(self, statement: StatementRecord, signers: Mapping[str, Enrolment]) -> None:
        try:
            if statement.data is None:
                self._take_theirs(statement)
            else:
                self._take_signed(statement, statement.data, signers)
        except (ProofError, DiaryError) as error:
            # What does not prove itself changes nothing here.
            self._outbox.report(Problem.WRONG_STATEMENT, f"{statement.segment}: {error}")

    def _take_signed(
        self, statement: StatementRecord, data: bytes, signers: Mapping[str, Enrolment]
    ) -> None:
        kind = _KINDS[LeafType(statement.type)]
        deed = read_statement(kind, data)
        signer = signers.get(deed.signed.kid)
        if signer is None:
            raise ProofError(Problem.WRONG_STATEMENT, "the signer is not of this account")
        verify_jws(deed.signed, signer.public)
        logged = self._witness.deed(statement.receipt, FORMS[kind].leaf, deed.digest, earliest_ms=0)
        self._outbox.learn(kind, data, statement.receipt, logged.leaf.rt_ms)

    def _take_theirs(self, statement: StatementRecord) -> None:
        logged = self._witness.told(statement.receipt, LeafType.TOMBSTONE)
        body = parse_object(logged.object or b"")
        if self._is_due(body, logged.leaf.rt_ms):
            self._outbox.learn_theirs(logged.leaf.digest, statement.receipt, body)

    def _is_due(self, body: Tombstone, rt_ms: int) -> bool:
        """Whether the pictures' time to be kept was over when the marketplace erased them."""
        found = self._outbox.segment(body.segment)
        if found is None or body.reason != "retention" or set(body.scope) != {"shot"}:
            return False
        row, sealed = found
        terms = self._outbox.shelf.terms(row.ctr, sealed.segment.terms)
        days = terms.retention_days if terms is not None else Terms.retention_days
        logged = row.rt_ms if row.rt_ms is not None else row.t1 * 1000
        return rt_ms >= logged + days * DAY * 1000

    def _signers(self, told: Mapping[str, bytes]) -> dict[str, Enrolment]:
        found = {}
        for kid, data in told.items():
            try:
                enrolment = parse_enrolment(data)
            except DiaryError:
                continue
            mine = (enrolment.aud, enrolment.sub) == (self._witness.trust.aud, self._sub)
            if mine and enrolment.kid == kid:
                found[kid] = enrolment
        return found
