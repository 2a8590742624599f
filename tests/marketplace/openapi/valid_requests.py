"""Valid values where a JSON Schema cannot describe them: signed objects, hashes of the body,
periods with an order and a longest length, and the names of what exists.

Only the valid parts of a generated request are replaced; the invalid ones are sent as generated.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis.core.parameters import ParameterLocation

from diary.formats.encoding import MAX_INT, digest
from diary.objects.received_parts import received_parts
from diary.objects.segment import parse
from marketplace.api.diary import MAX_SPAN_S
from marketplace.exports.period import MAX_DAYS
from tests.marketplace.live_marketplace import START
from tests.marketplace.openapi.working_client import WorkingClient
from tests.marketplace.simulated_device import webp

PATH, QUERY, HEADER, BODY = (
    ParameterLocation.PATH,
    ParameterLocation.QUERY,
    ParameterLocation.HEADER,
    ParameterLocation.BODY,
)
_DAY = 86_400
#: `schemathesis.Case`; the form of its body depends on the operation.
Case = Any
_WEEK_NAME = "2026-W47"


@schemathesis.serializer("application/sd-jwt", "application/jose", "image/webp")
def _raw(_context: Any, value: Any) -> bytes:
    """The bytes of a body. A JSON Schema knows no bytes: each character of a picture is one."""
    text = str(value)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


class ValidRequests:
    """Changes generated requests before they are sent; reads the responses for the client."""

    def __init__(self, client: WorkingClient) -> None:
        self._client = client

    # Hooks of schemathesis

    def before_call(self, case: Case) -> None:
        """Replace the valid parts of a request."""
        if case.method.upper() != case.operation.method.upper():
            return
        name = case.operation.label.replace("/v1/", "").replace("{", "").replace("}", "")
        method = "_" + "".join(c if c.isalnum() else "_" for c in name).lower()
        change = getattr(self, method, None)
        if change is not None:
            change(case)

    def after_call(self, case: Case, response: Any) -> None:
        """Remember what a response gives to the client."""
        label, status = case.operation.label, response.status_code
        if label == "POST /v1/enrolments" and status == 200:
            self._client.begun = response.json()
        elif label == "POST /v1/devices" and status == 201:
            self._client.enrolled()
        elif label == "POST /oauth/token" and status == 200:
            given = response.json()
            if given["token_type"] == "DPoP":
                self._client.signed_in(given["access_token"])

    # Changes, each named after its operation

    def _post_enrolments(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = {**case.body, "code": self._client.code()}

    def _post_devices(self, case: Case) -> None:
        if not _valid(case, BODY):
            return
        if case.body.get("receipt") is not None:
            data, receipt = self._client.known_enrolment()
            case.body = {**case.body, "enrolment": data.decode(), "receipt": receipt}
        else:
            case.body = {**case.body, "enrolment": self._client.enrolment().decode()}

    def _post__oauth_token(self, case: Case) -> None:
        if not _valid(case, BODY):
            return
        if case.body["grant_type"] == "authorization_code":
            case.body = {**case.body, **self._client.authorization()}
        else:
            case.body = {**case.body, **self._client.assertion()}
            case.headers["DPoP"] = self._client.token_proof()

    def _post_beacons(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = self._client.beacon().decode()

    def _put_blobs_sha(self, case: Case) -> None:
        if _valid(case, BODY, PATH):
            picture = webp()
            case.body = picture.decode("latin-1")
            case.path_parameters["sha"] = digest(picture)

    def _head_blobs_sha(self, case: Case) -> None:
        if _valid(case, PATH) and _often(case):
            shot = next(iter(parse(self._client.sent).pictures.values()), None)
            if shot is not None:
                case.path_parameters["sha"] = shot.blob.sha256

    def _put_segments_sha(self, case: Case) -> None:
        if not _valid(case, BODY, PATH, HEADER):
            return
        data = self._client.segment()
        case.body = data.decode()
        case.path_parameters["sha"] = parse(data).hash
        if "Workdiary-Parts" in case.headers:
            mask = received_parts(parse(data), lambda _: True)
            case.headers["Workdiary-Parts"] = str(int(case.headers["Workdiary-Parts"]) & mask)

    def _post_segments(self, case: Case) -> None:
        """The next segment first in the batch."""
        if _valid(case, BODY) and _often(case):
            data = self._client.segment()
            first = {"sha": parse(data).hash, "data": data.decode()}
            case.body = {"segments": [first, *case.body["segments"][1:]]}

    def _get_findings(self, case: Case) -> None:
        if _valid(case, QUERY) and _often(case) and not _linked(case, "query", "segment"):
            case.query["segment"] = [parse(self._client.sent).hash, *case.query["segment"][1:]]

    def _get_segments_sha(self, case: Case) -> None:
        if _valid(case, PATH) and not _linked(case, "path_parameters", "sha") and _often(case):
            case.path_parameters["sha"] = parse(self._client.sent).hash

    _get__log_proof_sha = _get_segments_sha

    def _post_heartbeat(self, case: Case) -> None:
        if _valid(case, BODY) and _often(case):
            case.body = {**case.body, "contract": self._client.contract.ctr}

    def _post_reviews(self, case: Case) -> None:
        """A text of white space alone is refused, and so is a salt with two texts."""
        if not _valid(case, BODY):
            return
        salt = digest(repr(case.body).encode("utf-8", "surrogatepass"))
        text = case.body["text"].strip() or "A call."
        case.body = {**case.body, "salt": salt, "text": text}
        if _often(case):
            names = {"contract": self._client.contract.ctr, "replies_to": self._client.question()}
            case.body = {**case.body, **names}

    def _post_vouches(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = self._client.statement("vouches").decode()

    def _post_retires(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = self._client.statement("retires").decode()

    def _post_amends(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = self._client.statement("amends").decode()

    def _post_tombstones(self, case: Case) -> None:
        if _valid(case, BODY):
            case.body = self._client.statement("tombstones").decode()

    def _get_contracts(self, case: Case) -> None:
        """Both edges of a day or none."""
        if not _valid(case, QUERY):
            return
        begin, end = (case.query.get(name) for name in ("day_from", "day_to"))
        if begin is None or end is None:
            case.query.pop("day_from", None)
            case.query.pop("day_to", None)
        else:
            begin = min(int(begin), MAX_INT - _DAY)
            case.query |= {"day_from": begin, "day_to": begin + 1 + int(end) % _DAY}

    def _get_diary(self, case: Case) -> None:
        """An order and at most five weeks."""
        if not _valid(case, QUERY):
            return
        begin = min(int(case.query["from"]), MAX_INT - MAX_SPAN_S)
        if _often(case):
            begin = START - START % _DAY
            case.query["contract"] = self._client.contract.ctr
        end = begin + int(case.query["to"]) % (MAX_SPAN_S + 1)
        case.query |= {"from": begin, "to": end}

    def _get_bundles_contract_week(self, case: Case) -> None:
        if _valid(case, PATH) and _often(case):
            case.path_parameters |= {"contract": self._client.contract.ctr, "week": _WEEK_NAME}

    def _get_weeks(self, case: Case) -> None:
        """An order and at most a year."""
        if not _valid(case, QUERY):
            return
        if _often(case):
            case.query |= {"first": "2026-11-01", "last": "2026-11-30"}
            if "contract" in case.query:
                case.query["contract"] = self._client.contract.ctr
            return
        try:
            first, last = sorted(
                dt.date.fromisoformat(case.query[name]) for name in ("first", "last")
            )
        except ValueError:
            # Digits that are no date: there is no such day (404).
            return
        last = min(last, first + dt.timedelta(days=MAX_DAYS - 1))
        case.query |= {"first": first.isoformat(), "last": last.isoformat()}

    _get_reports = _get_weeks

    def _post_webhooks(self, case: Case) -> None:
        if _valid(case, BODY):
            self._client.forget_webhooks()
            case.body = {"url": "https://erp.example/hook", "events": case.body["events"]}

    def _webhook(self, case: Case) -> None:
        """Mostly a webhook that exists."""
        if _valid(case, PATH) and _often(case):
            case.path_parameters["endpoint"] = self._client.webhook()

    _get_webhooks_endpoint = _webhook
    _patch_webhooks_endpoint = _webhook
    _delete_webhooks_endpoint = _webhook
    _post_webhooks_endpoint_secret = _webhook
    _post_webhooks_endpoint_test = _webhook
    _get_webhooks_endpoint_deliveries = _webhook

    def _get_views(self, case: Case) -> None:
        if _valid(case, QUERY) and "segment" in case.query and _often(case):
            case.query["segment"] = parse(self._client.sent).hash

    def _get_beacons_slot(self, case: Case) -> None:
        if _valid(case, PATH) and _often(case):
            case.path_parameters["slot"] = START

    def _get__log_tile_path(self, case: Case) -> None:
        if _valid(case, PATH) and _often(case):
            case.path_parameters["path"] = "entries/000.p/2"

    def _get__log_name_tile_path(self, case: Case) -> None:
        if _valid(case, PATH):
            self._get__log_tile_path(case)
            self._get__log_name_checkpoint(case)

    def _get__log_name_checkpoint(self, case: Case) -> None:
        if _valid(case, PATH) and _often(case):
            case.path_parameters["name"] = "2026"


def _often(case: Case) -> bool:
    """Whether to ask for what exists: the same for the same request, as schemathesis repeats the
    beginnings of sequences.
    """
    generated = (case.operation.label, case.path_parameters, case.query, case.body)
    return crc32(repr(generated).encode()) % 10 < 7


def _valid(case: Case, *locations: ParameterLocation) -> bool:
    """Whether these parts of a request are meant to be valid."""
    meta = case.meta
    if meta is None:
        return True
    return not any(meta.is_negative_at(location) for location in locations)


def _linked(case: Case, container: str, name: str) -> bool:
    """Whether a link gave the value of this parameter."""
    return case._override is not None and name in getattr(case._override, container, {})
