"""The claims about every mutation, checked on its report.

1. **An attacker without a key** changes nothing: every segment of the report was signed by its
   device, at the position and time that the log assigned, with the same times and kind, and every
   part is unchanged or not shown. The rest of a chain in a valid report is one contiguous run, as
   its first and last numbers state. If nothing was left out, the seconds are the same; otherwise no
   segment is paid more than its seconds and the limits allow.
2. **An attacker with devices but not the log** changes no statement of the log or of other devices,
   and is paid for nothing that breaks a rule: no second twice, none over the limit, none outside a
   slot, before the enrolment, after the receipt, with terms or beacons that do not count, with
   another chain value, after a revocation, or deleted.
3. **An attacker with the log but no device** changes no statement of devices: no segment of theirs
   differs, no part has other contents, no second is paid that they did not sign, none twice. A
   device that the log invents is shown as another device.
4. **Leaving out** disclosures or picture files, with any keys, raises the pay of no segment, and no
   deletion raises the pay of earlier segments, on this contract or under newer terms
   (`tests.mutations.omissions`).

The rules are stated here independently, from what was really signed and logged, and not through the
tested functions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from diary.core.findings import UNPAYING, Code
from diary.core.slots import DAY, SLOT, WEEK, week_of
from diary.formats.encoding import Json, b64url_decode, b64url_encode
from tests.mutations.attack import DEVICES, LOG, Attack
from tests.mutations.engine import python_says
from tests.mutations.forge import Forge
from tests.mutations.record import honest_record
from tests.mutations.truth import Leaf, Place, Truth, seen_by
from tests.mutations.week import honest

Report = dict[str, Any]
SHARES = ("payable", "unpaid", "given_back", "overlap", "over_limit")
UNPAID = {code.value for code in UNPAYING}


class ClaimError(AssertionError):
    """A claim is broken."""


def claim(holds: bool, what: str) -> None:
    if not holds:
        raise ClaimError(what)


def check_claims(
    attack: Attack, forge: Forge | None, files: dict[str, bytes], report: Report
) -> str:
    """Check all claims; returns the result of the mutation in a word. Raises ClaimError."""
    if report["result"] == "unusable":
        return "unusable"
    _sums(report)
    if not attack.asked.keys:
        # A bundle with its own log can contain anything.
        return f"{report['result']}, own key"
    truth = seen_by(attack, forge)
    kept = DEVICES - attack.owned
    honest_kids = {key.kid: name for name, key in attack.record.keys.items() if name in kept}
    _device_statements(report, truth, honest_kids, own_memos=bool(DEVICES & attack.owned))
    if LOG not in attack.owned:
        _log_statements(report, truth)
        _rules_of_pay(report, truth)
        if forge is not None and not attack.after:
            for each in report["segments"]:
                given = each["hash"] in truth.given_back
                claim(not (given and each["payable"]), "pay for time given back")
    _limits(report, truth)
    if not attack.owned:
        _nothing_but_left_out(report, files)
    return "invalid" if report["result"] == "invalid" else _same(report)


def _same(report: Report) -> str:
    return "same" if meaning(report) == meaning(report_of_the_week()) else "valid, other"


@cache
def report_of_the_week() -> Report:
    return python_says(honest().files, honest().asked)


def meaning(report: Report) -> Any:
    """Author, contents, time and credit of a segment; not its files."""
    segments = [{k: v for k, v in each.items() if k != "file"} for each in report["segments"]]
    names = ("totals", "weeks", "days", "chains", "devices", "reviews")
    return [segments, *(report[name] for name in names)]


def _sums(report: Report) -> None:
    """Claims about every report: it adds up, and errors are not paid."""
    errors = any(Code(each["code"]).severity == "error" for each in report["findings"])
    claim((report["result"] == "valid") != errors, "valid with an error, or the other way round")
    totals: defaultdict[str, int] = defaultdict(int)
    for each in report["segments"]:
        inside = each["slot"] <= each["t0"] < each["t1"] <= each["slot"] + SLOT
        seconds = each["t1"] - each["t0"] if inside else 0
        claim(sum(each[name] for name in SHARES) == seconds, "shares do not add up")
        claim(all(each[name] >= 0 for name in SHARES), "a negative share")
        kind = {"auto": "tracked"}.get(each["kind"], each["kind"])
        totals[kind] += seconds
        for name in SHARES:
            totals[name] += each[name]
        if not UNPAID.isdisjoint(each["codes"]):
            claim(each["unpaid"] == seconds, "paid in spite of an error")
            claim(each["assurance"] == "C", "sure in spite of an error")
    for name, value in report["totals"].items():
        claim(value == totals[name], f"the total of {name}")
        for listed in (report["weeks"], report["days"]):
            claim(value == sum(each[name] for each in listed), f"the sums of {name}")


def _device_statements(
    report: Report, truth: Truth, kids: dict[str, str], *, own_memos: bool
) -> None:
    """Claims 1 and 3: statements of devices that the attacker does not control are unchanged."""
    for each in report["segments"]:
        if each["kid"] not in kids:
            continue
        claim(each["hash"] in truth.segments, "a segment that its device did not sign")
        by, payload, parts = truth.segments[each["hash"]]
        claim(kids[each["kid"]] == by, "a segment that another device signed")
        for name in ("ctr", "seq", "epoch", "kind", "slot", "t0", "t1", "active", "shot"):
            claim(each[name] == payload[name], f"another {name} than was signed")
        memos = [parts["memo"], *truth.memos[each["hash"]]]
        if not own_memos:
            claim(each["memo"] is None or each["memo"] in memos, "a memo that nobody signed")
        for name in ("note", "minutes"):
            claim(each[name] in (None, parts.get(name)), f"{name} that nobody signed")
        for number, at, full, thumb in each["shots"]:
            shot = parts[f"shot_{number}"]
            signed = (payload["shot_at"][number], shot["sha256"], shot["thumb"]["sha256"])
            claim(signed == (at, full, thumb), "a picture that was not signed")


def _log_statements(report: Report, truth: Truth) -> None:
    """Claims 1 and 2: positions and times are the log's."""
    for each in report["segments"]:
        if each["index"] is not None:
            here = (tuple(each["index"]), each["rt_ms"])
            leaves = [(leaf.place, leaf.rt_ms) for leaf in truth.leaves[each["hash"]]]
            claim(here in leaves, "a place or time that the log did not give")
    for each in report["devices"]:
        leaves = [(leaf.place, leaf.rt_ms) for leaf in truth.leaves[truth.devices[each["kid"]]]]
        claim(tuple(each["index"]) in [place for place, _ in leaves], "a device's place")
        revoked = each["revoked"] and tuple(each["revoked"])
        claim(revoked in (None, truth.revoked.get(each["kid"])), "a revocation's place")


