"""Rules for one segment, its log entry, its terms and its beacon (`docs/protocol.md` §3 to §5, §8,
§9). Each function adds its findings; none of them raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from diary.core.findings import UNPAYING, Code
from diary.core.slots import DAY, SLOT
from diary.core.vocabulary import LAWFULLY_ABSENT
from diary.formats.encoding import b64url_decode
from diary.objects.enrolment import Enrolment
from diary.objects.picture_times import HashChainVerifier, draw_value, pick_times, scheduled_times
from diary.objects.received_parts import missing_parts
from diary.objects.terms import Terms
from diary.verification.evidence import (
    BlobFacts,
    FindingCollector,
    LoggedBeacon,
    LoggedDevice,
    LoggedSegment,
    LoggedTerms,
)

#: Slack between the session clock and the log's clock.
CLOCK_SLACK_MS = 5_000
#: Slack between the session clock's whole seconds and the awake clock's milliseconds.
AWAKE_SLACK_MS = 2_000
LATE_MS = 30 * 60 * 1000
#: Changes of the device in a day, of one freelancer on one contract, that cost no protection.
MAX_SWITCHES = 3
TOO_LATE_MS = 60 * DAY * 1000


def check_times(segment: LoggedSegment, device: LoggedDevice, notes: FindingCollector) -> None:
    """Slot, range, awake time, and the order of enrolment, work and receipt."""
    body = segment.sealed.segment
    if body.slot % SLOT:
        notes.add_to_segment(
            segment, Code.E_SLOT_ALIGN, "the slot does not begin at a tenth minute"
        )
    if not body.slot <= body.t0 < body.t1 <= body.slot + SLOT:
        notes.add_to_segment(segment, Code.E_TIME_RANGE, "its times lie outside its slot")
    if body.up0 is not None and body.up1 is not None and body.awake is not None:
        if abs(body.seconds * 1000 - body.awake) > AWAKE_SLACK_MS:
            notes.add_to_segment(segment, Code.E_TIME_RANGE, "its length is not the time awake")
        if body.up1 - body.up0 - body.awake > AWAKE_SLACK_MS:
            notes.add_to_segment(segment, Code.E_TIME_RANGE, "the machine slept in it")
    if body.t0 * 1000 < device.rt_ms - CLOCK_SLACK_MS:
        notes.add_to_segment(
            segment, Code.E_DEVICE_UNLOGGED, "it begins before the device was enrolled"
        )
    if segment.rt_ms is None:
        return
    if body.t1 * 1000 > segment.rt_ms + CLOCK_SLACK_MS:
        notes.add_to_segment(segment, Code.E_AFTER_RECEIPT, "it ends after it was received")
    if body.kind != "manual" and segment.rt_ms > body.t1 * 1000 + TOO_LATE_MS:
        notes.add_to_segment(segment, Code.E_LATE, "received more than 60 days after its end")
    elif body.kind == "auto" and segment.rt_ms > (body.slot + SLOT) * 1000 + LATE_MS:
        notes.add_to_segment(segment, Code.W_LATE, "received more than 30 minutes after its slot")


def check_terms(
    segment: LoggedSegment,
    known: Sequence[LoggedTerms],
    beacon: LoggedBeacon | None,
    notes: FindingCollector,
) -> Terms | None:
    """The terms of the segment, if they count; adds E_TERMS and E_KIND."""
    body = segment.sealed.segment
    mine = [k for k in known if k.terms.ctr == body.ctr and k.terms.sub == body.sub]
    own = next((k for k in mine if k.hash == body.terms), None)
    if own is None:
        notes.add_to_segment(segment, Code.E_TERMS, "its terms are not in the log")
        return None
    if own.terms.from_s > body.t0:
        notes.add_to_segment(segment, Code.E_TERMS, "its terms begin after it")
    if own.terms.state != "active":
        notes.add_to_segment(segment, Code.E_TERMS, "the contract was not active")
    # An offline device works under the terms that it has. Newer terms bind it from the first
    # beacon that proves that it had read a log with these terms.
    seen = segment.position if body.kind == "manual" else beacon.position if beacon else None
    for other in mine:
        newer = own.terms.from_s < other.terms.from_s <= body.t0
        if newer and seen is not None and other.position < seen:
            notes.add_to_segment(segment, Code.E_TERMS, "newer terms were in force")
    if (body.kind == "kept" and not own.terms.kept) or (
        body.kind == "manual" and not own.terms.manual
    ):
        notes.add_to_segment(segment, Code.E_KIND, f"the terms do not allow {body.kind} time")
    return own.terms


def check_lock(segment: LoggedSegment, lock_ms: int, notes: FindingCollector) -> None:
    """Manual time counts only if the log received it before its week locked (Unix ms)."""
    manual = segment.sealed.segment.kind == "manual"
    if manual and segment.rt_ms is not None and segment.rt_ms >= lock_ms:
        notes.add_to_segment(segment, Code.E_LATE, "entered after the week was locked")


def check_beacon(
    segment: LoggedSegment, known: dict[str, LoggedBeacon], notes: FindingCollector
) -> LoggedBeacon | None:
    """The beacon that the segment names, if it counts; adds E_BEACON and related findings."""
    body = segment.sealed.segment
    if body.bcn is None:
        return None
    if body.bcn.slot > body.slot:
        notes.add_to_segment(segment, Code.E_BEFORE_BEACON, "its beacon is of a later slot")
    elif body.bcn.slot != body.slot:
        notes.add_to_segment(segment, Code.W_OFFLINE, "the beacon of its slot was not at hand")
    found = known.get(body.bcn.h)
    if found is None or found.beacon.slot != body.bcn.slot:
        notes.add_to_segment(segment, Code.E_BEACON, "no logged beacon has this digest and slot")
        return None
    return found


def check_pictures(
    segment: LoggedSegment,
    enrolment: Enrolment,
    terms: Terms | None,
    beacon: LoggedBeacon | None,
    anchors: HashChainVerifier,
    notes: FindingCollector,
) -> None:
    """Check the revealed chain value, and every picture's time against those that it fixes."""
    body = segment.sealed.segment
    if body.kind == "manual":
        return
    anchor = enrolment.anchor_of(body.slot)
    if (body.mom is None) != (anchor is None):
        notes.add_to_segment(
            segment, Code.E_MOMENT, "a moment value is missing, or no anchor covers it"
        )
        return
    if body.mom is None or anchor is None:
        return
    value = b64url_decode(body.mom, 32)
    if not anchors.verify(value, body.slot, b64url_decode(anchor, 32)):
        notes.add_to_segment(segment, Code.E_MOMENT, "the moment value does not meet the anchor")
        return
    if terms is None or beacon is None:
        return
    val = draw_value(beacon.beacon.val, beacon.beacon.slot, body.slot)
    if body.kind == "kept":
        due = tuple(d for d in pick_times(value, val, body.slot) if d >= body.t0 * 1000)
    else:
        due = scheduled_times(value, val, body.slot, body.t0, terms.shots)
        _check_picture_count(segment, due, terms, notes)
    _check_picture_times(segment, due, terms.shot_tol_ms, notes)


