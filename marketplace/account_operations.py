"""Operator commands about people, contracts and sessions; `dispute_operations` has the others.

Each command is a model of its values and a function that returns lines for the terminal. People are
named by their identifier, their e-mail address, or a name that only one account has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from babel.numbers import get_currency_precision, list_currencies
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from sqlalchemy import Connection, or_, select

from diary.core.display import for_terminal
from diary.core.findings import DiaryError
from diary.core.slots import to_datetime, week_of
from diary.formats.encoding import parse_canonical
from marketplace import dispute_operations
from marketplace.accounts import one_time_codes
from marketplace.accounts.model import Account, accounts
from marketplace.contracts import queries
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.problems import ProblemError
from marketplace.http.services import Services
from marketplace.storage import schema

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
#: The members of terms that `set-terms` carries over from the terms in force.
_AGREED = (
    "state", "shots", "shot_tol_ms", "review_s", "idle_s", "kept", "manual", "limit_s",
    "limit_rule", "edit_until_s", "retention_days",
)  # fmt: skip


class Nothing(BaseModel):
    """A command without values."""


class AddUser(BaseModel):
    """An account to create."""

    name: _Name
    role: Literal["freelancer", "client"]
    address: str | None = None


class OnePerson(BaseModel):
    """A person: identifier, e-mail address or unique name."""

    person: _Name


class EraseUser(OnePerson):
    """An account to erase; without `confirmed`, only to describe."""

    confirmed: bool = False


class AddContract(BaseModel):
    """A contract to create; `hourly` is an amount such as 40.00 in `currency`, -1 no limit."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    freelancer: _Name
    client: _Name
    limit_s: int | None = Field(default=None, ge=-1, le=604_800)
    hourly: Decimal | None = Field(default=None, ge=0)
    currency: str = "USD"


class SetTerms(BaseModel):
    """New terms of a contract; values that are not set stay. A limit of -1 removes the limit."""

    ctr: str
    limit_s: int | None = Field(default=None, ge=-1, le=604_800)
    state: Literal["active", "paused", "ended"] | None = None
    shots: int | None = Field(default=None, ge=0, le=3)
    retention_days: int | None = Field(default=None, ge=1, le=3650)
    manual: bool | None = None
    kept: bool | None = None


class SetRate(BaseModel):
    """The rate of a contract from this week on."""

    ctr: str
    hourly: Decimal = Field(ge=0)
    currency: str = "USD"


def list_users(services: Services, _: Nothing) -> list[str]:
    """A line per account: identifier, role, name, e-mail address."""
    columns = schema.account.c
    with services.store.read() as connection:
        people = select(schema.account).where(columns.role != "operator")
        rows = connection.execute(people.order_by(columns.name, columns.sub)).all()
    return [_line(row.sub, row.role, row.name, row.email or "") for row in rows]


def add_user(services: Services, command: AddUser) -> list[str]:
    """Create an account; returns its identifier."""
    sub = services.contracts.add_account(command.role, command.name)
    if command.address is not None:
        try:
            services.credentials.set_address(sub, command.address)
        except ProblemError as error:
            raise ConfigError(
                tr("The account %(sub)s was created without the address: %(reason)s")
                % {"sub": sub, "reason": error.detail}
            ) from error
    return [sub]


def invite_user(services: Services, command: OnePerson) -> list[str]:
    """One-time links of a person: for a browser, and for a freelancer's computer."""
    person = find_person(services, command.person)
    now = services.clock.real_s()

    def job(connection: Connection) -> list[str]:
        code = one_time_codes.new(connection, person.sub, "signin", now)
        found = [f"page: {services.config.base_url}/signin/{code}"]
        if person.role == "freelancer":
            enrol = one_time_codes.new(connection, person.sub, "enrol", now)
            found.append(f"enrolment code: {enrol}")
        return found

    return services.store.write(job).result()


