"""The tables of accounts, contracts, report links and tokens (see `marketplace.storage.schema`)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from marketplace.storage.table_metadata import BIG, HASH, metadata

account = Table(
    "account",
    metadata,
    Column("sub", String(22), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_s", BigInteger, nullable=False),
    # The `client` of the terms of a client's contracts; null for a freelancer.
    Column("pseudonym", String(22)),
    # For sign-in and messages, in lower case; the hash of the password in the format of argon2.
    Column("email", String(254)),
    Column("password", Text),
    Column("password_s", BigInteger),
    # Of the last sign-in, for messages (BCP 47).
    Column("language", String(20)),
    # When the person was erased (`marketplace.erasure.person`), and whether the records are too.
    Column("erased_s", BigInteger),
    Column("erasure_done", Boolean, nullable=False, server_default=false()),
    Index(None, "pseudonym", unique=True),
    Index(None, "email", unique=True),
)

passkey = Table(
    "passkey",
    metadata,
    # The credential ID of WebAuthn, in base64url.
    Column("id", Text, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
    Index(None, "sub"),
)

oidc_identity = Table(
    "oidc_identity",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("linked_s", BigInteger, nullable=False),
    Index(None, "sub"),
)

message = Table(
    "message",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("kind", String(20), nullable=False),
    # The values of the text as JSON, deleted when the message is sent or given up.
    Column("data", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("message_id", String(40), nullable=False),
    Column("created_s", BigInteger, nullable=False),
    # The next attempt; null for a message that was sent or given up.
    Column("next_s", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("sent_s", BigInteger),
    Column("failed_s", BigInteger),
    # Whether it was given up because the mail server refused it for good.
    Column("refused", Boolean, nullable=False, server_default=false()),
    Index(None, "next_s"),
    Index(None, "created_s"),
    Index(None, "address"),
    Index(None, "message_id"),
)

company_member = Table(
    "company_member",
    metadata,
    # The account of a client that contracts name; it is an owner without a row of its own.
    Column("company", ForeignKey("account.sub"), primary_key=True),
    Column("sub", ForeignKey("account.sub"), primary_key=True),
    # owner, manager or finance.
    Column("role", String(10), nullable=False),
    Column("since_s", BigInteger, nullable=False),
    Index(None, "sub"),
)

company_invitation = Table(
    "company_invitation",
    metadata,
    # Only the hash of the code is stored, as in `one_time_code`.
    Column("hash", HASH, primary_key=True),
    Column("company", ForeignKey("account.sub"), nullable=False),
    Column("role", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
    Index(None, "company"),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    # Only the hash is stored, so that a reader of the database cannot sign in.
    Column("hash", HASH, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("purpose", String(10), nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
    # Of an enrolment in progress: the values that the server issued, and the enrolled device.
    Column("nonce", HASH),
    Column("week0", BigInteger),
    Column("kid", HASH),
    # The e-mail address that a link confirms.
    Column("data", Text),
)

authorization_code = Table(
    "authorization_code",
    metadata,
    # Of the sign-in in the browser (RFC 6749); only hashes are stored, as in `one_time_code`.
    Column("hash", HASH, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", HASH, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Column("used_s", BigInteger),
    # The `one_time_code.hash` of the token that was issued for it.
    Column("session", HASH),
)

session = Table(
    "session",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    # For the page of browser sessions: browser and system, and the last use.
    Column("agent", String(40)),
    Column("seen_s", BigInteger),
    Index(None, "sub"),
    Index(None, "expires_s"),
)

contract = Table(
    "contract",
    metadata,
    Column("ctr", String(22), primary_key=True),
    Column("title", Text, nullable=False),
    Column("freelancer", ForeignKey("account.sub"), nullable=False),
    Column("client", ForeignKey("account.sub"), nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Index(None, "freelancer"),
    Index(None, "client"),
)

terms = Table(
    "terms",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("ctr", ForeignKey("contract.ctr"), nullable=False),
    Column("idx", ForeignKey("leaf.idx"), nullable=False),
    Column("from_s", BigInteger, nullable=False),
    # Signed members, for lists; null where the object cannot be read.
    Column("state", String(8)),
    Column("limit_s", BIG),
    Column("edit_until_s", BIG),
    Index(None, "idx", unique=True),
    Index(None, "ctr", "from_s", "idx"),
)

contract_rate = Table(
    "contract_rate",
    metadata,
    Column("ctr", ForeignKey("contract.ctr"), primary_key=True),
    # The week from which it applies: the rate of a week never changes within it.
    Column("from_s", BigInteger, primary_key=True, autoincrement=False),
    # The rate of an hour in the minor unit of the currency (ISO 4217).
    Column("hourly_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
)

#: The freelancer's choice how long parts of a contract's segments are kept (ADR 0030).
contract_retention = Table(
    "contract_retention",
    metadata,
    Column("ctr", ForeignKey("contract.ctr"), primary_key=True),
    # memo or minutes.
    Column("part", String(7), primary_key=True),
    Column("days", Integer, nullable=False),
    # When it was chosen, in real time.
    Column("set_s", BigInteger, nullable=False),
    # The log row up to which the part is erased; -1 before the first erasure.
    Column("done_idx", BigInteger, nullable=False),
)

report_link = Table(
    "report_link",
    metadata,
    # A private link to a report (`marketplace.exports.report_links`); only its hash is stored.
    Column("id", String(22), primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    # Its author, whose access it has.
    Column("sub", ForeignKey("account.sub"), nullable=False),
    # The period and the grouping as JSON.
    Column("query", Text, nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Index(None, "sub"),
    Index(None, "expires_s"),
)

api_token = Table(
    "api_token",
    metadata,
    # A personal token for the JSON API (`marketplace.accounts.api_tokens`).
    Column("id", String(22), primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("sub", ForeignKey("account.sub"), nullable=False),
    Column("name", Text, nullable=False),
    # Separated by spaces.
    Column("scopes", String(40), nullable=False),
    Column("created_s", BigInteger, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Index(None, "sub"),
    Index(None, "expires_s"),
)

public_profile = Table(
    "public_profile",
    metadata,
    # The public page of a freelancer (`marketplace.exports.public_hours`); no row, no page.
    Column("sub", ForeignKey("account.sub"), primary_key=True),
    Column("slug", String(22), nullable=False, unique=True),
    # Whether search engines may list it.
    Column("listed", Boolean, nullable=False),
    Column("since_s", BigInteger, nullable=False),
)
