"""The notices of a program that failed to open its client.

A computer that has joined opens the client without a network. Failures of the network and the
marketplace therefore concern joining: there is no work yet that could wait for its upload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.notices import Action, NoticeView, action_label, notice_view

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate

_CONTEXT = "Notice"

#: Failures that may end without the person: the program tries again by itself.
TEMPORARY = frozenset({
    "offline", "timeout", "connection_lost", "tls_failed", "captive_portal", "unexpected_redirect",
    "unexpected_answer", "answer_too_large", "answer_cut", "server_trouble", "server_busy",
    "proxy_sign_in", "proxy_unreachable", "proxy_unknown", "proxy_failed", "pac_unreadable",
    "pac_broken", "disk_full", "disk_error", "still_saving",
})  # fmt: skip

_JOINING: dict[str, str] = {
    "offline": QT_TRANSLATE_NOOP(
        "Notice", "To join, the marketplace must be reached. Workdiary tries again by itself."
    ),
    "timeout": QT_TRANSLATE_NOOP(
        "Notice",
        "Joining: the marketplace did not answer in time. Workdiary tries again by itself.",
    ),
    "connection_lost": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the connection broke. Workdiary tries again by itself."
    ),
    "tls_failed": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the marketplace's certificate is not trusted. Check clock and network."
    ),
    "insecure_address": QT_TRANSLATE_NOOP(
        "Notice", "To join, the marketplace's address must begin with https."
    ),
    "captive_portal": QT_TRANSLATE_NOOP(
        "Notice", "To join, sign in to this network first. Workdiary then tries again by itself."
    ),
    "unexpected_redirect": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the address redirects elsewhere. Check the address and the network."
    ),
    "unexpected_answer": QT_TRANSLATE_NOOP(
        "Notice",
        "Joining: no marketplace answered there. Check the address. Workdiary tries again.",
    ),
    "answer_too_large": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the answer was too long. Workdiary tries again by itself."
    ),
    "answer_cut": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the answer is incomplete. Workdiary tries again by itself."
    ),
    "server_trouble": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the marketplace is having problems. Workdiary tries again by itself."
    ),
    "server_busy": QT_TRANSLATE_NOOP("Notice", "Joining: the marketplace is busy, retrying later."),
    "proxy_sign_in": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the proxy asks for a password. Enter it under Network in the settings."
    ),
    "proxy_unreachable": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the proxy of this computer does not answer. Check its settings."
    ),
    "proxy_unknown": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the proxy of this computer has an unknown name. Check its settings."
    ),
    "proxy_unsupported": QT_TRANSLATE_NOOP(
        "Notice", "Joining: Workdiary cannot use this kind of proxy. Check the network settings."
    ),
    "proxy_failed": QT_TRANSLATE_NOOP(
        "Notice",
        "Joining: the proxy did not connect to the marketplace. Workdiary tries again.",
    ),
    "pac_unreadable": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the proxy script (PAC) cannot be fetched. Check the network settings."
    ),
    "pac_broken": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the proxy script (PAC) does not work. Check the network settings."
    ),
    "route_incomplete": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the network settings lack an address. Enter it, then try again."
    ),
    "ca_unusable": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the file of your certificate authority cannot be used. Choose it again."
    ),
    "refused": QT_TRANSLATE_NOOP(
        "Notice",
        "The marketplace refused to let this computer join. Ask for the reason, or try again.",
    ),
    "sign_in_refused": QT_TRANSLATE_NOOP(
        "Notice",
        "The marketplace does not let this computer join. Ask for the reason, or try again.",
    ),
    "wrong_marketplace": QT_TRANSLATE_NOOP(
        "Notice", "Another marketplace answers at this address. Joining stopped. Check the address."
    ),
    "log_key_changed": QT_TRANSLATE_NOOP(
        "Notice", "Joining stopped: the marketplace signs with another key. Ask its support."
    ),
    "wrong_receipt": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the marketplace did not prove that this computer is in its log."
    ),
    "wrong_time": QT_TRANSLATE_NOOP(
        "Notice",
        "Joining: the marketplace's receipt has a wrong time. Check this computer's clock.",
    ),
    "wrong_beacon": QT_TRANSLATE_NOOP(
        "Notice", "Joining: a random value of the marketplace is not in its log. Try again later."
    ),
    "wrong_terms": QT_TRANSLATE_NOOP(
        "Notice", "Joining: a contract's terms are not in the log. Try again later."
    ),
    "split_view": QT_TRANSLATE_NOOP(
        "Notice", "Joining stopped: the marketplace's log showed two histories. Both are kept."
    ),
    "log_unproven": QT_TRANSLATE_NOOP(
        "Notice", "Joining: the marketplace's log could not be checked. Try again later."
    ),
    "code_invalid": QT_TRANSLATE_NOOP(
        "Notice", "The code to join is unknown, used or expired. Put a new one into its file."
    ),
    "session_expired": QT_TRANSLATE_NOOP(
        "Notice", "Joining took too long. The keys are kept. Put a new code into its file."
    ),
    "enrolment_refused": QT_TRANSLATE_NOOP(
        "Notice", "The marketplace did not accept this computer. Put a new code into its file."
    ),
    "keys_missing": QT_TRANSLATE_NOOP(
        "Notice", "The keyring lost this computer's keys. Join again with a new --enrol-file."
    ),
    "not_enrolled": QT_TRANSLATE_NOOP(
        "Notice", "This computer has not joined a marketplace yet. Sign in to join."
    ),
    "disk_full": QT_TRANSLATE_NOOP(
        "Notice", "The disk is full, so the diary cannot be opened. Free some space."
    ),
    "disk_read_only": QT_TRANSLATE_NOOP(
        "Notice", "The diary's folder is not writable. Check its permissions."
    ),
    "disk_error": QT_TRANSLATE_NOOP(
        "Notice", "The disk reported an error, so the diary cannot be opened. Check the disk."
    ),
}

#: Failures of the network and the marketplace. A computer that has joined opens without them.
MARKETPLACE_FAILURES = frozenset(_JOINING) - {
    "code_invalid", "session_expired", "enrolment_refused", "keys_missing", "not_enrolled",
    "disk_full", "disk_read_only", "disk_error",
}  # fmt: skip


def opening_view(code: str, translate: Translate) -> NoticeView:
    """The notice of a program that failed to open its client. It always offers an action."""
    base = notice_view(code, {}, translate, failed=True)
    text = _JOINING.get(code)
    # The browser helps with a network that needs a sign-in. Anything else can be tried again.
    stays = base.action is Action.QUIT or code == "captive_portal"
    action = base.action if stays else Action.RETRY
    return NoticeView(
        translate(_CONTEXT, text) if text else base.text,
        action,
        action_label(action, translate),
        urgent=code not in TEMPORARY,
    )