def erase_user(services: Services, command: EraseUser) -> list[str]:
    """Describe the erasure of an account; with `confirmed`, carry it out."""
    person = find_person(services, command.person)
    plan = services.person_eraser.plan(person.sub)
    if plan.disputes:
        raise ConfigError(
            tr("Settle the open disputes first: %(titles)s.")
            % {"titles": for_terminal(", ".join(plan.disputes))}
        )
    if plan.review_ends_s is not None:
        ends = to_datetime(plan.review_ends_s, dt.UTC).isoformat(sep=" ", timespec="minutes")
        raise ConfigError(
            tr("The last review ends %(time)s (UTC). Erase the account after it.") % {"time": ends}
        )
    lines = [
        tr("pictures: %(pictures)d, segments with memos and activity: %(segments)d")
        % {"pictures": plan.pictures, "segments": plan.segments},
        tr("signed hours and decisions stay without the name, for the other side"),
    ]
    if not command.confirmed:
        return [*lines, tr("nothing was erased; add --yes to erase the account for good")]
    services.person_eraser.begin(person.sub)
    services.person_eraser.finish()
    return [*lines, tr("the account is erased")]


def list_contracts(services: Services, _: Nothing) -> list[str]:
    """A line per contract: identifier, title, people, state, limit and rate."""
    now = services.clock.wall_s()
    columns, rates = schema.contract.c, schema.contract_rate.c
    lines = []
    with services.store.read() as connection:
        names = {each.sub: each.name for each in accounts(connection)}
        query = select(schema.contract).order_by(columns.created_s, columns.ctr)
        for row in connection.execute(query).all():
            terms = _agreed(connection, row.ctr, now)
            rate = connection.execute(
                select(schema.contract_rate)
                .where(rates.ctr == row.ctr, rates.from_s <= now)
                .order_by(rates.from_s.desc())
                .limit(1)
            ).first()
            limit = terms.get("limit_s")
            lines.append(
                _line(
                    row.ctr,
                    row.title,
                    names.get(row.freelancer, ""),
                    names.get(row.client, ""),
                    str(terms.get("state", "")),
                    "" if limit is None else f"{limit / 3600:g} h",
                    "" if rate is None else _amount(rate.hourly_minor, rate.currency),
                )
            )
    return lines


def add_contract(services: Services, command: AddContract) -> list[str]:
    """Create a contract with its first terms; returns its identifier."""
    freelancer = find_person(services, command.freelancer, "freelancer")
    client = find_person(services, command.client, "client")
    minor = None if command.hourly is None else _minor(command.hourly, command.currency)
    limit = None if command.limit_s == -1 else command.limit_s
    made = services.contracts.add_contract(
        command.title, freelancer=freelancer.sub, client=client.sub, limit_s=limit
    )
    if minor is not None:
        week = week_of(services.clock.wall_s())
        services.contracts.set_rate(made.ctr, minor, command.currency, week)
    return [made.ctr]


def set_terms(services: Services, command: SetTerms) -> list[str]:
    """Log new terms: those in force with the given changes."""
    contract = _contract(services, command.ctr)
    with services.store.read() as connection:
        terms = _agreed(connection, command.ctr, services.clock.wall_s())
    changes = command.model_dump(exclude={"ctr"}, exclude_none=True)
    if changes.get("limit_s") == -1:
        changes["limit_s"] = None
    services.contracts.set_terms(contract, **{**terms, **changes})
    return [tr("the new terms are logged and in force")]


def set_rate(services: Services, command: SetRate) -> list[str]:
    """Set the rate of a contract from the current week on."""
    contract = _contract(services, command.ctr)
    minor = _minor(command.hourly, command.currency)
    try:
        week = week_of(services.clock.wall_s())
        services.contracts.set_rate(contract.ctr, minor, command.currency, week)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return [tr("the rate applies from this week on")]


def list_sessions(services: Services, _: Nothing) -> list[str]:
    """A line per browser session: identifier of the account, name, browser, last use (Unix s)."""
    lines = []
    with services.store.read() as connection:
        people = accounts(connection)
    for person in people:
        lines += [
            _line(person.sub, person.name, state.agent, str(state.seen_s))
            for state in services.sign_in.sessions(person.sub, "")
        ]
    return lines


