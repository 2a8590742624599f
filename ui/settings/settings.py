"""The settings: each one is a row of one table.

The file is JSON in the base folder and has the values that the person has set. An invalid value is
logged and its default is used. An unknown name, as of a later version, is kept when the file is
written again. No setting hides that something is recorded. A list of hidden applications or areas
that cannot be read stays in the file, and no pictures are taken until the person sets it again.

The first of these values of a setting is in force: the one that the policy enforces, the person's,
the default of the policy, the built-in one (`ui.settings.policy`).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from system.files import private_dir, write_private
from tracker.masking.rules import BLURS, Rules, is_application, is_region
from ui.settings.address import address_of, is_address
from ui.settings.network import (
    is_file_path,
    is_proxy_address,
    is_script_address,
    is_server_address,
    is_user,
)
from ui.settings.policy.policy import Policy
from ui.settings.policy.sources import load_policy, policy_sources
from ui.settings.setting import ByContract, Setting, Single, Value
from ui.settings.shortcut import is_shortcut

log = logging.getLogger(__name__)

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_CONTRACT = re.compile(r"[A-Za-z0-9_-]{22}")
#: The file's name in the base folder.
SETTINGS = "settings.json"
#: The entry with the version of the file. Without it the file has the value of every row, and those
#: that equal the built-in value count as not set.
FORMAT, _VERSION = "format", 2

Source = Literal["enforced", "user", "default", "built_in"]


def _is_time(text: str) -> bool:
    """Whether a text is a time of day, as in 09:30."""
    return _TIME.fullmatch(text) is not None


def _is_contract(text: str) -> bool:
    """Whether a text is the id of a contract."""
    return _CONTRACT.fullmatch(text) is not None


#: The languages of the windows, each in its own name.
LANGUAGES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "pt": "Português",
}
#: Applies at the next start. "system": the language of the system, else English.
LANGUAGE = Setting("language", "system", ("system", *LANGUAGES), policy=())
THEME = Setting("theme", "system", ("system", "light", "dark"))
#: On: lines and secondary texts have the colour of the text, whatever the desktop asks for.
MORE_CONTRAST = Setting("more_contrast", False)
PICTURE_IN_TOAST = Setting("picture_in_toast", True, policy=(False,))
#: On: no previews until it is switched off again, in the tray's menu.
QUIET = Setting("quiet", False)
#: The keys that start and stop in every program, as in Ctrl+Alt+R; "": none.
SHORTCUT = Setting("shortcut", "", fits=is_shortcut)
#: Off: no hook counts input; only seconds with input are measured, if the system reports them.
COUNT_INPUT = Setting("count_input", True, policy=(False,))
#: Hours of recording without a break after which a notification reminds; 0: never.
REMIND_AFTER = Setting("remind_after_hours", 0, (0, 24), policy=())
#: Local times of day at which a notification reminds to start.
REMIND_AT = Setting("remind_at", (), fits=_is_time, policy=(), enforced="adds")
#: Used on desktops that do not report their login item; on others the system's entry counts.
START_AT_LOGIN = Setting("start_at_login", False, policy=())
SCREENS = Setting("pictures_show", "all", ("all", "pointer"), policy=("pointer",))
MASKED_APPLICATIONS = Setting(
    "masked_applications", (), fits=is_application, policy=(), hides=True, enforced="adds"
)
MASKED_REGIONS = Setting(
    "masked_regions", (), fits=is_region, policy=(), hides=True, enforced="adds"
)
#: Seconds for which a picture is shown before it may be uploaded, at least; a contract's terms may
#: ask for more.
MINIMUM_REVIEW = Setting("minimum_review_s", 0, (0, 600), policy=(), enforced="greatest")
#: "listed": pictures show only the windows of `SHOWN_APPLICATIONS`; all else is covered.
SHOWN_WINDOWS = Setting("shown_windows", "all", ("all", "listed"), hides=True)
SHOWN_APPLICATIONS = Setting("shown_applications", (), fits=is_application, hides=True)
#: The side of the squares whose detail is removed from pictures, by the setting's value.
BLUR_SIDES = dict(zip(("none", "light", "medium", "strong"), (0, *BLURS), strict=True))
BLUR = Setting("picture_blur", "none", tuple(BLUR_SIDES), hides=True)
#: Further rules for the pictures of some contracts; what a contract does not set has its default.
CONTRACT_RULES = Setting(
    "contract_rules",
    {},
    fits=_is_contract,
    rows=(MASKED_APPLICATIONS, SHOWN_WINDOWS, SHOWN_APPLICATIONS, BLUR),
    hides=True,
)
#: The address of the marketplace that a start without one opens; "" asks the person. A policy's
#: address is the only one that can be opened.
MARKETPLACE = Setting("marketplace", "", fits=is_address, policy=())
#: Gigabytes of pictures that may wait for their upload; at this limit no recording begins.
DISK_SHARE = Setting("disk_share_gb", 5, (1, 1000), policy=())
#: How requests leave this computer: as the system does, directly, through `PROXY`, or through the
#: proxies that `PROXY_SCRIPT` names.
NETWORK = Setting("network", "system", ("system", "none", "manual", "pac"), policy=())
PROXY = Setting("proxy", "", fits=is_proxy_address, policy=())
#: The user name for the proxy's sign-in; the password is in the keyring.
PROXY_USER = Setting("proxy_user", "", fits=is_user, policy=())
#: The address or the path of a proxy script (PAC).
PROXY_SCRIPT = Setting("proxy_script", "", fits=is_script_address, policy=())
#: A PEM file with certificates that are trusted beside the system's.
AUTHORITY = Setting("certificate_authority", "", fits=is_file_path, policy=())
#: The channel of updates; "off": the program looks for no updates.
UPDATE_CHANNEL = Setting(
    "update_channel", "stable", ("stable", "preview", "off"), policy=(), safest="off"
)
#: The address of a copy of the update server; "": that of the release. No window shows it.
UPDATE_SERVER = Setting("update_server", "", fits=is_server_address, policy=())
#: Whether the first close of the window has explained that the program continues in the tray.
CLOSE_EXPLAINED = Setting("close_explained", False)

TABLE: tuple[Setting, ...] = (
    LANGUAGE,
    THEME,
    MORE_CONTRAST,
    PICTURE_IN_TOAST,
    QUIET,
    REMIND_AFTER,
    REMIND_AT,
    COUNT_INPUT,
    START_AT_LOGIN,
    SHORTCUT,
    SCREENS,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    MINIMUM_REVIEW,
    SHOWN_WINDOWS,
    SHOWN_APPLICATIONS,
    BLUR,
    CONTRACT_RULES,
    DISK_SHARE,
    MARKETPLACE,
    NETWORK,
    PROXY,
    PROXY_USER,
    PROXY_SCRIPT,
    AUTHORITY,
    UPDATE_CHANNEL,
    UPDATE_SERVER,
    CLOSE_EXPLAINED,
)
#: No pictures are taken while one of these cannot be read.
_HIDDEN = frozenset(row.name for row in TABLE if row.hides)


@dataclass(frozen=True)
class Settings:
    """The current values. `values` are those that the person has set; the methods return those in
    force. `unknown` has the entries of the file with other names. `unread` names the lists of
    hidden things that are invalid in the file; their content is in `unknown` too.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    unknown: Mapping[str, object] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    policy: Policy = field(default_factory=Policy)

    def is_locked(self, row: Setting) -> bool:
        """Whether the policy enforces this row; a list can still be extended."""
        return row.name in self.policy.enforced

    def default(self, row: Setting) -> Value:
        """The value of a row if the person has not set it."""
        return self.policy.defaults.get(row.name, row.default)

    def own(self, row: Setting) -> Value:
        """The value that the person has set, else the default."""
        return self.values.get(row.name, self.default(row))

    def source(self, row: Setting) -> Source:
        """Where the value in force comes from."""
        enforced = self.policy.enforced.get(row.name)
        exceeded = row.enforced == "greatest" and self.value(row) != enforced
        if enforced is not None and not exceeded:
            return "enforced"
        if row.name in self.values:
            return "user"
        return "default" if row.name in self.policy.defaults else "built_in"

    @property
    def policy_address(self) -> str:
        """The address of the marketplace that the policy sets; "" if it sets none."""
        return address_of(str(self.policy.enforced.get(MARKETPLACE.name, ""))) or ""

    def text(self, row: Setting) -> str:
        """A text setting's value."""
        return str(self.value(row))

    def flag(self, row: Setting) -> bool:
        """A yes-or-no setting's value."""
        return bool(self.value(row))

    def number(self, row: Setting) -> int:
        """A number's value."""
        value = self.value(row)
        return value if isinstance(value, int) else 0

    def texts(self, row: Setting) -> tuple[str, ...]:
        """A list's texts: the policy's, then the person's own."""
        return _texts(self.value(row))

    def own_texts(self, row: Setting) -> tuple[str, ...]:
        """The texts of a list that the person can edit."""
        return _texts(self.own(row))

    def policy_texts(self, row: Setting) -> tuple[str, ...]:
        """The texts that the policy adds to a list."""
        return _texts(self.policy.enforced.get(row.name))

    def value(self, row: Setting) -> Value:
        """The value in force."""
        own = self.own(row)
        enforced = self.policy.enforced.get(row.name)
        return own if enforced is None else row.in_force(enforced, own)

    def changed(self, row: Setting, value: Value) -> Settings:
        """The settings with one value changed. Raises ValueError if the value is invalid."""
        if not row.accepts(value):
            raise ValueError(f"{row.name} cannot be {value!r}")
        return replace(
            self, values={**self.values, row.name: value}, unread=self.unread - {row.name}
        )

    def reset(self, row: Setting) -> Settings:
        """The settings with the default of one row."""
        values = {name: value for name, value in self.values.items() if name != row.name}
        return replace(self, values=values, unread=self.unread - {row.name})

    def with_rows(self, rows: Iterable[Setting], other: Settings) -> Settings:
        """The settings with the person's values of `rows` taken from `other`."""
        made = self
        for row in rows:
            made = made.reset(row)
            if row.name in other.values:
                made = made.changed(row, other.values[row.name])
        return made

    def of_contract(self, row: Setting, ctr: str) -> Single:
        """The value of one of `CONTRACT_RULES.rows` for pictures of the contract alone."""
        default = row.default
        assert not isinstance(default, Mapping)  # noqa: S101 - no such row has values by contract
        return self._by_contract().get(ctr, {}).get(row.name, default)

    def changed_for(self, ctr: str, row: Setting, value: Single) -> Settings:
        """The settings with one of `CONTRACT_RULES.rows` changed for the contract's pictures alone.
        Raises ValueError if the value is invalid.
        """
        values = {**self._by_contract().get(ctr, {}), row.name: value}
        if value == row.default:
            del values[row.name]
        rules = {**self._by_contract(), ctr: values}
        if not values:
            del rules[ctr]
        return self.changed(CONTRACT_RULES, rules) if rules else self.reset(CONTRACT_RULES)

    def rules(self) -> Rules:
        """The masking rules for the pictures of all contracts."""
        if self.unread or self.policy.withholds:
            return Rules(unreadable=True)
        return _rules(self.value, self.texts(MASKED_APPLICATIONS), self.texts(MASKED_REGIONS))

    def contract_rules(self) -> dict[str, Rules]:
        """The rules for the pictures of each contract, in addition to `rules`."""

        def of(ctr: str) -> Rules:
            hidden = self.of_contract(MASKED_APPLICATIONS, ctr)
            return _rules(lambda row: self.of_contract(row, ctr), _texts(hidden), ())

        return {ctr: of(ctr) for ctr in self._by_contract()}

    def _by_contract(self) -> ByContract:
        found = self.own(CONTRACT_RULES)
        return found if isinstance(found, Mapping) else {}

    def confirmed(self) -> Settings:
        """The settings with the values shown in place of those that could not be read."""
        return replace(self, unread=frozenset())


