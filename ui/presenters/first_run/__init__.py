"""The first start: sign in to a marketplace, read what is recorded, check this computer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.diagnostics import diagnostics_view
from ui.presenters.formatting import named, substitute
from ui.presenters.startup_failure import TEMPORARY, opening_view
from ui.settings.address import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.diagnostics import Diagnosis
    from ui.presenters.diagnostics import LineView
    from ui.presenters.formatting import Translate
    from ui.settings.settings import Settings

_CONTEXT = "FirstRun"
#: The checks on the last page; the others are in the diagnostics window.
CHECKS = frozenset({"session", "pictures", "input", "idle", "sleep"})


#: Failures after which the person must sign in again, or type another code.
SIGN_IN_AGAIN = frozenset({
    "code_invalid", "session_expired", "enrolment_refused", "not_enrolled", "keys_missing",
    "sign_in_cancelled",
    "sign_in_timed_out", "sign_in_failed", "sign_in_unsupported", "sign_in_no_port",
})  # fmt: skip


#: Failures that a change of the network's settings may end.
_NETWORK = frozenset({
    "offline", "timeout", "connection_lost", "tls_failed", "proxy_sign_in", "proxy_unreachable",
    "proxy_unknown", "proxy_unsupported", "proxy_failed", "pac_unreadable", "pac_broken",
    "route_incomplete", "ca_unusable",
})  # fmt: skip


class Step(StrEnum):
    """The pages."""

    SIGN_IN = "sign_in"
    RECORDED = "recorded"
    CHECK = "check"


class Work(StrEnum):
    """The operation for which the first page waits."""

    NONE = ""
    OPENING = "opening"  # reaches the marketplace of this start; tried again after a failure
    STARTING = "starting"  # asks the marketplace how to sign in
    BROWSER = "browser"  # waits for the person in the browser
    JOINING = "joining"
    KEYRING = "keyring"


@dataclass(frozen=True)
class FirstRunState:
    """The input of the view.

    `text` is the address as typed; `found` the name of the marketplace there; `problem` the code of
    a failure, and `address_problem` that of the address's check; `link` is the address for the
    browser. `codes`: the field of a one-time code is open. `account` and `marketplace` name what
    this computer has joined; `has_contract` and `agreed` are about the consent page. `locked`: a
    policy of `organisation` sets the address; `back` is the address of the marketplace to which the
    person can return, or "".
    """

    step: Step = Step.SIGN_IN
    text: str = ""
    found: str = ""
    address_problem: str = ""
    work: Work = Work.NONE
    problem: str = ""
    link: str = ""
    codes: bool = False
    account: str = ""
    marketplace: str = ""
    has_contract: bool = False
    agreed: bool = False
    locked: bool = False
    organisation: str = ""
    back: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether the person can change the address or return."""
        return self.work in {Work.NONE, Work.OPENING}

    @property
    def is_opening(self) -> bool:
        """Whether the program tries to reach the marketplace of this start."""
        return self.work is Work.OPENING


def first_state(site: str, settings: Settings, code: str) -> FirstRunState:
    """The beginning, with the address of the marketplace or "". `code` is the failure of the start:
    `not_enrolled`, or the failure to reach the marketplace.
    """
    locked = bool(settings.policy_address)
    state = FirstRunState(
        text=site, work=Work.OPENING, locked=locked, organisation=settings.policy.organisation
    )
    return failed_state(state, code)


def failed_state(state: FirstRunState, code: str) -> FirstRunState:
    """The state after the marketplace could not be opened. The startup or the button tries again
    with the same login, unless the person must sign in.
    """
    opening = state.work is Work.OPENING
    if opening and code == "not_enrolled":
        return replace(state, work=Work.NONE, problem="")
    if code in SIGN_IN_AGAIN or state.work is Work.NONE:
        return replace(state, work=Work.NONE, problem=code)
    return replace(state, work=Work.OPENING if opening else Work.JOINING, problem=code)


@dataclass(frozen=True)
class FirstRunView:
    """The texts and the enabled controls. A tone is "", `muted`, `good` or `attention`. `origin`
    names who has set the address, which is read-only then.
    """

    step: Step
    address_line: str
    address_tone: str
    origin: str
    editable: bool
    can_sign_in: bool
    codes: bool
    status: str
    status_tone: str
    cancel: bool
    copy: bool
    retry: bool
    network: bool
    account_line: str
    recorded_line: str
    can_read: bool


