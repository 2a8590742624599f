"""C2SP tlog-policy: the logs and witnesses, by their keys, that a reader accepts, and the quorum
(`docs/protocol.md` §7.6).

A diary's policy names the shards of one marketplace's log:

    log <vkey> [<url prefix>]
    witness <name> <vkey> [<url prefix>]
    group <name> <number>|any|all <name>...
    quorum <name>|none

Comments and empty lines are free. A line names only what lines before it define. Anything else is
E_POLICY, so that a rule which this reader does not know is never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.log.position import Origin
from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.witnesses import NO_WITNESSES, URL, WitnessPolicy, WitnessPolicyReader

MAX_POLICY = 65_536
_BAD_OCTET = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")


@dataclass(frozen=True)
class PolicyLog:
    """One accepted log, and the address below which it is published, if the policy has one."""

    verifier: NoteVerifier
    url: str | None = None


@dataclass(frozen=True)
class LogPolicy:
    """The accepted logs in the order of their shards, and their witnesses."""

    logs: tuple[PolicyLog, ...]
    witnesses: WitnessPolicy = NO_WITNESSES

    @property
    def verifiers(self) -> tuple[NoteVerifier, ...]:
        """The keys of the logs."""
        return tuple(log.verifier for log in self.logs)


def write_policy(logs: Sequence[PolicyLog], witnesses: WitnessPolicy = NO_WITNESSES) -> bytes:
    """The policy file of these logs, in the order given (oldest first)."""
    lines = [f"log {each.verifier.vkey}{f' {each.url}' if each.url else ''}" for each in logs]
    lines += witnesses.lines()
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def parse_policy(data: bytes) -> LogPolicy:
    """Read a policy with at least one log. Raises E_POLICY.

    Every log's key and name appears once, and all are of one marketplace.
    """
    policy = _parse(data)
    if not policy.logs:
        raise _bad("it must name a log")
    origins = [Origin.parse(key.name) for key in policy.verifiers]
    publics = {key.public for key in policy.verifiers}
    if len(publics) != len(origins) or len(set(origins)) != len(origins):
        raise _bad("a log appears twice")
    if len({origin.aud for origin in origins}) != 1:
        raise _bad("its logs are of different marketplaces")
    logs = sorted(policy.logs, key=lambda each: Origin.parse(each.verifier.name).shard)
    return LogPolicy(tuple(logs), policy.witnesses)


def parse_witnesses(data: bytes) -> WitnessPolicy:
    """Read a policy without logs: witnesses and quorum alone. Raises E_POLICY."""
    policy = _parse(data)
    if policy.logs:
        raise _bad("it names a log, where only witnesses belong")
    return policy.witnesses


def _parse(data: bytes) -> LogPolicy:
    if len(data) > MAX_POLICY:
        raise _bad("it is longer than 65,536 bytes")
    if _BAD_OCTET.search(data) or not data.endswith(b"\n"):
        raise _bad("it is not lines of text")
    logs: list[PolicyLog] = []
    witnesses = WitnessPolicyReader()
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        fields = re.split(r"[ \t]+", line.strip(" \t"))
        if fields == [""] or fields[0].startswith("#"):
            continue
        if fields[0] == "log" and len(fields) in (2, 3):
            logs.append(_log(fields[1:]))
        elif not witnesses.take(fields):
            raise _bad("it has a line that a diary's policy does not have")
    return LogPolicy(tuple(logs), witnesses.policy())


def _log(fields: Sequence[str]) -> PolicyLog:
    vkey, *urls = fields
    try:
        verifier = NoteVerifier.parse(vkey)
    except DiaryError as error:
        raise _bad("a log's key cannot be used") from error
    if urls and not URL.fullmatch(urls[0]):
        raise _bad("a log's address cannot be used")
    return PolicyLog(verifier, urls[0] if urls else None)


def _bad(why: str) -> DiaryError:
    return DiaryError(Code.E_POLICY, f"the policy: {why}")
