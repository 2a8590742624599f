"""Everything that can go wrong on the way out, as typed errors with stable names.

Rules kept: the operating system's and the network's errors are turned into these once, at the edge;
each says what happened, what is safe and what to do next; the code behind the sentence never
changes, so that a window can translate it and a test can name it.
"""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum
from pathlib import Path

from diary.core.display import for_terminal
from system.locks import LockHeldError


class Problem(StrEnum):
    """Stable names of the problems that the uploader can report."""

    # the disk
    DISK_FULL = "disk_full"
    DISK_READ_ONLY = "disk_read_only"
    DISK_ERROR = "disk_error"
    ALREADY_RUNNING = "already_running"
    STILL_SAVING = "still_saving"
    NO_LOCKS = "no_locks"
    FOLDER_EXPOSED = "folder_exposed"
    SCHEMA_NEWER = "schema_newer"
    SEQ_TAKEN = "seq_taken"
    INDEX_DAMAGED = "index_damaged"
    FILE_DAMAGED = "file_damaged"
    FILE_LOST = "file_lost"
    BEACON_UNREADABLE = "beacon_unreadable"
    JOURNAL_DAMAGED = "journal_damaged"
    RESTORED_BACKUP = "restored_backup"
    COPIED_FOLDER = "copied_folder"
    UNPAID_WORK = "unpaid_work"
    # changes by the person
    WEEK_LOCKED = "week_locked"
    NOTHING_LEFT = "nothing_left"
    # the network
    OFFLINE = "offline"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"
    TLS_FAILED = "tls_failed"
    INSECURE_ADDRESS = "insecure_address"
    CAPTIVE_PORTAL = "captive_portal"
    PROXY_SIGN_IN = "proxy_sign_in"
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_UNKNOWN = "proxy_unknown"
    PROXY_UNSUPPORTED = "proxy_unsupported"
    PROXY_FAILED = "proxy_failed"
    UNEXPECTED_REDIRECT = "unexpected_redirect"
    UNEXPECTED_ANSWER = "unexpected_answer"
    ANSWER_TOO_LARGE = "answer_too_large"
    ANSWER_CUT = "answer_cut"
    # the marketplace
    SERVER_TROUBLE = "server_trouble"
    SERVER_BUSY = "server_busy"
    NO_ROOM = "no_room"
    CODE_INVALID = "code_invalid"
    SESSION_EXPIRED = "session_expired"
    ENROLMENT_REFUSED = "enrolment_refused"
    SIGN_IN_REFUSED = "sign_in_refused"
    REFUSED = "refused"
    SERVER_BEHIND = "server_behind"
    SERVER_LOST = "server_lost"
    FOREIGN_HEAD = "foreign_head"
    WRONG_SERVER_TIME = "wrong_server_time"
    # proofs
    WRONG_MARKETPLACE = "wrong_marketplace"
    LOG_KEY_CHANGED = "log_key_changed"
    WRONG_RECEIPT = "wrong_receipt"
    WRONG_TIME = "wrong_time"
    WRONG_BEACON = "wrong_beacon"
    WRONG_TERMS = "wrong_terms"
    WRONG_STATEMENT = "wrong_statement"
    SPLIT_VIEW = "split_view"
    LOG_UNPROVEN = "log_unproven"
    # the keyring
    KEYRING_ABSENT = "keyring_absent"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    KEYS_MISSING = "keys_missing"
    NOT_ENROLLED = "not_enrolled"
    SIGNED_OUT = "signed_out"
    KEY_ENDS_SOON = "key_ends_soon"


_WORK_IS_SAFE = "Your sealed work is safe on this computer"

