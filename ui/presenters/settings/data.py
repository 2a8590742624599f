"""The texts about the data on this computer, and the questions before its deletion.

Rule kept: each question states what is lost and what remains at the marketplace; the second one
names the unpaid time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.diary import QuestionView
from ui.presenters.formatting import decimal, named, span, substitute

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate
    from uploader.account.local_data import LocalData, Unsent


def size_text(size: int, translate: Translate) -> str:
    """A number of bytes: 640 kB, 12.4 MB, 1.2 GB."""
    if size < 10**6:
        return substitute(translate("Data", "{number}\u00a0kB"), number=str(-(-size // 1000)))
    if size < 10**9:
        text, unit = translate("Data", "{number}\u00a0MB"), 10**6
    else:
        text, unit = translate("Data", "{number}\u00a0GB"), 10**9
    return substitute(text, number=decimal(f"{size / unit:.1f}", translate))


def space_text(size: int, translate: Translate) -> str:
    """The sentence about the size of the folder."""
    return substitute(translate("Data", "It takes {size}."), size=size_text(size, translate))


def pending_text(unsent: Unsent, translate: Translate) -> str:
    """The sentences about pending and refused uploads."""
    sentences = []
    if unsent.waiting:
        text = translate(
            "Data", "%n entries waiting, {size}. Safe on this computer.", None, unsent.waiting
        )
        sentences.append(substitute(text, size=size_text(unsent.size, translate)))
    else:
        sentences.append(translate("Data", "Nothing is waiting."))
    if unsent.refused:
        sentences.append(
            translate("Data", "The marketplace refused %n entries.", None, unsent.refused)
        )
    return " ".join(sentences)


def pending_lines(data: LocalData, translate: Translate) -> str:
    """What waits for its upload: a line for each marketplace."""
    if not data.by_marketplace:
        return pending_text(data.unsent, translate)
    return "\n".join(
        substitute(
            translate("Data", "{marketplace}: {pending}"),
            marketplace=named(marketplace),
            pending=pending_text(unsent, translate),
        )
        for marketplace, unsent in data.by_marketplace.items()
    )


def covers_text(marketplace: str, translate: Translate) -> str:
    """Which marketplace the deletion is about, "" for none."""
    if not marketplace:
        return translate("Data", "There is no diary here to delete.")
    return substitute(
        translate("Data", "It covers {marketplace} only."), marketplace=named(marketplace)
    )


def delete_question(
    marketplace: str, data: LocalData, translate: Translate, *, signed_in: bool
) -> QuestionView:
    """The question before the data of a marketplace are deleted on this computer."""
    details = [
        substitute(
            translate(
                "Data",
                "Deleted on this computer ({size}): the recorded time, memos and pictures of "
                "{marketplace}, and the receipts that prove your hours. To keep a proof, first "
                "save the record of each week in your diary.",
            ),
            size=size_text(data.size, translate),
            marketplace=named(marketplace),
        ),
        translate(
            "Data",
            "At the marketplace, everything that was uploaded remains as it is, with its hours "
            "and pictures. Your settings and the program's log remain on this computer.",
        ),
    ]
    if signed_in:
        details.append(
            translate(
                "Data",
                "This computer is signed out first, and pending work is uploaded. Work that "
                "cannot be uploaded is only deleted after you confirm that too.",
            )
        )
    return QuestionView(
        translate("Data", "Delete the diary on this computer?"),
        "\n\n".join(details),
        translate("Data", "&Sign out and delete")
        if signed_in
        else translate("Data", "&Delete the diary"),
        translate("Data", "&Cancel"),
    )


def unsent_question(unsent: Unsent, translate: Translate) -> QuestionView:
    """The question before work is deleted that the marketplace does not have."""
    length = span(unsent.seconds, translate)
    details = []
    if unsent.unsealed:
        details.append(
            translate(
                "Data",
                "%n recordings ended unexpectedly and are not saved yet. Their time is lost too.",
                None,
                unsent.unsealed,
            )
        )
    if unsent.changes:
        details.append(
            translate(
                "Data",
                "%n changes of memos and deletions have not reached the marketplace either.",
                None,
                unsent.changes,
            )
        )
    details.append(
        translate(
            "Data",
            "Deleted work cannot be recovered. If you keep it, it stays safe on this computer "
            "and is uploaded after your next sign-in.",
        )
    )
    keep = translate("Data", "&Keep it")
    if not unsent.seconds:
        text = translate("Data", "Some of your work is not uploaded. Delete it?")
        return QuestionView(text, "\n\n".join(details), translate("Data", "&Delete it"), keep)
    return QuestionView(
        substitute(
            translate("Data", "{length} of work is neither uploaded nor paid. Delete it?"),
            length=length,
        ),
        "\n\n".join(details),
        substitute(translate("Data", "&Delete, lose {length}"), length=length),
        keep,
    )
