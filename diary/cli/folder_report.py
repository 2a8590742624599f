"""The report about a state folder, as text for people and as JSON.

Rules kept (`docs/protocol.md` §9.6): the report has every finding; the first and last number and
log index of each chain, since a cut tail cannot be seen otherwise; and what was not checked. Text
from others never reaches the terminal unescaped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from diary.cli.i18n import tr, trn
from diary.core.display import REPLACEMENT, for_terminal
from diary.core.findings import Finding
from diary.log.position import LogPosition
from diary.verification.check import Checked
from diary.verification.credit import Credit, Totals, credit, totals

#: Not visible in the files of one device.
NOT_CHECKED = (
    "amendments",
    "beacons",
    "forks",
    "history",
    "other_devices",
    "retirements",
    "reviews",
    "revocations",
    "terms",
    "tombstones",
)


@dataclass(frozen=True)
class Result:
    """A finished check.

    `keys` are the log's published keys, `outside` whether they came from outside the folder;
    `devices` the names of the devices by kid; `files` the file of each subject.
    """

    aud: str
    keys: Sequence[str]
    outside: bool
    findings: Sequence[Finding]
    segments: Mapping[str, Checked]
    devices: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings and notes are allowed."""
        return not any(finding.is_error for finding in self.findings)

    @property
    def label(self) -> str:
        """The origin of the key on which the result rests."""
        if self.outside:
            return tr("consistent with the key given on the command line")
        return tr("consistent with the key in this folder")

    def file_of(self, finding: Finding) -> str:
        """The file that a finding is about; empty if there is none."""
        whole = self.files.get(finding.subject)
        return whole or self.files.get(finding.subject.partition("/")[0], "")


@dataclass(frozen=True)
class _Chain:
    """The segments of one device on one contract, by number."""

    ctr: str
    kid: str
    segments: Sequence[Checked]

    @property
    def numbers(self) -> tuple[int, int]:
        numbers = [checked.sealed.segment.seq for checked in self.segments]
        return min(numbers), max(numbers)

    @property
    def positions(self) -> tuple[LogPosition, LogPosition] | None:
        positions = [checked.position for checked in self.segments if checked.position is not None]
        return (min(positions), max(positions)) if positions else None

    @property
    def waiting(self) -> int:
        return sum(checked.position is None for checked in self.segments)


def _chains(result: Result) -> list[_Chain]:
    chains: defaultdict[tuple[str, str], list[Checked]] = defaultdict(list)
    for checked in result.segments.values():
        chains[checked.sealed.segment.ctr, checked.sealed.kid].append(checked)
    return [_Chain(ctr, kid, segments) for (ctr, kid), segments in sorted(chains.items())]


def _shares(result: Result) -> dict[str, dict[str, Credit]]:
    """The credit of each segment, by contract. Computed over all contracts, since the same second
    counts once for each client.
    """
    shares = credit([checked.entry() for checked in result.segments.values()])
    found: defaultdict[str, dict[str, Credit]] = defaultdict(dict)
    for name, checked in result.segments.items():
        found[checked.sealed.segment.ctr][name] = shares[name]
    return found


def as_json(result: Result) -> dict[str, Any]:
    """The whole result as a JSON object; its fields are in `docs/protocol.md` §9."""
    shares = _shares(result)
    return {
        "v": 1,
        "result": "valid" if result.valid else "invalid",
        "label": "outside-key" if result.outside else "own-key",
        "aud": result.aud,
        "keys": list(result.keys),
        "findings": [
            {
                "kind": finding.kind,
                "subject": finding.subject,
                "code": finding.code.value,
                "detail": finding.detail,
                "file": result.file_of(finding),
            }
            for finding in result.findings
        ],
        "chains": [
            {
                "ctr": chain.ctr,
                "kid": chain.kid,
                "segments": len(chain.segments),
                "seq": list(chain.numbers),
                "index": None
                if chain.positions is None
                else [[p.name, p.leaf] for p in chain.positions],
                "waiting": chain.waiting,
            }
            for chain in _chains(result)
        ],
        "contracts": {
            ctr: asdict(totals((result.segments[name].entry() for name in listed), listed))
            for ctr, listed in sorted(shares.items())
        },
        "segments": [
            {
                "hash": name,
                "file": result.files.get(name, ""),
                "ctr": checked.sealed.segment.ctr,
                "kind": checked.sealed.segment.kind,
                "t0": checked.sealed.segment.t0,
                "t1": checked.sealed.segment.t1,
                "log": checked.position.name if checked.position else None,
                "index": checked.position.leaf if checked.position else None,
                "rt_ms": checked.rt_ms,
                "assurance": checked.assurance,
                "codes": sorted(code.value for code in checked.codes),
                "payable_s": shares[checked.sealed.segment.ctr][name].payable,
            }
            for name, checked in result.segments.items()
        ],
        "not_checked": list(NOT_CHECKED),
    }


