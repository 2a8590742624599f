"""A computer of the freelancer reads the questions about the diary and answers them."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.core.slots import WEEK, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import Leaf, LeafType
from diary.log.receipt import Receipt
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import parse
from marketplace.api.review.entries import PAGE
from marketplace.contracts.queries import Contract
from marketplace.records import review_entries
from marketplace.records.review_entries import LISTED_WEEKS
from marketplace.review.decisions import MOST_SEGMENTS
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

WEEK_S = week_of(START)
SALT, OTHER_SALT = (b64url_encode(bytes([n]) * 32) for n in (1, 2))


class Asked:
    """A contract with two segments; the client asks about them."""

    def __init__(self, marketplace: LiveMarketplace, enrolled: Any, contract: Contract) -> None:
        self.marketplace, self.contract = marketplace, contract
        self.device: SimulatedDevice = enrolled(contract)
        sent = worked(marketplace, self.device, contract.ctr, START, count=2)
        for data in sent:
            self.device.send(data)
        self.names = [parse(data).hash for data in sent]
        self.slots = [parse(data).segment.slot for data in sent]
        self.client = marketplace.account(contract.client)

    def ask(self, text: str = "What was this?") -> str:
        decisions = self.marketplace.deps.decisions
        decisions.ask(self.client, self.contract.ctr, WEEK_S, self.names, text)
        return self.entries()[-1].digest

    def entries(self) -> tuple[review_entries.StoredReview, ...]:
        with self.marketplace.deps.store.read() as connection:
            return review_entries.of_week(connection, self.contract.ctr, WEEK_S)

    def listed(self, after: int | None = None) -> dict[str, Any]:
        answer = self.device.call(
            "GET", "/v1/reviews", params={} if after is None else {"after": after}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def newest(self) -> int:
        return int(self.device.call("GET", "/v1/contracts").json()["reviews"])

    def answer(self, question: str, text: str = "A call.", salt: str = SALT, **changes: Any) -> Any:
        body = {
            "contract": self.contract.ctr, "replies_to": question, "salt": salt, "text": text,
            **changes,
        }  # fmt: skip
        return self.device.call("POST", "/v1/reviews", json=body)


@pytest.fixture
def asked(marketplace: LiveMarketplace, enrolled: Callable[[Contract], SimulatedDevice]) -> Asked:
    return Asked(marketplace, enrolled, marketplace.contract())


def entry_of(item: dict[str, Any]) -> ReviewEntry:
    obj = Receipt.parse(item["receipt"].encode()).object
    assert obj is not None
    return ReviewEntry.parse(obj)


def test_a_question_is_listed_with_its_proof_its_text_and_its_slots(asked: Asked) -> None:
    assert asked.newest() == -1
    question = asked.ask()
    listed = asked.listed()
    (item,) = listed["reviews"]
    entry = entry_of(item)
    assert digest(entry.data()) == question
    assert (entry.kind, entry.ctr, entry.segments) == (
        "question", asked.contract.ctr, tuple(asked.names),
    )  # fmt: skip
    assert entry.text == digest(f"{item['salt']}{item['text']}".encode())
    assert (item["text"], item["name"], item["slots"]) == ("What was this?", "Acme", asked.slots)
    assert (listed["next"], listed["more"]) == (asked.newest(), False)


def test_an_unchanged_list_is_empty_and_a_position_beyond_the_log_begins_again(
    asked: Asked,
) -> None:
    asked.ask()
    known = asked.newest()
    assert asked.listed(known) == {"reviews": [], "next": known, "more": False}
    assert len(asked.listed(10**6)["reviews"]) == 1
    for wrong in ("-2", "x", str(2**53), "1.5"):
        assert asked.device.call("GET", f"/v1/reviews?after={wrong}").status_code == 422


def test_the_answer_is_the_entry_of_the_browser_and_verifies_in_the_bundle(asked: Asked) -> None:
    question = asked.ask()
    answer = asked.answer(question)
    assert answer.status_code == 201
    entry = entry_of(answer.json())
    assert (entry.kind, entry.by, entry.replies_to, entry.segments) == (
        "answer", asked.contract.freelancer, question, tuple(sorted(asked.names)),
    )  # fmt: skip
    assert entry.text == digest(f"{SALT}A call.".encode())
    stored = asked.entries()[-1]
    assert (stored.text, stored.replies_to, stored.name) == ("A call.", question, "Ana Ruiz")
    with asked.marketplace.browser(asked.contract.client) as browser:
        week = browser.get(f"/contracts/{asked.contract.ctr}/weeks/2026-W47").text
        assert "A call." in week
        bundle = browser.get(f"/v1/bundles/{asked.contract.ctr}/2026-W47").content
    checked = check_bundle(Archive(io.BytesIO(bundle)), CheckOptions())
    assert [each.kind for each in checked.report.reviews] == ["question", "answer"]
    assert not [each for each in checked.report.findings if each.subject.startswith("review")]


def test_the_same_answer_again_is_logged_once_also_at_the_same_time(asked: Asked) -> None:
    question = asked.ask()
    answers: list[Any] = []
    tasks = [
        threading.Thread(target=lambda: answers.append(asked.answer(question))) for _ in range(4)
    ]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()
    answers.append(asked.answer(question))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 200, 201]
    assert len({entry_of(each.json()).data() for each in answers}) == 1
    assert [each.kind for each in asked.entries()] == ["question", "answer"]
    assert asked.answer(question, "Another text.").status_code == 422
    assert asked.answer(asked.ask("And this?")).status_code == 422
    assert asked.answer(question, "Another text.", OTHER_SALT).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": " \n "},
        {"text": "x" * 2_001},
        {"text": None},
        {"salt": "short"},
        {"salt": None},
        {"kind": "approve"},
        {"replies_to": None},
        {"contract": "x"},
    ],
)
def test_a_malformed_answer_is_refused_and_nothing_is_logged(
    asked: Asked, changes: dict[str, Any]
) -> None:
    assert asked.answer(asked.ask(), **changes).status_code == 422
    assert len(asked.entries()) == 1


def test_a_computer_reads_and_answers_only_about_its_own_contracts(
    marketplace: LiveMarketplace,
    asked: Asked,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    question = asked.ask()
    other = Asked(marketplace, enrolled, marketplace.contract("Another one"))
    assert other.listed() == {"reviews": [], "next": -1, "more": False}
    assert other.newest() == -1
    assert other.answer(question).status_code == 404
    assert other.answer(question, contract=asked.contract.ctr).status_code == 404
    assert asked.answer(digest(b"no question")).status_code == 404
    # A decision is no question.
    asked.marketplace.deps.decisions.settle(asked.client, asked.contract.ctr, WEEK_S, asked.names)
    assert asked.answer(asked.entries()[-1].digest).status_code == 404
    assert len(asked.entries()) == 2


def test_the_receipt_of_the_longest_entry_can_be_read() -> None:
    names = tuple(digest(str(n).encode()) for n in range(MOST_SEGMENTS))
    entry = ReviewEntry(
        "a" * 253, "c" * 22, START, "p" * 64, "question", names, names[0], replies_to=names[1]
    )
    leaf = Leaf(LeafType.REVIEW, digest(entry.data()), START * 1000)
    # A log of 2^60 leaves, and a checkpoint with the signatures of two keys.
    receipt = Receipt(leaf, entry.data(), 2**53 - 1, (b"x" * 32,) * 60, b"c" * 1_000)
    assert Receipt.parse(receipt.data()) == receipt


def test_many_entries_come_in_pages_without_the_decisions(asked: Asked) -> None:
    for number in range(PAGE + 1):
        asked.ask(f"Question {number}")
    decisions, ctr = asked.marketplace.deps.decisions, asked.contract.ctr
    decisions.settle(asked.client, ctr, WEEK_S, asked.names)
    decisions.resolve(asked.client, ctr, asked.entries()[0].digest)
    first = asked.listed()
    assert (len(first["reviews"]), first["more"]) == (PAGE, True)
    second = asked.listed(first["next"])
    assert [entry_of(each).kind for each in second["reviews"]] == ["question", "resolve"]
    assert (second["next"], second["more"]) == (asked.newest(), False)


def test_only_the_last_weeks_are_listed(asked: Asked) -> None:
    asked.ask()
    asked.marketplace.clock.to(WEEK_S + (LISTED_WEEKS + 1) * WEEK - 1)
    asked.device.sign_in()
    assert len(asked.listed()["reviews"]) == 1
    asked.marketplace.clock.to(WEEK_S + (LISTED_WEEKS + 1) * WEEK)
    asked.device.sign_in()
    assert (asked.listed()["reviews"], asked.newest()) == ([], -1)


def test_a_stopped_computer_reads_and_answers_nothing(asked: Asked) -> None:
    question = asked.ask()
    asked.marketplace.deps.devices.revoke(asked.device.key.kid, "lost")
    assert asked.device.call("GET", "/v1/reviews").status_code == 401
    assert asked.answer(question).status_code == 401
    assert len(asked.entries()) == 1
