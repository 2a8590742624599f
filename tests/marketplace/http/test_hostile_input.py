"""Hostile input: none is accepted, and none breaks the marketplace."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, canonical, digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.http.middleware import RequestLimits
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.later_statements import amended, deleted, retired, vouched
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.raw_exchange import response_to

#: Each example is a few requests to a real server.
FEWER = settings(max_examples=max(30, settings().max_examples // 3))


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """One marketplace for all tests of this file; each has its own accounts."""
    limits = RequestLimits(body_s=1.5, blob_s=1.5)
    with live_marketplace(tmp_path_factory.mktemp("market") / "data", limits=limits) as running:
        yield running


@pytest.fixture(scope="module")
def day(marketplace: LiveMarketplace) -> Iterator[tuple[SimulatedDevice, Contract, bytes]]:
    """A signed-in computer and a segment that it created but did not send."""
    contract = marketplace.contract()
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    (data,) = worked(marketplace, device, contract.ctr, START)
    yield device, contract, data
    device.http.close()


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def resealed(
    data: bytes, *, key: SigningKey | None = None, header: dict[str, object] | None = None,
    **changes: object,
) -> bytes:  # fmt: skip
    """The segment with other fields, signed by some key, with the old disclosures."""
    jws, _, rest = data.partition(b"~")
    head, body, signature = jws.split(b".")

    def opened(part: bytes) -> dict[str, object]:
        value: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + b"=="))
        return value

    new_head = b64url_encode(canonical({**opened(head), **(header or {})})).encode()
    new_body = b64url_encode(canonical({**opened(body), **changes})).encode()
    if key is not None:
        signature = b64url_encode(key.sign(new_head + b"." + new_body)).encode()
    return b".".join((new_head, new_body, signature)) + b"~" + rest


def name_of(data: bytes) -> str:
    return digest(data.partition(b"~")[0])


FORGERIES: dict[str, tuple[Callable[[SimulatedDevice, bytes], bytes], str]] = {
    "nothing": (lambda _d, _s: b"", "E_FORMAT"),
    "no JWS": (lambda _d, _s: b"hello~", "E_FORMAT"),
    "binary": (lambda _d, _s: bytes(range(256)), "E_FORMAT"),
    "no tilde at the end": (lambda _d, s: s.rstrip(b"~"), "E_FORMAT"),
    "a longer JWS": (lambda _d, _s: b"a" * 17_000 + b".b.c~", "E_FORMAT"),
    "changed field, old signature": (lambda _d, s: resealed(s, t1=START + 599), "E_SIG"),
    "signed by another key": (
        lambda _d, s: resealed(s, key=SigningKey.generate(), t1=START + 599),
        "E_SIG",
    ),
    "in the name of an unknown key": (
        lambda _d, s: resealed(s, header={"kid": digest(b"nobody")}),
        "E_KID_UNKNOWN",
    ),
    "for another marketplace": (
        lambda d, s: resealed(s, key=d.key, aud="other.example"),
        "E_KID_UNKNOWN",
    ),
    "for another freelancer": (
        lambda d, s: resealed(s, key=d.key, sub=b64url_encode(b"s" * 16)),
        "E_KID_UNKNOWN",
    ),
    "another algorithm": (lambda d, s: resealed(s, key=d.key, header={"alg": "HS256"}), "E_ALG"),
    "no algorithm": (lambda d, s: resealed(s, key=d.key, header={"alg": "none"}), "E_ALG"),
    "another type": (lambda d, s: resealed(s, key=d.key, header={"typ": "jwt"}), "E_TYP"),
    "one more header": (lambda d, s: resealed(s, key=d.key, header={"jku": "x"}), "E_FORMAT"),
    "claims of a token": (lambda d, s: resealed(s, key=d.key, exp=1), "E_FORMAT"),
    "a number that is none": (lambda d, s: resealed(s, key=d.key, seq="7"), "E_FORMAT"),
    "a doubled disclosure": (
        lambda _d, s: s + s.split(b"~")[1] + b"~",
        "E_DISC_DUP",
    ),
    "a disclosure of somebody else": (
        lambda _d, s: (
            s
            + b64url_encode(canonical([b64url_encode(b"x" * 16), "memo", "Other"])).encode()
            + b"~"
        ),
        "E_DISC_UNMATCHED",
    ),
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_or_malformed_segment_is_refused_by_its_code(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes], kind: str
) -> None:
    device, _, data = day
    forge, code = FORGERIES[kind]
    bad = forge(device, data)
    before = marketplace.leaves()
    assert refused(device.put_segment(bad, name_of(bad))) == (422, code)
    assert marketplace.leaves() == before


def test_a_segment_under_another_address_is_refused(
    day: tuple[SimulatedDevice, Contract, bytes],
) -> None:
    device, _, data = day
    assert refused(device.put_segment(data, digest(b"other"))) == (422, "E_FORMAT")


def test_another_accounts_segment_cannot_be_sent(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    _, _, data = day
    thief = enrolled(marketplace.contract("Another"))
    assert refused(thief.put_segment(data)) == (422, "E_KID_UNKNOWN")


def test_a_foreign_contract_shows_nothing_of_it(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    """Authentic, so it is logged; but time on a foreign contract is not paid."""
    _, contract, data = day
    own = marketplace.contract("Their own")
    stranger = enrolled(own)
    stranger.fetch_beacon(START)
    made = stranger.work(own.ctr, START)
    body = replace(parse(made).segment, ctr=contract.ctr, terms=parse(data).segment.terms)
    minutes = parse(made).minutes
    forged = stranger.seal(body, "Not mine", minutes, list(parse(made).pictures.values()))
    answer = stranger.put_segment(forged)
    assert answer.status_code == 201
    assert "E_TERMS" in [f["code"] for f in answer.json()["findings"]]
    assert marketplace.day(contract.client, contract.ctr).slots == ()
    assert marketplace.day(contract.freelancer, contract.ctr).totals.tracked_s == 0
    assert parse(forged).hash not in {
        s["hash"]
        for s in stranger.call(
            "GET", "/v1/diary", params={"contract": own.ctr, "from": START, "to": START + 600}
        ).json()["segments"]
    }


@FEWER
@given(data=st.data())
def test_changed_bytes_of_a_segment_are_never_accepted(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes], data: st.DataObject
) -> None:
    device, _, good = day
    at = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.integers(0, 3))
    put_in = data.draw(st.binary(max_size=4))
    bad = good[:at] + put_in + good[at + cut :]
    before = marketplace.leaves()
    answer = device.put_segment(bad, name_of(bad))
    if bad != good:
        assert answer.status_code == 422
        assert marketplace.leaves() == before


@pytest.fixture(scope="module")
def statements(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes]
) -> dict[str, bytes]:
    """One valid statement of each kind, none of them sent."""
    device, contract, data = day
    second = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    second.enrol(marketplace.code(contract.freelancer))
    second.http.close()
    return {
        "amends": amended(device, data, "Another memo"),
        "tombstones": deleted(device, data, "shot_0", scope=["shot", "time"]),
        "retires": retired(device),
        "vouches": vouched(device, second),
    }


@FEWER
@given(data=st.data())
def test_changed_bytes_of_a_statement_are_never_accepted(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    statements: dict[str, bytes],
    data: st.DataObject,
) -> None:
    device, _, _ = day
    what = data.draw(st.sampled_from(sorted(statements)))
    good = statements[what]
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] + data.draw(st.binary(max_size=4)) + good[at + data.draw(st.integers(0, 3)) :]
    before = marketplace.leaves()
    if bad != good:
        assert refused(device.post_statement(what, bad))[0] == 422
    assert marketplace.leaves() == before


@FEWER
@given(body=st.binary(max_size=2_000))
def test_garbage_is_never_a_statement(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    statements: dict[str, bytes],
    body: bytes,
) -> None:
    device, _, _ = day
    for what in statements:
        assert refused(device.post_statement(what, body))[0] == 422


@FEWER
@given(body=st.binary(max_size=2_000))
def test_garbage_is_never_a_segment(
    day: tuple[SimulatedDevice, Contract, bytes], body: bytes
) -> None:
    device, _, _ = day
    assert refused(device.put_segment(body, name_of(body)))[0] == 422


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@FEWER
@given(
    value=JSON
    | st.fixed_dictionaries({"code": JSON})
    | st.fixed_dictionaries({"enrolment": JSON | st.binary().map(b64url_encode)})
)
def test_no_json_breaks_the_sign_in(
    day: tuple[SimulatedDevice, Contract, bytes], value: object
) -> None:
    device, _, _ = day
    for path in ("/v1/enrolments", "/v1/devices"):
        # Python's own spelling: also NaN and Infinity, which are not JSON.
        body = json.dumps(value).encode()
        headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
        answer = device.http.post(path, content=body, headers=headers)
        assert answer.status_code in (401, 422)
        refused(answer)


@FEWER
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "x/y", ""]
    ),
)
def test_no_body_breaks_the_sign_in(
    day: tuple[SimulatedDevice, Contract, bytes], body: bytes, kind: str
) -> None:
    device, _, _ = day
    for path in ("/v1/enrolments", "/v1/devices", "/oauth/token"):
        answer = device.http.post(path, content=body, headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500
        refused(answer)


@FEWER
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "BREW"]),
    path=st.sampled_from(
        ["/v1/segments/", "/v1/blobs/", "/v1/beacons/", "/log/proof/", "/signin/", "/pictures/",
         "/thumbs/", "/contracts/", "/static/", "/", "/v1/", "/admin/"]
    ),
    tail=st.text(st.characters(codec="utf-8"), max_size=60),
)  # fmt: skip
def test_no_address_breaks_anything(
    day: tuple[SimulatedDevice, Contract, bytes], method: str, path: str, tail: str
) -> None:
    device, _, _ = day
    answer = device.http.request(method, path + quote(tail))
    assert answer.status_code < 500


def test_deeply_nested_json_is_refused(day: tuple[SimulatedDevice, Contract, bytes]) -> None:
    device, _, _ = day
    for body in (b"[" * 100_000, b'{"code":' * 20_000, b'{"code":' + b"9" * 100_000 + b"}"):
        answer = device.http.post("/v1/enrolments", content=body)
        assert 400 <= answer.status_code < 500
        refused(answer)


# Sizes and times


def test_too_long_bodies_are_refused_whether_announced_or_not(
    day: tuple[SimulatedDevice, Contract, bytes],
) -> None:
    device, _, _ = day
    big = b"x" * 140_000
    announced = device.put_segment(big, name_of(big))
    assert refused(announced) == (413, "too_large")
    path = f"/v1/segments/{name_of(big)}"
    pieces = device.call("PUT", path, content=iter([big[:70_000], big[70_000:]]))
    assert refused(pieces) == (413, "too_large")


def test_a_segment_longer_than_the_protocol_allows_is_refused(
    day: tuple[SimulatedDevice, Contract, bytes],
) -> None:
    device, _, data = day
    long = data + b"A" * 65_536 + b"~"
    assert refused(device.put_segment(long, name_of(long))) == (422, "E_FORMAT")


def test_a_body_that_drips_is_cut_off(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes]
) -> None:
    device, _, _ = day
    path = f"/v1/segments/{digest(b'x')}"
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: {marketplace.url.partition('//')[2]}\r\n"
        f"Content-Length: 1000\r\nAuthorization: DPoP {device.token}\r\n"
        f"DPoP: {device.proof('PUT', path, device.token)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", int(marketplace.url.rpartition(":")[2]))) as line:
        line.sendall(head.encode() + b"some of it")
        line.settimeout(20)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in answer


def test_too_many_headers_are_refused(day: tuple[SimulatedDevice, Contract, bytes]) -> None:
    device, _, _ = day
    many = [(f"x-{i}", "y") for i in range(80)]
    assert refused(device.http.get("/healthz", headers=many)) == (431, "headers_too_large")
    long = {"x-long": "y" * 40_000}
    assert refused(device.http.get("/healthz", headers=long)) == (431, "headers_too_large")


@pytest.mark.parametrize(
    "noise",
    [
        b"\x00" * 200,
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
        b"PUT /v1/segments/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a number\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["zeros", "version", "tls", "length", "chunk", "long-target"],
)
def test_bytes_that_are_no_http_request_are_refused(
    marketplace: LiveMarketplace, noise: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", int(marketplace.url.rpartition(":")[2]))) as line:
        line.settimeout(20)
        answer = response_to(line, noise, end=True)
    assert not answer or answer.startswith(b"HTTP/1.1 4")
    assert httpx.get(f"{marketplace.url}/healthz", trust_env=False, verify=False).text == "ok\n"


# Pictures


def bomb() -> bytes:
    """A WebP of a few bytes that claims to be 16383 x 16383."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "WEBP", lossless=True)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\x2f", data.index(b"VP8L"))
    size = 16_382 | 16_382 << 14
    bits = int.from_bytes(data[at + 1 : at + 5], "little") & ~((1 << 28) - 1) | size
    data[at + 1 : at + 5] = bits.to_bytes(4, "little")
    return bytes(data)


