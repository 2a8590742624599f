"""The routes and the sign-in, against a real marketplace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from diary.core.day_bounds import day_bounds
from diary.formats.ed25519 import thumbprint
from diary.formats.encoding import b64url_encode, digest
from diary.objects.segment import parse
from tests.marketplace.live_marketplace import AUD, START
from tests.marketplace.simulated_device import webp
from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange, FaultProxy, Reply
from uploader.api.client import DeviceCredentials, MarketplaceClient
from uploader.api.dpop import AuthKey
from uploader.api.transport import ServerClockObserver, Transport
from uploader.errors import KeysError, NetworkError, Problem, RefusedError, UploaderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def opened(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT that its own or the given key signed."""
    found = jws.extract_compact(text.encode())
    return found.headers(), json.loads(found.payload)


def code_of(call: Callable[[], object]) -> Problem:
    with pytest.raises(UploaderError) as caught:
        call()
    return caught.value.code


# Sign-in


def test_one_token_serves_many_requests(at_work: Pair) -> None:
    client, proxy = at_work
    for _ in range(3):
        assert client.client.me().sub == client.contract.freelancer
    assert sum(path == "/oauth/token" for _, path in proxy.requests) == 0
    client.client.close()
    client.client.me()
    client.client.contracts(day_bounds(START))
    assert sum(path == "/oauth/token" for _, path in proxy.requests) == 1


def test_a_token_is_renewed_before_it_ends(at_work: Pair) -> None:
    client, proxy = at_work
    client.client.me()
    proxy.requests.clear()
    client.watch.now += 280  # of 300
    client.client.me()
    assert [path for _, path in proxy.requests] == ["/oauth/token", "/v1/me"]


def test_a_token_that_expires_during_a_request_is_replaced_once(at_work: Pair) -> None:
    client, proxy = at_work
    client.client.me()
    proxy.requests.clear()
    client.clock.to(client.clock.ms / 1000 + 400)  # only the marketplace's clock
    client.client.me()
    assert [path for _, path in proxy.requests] == ["/v1/me", "/oauth/token", "/v1/me"]


def test_a_token_that_is_never_good_is_a_refused_sign_in(at_work: Pair) -> None:
    client, proxy = at_work
    problem = json.dumps({"type": "about:blank", "status": 401, "code": "token_invalid"}).encode()
    proxy.applies = lambda exchange: exchange.path == "/v1/me"
    proxy.always = lambda exchange: exchange.answer(401, problem, "application/problem+json")
    assert code_of(client.client.me) is Problem.SIGN_IN_REFUSED
    assert sum(path == "/v1/me" for _, path in proxy.requests) == 2


def test_the_proofs_follow_the_standards(at_work: Pair) -> None:
    client, proxy = at_work
    client.client.close()
    client.client.me()
    signing_in, asking = (seen for seen in proxy.seen if seen.path in {"/oauth/token", "/v1/me"})
    form = dict(pair.split("=") for pair in signing_in.body.decode().split("&"))
    header, claims = opened(form["client_assertion"])
    assert header == {"typ": "client-authentication+jwt", "alg": "ES256"}
    assert claims["iss"] == claims["sub"] == client.keys.kid
    assert (claims["aud"], claims["exp"] - claims["iat"]) == (AUD, 60)
    key = ECKey.import_key(client.keys.auth.jwk)
    jwt.decode(form["client_assertion"], key, algorithms=["ES256"])
    first_header, first = opened(signing_in.headers["dpop"])
    assert first_header == {"typ": "dpop+jwt", "alg": "ES256", "jwk": client.keys.auth.jwk}
    assert (first["htm"], first["htu"]) == ("POST", f"{proxy.url}/oauth/token")
    assert "ath" not in first
    second_header, second = opened(asking.headers["dpop"])
    token = asking.headers["authorization"].removeprefix("DPoP ")
    assert second["ath"] == digest(token.encode())
    assert (second["htm"], second["htu"]) == ("GET", f"{proxy.url}/v1/me")
    assert second["iat"] == client.clock.ms // 1000
    assert len({first["jti"], second["jti"], claims["jti"]}) == 3
    assert thumbprint(second_header["jwk"]) == opened(token)[1]["cnf"]["jkt"]


