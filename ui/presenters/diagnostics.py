"""The texts of `workdiary doctor`: for the terminal, its JSON output and the window."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diary.core.display import for_terminal
from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.formatting import decimal, named, plain, substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.diagnostics import Diagnosis, State
    from ui.presenters.formatting import Translate

#: Increase it when a field of the JSON changes its meaning or is removed, not for a new field.
SCHEMA = 1
_CONTEXT = "Doctor"
#: Characters of a path or of an error's detail.
LONGEST_FACT = 400

_TITLES = {
    "session": QT_TRANSLATE_NOOP("Doctor", "Desktop"),
    "pictures": QT_TRANSLATE_NOOP("Doctor", "Pictures"),
    "input": QT_TRANSLATE_NOOP("Doctor", "Input"),
    "idle": QT_TRANSLATE_NOOP("Doctor", "Idle time"),
    "sleep": QT_TRANSLATE_NOOP("Doctor", "Lock and sleep"),
    "clocks": QT_TRANSLATE_NOOP("Doctor", "Clocks"),
    "tray": QT_TRANSLATE_NOOP("Doctor", "Tray"),
    "notices": QT_TRANSLATE_NOOP("Doctor", "Notifications"),
    "keyring": QT_TRANSLATE_NOOP("Doctor", "Keyring"),
    "folder": QT_TRANSLATE_NOOP("Doctor", "State folder"),
    "marketplace": QT_TRANSLATE_NOOP("Doctor", "Marketplace"),
    "versions": QT_TRANSLATE_NOOP("Doctor", "Versions"),
}

_MARKS: dict[State, str] = {
    "ok": QT_TRANSLATE_NOOP("Doctor", "Works"),
    "limited": QT_TRANSLATE_NOOP("Doctor", "Works in part"),
    "attention": QT_TRANSLATE_NOOP("Doctor", "Needs attention"),
}

_SENTENCES = {
    "session x11": QT_TRANSLATE_NOOP("Doctor", "An X11 session."),
    "session wayland": QT_TRANSLATE_NOOP("Doctor", "A Wayland session."),
    "session windows": QT_TRANSLATE_NOOP("Doctor", "A Windows session."),
    "session aqua": QT_TRANSLATE_NOOP("Doctor", "A macOS session."),
    "session none": QT_TRANSLATE_NOOP(
        "Doctor",
        "No desktop session found. Start Workdiary in one, or set DISPLAY or WAYLAND_DISPLAY.",
    ),
    "pictures failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "A test screenshot failed: {detail}. Work can be recorded; the record states why it has no "
        "picture.",
    ),
    "input off": QT_TRANSLATE_NOOP(
        "Doctor",
        "Counting is switched off in the settings. Only the seconds with input are recorded.",
    ),
    "input failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "Input cannot be measured: {detail}. Your time still counts; the record notes that "
        "activity was not measured.",
    ),
    "idle by_input": QT_TRANSLATE_NOOP("Doctor", "Detected from missing input."),
    "idle unknown": QT_TRANSLATE_NOOP(
        "Doctor", "Cannot be detected while input is not measured. Press Stop when you leave."
    ),
    "sleep clock_only": QT_TRANSLATE_NOOP(
        "Doctor",
        "Sleep is detected by the clocks afterwards and is not counted. A locked screen is not "
        "detected: press Stop before you lock it.",
    ),
    "clocks works": QT_TRANSLATE_NOOP("Doctor", "Clocks are readable."),
    "clocks failed": QT_TRANSLATE_NOOP(
        "Doctor", "A clock cannot be read: {detail}. Time cannot be counted without it."
    ),
    "tray system": QT_TRANSLATE_NOOP("Doctor", "Provided by the system."),
    "tray works": QT_TRANSLATE_NOOP("Doctor", "System tray found."),
    "tray none": QT_TRANSLATE_NOOP(
        "Doctor",
        "No system tray found; use the window instead of the icon. On GNOME, the "
        "AppIndicator extension adds a tray.",
    ),
    "notices system": QT_TRANSLATE_NOOP("Doctor", "Provided by the system."),
    "notices works": QT_TRANSLATE_NOOP("Doctor", "The desktop shows notifications."),
    "notices none": QT_TRANSLATE_NOOP(
        "Doctor", "The desktop shows no notifications. Workdiary shows messages in its own windows."
    ),
    "notices no_bus": QT_TRANSLATE_NOOP(
        "Doctor",
        "No session bus (D-Bus) found. Notifications and the keyring need it. Start Workdiary from "
        "the desktop.",
    ),
    "keyring works": QT_TRANSLATE_NOOP("Doctor", "A keyring for this computer's keys was found."),
    "keyring keyring_absent": QT_TRANSLATE_NOOP(
        "Doctor",
        "No keyring found, and the keys are stored only in a keyring. Install GNOME Keyring or "
        "KWallet, then log in again.",
    ),
    "keyring keyring_locked": QT_TRANSLATE_NOOP(
        "Doctor", "The keyring did not answer. It may be waiting for you in a dialog."
    ),
    "folder works": QT_TRANSLATE_NOOP(
        "Doctor", "{folder} is writable; {free} GB of the disk are free."
    ),
    "folder full": QT_TRANSLATE_NOOP(
        "Doctor",
        "Only {free} GB are free on the disk of {folder}. Free some space before you record.",
    ),
    "folder dangling": QT_TRANSLATE_NOOP(
        "Doctor",
        "{folder} cannot be used: a symbolic link in its path has no target ({detail}). Restore "
        "the target, or choose another folder (--base-dir).",
    ),
    "folder not_mounted": QT_TRANSLATE_NOOP(
        "Doctor",
        "{folder} is on a drive that is not connected. Connect it before you start.",
    ),
    "folder no_locks": QT_TRANSLATE_NOOP(
        "Doctor",
        "The drive of {folder} cannot lock files, so two programs could write to one diary. Choose "
        "a folder on another drive (--base-dir).",
    ),
    "folder no_locks_error": QT_TRANSLATE_NOOP(
        "Doctor", "A test lock in {folder} failed. Check the drive."
    ),
    "folder no_sqlite": QT_TRANSLATE_NOOP(
        "Doctor",
        "The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive "
        "(--base-dir).",
    ),
    "folder not_writable": QT_TRANSLATE_NOOP(
        "Doctor", "{folder} is not writable ({detail}). Nothing can be recorded until it is."
    ),
    "marketplace works": QT_TRANSLATE_NOOP("Doctor", "{name} answers."),
    "marketplace none": QT_TRANSLATE_NOOP(
        "Doctor", "This computer has not joined a marketplace yet."
    ),
    "marketplace failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "{name} cannot be reached ({problem}). Work can be recorded and is uploaded later.",
    ),
    "marketplace proxy_sign_in": QT_TRANSLATE_NOOP(
        "Doctor",
        "The proxy {detail}, which connects to {name}, asks for a user name and a password. "
        "Enter them under Network in the settings, or ask the network's administrator.",
    ),
    "marketplace proxy_unreachable": QT_TRANSLATE_NOOP(
        "Doctor",
        "The proxy {detail}, which connects to {name}, does not answer. Check it under Network "
        "in the settings.",
    ),
    "marketplace proxy_unknown": QT_TRANSLATE_NOOP(
        "Doctor",
        "The proxy {detail}, which connects to {name}, has an unknown host name. Check it under "
        "Network in the settings.",
    ),
    "marketplace proxy_unsupported": QT_TRANSLATE_NOOP(
        "Doctor",
        "Workdiary cannot use the proxy {detail}, which connects to {name}: its type is not "
        "supported. Enter the address of an HTTP proxy under Network in the settings.",
    ),
    "marketplace proxy_failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "The proxy {detail} did not connect to {name}. Ask the network's administrator whether the "
        "proxy allows the marketplace.",
    ),
    "versions works": QT_TRANSLATE_NOOP(
        "Doctor", "Workdiary {workdiary}, Python {python}, Qt {qt}, {system}."
    ),
}


@dataclass(frozen=True)
class LineView:
    """One check. `link` opens the setting that fixes it; `button` is its label."""

    title: str
    state: State
    mark: str
    text: str
    link: str = ""
    button: str = ""


@dataclass(frozen=True)
class DiagnosticsView:
    """All checks and their summary."""

    summary: str
    lines: tuple[LineView, ...]


def diagnostics_view(findings: Sequence[Diagnosis], translate: Translate) -> DiagnosticsView:
    """The checks as texts, for the window and for the terminal."""
    if not findings:
        return DiagnosticsView(
            translate("Doctor", "The check itself failed. The reason is in the log."), ()
        )
    waiting = sum(one.state == "attention" for one in findings)
    summary = (
        translate("Doctor", "Needs attention: %n", "a number of lines", waiting)
        if waiting
        else translate("Doctor", "Nothing needs attention.")
    )
    return DiagnosticsView(summary, tuple(_line(one, translate) for one in findings))


def _line(finding: Diagnosis, translate: Translate) -> LineView:
    text = " ".join(translate(_CONTEXT, reason) for reason in finding.reasons)
    if not text:
        key = f"{finding.check} {finding.code}"
        text = substitute(
            translate(_CONTEXT, _SENTENCES.get(key, finding.code)), **_facts(finding, translate)
        )
    elif finding.facts.get("detail"):
        failed = translate("Doctor", "A better method failed: {detail}.")
        text = f"{text} {substitute(failed, **_facts(finding, translate))}"
    if finding.facts.get("active") == "yes":
        active = translate("Doctor", "Workdiary records for this marketplace.")
        text = f"{text} {active}"
    return LineView(
        title=translate(_CONTEXT, _TITLES[finding.check]),
        state=finding.state,
        mark=translate(_CONTEXT, _MARKS[finding.state]),
        text=text,
        link=finding.link,
        button=translate("Doctor", "Open the system settings") if finding.link else "",
    )


def _facts(finding: Diagnosis, translate: Translate) -> dict[str, str]:
    """The facts, ready for a sentence: paths, names and error details are untrusted."""
    facts = {name: named(value, LONGEST_FACT) for name, value in finding.facts.items()}
    if "free" in finding.facts:
        facts["free"] = decimal(finding.facts["free"], translate)
    return facts


def table(view: DiagnosticsView, width: int = 96) -> str:
    """The lines for a terminal."""
    titles = max(len(line.title) for line in view.lines) + 2
    marks = max(len(line.mark) for line in view.lines) + 2
    rows = []
    for line in view.lines:
        texts = [for_terminal(text) for text in (line.text, line.link) if text]
        lines = [part for text in texts for part in textwrap.wrap(text, width - titles - marks)]
        rows.append(f"{line.title:{titles}}{line.mark:{marks}}{lines[0]}")
        rows += [" " * (titles + marks) + part for part in lines[1:]]
    return "\n".join([*rows, "", view.summary])


def as_json(findings: Sequence[Diagnosis]) -> dict[str, Any]:
    """The output of `workdiary doctor --json`; see docs/platforms.md."""
    return {
        "schema": SCHEMA,
        "ok": all(one.state != "attention" for one in findings),
        "checks": [
            {
                "check": one.check,
                "state": one.state,
                "code": one.code,
                "way": one.backend or None,
                "words": for_terminal(_line(one, plain).text),
                "facts": dict(one.facts),
            }
            for one in findings
        ],
    }
