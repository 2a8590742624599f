"""Texts of the network settings: the result of a test, and why a file is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.formatting import named, substitute
from ui.presenters.notices import notice_view
from uploader.problems import Problem

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate
    from uploader.api.connection_test import ConnectionResult

_CONTEXT = "Network"
_LONGEST = 100

_PROBLEMS = {
    "proxy_sign_in": QT_TRANSLATE_NOOP(
        "Network",
        "The proxy {proxy} does not accept the sign-in. Check the user name and the password.",
    ),
    "proxy_unreachable": QT_TRANSLATE_NOOP(
        "Network", "The proxy {proxy} does not answer. Check its address."
    ),
    "proxy_unknown": QT_TRANSLATE_NOOP(
        "Network", "The proxy {proxy} has an unknown host name. Check its address."
    ),
    "proxy_unsupported": QT_TRANSLATE_NOOP(
        "Network",
        "The type of the proxy {proxy} is not supported. Use the address of an HTTP proxy.",
    ),
    "proxy_failed": QT_TRANSLATE_NOOP(
        "Network",
        "The proxy {proxy} does not connect to the marketplace. Ask the network's administrator "
        "whether it is allowed.",
    ),
    "pac_unreadable": QT_TRANSLATE_NOOP(
        "Network", "The proxy script (PAC) cannot be fetched: {reason}. Check its address."
    ),
    "pac_broken": QT_TRANSLATE_NOOP(
        "Network",
        "The proxy script (PAC) does not work: {reason}. Ask the network's administrator.",
    ),
    "route_incomplete": QT_TRANSLATE_NOOP("Network", "An address is missing. Enter it first."),
    "name_unknown": QT_TRANSLATE_NOOP(
        "Network",
        "The marketplace's host name is unknown here. Check its address and the network; some "
        "networks need a proxy.",
    ),
    "offline": QT_TRANSLATE_NOOP(
        "Network", "There is no connection to the marketplace. Some networks need a proxy."
    ),
    "timeout": QT_TRANSLATE_NOOP("Network", "The marketplace did not answer in time."),
    "tls_failed": QT_TRANSLATE_NOOP(
        "Network",
        "The certificate is not trusted here. If your organisation inspects connections, choose "
        "its certificate authority above. Otherwise check the clock of this computer.",
    ),
    "keyring_absent": QT_TRANSLATE_NOOP(
        "Network", "No keyring is available, so the proxy's password cannot be read."
    ),
    "keyring_locked": QT_TRANSLATE_NOOP(
        "Network", "The keyring with the proxy's password is locked. Unlock it, then test again."
    ),
    "keyring_failed": QT_TRANSLATE_NOOP(
        "Network", "The proxy's password could not be read from the keyring. Test again."
    ),
}

_FILES = {
    "missing": QT_TRANSLATE_NOOP("Network", "The file does not exist any more. Choose another."),
    "unreadable": QT_TRANSLATE_NOOP("Network", "The file cannot be read."),
    "too_large": QT_TRANSLATE_NOOP("Network", "The file is too large for a list of certificates."),
    "private_key": QT_TRANSLATE_NOOP(
        "Network",
        "The file contains a private key, which must stay secret. Choose one with the certificate "
        "only.",
    ),
    "no_certificate": QT_TRANSLATE_NOOP(
        "Network", "The file contains no valid certificate in PEM form."
    ),
}

#: Details of PAC_UNREADABLE and PAC_BROKEN. Other details are error names and HTTP statuses.
_SCRIPTS = {
    text: text
    for text in (
        QT_TRANSLATE_NOOP("Network", "the file is missing"),
        QT_TRANSLATE_NOOP("Network", "the file cannot be read"),
        QT_TRANSLATE_NOOP("Network", "it is too large"),
        QT_TRANSLATE_NOOP("Network", "no answer in time"),
        QT_TRANSLATE_NOOP("Network", "it does not end"),
        QT_TRANSLATE_NOOP("Network", "an error in the script"),
        QT_TRANSLATE_NOOP("Network", "it names no proxy"),
    )
}


def result_text(result: ConnectionResult, translate: Translate) -> str:
    """The result of a connection test."""
    if not result.problem:
        text = (
            translate("Network", "{name} answers, through the proxy {proxy}.")
            if result.proxy
            else translate("Network", "{name} answers, without a proxy.")
        )
    elif result.problem == Problem.CA_UNUSABLE:
        reason = file_text(result.reason, translate)
        text = substitute(translate("Network", "Certificate authority: {reason}"), reason=reason)
    elif result.problem in _PROBLEMS:
        text = translate(_CONTEXT, _PROBLEMS[result.problem])
    else:
        text = notice_view(result.problem, {}, translate, failed=True).text
    reason = result.reason
    if reason in _SCRIPTS:
        reason = translate(_CONTEXT, _SCRIPTS[reason])
    facts = {"name": result.name, "proxy": result.proxy, "reason": reason}
    return substitute(text, **{each: named(fact, _LONGEST) for each, fact in facts.items()})


def file_text(reason: str, translate: Translate) -> str:
    """Why a file with certificates is refused: a detail of CA_UNUSABLE."""
    return translate(_CONTEXT, _FILES.get(reason, _FILES["unreadable"]))
