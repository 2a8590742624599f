"""Ids that begin with a dash are accepted on command lines."""

from __future__ import annotations

import pytest

from diary.cli.dashed_ids import escape_leading_dash

CTR, KID = "-" + "a" * 21, "--" + "b" * 41


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (["--contract", CTR, "--json"], [f"--contract={CTR}", "--json"]),
        (["--json", "x.zip", "--freelancer", CTR], ["--json", "x.zip", f"--freelancer={CTR}"]),
        (["stop-device", "--reason", "lost", KID], ["stop-device", "--reason", "lost", "--", KID]),
        (["erase", KID, "shot", "memo"], ["erase", "--", KID, "shot", "memo"]),
        (["erase", "--", KID, "shot"], ["erase", "--", KID, "shot"]),
        (["--contract", "a" * 22, "-o", "x"], ["--contract", "a" * 22, "-o", "x"]),
        ([], []),
    ],
)
def test_an_id_that_begins_with_a_dash_is_not_an_option(words: list[str], read: list[str]) -> None:
    assert escape_leading_dash(words) == read
