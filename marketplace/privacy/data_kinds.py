"""The kinds of personal data, with the texts of the privacy notice.

The order is that of the notice. To add a kind, add a row and translate its texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from marketplace.core.i18n import mark

Basis = Literal["contract", "interest", "consent"]
Audience = Literal["operator", "client", "freelancer", "public"]

#: The legal bases (GDPR Article 6).
BASES: dict[Basis, str] = {
    "contract": mark("Performance of a contract with you: Article 6(1)(b) GDPR"),
    "interest": mark(
        "Legitimate interest in reliable proof of hours and in the security of accounts: "
        "Article 6(1)(f) GDPR"
    ),
    "consent": mark("Your consent, which you can withdraw at any time: Article 6(1)(a) GDPR"),
}
#: The people who see data of a kind on the pages.
AUDIENCES: dict[Audience, str] = {
    "operator": mark("the operator of this marketplace"),
    "client": mark("the client's owners and managers"),
    "freelancer": mark("the freelancer of the contract"),
    "public": mark("everyone, in the public log, without names"),
}


@dataclass(frozen=True)
class DataKind:
    """A kind of personal data: title, contents, purpose and retention as texts to translate.

    `monitored` marks data by which automated systems monitor or evaluate work (Directive (EU)
    2024/2831, Article 9).
    """

    title: str
    contents: str
    purpose: str
    retention: str
    basis: Basis
    audience: tuple[Audience, ...]
    monitored: bool = False


_RECORD = mark(
    "Until you erase your account. Signed hours stay without your name, as the other side's proof."
)

KINDS: dict[str, DataKind] = {
    "account": DataKind(
        mark("Account"),
        mark("Name, e-mail address, language, role, and the day on which the account was created."),
        mark("To keep your account, to show your name to your contract partners, to write to you."),
        mark("Until you erase your account."),
        "contract",
        ("operator", "client", "freelancer"),
    ),
    "identifiers": DataKind(
        mark("Identifiers"),
        mark("Random identifiers of you, your client and your contracts."),
        mark("To connect the parts of a record without using your name."),
        mark("For good in the public log; your name is removed when you erase your account."),
        "contract",
        ("operator", "client", "freelancer", "public"),
    ),
    "sign_in": DataKind(
        mark("Sign-in"),
        mark(
            "A hash of your password, passkeys, a link to an OpenID provider, browser sessions "
            "with the browser's name and the time of use, one-time links, API tokens and report "
            "links (as hashes, with the names that you gave them)."
        ),
        mark("To let you in, and to keep others out."),
        mark(
            "Sessions: a week. Links and tokens: until they expire. The rest: until you erase it."
        ),
        "contract",
        ("operator",),
    ),
    "companies": DataKind(
        mark("Company"),
        mark("Who belongs to a client's company, in which role and since when; invitations."),
        mark("To decide who may see and approve hours."),
        mark("Until you leave the company or erase your account."),
        "contract",
        ("operator", "client", "freelancer"),
    ),
    "contracts": DataKind(
        mark("Contracts"),
        mark(
            "Title, people, signed terms, weekly limit, rate, and how long memos and activity are "
            "kept."
        ),
        mark("To record, check and bill time as agreed."),
        mark("For good: both sides need the terms to check the hours."),
        "contract",
        ("operator", "client", "freelancer", "public"),
    ),
    "computers": DataKind(
        mark("Computers"),
        mark(
            "The name that you gave each computer, its public keys, the operating system, the "
            "program's version, the last sign-in, and when it was stopped and why."
        ),
        mark("To accept records from your computers only, and to show which one recorded."),
        mark("With the signed hours, which cannot be checked without it."),
        "contract",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "hours": DataKind(
        mark("Working time"),
        mark(
            "Begin and end of each recorded piece of work, how it was entered and why it ended, "
            "the clocks of the computer, your time zone, whether you record now, daily sums."
        ),
        mark("To prove and bill working time."),
        _RECORD,
        "contract",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "activity": DataKind(
        mark("Activity"),
        mark(
            "For each minute, the number of key presses, clicks and scrolls, the seconds with "
            "pointer movement, and the number of inputs made by programs. Never which keys, "
            "texts, window titles or addresses of pages."
        ),
        mark("To show how active the recorded time was."),
        mark(
            "Until you delete it, until the end of the period that you can choose for each "
            "contract, or until you erase your account. The number of active minutes is part of "
            "the signed hours and stays with them."
        ),
        "contract",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "pictures": DataKind(
        mark("Pictures"),
        mark(
            "Pictures of the screen at random times, as often as the contract states, with time, "
            "size, screen, thumbnail, covered areas and the kinds of your covering rules."
        ),
        mark("To show what the recorded time was used for."),
        mark(
            "As many days as the contract states, counted from their arrival; sooner if you delete "
            "them. A picture that belongs to no record: a week."
        ),
        "contract",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "memos": DataKind(
        mark("Memos and notes"),
        mark("What you wrote about your work, with earlier versions."),
        mark("To describe the billed work."),
        mark(
            "Until you delete it, until the end of the period that you can choose for each "
            "contract, or until you erase your account."
        ),
        "contract",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "results": DataKind(
        mark("Results of checks"),
        mark(
            "What automatic checks found in a record, the seconds that are paid and unpaid, and "
            "questions about unusual input."
        ),
        mark("To find forged or damaged records and to compute the paid time."),
        mark("As long as the record; computed again after each change."),
        "interest",
        ("operator", "client", "freelancer"),
        monitored=True,
    ),
    "reviews": DataKind(
        mark("Reviews"),
        mark("Approvals, questions, answers, comments and disputes, with author and time."),
        mark("To settle which hours are approved."),
        mark(
            "Decisions: for good, without your name. Texts: until their author erases the account."
        ),
        "contract",
        ("operator", "client", "freelancer", "public"),
        monitored=True,
    ),
    "views": DataKind(
        mark("Views of pictures"),
        mark("Who viewed which picture, when and in which size."),
        mark("To show freelancers who looked at their pictures."),
        mark("Until the freelancer erases the account. Your name is removed when you erase yours."),
        "interest",
        ("operator", "freelancer"),
    ),
    "deletions": DataKind(
        mark("Deletions"),
        mark("Which parts of a record were deleted, when, by whom and for which reason."),
        mark("To keep deleted data deleted, and to show that nothing else is missing."),
        mark("For good, without the deleted data."),
        "interest",
        ("operator", "client", "freelancer", "public"),
    ),
    "messages": DataKind(
        mark("E-mails"),
        mark("Messages that wait to be sent to you, and when earlier ones were sent."),
        mark("To inform you about questions, approvals and changes of your account."),
        mark("The text until it is sent; the entry without it for thirty days."),
        "contract",
        ("operator",),
    ),
    "report_recipients": DataKind(
        mark("Recipients of weekly reports"),
        mark(
            "An e-mail address that a client added, its language, who added it, whether its reader "
            "confirmed it or unsubscribed, and the weeks that were reported."
        ),
        mark("To send the weekly report of a client's hours to the people who confirmed it."),
        mark(
            "Until the client removes the address. Without confirmation: a week. After you "
            "unsubscribe: thirty days."
        ),
        "consent",
        ("operator", "client"),
    ),
    "connections": DataKind(
        mark("Connections"),
        mark(
            "The network address of your computer while it is connected. It is counted in memory "
            "against abuse, and neither stored nor written to logs by this program."
        ),
        mark("To answer requests and to stop attacks."),
        mark("At most a day."),
        "interest",
        ("operator",),
    ),
}