def end_sessions(services: Services, command: OnePerson) -> list[str]:
    """End all browser sessions of a person, and the unused links."""
    services.sign_in.end_all(find_person(services, command.person).sub)
    return [tr("all browser sessions of this person have ended")]


#: The commands by the name under which a running marketplace takes them.
COMMANDS: dict[str, tuple[type[BaseModel], Callable[[Services, Any], list[str]]]] = {
    **dispute_operations.COMMANDS,
    "users list": (Nothing, list_users),
    "users add": (AddUser, add_user),
    "users invite": (OnePerson, invite_user),
    "users erase": (EraseUser, erase_user),
    "contracts list": (Nothing, list_contracts),
    "contracts add": (AddContract, add_contract),
    "contracts set-terms": (SetTerms, set_terms),
    "contracts rate": (SetRate, set_rate),
    "sessions list": (Nothing, list_sessions),
    "sessions end": (OnePerson, end_sessions),
}


def run(services: Services, name: str, values: dict[str, Any]) -> list[str]:
    """Validate the values of a command and run it. ConfigError for a wrong or refused one."""
    model, function = COMMANDS[name]
    try:
        command = model(**values)
    except ValidationError as error:
        names = ", ".join(str(each["loc"][0]) for each in error.errors())
        raise ConfigError(tr("Invalid value: %(names)s.") % {"names": names}) from error
    return function(services, command)


def find_person(services: Services, name: str, role: str | None = None) -> Account:
    """The account with this identifier, e-mail address or unique name. ConfigError otherwise."""
    columns = schema.account.c
    with services.store.read() as connection:
        rows = connection.execute(
            select(columns.sub, columns.name, columns.role).where(
                or_(columns.sub == name, columns.email == name.lower(), columns.name == name),
                columns.erased_s.is_(None),
                columns.role != "operator",
            )
        ).all()
    found = [Account(row.sub, row.name, row.role) for row in rows if role in (None, row.role)]
    if not found:
        raise ConfigError(tr("There is no such account. 'users list' lists all accounts."))
    if len(found) > 1:
        raise ConfigError(
            tr("Several accounts have this name. Use the identifier: %(subs)s.")
            % {"subs": ", ".join(each.sub for each in found)}
        )
    return found[0]


def _contract(services: Services, ctr: str) -> queries.Contract:
    with services.store.read() as connection:
        row = connection.execute(
            select(schema.contract).where(schema.contract.c.ctr == ctr)
        ).first()
    if row is None:
        raise ConfigError(tr("There is no such contract. 'contracts list' lists all contracts."))
    return queries.Contract(row.ctr, row.title, row.freelancer, row.client)


def _agreed(connection: Connection, ctr: str, now_s: int) -> dict[str, Any]:
    """The agreed members of the newest terms, of those that begin soon too."""
    upcoming = queries.upcoming(connection, ctr, now_s)
    index = upcoming[-1] if upcoming else queries.terms_index(connection, ctr, now_s)
    data = connection.execute(
        select(schema.leaf.c.object).where(schema.leaf.c.idx == index)
    ).scalar()
    try:
        obj = parse_canonical(data or b"")
    except DiaryError:
        return {}
    return {name: obj[name] for name in _AGREED if name in obj}


def _minor(amount: Decimal, currency: str) -> int:
    """An amount in the currency's minor unit. ConfigError for a finer one."""
    if currency not in list_currencies():
        raise ConfigError(tr("This is not an ISO 4217 currency."))
    scaled = amount.scaleb(get_currency_precision(currency))
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ConfigError(tr("The rate is finer than the currency's minor unit."))
    return int(scaled)


def _amount(minor: int, currency: str) -> str:
    digits = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f} {currency}/h"


def _line(*parts: str) -> str:
    # People choose names, and the line goes to a terminal.
    return for_terminal("  ".join(parts).rstrip())
