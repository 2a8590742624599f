"""The texts and the enabled controls of the first start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.scenes import DIAGNOSES
from ui.presenters.first_run import (
    SIGN_IN_AGAIN,
    FirstRunState,
    Step,
    Work,
    check_lines,
    failed_state,
    first_run_view,
    first_state,
)
from ui.presenters.formatting import plain
from ui.presenters.startup_failure import opening_view
from ui.settings.address import address_of
from ui.settings.policy.policy import Policy
from ui.settings.settings import MARKETPLACE, Settings
from uploader.problems import Problem

GOOD = FirstRunState(text="https://work.example.org", found="work.example.org")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://work.example.org", "https://work.example.org"),
        ("  https://Work.Example.org/ ", "https://work.example.org"),
        ("work.example.org", "https://work.example.org"),
        ("work.example.org:8443", "https://work.example.org:8443"),
        ("https://work.example.org:443", "https://work.example.org"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("localhost:8080", "http://localhost:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://work.example.org", "http://work.example.org"),
        ("", None),
        ("   ", None),
        ("two words", None),
        ("https://a\tb.example", None),
        ("https://a\u202eb.example", None),
        ("https://a\ud800.example", None),
        ("ftp://work.example.org", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://a.example/path", None),
        ("https://a.example?x=1", None),
        ("https://a.example#x", None),
        ("https://ana:secret@a.example", None),
        ("https://a.example:99999", None),
        ("https://a.example:x", None),
        ("https://[::1", None),
        ("a" * 301, None),
    ],
)
def test_an_address_is_that_of_a_marketplace(text: str, address: str | None) -> None:
    assert address_of(text) == address
    assert first_run_view(FirstRunState(text=text), plain).can_sign_in is (address is not None)


def test_the_address_is_explained_while_it_is_typed() -> None:
    tones = {
        "": "muted",
        "https://": "attention",
        "https://work.example.org": "muted",
    }
    for text, tone in tones.items():
        assert first_run_view(FirstRunState(text=text), plain).address_tone == tone
    found = first_run_view(GOOD, plain)
    assert (found.address_tone, found.status) == ("good", "")
    assert "work.example.org" in found.address_line
    lost = first_run_view(replace(GOOD, found="", address_problem="offline"), plain)
    assert lost.address_tone == "attention"
    assert lost.retry


@pytest.mark.parametrize("work", [Work.STARTING, Work.BROWSER, Work.JOINING, Work.KEYRING])
def test_while_it_works_only_cancel_is_offered(work: Work) -> None:
    view = first_run_view(replace(GOOD, work=work, link="https://x"), plain)
    assert (view.editable, view.can_sign_in, view.cancel) == (False, False, True)
    assert view.status
    assert view.copy is (work is Work.BROWSER)


@pytest.mark.parametrize("code", [*(problem.value for problem in Problem), "internal"])
def test_every_failure_has_a_sentence_and_a_next_step(code: str) -> None:
    again = code in SIGN_IN_AGAIN
    state = replace(GOOD, problem=code, work=Work.NONE if again else Work.JOINING)
    view = first_run_view(state, plain)
    assert view.status
    assert view.status_tone == "attention"
    assert "--enrol-file" not in view.status
    assert "into its file" not in view.status
    assert view.retry
    assert view.can_sign_in is again
    codes = first_run_view(replace(state, codes=True), plain)
    assert codes.retry is not again  # the field of the code is the way on


def test_the_joined_account_is_named() -> None:
    state = replace(GOOD, step=Step.RECORDED, account="Ana Ruiz", marketplace="work.example.org")
    view = first_run_view(state, plain)
    assert "Ana Ruiz" in view.account_line
    assert "work.example.org" in view.account_line
    assert not view.can_read
    with_contract = first_run_view(replace(state, has_contract=True), plain)
    agreed = first_run_view(replace(state, has_contract=True, agreed=True), plain)
    assert with_contract.can_read
    assert len({view.recorded_line, with_contract.recorded_line, agreed.recorded_line}) == 3


def test_a_foreign_name_cannot_break_the_sentence() -> None:
    state = replace(GOOD, account="\u202eAna\n{marketplace}", marketplace="a")
    line = first_run_view(state, plain).account_line
    assert "\u202e" not in line
    assert "\n" not in line


def test_the_checks_are_those_that_the_person_can_act_on() -> None:
    lines = check_lines(DIAGNOSES, plain)
    assert [line.title for line in lines] == [
        "Desktop", "Pictures", "Input", "Idle time", "Lock and sleep",
    ]  # fmt: skip


def test_a_policys_address_is_shown_with_its_origin() -> None:
    policy = Policy({MARKETPLACE.name: "https://work.example.org"}, "Acme IT")
    state = first_state("https://work.example.org", Settings(policy=policy), "not_enrolled")
    view = first_run_view(state, plain)
    assert view.origin == "Set by Acme IT."
    assert view.can_sign_in
    unnamed = first_run_view(replace(state, organisation=""), plain)
    assert unnamed.origin == "Set by the administrator of this computer."
    assert first_run_view(first_state("", Settings(), "not_enrolled"), plain).origin == ""


def test_a_marketplace_that_was_not_reached_is_named_with_the_reason() -> None:
    state = first_state("https://work.example.org", Settings(), "offline")
    view = first_run_view(state, plain)
    assert view.status == opening_view("offline", plain).text
    assert (view.address_line, view.retry, view.network) == ("", True, True)
    assert (view.editable, view.can_sign_in, view.cancel) == (True, False, False)
    # The button was pressed.
    view = first_run_view(replace(state, problem=""), plain)
    assert (view.status, view.address_line) == ("", "Looking for the marketplace …")


@pytest.mark.parametrize(
    ("code", "work", "problem"),
    [
        ("timeout", Work.OPENING, "timeout"),
        ("keyring_locked", Work.OPENING, "keyring_locked"),
        ("not_enrolled", Work.NONE, ""),
        ("code_invalid", Work.NONE, "code_invalid"),
    ],
)
def test_a_marketplace_that_was_not_reached_is_tried_again(
    code: str, work: Work, problem: str
) -> None:
    state = failed_state(first_state("https://work.example.org", Settings(), "offline"), code)
    assert (state.work, state.problem) == (work, problem)


def test_cancel_returns_only_to_a_marketplace_that_there_is() -> None:
    assert not first_run_view(FirstRunState(), plain).cancel
    assert first_run_view(FirstRunState(back="https://a.example"), plain).cancel