def _check_picture_count(
    segment: LoggedSegment, due: Sequence[int], terms: Terms, notes: FindingCollector
) -> None:
    body = segment.sealed.segment
    end = body.t1 * 1000
    if body.pics > sum(d < end for d in due):
        notes.add_to_segment(segment, Code.E_MOMENT, "a picture where no moment was due")
    if (body.shot == "none") != (terms.shots == 0):
        notes.add_to_segment(segment, Code.E_MOMENT, "the terms decide whether pictures are taken")
    if body.shot == "ok" and body.pics != terms.shots:
        notes.add_to_segment(segment, Code.E_MOMENT, "fewer pictures than moments")
    if body.shot == "ended" and body.pics < sum(d + terms.shot_tol_ms < end for d in due):
        notes.add_to_segment(
            segment, Code.E_MOMENT, "a moment lay inside it and no picture was taken"
        )


def _check_picture_times(
    segment: LoggedSegment, due: Sequence[int], tolerance_ms: int, notes: FindingCollector
) -> None:
    unused = sorted(due)
    body = segment.sealed.segment
    for at in body.shot_at:
        fits = [d for d in unused if d <= at <= d + tolerance_ms]
        if not fits or not body.t0 * 1000 <= at < body.t1 * 1000:
            notes.add_to_segment(segment, Code.E_SHOT_TIME, "a picture was not taken at its moment")
            continue
        unused.remove(fits[0])


