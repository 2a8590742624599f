"""One request to a witness: `add-checkpoint` of C2SP tlog-witness.

Rules kept: the operator chose the address, so it may be internal; redirects are not followed, the
environment names no proxy, and at most `_MAX_ANSWER` bytes of an answer are read. A cosignature
counts only if it verifies with the witness's key.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence

import httpx

from diary.core.findings import DiaryError
from diary.formats.encoding import b64_encode
from diary.log.signed_note import signature_line
from diary.log.witnessing.cosignature import cosigned_at
from diary.log.witnessing.witnesses import Witness

#: Signature lines, also of further keys of the witness such as ML-DSA-44 (3.3 kB each).
_MAX_ANSWER = 16_384
_CONFLICT = 409
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,15})\n?")
_REASONS = {
    400: "bad_request",
    403: "signature_refused",
    404: "log_unknown",
    422: "history_refused",
}


class WitnessError(Exception):
    """A witness has not cosigned; `code` is stable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class StaleSizeError(WitnessError):
    """The witness has cosigned a tree of another size, `size`, than the request was based on."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__("stale_size")


def open_client(timeout_s: float) -> httpx.AsyncClient:
    """A client that keeps its connections between requests."""
    return httpx.AsyncClient(
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_s,
    )


async def add_checkpoint(
    client: httpx.AsyncClient,
    witness: Witness,
    note: bytes,
    old: int,
    proof: Sequence[bytes],
    timeout_s: float,
) -> bytes:
    """Ask a witness to cosign a checkpoint; returns its signature line.

    `proof` leads from the size `old` that the witness has cosigned to the checkpoint. Raises
    WitnessError, in particular StaleSizeError.
    """
    lines = [f"old {old}", *(b64_encode(node) for node in proof), "", ""]
    body = "\n".join(lines).encode("ascii") + note
    url = f"{(witness.url or '').rstrip('/')}/add-checkpoint"
    try:
        async with asyncio.timeout(timeout_s):
            status, answer = await _post(client, url, body)
    except TimeoutError:
        raise WitnessError("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise WitnessError("connection") from None
    if status == _CONFLICT and (match := _SIZE.fullmatch(answer)):
        raise StaleSizeError(int(match[1]))
    if status != 200:
        raise WitnessError(_REASONS.get(status, "bad_answer"))
    return _cosignature(witness, note, answer)


async def _post(client: httpx.AsyncClient, url: str, body: bytes) -> tuple[int, bytes]:
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "user-agent": "Workdiary-Log/1",
        "accept-encoding": "identity",
    }
    async with client.stream("POST", url, content=body, headers=headers) as response:
        answer = bytearray()
        async for piece in response.aiter_raw():
            answer += piece
            if len(answer) > _MAX_ANSWER:
                raise WitnessError("bad_answer")
        return response.status_code, bytes(answer)


def _cosignature(witness: Witness, note: bytes, answer: bytes) -> bytes:
    """The valid signature line of the witness's key; lines of other keys are ignored."""
    text = note.partition(b"\n\n")[0] + b"\n"
    verifier = witness.verifier
    try:
        lines = answer.decode("utf-8").split("\n")
        if lines.pop():
            raise WitnessError("bad_answer")
        for line in lines:
            name, ident, signature = signature_line(line)
            if (name, ident) != (verifier.name, verifier.id):
                continue
            # A time of zero says nothing about when the witness saw the checkpoint.
            if verifier.verifies(text, signature) and cosigned_at(signature):
                return line.encode() + b"\n"
    except (UnicodeDecodeError, DiaryError):
        raise WitnessError("bad_answer") from None
    raise WitnessError("bad_cosignature")
