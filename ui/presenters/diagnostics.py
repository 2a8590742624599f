"""What works on this computer, in words: for the command line, its JSON, and the page."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diary.core.display import for_terminal
from ui.presenters.formatting import named, plain, substitute
from ui.presenters.notices import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.diagnostics import Diagnosis, State
    from ui.presenters.formatting import Translate

#: Raised when a field of the JSON changes its meaning or goes; new ones may come at any time.
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
    "notices": QT_TRANSLATE_NOOP("Doctor", "Notices"),
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
        "There is no desktop here. Start Workdiary in a desktop session, or set DISPLAY or "
        "WAYLAND_DISPLAY.",
    ),
    "pictures failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "A picture was tried and failed: {detail}. Work can be recorded; the record says why it "
        "has no picture.",
    ),
    "input off": QT_TRANSLATE_NOOP(
        "Doctor",
        "You have switched counting off: the record says in which seconds there was input, and "
        "nothing is counted.",
    ),
    "input failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "Input cannot be measured: {detail}. Your time counts, and the record says that activity "
        "was not measured.",
    ),
    "idle by_input": QT_TRANSLATE_NOOP("Doctor", "Noticed by the lack of input."),
    "idle unknown": QT_TRANSLATE_NOOP(
        "Doctor", "Cannot be noticed while input is not measured. Stop when you leave."
    ),
    "sleep clock_only": QT_TRANSLATE_NOOP(
        "Doctor",
        "A sleep is seen by the clocks when it is over, and is not counted. Stop before you lock "
        "the screen.",
    ),
    "clocks works": QT_TRANSLATE_NOOP("Doctor", "Those that time is counted by can be read."),
    "clocks failed": QT_TRANSLATE_NOOP(
        "Doctor", "A clock that time is counted by cannot be read: {detail}."
    ),
    "tray system": QT_TRANSLATE_NOOP("Doctor", "The system's own."),
    "tray works": QT_TRANSLATE_NOOP("Doctor", "There is one for the icon."),
    "tray none": QT_TRANSLATE_NOOP(
        "Doctor",
        "There is none for the icon, and the window serves instead. On GNOME, the extension "
        "AppIndicator brings one.",
    ),
    "notices system": QT_TRANSLATE_NOOP("Doctor", "The system's own."),
    "notices works": QT_TRANSLATE_NOOP("Doctor", "The desktop shows them."),
    "notices none": QT_TRANSLATE_NOOP(
        "Doctor", "The desktop shows none; Workdiary's own windows tell what there is to tell."
    ),
    "notices no_bus": QT_TRANSLATE_NOOP(
        "Doctor",
        "There is no session bus (D-Bus). Without it there are neither notices nor a keyring: "
        "start Workdiary from the desktop.",
    ),
    "keyring works": QT_TRANSLATE_NOOP("Doctor", "There is one for this computer's keys."),
    "keyring keyring_absent": QT_TRANSLATE_NOOP(
        "Doctor",
        "There is none, and keys are kept nowhere else. Install GNOME Keyring or KWallet and log "
        "in again.",
    ),
    "keyring keyring_locked": QT_TRANSLATE_NOOP(
        "Doctor", "It did not answer. It may wait for you in a dialog."
    ),
    "folder works": QT_TRANSLATE_NOOP(
        "Doctor", "{folder} can be written; {free} GB of the disk are free."
    ),
    "folder full": QT_TRANSLATE_NOOP(
        "Doctor", "Only {free} GB are free on the disk of {folder}. Make room before you record."
    ),
    "folder dangling": QT_TRANSLATE_NOOP(
        "Doctor",
        "{folder} cannot be used: a link on the way leads to a place that is not there ({detail}). "
        "Put the target back, or choose another folder (--base-dir).",
    ),
    "folder not_mounted": QT_TRANSLATE_NOOP(
        "Doctor",
        "{folder} would be on a drive that is not there. Connect the drive before you start.",
    ),
    "folder no_locks": QT_TRANSLATE_NOOP(
        "Doctor",
        "The drive of {folder} cannot lock files, so that two programs could write to one diary. "
        "Choose a folder on another drive (--base-dir).",
    ),
    "folder no_locks_error": QT_TRANSLATE_NOOP(
        "Doctor", "A lock was tried in {folder} and failed. Check the drive."
    ),
    "folder no_sqlite": QT_TRANSLATE_NOOP(
        "Doctor",
        "The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive "
        "(--base-dir).",
    ),
    "folder not_writable": QT_TRANSLATE_NOOP(
        "Doctor", "{folder} cannot be written ({detail}). Nothing can be recorded before it can."
    ),
    "marketplace works": QT_TRANSLATE_NOOP("Doctor", "{name} answers."),
    "marketplace none": QT_TRANSLATE_NOOP("Doctor", "None is known here yet."),
    "marketplace failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "{name} cannot be reached ({problem}). Work can be recorded, and is sent later.",
    ),
    "marketplace proxy_sign_in": QT_TRANSLATE_NOOP(
        "Doctor",
        "The way to {name} leads through the proxy {detail}, which asks for a name and a password. "
        "Put them into https_proxy, or ask the network's administrator.",
    ),
    "marketplace proxy_unreachable": QT_TRANSLATE_NOOP(
        "Doctor",
        "The way to {name} leads through the proxy {detail}, which does not answer. Check "
        "https_proxy and the system's proxy settings.",
    ),
    "marketplace proxy_unknown": QT_TRANSLATE_NOOP(
        "Doctor",
        "The way to {name} leads through the proxy {detail}, whose name is unknown. Check "
        "https_proxy and the system's proxy settings.",
    ),
    "marketplace proxy_unsupported": QT_TRANSLATE_NOOP(
        "Doctor",
        "The way to {name} leads through the proxy {detail}, which is of a kind that Workdiary "
        "cannot use. Set https_proxy to the address of an HTTP proxy.",
    ),
    "marketplace proxy_failed": QT_TRANSLATE_NOOP(
        "Doctor",
        "The proxy {detail} did not lead to {name}. Ask the network's administrator whether it "
        "allows the marketplace.",
    ),
    "versions works": QT_TRANSLATE_NOOP(
        "Doctor", "Workdiary {workdiary}, Python {python}, Qt {qt}, {system}."
    ),
}


@dataclass(frozen=True)
class LineView:
    """One line. `link` leads to where it is put right; `button` is its label."""

    title: str
    state: State
    mark: str
    text: str
    link: str = ""
    button: str = ""


@dataclass(frozen=True)
class DiagnosticsView:
    """All lines, and what they come to."""

    summary: str
    lines: tuple[LineView, ...]


def diagnostics_view(findings: Sequence[Diagnosis], translate: Translate) -> DiagnosticsView:
    """The lines of the page and of the command."""
    if not findings:
        return DiagnosticsView(
            translate("Doctor", "The check itself failed; the log says why."), ()
        )
    waiting = sum(one.state == "attention" for one in findings)
    summary = (
        translate("Doctor", "Needs attention: %n", "a number of lines", waiting)
        if waiting
        else translate("Doctor", "Nothing needs attention.")
    )
    return DiagnosticsView(summary, tuple(_line(one, translate) for one in findings))


def _line(finding: Diagnosis, translate: Translate) -> LineView:
    text = finding.said
    if not text:
        key = f"{finding.check} {finding.code}"
        text = substitute(translate(_CONTEXT, _SENTENCES.get(key, finding.code)), **_facts(finding))
    elif finding.facts.get("detail"):
        better = translate("Doctor", "What is better failed: {detail}.")
        text = f"{text} {substitute(better, **_facts(finding))}"
    return LineView(
        title=translate(_CONTEXT, _TITLES[finding.check]),
        state=finding.state,
        mark=translate(_CONTEXT, _MARKS[finding.state]),
        text=text,
        link=finding.link,
        button=translate("Doctor", "Open the system's settings") if finding.link else "",
    )


def _facts(finding: Diagnosis) -> dict[str, str]:
    """Paths, names and error details come from outside."""
    return {name: named(value, LONGEST_FACT) for name, value in finding.facts.items()}


def table(view: DiagnosticsView, width: int = 96) -> str:
    """The lines for a terminal."""
    titles = max(len(line.title) for line in view.lines) + 2
    marks = max(len(line.mark) for line in view.lines) + 2
    told = []
    for line in view.lines:
        words = [for_terminal(text) for text in (line.text, line.link) if text]
        lines = [part for text in words for part in textwrap.wrap(text, width - titles - marks)]
        told.append(f"{line.title:{titles}}{line.mark:{marks}}{lines[0]}")
        told += [" " * (titles + marks) + part for part in lines[1:]]
    return "\n".join([*told, "", view.summary])


def as_json(findings: Sequence[Diagnosis]) -> dict[str, Any]:
    """The same for programs; see docs/platforms.md."""
    return {
        "schema": SCHEMA,
        "ok": all(one.state != "attention" for one in findings),
        "checks": [
            {
                "check": one.check,
                "state": one.state,
                "code": one.code,
                "way": one.way or None,
                "words": for_terminal(_line(one, plain).text),
                "facts": dict(one.facts),
            }
            for one in findings
        ],
    }
