"""The expected status of every route for every role.

A new route needs a row. `url` is a request to the contract of the owner, or to a device of its
freelancer; `{victim}` and `{invitation}` are new for each request. The statuses are in the order
of `ROLES`: the last two accounts belong to another contract.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROLES = (
    "anonymous",
    "freelancer",
    "owner",
    "manager",
    "finance",
    "other client",
    "other freelancer",
)


@dataclass(frozen=True)
class Row:
    """One route, a request to it, and the statuses by role."""

    method: str
    path: str
    url: str
    statuses: str
    form: dict[str, str] = field(default_factory=dict)
    json: dict[str, object] | None = None

    def expected(self) -> dict[str, int]:
        """The status of each role; a single one is that of all roles."""
        each = [int(status) for status in self.statuses.split()]
        return dict(zip(ROLES, each * len(ROLES) if len(each) == 1 else each, strict=True))


_HASH = "A" * 43
_PUBLIC = "200"
_DEVICE = "401"  # no browser session replaces a device's token
_SIGNED_IN = "401 200 200 200 200 200 200"
_TOTALS = "401 200 200 200 200 404 404"
_CONTENT = "401 200 200 200 403 404 404"
_CLIENTS = "401 404 200 200 200 200 404"
_FREELANCERS = "401 200 404 404 404 404 200"
_OWN_DEVICE = "401 200 404 404 404 404 404"

#: The API and the log.
API = (
    Row("GET", "/openapi.json", "/openapi.json", _PUBLIC),
    Row("HEAD", "/openapi.json", "/openapi.json", _PUBLIC),
    Row("GET", "/.well-known/workdiary", "/.well-known/workdiary", _PUBLIC),
    Row(
        "GET",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server",
        _PUBLIC,
    ),
    Row("GET", "/v1/beacons/current", "/v1/beacons/current", _PUBLIC),
    Row("GET", "/v1/beacons/{slot}", "/v1/beacons/{slot}", _PUBLIC),
    Row("GET", "/healthz", "/healthz", _PUBLIC),
    Row("GET", "/readyz", "/readyz", _PUBLIC),
    Row("GET", "/metrics", "/metrics", "404"),
    Row("POST", "/v1/enrolments", "/v1/enrolments", "401", json={"code": "x"}),
    Row("POST", "/v1/devices", "/v1/devices", "401", json={"enrolment": "x"}),
    Row("GET", "/v1/enrolments/current", "/v1/enrolments/current", "401"),
    Row(
        "POST",
        "/oauth/token",
        "/oauth/token",
        "400",
        form={"grant_type": "authorization_code", "code": "x"},
    ),
    Row("GET", "/log/checkpoint", "/log/checkpoint", _PUBLIC),
    Row("GET", "/log/cosigned", "/log/cosigned", _PUBLIC),
    Row("GET", "/log/keys", "/log/keys", _PUBLIC),
    Row("GET", "/log/policy", "/log/policy", _PUBLIC),
    Row("GET", "/log/proof/{sha}", "/log/proof/{segment}", _PUBLIC),
    Row("GET", "/log/tile/{path:path}", "/log/tile/0/000.p/1", _PUBLIC),
    Row("GET", "/log/{name}/checkpoint", "/log/2026/checkpoint", _PUBLIC),
    Row("GET", "/log/{name}/cosigned", "/log/2026/cosigned", _PUBLIC),
    Row("GET", "/log/{name}/tile/{path:path}", "/log/2026/tile/0/000.p/1", _PUBLIC),
    Row("GET", "/v1/diary", "/v1/diary?contract={ctr}&from={slot}&to={end}", _CONTENT),
    Row("GET", "/v1/bundles/{contract}/{week}", "/v1/bundles/{ctr}/2026-W47", _CONTENT),
    Row("GET", "/v1/views", "/v1/views?contract={ctr}", _OWN_DEVICE),
)

#: The pages.
PAGES = (
    Row("GET", "/", "/", _SIGNED_IN),
    Row("GET", "/approve", "/approve?week=2026-W47", _SIGNED_IN),
    Row(
        "POST",
        "/approve",
        "/approve",
        "401 303 303 303 303 303 303",
        form={"week": "2026-W47"},
    ),
    Row("GET", "/signin/{code}", "/signin/x", "404"),
    Row("POST", "/signin/{code}", "/signin/x", "404"),
    Row("GET", "/signin", "/signin", "200 303 303 303 303 303 303"),
    Row("POST", "/signin", "/signin", "401", form={"address": "x@example.org", "password": "x"}),
    Row("GET", "/account", "/account", _SIGNED_IN),
    Row(
        "POST",
        "/account/password",
        "/account/password",
        "401 303 303 303 303 303 303",
        form={"password": "correct horse battery"},
    ),
    Row(
        "POST",
        "/account/address",
        "/account/address",
        "401 422 422 422 422 422 422",
        form={"address": "no address"},
    ),
    Row(
        "POST",
        "/account/public",
        "/account/public",
        "401 303 404 404 404 404 303",
        form={"show": "1"},
    ),
    Row("GET", "/people/{slug}", "/people/x", "404"),
    Row("POST", "/account/export", "/account/export", _SIGNED_IN),
    Row("GET", "/account/erase", "/account/erase", _SIGNED_IN),
    Row(
        "POST",
        "/account/erase",
        "/account/erase",
        "401 422 422 422 422 422 422",
        form={"word": "x"},
    ),
    Row("POST", "/signout", "/signout", _PUBLIC),
    Row("POST", "/language", "/language", "303", form={"language": "de", "back": "/"}),
    Row("GET", "/docs", "/docs", _PUBLIC),
    Row("GET", "/privacy", "/privacy", _PUBLIC),
    Row("GET", "/static/{name}", "/static/pages.css", _PUBLIC),
    Row("GET", "/oauth/authorize", "/oauth/authorize", "400"),
    Row("POST", "/oauth/authorize", "/oauth/authorize", "401 400 400 400 400 400 400"),
    Row("GET", "/devices", "/devices", _FREELANCERS),
    Row("GET", "/views", "/views", _FREELANCERS),
    Row("GET", "/devices/{kid}/stop", "/devices/{kid}/stop", _OWN_DEVICE),
    Row("POST", "/devices/{kid}/stop", "/devices/{kid}/stop", "401 303 404 404 404 404 404"),
    Row("GET", "/sessions", "/sessions", _SIGNED_IN),
    Row("POST", "/sessions/end", "/sessions/end", _SIGNED_IN),
    # The address of the test is an IP address, for which browsers have no passkeys.
    Row("POST", "/passkeys/options", "/passkeys/options", "401 404 404 404 404 404 404", json={}),
    Row(
        "POST",
        "/passkeys",
        "/passkeys",
        "401 404 404 404 404 404 404",
        json={"credential": {}, "name": "x"},
    ),
    Row("POST", "/passkeys/{passkey}/remove", "/passkeys/x/remove", "401 404 404 404 404 404 404"),
    Row("POST", "/signin/passkey/options", "/signin/passkey/options", "404", json={}),
    Row("POST", "/signin/passkey", "/signin/passkey", "404", json={"credential": {}}),
    # The test has no OpenID provider.
    Row("GET", "/signin/oidc", "/signin/oidc", "404"),
    Row("GET", "/oidc/callback", "/oidc/callback", "404"),
    Row("POST", "/account/oidc", "/account/oidc", "401 404 404 404 404 404 404"),
    Row("POST", "/account/oidc/unlink", "/account/oidc/unlink", "401 404 404 404 404 404 404"),
    Row("GET", "/reset", "/reset", "404"),
    Row("POST", "/reset", "/reset", "404", form={"address": "x@example.org"}),
    Row("GET", "/reset/{code}", "/reset/x", "404"),
    Row("POST", "/reset/{code}", "/reset/x", "404", form={"password": "correct horse battery"}),
    Row("GET", "/address/{code}", "/address/x", "404"),
    Row("POST", "/address/{code}", "/address/x", "404"),
    Row("GET", "/company", "/company", _CLIENTS),
    Row(
        "POST",
        "/company/{company}/invite",
        "/company/{company}/invite",
        "401 404 200 404 404 404 404",
        form={"name": "New", "role": "finance"},
    ),
    Row(
        "POST",
        "/company/{company}/members/{sub}",
        "/company/{company}/members/{victim}",
        "401 404 303 404 404 404 404",
        form={"role": "owner"},
    ),
    Row(
        "GET",
        "/company/{company}/members/{sub}/remove",
        "/company/{company}/members/{victim}/remove",
        "401 404 200 404 404 404 404",
    ),
    Row(
        "POST",
        "/company/{company}/members/{sub}/remove",
        "/company/{company}/members/{victim}/remove",
        "401 404 303 404 404 404 404",
    ),
    Row(
        "POST",
        "/company/{company}/invitations/{invitation}/withdraw",
        "/company/{company}/invitations/{invitation}/withdraw",
        "401 404 303 404 404 404 404",
    ),
    Row("GET", "/join/{code}", "/join/x", "404"),
    Row("POST", "/join/{code}", "/join/x", "404", form={"name": "New"}),
    Row("GET", "/contracts/{ctr}/people", "/contracts/{ctr}/people", _TOTALS),
    Row(
        "POST",
        "/contracts/{ctr}/retention",
        "/contracts/{ctr}/retention",
        "401 303 403 403 403 404 404",
        form={"part": "memo", "days": "90"},
    ),
    Row("GET", "/contracts/{ctr}", "/contracts/{ctr}", "401 303 303 303 403 404 404"),
    Row(
        "GET",
        "/contracts/{ctr}/days/today",
        "/contracts/{ctr}/days/today",
        "401 303 303 303 403 404 404",
    ),
    Row("GET", "/contracts/{ctr}/days/{date}", "/contracts/{ctr}/days/2026-11-18", _CONTENT),
    Row("GET", "/contracts/{ctr}/slots/{slot}", "/contracts/{ctr}/slots/{slot}", _CONTENT),
    # A redirect to the page above, the same for each address.
    Row("GET", "/contracts/{ctr}/cells/{slot}", "/contracts/{ctr}/cells/{slot}", "301"),
    Row("GET", "/pictures/{segment}/{index}", "/pictures/{segment}/0", _CONTENT),
    Row("GET", "/thumbs/{segment}/{index}", "/thumbs/{segment}/0", _CONTENT),
)

_WEEK = "/contracts/{ctr}/weeks/2026-W47"

#: The week and its review actions.
WEEKS = (
    # A redirect, the same for each address.
    Row(
        "GET",
        "/contracts/{ctr}/weeks/current",
        "/contracts/{ctr}/weeks/current",
        "401 303 303 303 303 303 303",
    ),
    Row("GET", "/contracts/{ctr}/weeks/{iso}", _WEEK, _TOTALS),
    Row(
        "GET",
        "/contracts/{ctr}/months/current",
        "/contracts/{ctr}/months/current",
        "401 303 303 303 303 303 303",
    ),
    Row("GET", "/contracts/{ctr}/months/{month}", "/contracts/{ctr}/months/2026-11", _TOTALS),
    *(
        Row("POST", f"/contracts/{{ctr}}/weeks/{{iso}}/{name}", f"{_WEEK}/{name}", statuses, form)
        for name, statuses, form in (
            ("approve", "401 403 409 409 403 404 404", {"version": "x"}),
            ("allow", "401 403 409 409 403 404 404", {"exception": "x"}),
            ("settle", "401 403 409 409 403 404 404", {"exception": "x"}),
            ("ask", "401 403 303 303 403 404 404", {"text": "Why?"}),
            ("dispute", "401 403 303 303 403 404 404", {"text": "Not so."}),
            ("comment", "401 303 303 303 403 404 404", {"text": "Seen.", "slot": "1794992400"}),
            ("label", "401 303 303 303 403 404 404", {"text": "Meeting", "slot": "1794992400"}),
            ("reply", "401 404 404 404 403 404 404", {"thread": _HASH, "text": "So."}),
            ("resolve", "401 403 404 404 403 404 404", {"thread": _HASH}),
        )
    ),
)

#: Reports and their private links; each account sees its own contracts only.
REPORTS = (
    Row("GET", "/reports", "/reports", _SIGNED_IN),
    Row("GET", "/reports/{name}", "/reports/report.csv?ctr={ctr}", _TOTALS),
    Row(
        "POST",
        "/reports/links",
        "/reports/links",
        _SIGNED_IN,
        form={"first": "2026-11-01", "last": "2026-11-30", "by": "contract", "days": "7"},
    ),
    Row(
        "POST",
        "/reports/links/{link}/revoke",
        "/reports/links/x/revoke",
        "401 303 303 303 303 303 303",
    ),
    Row("GET", "/shared/{secret}", "/shared/x", "404"),
    # The test has no mail server, so that no recipient can be added.
    Row("GET", "/reports/weekly", "/reports/weekly", _CLIENTS),
    Row(
        "POST",
        "/reports/weekly",
        "/reports/weekly",
        "401 404 404 404 404 404 404",
        form={"address": "x@example.org"},
    ),
    Row(
        "POST",
        "/reports/weekly/{recipient}/remove",
        "/reports/weekly/{recipient}/remove",
        "401 404 303 303 404 404 404",
    ),
    Row("GET", "/subscribe/{code}", "/subscribe/x", "404"),
    Row("POST", "/subscribe/{code}", "/subscribe/x", "404"),
    Row("GET", "/unsubscribe/{code}", "/unsubscribe/x", "404"),
    Row("POST", "/unsubscribe/{code}", "/unsubscribe/x", "404"),
    Row("POST", "/unsubscribe/{code}/undo", "/unsubscribe/x/undo", "404"),
    Row("GET", "/v1/weeks", "/v1/weeks?first=2026-11-01&last=2026-11-30&contract={ctr}", _TOTALS),
    Row("GET", "/v1/reports", "/v1/reports?first=2026-11-01&last=2026-11-30", _SIGNED_IN),
    Row("GET", "/tokens", "/tokens", _SIGNED_IN),
    Row(
        "POST",
        "/tokens",
        "/tokens",
        _SIGNED_IN,
        form={"name": "Invoices", "scope": "totals", "days": "30"},
    ),
    Row(
        "POST",
        "/tokens/{token}/revoke",
        "/tokens/x/revoke",
        "401 303 303 303 303 303 303",
    ),
)

#: Webhooks: the page for owners, managers and freelancers; the API for personal tokens.
_MANAGERS = "401 {own} {own} {own} 404 {own} {own}"
_ENDPOINT = "/v1/webhooks/{endpoint}"
WEBHOOKS = (
    Row("GET", "/webhooks", "/webhooks", _MANAGERS.format(own=200)),
    Row(
        "POST",
        "/webhooks",
        "/webhooks",
        _MANAGERS.format(own=422),
        form={"url": "http://hooks.example/"},
    ),
    Row(
        "POST",
        "/webhooks/{endpoint}/{action}",
        "/webhooks/{endpoint}/pause",
        "401 404 303 303 404 404 404",
    ),
    Row("GET", "/v1/webhooks", "/v1/webhooks", "401"),
    Row(
        "POST",
        "/v1/webhooks",
        "/v1/webhooks",
        "401",
        json={"url": "https://hooks.example", "events": ["week.ready"]},
    ),
    Row("PATCH", _ENDPOINT, _ENDPOINT, "401", json={"paused": True}),
    *(
        Row(method, f"{_ENDPOINT}{part}", f"{_ENDPOINT}{part}", "401")
        for method, part in (
            ("GET", ""),
            ("DELETE", ""),
            ("POST", "/secret"),
            ("POST", "/test"),
            ("GET", "/deliveries"),
        )
    ),
)

#: Downloads of hours, for a week and for a period.
DOWNLOADS = tuple(
    Row("GET", f"/contracts/{{ctr}}/{path}/{name}", f"/contracts/{{ctr}}/{url}/{name}", statuses)
    for path, url in (
        ("weeks/{week}", "weeks/2026-W47"),
        ("periods/{first}/{last}", "periods/2026-11-01/2026-11-30"),
    )
    for name, statuses in (
        ("timesheet.pdf", _TOTALS),
        ("segments.csv", _CONTENT),
        ("solidtime.csv", _CONTENT),
        ("toggl.csv", _CONTENT),
        ("clockify.csv", _CONTENT),
        ("diary.ics", _CONTENT),
    )
)

#: Routes for devices, which a browser session never opens.
DEVICES = tuple(
    Row(method, path, url, _DEVICE)
    for method, path, url in (
        ("GET", "/v1/me", "/v1/me"),
        ("GET", "/v1/contracts", "/v1/contracts"),
        ("HEAD", "/v1/blobs/{sha}", f"/v1/blobs/{_HASH}"),
        ("PUT", "/v1/blobs/{sha}", f"/v1/blobs/{_HASH}"),
        ("PUT", "/v1/uploads/{sha}", f"/v1/uploads/{_HASH}"),
        ("POST", "/v1/uploads/{sha}/complete", f"/v1/uploads/{_HASH}/complete"),
        ("PUT", "/v1/segments/{sha}", f"/v1/segments/{_HASH}"),
        ("GET", "/v1/segments/{sha}", f"/v1/segments/{_HASH}"),
        ("POST", "/v1/segments", "/v1/segments"),
        ("GET", "/v1/findings", f"/v1/findings?segment={_HASH}"),
        ("GET", "/v1/statements", "/v1/statements"),
        ("POST", "/v1/beacons", "/v1/beacons"),
        ("POST", "/v1/amends", "/v1/amends"),
        ("POST", "/v1/heartbeat", "/v1/heartbeat"),
        ("POST", "/v1/retires", "/v1/retires"),
        ("GET", "/v1/reviews", "/v1/reviews"),
        ("POST", "/v1/reviews", "/v1/reviews"),
        ("POST", "/v1/tombstones", "/v1/tombstones"),
        ("POST", "/v1/vouches", "/v1/vouches"),
    )
)

#: The operator's commands: without their token the addresses do not exist.
OPERATOR = tuple(
    Row("POST", path, path, "404", json={})
    for path in (
        "/admin/command",
        "/admin/devices",
        "/admin/erase",
        "/admin/invite",
        "/admin/rotate-log",
        "/admin/setup",
        "/admin/stop-device",
    )
)

TABLE = (*API, *PAGES, *WEEKS, *REPORTS, *WEBHOOKS, *DOWNLOADS, *DEVICES, *OPERATOR)