def moving() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 50_000_000)
    return buffer.getvalue()


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        bomb,
        moving,
        zipped,
        png,
        lambda: b"",
        lambda: b"RIFF",
        lambda: webp()[:40],
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ],
    ids=["bomb", "moving", "zip", "png", "empty", "head only", "cut", "svg"],
)
def test_an_invalid_picture_is_refused(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    make: Callable[[], bytes],
) -> None:
    device, _, _ = day
    data = make()
    assert refused(device.put_blob(data)) == (422, "blob_format")
    assert not marketplace.deps.blobs.has(digest(data))


@FEWER
@given(data=st.data())
def test_no_change_to_a_picture_breaks_the_check(
    day: tuple[SimulatedDevice, Contract, bytes], data: st.DataObject
) -> None:
    device, _, _ = day
    good = webp(colour="#123456")
    at = data.draw(st.integers(0, min(60, len(good) - 1)))
    bad = good[:at] + data.draw(st.binary(min_size=1, max_size=6)) + good[at + 1 :]
    answer = device.put_blob(bad)
    assert answer.status_code in (200, 201, 422)


def test_bytes_of_another_hash_are_refused(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes]
) -> None:
    device, _, _ = day
    name = digest(b"something else")
    assert refused(device.put_blob(webp(), name)) == (422, "blob_hash")
    assert not marketplace.deps.blobs.has(name)


