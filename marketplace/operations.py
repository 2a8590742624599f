"""Operator commands, which also work while a marketplace runs on the data folder.

A running marketplace owns its data folder, so the commands send it requests over loopback, with a
token that is new at each start and readable only by the owner of the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from diary.core.display import for_terminal
from diary.objects.device_lifecycle import MAX_REASON
from marketplace import account_operations
from marketplace.accounts.model import accounts
from marketplace.api.dependencies import B64_HASH, ServicesIn
from marketplace.core.config import ConfigError
from marketplace.core.i18n import environment_field, tr
from marketplace.core.problems import ProblemError
from marketplace.devices.lookup import device as enrolled
from marketplace.devices.registry import states
from marketplace.http.services import Services
from system.files import write_private

_FILE = "admin.json"
#: The file of one of several processes, by its number.
_SHARED_FILE = "admin-%d.json"


class Example(BaseModel):
    """The people and the contract to create if there is none."""

    freelancer: str = Field(default="Ana Ruiz", min_length=1, max_length=100)
    client: str = Field(default="Acme", min_length=1, max_length=100)
    title: str = Field(default="Acme shop rebuild", min_length=1, max_length=200)
    limit_s: int | None = Field(default=108_000, ge=0, le=604_800)


@dataclass(frozen=True)
class InvitationLinks:
    """One-time links: a code for the client program, addresses for browsers."""

    marketplace: str
    client: str
    freelancer: str
    enrol_code: str


def set_up(services: Services, example: Example) -> bool:
    """Create a freelancer, a client and a contract unless a contract exists; returns whether it
    created them.
    """
    return services.contracts.set_up(**example.model_dump())


def links(services: Services) -> InvitationLinks:
    """New one-time links for the people of the oldest contract. ConfigError if there is none."""
    invitation = services.contracts.invite()
    if invitation is None:
        raise ConfigError(tr("There is no contract yet. Run 'setup' first."))
    base = services.config.base_url
    return InvitationLinks(
        marketplace=base,
        client=f"{base}/signin/{invitation.client}",
        freelancer=f"{base}/signin/{invitation.freelancer}",
        enrol_code=invitation.enrol,
    )


def rotate(services: Services) -> str:
    """Close the log's newest shard and open the next one; returns the new origin."""
    return services.log.rotate().origin


class StopDevice(BaseModel):
    """A device to stop and the reason, both of which are in the public log. With `browsers`, the
    browser sessions of its owner end as well.
    """

    kid: str = Field(pattern=B64_HASH)
    reason: str = Field(default="", max_length=MAX_REASON)
    browsers: bool = False


class EraseParts(BaseModel):
    """The parts of a segment to erase."""

    segment: str = Field(pattern=B64_HASH)
    scope: list[Literal["memo", "minutes", "shot"]] = Field(min_length=1, max_length=3)


class AccountCommand(BaseModel):
    """A command of `marketplace.account_operations`."""

    name: Literal[tuple(account_operations.COMMANDS)]  # type: ignore[valid-type]
    values: dict[str, Any]


def devices(services: Services) -> list[str]:
    """A line per device: key identifier, name, owner and state."""
    lines = []
    with services.store.read() as connection:
        for person in accounts(connection):
            for state in states(connection, person.sub):
                ended = "stopped" if state.revoked_s else "signed out" if state.retired_s else ""
                line = f"{state.kid}  {state.name}  {person.name}  {ended}".rstrip()
                # Users choose names, and the line goes to a terminal.
                lines.append(for_terminal(line))
    return lines


def stop(services: Services, command: StopDevice) -> bool:
    """Stop a device; False if it was stopped before. ConfigError if it is not enrolled."""
    with services.store.read() as connection:
        device = enrolled(connection, command.kid)
    if device is None:
        raise ConfigError(tr("No device has this key. 'devices' lists them."))
    if command.browsers:
        services.sign_in.end_all(device.sub)
    return services.devices.revoke(command.kid, command.reason)


def erase(services: Services, command: EraseParts) -> bool:
    """Erase parts of a segment; False if it has none of them."""
    return services.retention.erase(command.segment, command.scope, "erasure")


