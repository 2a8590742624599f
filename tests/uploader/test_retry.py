"""The retry policy: pure functions, bounded delays, spread by jitter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploader.errors import (
    KeysError,
    NetworkError,
    Problem,
    ProofError,
    RefusedError,
    SeqTakenError,
    StoreError,
)
from uploader.retry import (
    LEAST_S,
    LONGEST_ASKED_S,
    LONGEST_S,
    GiveUp,
    Outcome,
    SetAside,
    Wait,
    decide,
    http_date,
    outcome_of,
    parse_retry_after,
)

attempts = st.integers(1, 10_000)
chances = st.floats(0, 1, exclude_max=True)
patient = st.sampled_from([Outcome.UNREACHED, Outcome.BUSY, Outcome.TROUBLE])


def waits(outcome: Outcome, attempt: int, asked: float | None, random: float) -> Wait:
    step = decide(outcome, attempt, asked, random)
    assert isinstance(step, Wait)
    return step


@given(patient, attempts, chances)
def test_a_wait_is_at_most_the_bound_of_its_attempt(
    outcome: Outcome, attempt: int, random: float
) -> None:
    bound = min(LONGEST_S, 2.0 ** min(attempt - 1, 60))
    assert LEAST_S <= waits(outcome, attempt, None, random).seconds <= max(bound, LEAST_S)


@given(patient, attempts, chances, chances)
def test_the_whole_bound_is_used_so_that_a_crowd_is_spread(
    outcome: Outcome, attempt: int, one: float, other: float
) -> None:
    first, second = (waits(outcome, attempt, None, r).seconds for r in (one, other))
    assert (first <= second) == (one <= other) or first == second == LEAST_S


@given(st.sampled_from([*Outcome]), attempts, st.one_of(st.none(), st.floats(-1e9, 1e9)), chances)
def test_no_wait_is_longer_than_a_server_may_ask(
    outcome: Outcome, attempt: int, asked: float | None, random: float
) -> None:
    step = decide(outcome, attempt, asked, random)
    if isinstance(step, Wait):
        assert 0 <= step.seconds <= LONGEST_ASKED_S + LONGEST_S


@given(patient, attempts, st.floats(0, LONGEST_ASKED_S), chances)
def test_no_client_returns_earlier_than_asked(
    outcome: Outcome, attempt: int, asked: float, random: float
) -> None:
    assert waits(outcome, attempt, asked, random).seconds >= asked


@given(attempts, chances)
def test_a_wrong_proof_is_not_retried_at_once(attempt: int, random: float) -> None:
    step = waits(Outcome.WRONG_PROOF, attempt, None, random)
    assert step.seconds >= 60
    assert not step.everything


@given(attempts, chances)
def test_permanent_refusals_are_set_aside_and_others_need_the_user(
    attempt: int, random: float
) -> None:
    assert decide(Outcome.REFUSED, attempt, None, random) == SetAside()
    assert decide(Outcome.LOCKED_OUT, attempt, 1.0, random) == GiveUp()


def test_the_bound_doubles_up_to_five_minutes() -> None:
    longest = [waits(Outcome.TROUBLE, n, None, 0.999_999_999).seconds for n in range(1, 12)]
    assert [round(s) for s in longest] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.BUSY])
def test_without_an_answer_everything_waits(outcome: Outcome) -> None:
    assert waits(outcome, 1, None, 0.5).everything
    assert not waits(Outcome.TROUBLE, 1, None, 0.5).everything


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NetworkError(Problem.OFFLINE), Outcome.UNREACHED),
        (NetworkError(Problem.TIMEOUT), Outcome.UNREACHED),
        (NetworkError(Problem.TLS_FAILED), Outcome.UNREACHED),
        (NetworkError(Problem.CAPTIVE_PORTAL), Outcome.UNREACHED),
        (NetworkError(Problem.UNEXPECTED_REDIRECT), Outcome.UNREACHED),
        (NetworkError(Problem.SERVER_BUSY), Outcome.BUSY),
        (NetworkError(Problem.NO_ROOM), Outcome.NO_ROOM),
        (NetworkError(Problem.SERVER_TROUBLE), Outcome.TROUBLE),
        (NetworkError(Problem.CONNECTION_LOST), Outcome.TROUBLE),
        (NetworkError(Problem.ANSWER_CUT), Outcome.TROUBLE),
        (NetworkError(Problem.UNEXPECTED_ANSWER), Outcome.TROUBLE),
        (RefusedError(Problem.REFUSED, 422, "E_FORMAT"), Outcome.REFUSED),
        (RefusedError(Problem.REFUSED, 413, "too_large"), Outcome.REFUSED),
        (RefusedError(Problem.REFUSED, 404, "not_found"), Outcome.TROUBLE),
        (RefusedError(Problem.REFUSED, 403, "forbidden"), Outcome.TROUBLE),
        (RefusedError(Problem.SIGN_IN_REFUSED, 401, "invalid_client"), Outcome.LOCKED_OUT),
        (ProofError(Problem.WRONG_RECEIPT), Outcome.WRONG_PROOF),
        (ProofError(Problem.WRONG_TIME), Outcome.WRONG_PROOF),
        (ProofError(Problem.LOG_KEY_CHANGED), Outcome.LOCKED_OUT),
        (ProofError(Problem.WRONG_MARKETPLACE), Outcome.LOCKED_OUT),
        (KeysError(Problem.KEYS_MISSING), Outcome.LOCKED_OUT),
    ],
    ids=str,
)
def test_each_error_has_its_outcome(error: NetworkError, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("99999999999999999999999", LONGEST_ASKED_S),
        ("Wed, 18 Nov 2026 09:02:00 GMT", 120.0),
        ("Wednesday, 18-Nov-26 09:02:00 GMT", 120.0),
        ("Wed, 18 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        (None, None),
    ],
)
def test_both_forms_of_retry_after_are_read(text: str | None, seconds: float | None) -> None:
    nine = http_date("Wed, 18 Nov 2026 09:00:00 GMT")
    assert nine == 1_794_992_400
    assert parse_retry_after(text, nine) == seconds


@given(st.text(max_size=60))
def test_no_header_breaks_the_parser(text: str) -> None:
    seconds = parse_retry_after(text, 1_794_992_400)
    assert seconds is None or seconds >= 0


def test_every_problem_has_advice_and_accuses_no_one() -> None:
    for problem in Problem:
        assert problem.text.startswith(problem.sentence)
        assert problem.text.endswith(".")
        assert "!" not in problem.text
        assert len(problem.sentence) <= 88
    assert str(NetworkError(Problem.TIMEOUT, "GET")).endswith("is sent later. (GET)")


def test_the_stores_errors_are_what_its_port_promises() -> None:
    assert isinstance(StoreError(Problem.DISK_FULL), OSError)
    assert isinstance(SeqTakenError("segments/x/0-0"), ValueError)
