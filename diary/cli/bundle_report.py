"""The report about a bundle: one JSON object, the same from every verifier, and text for people.

Rules kept (`docs/protocol.md` §9.6): the report has every finding; the first and last number and
log index of each device, since a cut tail cannot be seen otherwise; and what was not checked. Text
from others never reaches the terminal unescaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from diary.bundle.check import CheckedBundle
from diary.cli.folder_report import duration, finding_lines, instant, plain, totals_text
from diary.cli.i18n import mark, tr, trn
from diary.core.slots import WEEK, day_of, week_of
from diary.log.leaf import LeafType
from diary.log.position import LogPosition
from diary.verification.check import Checked
from diary.verification.credit import Totals, totals

#: Not visible in the files alone: they have no trace of objects that their exporter left out.
NOT_CHECKED = (
    "amendments",
    "beacons",
    "forks",
    "other_contracts",
    "retirements",
    "reviews",
    "revocations",
    "terms",
    "tombstones",
)


def report_json(opened: CheckedBundle, unchecked: Sequence[str] = NOT_CHECKED) -> dict[str, Any]:
    """The whole result; `docs/protocol.md` §9.6 has its fields. Everything but `detail` is the same
    from every verifier. `unchecked` are the kinds of objects that an exporter may have left out.
    """
    checked = list(opened.report.segments.values())
    return {
        "v": 1,
        "result": "valid" if opened.valid else "invalid",
        "label": "outside-key" if opened.outside else "own-key",
        "aud": opened.aud,
        "ctr": opened.ctr,
        "sub": opened.sub,
        "from": opened.first,
        "to": opened.end,
        "keys": [key.vkey for key in opened.keys],
        "findings": [
            {
                "kind": finding.kind,
                "subject": finding.subject,
                "code": finding.code.value,
                "file": opened.file_of(finding),
                "detail": finding.detail,
            }
            for finding in opened.findings
        ],
        "devices": [_device(opened, kid) for kid in opened.report.keys.devices],
        "chains": [
            {
                "ctr": ctr,
                "kid": kid,
                "segments": len(segments),
                "seq": list(_numbers(segments)),
                "index": [[position.name, position.leaf] for position in _positions(segments)],
            }
            for ctr, kid, segments in _chains(checked)
        ],
        "totals": asdict(_totals(opened, checked)),
        "weeks": [
            {"from": begin, **asdict(_totals(opened, part))}
            for begin, part in _by(checked, week_of)
        ],
        "days": [
            {"from": begin, **asdict(_totals(opened, part))} for begin, part in _by(checked, day_of)
        ],
        "terms": [
            {
                "digest": each.hash,
                "from": each.terms.from_s,
                "index": _position(each.position),
                "rt_ms": each.rt_ms,
                "state": each.terms.state,
                "limit_s": each.terms.limit_s,
            }
            for each in opened.report.terms
        ],
        "segments": [_segment(opened, name, each) for name, each in opened.report.segments.items()],
        "reviews": [
            {"at": each.at, "by": each.by, "kind": each.kind, "segments": list(each.segments)}
            for each in opened.report.reviews
        ],
        "not_checked": _unchecked(opened, unchecked),
    }


def _unchecked(opened: CheckedBundle, names: Sequence[str]) -> list[str]:
    return sorted({*names, *(() if opened.pictures else ("pictures",))})


def _position(position: LogPosition | None) -> list[Any] | None:
    return None if position is None else [position.name, position.leaf]


def _device(opened: CheckedBundle, kid: str) -> dict[str, Any]:
    keys = opened.report.keys
    device = keys.devices[kid]
    return {
        "kid": kid,
        "name": device.enrolment.name,
        "sub": device.enrolment.sub,
        "index": _position(device.position),
        "vouched": kid not in keys.unvouched,
        "retired": kid in keys.heads,
        "revoked": _position(keys.revoked.get(kid)),
    }


def _segment(opened: CheckedBundle, name: str, checked: Checked) -> dict[str, Any]:
    body, shown = checked.sealed.segment, checked.shown
    return {
        "hash": name,
        "file": opened.files.get(name, ""),
        "kid": checked.sealed.kid,
        "ctr": body.ctr,
        "seq": body.seq,
        "epoch": body.epoch,
        "kind": body.kind,
        "slot": body.slot,
        "t0": body.t0,
        "t1": body.t1,
        "index": _position(checked.position),
        "rt_ms": checked.rt_ms,
        "assurance": checked.assurance,
        "codes": sorted(code.value for code in checked.codes),
        **asdict(opened.report.credits[name]),
        "memo": shown.memo,
        "note": shown.note,
        "active": body.active,
        "minutes": None
        if shown.minutes is None
        else [None if row is None else list(row) for row in shown.minutes],
        "shot": body.shot,
        "shots": [
            [number, picture.at, picture.blob.sha256, picture.thumb.sha256]
            for number, picture in sorted(shown.pictures.items())
        ],
        "memos": len(shown.memos),
        "deletions": shown.deletions,
    }


def _chains(checked: Sequence[Checked]) -> list[tuple[str, str, list[Checked]]]:
    found: defaultdict[tuple[str, str], list[Checked]] = defaultdict(list)
    for each in checked:
        found[each.sealed.segment.ctr, each.sealed.kid].append(each)
    return [(ctr, kid, listed) for (ctr, kid), listed in sorted(found.items())]


def _numbers(segments: Sequence[Checked]) -> tuple[int, int]:
    numbers = [each.sealed.segment.seq for each in segments]
    return min(numbers), max(numbers)


def _positions(segments: Sequence[Checked]) -> list[LogPosition]:
    """The first and the last position in the log; empty if no segment is logged."""
    positions = [each.position for each in segments if each.position is not None]
    return [min(positions), max(positions)] if positions else []


def _by(checked: Sequence[Checked], begin_of: Any) -> list[tuple[int, list[Checked]]]:
    found: defaultdict[int, list[Checked]] = defaultdict(list)
    for each in checked:
        found[begin_of(each.sealed.segment.t0)].append(each)
    return sorted(found.items())


def _totals(opened: CheckedBundle, checked: Iterable[Checked]) -> Totals:
    return totals((each.entry() for each in checked), opened.report.credits)


def report_text(
    opened: CheckedBundle,
    unchecked: Sequence[str] = NOT_CHECKED,
    more: Mapping[LeafType, int] | None = None,
) -> str:
    """The whole result for a person, ending in a newline. `more` is the number of leaves of each
    kind that the log has and the bundle does not, None if the log was not read.
    """
    checked = list(opened.report.segments.values())
    lines = [tr("Work diary at {aud}").format(aud=plain(opened.aud))]
    if opened.ctr:
        lines.append(tr("Contract {ctr}").format(ctr=opened.ctr))
    if opened.sub:
        lines.append(tr("Freelancer {sub}").format(sub=opened.sub))
    if opened.first is not None and opened.end is not None:
        lines.append(tr("Weeks: {weeks}").format(weeks=_weeks(opened.first, opened.end)))
    lines += [tr("Log key: {key}").format(key=plain(key.vkey)) for key in opened.keys]
    lines.append("")
    lines += [_sums(_day(begin), _totals(opened, part)) for begin, part in _by(checked, day_of)]
    weeks = _by(checked, week_of)
    lines += [_sums(_weeks(begin, begin + WEEK), _totals(opened, part)) for begin, part in weeks]
    if len(weeks) != 1:
        lines.append(_sums(tr("Together"), _totals(opened, checked)))
    lines.append("")
    lines += [_chain_line(opened, kid, listed) for _, kid, listed in _chains(checked)]
    lines += _terms_lines(opened)
    lines += finding_lines(opened.findings, opened.file_of)
    lines += _unchecked_lines(_unchecked(opened, unchecked), more)
    lines += ["", _result_line(opened)]
    return "\n".join(lines) + "\n"


def _terms_lines(opened: CheckedBundle) -> list[str]:
    """The terms that the totals use."""
    if not opened.report.terms:
        return [tr("The totals use no terms: the bundle has no valid ones.")]
    return [
        tr(
            "The totals use the terms since {begin}: {state}, {limit} ({position} in the log)"
        ).format(
            begin=instant(each.terms.from_s),
            state=tr(_STATES[each.terms.state]),
            limit=tr("no weekly limit")
            if each.terms.limit_s is None
            else tr("at most {time} a week").format(time=duration(each.terms.limit_s)),
            position=f"{each.position.name}/{each.position.leaf}",
        )
        for each in opened.report.terms
    ]


_STATES = {"active": mark("active"), "paused": mark("paused"), "ended": mark("ended")}

#: The facts that were not checked, by their names in `not_checked`.
_NOT_CHECKED = {
    "amendments": mark("later memos that the bundle leaves out"),
    "beacons": mark("a second random value of the log for one slot"),
    "forks": mark("segments with the same numbers that were logged earlier"),
    "other_contracts": mark("work at the same time on other contracts"),
    "pictures": mark("the pictures, whose files are not in this bundle"),
    "retirements": mark("retirements of devices that the bundle leaves out"),
    "reviews": mark("comments and approvals that the bundle leaves out"),
    "revocations": mark("revocations of devices that the bundle leaves out"),
    "terms": mark("newer terms of the contract that the bundle leaves out"),
    "tombstones": mark("deletions that the bundle leaves out"),
}


def _unchecked_lines(names: Sequence[str], more: Mapping[LeafType, int] | None) -> list[str]:
    lines = [""]
    if more is not None:
        text = tr("Compared with the log: its terms, revocations, retirements and random values.")
        lines.append(text)
        lines += [
            tr("The log has more entries of the kind {kind}, which name no contract: {n}").format(
                kind=kind.value, n=number
            )
            for kind, number in sorted(more.items())
            if number
        ]
    if names:
        lines.append(tr("Not checked, since it is not visible here:"))
        lines += [f"  {tr(_NOT_CHECKED[name])}" for name in names]
    return lines


def _result_line(opened: CheckedBundle) -> str:
    if opened.valid and opened.outside:
        return tr("Valid as far as checked: consistent with the key given on the command line.")
    if opened.valid:
        return tr("Valid as far as checked: consistent with the key in the bundle.")
    errors = sum(finding.is_error for finding in opened.findings)
    text = trn(
        "Invalid: {n} error is listed above.", "Invalid: {n} errors are listed above.", errors
    )
    return text.format(n=errors)


def _weeks(first: int, end: int) -> str:
    """`2026-W48`, or `2026-W48 to 2026-W49`."""
    names = [_week(first), _week(end - WEEK)]
    return names[0] if names[0] == names[1] else tr("{a} to {b}").format(a=names[0], b=names[1])


def _week(begin: int) -> str:
    try:
        year, week, _ = datetime.fromtimestamp(begin, UTC).isocalendar()
    except (OverflowError, OSError, ValueError):
        return str(begin)
    return f"{year:04}-W{week:02}"


def _day(begin: int) -> str:
    return instant(begin).partition(" ")[0]


def _sums(name: str, sums: Totals) -> str:
    return f"{name}: {totals_text(sums)}"


def _chain_line(opened: CheckedBundle, kid: str, segments: Sequence[Checked]) -> str:
    first, last = _numbers(segments)
    text = tr("Device {name} ({kid}): numbers {first} to {last}").format(
        name=plain(opened.report.keys.devices[kid].enrolment.name),
        kid=kid,
        first=first,
        last=last,
    )
    positions = _positions(segments)
    if positions:
        low, high = (f"{position.name}/{position.leaf}" for position in positions)
        text += tr(", in the log at {low} to {high}").format(low=low, high=high)
    return text
