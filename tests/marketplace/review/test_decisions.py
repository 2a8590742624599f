"""Review actions: who may do what and when, and what the log and the bundle then show."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select, update

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.core.slots import DAY, WEEK, week_of
from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.core.problems import ProblemError
from marketplace.records import credited_totals, review_entries
from marketplace.records.review_entries import StoredReview
from marketplace.review.decisions import MAX_LABEL, MAX_TEXT, Decisions
from marketplace.storage import schema
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

WEEK_S = week_of(START)
LOCKED = WEEK_S + WEEK + 43_200
ENDED = WEEK_S + WEEK + 5 * DAY


class Reviewed:
    """A contract with three segments of which one and a half are over the weekly limit."""

    def __init__(
        self,
        marketplace: LiveMarketplace,
        enrolled: Callable[[Contract], SimulatedDevice],
    ) -> None:
        self.marketplace = marketplace
        self.contract = marketplace.contract(limit_s=900)
        self.device = enrolled(self.contract)
        self.segments = worked(marketplace, self.device, self.contract.ctr, START, count=3)
        for data in self.segments:
            self.device.send(data)
        self.names = [parse(data).hash for data in self.segments]
        self.client = marketplace.account(self.contract.client)
        self.freelancer = marketplace.account(self.contract.freelancer)

    @property
    def decisions(self) -> Decisions:
        return self.marketplace.deps.decisions

    def entries(self) -> tuple[StoredReview, ...]:
        with self.marketplace.deps.store.read() as connection:
            return review_entries.of_week(connection, self.contract.ctr, WEEK_S)

    def totals(self) -> tuple[int, int]:
        """Payable seconds and those over the limit."""
        with self.marketplace.deps.store.read() as connection:
            found = credited_totals.week(connection, self.contract.ctr, WEEK_S)
        return found.payable, found.over_limit

    def bundle(self) -> Archive:
        with self.marketplace.browser(self.contract.client) as browser:
            answer = browser.get(f"/v1/bundles/{self.contract.ctr}/2026-W47")
        assert answer.status_code == 200
        return Archive(io.BytesIO(answer.content))


@pytest.fixture
def reviewed(
    marketplace: LiveMarketplace, enrolled: Callable[[Contract], SimulatedDevice]
) -> Reviewed:
    return Reviewed(marketplace, enrolled)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(ProblemError) as refusal:
        action()
    return refusal.value.code


def test_a_week_is_approved_after_it_locks_and_once(reviewed: Reviewed) -> None:
    ctr, clock = reviewed.contract.ctr, reviewed.marketplace.clock
    approve = lambda: reviewed.decisions.approve(  # noqa: E731
        reviewed.client, ctr, WEEK_S, reviewed.names
    )
    assert code_of(approve) == "week_open"
    clock.to(LOCKED)
    approve()
    approve()
    (entry,) = reviewed.entries()
    assert (entry.kind, entry.name, entry.at_s) == ("approve", "Acme", LOCKED)
    assert set(entry.segments) == set(reviewed.names)
    clock.to(ENDED)
    assert code_of(approve) == "review_ended"


def test_both_sides_comment_and_label_even_after_the_review(reviewed: Reviewed) -> None:
    ctr, decisions = reviewed.contract.ctr, reviewed.decisions
    names = reviewed.names[:1]
    reviewed.marketplace.clock.to(ENDED + 1)
    decisions.comment(reviewed.client, ctr, WEEK_S, names, " Seen.\r\nFine. ")
    decisions.label(reviewed.freelancer, ctr, WEEK_S, names, "Meeting")
    found = [(entry.kind, entry.name, entry.text) for entry in reviewed.entries()]
    assert found == [("comment", "Acme", "Seen.\nFine."), ("label", "Ana Ruiz", "Meeting")]
    assert (
        reviewed.marketplace.deps.weeks.slot_review(reviewed.client, ctr, START, UTC).label
        == "Meeting"
    )
    for text in ("", "x" * (MAX_LABEL + 1), "two\nlines", "\ud800"):
        label = partial(decisions.label, reviewed.client, ctr, WEEK_S, names, text)
        assert code_of(label) == "invalid_request"
    stranger = reviewed.marketplace.account(reviewed.marketplace.contract("Another").client)
    for action in (decisions.comment, decisions.label):
        assert code_of(partial(action, stranger, ctr, WEEK_S, names, "x")) == "not_found"
        unknown = partial(action, reviewed.client, ctr, WEEK_S, ["A" * 43], "x")
        assert code_of(unknown) == "not_found"
    assert len(reviewed.entries()) == 2
    listed = check_bundle(reviewed.bundle(), CheckOptions()).report.reviews
    assert [entry.kind for entry in listed] == ["comment", "label"]


def test_the_day_and_the_week_show_the_last_label_of_a_slot(reviewed: Reviewed) -> None:
    ctr, market = reviewed.contract.ctr, reviewed.marketplace
    for person, text in ((reviewed.freelancer, "Call"), (reviewed.client, "Meeting")):
        reviewed.decisions.label(person, ctr, WEEK_S, reviewed.names[:1], text)
    reviewed.decisions.comment(reviewed.client, ctr, WEEK_S, reviewed.names[1:2], "Not a label")
    expected = ["Meeting", "", ""]
    assert [slot.label for slot in market.day(reviewed.client.sub, ctr).slots] == expected
    finance = market.account(joined(market, reviewed.client.sub, "finance", "Kim"))
    for person, labels in ((reviewed.client, expected), (finance, ["", "", ""])):
        week = market.deps.weeks.week(person, ctr, WEEK_S, UTC)
        assert [slot.label for day in week.days for slot in day.slots] == labels
    with market.browser(reviewed.client.sub) as browser:
        for path in ("days/2026-11-18", "weeks/2026-W47"):
            page = browser.get(f"/contracts/{ctr}/{path}").text
            assert "Meeting" in page.partition("history")[0]


def test_a_question_is_answered_and_settled_even_after_the_review(reviewed: Reviewed) -> None:
    ctr, decisions = reviewed.contract.ctr, reviewed.decisions
    decisions.ask(reviewed.client, ctr, WEEK_S, reviewed.names[:1], " Which sheet?\r\n")
    (question,) = reviewed.entries()
    assert (question.kind, question.text) == ("question", "Which sheet?")
    reviewed.marketplace.clock.to(ENDED + 1)
    assert (
        code_of(lambda: decisions.ask(reviewed.client, ctr, WEEK_S, reviewed.names[:1], "?"))
        == "review_ended"
    )
    decisions.reply(reviewed.freelancer, ctr, question.digest, "Both.")
    (thread,) = review_entries.threads(reviewed.entries())
    assert (thread.answered, thread.settled) == (True, False)
    decisions.resolve(reviewed.client, ctr, question.digest)
    (thread,) = review_entries.threads(reviewed.entries())
    assert thread.settled
    assert [(r.kind, r.name, r.text) for r in thread.replies] == [
        ("answer", "Ana Ruiz", "Both."),
        ("resolve", "Acme", None),
    ]


def test_the_client_pays_time_over_the_limit_and_the_bundle_proves_it(reviewed: Reviewed) -> None:
    assert reviewed.totals() == (900, 900)
    reviewed.decisions.allow(reviewed.client, reviewed.contract.ctr, WEEK_S, reviewed.names[1:])
    assert reviewed.totals() == (1_800, 0)
    checked = check_bundle(reviewed.bundle(), CheckOptions())
    report = checked.report
    assert [entry.kind for entry in report.reviews] == ["allow"]
    assert sum(share.payable for share in report.credits.values()) == 1_800
    assert not [finding for finding in checked.findings if finding.is_error]


def test_a_crash_between_the_entry_and_its_effect_is_repaired(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Decisions, "apply_allowed", lambda _: None)
        reviewed.decisions.allow(reviewed.client, reviewed.contract.ctr, WEEK_S, reviewed.names)
        assert reviewed.totals() == (900, 900)
    reviewed.decisions.apply_allowed()
    assert reviewed.totals() == (1_800, 0)


def test_the_log_has_the_hash_of_a_text_and_its_author(reviewed: Reviewed) -> None:
    ctr = reviewed.contract.ctr
    reviewed.decisions.dispute(reviewed.client, ctr, WEEK_S, reviewed.names, "Not this work.")
    (entry,) = check_bundle(reviewed.bundle(), CheckOptions()).report.reviews
    with reviewed.marketplace.deps.store.read() as connection:
        row = connection.exec_driver_sql("SELECT salt, text FROM review").one()
    assert entry.text == digest(f"{row.salt}{row.text}".encode())
    assert "Not this work." not in str(entry)
    assert entry.kind == "dispute"
    assert entry.client == entry.by


def test_only_the_people_of_the_contract_act(reviewed: Reviewed) -> None:
    ctr, names, decisions = reviewed.contract.ctr, reviewed.names, reviewed.decisions
    other = reviewed.marketplace.contract("Another")
    stranger = reviewed.marketplace.account(other.client)
    decisions.ask(reviewed.client, ctr, WEEK_S, names, "Why?")
    (question,) = reviewed.entries()
    for actor, wanted in ((stranger, "not_found"), (reviewed.freelancer, "role_forbidden")):
        for action in (
            lambda a=actor: decisions.approve(a, ctr, WEEK_S, names),
            lambda a=actor: decisions.settle(a, ctr, WEEK_S, names),
            lambda a=actor: decisions.allow(a, ctr, WEEK_S, names),
            lambda a=actor: decisions.ask(a, ctr, WEEK_S, names, "?"),
            lambda a=actor: decisions.dispute(a, ctr, WEEK_S, names, "?"),
            lambda a=actor: decisions.resolve(a, ctr, question.digest),
        ):
            assert code_of(action) == wanted
    assert code_of(lambda: decisions.reply(stranger, ctr, question.digest, "x")) == "not_found"
    assert len(reviewed.entries()) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_TEXT + 1), "\ud800"])
def test_an_invalid_text_is_refused(reviewed: Reviewed, text: str) -> None:
    action = lambda: reviewed.decisions.ask(  # noqa: E731
        reviewed.client, reviewed.contract.ctr, WEEK_S, reviewed.names, text
    )
    assert code_of(action) == "invalid_request"


def test_segments_of_another_contract_or_week_are_refused(
    reviewed: Reviewed, enrolled: Callable[[Contract], SimulatedDevice]
) -> None:
    market, ctr = reviewed.marketplace, reviewed.contract.ctr
    other = market.contract("Another")
    foreign = worked(market, device := enrolled(other), other.ctr, START + DAY)
    device.send(foreign[0])
    ask = reviewed.decisions.ask
    for week, names in (
        (WEEK_S, [parse(foreign[0]).hash]),
        (WEEK_S, []),
        (WEEK_S, ["x" * 43]),
        (WEEK_S + WEEK, reviewed.names),
        (WEEK_S + 1, reviewed.names),
    ):
        action = lambda w=week, n=names: ask(reviewed.client, ctr, w, n, "?")  # noqa: E731
        assert code_of(action) == "not_found"
    unknown = lambda: reviewed.decisions.reply(reviewed.freelancer, ctr, "x" * 43, "?")  # noqa: E731
    assert code_of(unknown) == "not_found"


def test_entries_about_a_week_are_limited(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.review.decisions.MAX_ENTRIES", 2)
    ask = lambda: reviewed.decisions.ask(  # noqa: E731
        reviewed.client, reviewed.contract.ctr, WEEK_S, reviewed.names, "?"
    )
    ask()
    ask()
    assert code_of(ask) == "too_often"


def test_the_terms_decide_when_a_week_locks(
    reviewed: Reviewed, marketplace: LiveMarketplace
) -> None:
    marketplace.deps.contracts.set_terms(replace(reviewed.contract), edit_until_s=3_600)
    approve = lambda: reviewed.decisions.approve(  # noqa: E731
        reviewed.client, reviewed.contract.ctr, WEEK_S, reviewed.names
    )
    marketplace.clock.to(WEEK_S + WEEK + 3_599)
    assert code_of(approve) == "week_open"
    marketplace.clock.to(WEEK_S + WEEK + 3_600)
    approve()


def test_the_other_side_gets_an_e_mail_without_the_text(reviewed: Reviewed) -> None:
    store, ctr = reviewed.marketplace.deps.store, reviewed.contract.ctr
    for account in (reviewed.client, reviewed.freelancer):
        change = (
            update(schema.account)
            .where(schema.account.c.sub == account.sub)
            .values(email=f"{account.role}@example.org")
        )
        store.write(lambda c, change=change: c.execute(change)).result()  # type: ignore[misc]
    reviewed.decisions.ask(reviewed.client, ctr, WEEK_S, reviewed.names, "Why so late?")
    (question,) = reviewed.entries()
    reviewed.decisions.settle(reviewed.client, ctr, WEEK_S, reviewed.names)
    reviewed.decisions.reply(reviewed.freelancer, ctr, question.digest, "It was urgent.")
    with store.read() as connection:
        rows = connection.execute(select(schema.message).order_by(schema.message.c.id)).all()
    assert [(row.address, row.kind) for row in rows] == [
        ("freelancer@example.org", "question"),
        ("client@example.org", "answer"),
    ]
    assert f"/contracts/{ctr}/weeks/2026-W47" in rows[0].data
    assert "Why so late?" not in rows[0].data
    assert "urgent" not in rows[1].data