def test_htu_leaves_query_and_fragment_out() -> None:
    proof = AuthKey.generate().proof(
        "GET", "https://x.example/v1/diary?a=1#b", 7.9, token=None, nonce=None
    )
    claims = opened(proof)[1]
    assert (claims["htu"], claims["iat"]) == ("https://x.example/v1/diary", 7)


def test_the_sign_in_key_is_restored_from_its_secret() -> None:
    for _ in range(300):  # including numbers that begin with zero bytes
        key = AuthKey.generate()
        again = AuthKey.from_secret(key.secret)
        assert again.jwk == key.jwk
        assert all(len(key.jwk[name]) == 43 for name in ("x", "y"))


def test_every_signature_is_one_for_another_library() -> None:
    """Also those of which a half begins with zero bytes: about one in 128."""
    for _ in range(600):
        key = AuthKey.generate()
        assertion = key.assertion("kid", AUD, 7.9)
        read = jwt.decode(assertion, ECKey.import_key(key.jwk), algorithms=["ES256"])
        assert read.header == {"typ": "client-authentication+jwt", "alg": "ES256"}
        assert (read.claims["iss"], read.claims["iat"], read.claims["exp"]) == ("kid", 7, 67)


def test_another_library_s_key_is_taken_and_its_thumbprint_is_shown() -> None:
    theirs = ECKey.generate_key("P-256")
    made = theirs.as_dict(private=True)
    key = AuthKey.from_secret(f"{made['d']}.{made['x']}.{made['y']}")
    jwt.decode(key.assertion("kid", AUD, 0), theirs, algorithms=["ES256"])
    assert repr(key) == f"AuthKey({theirs.thumbprint()!r})"


def test_halves_of_two_keys_are_no_key() -> None:
    ours, theirs = AuthKey.generate().secret, AuthKey.generate().secret
    d, _, _ = ours.split(".")
    _, x, y = theirs.split(".")
    for mixed in (f"{d}.{x}.{y}", f"{d}.{y}.{x}", f"{b64url_encode(bytes(32))}.{x}.{y}"):
        with pytest.raises(ValueError, match=r".*"):
            AuthKey.from_secret(mixed)


class Nonces:
    """A server that requires its own nonce in every proof, and changes it (RFC 9449 §8, §9)."""

    def __init__(self, *, changing: bool = False) -> None:
        self.count = 0
        self.changing = changing

    @property
    def wanted(self) -> str:
        return f"nonce-{self.count}"

    def __call__(self, exchange: Exchange) -> None:
        proof = exchange.header("DPoP")
        if proof is None or opened(proof)[1].get("nonce") == self.wanted:
            if self.changing:
                self.count += 1
            reply = exchange.forward()
            fresh = [*reply.headers, ("DPoP-Nonce", self.wanted)]
            exchange.reply(Reply(reply.status, fresh, reply.body))
        elif exchange.path == "/oauth/token":
            body = {"error": "use_dpop_nonce", "code": "use_dpop_nonce", "detail": "once more"}
            text = json.dumps(body).encode()
            exchange.answer(400, text, "application/problem+json", DPoP_Nonce=self.wanted)
        else:
            challenge = 'DPoP error="use_dpop_nonce", error_description="once more"'
            headers = {"DPoP_Nonce": self.wanted, "WWW_Authenticate": challenge}
            exchange.answer(401, b"{}", "application/problem+json", **headers)


@pytest.mark.parametrize("changing", [False, True])
def test_a_required_nonce_is_sent(at_work: Pair, changing: bool) -> None:
    client, proxy = at_work
    client.client.close()
    proxy.always = Nonces(changing=changing)
    for _ in range(3):
        assert client.client.me().kid == client.keys.kid
    paths = [path for _, path in proxy.requests]
    # Received at the start and never requested again: every response contains the next one.
    assert paths == ["/oauth/token", "/oauth/token", "/v1/me", "/v1/me", "/v1/me"]