def test_a_picture_over_the_limit_is_refused(day: tuple[SimulatedDevice, Contract, bytes]) -> None:
    device, _, _ = day
    path = f"/v1/blobs/{digest(b'x')}"
    pieces = (os.urandom(1 << 20) for _ in range(21))
    answer = device.call("PUT", path, content=pieces, headers={"Content-Type": "image/webp"})
    assert refused(answer) == (413, "too_large")


def test_only_pictures_are_taken_and_only_from_devices(
    day: tuple[SimulatedDevice, Contract, bytes],
) -> None:
    device, _, _ = day
    data = webp()
    path = f"/v1/blobs/{digest(data)}"
    other = device.call("PUT", path, content=data, headers={"Content-Type": "image/png"})
    assert refused(other) == (415, "blob_type")
    for kind in ("application/json", "application/sd-jwt; x=y", ""):
        segment = device.call(
            "PUT", f"/v1/segments/{digest(data)}", content=data, headers={"Content-Type": kind}
        )
        assert refused(segment) == (415, "body_type")
    anyone = device.http.put(path, content=data, headers={"Content-Type": "image/webp"})
    assert refused(anyone) == (401, "token_missing")
    assert device.http.head(path).status_code == 401
    unknown = device.call("HEAD", path)
    assert (unknown.status_code, unknown.content) == (404, b"")
    assert unknown.headers["content-type"] == "application/problem+json"


