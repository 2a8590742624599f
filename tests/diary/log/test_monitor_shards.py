"""Monitoring a log over its keys and shards."""

from __future__ import annotations

from diary.formats.encoding import b64url_encode
from diary.log.policy import PolicyLog, write_policy
from tests.diary.log.published_log import (
    codes,
    follower,
    honest,
    visit,
)
from tests.diary.world import AUD, Log

# Keys and shards


def test_an_unannounced_key_is_a_finding_and_not_trusted() -> None:
    site = honest()
    watcher = follower(site)
    site.open("2027")
    site.add()
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2027", "E_POLICY")}
    assert set(watcher.state.shards) == {"2026"}


def test_another_key_for_a_known_log_is_a_finding() -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    site.logs[0].signer = Log("another").signer
    found = codes(visit(watcher, site))
    assert found == {(f"{AUD}/log/2026", "E_POLICY"), (f"{AUD}/log/2026", "E_CP_SIG")}


def test_a_log_that_disappears_from_the_policy_is_a_finding() -> None:
    site = honest()
    site.succeed("2027")
    watcher = follower(site)
    visit(watcher, site)
    site.instead["policy"] = lambda _: write_policy([PolicyLog(site.logs[1].signer.verifier)])
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2026", "E_POLICY")}


def test_an_announcement_that_is_not_published_is_a_finding() -> None:
    site = honest()
    watcher = follower(site)
    site.succeed("2027")
    announcement, opening = site.receipts
    size = len(site.logs[0].leaves)
    site.receipts = [opening]
    found = codes(visit(watcher, site))
    assert (f"{AUD}/log/2026 {size - 1}", "E_POLICY") in found
    site.receipts = [announcement]
    fresh = follower(site, site.logs[0].signer.verifier)
    assert codes(visit(fresh, site)) == {(f"{AUD}/log/2027 0", "E_POLICY")}


def test_a_key_that_is_published_during_a_poll_is_no_finding() -> None:
    """The shards change between the fetch of the keys and that of the checkpoint."""
    site = honest()
    watcher = follower(site)
    visit(watcher, site)

    def change(_: bytes) -> bytes:
        site.instead.clear()
        site.succeed("2027")
        return site.of("2026").checkpoint()

    site.instead["2026/checkpoint"] = change
    assert codes(visit(watcher, site)) == set()
    assert codes(visit(watcher, site)) == set()
    assert set(watcher.state.shards) == {"2026", "2027"}
    # Also between the policy and the keys.

    def late(policy: bytes) -> bytes:
        site.instead.clear()
        site.succeed("2028")
        return policy

    site.instead["policy"] = late
    assert codes(visit(watcher, site)) == set()
    assert "2028" in watcher.state.shards


def test_a_log_that_continues_after_its_announcement_is_a_split_view() -> None:
    site = honest()
    site.succeed("2027")
    site.logs.reverse()
    index = site.add()
    site.logs.reverse()
    assert codes(visit(follower(site), site)) == {(f"{AUD}/log/2026 {index + 1}", "E_SPLIT_VIEW")}


def test_an_opening_with_another_end_is_a_finding() -> None:
    site = honest()
    site.succeed("2027", prev_root=b64url_encode(bytes(32)))
    assert codes(visit(follower(site), site)) == {(f"{AUD}/log/2026 7", "E_CONSISTENCY")}
    site = honest()
    site.succeed("2027", prev_size=3)
    found = codes(visit(follower(site), site))
    assert (f"{AUD}/log/2026 7", "E_SPLIT_VIEW") in found


def test_a_later_log_must_begin_with_its_opening() -> None:
    site = honest()
    site.succeed("2027")
    new = site.logs[1]
    new.nodes, new.leaves, new.objects = {}, [], []
    site.add()
    site.receipts.pop()
    assert codes(visit(follower(site), site)) == {(f"{AUD}/log/2027 0", "E_POLICY")}