def test_an_expired_nonce_is_learnt_again(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.always = nonces = Nonces()
    client.client.me()
    nonces.count += 1
    proxy.requests.clear()
    client.client.me()
    assert [path for _, path in proxy.requests] == ["/v1/me", "/v1/me"]


def test_a_server_that_refuses_every_nonce_is_given_up(at_work: Pair) -> None:
    client, proxy = at_work
    client.client.close()
    body = json.dumps({"error": "use_dpop_nonce"}).encode()
    proxy.always = lambda exchange: exchange.answer(400, body, "application/json", DPoP_Nonce="n")
    assert code_of(client.client.me) is Problem.SIGN_IN_REFUSED
    assert len(proxy.requests) == 3


@pytest.mark.parametrize("off_s", [-86_400, 3_600, 400_000_000])
def test_a_wrong_clock_does_not_prevent_the_sign_in(at_work: Pair, off_s: int) -> None:
    """The refusal's Date header has the time; the second attempt uses it."""
    client, _ = at_work
    wrong = ServerClockObserver(uptime_ms=lambda: 0, real_s=lambda: client.clock.ms / 1000 + off_s)
    device = DeviceCredentials(client.keys.kid, client.keys.auth)
    direct = MarketplaceClient(client.marketplace.url, Transport(wrong), device)
    assert direct.me().sub == client.contract.freelancer
    direct.close()


def test_an_unknown_device_gets_a_refusal(at_work: Pair) -> None:
    client, _ = at_work
    stranger = client.make_client(DeviceCredentials(b64url_encode(bytes(32)), AuthKey.generate()))
    with pytest.raises(RefusedError, match="devices page") as caught:
        stranger.me()
    assert caught.value.code is Problem.SIGN_IN_REFUSED
    assert caught.value.reason == "invalid_client"
    stranger.close()


def test_without_keys_only_public_routes_can_be_asked(newcomer: Pair) -> None:
    client, _ = newcomer
    assert client.client.well_known().aud == AUD
    with pytest.raises(KeysError) as caught:
        client.client.me()
    assert caught.value.code is Problem.NOT_ENROLLED


# Routes


def test_the_marketplace_describes_itself(newcomer: Pair) -> None:
    client, _ = newcomer
    known = client.client.well_known()
    assert (known.aud, known.origin, known.jitter_s, known.lapse) == (
        AUD,
        f"{AUD}/log/2026",
        0,
        None,
    )
    assert known.endpoints.segments == f"{client.marketplace.url}/v1/segments"


def test_a_marketplace_that_names_insecure_addresses_is_not_followed(newcomer: Pair) -> None:
    client, proxy = newcomer
    proxy.always = faults.mangled(lambda b: b.replace(b"http://127.0.0.1", b"http://192.0.2.7"))
    assert code_of(client.client.well_known) is Problem.INSECURE_ADDRESS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"aud":"workdiary', b'"aud":"WORKDIARY'),
        (b'"jitter_s":0', b'"jitter_s":-1'),
        (b'"jitter_s":0', b'"jitter_s":100000'),
        (b'"jitter_s":0', b'"jitter_s":"0"'),
        (b'"demo":null', b'"demo":{"speed":0,"origin_ms":1}'),
        (b'"demo":null', b'"demo":7'),
        (b'"log":{', b'"lag":{'),
        (b'"token":', b'"taken":'),
    ],
)
def test_a_well_known_of_another_shape_is_refused(newcomer: Pair, old: bytes, new: bytes) -> None:
    client, proxy = newcomer
    proxy.always = faults.mangled(lambda body: body.replace(old, new))
    assert code_of(client.client.well_known) is Problem.UNEXPECTED_ANSWER


def test_a_picture_is_there_after_it_was_sent(at_work: Pair) -> None:
    client, _ = at_work
    data = webp()
    assert not client.client.has_blob(digest(data))
    client.client.put_blob(digest(data), data)
    assert client.client.has_blob(digest(data))
    client.client.put_blob(digest(data), data)


