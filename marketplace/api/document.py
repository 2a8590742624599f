"""The OpenAPI document: the routes as FastAPI describes them, security schemes, links, webhooks.

A link (OpenAPI 3.1, "Link Object") names a request that uses the response of another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from marketplace.api.webhooks.payloads import add_webhooks
from marketplace.core.config import Config
from marketplace.devices.authorization import SCOPE
from marketplace.http.sessions import cookie_name

_FIRST_CONTRACT = "$response.body#/contracts/0/ctr"


@dataclass(frozen=True)
class Link:
    """A link from the `status` response of `source` to `target`, each a method and a path.

    `parameters` and `body` contain runtime expressions.
    """

    name: str
    source: str
    status: int
    target: str
    description: str
    parameters: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    def declare(self, document: dict[str, Any]) -> None:
        """Add the link to the document. Raises KeyError if it lacks one of the routes."""
        _operation(document, self.target)
        response = _operation(document, self.source)["responses"][str(self.status)]
        method, _, path = self.target.partition(" ")
        pointer = path.replace("~", "~0").replace("/", "~1")
        entry: dict[str, Any] = {
            "operationRef": f"#/paths/{pointer}/{method.lower()}",
            "description": self.description,
        }
        if self.parameters:
            entry["parameters"] = self.parameters
        if self.body is not None:
            entry["requestBody"] = self.body
        response.setdefault("links", {})[self.name] = entry


LINKS = (
    # Enrolment, sign-in, work.
    Link(
        "finish", "POST /v1/enrolments", 200, "POST /v1/devices",
        "Send the enrolment with the session as its bearer token.",
    ),
    Link(
        "current", "POST /v1/enrolments", 200, "GET /v1/enrolments/current",
        "Read the same values again with the session.",
    ),
    Link(
        "signIn", "POST /v1/devices", 201, "POST /oauth/token",
        "Sign in with the key of the enrolment.",
    ),
    Link("me", "POST /oauth/token", 200, "GET /v1/me", "The heads of the device's chains."),
    Link("contracts", "POST /oauth/token", 200, "GET /v1/contracts", "The contracts to work on."),
    Link(
        "heartbeat", "GET /v1/contracts", 200, "POST /v1/heartbeat",
        "Report that the device records on a contract.",
        body={"contract": _FIRST_CONTRACT, "since": "$response.body#/contracts/0/day/from"},
    ),
    Link(
        "upload", "GET /v1/contracts", 200, "PUT /v1/blobs/{sha}",
        "Send the pictures of a segment before the segment.",
    ),
    Link(
        "segment", "POST /v1/heartbeat", 204, "PUT /v1/segments/{sha}",
        "Send the segment at the end of its slot.",
    ),
    Link(
        "held", "PUT /v1/blobs/{sha}", 201, "HEAD /v1/blobs/{sha}",
        "The marketplace holds the picture.", {"path.sha": "$request.path.sha"},
    ),
    Link(
        "segment", "PUT /v1/blobs/{sha}", 201, "PUT /v1/segments/{sha}",
        "Send the segment that names the picture.",
    ),
    Link(
        "stored", "PUT /v1/segments/{sha}", 201, "GET /v1/segments/{sha}",
        "The segment as the marketplace shows it.", {"path.sha": "$request.path.sha"},
    ),
    Link(
        "findings", "PUT /v1/segments/{sha}", 201, "GET /v1/findings",
        "The findings of the segment.", {"query.segment": "$request.path.sha"},
    ),
    Link(
        "findings", "POST /v1/segments", 200, "GET /v1/findings",
        "The findings of a segment of the batch.",
        {"query.segment": "$response.body#/segments/0/sha"},
    ),
    Link(
        "proof", "PUT /v1/segments/{sha}", 201, "GET /log/proof/{sha}",
        "The proof that the log contains the segment.", {"path.sha": "$request.path.sha"},
    ),
    Link(
        "diary", "PUT /v1/segments/{sha}", 201, "GET /v1/diary",
        "The diary of the contract.", {"query.contract": "$response.body#/head/ctr"},
    ),
    Link(
        "amend", "PUT /v1/segments/{sha}", 201, "POST /v1/amends", "Change the memo.",
    ),
    Link(
        "delete", "PUT /v1/segments/{sha}", 201, "POST /v1/tombstones",
        "Delete parts of the segment.",
    ),
    Link(
        "listed", "POST /v1/tombstones", 201, "GET /v1/statements",
        "The deletion among the account's statements.",
    ),
    # Reading.
    Link(
        "head", "GET /v1/me", 200, "GET /v1/segments/{sha}",
        "The newest segment of a chain.", {"path.sha": "$response.body#/heads/0/h"},
    ),
    Link(
        "diary", "GET /v1/contracts", 200, "GET /v1/diary",
        "The diary of a contract.", {"query.contract": _FIRST_CONTRACT},
    ),
    Link(
        "bundle", "GET /v1/contracts", 200, "GET /v1/bundles/{contract}/{week}",
        "The record of a week of a contract.", {"path.contract": _FIRST_CONTRACT},
    ),
    Link(
        "segment", "GET /v1/diary", 200, "GET /v1/segments/{sha}",
        "A segment of the diary.", {"path.sha": "$response.body#/segments/0/hash"},
    ),
    Link(
        "proof", "GET /v1/diary", 200, "GET /log/proof/{sha}",
        "The proof of a segment.", {"path.sha": "$response.body#/segments/0/hash"},
    ),
    Link(
        "views", "GET /v1/diary", 200, "GET /v1/views",
        "The views of a segment's pictures.",
        {"query.segment": "$response.body#/segments/0/hash"},
    ),
    Link(
        "bundle", "GET /v1/diary", 200, "GET /v1/bundles/{contract}/{week}",
        "The record of a week of the contract.", {"path.contract": "$request.query.contract"},
    ),
    Link(
        "next", "GET /v1/views", 200, "GET /v1/views",
        "Earlier views.", {"query.before": "$response.body#/next"},
    ),
    Link(
        "next", "GET /v1/statements", 200, "GET /v1/statements",
        "Later statements.", {"query.after": "$response.body#/next"},
    ),
    Link(
        "reviews", "GET /v1/contracts", 200, "GET /v1/reviews",
        "The questions about the diary, when `reviews` has changed.",
    ),
    Link(
        "next", "GET /v1/reviews", 200, "GET /v1/reviews",
        "Later entries.", {"query.after": "$response.body#/next"},
    ),
    Link(
        "answer", "GET /v1/reviews", 200, "POST /v1/reviews", "Answer a question.",
    ),
    Link(
        "listed", "POST /v1/reviews", 201, "GET /v1/reviews", "The answer among the entries.",
    ),
    # Hours and money.
    Link(
        "report", "GET /v1/weeks", 200, "GET /v1/reports",
        "The hours of the contract.",
        {
            "query.contract": "$response.body#/weeks/0/contract",
            "query.first": "$request.query.first",
            "query.last": "$request.query.last",
        },
    ),
    Link(
        "bundle", "GET /v1/weeks", 200, "GET /v1/bundles/{contract}/{week}",
        "The record from which the hours follow.",
        {
            "path.contract": "$response.body#/weeks/0/contract",
            "path.week": "$response.body#/weeks/0/week",
        },
    ),
)  # fmt: skip


def complete(app: FastAPI, config: Config) -> None:
    """Add the security schemes and the links to the application's OpenAPI document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        components = document.setdefault("components", {})
        if "securitySchemes" not in components:
            components["securitySchemes"] = _security_schemes(config)
            for path in document["paths"].values():
                for operation in path.values():
                    _remove_null(operation.get("parameters", []))
            for link in LINKS:
                link.declare(document)
            add_webhooks(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The operation of a method and a path."""
    method, _, path = name.partition(" ")
    found: dict[str, Any] = document["paths"][path][method.lower()]
    return found


def _remove_null(parameters: list[dict[str, Any]]) -> None:
    """Optional parameters are absent, never null as FastAPI describes them."""
    for parameter in parameters:
        choices = parameter["schema"].pop("anyOf", None)
        if choices is not None:
            (only,) = (choice for choice in choices if choice != {"type": "null"})
            parameter["schema"] |= only


def _security_schemes(config: Config) -> dict[str, Any]:
    return {
        "dpop": {
            "type": "http",
            "scheme": "DPoP",
            "description": "RFC 9449: a DPoP-bound access token, and a proof in the header DPoP.",
        },
        "enrolment": {
            "type": "http",
            "scheme": "bearer",
            "description": "The session of POST /v1/enrolments, or a token of the scheme browser.",
        },
        "browser": {
            "type": "oauth2",
            "description": "A person allows the enrolment of a computer in the browser.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{config.base_url}/oauth/authorize",
                    "tokenUrl": f"{config.base_url}/oauth/token",
                    "scopes": {SCOPE: "Enrol one device."},
                }
            },
        },
        "operator": {"type": "http", "scheme": "bearer"},
        "personal": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token with scopes and an expiry; create it at /tokens.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(config)},
    }
