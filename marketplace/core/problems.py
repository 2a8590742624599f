"""HTTP errors as problem details (RFC 9457), with the table of their codes.

`code` is stable and for programs; `detail` explains the error to a person. A code is a finding code
(`E_…`) or one of the table in lower case.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from diary.core.findings import Code

MEDIA_TYPE = "application/problem+json"
_FINDING_CODES = frozenset(Code)


#: The status of each code and, where it is always the same, the detail.
PROBLEMS: dict[str, tuple[int, str]] = {
    # Requests.
    "bad_request": (400, "The request could not be read."),
    "invalid_request": (422, ""),
    "cross_site": (403, "The request came from another site. Nothing was changed."),
    "not_found": (404, "There is no such page, or it is not yours to see."),
    "role_forbidden": (403, "Your role in this company includes hours and money only."),
    "method_not_allowed": (405, "This address does not take that method."),
    "too_slow": (408, "The body took too long to arrive."),
    "too_large": (413, ""),
    "body_type": (415, ""),
    "host_unknown": (421, ""),
    "too_many": (429, ""),
    "headers_too_large": (431, "The headers are too many or too long."),
    "defect": (500, "Something went wrong here. Try again later."),
    # Sign-in of people and devices.
    "link_unknown": (404, ""),
    "sign_in_needed": (401, "You are signed out. Ask for a new link to sign in again."),
    "code_invalid": (401, "This code no longer works. Ask for a new one and try again."),
    "session_invalid": (401, "This enrolment took too long. Start again with a new code."),
    "session_used": (409, "Another device was enrolled with this code. Ask for a new one."),
    "device_known": (409, "This key is enrolled already. Make a new one."),
    "enrolment_mismatch": (422, ""),
    "authorization_unknown": (
        400,
        "The address of this sign-in is wrong. Start it again in Workdiary on your computer.",
    ),
    "unsupported_grant_type": (400, "This kind of grant is not known here."),
    "invalid_grant": (400, "This sign-in does not fit, was used, or has expired. Start it again."),
    "invalid_client": (401, ""),
    "invalid_dpop_proof": (400, ""),
    "dpop_invalid": (401, ""),
    "token_missing": (401, "Sign in first: this needs a DPoP-bound access token."),
    "token_invalid": (401, ""),
    "token_expired": (401, "The access token has expired. Fetch a new one."),
    "device_revoked": (401, "This device was stopped. Its work is kept. Sign in again to go on."),
    "device_retired": (401, "This device is signed out. Sign in again to go on."),
    # Segments, statements and pictures.
    "parts_missing": (412, ""),
    "not_tried": (424, "A segment before it in the batch was refused."),
    "too_often": (409, ""),
    "erase_unfinished": (503, ""),
    "blob_type": (415, "A picture has the type image/webp."),
    "blob_hash": (422, "The bytes that arrived are not those of the address."),
    "blob_format": (422, ""),
    "blob_erased": (
        410,
        "Not stored: this picture was deleted. Delete the copy that you hold as well.",
    ),
    "not_uploaded": (409, "The object store has no such upload. Send the picture here instead."),
    "quota": (507, ""),
    "stopping": (
        503,
        "The marketplace is restarting. Nothing is lost. Keep the data and try again.",
    ),
    "picture_missing": (404, "This picture has not arrived yet."),
    "picture_changed": (410, "The stored picture is not the one that was signed."),
    "thumbnail_too_large": (410, "The file is too large for a thumbnail."),
    "pictures_unavailable": (
        503,
        "The pictures cannot be reached now. Nothing is lost. Keep the data and try again.",
    ),
    # The log.
    "beacon_unknown": (404, ""),
    "object_unknown": (404, "The log holds no such object."),
    "log_unknown": (404, "There is no log of this name."),
    "log_empty": (404, "The log is empty."),
    "not_cosigned": (404, "No checkpoint of this log has reached the quorum of its witnesses."),
    "log_unavailable": (
        503,
        "The log cannot be written now. Nothing was stored. Keep the data and try again.",
    ),
    "tile_path": (404, "This is not the path of a tile."),
    "tile_unknown": (404, "The log has no such tile yet."),
    # Reviews.
    "week_open": (409, "This week is not locked yet. It can be approved after it locks."),
    "week_changed": (409, "This week has changed since you opened it. Look at it again."),
    "review_ended": (409, "The review of this week has ended."),
    "sign_in_again": (403, "Sign in again, or enter your password, to change how you sign in."),
    "oidc_failed": (400, "The sign-in at the provider did not succeed. Start it again here."),
    "oidc_unlinked": (403, "No account is linked to this identity."),
    "oidc_taken": (409, "This identity is linked to another account."),
    "oidc_unavailable": (503, "The provider cannot be reached. Sign in another way."),
    "passkey_invalid": (401, "This passkey is not known here, or its answer came too late."),
    "passkeys_full": (409, "The account has too many passkeys. Remove one first."),
    "password_length": (422, "A password has 12 to 256 characters."),
    "address_invalid": (422, "This is not an e-mail address."),
    "address_taken": (409, "This address belongs to another account."),
    # Companies.
    "public_name_invalid": (
        422,
        "A public name has 3 to 20 lower-case letters, digits and hyphens between them.",
    ),
    "public_name_taken": (409, "This public name is taken. Choose another one."),
    "erasure_unconfirmed": (422, "Type the word exactly as shown. Nothing was erased."),
    "erasure_refused": (
        409,
        "The record is needed until its review has ended. Nothing was erased.",
    ),
    "last_owner": (409, "The account that the contracts name always stays an owner."),
    "too_many_tokens": (409, "You have too many tokens. Revoke one that is no longer needed."),
    "scope_missing": (403, "This token does not include what the request needs."),
    "too_many_links": (409, "You have too many links. Revoke one that is no longer needed."),
    "company_full": (409, "The company has too many people and invitations."),
    # Weekly reports.
    "recipient_known": (409, "This address is a recipient of this report already."),
    "recipient_unsubscribed": (409, "The reader of this address has unsubscribed."),
    "recipients_full": (409, "There are too many recipients, or too many of them are unconfirmed."),
    # Webhooks.
    "webhook_url": (422, ""),
    "too_many_endpoints": (409, "There are too many endpoints. Delete one first."),
    "endpoint_stopped": (409, "This endpoint is paused or disabled. Resume it first."),
    # Operators.
    "no_contract": (409, ""),
}


class ProblemError(Exception):
    """An error that ends a request. `extra` joins the members of the problem object.

    Without `detail` and `status` those of the code are used; a finding code has the status 422.
    Raises KeyError for an unknown code.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        usual, text = (422, "") if code in _FINDING_CODES else PROBLEMS[code]
        self.status = status or usual
        self.code = code
        self.detail = detail or text
        self.headers = headers
        self.extra = extra
        super().__init__(f"{self.status} {code}: {self.detail}")

    def body(self) -> dict[str, Any]:
        """The members of the problem object (RFC 9457 section 3)."""
        return {
            "type": f"urn:workdiary:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }

    def response(self) -> JSONResponse:
        """The HTTP response."""
        return JSONResponse(self.body(), self.status, headers=self.headers, media_type=MEDIA_TYPE)


#: Declares the shape in the OpenAPI document.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may return these problems."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": SCHEMA}},
        }
        for status in statuses
    }


def not_found() -> ProblemError:
    """The same response for a missing page and for a page of another account."""
    return ProblemError("not_found")