def as_text(result: Result) -> str:
    """The whole result for a person, ending in a newline."""
    lines = [
        tr("Work diary at {aud}").format(aud=plain(result.aud)),
        *(tr("Log key: {key}").format(key=plain(key)) for key in result.keys),
        "",
    ]
    shares = _shares(result)
    for chain in _chains(result):
        lines += [_chain_line(chain, result)]
    for ctr, listed in sorted(shares.items()):
        lines += [_contract_line(ctr, [result.segments[name] for name in listed], listed)]
    lines += finding_lines(result.findings, result.file_of)
    lines += [
        "",
        tr("Not checked, since it is not visible in this folder: other devices, revocations,"),
        tr("newer terms, reviews, erasures, a second random value for one slot, and whether"),
        tr("the log has shown the same tree to everyone."),
        "",
    ]
    if result.valid:
        lines += [tr("Valid as far as checked: {label}.").format(label=result.label)]
    else:
        errors = sum(finding.is_error for finding in result.findings)
        text = trn(
            "Invalid: {n} error is listed above.", "Invalid: {n} errors are listed above.", errors
        )
        lines += [text.format(n=errors)]
    return "\n".join(lines) + "\n"


def _chain_line(chain: _Chain, result: Result) -> str:
    first, last = chain.numbers
    text = tr("Contract {ctr}, device {name} ({kid}): numbers {first} to {last}").format(
        ctr=chain.ctr,
        name=plain(result.devices.get(chain.kid, "")) or "?",
        kid=chain.kid,
        first=first,
        last=last,
    )
    if chain.positions is not None:
        low, high = (f"{position.name}/{position.leaf}" for position in chain.positions)
        text += tr(", in the log at {low} to {high}").format(low=low, high=high)
    if chain.waiting:
        waiting = trn("{n} without a receipt", "{n} without a receipt", chain.waiting)
        text += ", " + waiting.format(n=chain.waiting)
    return text


def _contract_line(ctr: str, segments: Sequence[Checked], shares: Mapping[str, Credit]) -> str:
    sums = totals((checked.entry() for checked in segments), dict(shares))
    begin = min(checked.sealed.segment.t0 for checked in segments)
    end = max(checked.sealed.segment.t1 for checked in segments)
    return tr("Contract {ctr}, {begin} to {end}: {totals}").format(
        ctr=ctr, begin=instant(begin), end=instant(end), totals=totals_text(sums)
    )


def totals_text(sums: Totals) -> str:
    """The payable time and every other sum that is not zero, in one line."""
    payable = tr("payable")
    named = [
        (tr("tracked"), sums.tracked),
        (tr("kept idle time"), sums.kept),
        (tr("entered manually"), sums.manual),
        (payable, sums.payable),
        (tr("not paid"), sums.unpaid),
        (tr("deleted by the freelancer"), sums.given_back),
        (tr("overlapping"), sums.overlap),
        (tr("over the limit"), sums.over_limit),
    ]
    return ", ".join(f"{name} {duration(s)}" for name, s in named if s or name == payable)


def finding_lines(findings: Sequence[Finding], file_of: Callable[[Finding], str]) -> list[str]:
    """A line for each finding with its file or subject, then an explanation of each code."""
    if not findings:
        return ["", tr("Problems: none")]
    lines = [""]
    for finding in findings:
        where = file_of(finding) or f"{finding.kind} {finding.subject}"
        lines.append(f"{finding.code.value}  {plain(where)}: {plain(finding.detail)}")
    codes = dict.fromkeys(finding.code for finding in findings)
    return [*lines, "", *(f"{code.value}: {tr(code.sentence)}" for code in codes)]


_BREAKS = re.compile("[\\t\\n\\v\\f\\r\\x85\\u2028\\u2029]")


def plain(text: str) -> str:
    """A text from outside for a line on a terminal (see `diary.core.display`)."""
    return for_terminal(_BREAKS.sub(REPLACEMENT, text))


def duration(seconds: int) -> str:
    """Whole seconds as h:mm:ss."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def instant(second: int) -> str:
    """A Unix time for a person, UTC; the number itself if `datetime` cannot represent it."""
    try:
        return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, OSError, ValueError):
        return str(second)
