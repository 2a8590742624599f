"""The report of `workdiary-verify follow` after a poll: text for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diary.cli.folder_report import plain
from diary.cli.i18n import tr, trn
from diary.core.findings import Finding
from diary.formats.encoding import b64_encode
from diary.log.monitor import PollResult
from diary.log.monitor_state import KnownShard, MonitorState
from diary.log.position import Origin


@dataclass(frozen=True)
class MonitorReport:
    """The result of a poll, the state after it, and the folders of its evidence.

    `trouble` is the reason why the log was not read to the end, None if it was.
    """

    url: str
    state: MonitorState
    result: PollResult
    files: Sequence[str]
    trouble: str | None

    @property
    def news(self) -> bool:
        """Whether the poll found anything new."""
        return bool(self.result.remarks or self.result.findings or any(self.result.read.values()))


def as_json(report: MonitorReport) -> dict[str, Any]:
    """The report as a JSON object."""
    state = report.state
    return {
        "v": 1,
        "result": "inconsistent" if state.findings else "consistent",
        "label": "outside-key" if state.outside else "own-key",
        "aud": state.aud,
        "url": report.url,
        "keys": list(state.keys),
        "logs": [
            {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": b64_encode(checkpoint.root),
                "read": known.scanned,
                "new": report.result.read.get(checkpoint.origin, 0),
            }
            for name, known in _ordered(state)
            if (checkpoint := state.checkpoint(name)) is not None
        ],
        "findings": [
            {"kind": f.kind, "subject": f.subject, "code": f.code.value, "detail": f.detail}
            for f in state.findings
        ],
        "remarks": report.result.remarks,
        "evidence": list(report.files),
    }


def _ordered(state: MonitorState) -> list[tuple[str, KnownShard]]:
    names = [Origin.parse(verifier.name).name for verifier in state.verifiers]
    return [(name, state.shards[name]) for name in names if name in state.shards]


def as_text(report: MonitorReport) -> str:
    """The report for a person, ending in a newline."""
    state = report.state
    lines = [tr("Log of {aud} at {url}").format(aud=plain(state.aud), url=plain(report.url))]
    for name, known in _ordered(state):
        checkpoint = state.checkpoint(name)
        if checkpoint is not None:
            new = report.result.read.get(checkpoint.origin, 0)
            text = trn("{origin}: {n} leaf", "{origin}: {n} leaves", checkpoint.size)
            text = text.format(origin=plain(checkpoint.origin), n=checkpoint.size)
            text += tr(", {read} read, {new} of them now").format(read=known.scanned, new=new)
            lines.append(text)
    lines += [plain(remark) for remark in report.result.remarks]
    lines += [_line(finding) for finding in state.findings]
    for path in report.files:
        text = tr(
            "The two signed notes are kept in {path}. They prove the contradiction to others."
        )
        lines.append(text.format(path=plain(path)))
    if state.findings:
        lines.append(tr("The log contradicts itself: see above."))
    elif state.outside:
        lines.append(
            tr("One history, only appended to; signed with the key given on the command line.")
        )
    else:
        lines.append(
            tr("One history, only appended to; signed with the key that this site published first.")
        )
    return "\n".join(lines) + "\n"


def _line(finding: Finding) -> str:
    return f"{finding.code.value}  {plain(finding.subject)}: {plain(finding.detail)}"
