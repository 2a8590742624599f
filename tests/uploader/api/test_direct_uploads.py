"""The client's side of direct uploads, with hostile marketplaces and stores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from diary.formats.encoding import digest
from tests.marketplace.simulated_device import webp
from tests.uploader import proxy as faults
from tests.uploader.exchanges import refusing
from tests.uploader.proxy import Exchange, Fault, FaultProxy, running
from uploader.api import direct_uploads
from uploader.api.direct_uploads import PAUSE_S, PictureSender, check_store
from uploader.errors import NetworkError, Problem, RefusedError

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


@dataclass
class Store:
    """A store that takes everything, and notes the headers of each request."""

    server: FaultProxy
    seen: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> None:
        self.seen.append({k.lower(): v for k, v in exchange._handler.headers.items()})
        exchange.answer(200)


@pytest.fixture
def store() -> Iterator[Store]:
    with running(FaultProxy()) as server:
        store = Store(server)
        server.always = store
        yield store


@dataclass
class Offering:
    """A marketplace that offers direct uploads to `url`, and says that they have arrived."""

    proxy: FaultProxy
    url: str
    permission: Fault | None = None
    completion: Fault | None = None
    headers: Callable[[dict[str, str]], object] = lambda headers: headers

    def __call__(self, exchange: Exchange) -> None:
        if exchange.path.endswith("/complete"):
            (self.completion or _complete)(exchange)
        elif exchange.path.startswith("/v1/uploads/"):
            (self.permission or self.permit)(exchange)
        else:
            reply = exchange.forward()
            body = json.dumps({**json.loads(reply.body), "direct_uploads": True}).encode()
            headers = [*reply.headers, ("Set-Cookie", "session=s3cr3t; Path=/")]
            exchange.reply(faults.Reply(200, headers, body))

    def permit(self, exchange: Exchange) -> None:
        wanted = json.loads(exchange.body)
        sha = exchange.path.rpartition("/")[2]
        headers = {
            "Content-Length": str(wanted["length"]),
            "Content-Type": wanted["type"],
            "If-None-Match": "*",
            "x-amz-content-sha256": PICTURES[sha],
        }
        answer = {"url": self.url, "headers": self.headers(headers), "expires": 1}
        exchange.answer(200, json.dumps(answer).encode(), "application/json")


def _complete(exchange: Exchange) -> None:
    exchange.answer(201)


#: The hexadecimal hashes of the pictures, by their names.
PICTURES: dict[str, str] = {}


def picture() -> tuple[str, bytes]:
    data = webp()
    PICTURES[digest(data)] = hashlib.sha256(data).hexdigest()
    return digest(data), data


@pytest.fixture
def offering(at_work: Pair, store: Store, monkeypatch: pytest.MonkeyPatch) -> Offering:
    client, proxy = at_work
    monkeypatch.setattr(direct_uploads, "FEWEST_BYTES", 1)
    offering = Offering(proxy, f"{store.server.url}/bucket/arriving/x?X-Amz-Signature=1")
    proxy.applies = lambda exchange: (
        exchange.path.startswith("/v1/uploads/") or exchange.path.startswith("/.well-known/")
    )
    proxy.always = offering
    client.client.well_known()
    proxy.requests.clear()
    return offering


@pytest.fixture
def sender(at_work: Pair, offering: Offering) -> Iterator[PictureSender]:
    client, _ = at_work
    made = PictureSender(client.client, client.watch)
    yield made
    made.close()


def routes(proxy: FaultProxy) -> list[str]:
    """The requests of pictures at the marketplace, without their hashes."""
    return [
        " ".join([method, *(part for part in path.split("/") if len(part) < 43 and part)])
        for method, path in proxy.requests
        if "blobs" in path or "uploads" in path
    ]


DIRECT = ["PUT v1 uploads", "POST v1 uploads complete"]
NORMAL = ["PUT v1 uploads", "PUT v1 blobs"]


def test_the_store_gets_the_picture_without_token_and_cookie(
    at_work: Pair, sender: PictureSender, store: Store
) -> None:
    client, proxy = at_work
    sha, data = picture()
    sender.put(sha, data, 7)
    assert routes(proxy) == DIRECT
    (headers,) = store.seen
    assert {name for name in headers if name not in {"host", "user-agent", "connection"}} == {
        "accept", "accept-encoding", "content-length", "content-type", "if-none-match",
        "x-amz-content-sha256",
    }  # fmt: skip
    assert headers["x-amz-content-sha256"] == PICTURES[sha]
    assert not client.marketplace.deps.blobs.has(sha)


def test_the_store_is_reached_by_the_route_of_the_marketplace(
    at_work: Pair, sender: PictureSender
) -> None:
    client, _ = at_work
    assert sender._store.route is client.client.transport.route
    assert sender._store is not client.client.transport


def test_small_pictures_and_other_marketplaces_need_one_request(
    at_work: Pair, sender: PictureSender, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, proxy = at_work
    sha, data = picture()
    monkeypatch.setattr(direct_uploads, "FEWEST_BYTES", len(data) + 1)
    sender.put(sha, data, None)
    monkeypatch.setattr(direct_uploads, "FEWEST_BYTES", 1)
    proxy.always = None
    client.client.well_known()
    sha, data = picture()
    sender.put(sha, data, None)
    assert routes(proxy) == ["PUT v1 blobs"] * 2
    assert store.seen == []


HEADERS: dict[str, Callable[[dict[str, str]], object]] = {
    "token": lambda headers: {**headers, "Authorization": "x"},
    "host": lambda headers: {**headers, "Host": "elsewhere.example"},
    "permissions": lambda headers: {**headers, "x-amz-acl": "public-read"},
    "encoding": lambda headers: {**headers, "Transfer-Encoding": "chunked"},
    "other type": lambda headers: {**headers, "Content-Type": "text/html"},
    "other length": lambda headers: {**headers, "Content-Length": "1"},
    "number": lambda headers: {**headers, "If-None-Match": 7},
    "injected line": lambda headers: {**headers, "If-None-Match": "*\r\nX: y"},
    "list": list,
    "none": lambda _: None,
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_marketplace_cannot_choose_the_headers(
    at_work: Pair,
    sender: PictureSender,
    store: Store,
    offering: Offering,
    headers: Callable[[dict[str, str]], object],
) -> None:
    client, proxy = at_work
    offering.headers = headers
    sha, data = picture()
    sender.put(sha, data, None)
    assert (routes(proxy), store.seen) == (NORMAL, [])
    assert client.marketplace.deps.blobs.read(sha) == data


PERMISSIONS: dict[str, Fault] = {
    "refusal": refusing("not_found", 404),
    "no JSON": faults.not_json,
    "huge": faults.huge,
    "other shape": faults.other_shape,
    "server error": faults.trouble(500),
}


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=PERMISSIONS)
def test_without_an_address_the_marketplace_gets_the_picture(
    at_work: Pair, sender: PictureSender, store: Store, offering: Offering, permission: Fault
) -> None:
    client, proxy = at_work
    offering.permission = permission
    sha, data = picture()
    sender.put(sha, data, None)
    assert (routes(proxy), store.seen) == (NORMAL, [])
    assert client.marketplace.deps.blobs.read(sha) == data


@pytest.mark.parametrize(
    "url",
    [
        "http://store.example/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "https://",
        "https://169.254.169.254/latest", "https://[fe80::1]/x", "https://user:pw@127.0.0.1/x",
        "https://0.0.0.0/", "https://" + "x" * 5000, "//127.0.0.1/x", "",
    ],
)  # fmt: skip
def test_an_unsafe_address_is_not_used(
    at_work: Pair, sender: PictureSender, offering: Offering, url: str
) -> None:
    client, proxy = at_work
    offering.url = url
    sha, data = picture()
    sender.put(sha, data, None)
    assert routes(proxy) == NORMAL
    assert client.marketplace.deps.blobs.read(sha) == data


STORES: dict[str, Fault] = {
    "refusal": faults.trouble(403),
    "refusal in XML": lambda exchange: exchange.answer(403, b"<Error/>", "application/xml"),
    "redirect": faults.redirected("https://elsewhere.example/"),
    "redirect to itself": faults.redirected("{here}", 307),
    "server error": faults.trouble(503, Retry_After="86400"),
    "sign-in page": faults.captive_portal,
    "huge": faults.huge,
    "garbage": faults.garbage,
    "reset": faults.reset_at_once,
    "cut": faults.reset_in_the_body,
    "a proxy's sign-in": faults.trouble(407),
}


@pytest.mark.parametrize("fault", STORES.values(), ids=STORES)
def test_if_the_store_fails_the_marketplace_gets_the_picture(
    at_work: Pair, sender: PictureSender, store: Store, fault: Fault
) -> None:
    client, proxy = at_work
    store.server.always = fault
    sha, data = picture()
    sender.put(sha, data, None)
    assert routes(proxy) == NORMAL
    assert len(store.server.requests) == 1, "no redirect is followed, nothing is repeated"
    assert client.marketplace.deps.blobs.read(sha) == data


def test_after_a_failure_the_store_is_left_alone_for_a_while(
    at_work: Pair, sender: PictureSender, store: Store
) -> None:
    client, proxy = at_work
    store.server.always = faults.trouble(403)
    sender.put(*picture(), None)
    store.server.always = store
    sender.put(*picture(), None)
    client.watch.wait(PAUSE_S)
    sender.put(*picture(), None)
    assert routes(proxy) == [*NORMAL, "PUT v1 blobs", *DIRECT]


def test_a_repetition_counts_after_the_marketplace_has_confirmed_it(
    at_work: Pair, sender: PictureSender, store: Store, offering: Offering
) -> None:
    client, proxy = at_work
    store.server.always = lambda exchange: exchange.answer(412, b"<Error/>", "application/xml")
    sender.put(*picture(), None)
    assert routes(proxy) == DIRECT
    offering.completion = refusing("not_uploaded", 409)
    sha, data = picture()
    sender.put(sha, data, None)
    assert routes(proxy) == [*DIRECT, *DIRECT, "PUT v1 blobs"]
    assert client.marketplace.deps.blobs.read(sha) == data


def test_a_deleted_picture_is_sent_nowhere(
    at_work: Pair, sender: PictureSender, store: Store, offering: Offering
) -> None:
    _, proxy = at_work
    offering.permission = refusing("blob_erased", 410)
    with pytest.raises(RefusedError, match="blob_erased"):
        sender.put(*picture(), None)
    assert (routes(proxy), store.seen) == (["PUT v1 uploads"], [])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.trouble(507), Problem.NO_ROOM),
        (faults.trouble(503, Retry_After="60"), Problem.SERVER_BUSY),
        (faults.redirected("https://elsewhere.example/"), Problem.UNEXPECTED_REDIRECT),
    ],
)
@pytest.mark.parametrize("step", ["permission", "completion"])
def test_a_marketplace_that_cannot_answer_is_asked_again_later(
    at_work: Pair, sender: PictureSender, offering: Offering, step: str, fault: Fault, code: Problem
) -> None:
    _, proxy = at_work
    setattr(offering, step, fault)
    with pytest.raises(NetworkError) as caught:
        sender.put(*picture(), None)
    assert caught.value.code is code
    assert routes(proxy) == DIRECT[: 1 if step == "permission" else 2]


REMOTE, LOCAL = "https://market.example", "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "http://127.0.0.1:9000/", "https://localhost:8443/",
        "https://localhost./", "https://store.localhost/", "https://2130706433/",
        "https://0x7f.1/", "https://017700000001/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/", "https://[::ffff:169.254.169.254]/", "https://[fe80::1]/",
        "https://0.0.0.0/", "https://0/", "https://[::]/", "https://224.0.0.1/", "https://[ff02::1]/",
        "http://s3.example/", "https://[/", "https://",
    ],
)  # fmt: skip
def test_a_marketplace_elsewhere_cannot_reach_this_computer_or_its_network_segment(
    url: str,
) -> None:
    with pytest.raises(NetworkError) as caught:
        check_store(url, REMOTE)
    assert caught.value.code is Problem.INSECURE_ADDRESS


@pytest.mark.parametrize(
    ("url", "marketplace"),
    [
        ("https://s3.example/bucket/x?X-Amz-Signature=1", REMOTE),
        ("https://10.0.0.7:9000/bucket/x", REMOTE),
        ("http://127.0.0.1:9000/bucket/x", LOCAL),
        ("https://localhost:9000/bucket/x", LOCAL),
    ],
)
def test_other_stores_may_be_used(url: str, marketplace: str) -> None:
    check_store(url, marketplace)
