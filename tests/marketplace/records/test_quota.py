"""Storage: only simple pictures are accepted, limits hold, and no foreign data is kept."""

from __future__ import annotations

import io
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from diary.core.slots import DAY, SLOT
from diary.formats.encoding import digest
from diary.objects.segment import Segment, parse, random_id
from marketplace.contracts.queries import Contract
from marketplace.core.config import Bound, Quotas
from marketplace.erasure.retention import BATCH, ORPHAN_S
from marketplace.records.quota import THUMB_BYTES, THUMB_HEIGHT, THUMB_WIDTH, is_thumbnail
from marketplace.storage import schema
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked

TEN_YEARS = 3_653 * DAY


def stored(marketplace: LiveMarketplace) -> set[str]:
    """The hashes of all files on the disk."""
    return set(marketplace.deps.blobs.names())


def counted(marketplace: LiveMarketplace) -> dict[tuple[str, str], tuple[int, int]]:
    """Files and bytes by account and contract, as counted."""
    with marketplace.deps.store.read() as connection:
        rows = connection.execute(select(schema.storage_usage)).all()
    return {(row.sub, row.ctr): (row.files, row.bytes) for row in rows if row.files}


def recounted(marketplace: LiveMarketplace) -> dict[tuple[str, str], tuple[int, int]]:
    """The same from the rows of the files."""
    owner, blob = schema.blob_owner, schema.blob
    with marketplace.deps.store.read() as connection:
        rows = connection.execute(
            select(owner.c.sub, owner.c.ctr, blob.c.size).join(
                blob, blob.c.sha256 == owner.c.sha256
            )
        ).all()
    found: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        files, size = found[row.sub, row.ctr]
        found[row.sub, row.ctr] = (files + 1, size + row.size)
    return dict(found)


def sealed_anew(device: SimulatedDevice, data: bytes, **changes: Any) -> bytes:
    """The last segment of a chain, sealed again with other fields."""
    sealed = parse(data)
    device.segments[sealed.segment.ctr].remove(data)
    body: Segment = replace(sealed.segment, **changes)
    return device.seal(body, "Elsewhere", sealed.minutes, list(sealed.pictures.values()))


def pictures_of(data: bytes) -> list[str]:
    return [
        part.sha256 for shot in parse(data).pictures.values() for part in (shot.blob, shot.thumb)
    ]


# The format


def chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def image_chunk(data: bytes) -> bytes:
    return data[12:]


def saved(**options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 40), "red").save(buffer, "WEBP", **options)
    return buffer.getvalue()


def canvas(flags: int, width: int = 64, height: int = 40) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def with_length(data: bytes, length: int) -> bytes:
    return data[:4] + length.to_bytes(4, "little") + data[8:]


def animated() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (64, 40), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


