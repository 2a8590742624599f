"""The questions of the client reach the computer, and the person's answer reaches the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from diary.core.slots import WEEK, slot_of, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.objects.segment import parse
from marketplace.api.review.entries import PAGE
from marketplace.records import review_entries
from marketplace.review.decisions import Decisions
from tests.marketplace.simulated_device import SimulatedDevice
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.errors import Problem
from uploader.store.reviews.entries import ReviewThread, UnsentAnswer

Pair = tuple[ClientUnderTest, FaultProxy]
SALT = b64url_encode(bytes(32))


def on_reviews(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/reviews")


def on_answers(exchange: Exchange) -> bool:
    return exchange.method == "POST" and on_reviews(exchange)


class Reviewed:
    """A client with two delivered segments; its marketplace's client asks about them."""

    def __init__(self, client: ClientUnderTest, proxy: FaultProxy) -> None:
        self.client, self.proxy = client, proxy
        self.changes = 0
        client.start_worker(on_reviews=self._changed)
        made = client.many(2, pictures=0)
        client.drain()
        self.slot = parse(made[0]).segment.slot
        self.names = [parse(data).hash for data in made]
        self.week = week_of(self.slot)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def decisions(self) -> Decisions:
        return self.client.marketplace.deps.decisions

    @property
    def ctr(self) -> str:
        return self.client.contract.ctr

    def ask(self, text: str = "What was this?") -> str:
        asker = self.client.marketplace.account(self.client.contract.client)
        self.decisions.ask(asker, self.ctr, self.week, self.names, text)
        return self.logged()[-1].digest

    def logged(self) -> tuple[review_entries.StoredReview, ...]:
        with self.client.marketplace.deps.store.read() as connection:
            return review_entries.of_week(connection, self.ctr, self.week)

    def fault(self, applies: Callable[[Exchange], bool], *plan: faults.Fault) -> None:
        """The next such exchanges meet these faults."""
        self.proxy.applies = applies
        self.proxy.plan.extend(plan)

    def turn(self) -> float:
        """One contact with the marketplace."""
        worker = self.client.worker or self.client.start_worker(on_reviews=self._changed)
        worker.wake()
        return worker.step()

    def threads(self) -> tuple[ReviewThread, ...]:
        return self.client.outbox.reviews.threads()

    def write(self, question: str, text: str = "A call.", salt: str = SALT) -> None:
        self.client.outbox.reviews.write_answer(
            UnsentAnswer(self.ctr, question, salt, text, self.client.clock.ms // 1000)
        )


@pytest.fixture
def reviewed(at_work: Pair) -> Reviewed:
    return Reviewed(*at_work)


def test_a_question_arrives_with_the_next_contact_and_waits(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    (thread,) = reviewed.threads()
    first = thread.first
    assert (first.digest, first.kind, first.text, first.own) == (
        question, "question", "What was this?", False,
    )  # fmt: skip
    assert (first.slots, first.name, first.ctr) == ((reviewed.slot,), "Acme", reviewed.ctr)
    assert thread.waits
    assert reviewed.changes == 1


def test_nothing_is_requested_while_nothing_is_new(reviewed: Reviewed) -> None:
    reviewed.ask()
    reviewed.turn()
    reviewed.proxy.requests.clear()
    for _ in range(5):
        reviewed.turn()
    paths = [path for _, path in reviewed.proxy.requests]
    assert [path for path in paths if path.startswith("/v1/reviews")] == []
    assert [path for path in paths if path.startswith("/v1/contracts")]
    assert reviewed.changes == 1


def test_the_questions_are_kept_for_a_start_without_a_network(reviewed: Reviewed) -> None:
    reviewed.ask()
    reviewed.turn()
    before = reviewed.threads()
    reviewed.proxy.always = faults.reset_at_once
    reviewed.client.restart()
    assert reviewed.threads() == before
    reviewed.turn()
    assert reviewed.threads() == before


def test_an_answer_waits_offline_survives_a_restart_and_is_sent_once(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    reviewed.proxy.always = faults.reset_at_once
    reviewed.write(question)
    reviewed.turn()
    reviewed.client.restart()
    (thread,) = reviewed.threads()
    assert [each.text for each in thread.answers] == ["A call."]
    assert not thread.waits
    reviewed.proxy.always = None
    reviewed.turn()
    (thread,) = reviewed.threads()
    assert thread.answers == ()
    assert [(each.kind, each.own, each.text) for each in thread.replies] == [
        ("answer", True, "A call.")
    ]
    assert [(each.kind, each.text) for each in reviewed.logged()] == [
        ("question", "What was this?"), ("answer", "A call."),
    ]  # fmt: skip
    reviewed.turn()
    assert len(reviewed.logged()) == 2
    assert reviewed.threads() == (thread,)


def test_an_answer_whose_response_was_lost_is_logged_once(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    reviewed.write(question)
    reviewed.fault(on_answers, faults.reply_lost)
    reviewed.turn()
    (thread,) = reviewed.threads()
    assert len(thread.answers) == 1
    assert len(reviewed.logged()) == 2
    reviewed.client.restart()
    reviewed.turn()
    (thread,) = reviewed.threads()
    assert (thread.answers, len(thread.replies), len(reviewed.logged())) == ((), 1, 2)


def test_an_answer_from_the_browser_ends_the_question(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    person = reviewed.client.marketplace.account(reviewed.client.contract.freelancer)
    reviewed.decisions.reply(person, reviewed.ctr, question, "By phone.")
    reviewed.turn()
    (thread,) = reviewed.threads()
    assert not thread.waits
    assert [(each.own, each.text) for each in thread.replies] == [(True, "By phone.")]


def test_a_further_comment_of_the_client_asks_again_and_a_settled_one_does_not(
    reviewed: Reviewed,
) -> None:
    question = reviewed.ask()
    reviewed.write(question)
    reviewed.turn()
    asker = reviewed.client.marketplace.account(reviewed.client.contract.client)
    reviewed.decisions.reply(asker, reviewed.ctr, question, "With whom?")
    reviewed.turn()
    assert reviewed.threads()[0].waits
    reviewed.decisions.resolve(asker, reviewed.ctr, question)
    reviewed.turn()
    assert not reviewed.threads()[0].waits
    assert not reviewed.threads()[0].takes_answers


def test_a_refused_answer_keeps_its_text_and_is_not_sent_again(reviewed: Reviewed) -> None:
    reviewed.ask()
    reviewed.turn()
    reviewed.write(digest(b"no question"))
    reviewed.proxy.requests.clear()
    reviewed.turn()
    reviewed.turn()
    assert [each for each in reviewed.proxy.requests if each == ("POST", "/v1/reviews")] == [
        ("POST", "/v1/reviews")
    ]
    file = json.loads((reviewed.client.root / "answers.json").read_bytes())
    assert [(each["text"], each["refused"]) for each in file["answers"]] == [
        ("A call.", "not_found")
    ]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_marketplace_in_trouble_gets_the_answer_later(reviewed: Reviewed, status: int) -> None:
    question = reviewed.ask()
    reviewed.turn()
    reviewed.write(question)
    reviewed.fault(on_answers, faults.trouble(status))
    reviewed.turn()
    assert len(reviewed.threads()[0].answers) == 1
    reviewed.turn()
    assert reviewed.threads()[0].answers == ()
    assert len(reviewed.logged()) == 2


def lying(change: Callable[[dict[str, Any]], None]) -> faults.Fault:
    """A marketplace that changes its list of questions."""

    def changed(body: bytes) -> bytes:
        obj = json.loads(body)
        change(obj)
        return json.dumps(obj).encode()

    return faults.mangled(changed)


def other_text(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["text"] = "Why did you do nothing?"


def other_salt(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["salt"] = SALT


def lone_surrogate(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["text"] = "\ud800"


def slots_of_two_weeks(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["slots"] += [obj["reviews"][0]["slots"][0] + WEEK]


def no_slots(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["slots"] = []


def part_of_a_slot(obj: dict[str, Any]) -> None:
    obj["reviews"][0]["slots"] = [obj["reviews"][0]["slots"][0] + 1]


@pytest.mark.parametrize(
    "change", [other_text, other_salt, lone_surrogate, slots_of_two_weeks, no_slots, part_of_a_slot]
)
def test_an_entry_that_the_log_does_not_prove_is_not_shown(
    reviewed: Reviewed, change: Callable[[dict[str, Any]], None]
) -> None:
    reviewed.ask()
    reviewed.fault(on_reviews, lying(change))
    reviewed.turn()
    assert reviewed.threads() == ()


def test_a_changed_receipt_is_reported(reviewed: Reviewed) -> None:
    reviewed.ask()

    def change(obj: dict[str, Any]) -> None:
        obj["reviews"][0]["receipt"] = obj["reviews"][0]["receipt"][:-9] + "AAAAAAA=\n"

    reviewed.fault(on_reviews, lying(change))
    reviewed.turn()
    assert reviewed.threads() == ()
    assert Problem.WRONG_RECEIPT in [each.code for each in reviewed.client.outbox.incidents()]


def test_a_question_about_another_persons_contract_is_not_shown(reviewed: Reviewed) -> None:
    """The entry is genuine, but of a contract that is not the account's."""
    marketplace = reviewed.client.marketplace
    other = marketplace.contract("Another one")
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(other.freelancer))
    device.sign_in()
    begin = reviewed.client.clock.ms // 1000 + 1
    device.fetch_beacon(slot_of(begin))
    made = device.work(other.ctr, slot_of(begin), begin, begin + 5)
    reviewed.client.clock.to(begin + 10)
    device.send(made)
    asker = marketplace.account(other.client)
    names = [parse(made).hash]
    marketplace.deps.decisions.ask(asker, other.ctr, reviewed.week, names, "What was this?")
    foreign = device.call("GET", "/v1/reviews").json()["reviews"]
    device.http.close()
    assert len(foreign) == 1
    reviewed.ask("The own one")

    def change(obj: dict[str, Any]) -> None:
        obj["reviews"] += foreign

    reviewed.fault(on_reviews, lying(change))
    reviewed.turn()
    assert [each.first.text for each in reviewed.threads()] == ["The own one"]


@pytest.mark.parametrize(
    "change",
    [
        lambda obj: obj.update(reviews=None),
        lambda obj: obj.update(reviews=[7]),
        lambda obj: obj.update(next="1"),
        lambda obj: obj["reviews"][0].pop("salt"),
        lambda obj: obj["reviews"][0].update(name="x" * 501),
        lambda obj: obj["reviews"][0].update(text="x" * 20_001),
        lambda obj: obj["reviews"][0].update(slots=[2**60]),
        lambda obj: obj["reviews"][0].update(slots=[0] * 1_009),
    ],
)
def test_a_malformed_list_changes_nothing_and_is_fetched_again(
    reviewed: Reviewed, change: Callable[[dict[str, Any]], None]
) -> None:
    reviewed.ask()
    reviewed.fault(on_reviews, lying(change))
    reviewed.turn()
    assert reviewed.threads() == ()
    reviewed.turn()
    assert len(reviewed.threads()) == 1


def test_a_list_that_never_ends_costs_a_bounded_number_of_requests(reviewed: Reviewed) -> None:
    reviewed.ask()
    reviewed.proxy.applies = on_reviews
    reviewed.proxy.always = lying(lambda obj: obj.update(more=True, next=-1))
    reviewed.proxy.requests.clear()
    reviewed.turn()
    asked = [path for _, path in reviewed.proxy.requests if path.startswith("/v1/reviews")]
    assert 1 <= len(asked) <= 20
    assert len(reviewed.threads()) == 1


def test_texts_lose_what_would_reorder_the_window(reviewed: Reviewed) -> None:
    reviewed.ask("Why\u202e \x1b[2J\u2066 here?\nAnd\r\nthere")
    reviewed.turn()
    text = reviewed.threads()[0].first.text
    assert text == "Why\ufffd \ufffd[2J\ufffd here?\nAnd\nthere"


def test_many_questions_come_in_pages(reviewed: Reviewed) -> None:
    for number in range(PAGE + 2):
        reviewed.ask(f"Question {number}")
    reviewed.turn()
    assert [each.first.text for each in reviewed.threads()] == [
        f"Question {number}" for number in range(PAGE + 2)
    ]


def test_a_restored_marketplace_is_read_anew(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    # The position of a log that was longer.
    store = reviewed.client.outbox.reviews
    store.keep((), store.after + 5, reviewed.client.clock.ms // 1000, anew=False)
    reviewed.turn()
    assert [each.first.digest for each in reviewed.threads()] == [question]
    reviewed.ask("Another one")
    reviewed.turn()
    assert len(reviewed.threads()) == 2


def test_a_marketplace_without_the_list_is_not_asked(reviewed: Reviewed) -> None:
    reviewed.ask()
    reviewed.proxy.applies = lambda e: e.path.startswith("/v1/contracts")
    reviewed.proxy.always = lying(lambda obj: obj.pop("reviews"))
    reviewed.proxy.requests.clear()
    reviewed.turn()
    assert not [path for _, path in reviewed.proxy.requests if path.startswith("/v1/reviews")]
    assert reviewed.client.worker is not None
    assert reviewed.client.worker.status.problem is None


def test_the_receipt_of_another_entry_is_no_receipt_of_the_answer(reviewed: Reviewed) -> None:
    question = reviewed.ask()
    reviewed.turn()
    item = json.loads(next(s for s in reversed(reviewed.proxy.seen) if on_list(s.path)).reply.body)
    reviewed.write(question)
    other = json.dumps(item["reviews"][0]).encode()
    reviewed.fault(on_answers, faults.mangled(lambda _: other))
    reviewed.turn()
    assert len(reviewed.threads()[0].answers) == 1
    reviewed.client.watch.wait(600)
    reviewed.turn()
    assert reviewed.threads()[0].answers == ()
    assert len(reviewed.logged()) == 2


def on_list(path: str) -> bool:
    return path.startswith("/v1/reviews?")


def test_an_unsent_answer_is_pending_work_which_the_end_of_the_program_sends(
    reviewed: Reviewed,
) -> None:
    question = reviewed.ask()
    reviewed.turn()
    worker = reviewed.client.worker
    assert worker is not None
    reviewed.proxy.always = faults.reset_at_once
    reviewed.write(question)
    reviewed.turn()
    assert worker.status.waiting == 1
    reviewed.proxy.always = None
    assert worker.drain(20.0, reviewed.client.watch.wait)
    assert (worker.status.waiting, len(reviewed.logged())) == (0, 2)