def _rules_of_pay(report: Report, truth: Truth) -> None:
    """Claim 2: paid time keeps the rules, computed from what was signed and logged."""
    first_of_number: dict[tuple[str, str, int], tuple[Place, str]] = {}
    for name, (by, payload, _) in truth.segments.items():
        for leaf in truth.leaves.get(name, ()):
            key = (by, str(payload["ctr"]), payload["seq"]) if _plain(payload) else None
            if key is not None:
                found = first_of_number.get(key)
                if found is None or leaf.place < found[0]:
                    first_of_number[key] = (leaf.place, name)
    shown = {each["hash"] for each in report["segments"]}
    retired = {each["kid"] for each in report["devices"] if each["retired"]}
    for each in report["segments"]:
        if each["payable"] + each["overlap"] + each["over_limit"] + each["given_back"] == 0:
            continue
        name = each["hash"]
        claim(name in truth.segments, "pay for what was not signed")
        by, payload, _ = truth.segments[name]
        leaves = truth.leaves.get(name, [])
        claim(bool(leaves), "pay for what is not in the log")
        broken = next((why for why in _broken(payload, name, by, truth, leaves)), None)
        claim(broken is None, f"paid although {broken}")
        last = truth.retired.get(each["kid"]) if each["kid"] in retired else None
        late = last is not None and min(leaf.place for leaf in leaves) > last
        claim(not late or _spared(name, by, truth, None), "pay for work after the retirement")
        whole = all(_received(payload, leaf.attrs) for leaf in leaves)
        claim(whole or bool(each["given_back"]), "pay for what the marketplace had not received")
        first = first_of_number[by, payload["ctr"], payload["seq"]][1]
        claim(first == name or first not in shown, "pay for a fork")


