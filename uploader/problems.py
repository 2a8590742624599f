"""The problems that the client can report: one code, one sentence and one piece of advice each.

Rules kept: a code never changes. A sentence names the event and the safe data, in at most 88
characters, so that it fits the status line of the window, which translates it. In the commands and
the log the advice follows it; in the window a button replaces the advice. The texts are English;
the window and the commands translate them, the log does not.
"""

# Longer than 420 lines: one table, with an entry for each problem.

from __future__ import annotations

from enum import StrEnum

from system.i18n import QT_TRANSLATE_NOOP, mark


class Problem(StrEnum):
    """A problem's stable code."""

    # The disk and the state folder.
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
    # Changes of recorded work.
    WEEK_LOCKED = "week_locked"
    NOTHING_LEFT = "nothing_left"
    MANUAL_INVALID = "manual_invalid"
    MANUAL_AHEAD = "manual_ahead"
    MANUAL_FORBIDDEN = "manual_forbidden"
    MANUAL_OVERLAP = "manual_overlap"
    # The network.
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
    PAC_UNREADABLE = "pac_unreadable"
    PAC_BROKEN = "pac_broken"
    ROUTE_INCOMPLETE = "route_incomplete"
    CA_UNUSABLE = "ca_unusable"
    UNEXPECTED_REDIRECT = "unexpected_redirect"
    UNEXPECTED_ANSWER = "unexpected_answer"
    ANSWER_TOO_LARGE = "answer_too_large"
    ANSWER_CUT = "answer_cut"
    # The marketplace.
    SERVER_TROUBLE = "server_trouble"
    SERVER_BUSY = "server_busy"
    NO_ROOM = "no_room"
    CODE_INVALID = "code_invalid"
    SESSION_EXPIRED = "session_expired"
    ENROLMENT_REFUSED = "enrolment_refused"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_IN_CANCELLED = "sign_in_cancelled"
    SIGN_IN_TIMED_OUT = "sign_in_timed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_UNSUPPORTED = "sign_in_unsupported"
    SIGN_IN_NO_PORT = "sign_in_no_port"
    REFUSED = "refused"
    SERVER_BEHIND = "server_behind"
    SERVER_LOST = "server_lost"
    FOREIGN_HEAD = "foreign_head"
    WRONG_SERVER_TIME = "wrong_server_time"
    # Proofs.
    WRONG_MARKETPLACE = "wrong_marketplace"
    LOG_KEY_CHANGED = "log_key_changed"
    WRONG_RECEIPT = "wrong_receipt"
    WRONG_TIME = "wrong_time"
    WRONG_BEACON = "wrong_beacon"
    WRONG_TERMS = "wrong_terms"
    WRONG_STATEMENT = "wrong_statement"
    SPLIT_VIEW = "split_view"
    LOG_UNPROVEN = "log_unproven"
    # The keyring and the keys.
    KEYRING_ABSENT = "keyring_absent"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    KEYS_MISSING = "keys_missing"
    NOT_ENROLLED = "not_enrolled"
    SIGNED_OUT = "signed_out"
    KEY_ENDS_SOON = "key_ends_soon"

    @property
    def sentence(self) -> str:
        """The event and what is safe, in English."""
        return _TEXTS[self][0]

    @property
    def advice(self) -> str:
        """The next step, in English; may be empty."""
        return _TEXTS[self][1]

    @property
    def text(self) -> str:
        """The sentence and the advice, in English."""
        return " ".join(filter(None, _TEXTS[self]))


