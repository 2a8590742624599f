"""GNOME Keyring on a separate session bus, in a throw-away home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.desktop_fixtures.bus import SECRETS, Bus
from tests.desktop_fixtures.processes import Processes, Service
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path


#: A session bus that starts no services: a second keyring would take the place of the one below
#: whenever something asks before that one is ready.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SecretService:
    """A session bus with GNOME Keyring, in a separate home."""

    def __init__(self, home: Path) -> None:
        run = home / "run"
        run.mkdir(mode=0o700)
        self.env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(run),
            "XDG_DATA_HOME": str(home / "data"),
        }
        self._processes = Processes(home)
        self._closed = False
        config = home / "bus.conf"
        config.write_text(_BUS, "utf-8")
        argv = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
        argv.append("--print-address={fd}")
        _, self.address = self._processes.start_telling("dbus-daemon", argv, self.env)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self._keyring = self._start("--unlock", stdin="password")
        with Bus(self.address) as bus:
            wait_for(bus.keyring_is_open, what="the keyring")

    def _start(self, *options: str, stdin: str | None = None) -> Service:
        argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *options]
        return self._processes.start("gnome-keyring", argv, self.env, stdin=stdin)

    def lock(self) -> None:
        """Restart the keyring, without its password."""
        self._keyring.stop()
        self._keyring = self._start()
        with Bus(self.address) as bus:
            wait_for(lambda: bus.owned(SECRETS.bus_name or ""), what="the keyring")
            wait_for(lambda: not bus.keyring_is_open(), what="the lock")

    def close(self) -> None:
        """End both; a second call does nothing.

        Raises DesktopError, with the log, if the keyring has ended by itself.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._keyring.check()
        finally:
            self._processes.close()