PLAIN = webp()
REFUSED: dict[str, Callable[[], bytes]] = {
    "bytes after the end": lambda: PLAIN + b"x",
    "zeros up to 20 MB": lambda: PLAIN.ljust(20 << 20, b"\0"),
    "zeros inside the image chunk": lambda: riff(chunk(b"VP8 ", PLAIN[20:].ljust(1 << 20, b"\0"))),
    "length too short": lambda: with_length(PLAIN, len(PLAIN) - 10),
    "length too long": lambda: with_length(PLAIN, len(PLAIN)),
    "length zero": lambda: with_length(PLAIN, 0),
    "length of four billion": lambda: with_length(PLAIN, 0xFFFFFFFF),
    "a padding chunk": lambda: riff(image_chunk(PLAIN), chunk(b"JUNK", bytes(512))),
    "an unknown chunk before it": lambda: riff(chunk(b"abcd", b"hidden"), image_chunk(PLAIN)),
    "a second picture": lambda: riff(image_chunk(PLAIN), image_chunk(PLAIN)),
    "an extended header": lambda: riff(canvas(0), image_chunk(PLAIN)),
    "animation": animated,
    "EXIF": lambda: saved(exif=Image.Exif().tobytes() or b"Exif\0\0II*\0"),
    "XMP": lambda: saved(xmp=b"<x:xmpmeta/>"),
    "EXIF by hand": lambda: riff(canvas(8), image_chunk(PLAIN), chunk(b"EXIF", b"II*\0secret")),
    "XMP by hand": lambda: riff(canvas(4), image_chunk(PLAIN), chunk(b"XMP ", b"<secret/>")),
    "a colour profile": lambda: riff(canvas(32), chunk(b"ICCP", bytes(128)), image_chunk(PLAIN)),
    "an absurd canvas": lambda: riff(canvas(0, 1 << 24, 1 << 24), image_chunk(PLAIN)),
    "only a header": lambda: riff(),
    "an empty image chunk": lambda: riff(chunk(b"VP8 ", b"")),
    "an empty lossless chunk": lambda: riff(chunk(b"VP8L", b"")),
    "noise in the chunk": lambda: riff(chunk(b"VP8 ", secrets.token_bytes(400))),
    "big-endian RIFX": lambda: b"RIFX" + PLAIN[4:],
    "another form type": lambda: PLAIN[:8] + b"WAVE" + PLAIN[12:],
    "16383 by 16383": lambda: riff(
        chunk(b"VP8L", b"\x2f" + (0x3FFE | 0x3FFE << 14).to_bytes(4, "little") + bytes(600))
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_more_than_one_simple_picture_is_refused(
    marketplace: LiveMarketplace, device: SimulatedDevice, name: str
) -> None:
    data = REFUSED[name]()
    answer = device.put_blob(data)
    assert (answer.status_code, answer.json()["code"]) == (422, "blob_format")
    assert stored(marketplace) == set()
    assert counted(marketplace) == {}


@pytest.mark.parametrize(
    "options", [{"quality": 80, "method": 2}, {"lossless": True}, {"quality": 1}], ids=str
)
def test_what_an_encoder_writes_is_taken(
    marketplace: LiveMarketplace, device: SimulatedDevice, options: dict[str, Any]
) -> None:
    data = saved(**options)
    assert device.put_blob(data).status_code == 201
    assert stored(marketplace) == {digest(data)}


def test_the_densest_picture_that_an_encoder_makes_is_taken(device: SimulatedDevice) -> None:
    noise = Image.frombytes("RGB", (256, 160), secrets.token_bytes(256 * 160 * 3))
    for options in ({"lossless": True}, {"quality": 100}):
        buffer = io.BytesIO()
        noise.save(buffer, "WEBP", **options)
        assert device.put_blob(buffer.getvalue()).status_code == 201


# What is kept, and how long


def unknown_contract(_: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, ctr=random_id(secrets.token_bytes), seq=0)


def foreign_contract(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    other = marketplace.contract("Somebody else's")
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    return sealed_anew(device, data, ctr=other.ctr, seq=0)


def unknown_terms(_: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, terms=digest(b"terms of nobody"))


def paused_terms(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    with marketplace.deps.store.read() as connection:
        row = connection.execute(
            select(schema.contract).where(schema.contract.c.ctr == parse(data).segment.ctr)
        ).one()
    contract = Contract(row.ctr, row.title, row.freelancer, row.client)
    terms = marketplace.deps.contracts.set_terms(contract, state="paused")
    return sealed_anew(device, data, terms=terms.digest)


FAR = START + TEN_YEARS * 10 // SLOT * SLOT


def at(data: bytes, slot: int) -> dict[str, int]:
    moved = slot - parse(data).segment.slot
    body = parse(data).segment
    return {"slot": slot, "t0": body.t0 + moved, "t1": body.t1 + moved}


def unknown_and_far(marketplace: LiveMarketplace, device: SimulatedDevice, data: bytes) -> bytes:
    return sealed_anew(device, data, ctr=random_id(secrets.token_bytes), seq=0, **at(data, FAR))


@pytest.mark.parametrize(
    "make", [unknown_contract, foreign_contract, unknown_terms, paused_terms, unknown_and_far]
)
def test_what_no_active_contract_of_the_account_names_is_dropped_after_a_week(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    make: Callable[[LiveMarketplace, SimulatedDevice, bytes], bytes],
) -> None:
    (work,) = worked(marketplace, device, contract.ctr, START)
    data = make(marketplace, device, work)
    device.sign_in()
    device.send(data)
    assert stored(marketplace) == set(pictures_of(data)), "it waits for a segment that counts"
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S)
    marketplace.deps.retention.run_once()
    assert len(stored(marketplace)) == 2
    marketplace.clock.to(marketplace.clock.ms / 1000 + 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()
    assert counted(marketplace) == recounted(marketplace) == {}


@pytest.mark.parametrize(
    "slot", [START, FAR, START - TEN_YEARS // SLOT * SLOT], ids=["now", "future", "past"]
)
def test_the_claimed_slot_neither_extends_nor_shortens_the_retention(
    marketplace: LiveMarketplace, slot: int
) -> None:
    contract = marketplace.contract(retention_days=30)
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    (work,) = worked(marketplace, device, contract.ctr, START)
    data = sealed_anew(device, work, **at(work, slot))
    device.send(data)
    uploaded_s = marketplace.clock.ms // 1000
    marketplace.clock.to(uploaded_s + 30 * DAY - 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set(pictures_of(data))
    marketplace.clock.to(uploaded_s + 30 * DAY)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()
    assert counted(marketplace) == recounted(marketplace) == {}
    device.http.close()


def test_work_from_before_the_end_of_a_contract_keeps_its_pictures(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    ended = marketplace.deps.contracts.set_terms(contract, state="ended")
    marketplace.clock.to(ended.from_s + DAY)
    device.sign_in()
    device.send(data)
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set(pictures_of(data))


def test_a_picture_that_another_account_sent_long_ago_waits_from_its_own_arrival(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    same = webp()
    other = enrolled(marketplace.contract("Another"))
    assert other.put_blob(same).status_code == 201
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S - 60)
    device.sign_in()
    assert device.put_blob(same).status_code == 201
    marketplace.clock.to(marketplace.clock.ms / 1000 + 120)
    marketplace.deps.retention.run_once()
    device.sign_in()
    assert device.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 200
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S)
    marketplace.deps.retention.run_once()
    assert stored(marketplace) == set()


def test_one_round_leaves_nothing_and_a_stopped_one_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    with live_marketplace(
        tmp_path / "data", quotas=Quotas(waiting=Bound(10_000, 1 << 30))
    ) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        device.sign_in()
        for _ in range(2 * BATCH + 40):
            assert device.put_blob(webp(16, 10)).status_code == 201
        device.http.close()
        assert len(stored(marketplace)) == 2 * BATCH + 40
        marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
        forget = marketplace.deps.retention._eraser.forget
        calls: list[int] = []

        def stopping(sub: str, names: list[str]) -> None:
            forget(sub, names)
            calls.append(len(names))
            marketplace.deps.retention.stop()

        marketplace.deps.retention._eraser.forget = stopping  # type: ignore[method-assign,assignment]
        marketplace.deps.retention.run_once()
        assert calls == [BATCH]
        assert len(stored(marketplace)) == BATCH + 40
    clock = marketplace.clock
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        marketplace.deps.retention.run_once()
        assert stored(marketplace) == set()
        assert counted(marketplace) == recounted(marketplace) == {}


# Limits


@pytest.fixture
def small(
    tmp_path: Path,
) -> Iterator[Callable[[Quotas], tuple[LiveMarketplace, Contract, SimulatedDevice]]]:
    """A marketplace with small limits, a contract and an enrolled computer."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(quotas: Quotas) -> tuple[LiveMarketplace, Contract, SimulatedDevice]:
            marketplace = stack.enter_context(live_marketplace(tmp_path / "small", quotas=quotas))
            contract = marketplace.contract()
            device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
            stack.callback(device.http.close)
            device.enrol(marketplace.code(contract.freelancer))
            device.sign_in()
            return marketplace, contract, device

        yield make


def assert_full(answer: httpx.Response, limit: str) -> None:
    assert answer.status_code == 507, answer.text
    body = answer.json()
    assert (body["code"], body["limit"]) == ("quota", limit)
    assert "send it again later" in body["detail"]
    assert int(answer.headers["retry-after"]) > 0


Small = Callable[[Quotas], tuple[LiveMarketplace, Contract, SimulatedDevice]]


@pytest.mark.parametrize(
    ("quotas", "limit"),
    [
        (Quotas(waiting=Bound(3, 1 << 30)), "waiting"),
        (Quotas(account=Bound(3, 1 << 30)), "account"),
        (Quotas(waiting=Bound(100, 3 * len(webp(colour="red")) + 60)), "waiting"),
        (Quotas(account=Bound(100, 3 * len(webp(colour="red")) + 60)), "account"),
    ],
    ids=["waiting files", "account files", "waiting bytes", "account bytes"],
)
def test_a_picture_over_a_limit_is_refused_for_now_and_taken_when_there_is_room(
    small: Small, quotas: Quotas, limit: str
) -> None:
    marketplace, _, device = small(quotas)
    taken = []
    while (answer := device.put_blob(data := webp())).status_code == 201:
        taken.append(data)
        assert len(taken) <= 4
    assert_full(answer, limit)
    assert stored(marketplace) == {digest(one) for one in taken}
    assert device.put_blob(taken[0]).status_code == 200, "what is there needs no room"
    assert counted(marketplace) == recounted(marketplace)
    marketplace.clock.to(marketplace.clock.ms / 1000 + ORPHAN_S + 1)
    marketplace.deps.retention.run_once()
    device.sign_in()
    assert device.put_blob(data).status_code == 201


def test_a_segment_over_the_limit_of_its_contract_is_refused_for_now_and_nothing_is_lost(
    small: Small,
) -> None:
    marketplace, contract, device = small(Quotas(contract=Bound(2, 1 << 30)))
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(first)
    for sha in pictures_of(second):
        assert device.put_blob(device.blobs[sha]).status_code == 201
    assert_full(device.put_segment(second), "contract")
    assert device.http.get(f"/log/proof/{parse(second).hash}").status_code == 404, (
        "it is not logged"
    )
    assert device.put_segment(first).status_code == 200, "what is logged is answered as before"
    statement = deleted(device, first, "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    answer = device.put_segment(second)
    assert (answer.status_code, answer.json()["findings"]) == (201, [])
    assert counted(marketplace) == recounted(marketplace)
    assert counted(marketplace)[contract.freelancer, contract.ctr][0] == 2


def test_a_full_contract_does_not_stop_another_one_or_another_account(small: Small) -> None:
    marketplace, contract, device = small(Quotas(contract=Bound(2, 1 << 30)))
    second = marketplace.deps.contracts.add_contract(
        "Second", freelancer=contract.freelancer, client=contract.client
    )
    marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
    (one,) = worked(marketplace, device, contract.ctr, START)
    device.send(one)
    (full,) = worked(marketplace, device, contract.ctr, START + SLOT)
    for sha in pictures_of(full):
        device.put_blob(device.blobs[sha])
    assert_full(device.put_segment(full), "contract")
    (other,) = worked(marketplace, device, second.ctr, START + 2 * SLOT)
    device.send(other)
    assert counted(marketplace) == recounted(marketplace)


def test_a_month_offline_fits_into_the_usual_limits() -> None:
    files, usual = 30 * 144 * 3 * 2, Quotas()
    screens = 30 * 144 * 3 * (2 << 20)  # pictures of three large screens have about 2 MB
    for bound in (usual.contract, usual.account):
        assert files <= bound.files
        assert screens <= bound.bytes
    # Each of five devices has a batch of eight segments on its way.
    assert usual.waiting.files >= 5 * 8 * 3 * 2
    assert usual.waiting.bytes >= 5 * 8 * 3 * (2 << 20)


def test_work_without_a_picture_needs_no_room(small: Small) -> None:
    marketplace, contract, device = small(
        Quotas(Bound(1, 1 << 20), Bound(1, 1 << 20), Bound(1, 1 << 20))
    )
    assert device.put_blob(webp()).status_code == 201
    marketplace.advance_to(START)
    device.fetch_beacon(START)
    data = device.manual(contract.ctr, START, START, START + 600)
    marketplace.clock.to(START + SLOT)
    device.sign_in()
    assert device.put_segment(data).status_code == 201


def test_uploads_at_the_same_time_share_one_limit(small: Small) -> None:
    marketplace, _, device = small(Quotas(waiting=Bound(5, 1 << 30)))
    made = [webp() for _ in range(20)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(device.put_blob, made))
    assert [a.status_code for a in answers].count(201) == 5
    assert {a.status_code for a in answers} == {201, 507}
    assert len(stored(marketplace)) == 5
    assert counted(marketplace) == recounted(marketplace)


def test_an_upload_that_breaks_off_gives_its_room_back(small: Small) -> None:
    marketplace, _, device = small(Quotas(waiting=Bound(1, 1 << 30)))
    assert device.put_blob(webp(), digest(b"another")).status_code == 422
    assert device.put_blob(PLAIN + b"x").status_code == 422
    assert device.put_blob(webp()).status_code == 201
    assert counted(marketplace) == recounted(marketplace)


def test_a_late_picture_counts_for_the_contract_of_its_segment(small: Small) -> None:
    marketplace, contract, device = small(Quotas(waiting=Bound(0, 0), contract=Bound(1, 1 << 30)))
    (data,) = worked(marketplace, device, contract.ctr, START)
    assert device.put_segment(data).status_code == 201
    full, thumb = (device.blobs[sha] for sha in pictures_of(data))
    assert device.put_blob(full).status_code == 201
    assert_full(device.put_blob(thumb), "contract")
    assert counted(marketplace) == recounted(marketplace)


# Thumbnails


@pytest.mark.parametrize(
    ("width", "height", "size", "small"),
    [
        (THUMB_WIDTH, THUMB_HEIGHT, THUMB_BYTES, True),
        (1, 1, 1, True),
        (THUMB_WIDTH + 1, 10, 100, False),
        (10, THUMB_HEIGHT + 1, 100, False),
        (10, 10, THUMB_BYTES + 1, False),
        (0, 0, THUMB_BYTES, True),
    ],
)
def test_a_thumbnail_has_at_most_its_nominal_size(
    width: int, height: int, size: int, small: bool
) -> None:
    assert is_thumbnail(width, height, size) is small


@pytest.mark.parametrize(
    "make", [lambda: webp(401, 250), lambda: webp(400, 801), lambda: webp(1920, 1080)]
)
def test_a_picture_in_full_is_not_taken_for_its_thumbnail(
    marketplace: LiveMarketplace,
    contract: Contract,
    device: SimulatedDevice,
    make: Callable[[], bytes],
) -> None:
    (work,) = worked(marketplace, device, contract.ctr, START)
    sealed = parse(work)
    device.segments[contract.ctr].remove(work)
    shot = device.shot(sealed.segment.shot_at[0], webp(1920, 1080), make())
    data = device.seal(sealed.segment, "Large", sealed.minutes, [shot])
    codes = [finding["code"] for finding in device.send(data)["findings"]]
    assert "E_NOT_RECEIVED" in codes
    with marketplace.browser(contract.client) as browser:
        assert browser.get(f"/pictures/{parse(data).hash}/0").status_code == 200
        refused = browser.get(
            f"/thumbs/{parse(data).hash}/0", headers={"Accept": "application/json"}
        )
        assert (refused.status_code, refused.json()["code"]) == (410, "thumbnail_too_large")
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.picture is None
