"""C2SP tlog-policy: the logs, by their keys, that a reader accepts (`docs/protocol.md` §7).

A diary's policy names the shards of one marketplace's log and requires no witness:

    log <vkey> <url prefix>
    quorum none

Comments, empty lines and the order of lines are free; anything else is E_POLICY, so that a policy
that requires witnesses is never accepted without them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.log.position import Origin
from diary.log.signed_note import NoteVerifier

MAX_POLICY = 65_536
_BAD_OCTET = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
#: Visible ASCII: an address is spelled without spaces and in ASCII.
_URL = re.compile(r"[!-~]{1,2048}")


@dataclass(frozen=True)
class PolicyLog:
    """One accepted log, and the address below which it is published, if the policy has one."""

    verifier: NoteVerifier
    url: str | None = None


def write_policy(logs: Sequence[PolicyLog]) -> bytes:
    """The policy file of these logs, in the order given (oldest first)."""
    lines = [f"log {each.verifier.vkey}{f' {each.url}' if each.url else ''}\n" for each in logs]
    return "".join([*lines, "quorum none\n"]).encode()


def parse_policy(data: bytes) -> tuple[PolicyLog, ...]:
    """Read a policy: its logs in the order of their shards, at least one. Raises E_POLICY.

    Every key and every name appears once, and all are of one marketplace.
    """
    if len(data) > MAX_POLICY:
        raise _bad("it is longer than 65,536 bytes")
    if _BAD_OCTET.search(data) or not data.endswith(b"\n"):
        raise _bad("it is not lines of text")
    logs: list[PolicyLog] = []
    quorums = 0
    for line in data.split(b"\n"):
        fields = re.split(rb"[ \t]+", line.strip(b" \t"))
        if fields == [b""] or fields[0].startswith(b"#"):
            continue
        if fields == [b"quorum", b"none"]:
            quorums += 1
        elif fields[0] == b"log" and len(fields) in (2, 3):
            logs.append(_log(fields[1:]))
        else:
            raise _bad("it has a line that a diary's policy does not have")
    if quorums != 1 or not logs:
        raise _bad("it must name a log, and one quorum, which is none")
    origins = [Origin.parse(each.verifier.name) for each in logs]
    if len({each.verifier.public for each in logs}) != len(logs) or len(set(origins)) != len(logs):
        raise _bad("a log appears twice")
    if len({origin.aud for origin in origins}) != 1:
        raise _bad("its logs are of different marketplaces")
    return tuple(sorted(logs, key=lambda each: Origin.parse(each.verifier.name).shard))


def _log(fields: Sequence[bytes]) -> PolicyLog:
    try:
        vkey, *urls = [field.decode("utf-8") for field in fields]
        verifier = NoteVerifier.parse(vkey)
    except (UnicodeDecodeError, DiaryError) as error:
        raise _bad("a log's key cannot be used") from error
    if urls and not _URL.fullmatch(urls[0]):
        raise _bad("a log's address cannot be used")
    return PolicyLog(verifier, urls[0] if urls else None)


def _bad(why: str) -> DiaryError:
    return DiaryError(Code.E_POLICY, f"the policy: {why}")
