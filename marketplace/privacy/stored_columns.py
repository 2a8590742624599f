"""The kind of personal data in each column of the database, or NONE.

A new table or column needs an entry: a test compares this table with the schema. NONE is for values
that reveal nothing about a person beyond the columns beside them.
"""

from __future__ import annotations

NONE = "none"


def _all(kind: str, *columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, kind)


#: Kinds of `marketplace.privacy.data_kinds` by table and column.
STORED: dict[str, dict[str, str]] = {
    # Accounts and how they sign in.
    "account": {
        **_all("identifiers", "sub", "pseudonym"),
        **_all("account", "role", "name", "created_s", "email", "language"),
        **_all("sign_in", "password", "password_s"),
        **_all("deletions", "erased_s", "erasure_done"),
    },
    "passkey": {
        "sub": "identifiers",
        **_all("sign_in", "id", "public_key", "sign_count", "name", "created_s", "used_s"),
    },
    "oidc_identity": {
        "sub": "identifiers",
        **_all("sign_in", "issuer", "subject", "linked_s"),
    },
    "session": {
        "sub": "identifiers",
        **_all("sign_in", "hash", "created_s", "expires_s", "agent", "seen_s"),
    },
    "one_time_code": {
        "sub": "identifiers",
        "data": "account",
        "kid": "computers",
        **_all("sign_in", "hash", "purpose", "expires_s", "used_s"),
        **_all(NONE, "nonce", "week0"),
    },
    "authorization_code": {
        "sub": "identifiers",
        **_all("sign_in", "hash", "expires_s", "used_s", "session"),
        **_all(NONE, "redirect_uri", "challenge"),
    },
    "api_token": {
        "sub": "identifiers",
        **_all("sign_in", "id", "hash", "name", "scopes", "created_s", "expires_s"),
    },
    "report_link": {
        "sub": "identifiers",
        **_all("sign_in", "id", "hash", "query", "created_s", "expires_s"),
    },
    "message": {
        **_all("messages", "address", "kind", "data", "language", "created_s", "sent_s"),
        **_all(NONE, "id", "message_id", "next_s", "attempts", "failed_s", "refused"),
    },
    "report_recipient": {
        **_all("identifiers", "company", "sub", "ctr"),
        **_all("report_recipients", "id", "address", "language", "state", "hash", "secret"),
        **_all("report_recipients", "created_s", "expires_s", "from_s", "ended_s", "refused"),
    },
    "report_delivery": {
        **_all("report_recipients", "recipient", "week_s", "at_s", "done"),
        "message_id": NONE,
    },
    "webhook_endpoint": {
        "sub": "identifiers",
        **_all("sign_in", "id", "url", "events", "state", "secret", "former_secret", "created_s"),
        **_all(NONE, "former_until_s", "failing_since_s"),
    },
    "webhook_delivery": {
        "endpoint": "sign_in",
        **_all("messages", "event", "data", "created_s", "sent_s"),
        **_all(NONE, "id", "webhook_id", "next_s", "attempts", "failed_s", "status", "error"),
    },
    "public_profile": {"sub": "identifiers", **_all("account", "slug", "listed", "since_s")},
    # Companies and contracts.
    "company_member": {
        **_all("identifiers", "company", "sub"),
        **_all("companies", "role", "since_s"),
    },
    "company_invitation": {
        "company": "identifiers",
        **_all("companies", "role", "name", "created_s", "expires_s", "used_s"),
        "hash": NONE,
    },
    "contract": {
        **_all("identifiers", "ctr", "freelancer", "client"),
        **_all("contracts", "title", "created_s"),
    },
    "terms": {
        "ctr": "identifiers",
        **_all("contracts", "from_s", "state", "limit_s", "edit_until_s"),
        **_all(NONE, "hash", "idx"),
    },
    "contract_rate": {
        "ctr": "identifiers",
        **_all("contracts", "from_s", "hourly_minor", "currency"),
    },
    "contract_retention": {
        "ctr": "identifiers",
        **_all("contracts", "part", "days", "set_s"),
        "done_idx": NONE,
    },
    # Computers and what they record.
    "device": {
        "sub": "identifiers",
        **_all("computers", "kid", "jws", "seen_s"),
        **_all(NONE, "idx", "proof"),
    },
    "device_head": {"kid": "computers", "ctr": "identifiers", **_all(NONE, "seq", "hash")},
    "heartbeat": {"kid": "computers", "ctr": "identifiers", **_all("hours", "since_s", "at_s")},
    "segment": {
        "kid": "computers",
        **_all("identifiers", "ctr", "client"),
        **_all("hours", "slot", "t0", "t1", "kind", "beacon_slot", "given_back", "limit_s"),
        # The signed bytes: all fields of the record's tables.
        "data": "hours",
        **_all("results", "checked", "pays", "attention"),
        "allowed": "reviews",
        **_all(NONE, "hash", "idx", "epoch", "seq", "beacon", "given_back_idx"),
    },
    "segment_summary": {
        "ctr": "identifiers",
        "slot": "hours",
        "memo": "memos",
        **_all("results", "facts", "checked_s"),
        "segment": NONE,
    },
    "segment_blob": {"sha256": "pictures", "segment": NONE},
    "blob": {
        **_all("pictures", "sha256", "size", "width", "height", "stored_s"),
        "mime": NONE,
    },
    "blob_owner": {
        **_all("identifiers", "sub", "ctr"),
        **_all("pictures", "sha256", "stored_s"),
    },
    "pending_upload": {
        **_all("identifiers", "sub"),
        **_all("pictures", "sha256", "size", "expires_s"),
    },
    "storage_usage": {**_all("identifiers", "sub", "ctr"), **_all("pictures", "files", "bytes")},
    "erased_blob": {"mark": "deletions"},
    "statement": {
        "kid": "computers",
        **_all("deletions", "type", "subject"),
        "data": "memos",
        **_all(NONE, "digest", "idx", "done"),
    },
    "picture_view": {
        **_all("identifiers", "sub", "ctr"),
        **_all("views", "segment", "picture", "at_ms", "size"),
        "id": NONE,
    },
    # Results and reviews.
    "daily_total": {
        "ctr": "identifiers",
        **_all("hours", "day_s", "tracked", "kept", "manual"),
        **_all("results", "payable", "unpaid", "given_back", "overlap", "over_limit"),
    },
    "finding": {
        **_all("results", "kind", "subject", "code", "detail"),
        **_all(NONE, "id", "segment"),
    },
    "log_finding": _all(NONE, "id", "subject", "code", "detail"),
    "review": {
        **_all("identifiers", "ctr", "sub"),
        **_all("reviews", "week_s", "kind", "at_s", "text"),
        **_all(NONE, "digest", "idx", "salt", "replies_to"),
    },
    "review_segment": _all("reviews", "review", "segment"),
    "week_status": {
        "ctr": "identifiers",
        **_all("hours", "tracked", "kept", "manual"),
        **_all("results", "week_s", "open", "kinds", "payable", "over_limit"),
        "approved": "reviews",
    },
    "week_notice": {"ctr": "identifiers", **_all(NONE, "week_s", "at_s")},
    # The log, and the marketplace itself.
    "leaf": {
        "attrs": "identifiers",
        "object": "contracts",
        **_all(NONE, "idx", "type", "digest", "rt_ms"),
    },
    "shard": _all(NONE, "number", "origin", "vkey", "first", "size"),
    "node": _all(NONE, "shard", "level", "pos", "hash"),
    "checkpoint": _all(NONE, "shard", "size", "note"),
    "cosigned_checkpoint": _all(NONE, "shard", "size", "note"),
    "witness_state": _all(
        NONE, "shard", "witness", "size", "cosigned_s", "failure", "failing_since_s"
    ),
    "beacon": _all(NONE, "slot", "idx", "file", "hash"),
    "returned_beacon": _all(NONE, "hash", "slot", "file"),
    "setting": _all(NONE, "name", "value"),
    "used_proof": _all(NONE, "mark", "until_s"),
    "counted_attempt": _all(NONE, "name", "slot", "count", "until_s"),
    "pending_sign_in": {"data": "sign_in", **_all(NONE, "name", "kind", "until_s")},
    "audit": _all(NONE, "id", "begun_s", "ended_s", "next_idx"),
}
