"""The witnesses of a C2SP tlog-policy: its `witness`, `group` and `quorum` lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.log.witnessing.cosignature import CosignatureVerifier

#: The numbers that C2SP tlog-policy recommends at least; more would only be work for a verifier.
MAX_WITNESSES = 32
MAX_GROUPS = 32
_NONE = "none"
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
#: Visible ASCII: an address is spelled without spaces and in ASCII.
URL = re.compile(r"[!-~]{1,2048}")


@dataclass(frozen=True)
class Witness:
    """A witness by its name in the policy, and the address below which it is asked, if given."""

    name: str
    verifier: CosignatureVerifier
    url: str | None = None


@dataclass(frozen=True)
class WitnessGroup:
    """A group has cosigned if `threshold` of its members, witnesses or groups, have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class WitnessPolicy:
    """The known witnesses, and the name of the witness or group that must have cosigned.

    Groups are in an order in which each names only earlier ones. Without a `quorum` no cosignature
    is required. Names that are not UTF-8 have surrogate escapes.
    """

    witnesses: tuple[Witness, ...] = ()
    groups: tuple[WitnessGroup, ...] = ()
    quorum: str | None = None

    def is_met(self, cosigners: Collection[CosignatureVerifier]) -> bool:
        """Whether these keys suffice for the quorum."""
        if self.quorum is None:
            return True
        met = {each.name for each in self.witnesses if each.verifier in cosigners}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def lines(self) -> Iterator[str]:
        """The lines of a policy, without newlines; the last one is the quorum."""
        for witness in self.witnesses:
            url = f" {witness.url}" if witness.url else ""
            yield f"witness {witness.name} {witness.verifier.vkey}{url}"
        for group in self.groups:
            yield f"group {group.name} {group.threshold} {' '.join(group.members)}"
        yield f"quorum {self.quorum or _NONE}"


NO_WITNESSES = WitnessPolicy()


class WitnessPolicyReader:
    """Reads the lines of witnesses in the order of the file. Methods raise E_POLICY."""

    def __init__(self) -> None:
        self._witnesses: list[Witness] = []
        self._groups: list[WitnessGroup] = []
        self._names: set[str] = set()
        self._grouped: set[str] = set()
        self._quorums: list[str] = []

    def take(self, fields: Sequence[str]) -> bool:
        """Take a line; returns whether it is one of these kinds and has as many fields."""
        match fields:
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._witness(name, vkey, fields[3] if len(fields) > 3 else None)
            case ["group", name, threshold, _, *_]:
                self._group(name, threshold, fields[3:])
            case ["quorum", name]:
                if name != _NONE and name not in self._names:
                    raise _bad("its quorum is not defined before it")
                self._quorums.append(name)
            case _:
                return False
        return True

    def policy(self) -> WitnessPolicy:
        """The result, after the last line."""
        if len(self._quorums) != 1:
            raise _bad("it must have one quorum")
        quorum = None if self._quorums[0] == _NONE else self._quorums[0]
        return WitnessPolicy(tuple(self._witnesses), tuple(self._groups), quorum)

    def _witness(self, name: str, vkey: str, url: str | None) -> None:
        self._define(name)
        try:
            verifier = CosignatureVerifier.parse(vkey)
        except DiaryError as error:
            raise _bad("a witness's key cannot be used") from error
        if any(each.verifier.public == verifier.public for each in self._witnesses):
            raise _bad("a witness appears twice")
        if url is not None and not URL.fullmatch(url):
            raise _bad("a witness's address cannot be used")
        self._witnesses.append(Witness(name, verifier, url))
        if len(self._witnesses) > MAX_WITNESSES:
            raise _bad("it has more than 32 witnesses")

    def _group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        for member in members:
            if member not in self._names or member in self._grouped:
                raise _bad("a group's member is not defined before it, or is in a group already")
            self._grouped.add(member)
        self._define(name)
        words = {"any": 1, "all": len(members)}
        number = words.get(threshold) or (int(threshold) if _NUMBER.fullmatch(threshold) else 0)
        if not 1 <= number <= len(members):
            raise _bad("a group's number is not from 1 to that of its members")
        self._groups.append(WitnessGroup(name, number, tuple(members)))
        if len(self._groups) > MAX_GROUPS:
            raise _bad("it has more than 32 groups")

    def _define(self, name: str) -> None:
        if name == _NONE or name in self._names:
            raise _bad("a name is defined twice")
        self._names.add(name)


def _bad(why: str) -> DiaryError:
    return DiaryError(Code.E_POLICY, f"the policy: {why}")