def _plain(payload: Json) -> bool:
    return isinstance(payload.get("seq"), int) and isinstance(payload.get("ctr"), str)


def _broken(payload: Json, name: str, by: str, truth: Truth, leaves: list[Leaf]) -> Iterator[str]:
    slot, t0, t1, kind = (payload[n] for n in ("slot", "t0", "t1", "kind"))
    leaf = min(leaves, key=lambda each: each.place)
    latest = max(each.rt_ms for each in leaves)
    record = honest_record()
    if slot % SLOT or not slot <= t0 < t1 <= slot + SLOT:
        yield "it lies outside its slot"
    if payload["sub"] != record.sub or payload["aud"] != record.aud:
        yield "it is of somebody else"
    enrolled = truth.leaves[truth.devices[record.keys[by].kid]] if by in DEVICES else []
    if not enrolled or t0 * 1000 < min(e.rt_ms for e in enrolled) - 5_000:
        yield "its device was not enrolled"
    if t1 * 1000 > latest + 5_000:
        yield "it ended after its receipt"
    if kind != "manual":
        if min(e.rt_ms for e in leaves) > (t1 + 60 * DAY) * 1000:
            yield "it came too late"
        if abs((t1 - t0) * 1000 - payload["awake"]) > 2_000:
            yield "its length is not the time awake"
        if payload["up1"] - payload["up0"] - payload["awake"] > 2_000:
            yield "the machine slept"
        yield from _broken_moment(payload, by, truth)
    yield from _broken_terms(payload, truth, leaves)
    since = truth.revoked.get(record.keys[by].kid)
    if since is not None and leaf.place > since and not _spared(name, by, truth, since):
        yield "its device was revoked"


def _broken_terms(payload: Json, truth: Truth, leaves: list[Leaf]) -> Iterator[str]:
    t0, kind = payload["t0"], payload["kind"]
    terms = truth.terms.get(payload["terms"])
    if terms is None or (terms[0]["ctr"], terms[0]["sub"]) != (payload["ctr"], payload["sub"]):
        yield "it has no terms"
    elif (
        terms[0]["from"] > t0
        or terms[0]["state"] != "active"
        or terms[1].rt_ms > terms[0]["from"] * 1000
        or (kind in ("kept", "manual") and not terms[0][kind])
    ):
        yield "its terms do not allow it"
    elif kind == "manual":
        locks = week_of(t0) + WEEK + terms[0]["edit_until_s"]
        if min(e.rt_ms for e in leaves) >= locks * 1000:
            yield "it was written in after the lock"


def _received(payload: Json, attrs: str) -> bool:
    """Whether a leaf states that memo, minutes and every picture had arrived."""
    wanted = 1 + (0 if payload["kind"] == "manual" else 4) + (2 ** payload["pics"] - 1) * 8
    return attrs.isdecimal() and int(attrs) & wanted == wanted


def _broken_moment(payload: Json, by: str, truth: Truth) -> Iterator[str]:
    worlds = {"desk": honest().desk, "laptop": honest().laptop}
    slot = payload["slot"]
    value = worlds[by].moments.value(slot) if by in worlds else None
    if payload["mom"] != (None if value is None else b64url_encode(value)):
        yield "its moment value is another"
    beacon = truth.beacons.get(payload["bcn"]["h"])
    if beacon is None or payload["bcn"]["slot"] > slot:
        yield "its beacon does not count"
    else:
        begin, leaf = beacon[0]["slot"] * 1000, beacon[1]
        late = 599_999 if leaf.place[1] == 0 else 0
        if beacon[0]["slot"] != payload["bcn"]["slot"]:
            yield "its beacon is of another slot"
        if not begin - 120_000 <= leaf.rt_ms <= begin + late:
            yield "its beacon was not logged in its time"
        b64url_decode(str(beacon[0]["val"]), 32)


