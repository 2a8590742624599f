"""Cases of single rules of the ledger and of changes. See `common`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.objects.segment import parse
from diary.verification.evidence import BlobFacts, Evidence
from tests.diary.cases.changed_memos import the_last_of_several_changes_wins
from tests.diary.cases.common import END, case, deleted, digest_of, plain
from tests.diary.cases.reviews_and_log import review
from tests.diary.cases.segment_rules import with_dues
from tests.diary.world import CLIENT, START, World

# Changes and the ledger


@case()
def changes_given_in_another_order() -> Evidence:
    evidence = the_last_of_several_changes_wins()
    return replace(evidence, amends=list(evidence.amends)[::-1])


@case("E_KID_UNKNOWN")
def what_was_said_at_another_marketplace() -> Evidence:
    world = plain()
    said = review(world, aud="other.example").data()
    world.log_unsigned("reviews", LeafType.REVIEW, said, START - 380)
    return world.evidence()


@case("E_KIND", "N_DELETED")
def unpaid_time_given_back_is_unpaid() -> Evidence:
    world = plain()
    terms = replace(world.terms, manual=False)
    world.terms = terms
    world.terms_at = [world.log_terms(terms, START - 390)]
    (data,) = [world.manual(START)]
    world.log_segment(data)
    deleted(world, parse(data), ["time"], END + 10, [])
    return world.evidence()


@case()
def a_limit_that_is_reached_within_a_segment() -> Evidence:
    world = plain(limit_s=900)
    world.day(3)
    return world.evidence()


@case("W_OVERLAP")
def what_is_not_logged_comes_last() -> Evidence:
    world = plain()
    world.work(START, START, START + 300)
    world.log_segment(world.work(START, START + 200, START + 400))
    return world.evidence()


@case("W_OVERLAP")
def seconds_on_two_contracts_of_one_client() -> Evidence:
    world = plain()
    books = world.on_contract(START - 390)
    world.log_segment(world.work(START, START, START + 400))
    books.log_segment(books.work(START, START + 200, START + 600))
    return world.together(books)


@case("W_PARALLEL")
def seconds_on_contracts_of_two_clients() -> Evidence:
    world = plain()
    other = world.on_contract(START - 390, client=b64url_encode(bytes(16)))
    world.log_segment(world.work(START, START, START + 400))
    other.log_segment(other.work(START, START + 200, START + 600))
    return world.together(other)


@case("E_KIND")
def unpaid_seconds_are_parallel_to_nothing() -> Evidence:
    world = plain()
    other = world.on_contract(START - 390, client=b64url_encode(bytes(16)), manual=False)
    world.log_segment(world.work(START, START, START + 400))
    other.log_segment(other.manual(START))
    return world.together(other)


def deleted_beside(*, anew: bool = False, parts: int | None = None, **changes: Any) -> Evidence:
    """A segment over its limit whose time is deleted, and one on another contract in some of its
    seconds, logged before or after the deletion.
    """
    world = plain(limit_s=0)
    other = world.on_contract(START - 390, limit_s=None, **changes)
    first = world.work(START, START, START + 400)
    world.log_segment(first, parts=parts)
    second = other.work(START, START + 200, START + 600)
    if anew:
        deleted(world, parse(first), ["time"], END + 2, [])
        other.log_segment(second, END + 3)
    else:
        other.log_segment(second)
        deleted(world, parse(first), ["time"], END + 10, [])
    return world.together(other)


@case("N_DELETED", "W_PARALLEL")
def parallel_seconds_stay_so_when_they_are_given_back() -> Evidence:
    return deleted_beside(client=b64url_encode(bytes(16)))


@case("N_DELETED")
def seconds_given_back_before_are_parallel_to_nothing() -> Evidence:
    return deleted_beside(client=b64url_encode(bytes(16)), anew=True)


@case("N_DELETED", "W_OVERLAP")
def seconds_given_back_pay_nothing_on_another_contract() -> Evidence:
    return deleted_beside()


@case("N_DELETED")
def seconds_given_back_before_are_claimed_anew() -> Evidence:
    return deleted_beside(anew=True)


@case("N_DELETED")
def given_back_seconds_of_what_was_not_received_cover_nothing() -> Evidence:
    return deleted_beside(parts=0)


@case("E_KIND", "N_DELETED")
def unpaid_seconds_that_are_given_back_cover_nothing() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, manual=False)
    world.terms_at = [world.log_terms(world.terms, START - 395)]
    other = world.on_contract(START - 390, manual=True)
    first = world.manual(START)
    world.log_segment(first)
    other.log_segment(other.work(START))
    deleted(world, parse(first), ["time"], END + 10, [])
    return world.together(other)


@case("N_DELETED", "W_OVERLAP")
def seconds_given_back_pay_nothing_by_newer_terms() -> Evidence:
    world = plain(limit_s=0)
    first = world.work(START, START, START + 400)
    terms = replace(world.terms, limit_s=None, from_s=START)
    world.terms_at.append(world.log_terms(terms, START - 10))
    world.terms = terms
    second = world.manual(START)
    world.log_segment(first)
    world.log_segment(second)
    deleted(world, parse(first), ["time"], END + 10, [])
    return world.evidence()


@case("N_DELETED")
def of_two_deletions_the_first_sets_the_seconds_free() -> Evidence:
    world = plain()
    first = world.work(START)
    world.log_segment(first)
    deleted(world, parse(first), ["time"], END + 10, [])
    world.log_segment(world.manual(START), END + 20)
    deleted(world, parse(first), ["memo", "time"], END + 30, [])
    return world.evidence()


@case("N_DELETED", "W_OVERLAP")
def a_deletion_of_a_memo_sets_no_seconds_free() -> Evidence:
    world = plain()
    first = world.work(START)
    world.log_segment(first)
    deleted(world, parse(first), ["memo"], END + 10, [])
    world.log_segment(world.manual(START), END + 20)
    deleted(world, parse(first), ["time"], END + 30, [])
    return world.evidence()


@case()
def two_people_work_for_one_client() -> Evidence:
    world = plain()
    colleague = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    colleague.terms = replace(
        world.terms, sub=colleague.sub, ctr=b64url_encode(b"another contract")
    )
    colleague.ctr = colleague.terms.ctr
    colleague.terms_at = [colleague.log_terms(colleague.terms, START - 380)]
    world.log_segment(world.work(START, START, START + 400))
    colleague.log_segment(colleague.work(START, START + 200, START + 600))
    return world.together(colleague)


@case("E_SHOT_HASH")
def a_picture_whose_length_alone_is_another() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    sha = segment.pictures[0].blob.sha256

    def blob(name: str) -> BlobFacts | None:
        facts = world.blob(name)
        return replace(facts, length=facts.length + 1) if facts and name == sha else facts

    return world.evidence(blob=blob)


@case("N_DELETED")
def a_masked_picture_that_was_deleted() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda _dues: True)
    shot = replace(world.picture(due), redacted=((0, 0, 10, 10),))
    body = replace(world.body(START), active=9, pics=1, shot="ok")
    data = world.seal(body, "memo", world.minutes(body), [shot])
    world.log_segment(data)
    segment = parse(data)
    deleted(world, segment, ["shot", "time"], END + 10, digest_of(segment, "shot_0"))
    return world.evidence()


@case("W_CLOCK_JUMP")
def a_clock_that_was_moved_around_manual_time() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.manual(END))
    start = END + SLOT
    world.log_segment(world.work(start, up0=11_202_001, up1=11_802_001))
    return world.evidence()


def _over_the_limit(*allowed: dict[str, Any]) -> Evidence:
    """Three slots of which one and a half are over the limit, with entries `allow` about all."""
    world = plain(limit_s=900)
    names = tuple(sealed.hash for sealed in world.day(3))
    for members in allowed:
        entry = replace(review(world), kind="allow", segments=names, **members)
        world.log_unsigned("reviews", LeafType.REVIEW, entry.data(), END + 3 * SLOT)
    return world.evidence()


@case()
def time_over_the_limit_that_the_client_allowed() -> Evidence:
    return _over_the_limit({"by": CLIENT})


@case()
def time_over_the_limit_that_a_person_of_the_client_allowed() -> Evidence:
    return _over_the_limit({"by": f"{CLIENT}/{CLIENT}"})


@case()
def time_over_the_limit_that_another_person_allowed() -> Evidence:
    return _over_the_limit({"by": "client"}, {"by": CLIENT[::-1]})