_WORK = {
    Work.STARTING: QT_TRANSLATE_NOOP("FirstRun", "Opening the sign-in …"),
    Work.BROWSER: QT_TRANSLATE_NOOP(
        "FirstRun",
        "Continue in your browser. If no page has opened, copy its address into a browser.",
    ),
    Work.JOINING: QT_TRANSLATE_NOOP("FirstRun", "Signed in. This computer joins now …"),
    Work.KEYRING: QT_TRANSLATE_NOOP(
        "FirstRun", "Waiting for your keyring. It may ask for its password."
    ),
}


#: Sentences for this window in place of those for a start in a terminal.
_TEXTS = {
    "code_invalid": QT_TRANSLATE_NOOP(
        "FirstRun", "This code is unknown, used or expired. Ask your marketplace for a new one."
    ),
    "session_expired": QT_TRANSLATE_NOOP("FirstRun", "Joining took too long. Sign in again."),
    "enrolment_refused": QT_TRANSLATE_NOOP(
        "FirstRun", "The marketplace did not accept this computer. Sign in again."
    ),
    "keys_missing": QT_TRANSLATE_NOOP(
        "FirstRun", "The keyring lost this computer's keys. Sign in again."
    ),
}


def _problem(code: str, translate: Translate) -> str:
    text = _TEXTS.get(code)
    return translate(_CONTEXT, text) if text else opening_view(code, translate).text


def first_run_view(state: FirstRunState, translate: Translate) -> FirstRunView:
    """The window of a state."""
    address_line, address_tone = _address(state, translate)
    valid = address_of(state.text) is not None
    idle = state.is_idle
    status, tone = "", "muted"
    if state.problem:
        status, tone = _problem(state.problem, translate), "attention"
    elif not idle:
        status = translate(_CONTEXT, _WORK[state.work])
    if state.has_contract:
        recorded = (
            translate("FirstRun", "You have agreed to what this contract records.")
            if state.agreed
            else translate(
                "FirstRun", "Read what your contract records, who sees it and for how long."
            )
        )
    else:
        recorded = translate(
            "FirstRun",
            "You have no contract yet. The page is shown before your first recording.",
        )
    return FirstRunView(
        step=state.step,
        address_line=address_line,
        address_tone=address_tone,
        origin=_origin(state, translate),
        editable=idle,
        can_sign_in=state.work is Work.NONE and valid,
        codes=state.codes,
        status=status,
        status_tone=tone,
        cancel=not idle or bool(state.back),
        copy=state.work is Work.BROWSER and bool(state.link),
        retry=(bool(state.problem) and not (idle and state.codes)) or bool(state.address_problem),
        network=state.problem in _NETWORK or state.address_problem in _NETWORK,
        account_line=substitute(
            translate("FirstRun", "This computer has joined {marketplace} as {account}."),
            marketplace=named(state.marketplace),
            account=named(state.account),
        ),
        recorded_line=recorded,
        can_read=state.has_contract,
    )


def _origin(state: FirstRunState, translate: Translate) -> str:
    if not state.locked:
        return ""
    if state.organisation:
        text = translate("FirstRun", "Set by {organisation}.")
        return substitute(text, organisation=named(state.organisation))
    return translate("FirstRun", "Set by the administrator of this computer.")


def _address(state: FirstRunState, translate: Translate) -> tuple[str, str]:
    if not state.text.strip():
        return translate("FirstRun", "Your marketplace shows its address."), "muted"
    if address_of(state.text) is None:
        text = translate("FirstRun", "Enter an address like https://work.example.org.")
        return text, "attention"
    if state.found:
        text = translate("FirstRun", "Found: {name}, a Workdiary marketplace")
        return substitute(text, name=named(state.found)), "good"
    if state.address_problem:
        return _problem(state.address_problem, translate), "attention"
    if state.work is Work.OPENING and state.problem:
        return "", "muted"  # the status has the reason
    return translate("FirstRun", "Looking for the marketplace …"), "muted"


def is_temporary(code: str) -> bool:
    """Whether the program tries again by itself."""
    return code in TEMPORARY


def check_lines(findings: Sequence[Diagnosis], translate: Translate) -> tuple[LineView, ...]:
    """The lines of the last page."""
    chosen = [finding for finding in findings if finding.check in CHECKS]
    return diagnostics_view(chosen, translate).lines