#: What happened, what is safe, what to do next; a window has its own translated sentences.
SENTENCES: dict[Problem, str] = {
    Problem.DISK_FULL: (
        "The disk is full, so nothing more can be written. What was sealed before is safe. "
        "Make room, then start again."
    ),
    Problem.DISK_READ_ONLY: (
        "The state folder cannot be written to. What was sealed before is safe. "
        "Check the folder's permissions and that its disk is writable."
    ),
    Problem.DISK_ERROR: (
        "The disk reported an error. What was sealed before is kept. "
        "Check the disk, then start again."
    ),
    Problem.ALREADY_RUNNING: (
        "Workdiary already runs with this state folder. Nothing was changed. "
        "Use the window that is open, or end it first."
    ),
    Problem.STILL_SAVING: (
        "The recorder has not finished saving, so that signing out stopped. You are still signed "
        "in, and nothing is lost. Try again; if the disk does not answer, restart the computer."
    ),
    Problem.NO_LOCKS: (
        "The drive with the state folder cannot lock files, so that a second program could write "
        "to the same diary. Nothing was changed. Choose a folder on another drive (--base-dir)."
    ),
    Problem.FOLDER_EXPOSED: (
        "Other users of this computer may read files of the diary, and Workdiary cannot change "
        "that. It has not started. Take ownership of the state folder (chown) and take the rights "
        "of others away (chmod -R go-rwx), or choose another folder (--base-dir)."
    ),
    Problem.SCHEMA_NEWER: (
        "This state folder was written by a newer Workdiary. Nothing was changed. "
        "Please install the newer version again."
    ),
    Problem.SEQ_TAKEN: "This number of the diary is taken by other bytes. Nothing was overwritten.",
    Problem.INDEX_DAMAGED: (
        "The index was damaged. It was set aside and made again from the files; "
        "no sealed work is lost."
    ),
    Problem.FILE_DAMAGED: (
        "A stored file does not have its own bytes any more. It was set aside under `damaged` "
        "and is not uploaded; everything else goes on."
    ),
    Problem.FILE_LOST: (
        "A file of the diary is gone from the disk. Everything else goes on. "
        "If you have a backup of the state folder, put the file back."
    ),
    Problem.BEACON_UNREADABLE: (
        "The disk did not return a value for the time of the next picture. Recording goes on as "
        "it does offline, with assurance B, until the value can be read or fetched again. Check "
        "the disk."
    ),
    Problem.JOURNAL_DAMAGED: (
        "A record of work that was not sealed yet is damaged: that work, at most ten minutes, is "
        "lost. The record was set aside under `damaged`. Everything else goes on."
    ),
    Problem.RESTORED_BACKUP: (
        "The marketplace holds later work of this device than this folder: the folder is a backup "
        "or a copy. Nothing is lost or overwritten: what was not sent yet is sealed anew behind "
        "it, and recording goes on."
    ),
    Problem.COPIED_FOLDER: (
        "Another copy of this folder recorded under the same key. What the marketplace refused "
        "for that is sealed anew and sent again; a second that both recorded is paid once. "
        "End one of the two."
    ),
    Problem.UNPAID_WORK: (
        "The marketplace found something in work of this week that costs its pay. The work is "
        "kept here. The list of today names the reason."
    ),
    Problem.FOREIGN_HEAD: (
        "The marketplace names a last piece of work that this device has not signed. What it "
        "showed is kept as evidence. Your work on this contract is safe here and is not sent "
        "until this is cleared up. Ask the marketplace."
    ),
    Problem.WEEK_LOCKED: (
        "The week is locked: its memos and its time stay as they are. Nothing was changed. "
        "A picture, a memo or the minutes can still be deleted."
    ),
    Problem.NOTHING_LEFT: (
        "There is nothing left of this to change or delete. Nothing was changed."
    ),
    Problem.OFFLINE: f"The marketplace cannot be reached. {_WORK_IS_SAFE} and goes out later.",
    Problem.TIMEOUT: f"The marketplace did not answer in time. {_WORK_IS_SAFE} and goes out later.",
    Problem.CONNECTION_LOST: (
        f"The connection broke. {_WORK_IS_SAFE} and is sent again by itself."
    ),
    Problem.TLS_FAILED: (
        "The connection is not secure: the marketplace's certificate is not trusted here. "
        f"{_WORK_IS_SAFE}; nothing was sent. Check the clock and the network you are in."
    ),
    Problem.INSECURE_ADDRESS: (
        "The marketplace's address must begin with https. Nothing was sent. Check the address."
    ),
    Problem.CAPTIVE_PORTAL: (
        "The network answered in place of the marketplace, as a sign-in page of a hotel or a train "
        f"does. {_WORK_IS_SAFE}. Open a browser and sign in to the network."
    ),
    Problem.PROXY_SIGN_IN: (
        f"The network's proxy asks for a name and a password. {_WORK_IS_SAFE}. "
        "Put them into the proxy's address (https_proxy), or ask the network's administrator."
    ),
    Problem.PROXY_UNREACHABLE: (
        f"The proxy that this computer is set to use does not answer. {_WORK_IS_SAFE}. "
        "Check https_proxy and the system's proxy settings."
    ),
    Problem.PROXY_UNKNOWN: (
        f"The proxy that this computer is set to use has an unknown name. {_WORK_IS_SAFE}. "
        "Check https_proxy and the system's proxy settings."
    ),
    Problem.PROXY_UNSUPPORTED: (
        f"Workdiary cannot use a proxy of this kind or with this address. {_WORK_IS_SAFE}. "
        "Set https_proxy to the address of an HTTP proxy, such as http://proxy.example:3128."
    ),
    Problem.PROXY_FAILED: (
        f"The network's proxy did not lead to the marketplace. {_WORK_IS_SAFE} and goes out later. "
        "Ask the network's administrator whether the proxy allows the marketplace."
    ),
    Problem.UNEXPECTED_REDIRECT: (
        "The answer pointed to another address, which a marketplace does not do. "
        f"{_WORK_IS_SAFE}; it was not followed. Check the network you are in."
    ),
    Problem.UNEXPECTED_ANSWER: (
        f"The answer is not one that a marketplace gives. {_WORK_IS_SAFE} and is sent again later."
    ),
    Problem.ANSWER_TOO_LARGE: (
        f"The answer was far too long and was dropped. {_WORK_IS_SAFE} and is sent again later."
    ),
    Problem.ANSWER_CUT: f"The answer broke off. {_WORK_IS_SAFE} and is sent again by itself.",
    Problem.SERVER_TROUBLE: (
        f"The marketplace has trouble of its own. {_WORK_IS_SAFE} and is sent again later."
    ),
    Problem.NO_ROOM: (
        "The marketplace has no room for more pictures of this account or contract. "
        f"{_WORK_IS_SAFE} with its pictures, and is sent as soon as there is room. "
        "Ask the marketplace if this goes on."
    ),
    Problem.SERVER_BUSY: (
        f"The marketplace asked to come back later. {_WORK_IS_SAFE} and is sent again then."
    ),
    Problem.CODE_INVALID: (
        "The code is unknown, used or too old. Nothing was changed. Ask the marketplace for a new "
        "one."
    ),
    Problem.SESSION_EXPIRED: (
        "Joining took too long. The keys made for it are kept. Ask for a new code and try again."
    ),
    Problem.ENROLMENT_REFUSED: (
        "The marketplace did not accept this device. The keys made for it are kept in the keyring. "
        "Ask for a new code, or ask the marketplace why."
    ),
    Problem.SIGN_IN_REFUSED: (
        f"The marketplace does not accept this device's sign-in. {_WORK_IS_SAFE}. "
        "The device may have been retired or revoked: see the marketplace's page of devices."
    ),
    Problem.REFUSED: (
        "The marketplace did not accept this. It is kept here, shown, and holds up nothing else."
    ),
    Problem.SERVER_BEHIND: (
        "The marketplace no longer shows work for which you hold its receipts. The receipts are "
        "kept and prove it. Ask the marketplace."
    ),
    Problem.SERVER_LOST: (
        "The marketplace lost work that it had received, as after a restored backup. Your work is "
        "safe here and is sent again by itself; the receipts are kept and prove what was lost."
    ),
    Problem.WRONG_SERVER_TIME: (
        "The time that the marketplace reports is wrong by more than five minutes, compared with "
        "this computer's clock and the times signed in the log. It is ignored; your recording is "
        "not affected. Tell the marketplace if this goes on."
    ),
    Problem.WRONG_MARKETPLACE: (
        "Another marketplace answers at this address. Nothing was sent. Check the address."
    ),
    Problem.LOG_KEY_CHANGED: (
        "The marketplace's log signs with another key than the one pinned when you joined. "
        f"{_WORK_IS_SAFE}; nothing is sent until this is cleared up. Ask the marketplace."
    ),
    Problem.WRONG_RECEIPT: (
        f"The receipt does not prove what it should and was refused. {_WORK_IS_SAFE} and counts as "
        "not yet delivered."
    ),
    Problem.WRONG_TIME: (
        f"The receipt's time is not the time of the upload and was refused. {_WORK_IS_SAFE} and "
        "counts as not yet delivered."
    ),
    Problem.WRONG_BEACON: (
        "The marketplace's value for this slot is not properly logged and was refused. "
        "Recording goes on with the newest good one."
    ),
    Problem.WRONG_TERMS: (
        "A contract's terms are not properly logged and were refused. "
        "The terms known before stay in use."
    ),
    Problem.WRONG_STATEMENT: (
        "A deletion or a changed memo that the marketplace told does not prove itself and was "
        "refused. Nothing was changed here."
    ),
    Problem.SPLIT_VIEW: (
        "The marketplace's log showed two different histories. Both are kept as evidence. "
        "No work is lost by this. Ask the marketplace, and show it to others."
    ),
    Problem.LOG_UNPROVEN: (
        "What the marketplace signed about its log does not fit the log that it shows. Receipts "
        "and statements are kept, and are compared again by themselves. Work goes on."
    ),
    Problem.KEYRING_ABSENT: (
        "No keyring was found to keep the device's keys in. Nothing was written. "
        "Install or start one (GNOME Keyring, KWallet) and try again."
    ),
    Problem.KEYRING_LOCKED: (
        "The keyring stayed locked. Nothing was changed. Unlock it and try again."
    ),
    Problem.KEYRING_FAILED: (
        "The keyring did not keep or give the keys. Nothing was sent. "
        "Check that the keyring works, then try again."
    ),
    Problem.KEYS_MISSING: (
        "The keyring does not hold this device's keys any more. What was sealed is safe, but "
        "nothing new can be sealed. Join again with a new code."
    ),
    Problem.SIGNED_OUT: (
        "This computer is signed out and records nothing. What waits to be sent is safe here and "
        "goes out at the next sign-in of the account."
    ),
    Problem.KEY_ENDS_SOON: (
        "This computer's key was made for a year, which is nearly over. Everything works on. "
        "Renew it with a new code: workdiary rotate-key."
    ),
    Problem.NOT_ENROLLED: "This computer has not joined the marketplace yet. Join with a code.",
}


