"""The policy file: the form of a diary's policy; every other file is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.ed25519 import SigningKey
from diary.log.policy import MAX_POLICY, PolicyLog, parse_policy, write_policy
from diary.log.signed_note import NoteSigner
from tests.diary.world import AUD


def log(name: str, seed: int, url: str | None = None, aud: str = AUD) -> PolicyLog:
    signer = NoteSigner(f"{aud}/log/{name}", SigningKey.from_seed(bytes([seed]) * 32))
    return PolicyLog(signer.verifier, url)


FIRST = log("2026", 1, "http://127.0.0.1:8000/log/2026")
SECOND = log("2026-2", 2)
VKEY = FIRST.verifier.vkey
FOREIGN = log("2026", 1, aud="other").verifier.vkey


def test_a_policy_is_as_specified() -> None:
    data = write_policy([FIRST, SECOND])
    assert data.decode() == (
        f"log {VKEY} http://127.0.0.1:8000/log/2026\nlog {SECOND.verifier.vkey}\nquorum none\n"
    )
    assert parse_policy(data).logs == (FIRST, SECOND)


def test_order_blanks_and_comments_do_not_matter() -> None:
    text = (
        "# Ñ, and any word of other lines: witness\n"
        " \t\n\n"
        "\tquorum \t none  \n"
        f"  log\t{SECOND.verifier.vkey} \n"
        "   # quorum none\n"
        f"log {VKEY}   {FIRST.url}\n"
    )
    assert parse_policy(text.encode()).logs == (FIRST, SECOND)


def test_32_logs_are_verified() -> None:
    logs = tuple(
        log(str(2026 + n), n + 1, f"https://example.org/log/{2026 + n}") for n in range(32)
    )
    assert parse_policy(write_policy(logs[::-1])).logs == logs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "quorum none\n",
        f"log {VKEY}\n",
        f"log {VKEY}\nquorum none",  # no newline at its end
        f"log {VKEY}\nquorum none\nquorum none\n",
        f"log {VKEY}\nquorum some\n",
        f"log {VKEY}\nquorum none more\n",
        f"log {VKEY}\nquorum\n",
        f"log {VKEY}\nQUORUM none\n",
        "log\nquorum none\n",
        f"log {VKEY} http://a http://b\nquorum none\n",
        f"log {VKEY}\nlog {VKEY}\nquorum none\n",
        f"log {VKEY}\nsubmit w {VKEY}\nquorum none\n",
        f"log {VKEY}\ngroup g any w\nquorum none\n",
        f"log {VKEY}\r\nquorum none\r\n",
        f"log {VKEY}\nquorum none\n\x0b\n",
        f"log {VKEY}\nquorum none\n# \x7f\n",
        f"log {VKEY} http://\u00e4\nquorum none\n",
        "log nokey\nquorum none\n",
        f"log {FOREIGN}\nlog {SECOND.verifier.vkey}\nquorum none\n",
        # One key under two names, two keys under one.
        f"log {VKEY}\nlog {log('2027', 1).verifier.vkey}\nquorum none\n",
        f"log {VKEY}\nlog {log('2026', 2).verifier.vkey}\nquorum none\n",
        f"log {log('2026-1', 1).verifier.vkey}\nquorum none\n",
        f"log {log('26', 1).verifier.vkey}\nquorum none\n",
        # A key of small order: the neutral element.
        "log x/log/2026+1fb1ea8f+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nquorum none\n",
        f"log {VKEY}\nquorum none\n" + "#" * MAX_POLICY + "\n",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(DiaryError) as raised:
        parse_policy(text.encode())
    assert raised.value.code is Code.E_POLICY


def test_a_key_that_is_not_text_is_refused() -> None:
    with pytest.raises(DiaryError) as raised:
        parse_policy(b"log " + VKEY.encode() + b"\xff\nquorum none\n")
    assert raised.value.code is Code.E_POLICY


@given(st.binary(max_size=200))
def test_random_bytes_raise_no_other_error(data: bytes) -> None:
    with pytest.raises(DiaryError) as raised:
        parse_policy(data)
    assert raised.value.code is Code.E_POLICY