def test_a_picture_under_a_false_name_is_refused(at_work: Pair) -> None:
    client, _ = at_work
    with pytest.raises(RefusedError) as caught:
        client.client.put_blob(digest(b"something else"), webp())
    assert (caught.value.status, caught.value.reason) == (422, "blob_hash")


def test_another_servers_success_is_not_trusted(at_work: Pair) -> None:
    client, proxy = at_work
    data = webp()
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/blobs/")
    proxy.always = lambda exchange: exchange.answer(201)
    assert code_of(lambda: client.client.put_blob(digest(data), data)) is Problem.UNEXPECTED_ANSWER
    proxy.always = lambda exchange: exchange.answer(200)
    assert code_of(lambda: client.client.has_blob(digest(data))) is Problem.UNEXPECTED_ANSWER
    proxy.always = None
    assert not client.client.has_blob(digest(data))


def test_a_segment_sent_twice_keeps_its_position(at_work: Pair) -> None:
    client, _ = at_work
    (data,) = client.many(1, pictures=0)
    first = client.client.put_segment(parse(data).hash, data)
    again = client.client.put_segment(parse(data).hash, data)
    assert (first.created, again.created) == (True, False)
    assert first.receipt.split(b"\n")[2] == again.receipt.split(b"\n")[2]


def test_a_changed_segment_is_refused_with_its_code(at_work: Pair) -> None:
    client, _ = at_work
    (data,) = client.many(1, pictures=0)
    signed, tilde, rest = data.partition(b"~")
    bad = signed[:-4] + b"AAAA" + tilde + rest
    with pytest.raises(RefusedError, match="E_SIG") as caught:
        client.client.put_segment(digest(bad.partition(b"~")[0]), bad)
    assert caught.value.status == 422


def test_a_slot_without_a_beacon_reports_it(at_work: Pair) -> None:
    client, _ = at_work
    assert client.client.current_beacon() == client.client.beacon(START - 600)
    with pytest.raises(RefusedError) as caught:
        client.client.beacon(START + 600_000)
    assert (caught.value.status, caught.value.reason) == (404, "beacon_unknown")


@pytest.mark.parametrize("text", ["x", "ü" * 43, "a b", "a\nb"])
def test_a_code_of_any_form_is_only_a_wrong_code(newcomer: Pair, text: str) -> None:
    client, _ = newcomer
    with pytest.raises(RefusedError, match="Get a new one") as caught:
        client.client.redeem(text)
    assert caught.value.code is Problem.CODE_INVALID


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"sub":"x","device":{},"heads":[]}',
        b'{"sub":7}',
        b'{"sub":"AAAAAAAAAAAAAAAAAAAAAA","name":"n","device":{"kid":"short","name":"d"},"heads":[]}',
    ],
)
def test_an_answer_of_another_shape_is_refused(at_work: Pair, body: bytes) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: exchange.path == "/v1/me"
    proxy.always = lambda exchange: exchange.answer(200, body, "application/json")
    assert code_of(client.client.me) is Problem.UNEXPECTED_ANSWER


def test_a_refusal_without_a_reason_is_not_the_marketplaces(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/segments/")
    proxy.always = lambda exchange: exchange.answer(422, b"no", "text/plain")
    (data,) = client.many(1, pictures=0)
    with pytest.raises(NetworkError) as caught:
        client.client.put_segment(parse(data).hash, data)
    assert caught.value.code is Problem.UNEXPECTED_ANSWER


def test_text_for_people_cannot_carry_control_characters(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: exchange.path.startswith("/v1/contracts")
    title = b'"title":"Acme\\u001b[31m shop \\ud800"'
    proxy.always = faults.mangled(lambda b: b.replace(b'"title":"Acme shop rebuild"', title))
    (contract,) = client.client.contracts(day_bounds(START)).contracts
    assert contract.title == "Acme?[31m shop ?"


def test_a_base_address_without_https_is_refused_at_once() -> None:
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0))
    with pytest.raises(NetworkError) as caught:
        MarketplaceClient("http://workdiary.example", transport)
    assert caught.value.code is Problem.INSECURE_ADDRESS
