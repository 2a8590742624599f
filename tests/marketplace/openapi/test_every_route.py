"""Requests generated from the OpenAPI document: valid, invalid, and in sequences along its links.

All checks of schemathesis run on all routes, signed in. In `make test` each route gets a few
requests of each kind with a fixed seed; `make fuzz` sends more.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
import requests.auth
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.config._checks import NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.run import PhaseName
from schemathesis.schemas import BaseSchema

from diary.core.slots import week_of
from marketplace.accounts.api_tokens import SCOPES
from marketplace.api.document import LINKS
from marketplace.core.rate_limit import Rule, Throttle
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.openapi.identities import identity
from tests.marketplace.openapi.valid_requests import ValidRequests
from tests.marketplace.openapi.working_client import (
    DeviceAuth,
    HeaderAuth,
    SessionAuth,
    WorkingClient,
)
from tests.marketplace.published import cosign

#: Valid and invalid requests to each route, beside those that schemathesis derives from the schema.
EXAMPLES = int(os.environ.get("WORKDIARY_FUZZ_EXAMPLES", "8"))
# Thousands of requests: minutes on a busy machine.
pytestmark = pytest.mark.timeout(max(1_800, 60 * EXAMPLES))
SEED = int(os.environ.get("WORKDIARY_FUZZ_SEED", "1"))
OPERATOR = "a secret of the operator"
#: A body over the limit of the server is a refusal like the others.
REFUSED = [*NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES, "413"]
_NEVER = "1000000/minute"
GENERATION = {"max-examples": EXAMPLES, "deterministic": True, "database": "none"}
#: Routes that follow one another, each group with a short way to each of its links.
WORKFLOWS = {
    "enrolment": {
        "POST /v1/enrolments",
        "GET /v1/enrolments/current",
        "POST /v1/devices",
        "POST /oauth/token",
        "GET /v1/me",
        "GET /v1/contracts",
    },
    "work": {
        "GET /v1/contracts",
        "POST /v1/heartbeat",
        "PUT /v1/blobs/{sha}",
        "HEAD /v1/blobs/{sha}",
        "PUT /v1/segments/{sha}",
    },
    "segment": {
        "POST /v1/heartbeat",
        "PUT /v1/segments/{sha}",
        "GET /v1/segments/{sha}",
        "GET /log/proof/{sha}",
        "GET /v1/diary",
        "POST /v1/amends",
        "POST /v1/tombstones",
    },
    "findings": {
        "POST /v1/heartbeat",
        "PUT /v1/segments/{sha}",
        "POST /v1/segments",
        "GET /v1/findings",
    },
    "head": {"GET /v1/me", "GET /v1/segments/{sha}"},
    "diary": {
        "GET /v1/contracts",
        "GET /v1/diary",
        "GET /v1/segments/{sha}",
        "GET /log/proof/{sha}",
        "GET /v1/views",
        "GET /v1/bundles/{contract}/{week}",
    },
    "statements": {"POST /v1/tombstones", "GET /v1/statements", "GET /v1/views"},
    "review": {"GET /v1/contracts", "GET /v1/reviews", "POST /v1/reviews"},
    "hours": {"GET /v1/weeks", "GET /v1/reports", "GET /v1/bundles/{contract}/{week}"},
}
#: Only a marketplace with an object store has them (`storage/s3/test_direct_uploads.py`).
DIRECT_UPLOADS = {"PUT /v1/uploads/{sha}", "POST /v1/uploads/{sha}/complete"}
Schemes = dict[str, requests.auth.AuthBase]


def links_among(routes: set[str]) -> set[tuple[str, str]]:
    """The links between these routes."""
    return {(e.source, e.target) for e in LINKS if e.source in routes and e.target in routes}


class Run:
    """A run of all phases of schemathesis over a document."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self.phases: dict[str, Status] = {}
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.steps: set[tuple[str, str]] = set()
        """Operations that followed one another along a link."""

    def execute(self, schema: BaseSchema) -> None:
        for event in from_schema(schema).execute():
            if isinstance(event, events.FatalError):
                raise event.exception
            if isinstance(event, events.NonFatalError):
                self.findings.append(f"{event.label}: {event.info.message}")
            elif isinstance(event, events.PhaseFinished):
                self.phases[event.phase.name.name] = event.status
            elif isinstance(event, events.ScenarioFinished):
                self._read(event)

    def _read(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for case_id, node in recorder.cases.items():
            operation = node.value.operation.label
            if node.parent_id is not None and node.transition is not None:
                self.steps.add((recorder.cases[node.parent_id].value.operation.label, operation))
            interaction = recorder.interactions.get(case_id)
            if interaction is None or interaction.response is None:
                continue
            if node.value.method.upper() == node.value.operation.method.upper():
                self.statuses[operation].add(interaction.response.status_code)
            for check in recorder.checks.get(case_id, ()):
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    self.findings.append(
                        f"{event.phase.name} {operation} {check.name}: {failure.title}\n"
                        f"{failure.message}\n{interaction.response.text[:300]}\n"
                        f"{node.value.as_curl_command()[:2000]}"
                    )


@contextmanager
def working(folder: Path) -> Iterator[tuple[LiveMarketplace, WorkingClient]]:
    """A marketplace without rate limits, and a client that has sent a segment."""
    limits: dict[str, Any] = dict.fromkeys(get_args(Rule), _NEVER)
    with live_marketplace(
        folder / "data", throttle=Throttle(**limits), metrics_token=OPERATOR
    ) as marketplace:
        contract = marketplace.contract()
        marketplace.deps.contracts.set_rate(contract.ctr, 4_500, "EUR", week_of(START))
        client = WorkingClient(marketplace, contract)
        cosign(marketplace)
        try:
            yield marketplace, client
        finally:
            client.close()


def check(
    marketplace: LiveMarketplace,
    client: WorkingClient,
    schemes: Schemes,
    include: Callable[[Any], bool] = lambda _: True,
    **settings: Any,
) -> Run:
    """Run all checks with these credentials on the operations that `include` selects."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "generation": GENERATION,
            "checks": {
                "negative_data_rejection": {"expected-statuses": REFUSED},
                # Enables the last check; finds a request without an end.
                "max_response_time": 60,
            },
            **settings,
        }
    )
    schema = schemathesis.openapi.from_url(f"{marketplace.url}/openapi.json", config=config)
    schema.auth(refresh_interval=None)(identity(schemes))
    chosen = schema.include(lambda context: include(context.operation))
    valid = ValidRequests(client)

    def before_call(context: Any, case: Any, kwargs: Any) -> None:
        valid.before_call(case)

    def after_call(context: Any, case: Any, response: Any) -> None:
        valid.after_call(case, response)

    run = Run()
    hooks = (schemathesis.hook(before_call), schemathesis.hook(after_call))
    try:
        run.execute(chosen)
    finally:
        for hook in hooks:
            schemathesis.hooks.unregister(hook)
    return run


def accepting(scheme: str) -> Callable[[Any], bool]:
    """Selects the operations that accept a security scheme."""

    def accepts(operation: Any) -> bool:
        security = operation.definition.raw.get("security", [])
        return any(scheme in alternative for alternative in security)

    return accepts


def computer(marketplace: LiveMarketplace, client: WorkingClient) -> Schemes:
    """The credentials of a computer, its owner's personal token and the operator."""
    reader = marketplace.account(client.contract.freelancer)
    token = marketplace.deps.api_tokens.create(reader, "All", SCOPES, 30)
    return {
        "dpop": DeviceAuth(client),
        "personal": HeaderAuth("Authorization", f"Bearer {token}"),
        "operator": HeaderAuth("Authorization", f"Bearer {OPERATOR}"),
        "enrolment": SessionAuth(client),
    }


def test_every_route_keeps_the_document_for_a_signed_in_computer(tmp_path: Path) -> None:
    with working(tmp_path) as (marketplace, client):
        run = check(marketplace, client, computer(marketplace, client))
    assert run.findings == []
    refused = {name for name, seen in run.statuses.items() if not seen & {200, 201, 202, 204}}
    assert refused == DIRECT_UPLOADS, "no valid request was accepted"
    phases = (PhaseName.COVERAGE, PhaseName.FUZZING, PhaseName.STATEFUL_TESTING)
    assert {run.phases[phase.name] for phase in phases} == {Status.SUCCESS}


@pytest.mark.parametrize("group", WORKFLOWS)
def test_sequences_along_the_links_keep_the_document(tmp_path: Path, group: str) -> None:
    routes = WORKFLOWS[group]
    missed = links_among(routes)
    with working(tmp_path) as (marketplace, client):
        # A run may miss a link: its sequences are random.
        for seed in range(SEED, SEED + 6):
            run = check(
                marketplace,
                client,
                computer(marketplace, client),
                lambda operation: operation.label in routes,
                seed=seed,
                phases={"enabled": False, "stateful": {"enabled": True}},
                # Invalid requests end a sequence; the test above has them.
                generation={
                    **GENERATION,
                    "max-examples": 5 * EXAMPLES,
                    "mode": "positive",
                    "deterministic": False,
                },
            )
            assert run.findings == []
            missed -= run.steps
            if not missed:
                break
    assert missed == set(), "a link was not followed"


def test_each_link_is_part_of_a_sequence() -> None:
    found = {step for routes in WORKFLOWS.values() for step in links_among(routes)}
    assert {(link.source, link.target) for link in LINKS} == found


@pytest.mark.parametrize("role", ["freelancer", "client"])
def test_every_route_keeps_the_document_for_a_signed_in_person(tmp_path: Path, role: str) -> None:
    with working(tmp_path) as (marketplace, client):
        browser = marketplace.browser(getattr(client.contract, role))
        with browser:
            cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            schemes: Schemes = {"session": HeaderAuth("Cookie", cookies)}
            run = check(marketplace, client, schemes, accepting("session"))
    assert run.findings == []
    assert set(run.statuses) == {
        "GET /v1/bundles/{contract}/{week}",
        "GET /v1/diary",
        "GET /v1/reports",
        "GET /v1/views",
        "GET /v1/weeks",
    }
    never = [name for name, seen in run.statuses.items() if 200 not in seen]
    assert never == ([] if role == "freelancer" else ["GET /v1/views"])


@pytest.mark.parametrize("scope", SCOPES)
def test_every_route_keeps_the_document_for_a_token_of_one_scope(
    tmp_path: Path, scope: str
) -> None:
    with working(tmp_path) as (marketplace, client):
        client.reader = client.contract.client
        reader = marketplace.account(client.reader)
        token = marketplace.deps.api_tokens.create(reader, "One", [scope], 30)
        schemes: Schemes = {"personal": HeaderAuth("Authorization", f"Bearer {token}")}
        run = check(marketplace, client, schemes, accepting("personal"))
    assert run.findings == []
    hours = {"GET /v1/reports", "GET /v1/weeks"}
    assert hours < set(run.statuses)
    for name in set(run.statuses) - hours:
        assert "/v1/webhooks" in name
        accepted = bool(run.statuses[name] & {200, 201, 202, 204})
        assert accepted is (scope == "webhooks"), name
    assert (200 in run.statuses["GET /v1/weeks"]) is (scope == "totals")
    reports = run.statuses["GET /v1/reports"]
    assert 403 in reports
    assert (200 in reports) is (scope != "webhooks")
