"""Go's golang.org/x/mod/sumdb/note opens our checkpoints, and we open its notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from diary.core.findings import DiaryError
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_decode, b64_encode
from diary.log.checkpoint import open_checkpoint
from diary.log.signed_note import NoteSigner, NoteVerifier, key_id, open_note
from tests.diary.world import ORIGIN, Log, Random
from tests.interop.program import Program
from tests.interop.samples import SIZES, b64, log_of, one_bit_off, root_of
from tests.vectors.make_vectors import FOLDER

pytestmark = pytest.mark.xdist_group("go")

LOG = log_of(17)
VKEY = LOG.signer.verifier.vkey
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
OTHER = NoteSigner("example.com/witness", SigningKey.from_seed(b"w" * 32))


def skey(signer: NoteSigner) -> str:
    """The secret key in Go's format."""
    tail = b64_encode(b"\x01" + signer.key.seed)
    ident = key_id(signer.name, signer.key.public).hex()
    return f"PRIVATE+KEY+{signer.name}+{ident}+{tail}"


def ours(note: bytes, vkey: str = VKEY) -> str | None:
    """The text that we read, or None for a refusal."""
    try:
        return open_note(note, [NoteVerifier.parse(vkey)])[0]
    except DiaryError:
        return None


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_a_checkpoint_and_reads_size_and_root(go: Program, size: int) -> None:
    log = log_of(size)
    result = go.ask("open checkpoint", note=b64(log.checkpoint()), vkeys=[VKEY], origin=ORIGIN)
    assert result == {"size": size, "root": b64(root_of(log))}


def test_it_opens_the_published_checkpoints(go: Program) -> None:
    for path in sorted(Path(FOLDER / "day").rglob("*.tlog-proof")):
        note = path.read_bytes().partition(b"\n\n")[2]
        vkey = Log().signer.verifier.vkey
        result = go.ask("open checkpoint", note=b64(note), vkeys=[vkey], origin=ORIGIN)
        read = open_checkpoint(note, [NoteVerifier.parse(vkey)])
        assert result == {"size": read.size, "root": b64(read.root)}


def test_it_refuses_a_note_with_any_byte_changed(go: Program) -> None:
    note = LOG.checkpoint()
    text = note.decode().partition("\n\n")[0] + "\n"
    # The last character before the padding carries bits that Go's base64 ignores.
    loose = note.rindex(b"=") - 1
    value = BASE64.index(note[loose : loose + 1])
    assert (value % 4, note[loose + 1 : loose + 2]) == (0, b"=")
    other = BASE64[value + 1 : value + 2]
    changes = dict(one_bit_off(note)) | {loose: note[:loose] + other + note[loose + 1 :]}
    for at, changed in changes.items():
        assert ours(changed) is None, at
        if at == loose:
            assert go.ask("open note", note=b64(changed), vkeys=[VKEY])["text"] == text
        else:
            assert go.refuses("open note", note=b64(changed), vkeys=[VKEY]), at


def test_it_refuses_a_key_with_any_character_changed(go: Program) -> None:
    note = b64(LOG.checkpoint())
    assert not go.refuses("open note", note=note, vkeys=[VKEY])
    for at, changed in one_bit_off(VKEY.encode()):
        given = changed.decode()
        # Go accepts the key ID in upper case too.
        capitals = len(ORIGIN) < at <= len(ORIGIN) + 8 and given.lower() == VKEY.lower()
        assert go.refuses("open note", note=note, vkeys=[given]) is not capitals, at
        with pytest.raises(DiaryError):
            open_note(LOG.checkpoint(), [NoteVerifier.parse(given)])


def test_it_refuses_a_checkpoint_of_another_log_and_of_another_key(go: Program) -> None:
    note = b64(LOG.checkpoint())
    elsewhere = Log(origin=f"{ORIGIN}-2")
    assert go.refuses("open checkpoint", note=note, vkeys=[VKEY], origin=f"{ORIGIN}-2")
    assert go.refuses("open note", note=note, vkeys=[elsewhere.signer.verifier.vkey])
    assert go.refuses("open note", note=note, vkeys=[Log("b").signer.verifier.vkey])
    assert go.refuses("open note", note=note, vkeys=[])


def test_it_signs_the_very_same_bytes(go: Program) -> None:
    signer = NoteSigner(ORIGIN, SigningKey.from_seed(Random("go")(32)))
    text = f"{ORIGIN}\n7\n{b64_encode(bytes(32))}\n"
    made = b64_decode(go.ask("sign note", skey=skey(signer), text=text))
    assert made == signer.sign(text)
    assert open_checkpoint(made, [signer.verifier]).size == 7


@pytest.mark.parametrize("first", [True, False])
def test_both_ignore_the_signature_of_a_key_that_is_not_known(go: Program, first: bool) -> None:
    text, _, own = LOG.checkpoint().decode().partition("\n\n")
    foreign = OTHER.sign(text + "\n").decode().partition("\n\n")[2]
    note = f"{text}\n\n{foreign + own if first else own + foreign}".encode()
    result = go.ask("open note", note=b64(note), vkeys=[VKEY])
    assert result == {"text": ours(note), "name": ORIGIN}
    # Once the other key is known, its signature must be valid for both.
    broken = note.replace(foreign[-12:].encode(), b"AAAAAAAAAA=\n")
    keys = [VKEY, OTHER.verifier.vkey]
    assert go.refuses("open note", note=b64(broken), vkeys=keys)
    with pytest.raises(DiaryError):
        open_note(broken, [NoteVerifier.parse(vkey) for vkey in keys])