@contextlib.contextmanager
def _refusing(code: str) -> Iterator[None]:
    """Turn a ConfigError of the block into a problem with its sentence."""
    try:
        yield
    except ConfigError as error:
        raise ProblemError(code, str(error)) from error


def routes(token: str) -> APIRouter:
    """The routes for the commands to a running marketplace."""

    def authorised(request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not compare_digest(given, f"Bearer {token}".encode()):
            raise ProblemError("not_found", "There is nothing at this address.")

    router = APIRouter(include_in_schema=False, dependencies=[Depends(authorised)])

    @router.post("/admin/setup")
    def setup(services: ServicesIn, example: Example) -> dict[str, bool]:
        return {"made": set_up(services, example)}

    @router.post("/admin/invite")
    def invite(services: ServicesIn) -> dict[str, str]:
        with _refusing("no_contract"):
            return asdict(links(services))

    @router.post("/admin/devices")
    def list_devices(services: ServicesIn) -> dict[str, list[str]]:
        return {"devices": devices(services)}

    @router.post("/admin/stop-device")
    def stop_device(services: ServicesIn, command: StopDevice) -> dict[str, bool]:
        with _refusing("not_found"):
            return {"done": stop(services, command)}

    @router.post("/admin/erase")
    def erase_parts(services: ServicesIn, command: EraseParts) -> dict[str, bool]:
        return {"done": erase(services, command)}

    @router.post("/admin/command")
    def account_command(services: ServicesIn, command: AccountCommand) -> dict[str, list[str]]:
        with _refusing("not_found"):
            return {"lines": account_operations.run(services, command.name, command.values)}

    @router.post("/admin/rotate-log")
    def rotate_log(services: ServicesIn) -> dict[str, str]:
        return {"origin": rotate(services)}

    return router


def start_admin_socket(data_dir: Path, base_url: str, *, shared: bool = False) -> str:
    """Store the address and a new token of this process; returns the token. Processes that are
    `shared` have a file each.
    """
    token = secrets.token_urlsafe(32)
    if shared:
        _forget_killed(data_dir)
    text = json.dumps({"url": base_url, "token": token})
    write_private(_admin_file(data_dir, shared=shared), text.encode())
    return token


def stop_admin_socket(data_dir: Path, *, shared: bool = False) -> None:
    """Remove the stored address and token."""
    _admin_file(data_dir, shared=shared).unlink(missing_ok=True)


def _forget_killed(data_dir: Path) -> None:
    """Remove the files of processes that were killed."""
    for file in data_dir.glob(_SHARED_FILE.replace("%d", "*")):
        number = file.stem.partition("-")[2]
        try:
            os.kill(int(number), 0)
        except (ProcessLookupError, ValueError):
            file.unlink(missing_ok=True)
        except PermissionError:
            continue


def _admin_file(data_dir: Path, *, shared: bool) -> Path:
    return data_dir / (_SHARED_FILE % os.getpid() if shared else _FILE)


def admin_request(data_dir: Path, action: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send a command to the marketplace that runs on the folder. ConfigError if it fails."""
    # A process that was killed leaves its file.
    for file in sorted(data_dir.glob(_SHARED_FILE.replace("%d", "*"))):
        with contextlib.suppress(_NoAnswerError):
            return _request(file, action, body)
    return _request(data_dir / _FILE, action, body)


class _NoAnswerError(ConfigError):
    """No process answers at the address of a file."""


def _request(file: Path, action: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        admin = json.loads(file.read_text("utf-8"))
        request = urllib.request.Request(  # noqa: S310 - our own file names a loopback address
            f"{admin['url']}/admin/{action}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {admin['token']}",
                "Content-Type": "application/json",
                "Accept-Language": environment_field(),
            },
        )
        # Loopback: ignore proxies of the environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            result: dict[str, Any] = json.load(response)
            return result
    except urllib.error.HTTPError as error:
        with error:
            detail = json.load(error).get("detail", "")
        raise ConfigError(
            detail or tr("The running marketplace refused: %(reason)s.") % {"reason": error}
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise _NoAnswerError(
            tr(
                "A marketplace is running on this folder but does not answer. Try again in a "
                "moment."
            )
        ) from error
