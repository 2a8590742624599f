"""What `workdiary-verify follow` says after a visit: text for a person, JSON for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diary.cli.folder_report import plain, tr, trn
from diary.core.findings import Finding
from diary.formats.encoding import b64_encode
from diary.log.monitor import PollResult
from diary.log.monitor_state import KnownShard, MonitorState
from diary.log.position import Origin


@dataclass(frozen=True)
class MonitorReport:
    """A visit, the state after it, and where the evidence of it was written.

    `trouble` says why the site was not read to the end, None if it was.
    """

    url: str
    state: MonitorState
    result: PollResult
    files: Sequence[str]
    trouble: str | None

    @property
    def news(self) -> bool:
        """Whether there is anything that was not there at the visit before."""
        return bool(self.result.remarks or self.result.findings or any(self.result.read.values()))


def as_json(told: MonitorReport) -> dict[str, Any]:
    """The result of a visit as a JSON object."""
    state = told.state
    return {
        "v": 1,
        "result": "inconsistent" if state.findings else "consistent",
        "label": "outside-key" if state.outside else "own-key",
        "aud": state.aud,
        "url": told.url,
        "keys": list(state.keys),
        "logs": [
            {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": b64_encode(checkpoint.root),
                "read": known.scanned,
                "new": told.result.read.get(checkpoint.origin, 0),
            }
            for name, known in _ordered(state)
            if (checkpoint := state.checkpoint(name)) is not None
        ],
        "findings": [
            {"kind": f.kind, "subject": f.subject, "code": f.code.value, "detail": f.detail}
            for f in state.findings
        ],
        "remarks": told.result.remarks,
        "evidence": list(told.files),
    }


def _ordered(state: MonitorState) -> list[tuple[str, KnownShard]]:
    names = [Origin.parse(verifier.name).name for verifier in state.verifiers]
    return [(name, state.shards[name]) for name in names if name in state.shards]


def as_text(told: MonitorReport) -> str:
    """The result of a visit for a person."""
    state = told.state
    lines = [tr("Log of {aud} at {url}").format(aud=plain(state.aud), url=plain(told.url))]
    for name, known in _ordered(state):
        checkpoint = state.checkpoint(name)
        if checkpoint is not None:
            new = told.result.read.get(checkpoint.origin, 0)
            text = trn("{origin}: {n} leaf", "{origin}: {n} leaves", checkpoint.size)
            text = text.format(origin=plain(checkpoint.origin), n=checkpoint.size)
            text += tr(", {read} read, {new} of them now").format(read=known.scanned, new=new)
            lines.append(text)
    lines += [plain(remark) for remark in told.result.remarks]
    lines += [_line(finding) for finding in state.findings]
    for path in told.files:
        text = tr("The two signed notes are kept in {path}. Show them to whoever must know.")
        lines.append(text.format(path=plain(path)))
    if state.findings:
        lines.append(tr("The log does not hold what it has promised: see above."))
    elif state.outside:
        lines.append(tr("One history, only added to; signed by the key given from outside."))
    else:
        lines.append(tr("One history, only added to; signed by the key that this site gave first."))
    return "\n".join(lines) + "\n"


def _line(finding: Finding) -> str:
    return f"{finding.code.value}  {plain(finding.subject)}: {plain(finding.detail)}"
