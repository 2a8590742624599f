"""Consent: the contents of the page, and the terms that an agreement covers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.scenes import ACME
from ui.presenters.consent import VERSION, Agreement, agree, consent_view
from ui.presenters.formatting import plain

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality

TERMS = ACME.terms


def page(measures: InputQuality = "ok", **changes: object) -> str:
    terms = replace(TERMS, **changes)  # type: ignore[arg-type]
    view = consent_view(terms, "Acme", "market.example", False, plain, measures)
    points = [point for section in view.sections for point in section.points]
    return " ".join([view.lead, *points]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("agreed", "starts", "label"),
    [(False, True, "&Agree and start"), (False, False, "I &agree"), (True, False, "")],
)
def test_the_button_states_whether_recording_follows(
    agreed: bool, starts: bool, label: str
) -> None:
    assert (
        consent_view(TERMS, "Acme", "market.example", agreed, plain, starts=starts).agree == label
    )


@pytest.mark.parametrize(
    "part",
    [
        "the number of key presses, mouse clicks",
        "Never what you type",
        "What you type, window titles",
        "Only between Start and Stop",
        "There is no hidden mode",
        "Acme, the people who review for them, and market.example",
        "who viewed which picture",
        "kept for 180 days",
        "uploaded after 15 s",
        "after 10 min without input",
        "Deleting one removes its time from your bill",
        "Start and end times and the number of active minutes are part of the signed record",
        "They remain even if you delete everything else",
    ],
)
def test_the_page_shows(part: str) -> None:
    assert part in page()


def test_the_page_shows_the_contracts_own_terms() -> None:
    text = page(shots=3, retention_days=30, review_s=60, idle_s=300)
    assert "3 every ten minutes" in text
    assert "kept for 30 days" in text
    assert "after 1 min" in text
    assert "after 5 min" in text
    assert "No pictures: this contract asks for none." in page(shots=0)


def test_what_this_computer_does_not_measure_is_reported_beside_the_most_that_can_be() -> None:
    here = "On this computer, as it is set up now"
    assert here not in page()
    seconds, nothing, denied = page("active-only"), page("unavailable"), page("denied")
    assert f"{here}: only the number of seconds with input" in seconds
    assert "after 10 min without input" in seconds
    assert f"{here}: nothing, because" in nothing
    assert "press Stop when you leave" in nothing
    assert "without input" not in nothing
    assert denied == nothing
    for text in (seconds, nothing):
        assert "the number of key presses, mouse clicks" in text


def test_once_agreed_there_is_nothing_left_to_agree_to() -> None:
    view = consent_view(TERMS, "Acme", "market.example", True, plain)
    assert (view.agree, view.decline) == ("", "&Close")


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"shots": 0, "retention_days": 30}, True),
        ({"shots": 2}, False),
        ({"retention_days": 181}, False),
    ],
)
def test_an_agreement_covers_what_it_named_and_nothing_more(
    changes: dict[str, int], covered: bool
) -> None:
    agreement = agree(TERMS, 5, None)
    assert agreement.covers(replace(TERMS, **changes)) is covered  # type: ignore[arg-type]


def test_a_page_that_has_new_contents_must_be_read_again() -> None:
    agreement = agree(TERMS, 5, None)
    assert not replace(agreement, version=VERSION - 1).covers(TERMS)


def test_agreeing_for_a_second_contract_keeps_what_the_first_one_covers() -> None:
    first = agree(replace(TERMS, shots=3, retention_days=30), 5, None)
    both = agree(replace(TERMS, shots=1, retention_days=90), 6, first)
    assert (both.shots, both.retention_days) == (3, 90)


def test_an_agreement_survives_its_file() -> None:
    agreement = agree(TERMS, 5, None)
    assert Agreement.parse(agreement.data()) == agreement


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"version":1,"at_ms":1,"shots":true,"retention_days":9}', b"\xff", b"1"],
)
def test_an_invalid_agreement_counts_as_none(data: bytes) -> None:
    assert Agreement.parse(data) is None
