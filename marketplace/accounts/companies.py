"""Invite people to a client's company, change their roles, remove them.

An invitation is a one-time link for a week; only the hash of its code is stored. Opening the link
changes nothing. Only owners change anything, and the account that the contracts name stays an
owner, so that a company always has one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, delete, func, select, update

from diary.core.display import tidy
from diary.formats.encoding import digest
from marketplace.accounts.credentials import normalised
from marketplace.accounts.model import Account, account, new_account
from marketplace.accounts.roles import ROLES, Member, Role, companies_of, members, role_in
from marketplace.core.clock import MarketplaceClock
from marketplace.core.i18n import current_language
from marketplace.core.problems import ProblemError, not_found
from marketplace.notifications.queue import enqueue_to
from marketplace.storage import schema
from marketplace.storage.database import Database

#: Lifetime of an invitation, in real seconds.
INVITATION_S = 7 * 86_400
#: People and open invitations of one company at most.
MAX_PEOPLE = 200
#: The longest name of a person, in characters.
MAX_NAME = 100


@dataclass(frozen=True)
class PendingInvitation:
    """An invitation that was not used yet. `id` names it on the page; it is no secret."""

    id: str
    name: str
    role: Role
    expires_s: int


@dataclass(frozen=True)
class Company:
    """A company as one of its people sees it; only owners see the invitations."""

    sub: str
    name: str
    role: Role
    people: tuple[Member, ...]
    invitations: tuple[PendingInvitation, ...]


@dataclass(frozen=True)
class Offer:
    """What an invitation offers: a role in a company, and the name of the invited person."""

    company: str
    company_name: str
    role: Role
    name: str


class Companies:
    """The people of companies. Times are real time, also in a demo. Blocks."""

    def __init__(self, store: Database, clock: MarketplaceClock) -> None:
        self._store = store
        self._clock = clock

    def of(self, person: Account) -> tuple[Company, ...]:
        """The companies of a client's account: those that it joined, and its own unless the account
        is there only to be a member of others.
        """
        with self._store.read() as connection:
            return tuple(
                _company(connection, sub, person.sub, self._clock.real_s())
                for sub in companies_with_own(connection, person.sub)
            )

    def invite(
        self, owner: Account, company: str, name: str, role: str, address: str | None = None
    ) -> str:
        """Create an invitation; returns the code of its link, which also goes to an `address`.

        Raises `address_invalid`, `not_found` unless `owner` is an owner of the company,
        `invalid_request` for a wrong name or role, and `company_full`.
        """
        now = self._clock.real_s()
        wanted, person = _role(role), _name(name)
        code, language = secrets.token_urlsafe(16), current_language()
        recipient = None if address is None else normalised(address)
        if address is not None and recipient is None:
            raise ProblemError("address_invalid")

        def job(connection: Connection) -> str:
            _require_owner(connection, owner, company)
            if _size(connection, company, now) >= MAX_PEOPLE:
                raise ProblemError("company_full")
            row: dict[str, object] = {
                "hash": _hash(code),
                "company": company,
                "role": wanted,
                "name": person,
                "created_s": now,
                "expires_s": now + INVITATION_S,
                "used_s": None,
            }
            schema.insert(connection, schema.company_invitation, [row])
            if recipient is not None:
                named = account(connection, company)
                values = {
                    "to": person,
                    "person": owner.name,
                    "company": named.name if named else "",
                    "path": f"/join/{code}",
                }
                enqueue_to(connection, recipient, "invitation", values, now, language)
            return code

        return self._store.write(job).result()

    def offer(self, code: str) -> Offer | None:
        """The offer of an invitation; None if it is unknown, used, withdrawn or expired."""
        with self._store.read() as connection:
            return _offer(connection, code, self._clock.real_s())

    def accept(self, code: str, person: Account | None, name: str = "") -> str | None:
        """Use an invitation; returns the `sub` of the account that joined.

        `person` is the signed-in client who joins; None creates an account with `name`. Returns
        None for an invalid invitation. Of two concurrent uses, one succeeds.
        """
        now = self._clock.real_s()
        chosen = _name(name) if person is None else ""

        def job(connection: Connection) -> str | None:
            found = _offer(connection, code, now)
            if found is None:
                return None
            columns = schema.company_invitation.c
            connection.execute(
                update(schema.company_invitation)
                .where(columns.hash == _hash(code))
                .values(used_s=now)
            )
            sub = person.sub if person else new_account(connection, "client", chosen, now)
            if role_in(connection, found.company, sub) is None:
                row: dict[str, object] = {
                    "company": found.company,
                    "sub": sub,
                    "role": found.role,
                    "since_s": now,
                }
                schema.insert(connection, schema.company_member, [row])
            return sub

        return self._store.write(job).result()

    def change_role(self, owner: Account, company: str, sub: str, role: str) -> None:
        """Give a person of the company another role. Raises `not_found` and `last_owner`."""
        wanted = _role(role)
        columns = schema.company_member.c

        def job(connection: Connection) -> None:
            _require_owner(connection, owner, company)
            _require_member(connection, company, sub)
            connection.execute(
                update(schema.company_member)
                .where(columns.company == company, columns.sub == sub)
                .values(role=wanted)
            )

        self._store.write(job).result()

    def remove(self, person: Account, company: str, sub: str) -> None:
        """Remove a person from the company, with the recipients of weekly reports that the person
        added; everyone may remove themselves.

        Raises `not_found`, and `last_owner` for the account that the contracts name.
        """
        columns = schema.company_member.c

        def job(connection: Connection) -> None:
            if person.sub != sub:
                _require_owner(connection, person, company)
            _require_member(connection, company, sub)
            connection.execute(
                delete(schema.company_member).where(columns.company == company, columns.sub == sub)
            )
            recipient, sent = schema.report_recipient, schema.report_delivery
            added = (recipient.c.company == company) & (recipient.c.sub == sub)
            ids = select(recipient.c.id).where(added)
            connection.execute(delete(sent).where(sent.c.recipient.in_(ids)))
            connection.execute(delete(recipient).where(added))

        self._store.write(job).result()

    def withdraw(self, owner: Account, company: str, invitation: str) -> None:
        """Disable an invitation. Raises `not_found`."""
        columns = schema.company_invitation.c

        def job(connection: Connection) -> None:
            _require_owner(connection, owner, company)
            done = connection.execute(
                delete(schema.company_invitation).where(
                    columns.company == company, columns.hash == invitation
                )
            )
            if not done.rowcount:
                raise not_found()

        self._store.write(job).result()


def _company(connection: Connection, company: str, sub: str, now_s: int) -> Company:
    people = members(connection, company)
    role = cast("Role", role_in(connection, company, sub))
    columns = schema.company_invitation.c
    rows = connection.execute(
        select(schema.company_invitation)
        .where(columns.company == company, columns.used_s.is_(None), columns.expires_s > now_s)
        .order_by(columns.created_s, columns.hash)
    ).all()
    waiting = (PendingInvitation(r.hash, r.name, r.role, r.expires_s) for r in rows)
    return Company(company, people[0].name, role, people, tuple(waiting) if role == "owner" else ())


def companies_with_own(connection: Connection, sub: str) -> tuple[str, ...]:
    """The companies of a client's account: its own unless the account is there only to be a member
    of others, then those that it joined.
    """
    joined = companies_of(connection, sub)
    own = (sub,) if not joined or _is_used(connection, sub) else ()
    return *own, *joined


def _is_used(connection: Connection, company: str) -> bool:
    """Whether the company of an account has contracts, other people or invitations."""
    named = (
        schema.contract.c.client,
        schema.company_member.c.company,
        schema.company_invitation.c.company,
    )
    return any(
        connection.execute(select(column).where(column == company).limit(1)).first()
        for column in named
    )


def _offer(connection: Connection, code: str, now_s: int) -> Offer | None:
    columns = schema.company_invitation.c
    row = connection.execute(
        select(schema.company_invitation).where(
            columns.hash == _hash(code), columns.used_s.is_(None), columns.expires_s > now_s
        )
    ).first()
    company = account(connection, row.company) if row else None
    if row is None or company is None:
        return None
    return Offer(row.company, company.name, row.role, row.name)


def _size(connection: Connection, company: str, now_s: int) -> int:
    invited, joined = schema.company_invitation.c, schema.company_member.c
    counts = (
        select(func.count()).where(joined.company == company),
        select(func.count()).where(
            invited.company == company, invited.used_s.is_(None), invited.expires_s > now_s
        ),
    )
    return 1 + sum(connection.execute(count).scalar_one() for count in counts)


def _require_owner(connection: Connection, person: Account, company: str) -> None:
    # A member who is no owner gets the response of a stranger: the page offers no such action.
    if person.role != "client" or role_in(connection, company, person.sub) != "owner":
        raise not_found()


def _require_member(connection: Connection, company: str, sub: str) -> None:
    if sub == company:
        raise ProblemError("last_owner")
    if role_in(connection, company, sub) is None:
        raise not_found()


def _role(text: str) -> Role:
    if text not in ROLES:
        raise ProblemError("invalid_request", "There is no such role.")
    return text


def _name(text: str) -> str:
    name = tidy(text).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise ProblemError("invalid_request", f"A name has 1 to {MAX_NAME} characters.")
    return name


def _hash(code: str) -> str:
    return digest(code.encode("utf-8", "replace"))