def _spared(name: str, by: str, truth: Truth, since: Place | None) -> bool:
    waiting = [h for place, h in truth.heads[by] if since is None or place < since]
    reached: set[str] = set()
    while waiting:
        h = waiting.pop()
        if h in truth.segments and h not in reached:
            reached.add(h)
            waiting.append(truth.segments[h][1]["prev"])
    return name in reached


def _limits(report: Report, truth: Truth) -> None:
    """All claims: no second twice, none over the limit."""
    paid: defaultdict[tuple[str, int], int] = defaultdict(int)
    limits: defaultdict[tuple[str, int], set[int | None]] = defaultdict(set)
    spans: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for_client: defaultdict[tuple[str, str], int] = defaultdict(int)
    for each in report["segments"]:
        if not each["payable"]:
            continue
        claim(each["payable"] <= each["t1"] - each["t0"] <= SLOT, "more than a slot")
        week = (each["ctr"], week_of(each["t0"]))
        paid[week] += each["payable"]
        payload = truth.segments.get(each["hash"], ("", {}, {}))[1]
        known = truth.terms.get(str(payload.get("terms")))
        # Colluders can use terms that the honest record lacks: then the contract's id is used in
        # place of the client's.
        agreed = known[0] if known else {"client": each["ctr"]}
        limits[week].add(agreed.get("limit_s"))
        person = (str(payload.get("sub")), str(agreed.get("client")))
        spans[person].append((each["t0"], each["t1"]))
        for_client[person] += each["payable"]
    for person, listed in spans.items():
        claim(
            for_client[person] <= sum(_union(listed)),
            "a second of one person for one client paid twice",
        )
    for week, seconds in paid.items():
        numbers = [n for n in limits[week] if isinstance(n, int)]
        if len(numbers) == len(limits[week]):
            claim(seconds <= max(numbers), "paid beyond the limit")
        claim(seconds <= WEEK, "more than a week")


def _union(spans: list[tuple[int, int]]) -> Iterator[int]:
    end = 0
    for t0, t1 in sorted(spans):
        yield max(0, t1 - max(end, t0))
        end = max(end, t1)


def _nothing_but_left_out(report: Report, files: Mapping[str, bytes]) -> None:
    """Claim 1: the rest is a part of the original, and the report states so."""
    week = report_of_the_week()
    before = {each["hash"]: each for each in week["segments"]}
    devices = {each["kid"]: each for each in week["devices"]}
    for each in report["devices"]:
        was = devices[each["kid"]]
        claim(each["index"] == was["index"] and each["name"] == was["name"], "another device")
        claim(was["vouched"] or not each["vouched"], "vouched for by nobody")
    claim(all(each in week["reviews"] for each in report["reviews"]), "a review that nobody wrote")
    for each in report["segments"]:
        was = before[each["hash"]]
        claim(each["memos"] <= was["memos"], "more changes than there were")
        claim(each["deletions"] <= was["deletions"], "more deletions than there were")
        if each["memos"] == was["memos"]:
            claim(each["memo"] in (None, was["memo"]), "another memo with all its changes")
        if (each["memos"], each["deletions"]) == (was["memos"], was["deletions"]) and not (
            {"W_WITHHELD"} & set(each["codes"])
        ):
            for name in ("memo", "note", "minutes", "shots"):
                claim(each[name] == was[name], f"another {name} with nothing left out")
    if report["result"] != "valid":
        return
    for chain in report["chains"]:
        first, last = chain["seq"]
        claim(chain["segments"] == last - first + 1, "a hole that is not reported")
    same_segments = {e["hash"] for e in report["segments"]} == set(before)
    reported = all(e["deletions"] == before[e["hash"]]["deletions"] for e in report["segments"])
    if same_segments and reported:
        for each in report["segments"]:
            was = before[each["hash"]]
            shares = [each[name] for name in SHARES]
            claim(shares == [was[name] for name in SHARES], "other pay with nothing left out")
    elif reported:
        # With less before it in the week, a segment may get a larger part of the limit, but never
        # more than its own seconds.
        claim(report["totals"]["payable"] <= week["totals"]["payable"], "more pay by leaving out")
