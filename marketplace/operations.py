"""Setting up, inviting, stopping devices, erasing, changing the log's key: also while a marketplace
runs on the folder.

A running marketplace owns its data folder, so the command asks it over loopback, with a token that
only the owner of the folder can read and that is new at every start.
"""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from diary.core.display import for_terminal
from diary.objects.device_lifecycle import MAX_REASON
from marketplace.api.dependencies import B64_HASH, DepsIn
from marketplace.core.config import ConfigError
from marketplace.core.problems import ProblemError
from marketplace.devices.lookup import device as enrolled
from marketplace.devices.registry import states
from marketplace.http.services import Services
from marketplace.storage import schema
from system.files import write_private

_FILE = "admin.json"


class Example(BaseModel):
    """The people and the contract to make if there is none."""

    freelancer: str = Field(default="Ana Ruiz", min_length=1, max_length=100)
    client: str = Field(default="Acme", min_length=1, max_length=100)
    title: str = Field(default="Acme shop rebuild", min_length=1, max_length=200)
    limit_s: int | None = Field(default=108_000, ge=0, le=604_800)


@dataclass(frozen=True)
class SignInLinks:
    """One-time links: for the tray client a code, for the browsers addresses."""

    marketplace: str
    client: str
    freelancer: str
    enrol_code: str


def set_up(deps: Services, example: Example) -> bool:
    """Make freelancer, client and contract unless there is a contract; whether it did."""
    return deps.people.set_up(**example.model_dump())


def links(deps: Services) -> SignInLinks:
    """New one-time links for the people of the oldest contract. ConfigError if there is none."""
    invitation = deps.people.invite()
    if invitation is None:
        raise ConfigError("There is no contract yet. Run 'setup' first.")
    base = deps.config.base_url
    return SignInLinks(
        marketplace=base,
        client=f"{base}/signin/{invitation.client}",
        freelancer=f"{base}/signin/{invitation.freelancer}",
        enrol_code=invitation.enrol,
    )


def rotate(deps: Services) -> str:
    """Close the log's newest shard, open the next one; the new origin."""
    return deps.log.rotate().origin


class StopDevice(BaseModel):
    """A device to stop, and why: the public log shows both. With `browsers`, the browser sessions
    of its owner end as well.
    """

    kid: str = Field(pattern=B64_HASH)
    reason: str = Field(default="", max_length=MAX_REASON)
    browsers: bool = False


class EraseAccount(BaseModel):
    """What to erase of a segment."""

    segment: str = Field(pattern=B64_HASH)
    scope: list[Literal["memo", "minutes", "shot"]] = Field(min_length=1, max_length=3)


def devices(deps: Services) -> list[str]:
    """A line for each device: its key's name, its own, its person's, and what became of it."""
    lines = []
    with deps.store.read() as connection:
        people = connection.execute(select(schema.account).order_by(schema.account.c.name)).all()
        for person in people:
            for state in states(connection, person.sub):
                ended = "stopped" if state.revoked_s else "signed out" if state.retired_s else ""
                line = f"{state.kid}  {state.name}  {person.name}  {ended}".rstrip()
                # A name is somebody's own choice, and this goes to a terminal.
                lines.append(for_terminal(line))
    return lines


def stop(deps: Services, wish: StopDevice) -> bool:
    """Stop a device; False if that was done before. ConfigError if it is not enrolled."""
    with deps.store.read() as connection:
        device = enrolled(connection, wish.kid)
    if device is None:
        raise ConfigError("No device has this key. 'devices' lists them.")
    if wish.browsers:
        deps.signin.end_all(device.sub)
    return deps.devices.revoke(wish.kid, wish.reason)


def erase(deps: Services, wish: EraseAccount) -> bool:
    """Erase parts of a segment; False if there is nothing of them here."""
    return deps.retention.erase(wish.segment, wish.scope, "erasure")


def routes(token: str) -> APIRouter:
    """The routes by which the commands reach a running marketplace."""

    def authorised(request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not compare_digest(given, f"Bearer {token}".encode()):
            raise ProblemError("not_found", "There is nothing at this address.")

    router = APIRouter(include_in_schema=False, dependencies=[Depends(authorised)])

    @router.post("/admin/setup")
    def setup(deps: DepsIn, example: Example) -> dict[str, bool]:
        return {"made": set_up(deps, example)}

    @router.post("/admin/invite")
    def invite(deps: DepsIn) -> dict[str, str]:
        try:
            return asdict(links(deps))
        except ConfigError as error:
            raise ProblemError("no_contract", str(error)) from error

    @router.post("/admin/devices")
    def list_devices(deps: DepsIn) -> dict[str, list[str]]:
        return {"devices": devices(deps)}

    @router.post("/admin/stop-device")
    def stop_device(deps: DepsIn, wish: StopDevice) -> dict[str, bool]:
        try:
            return {"done": stop(deps, wish)}
        except ConfigError as error:
            raise ProblemError("not_found", str(error)) from error

    @router.post("/admin/erase")
    def erase_parts(deps: DepsIn, wish: EraseAccount) -> dict[str, bool]:
        return {"done": erase(deps, wish)}

    @router.post("/admin/rotate-log")
    def rotate_log(deps: DepsIn) -> dict[str, str]:
        return {"origin": rotate(deps)}

    return router


def start_admin_socket(data_dir: Path, base_url: str) -> str:
    """Write down how to reach this process; returns its token."""
    token = secrets.token_urlsafe(32)
    text = json.dumps({"url": base_url, "token": token})
    write_private(data_dir / _FILE, text.encode())
    return token


def stop_admin_socket(data_dir: Path) -> None:
    """Forget how to reach this process."""
    (data_dir / _FILE).unlink(missing_ok=True)


def admin_request(data_dir: Path, action: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask the marketplace that runs on the folder. Raises ConfigError if it does not answer."""
    try:
        door = json.loads((data_dir / _FILE).read_text("utf-8"))
        request = urllib.request.Request(  # noqa: S310 - our own file names a loopback address
            f"{door['url']}/admin/{action}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {door['token']}",
                "Content-Type": "application/json",
            },
        )
        # No proxy of the environment may come between: this is loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            result: dict[str, Any] = json.load(answer)
            return result
    except urllib.error.HTTPError as error:
        with error:
            detail = json.load(error).get("detail", "")
        raise ConfigError(detail or f"The running marketplace refused: {error}.") from error
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            "A marketplace is running on this folder but does not answer. Try again in a moment."
        ) from error
