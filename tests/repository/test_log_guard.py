"""The guard over the log can fail."""

from __future__ import annotations

import logging

import pytest

from tests.logguard import LogGuard


@pytest.mark.expected_logs("the screen is black")
def test_an_unexpected_warning_of_the_product_is_a_complaint() -> None:
    with LogGuard() as guard:
        logging.getLogger("tracker.capture").warning("the screen is black")
    assert guard.complaints() == [
        "unexpected in the log: WARNING tracker.capture: the screen is black"
    ]


@pytest.mark.expected_logs("disk nearly full")
def test_an_expected_warning_is_no_complaint() -> None:
    with LogGuard() as guard:
        logging.getLogger("uploader").error("disk nearly full")
    assert guard.complaints(["disk nearly"]) == []


def test_an_expected_warning_that_never_came_is_a_complaint() -> None:
    with LogGuard() as guard:
        pass
    assert guard.complaints(["no room"]) == ["expected in the log, but never came: no room"]


def test_the_logs_of_other_libraries_are_ignored() -> None:
    with LogGuard() as guard:
        logging.getLogger("urllib3").warning("retrying")
    assert guard.complaints() == []