class UploaderError(Exception):
    """A problem with its stable code; `detail` adds which file or what answer, never a secret."""

    def __init__(self, code: Problem, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        sentence = SENTENCES[self.code]
        return f"{sentence} ({for_terminal(self.detail)})" if self.detail else sentence


class StoreError(UploaderError, OSError):
    """The disk or the state folder refused; also an OSError, as `Store` promises."""


class SeqTakenError(UploaderError, ValueError):
    """A number of a chain is taken by other bytes."""

    def __init__(self, detail: str) -> None:
        super().__init__(Problem.SEQ_TAKEN, detail)


class NetworkError(UploaderError):
    """Nothing, or nothing usable, came back. `retry_after_s` is what the other side asked for."""

    def __init__(
        self, code: Problem, detail: str = "", *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(code, detail)
        self.retry_after_s = retry_after_s


class ChangeError(UploaderError):
    """What a person asked for cannot be done to a sealed segment."""


class RefusedError(UploaderError):
    """The marketplace understood and said no, by a problem document (RFC 9457).

    `status` is the HTTP status and `reason` the document's `code`.
    """

    def __init__(self, code: Problem, status: int, reason: str, detail: str = "") -> None:
        super().__init__(code, f"{reason}: {detail}" if detail else reason)
        self.status = status
        self.reason = reason


class ProofError(UploaderError):
    """Something that the marketplace said does not prove what it should."""


class KeysError(UploaderError):
    """The keyring is absent, locked, broken, or does not hold the keys."""


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
_SQLITE = {
    sqlite3.SQLITE_FULL: Problem.DISK_FULL,
    sqlite3.SQLITE_READONLY: Problem.DISK_READ_ONLY,
    sqlite3.SQLITE_PERM: Problem.DISK_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Problem.DISK_READ_ONLY,
}
#: Extended codes of SQLite for a drive whose locks do not work.
_SQLITE_LOCKS = {
    sqlite3.SQLITE_IOERR_LOCK,
    sqlite3.SQLITE_IOERR_RDLOCK,
    sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
    sqlite3.SQLITE_IOERR_SHMLOCK,
}
_SQLITE_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def from_os(error: OSError) -> StoreError:
    """The store's word for an operating-system error."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, LockHeldError):
        return StoreError(Problem.ALREADY_RUNNING, str(Path(error.filename).parent))
    if error.errno in _FULL:
        code = Problem.DISK_FULL
    elif error.errno in _READ_ONLY:
        code = Problem.DISK_READ_ONLY
    elif error.errno in _NO_LOCKS:
        code = Problem.NO_LOCKS
    else:
        code = Problem.DISK_ERROR
    return StoreError(code, error.strerror or type(error).__name__)


def from_sqlite(error: sqlite3.Error) -> StoreError:
    """The store's word for a database error; damage is INDEX_DAMAGED."""
    extended = getattr(error, "sqlite_errorcode", 0)
    if extended in _SQLITE_LOCKS:
        return StoreError(Problem.NO_LOCKS, str(error))
    primary = extended & 0xFF
    if primary in _SQLITE_DAMAGE:
        return StoreError(Problem.INDEX_DAMAGED, str(error))
    return StoreError(_SQLITE.get(primary, Problem.DISK_ERROR), str(error))
