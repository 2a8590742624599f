"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_decode, b64_encode
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.signed_note import MAX_SIGNATURES, NoteSigner, NoteVerifier, key_id, open_note

NAME = "workdiary.localhost/log/2026"
SIGNER = NoteSigner(NAME, SigningKey.from_seed(b"n" * 32))
OTHER = NoteSigner("example.com/other", SigningKey.from_seed(b"o" * 32))
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=30)


def refused(data: bytes, *verifiers: NoteVerifier) -> str:
    with pytest.raises(DiaryError) as error:
        open_note(data, verifiers or (SIGNER.verifier,))
    assert error.value.code is Code.E_CP_SIG
    return error.value.detail


def line(signer: NoteSigner, text: str) -> bytes:
    """The signature line alone."""
    return signer.sign(text).rpartition(b"\n\n")[2]


def test_the_published_example_opens() -> None:
    # C2SP signed-note, "Example".
    verifier = NoteVerifier.parse(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    )
    note = (
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2"
        "ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert open_note(note.encode(), [verifier]) == ("This is an example message.\n", verifier)


@given(TEXTS)
def test_a_note_round_trips(text: str) -> None:
    text += "\n"
    assert open_note(SIGNER.sign(text), [SIGNER.verifier]) == (text, SIGNER.verifier)


def test_a_text_may_hold_blank_lines() -> None:
    text = "a\n\nb\n\n\n"
    assert open_note(SIGNER.sign(text), [SIGNER.verifier])[0] == text


def test_a_text_ends_in_a_newline() -> None:
    with pytest.raises(ValueError, match="newline"):
        SIGNER.sign("text")


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    note = bytearray(SIGNER.sign("a text\n"))
    note[place % len(note)] ^= change
    refused(bytes(note))


def test_signatures_of_unknown_keys_are_ignored() -> None:
    note = SIGNER.sign("text\n")
    double = note + line(OTHER, "something else\n")
    assert open_note(double, [SIGNER.verifier]) == ("text\n", SIGNER.verifier)
    # The same name with another key, or the same key under another name, is unknown as well.
    namesake = NoteSigner(NAME, OTHER.key)
    renamed = NoteSigner("example.com/renamed", SIGNER.key)
    for stranger in (namesake, renamed):
        head = b"text\n\n"
        assert open_note(head + line(stranger, "no\n") + line(SIGNER, "text\n"), [SIGNER.verifier])
        refused(stranger.sign("text\n"))


def test_a_wrong_signature_of_a_known_key_invalidates_the_note() -> None:
    note = SIGNER.sign("text\n") + line(OTHER, "another text\n")
    both = (SIGNER.verifier, OTHER.verifier)
    assert refused(note, *both) == "the signature of a known key does not fit"
    good = SIGNER.sign("text\n") + line(OTHER, "text\n")
    assert open_note(good, both) == ("text\n", SIGNER.verifier)


def test_no_known_key_has_signed() -> None:
    assert refused(OTHER.sign("text\n")) == "no known key has signed"
    with pytest.raises(DiaryError):
        open_note(SIGNER.sign("text\n"), [])


SIGNATURE = b64_encode(key_id(NAME, SIGNER.key.public) + bytes(64)).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text" + line(SIGNER, "text\n"),
        SIGNER.sign("text\n")[:-1],
        SIGNER.sign("text\n") + b"\n",
        SIGNER.sign("text\n") + b"x\n",
        SIGNER.sign("text\r\n"),
        SIGNER.sign("text\x00\n"),
        b"\xff" + SIGNER.sign("text\n"),
        b"text\n\n- " + NAME.encode() + b" " + SIGNATURE + b"\n",
        b"text\n\n\xe2\x80\x94 " + NAME.encode() + b"  " + SIGNATURE + b"\n",
        b"text\n\n\xe2\x80\x94  " + SIGNATURE + b"\n",
        b"text\n\n\xe2\x80\x94 a+b " + SIGNATURE + b"\n",
        b"text\n\n\xe2\x80\x94 " + NAME.encode() + b" AAAA\n",
        b"text\n\n\xe2\x80\x94 " + NAME.encode() + b" " + SIGNATURE + b"=\n",
        b"text\n\n" + line(OTHER, "text\n") * (MAX_SIGNATURES + 1),
        b"x" * 66_000 + SIGNER.sign("text\n"),
    ],
)
def test_malformed_notes_are_refused(data: bytes) -> None:
    refused(data)