def test_no_account_learns_whether_another_sent_a_picture(
    marketplace: LiveMarketplace,
    day: tuple[SimulatedDevice, Contract, bytes],
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    device, _, _ = day
    data = webp()
    path = f"/v1/blobs/{digest(data)}"
    assert device.call("HEAD", path).status_code == 404
    assert device.put_blob(data).status_code == 201
    assert device.put_blob(data).status_code == 200
    assert device.call("HEAD", path).status_code == 200
    stranger = enrolled(marketplace.contract("Another"))
    assert stranger.call("HEAD", path).status_code == 404
    assert stranger.put_blob(data).status_code == 201
    assert stranger.call("HEAD", path).status_code == 200


def test_an_upload_that_breaks_off_leaves_nothing_behind(
    marketplace: LiveMarketplace, day: tuple[SimulatedDevice, Contract, bytes]
) -> None:
    device, _, _ = day
    data = webp(640, 400)
    path = f"/v1/blobs/{digest(data)}"
    arriving = marketplace.deps.config.blobs / "arriving"
    for _ in range(5):
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: {marketplace.url.partition('//')[2]}\r\n"
            f"Content-Length: {len(data)}\r\n"
            "Content-Type: image/webp\r\n"
            f"Authorization: DPoP {device.token}\r\n"
            f"DPoP: {device.proof('PUT', path, device.token)}\r\n\r\n"
        )
        port = int(marketplace.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(head.encode() + data[:-10])
            wait_for(lambda: list(arriving.iterdir()), what="the upload to begin")
        wait_for(lambda: not list(arriving.iterdir()), what="the rest to be swept away")
    assert not marketplace.deps.blobs.has(digest(data))
    assert device.put_blob(data).status_code == 201