def _texts(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _rules(
    value: Callable[[Setting], Value], applications: Iterable[str], regions: Iterable[str]
) -> Rules:
    """The rules with these applications and regions hidden; `value` has those of the other rows."""
    shown = Rules.parse(_texts(value(SHOWN_APPLICATIONS)), ()).applications
    return replace(
        Rules.parse(applications, regions),
        allowed=shown if value(SHOWN_WINDOWS) == "listed" else None,
        blur=BLUR_SIDES[str(value(BLUR))],
    )


_UNREADABLE = Settings(unread=_HIDDEN)


def parse(data: bytes) -> tuple[Settings, tuple[str, ...]]:
    """The settings in a file's bytes, and a sentence for each invalid value."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return _UNREADABLE, ("the file is not JSON; all settings have their defaults",)
    if not isinstance(raw, dict):
        return _UNREADABLE, ("the file is not a JSON object; all settings have their defaults",)
    values: dict[str, Value] = {}
    every_row = FORMAT not in raw
    raw.pop(FORMAT, None)
    problems = []
    unread = set()
    for row in TABLE:
        if row.name not in raw:
            continue
        given = raw.pop(row.name)
        value = row.from_json(given)
        if row.accepts(value):
            if value != row.default or not every_row:
                values[row.name] = value
        elif row.name in _HIDDEN:
            raw[row.name] = given
            unread.add(row.name)
            # Not its content, which is private.
            problems.append(f"{row.name} does not fit; pictures are withheld until it is set again")
        elif row.fits is not None:
            # Not its content: the address of a proxy may contain a password.
            problems.append(f"the value of {row.name} does not fit; it stays {row.default!r}")
        else:
            problems.append(f"{row.name} cannot be {value!r}; it stays {row.default!r}")
    return Settings(values, raw, frozenset(unread)), tuple(problems)


def limit_bytes(settings: Settings) -> int:
    """The limit of `DISK_SHARE` in bytes."""
    return settings.number(DISK_SHARE) * 10**9


def load(path: Path) -> Settings:
    """Read the settings and the policy; a missing file means the defaults. Problems are logged."""
    return replace(_load_own(path), policy=load_policy(policy_sources(TABLE), TABLE))


def _load_own(path: Path) -> Settings:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        log.warning("settings could not be read, defaults are used: %s", error.strerror)
        return _UNREADABLE
    settings, problems = parse(data)
    for problem in problems:
        log.warning("settings: %s", problem)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all; durable on return. Raises OSError."""
    # An unread list stays in the file; without its content, write one that is invalid again.
    unread = {name: settings.unknown.get(name) for name in settings.unread}
    values = {**settings.unknown, **settings.values, **unread, FORMAT: _VERSION}
    text = json.dumps(values, indent=2, sort_keys=True)
    private_dir(path.parent)
    write_private(path, f"{text}\n".encode())
