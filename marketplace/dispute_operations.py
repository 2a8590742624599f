"""Operator commands about disputes; each returns lines for the terminal."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from diary.core.display import for_terminal
from diary.core.slots import DAY, to_datetime
from marketplace.core.config import ConfigError
from marketplace.core.i18n import duration, tr, trn
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import name_of_week
from marketplace.http.services import Services
from marketplace.review.disputes.disputes import Dispute, DisputeDetail

_Digest = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,43}$")]


class ListDisputes(BaseModel):
    """The open disputes, or all of them."""

    all: bool = False


class ShowDispute(BaseModel):
    """A dispute by its digest; `evidence` is an absolute path for the bundle of its week, with
    `pictures` if wanted.
    """

    dispute: _Digest
    evidence: str | None = None
    pictures: bool = False


class ResolveDispute(BaseModel):
    """A dispute, and the reasons of the decision, which both sides see."""

    dispute: _Digest
    text: str


def list_disputes(services: Services, command: ListDisputes) -> list[str]:
    """A line per dispute: digest, age, state, week, contract, freelancer and client."""
    now = services.clock.wall_s()
    lines = [_line(each, now) for each in services.disputes.listed(settled=command.all)]
    return lines or [tr("there is no open dispute")]


def show_dispute(services: Services, command: ShowDispute) -> list[str]:
    """What is in dispute and what was written; writes the evidence bundle to a file."""
    with _explained():
        found = services.disputes.detail(command.dispute)
    lines = [_line(found.dispute, services.clock.wall_s()), *_hours(found)]
    lines += [
        for_terminal(
            f"{_utc(each.at_s)}  {each.name}  {each.kind}"
            + (f": {' '.join(each.text.split())}" if each.text else "")
        )
        for each in found.entries
    ]
    if command.evidence is not None:
        _write_evidence(services, found.dispute, Path(command.evidence), pictures=command.pictures)
        lines.append(tr("the evidence is in %(path)s") % {"path": command.evidence})
        if command.pictures:
            lines.append(tr("the freelancer sees that you viewed these pictures"))
    return lines


def resolve_dispute(services: Services, command: ResolveDispute) -> list[str]:
    """Log the decision about a dispute; both sides get a message."""
    with _explained():
        services.disputes.resolve(command.dispute, command.text)
    return [tr("the decision is logged, and both sides see it")]


def _write_evidence(services: Services, dispute: Dispute, path: Path, *, pictures: bool) -> None:
    """Write the bundle to a new file. Raises ConfigError."""
    if dispute.settled:
        raise ConfigError(tr("The dispute is settled: its evidence is no longer open to you."))
    try:
        with path.open("xb") as file, _explained():
            operator = services.disputes.operator()
            for piece in services.bundles.make(
                operator, dispute.ctr, dispute.week, images=pictures
            ):
                file.write(piece)
    except FileExistsError:
        raise ConfigError(
            tr("%(path)s exists already. Nothing was changed.") % {"path": path}
        ) from None
    except OSError as error:
        raise ConfigError(
            tr("cannot use %(path)s: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from error


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn a problem of the block into a ConfigError with a sentence."""
    try:
        yield
    except ProblemError as error:
        if error.code == "not_found":
            raise ConfigError(
                tr("No single dispute has this digest. 'disputes list' lists them.")
            ) from error
        raise ConfigError(error.detail) from error


def _line(dispute: Dispute, now_s: int) -> str:
    days = max(0, now_s - dispute.at_s) // DAY
    words = tr("open, answered") if dispute.answered else tr("open")
    state = tr("closed") if dispute.settled else words
    return for_terminal(
        "  ".join(
            (
                dispute.digest,
                trn("%(count)s day", "%(count)s days", days) % {"count": days},
                state,
                name_of_week(dispute.week),
                dispute.title,
                dispute.freelancer,
                dispute.client,
            )
        )
    )


def _hours(found: DisputeDetail) -> list[str]:
    totals = found.ledger.totals
    text = tr("recorded %(recorded)s, payable %(payable)s")
    recorded = totals.tracked + totals.kept + totals.manual
    return [text % {"recorded": duration(recorded), "payable": duration(totals.payable)}]


def _utc(time_s: int) -> str:
    return f"{to_datetime(time_s, dt.UTC):%Y-%m-%d %H:%M} UTC"


#: The commands by the name under which a running marketplace takes them.
COMMANDS: dict[str, tuple[type[BaseModel], Callable[[Services, Any], list[str]]]] = {
    "disputes list": (ListDisputes, list_disputes),
    "disputes show": (ShowDispute, show_dispute),
    "disputes resolve": (ResolveDispute, resolve_dispute),
}