#: Each problem's sentence and advice.
_TEXTS: dict[Problem, tuple[str, str]] = {
    # The disk and the state folder.
    Problem.DISK_FULL: (
        QT_TRANSLATE_NOOP("Notice", "The disk is full. Work recorded so far is saved."),
        mark("Free some space, then start again."),
    ),
    Problem.DISK_READ_ONLY: (
        QT_TRANSLATE_NOOP(
            "Notice", "The diary's folder cannot be written to. Work recorded so far is saved."
        ),
        mark("Check the folder's permissions and whether its disk is writable."),
    ),
    Problem.DISK_ERROR: (
        QT_TRANSLATE_NOOP("Notice", "The disk reported an error. Work recorded so far is saved."),
        mark("Check the disk, then start again."),
    ),
    Problem.ALREADY_RUNNING: (
        QT_TRANSLATE_NOOP(
            "Notice", "Workdiary is already running with this folder. Nothing was changed."
        ),
        mark("Use the window that is open, or quit that program first."),
    ),
    Problem.STILL_SAVING: (
        QT_TRANSLATE_NOOP(
            "Notice", "The recorder is still saving. You stay signed in. Nothing is lost."
        ),
        mark("Try again. If the disk does not answer, restart the computer."),
    ),
    Problem.NO_LOCKS: (
        QT_TRANSLATE_NOOP(
            "Notice", "This drive cannot lock files. Keep the diary's folder on another drive."
        ),
        mark(
            "Nothing was changed. Without locks a second program could write to the same diary. "
            "Choose the folder with --base-dir."
        ),
    ),
    Problem.FOLDER_EXPOSED: (
        QT_TRANSLATE_NOOP(
            "Notice", "Other users can read the diary's folder. Fix its owner, then try again."
        ),
        mark(
            "Workdiary has not started. Take ownership of the folder (chown) and remove the "
            "rights of others (chmod -R go-rwx), or choose another folder (--base-dir)."
        ),
    ),
    Problem.SCHEMA_NEWER: (
        QT_TRANSLATE_NOOP(
            "Notice", "A newer Workdiary wrote this folder. Nothing changed. Install the newer one."
        ),
        "",
    ),
    Problem.SEQ_TAKEN: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "This segment number is already used by a different record. Nothing was overwritten.",
        ),
        "",
    ),
    Problem.INDEX_DAMAGED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The index was damaged and rebuilt from the files. Nothing is lost."
        ),
        mark("The damaged index was set aside."),
    ),
    Problem.FILE_DAMAGED: (
        QT_TRANSLATE_NOOP(
            "Notice", "A stored file is damaged and was set aside. Everything else continues."
        ),
        mark('The file is in the folder "damaged" and is not uploaded.'),
    ),
    Problem.FILE_LOST: (
        QT_TRANSLATE_NOOP(
            "Notice", "A file of the diary is missing from the disk. The rest is safe."
        ),
        mark("If you have a backup of the state folder, put the file back."),
    ),
    Problem.BEACON_UNREADABLE: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "The disk reported an error. Recording continues as if offline. Check the disk.",
        ),
        mark(
            "The random value for the time of the next picture could not be read. The assurance "
            "is B until it is read or fetched again."
        ),
    ),
    Problem.JOURNAL_DAMAGED: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "A record of unsealed work is damaged. At most 10 min are lost. The rest is safe.",
        ),
        mark('The record is in the folder "damaged".'),
    ),
    Problem.RESTORED_BACKUP: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "This folder is a backup or copy. Work continues after the last upload. Nothing is "
            "lost.",
        ),
        mark(
            "The marketplace has later work of this computer than this folder has. Work that was "
            "not sent yet is sealed again after it."
        ),
    ),
    Problem.COPIED_FOLDER: (
        QT_TRANSLATE_NOOP("Notice", "Another copy of this folder recorded with the same key."),
        mark(
            "Work that the marketplace refused for that reason is sealed and sent again. Time "
            "that both recorded is paid once. Quit one of the two programs."
        ),
    ),
    Problem.UNPAID_WORK: (
        QT_TRANSLATE_NOOP("Notice", "Some of this week's work is not paid."),
        mark("The work is kept on this computer. The diary shows the reason."),
    ),
    # Changes of recorded work.
    Problem.WEEK_LOCKED: (
        QT_TRANSLATE_NOOP("Notice", "The week is locked: memos and time stay as they are."),
        mark("Nothing was changed. A picture, a memo or activity counts can still be deleted."),
    ),
    Problem.NOTHING_LEFT: (
        QT_TRANSLATE_NOOP("Notice", "Nothing is left to change or delete here."),
        mark("Nothing was changed."),
    ),
    Problem.MANUAL_INVALID: (
        QT_TRANSLATE_NOOP(
            "Notice", "No time was added: it needs a memo, a reason and at most 12 hours."
        ),
        mark("Correct the entry and add it again."),
    ),
    Problem.MANUAL_AHEAD: (
        QT_TRANSLATE_NOOP("Notice", "No time was added: it would end later than now."),
        mark("Add only time that has passed."),
    ),
    Problem.MANUAL_FORBIDDEN: (
        QT_TRANSLATE_NOOP("Notice", "No time was added: the contract did not allow manual time."),
        mark("Ask the client for terms that allow it."),
    ),
    Problem.MANUAL_OVERLAP: (
        QT_TRANSLATE_NOOP("Notice", "No time was added: a part of it is in your diary already."),
        mark("Choose time without entries."),
    ),
    # The network.
    Problem.OFFLINE: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace cannot be reached."),
        mark("Your sealed work is safe on this computer and is sent later."),
    ),
    Problem.TIMEOUT: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace did not answer in time. Work is safe here."),
        mark("Your sealed work is on this computer and is sent later."),
    ),
    Problem.CONNECTION_LOST: (
        QT_TRANSLATE_NOOP("Notice", "The connection broke. Work is safe here and is sent again."),
        "",
    ),
    Problem.TLS_FAILED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace's certificate is not trusted here. Nothing was sent."
        ),
        mark("Your sealed work is safe on this computer. Check its clock and the network."),
    ),
    Problem.INSECURE_ADDRESS: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace's address must begin with https. Nothing was sent."
        ),
        mark("Check the address."),
    ),
    Problem.CAPTIVE_PORTAL: (
        QT_TRANSLATE_NOOP("Notice", "This network requires a sign-in first. Work is safe here."),
        mark(
            "Another site answered instead of the marketplace, for example the sign-in page of a "
            "hotel or a train. Open a browser and sign in to the network."
        ),
    ),
    Problem.PROXY_SIGN_IN: (
        QT_TRANSLATE_NOOP(
            "Notice", "The network's proxy asks for a password. Work is safe here, not sent."
        ),
        mark(
            "Enter the name and the password under Network in the settings, or ask the network's "
            "administrator."
        ),
    ),
    Problem.PROXY_UNREACHABLE: (
        QT_TRANSLATE_NOOP(
            "Notice", "The proxy set on this computer does not answer. Work is safe here."
        ),
        mark("Check the proxy under Network in the settings."),
    ),
    Problem.PROXY_UNKNOWN: (
        QT_TRANSLATE_NOOP(
            "Notice", "The proxy set on this computer has an unknown name. Work is safe here."
        ),
        mark("Check the proxy under Network in the settings."),
    ),
    Problem.PROXY_UNSUPPORTED: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "Workdiary cannot use this kind of proxy. Work is safe here, not sent.",
        ),
        mark("Enter the address of an HTTP proxy under Network in the settings."),
    ),
    Problem.PROXY_FAILED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The network's proxy did not connect to the marketplace. Work is safe here."
        ),
        mark(
            "It is sent later. Ask the network's administrator whether the proxy allows the "
            "marketplace."
        ),
    ),
    Problem.PAC_UNREADABLE: (
        QT_TRANSLATE_NOOP(
            "Notice", "The proxy script (PAC) cannot be fetched. Work is safe here, not sent."
        ),
        mark("Check its address under Network in the settings."),
    ),
    Problem.PAC_BROKEN: (
        QT_TRANSLATE_NOOP(
            "Notice", "The proxy script (PAC) does not work. Work is safe here, not sent."
        ),
        mark("Ask the network's administrator, or enter the proxy under Network in the settings."),
    ),
    Problem.ROUTE_INCOMPLETE: (
        QT_TRANSLATE_NOOP("Notice", "The network settings lack an address. Work is safe here."),
        mark("Enter it under Network in the settings."),
    ),
    Problem.CA_UNUSABLE: (
        QT_TRANSLATE_NOOP(
            "Notice", "The file of your certificate authority cannot be used. Work is safe here."
        ),
        mark("Choose the file again under Network in the settings."),
    ),
    Problem.UNEXPECTED_REDIRECT: (
        QT_TRANSLATE_NOOP(
            "Notice", "The answer redirects elsewhere and was not followed. Work is safe here."
        ),
        mark("A marketplace does not redirect. Check the network."),
    ),
    Problem.UNEXPECTED_ANSWER: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace's answer cannot be read. Work is safe here."),
        mark("It is sent again later."),
    ),
    Problem.ANSWER_TOO_LARGE: (
        QT_TRANSLATE_NOOP(
            "Notice", "The answer was too long and was discarded. Work is safe here."
        ),
        mark("It is sent again later."),
    ),
    Problem.ANSWER_CUT: (
        QT_TRANSLATE_NOOP(
            "Notice", "The answer was incomplete. Work is safe here and is sent again."
        ),
        "",
    ),
    # The marketplace.
    Problem.SERVER_TROUBLE: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace is having problems. Work is safe here."),
        mark("It is sent again later."),
    ),
    Problem.SERVER_BUSY: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace is busy. Work is safe here and is sent later."
        ),
        "",
    ),
    Problem.NO_ROOM: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace has no room for more pictures. Work is safe here."
        ),
        mark(
            "The work is sent with its pictures as soon as there is room. Ask the marketplace if "
            "this continues."
        ),
    ),
    Problem.CODE_INVALID: (
        QT_TRANSLATE_NOOP("Notice", "The code to join is unknown, used or expired. Get a new one."),
        mark("Nothing was changed. The marketplace issues the codes."),
    ),
    Problem.SESSION_EXPIRED: (
        QT_TRANSLATE_NOOP("Notice", "Joining took too long. The keys are kept. Get a new code."),
        "",
    ),
    Problem.ENROLMENT_REFUSED: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace did not accept this computer. Keys are kept."),
        mark("Get a new code, or ask the marketplace for the reason."),
    ),
    Problem.SIGN_IN_REFUSED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace no longer accepts this computer. Work is safe here."
        ),
        mark(
            "The computer may have been signed out or stopped: see the marketplace's devices page."
        ),
    ),
    Problem.SIGN_IN_CANCELLED: (
        QT_TRANSLATE_NOOP("Notice", "The sign-in was cancelled. This computer has not joined."),
        mark("Sign in again to join."),
    ),
    Problem.SIGN_IN_TIMED_OUT: (
        QT_TRANSLATE_NOOP(
            "Notice", "The sign-in was not finished in the browser. This computer has not joined."
        ),
        mark("Sign in again to join."),
    ),
    Problem.SIGN_IN_FAILED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace did not accept the sign-in. This computer has not joined."
        ),
        mark("Sign in again to join."),
    ),
    Problem.SIGN_IN_UNSUPPORTED: (
        QT_TRANSLATE_NOOP(
            "Notice", "This marketplace has no sign-in in the browser. Join with a one-time code."
        ),
        mark("Ask the marketplace for a code."),
    ),
    Problem.SIGN_IN_NO_PORT: (
        QT_TRANSLATE_NOOP(
            "Notice", "The browser cannot reach Workdiary on this computer. Join with a code."
        ),
        mark("Ask the marketplace for a one-time code."),
    ),
    Problem.REFUSED: (
        QT_TRANSLATE_NOOP("Notice", "The marketplace refused an upload. The record is kept here."),
        mark("The diary shows it. Other uploads continue."),
    ),
    Problem.SERVER_BEHIND: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace lacks work that your receipts prove. The receipts are kept."
        ),
        mark("Ask the marketplace."),
    ),
    Problem.SERVER_LOST: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "The marketplace lost work that it had received. It is sent again automatically.",
        ),
        mark(
            "This happens after a restored backup. Your receipts are kept and prove what was lost."
        ),
    ),
    Problem.FOREIGN_HEAD: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "The marketplace lists work that is not yours. Yours is kept here and not sent.",
        ),
        mark(
            "The marketplace's answer is kept as evidence. Work on this contract is sent when "
            "this is cleared up. Ask the marketplace."
        ),
    ),
    Problem.WRONG_SERVER_TIME: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "The marketplace reports a wrong time. It is ignored; your time is not affected.",
        ),
        mark(
            "It differs by more than five minutes from this computer's clock and from the times "
            "signed in the log. Inform the marketplace if this continues."
        ),
    ),
    # Proofs.
    Problem.WRONG_MARKETPLACE: (
        QT_TRANSLATE_NOOP(
            "Notice", "Another marketplace answers at this address. Nothing was sent."
        ),
        mark("Check the address."),
    ),
    Problem.LOG_KEY_CHANGED: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace signs with another key. Nothing is sent, work is safe here."
        ),
        mark("The key is not the one that was pinned when you joined. Ask the marketplace."),
    ),
    Problem.WRONG_RECEIPT: (
        QT_TRANSLATE_NOOP(
            "Notice", "Receipt rejected: it proves something else. Your work is safe here."
        ),
        mark("The work counts as not yet delivered."),
    ),
    Problem.WRONG_TIME: (
        QT_TRANSLATE_NOOP("Notice", "Receipt rejected: wrong time. Your work is safe here."),
        mark("The work counts as not yet delivered."),
    ),
    Problem.WRONG_BEACON: (
        QT_TRANSLATE_NOOP(
            "Notice", "A random value for picture times was refused. Work continues."
        ),
        mark("The log does not prove it. The newest proven value is used."),
    ),
    Problem.WRONG_TERMS: (
        QT_TRANSLATE_NOOP(
            "Notice", "New terms were refused: the log does not prove them. The old ones apply."
        ),
        "",
    ),
    Problem.WRONG_STATEMENT: (
        QT_TRANSLATE_NOOP(
            "Notice", "The marketplace sent a change without a proof. It was refused."
        ),
        mark("Nothing was changed here."),
    ),
    Problem.SPLIT_VIEW: (
        QT_TRANSLATE_NOOP(
            "Notice", "The log showed two different histories. Both are kept. Recording continues."
        ),
        mark("Both are evidence. No work is lost. Ask the marketplace, and show them to others."),
    ),
    Problem.LOG_UNPROVEN: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "The marketplace's log could not be checked. Workdiary tries again. Work continues.",
        ),
        mark("Receipts and statements are kept."),
    ),
    # The keyring and the keys.
    Problem.KEYRING_ABSENT: (
        QT_TRANSLATE_NOOP(
            "Notice", "No keyring was found for the keys. Start one, then try again."
        ),
        mark("Nothing was written. Suitable keyrings are GNOME Keyring and KWallet."),
    ),
    Problem.KEYRING_LOCKED: (
        QT_TRANSLATE_NOOP("Notice", "The keyring stayed locked. Nothing was changed."),
        mark("Unlock it and try again."),
    ),
    Problem.KEYRING_FAILED: (
        QT_TRANSLATE_NOOP("Notice", "The keyring did not return the keys. Nothing was sent."),
        mark("Check that the keyring works, then try again."),
    ),
    Problem.KEYS_MISSING: (
        QT_TRANSLATE_NOOP(
            "Notice", "The keyring lost this computer's keys. Sealed work is safe. Join again."
        ),
        mark("New work cannot be sealed without them. Joining needs a new code."),
    ),
    Problem.NOT_ENROLLED: (
        QT_TRANSLATE_NOOP("Notice", "This computer has not joined the marketplace yet."),
        mark("Join with a code."),
    ),
    Problem.SIGNED_OUT: (
        QT_TRANSLATE_NOOP(
            "Notice",
            "Signed out on this computer. Pending work is safe here, for your next sign-in.",
        ),
        "",
    ),
    Problem.KEY_ENDS_SOON: (
        QT_TRANSLATE_NOOP(
            "Notice", "This computer's key expires within 8 weeks. Renew it with a new code."
        ),
        mark("Run: workdiary rotate-key."),
    ),
}
