"""A sample of the mutations of `make mutations`, and tests of the claims themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from diary.bundle.check import CheckOptions
from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64url_encode
from diary.verification import credit, segment_rules
from diary.verification.evidence import LoggedSegment
from tests.js import engines
from tests.mutations.attack import DEVICES, Files
from tests.mutations.catalogue import MUTATORS, mutation
from tests.mutations.claims import ClaimError, check_claims, report_of_the_week
from tests.mutations.engine import javascript, python_says, remembering, words
from tests.mutations.forge import Forge, with_manifest
from tests.mutations.record import honest_record
from tests.mutations.trial import Tally, difference, judge, try_all, try_omissions
from tests.mutations.week import honest

ROUND = len(MUTATORS)


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    with remembering():
        yield


def test_the_honest_week_is_valid_and_has_something_of_everything() -> None:
    report = report_of_the_week()
    assert report["result"] == "valid"
    assert {each["code"] for each in report["findings"]} == {
        "N_DELETED",
        "N_MASKED",
        "W_DEVICE_SWITCH",
    }
    assert {each["kind"] for each in report["segments"]} == {"auto", "kept", "manual"}
    assert all(report["totals"][name] for name in ("payable", "given_back", "over_limit"))
    assert {name.partition("/")[0] for name in honest().files} >= {
        *("amends", "beacons", "blobs", "checkpoint", "consistency", "devices", "keys"),
        *("retires", "reviews", "revokes", "segments", "terms", "tombstones", "vouches"),
    }


@pytest.mark.parametrize("relog", [True, False])
def test_forging_an_unchanged_record_reproduces_its_bytes(relog: bool) -> None:
    record = honest_record().copy()
    files = Forge(record, DEVICES, relog).forge()
    assert with_manifest(files, record.manifest) == honest().files


def test_a_number_always_means_the_same_mutation() -> None:
    for number in range(ROUND):
        (name, one), (_, two) = mutation(number), mutation(number)
        assert one.build()[0] == two.build()[0], name


@pytest.mark.parametrize("part", range(6))
def test_no_mutation_breaks_a_claim_or_divides_the_verifiers(part: int) -> None:
    with javascript() as other:
        tally = try_all(range(part * ROUND, (part + 1) * ROUND), other)
    assert not tally.failures
    assert set(tally.mutators) == set(names())
    assert 2 * tally.signed > ROUND
    # `make mutations` hits all of them often, with many more mutations.
    assert len(tally.hits) > len(Code) - 6


class InTheBrowser:
    """Chromium, one bundle at a time."""

    def __init__(self, page: engines.Chromium) -> None:
        self._page = page
        self._asked: list[dict[str, Any]] = []

    def submit(self, files: Files, asked: CheckOptions) -> None:
        held = {name: b64url_encode(data) for name, data in files.items()}
        self._asked.append({"files": held, "asked": words(asked)})

    def hear(self) -> dict[str, Any]:
        answer = self._page.ask("bundle", self._asked.pop(0))
        if "error" in answer:
            return {"result": "unusable", "code": answer["error"]}
        report: dict[str, Any] = answer["value"]
        return report | {"findings": [each | {"detail": ""} for each in report["findings"]]}


@pytest.mark.parametrize("part", [6, 7])
def test_a_real_browser_agrees(part: int) -> None:
    with engines.chromium() as page:
        tally = try_all(range(part * ROUND, (part + 1) * ROUND), InTheBrowser(page))
    assert not tally.failures


# Broken claims are detected


def change(name: str, value: Any, **where: Any) -> Callable[[dict[str, Any]], None]:
    """Another value in the first segment that matches `where`."""

    def put(report: dict[str, Any]) -> None:
        found = (e for e in report["segments"] if all(e[n] == v for n, v in where.items()))
        next(found)[name] = value

    return put


def pay_more(report: dict[str, Any]) -> None:
    each = next(each for each in report["segments"] if each["over_limit"])
    for listed in (each, report["totals"], *report["weeks"], *report["days"]):
        listed["payable"] += 1
        listed["over_limit"] -= 1


TAMPERED: dict[str, Callable[[dict[str, Any]], None]] = {
    "an error": lambda report: report["findings"].append({"code": "E_GAP"}),
    "a longer segment": change("t1", 1_900_000_000, kind="auto"),
    "another kind": change("kind", "manual", kind="auto"),
    "another memo": change("memo", "Mine", kind="manual"),
    "another note": change("note", "Mine", kind="kept"),
    "another place": change("index", ["2026", 2], kind="auto"),
    "another time of receipt": change("rt_ms", 5, kind="auto"),
    "another device": change("kid", honest().laptop.key.kid, seq=5),
    "an error that is paid": change("codes", ["E_MOMENT"], kind="auto"),
    "a picture more": change("shots", [[0, 1, "a", "b"]], kind="kept"),
    "a picture less": change("shots", [], kind="kept"),
    "no picture": change("minutes", None, kind="kept"),
    "more changes": change("memos", 9, kind="auto"),
    "more deletions": change("deletions", 9, kind="auto"),
    "more pay": pay_more,
    "a segment less": lambda report: report["segments"].pop(3),
    "a segment more": lambda report: report["segments"].append(
        report["segments"][3] | {"hash": b64url_encode(bytes(32))}
    ),
    "a review": lambda report: report["reviews"].append({"at": 1}),
    "a device's place": lambda report: report["devices"][0].update(index=["2026", 9]),
    "a revocation's place": lambda report: report["devices"][1].update(revoked=["2026", 9]),
    "a hole": lambda report: report["chains"][0].update(segments=3),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_report_with_other_contents_breaks_a_claim(
    tamper: Callable[[dict[str, Any]], None],
) -> None:
    _, attack = mutation(names().index("picture_missing"))
    report = deepcopy(report_of_the_week())
    check_claims(attack, None, honest().files, report)
    tamper(report)
    with pytest.raises(ClaimError):
        check_claims(attack, None, honest().files, report)


def names() -> list[str]:
    return [name for name, _ in MUTATORS]


def nothing(*_: Any) -> None:
    """A missing rule."""


BROKEN: dict[str, tuple[str, Any, str]] = {
    "times": (
        "diary.verification.segment_rules.check_times",
        nothing,
        "e_time_range__longer_than_awake",
    ),
    "sent before it ended": (
        "diary.verification.segment_rules.check_times",
        nothing,
        "e_after_receipt__sent_before_it_ended",
    ),
    "moments": (
        "diary.verification.segment_rules.check_pictures",
        nothing,
        "e_moment__another_moment",
    ),
    "forks": ("diary.verification.check.check_chain", nothing, "e_fork__sealed_twice"),
    "time given back": ("diary.verification.statements._delete", nothing, "signed_field"),
    "signatures": ("diary.formats.jws.verify", lambda *_: True, "foreign_signature"),
}


@pytest.mark.parametrize(("name", "instead", "mutator"), BROKEN.values(), ids=BROKEN.keys())
def test_a_verifier_without_one_of_its_rules_is_found_out(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: Any, mutator: str
) -> None:
    report_of_the_week()
    monkeypatch.setattr(name, instead)
    first = names().index(mutator)
    broken = 0
    for number in range(first, first + 40 * ROUND, ROUND):
        _, attack = mutation(number)
        files, forge = attack.build()
        try:
            judge(attack, forge, files, python_says(files, attack.asked), Tally())
        except ClaimError:
            broken += 1
    assert broken


def broken_claims(mutator: str) -> int:
    """The number of mutations by `mutator`, of some, that break a claim about omissions."""
    first = names().index(mutator)
    broken = 0
    for number in range(first, first + 8 * ROUND, ROUND):
        _, attack = mutation(number)
        files, _ = attack.build()
        try:
            try_omissions(number, files, python_says(files, attack.asked), attack.asked)
        except ClaimError:
            broken += 1
    return broken


def test_a_verifier_that_looks_at_shown_pictures_only_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = segment_rules._check_picture_times

    def where_all_are_shown(segment: LoggedSegment, *more: Any) -> None:
        if len(segment.shown.pictures) == segment.sealed.segment.pics:
            real(segment, *more)

    monkeypatch.setattr(segment_rules, "_check_picture_times", where_all_are_shown)
    assert broken_claims("e_shot_time__a_picture_at_another_moment")


def test_a_ledger_in_which_deleted_segments_cover_nothing_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = credit._covers_until

    def while_it_is_there(entry: credit.CreditEntry) -> Any:
        return (-1, 0) if entry.given_back else real(entry)

    monkeypatch.setattr(credit, "_covers_until", while_it_is_there)
    assert broken_claims("w_overlap__seconds_over_the_limit_given_back")


def test_a_disagreement_names_its_position() -> None:
    assert difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == "at /a/1/b: 2 / 3"
    assert difference([1], [1, 2]) == "at the top: [1] / [1, 2]"


class Mute:
    """A verifier that always returns the honest week's report."""

    def submit(self, files: Files, asked: CheckOptions) -> None:
        """Ignore it."""

    def hear(self) -> dict[str, Any]:
        return report_of_the_week()


def test_a_disagreement_and_a_crash_are_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    number = names().index("e_alg__another_algorithm")
    (failure,) = try_all([number], Mute()).failures
    assert "disagree" in failure

    def crash(*_: Any) -> None:
        raise DiaryError(Code.E_FORMAT, "broken")

    monkeypatch.setattr("tests.mutations.trial.python_says", crash)
    (failure,) = try_all([number], Mute()).failures
    assert "DiaryError" in failure


def test_an_attacker_without_a_key_signs_nothing() -> None:
    for number in range(ROUND):
        name, attack = mutation(number)
        assert bool(attack.owned) == attack.forged, name