def test_many_signatures_are_accepted() -> None:
    note = SIGNER.sign("text\n") + line(OTHER, "text\n") * (MAX_SIGNATURES - 1)
    assert open_note(note, [SIGNER.verifier])[0] == "text\n"


def test_a_published_key_round_trips() -> None:
    assert NoteVerifier.parse(SIGNER.verifier.vkey) == SIGNER.verifier
    # The key ID of the C2SP example, computed from its key.
    public = b64_decode("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 33)[1:]
    assert key_id("example.com/foo", public).hex() == "530d903a"


VKEY = SIGNER.verifier.vkey
IDENT, ENCODED = VKEY.split("+", 2)[1:]
WEAK = NoteVerifier(NAME, bytes(32)).vkey


@pytest.mark.parametrize(
    ("vkey", "code"),
    [
        ("", Code.E_POLICY),
        (NAME, Code.E_POLICY),
        (f"{NAME}+{IDENT}", Code.E_POLICY),
        (f"{NAME}+{IDENT}+", Code.E_POLICY),
        (f"{NAME}+{IDENT}+{ENCODED}\n", Code.E_POLICY),
        (f"{NAME}+{IDENT.upper()}X+{ENCODED}", Code.E_POLICY),
        (f"{NAME}x+{IDENT}+{ENCODED}", Code.E_POLICY),
        (f"+{IDENT}+{ENCODED}", Code.E_POLICY),
        (f"a b+{IDENT}+{ENCODED}", Code.E_POLICY),
        (f"\udcff+{IDENT}+{ENCODED}", Code.E_POLICY),
        (f"{NAME}+{IDENT}+\udcff", Code.E_POLICY),
        (f"{NAME}+{IDENT}+{b64_encode(bytes([4]) + SIGNER.key.public)}", Code.E_POLICY),
        (f"{NAME}+{IDENT}+{b64_encode(SIGNER.key.public)}", Code.E_POLICY),
        (WEAK, Code.E_KEY_WEAK),
    ],
)
def test_other_keys_are_refused(vkey: str, code: Code) -> None:
    with pytest.raises(DiaryError) as error:
        NoteVerifier.parse(vkey)
    assert error.value.code is code


@given(st.text(max_size=40))
def test_random_text_as_a_key_raises_only_diary_errors(text: str) -> None:
    with pytest.raises(DiaryError):
        NoteVerifier.parse(text)


ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(NAME, 7, ROOT)


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_round_trips(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(NAME, size, root)
    assert open_checkpoint(SIGNER.sign(checkpoint.text()), [SIGNER.verifier]) == checkpoint


def test_extension_lines_are_ignored() -> None:
    note = SIGNER.sign(CHECKPOINT.text() + "an extension\n")
    assert open_checkpoint(note, [SIGNER.verifier]) == CHECKPOINT


def test_the_key_of_one_log_does_not_verify_another() -> None:
    both = (SIGNER.verifier, OTHER.verifier)
    for note in (OTHER.sign(CHECKPOINT.text()), SIGNER.sign(Checkpoint("x", 7, ROOT).text())):
        with pytest.raises(DiaryError) as error:
            open_checkpoint(note, both)
        assert error.value.code is Code.E_CP_SIG


ENCODED_ROOT = b64_encode(ROOT)


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}\n7\n",
        f"{NAME}\n07\n{ENCODED_ROOT}\n",
        f"{NAME}\n-7\n{ENCODED_ROOT}\n",
        f"{NAME}\n\n{ENCODED_ROOT}\n",
        f"{NAME}\n7\n{ENCODED_ROOT}\n\n",
        f"{NAME}\n7\n{ENCODED_ROOT} \n",
        f"{NAME}\n7\n{b64_encode(ROOT[:31])}\n",
        f"{NAME}\n9007199254740992\n{ENCODED_ROOT}\n",
        f"\n{NAME}\n7\n{ENCODED_ROOT}\n",
        "\n",
    ],
)
def test_malformed_checkpoints_are_refused_though_they_are_signed(text: str) -> None:
    with pytest.raises(DiaryError) as error:
        open_checkpoint(SIGNER.sign(text), [SIGNER.verifier])
    assert error.value.code is Code.E_CP_SIG


@given(st.binary(max_size=80))
def test_random_bytes_raise_only_diary_errors(data: bytes) -> None:
    with pytest.raises(DiaryError):
        open_checkpoint(data + b"\n\n\xe2\x80\x94 " + data + b"\n", [SIGNER.verifier])