def check_received_parts(segment: LoggedSegment, notes: FindingCollector) -> None:
    """Check the parts that the marketplace had received when it logged the segment. A part that
    arrived later, or never, makes it unpaid; a part that was withheld or deleted later does not.
    """
    if segment.received is None:
        return
    missing = missing_parts(segment.sealed.segment, segment.received)
    if missing and segment.shown.given_back:
        # The segment was never paid and covered nothing, so its seconds are free from its leaf on.
        segment.shown = replace(segment.shown, given_back_at=segment.position)
    elif missing:
        detail = f"the marketplace had not received {', '.join(missing)} when it logged this"
        notes.add_to_segment(segment, Code.E_NOT_RECEIVED, detail)


def check_parts(
    segment: LoggedSegment, blob: Callable[[str], BlobFacts | None] | None, notes: FindingCollector
) -> None:
    """Check disclosures and pictures, and report missing ones. None of this changes pay."""
    sealed, shown = segment.sealed, segment.shown
    for problem in sealed.sdjwt.problems:
        notes.add("disclosure", sealed.hash, problem.code, problem.detail)
    if shown.withheld:
        notes.add_to_segment(segment, Code.W_WITHHELD, "a part is not shown")
    body = sealed.segment
    if body.kind == "auto" and body.shot != "ok" and body.shot not in LAWFULLY_ABSENT:
        notes.add_to_segment(segment, Code.W_SHOT_MISSING, f"no picture: {body.shot}")
    if body.shot == "masked" or any(each.is_masked for each in shown.pictures.values()):
        notes.add_to_segment(segment, Code.N_MASKED, "masked by the freelancer")
    if blob is None:
        return
    for number, picture in sorted(shown.pictures.items()):
        names = (f"shot_{number}", f"shot_{number}/thumb")
        for name, part in zip(names, (picture.blob, picture.thumb), strict=True):
            found = blob(part.sha256)
            if found is None:
                notes.add_to_segment(segment, Code.W_BLOB_MISSING, "a picture has not arrived")
            elif (found.length, found.digest) != (part.bytes, part.sha256):
                subject = f"{sealed.hash}/{name}"
                notes.add("disclosure", subject, Code.E_SHOT_HASH, "the picture was changed")


def assurance(segment: LoggedSegment, device: LoggedDevice, beacon: LoggedBeacon | None) -> str:
    """`A`, `B` or `C` (`docs/protocol.md` §8). A segment that is not logged yet is `C`."""
    body = segment.sealed.segment
    unpaid = not UNPAYING.isdisjoint(segment.codes)
    if unpaid or body.kind == "manual" or body.mom is None or segment.rt_ms is None:
        return "C"
    if segment.switches > MAX_SWITCHES:
        return "C"
    weaker = {Code.W_LATE, Code.W_OFFLINE, Code.W_CLOCK_JUMP, Code.W_DEVICE_SWITCH}
    own_beacon = beacon is not None and beacon.position > device.position
    if body.kind == "auto" and own_beacon and weaker.isdisjoint(segment.codes):
        return "A"
    return "B"
