"""The consent page: what is recorded, what never is, when, who sees it, for how long.

One plain page, agreed to before the first Start. The agreement covers the terms that it named: a
contract that asks for more pictures, or keeps them longer, is asked about again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ui.presenters.formatting import named, span, substitute

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from diary.objects.terms import Terms
    from ui.presenters.formatting import Translate

#: Raised whenever the page says something new that a person must have read.
VERSION = 1


@dataclass(frozen=True)
class Agreement:
    """What was agreed to, and when (Unix ms)."""

    version: int
    at_ms: int
    shots: int
    retention_days: int

    def covers(self, terms: Terms) -> bool:
        """Whether this page, and nothing weaker than these terms, was agreed to."""
        return (
            self.version >= VERSION
            and self.shots >= terms.shots
            and self.retention_days >= terms.retention_days
        )

    def data(self) -> bytes:
        """For the state folder."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def parse(cls, data: bytes) -> Agreement | None:
        """None for anything that is not an agreement: then the page is shown again."""
        try:
            raw = json.loads(data)
            values = [raw[name] for name in ("version", "at_ms", "shots", "retention_days")]
        except (ValueError, TypeError, KeyError):
            return None
        return cls(*values) if all(type(value) is int for value in values) else None


def agree(terms: Terms, at_ms: int, earlier: Agreement | None) -> Agreement:
    """The agreement after the page for `terms` was accepted; it never covers less than before."""
    shots = max(terms.shots, earlier.shots if earlier else 0)
    days = max(terms.retention_days, earlier.retention_days if earlier else 0)
    return Agreement(VERSION, at_ms, shots, days)


@dataclass(frozen=True)
class Section:
    """A heading and its points."""

    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class ConsentView:
    """The page. `agree` is empty where there is nothing left to agree to."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    agree: str
    decline: str


def consent_view(
    terms: Terms,
    client: str,
    marketplace: str,
    agreed: bool,
    translate: Translate,
    measures: InputQuality = "ok",
) -> ConsentView:
    """The page for a contract's terms; `client` and `marketplace` are their names.

    Once `agreed`, it is there to be read again. It always names the most that can be recorded,
    since the next desktop of the same person may have counts; what this one `measures` is told
    beside it.
    """
    days = translate("Consent", "%n days", "a span", terms.retention_days)
    review = span(terms.review_s, translate)
    who = {"client": named(client), "marketplace": named(marketplace)}
    names = {**who, "days": days, "review": review}
    names["idle"] = span(terms.idle_s, translate)

    def point(text: str) -> str:
        return substitute(text, **names)

    pictures = (
        point(
            translate(
                "Consent",
                "Pictures of the whole screen, %n in every ten minutes, at a random moment.",
                "number of pictures",
                terms.shots,
            )
        )
        if terms.shots
        else translate("Consent", "No pictures: this contract asks for none.")
    )
    return ConsentView(
        title=translate("Consent", "Before you start"),
        lead=point(
            translate(
                "Consent",
                "Workdiary keeps a record of your paid work for {client}. Please read what that "
                "means; nothing is recorded before you agree.",
            )
        ),
        sections=(
            Section(
                translate("Consent", "What is recorded"),
                (
                    pictures,
                    translate(
                        "Consent",
                        "For each minute, how many keys and mouse buttons were pressed and how "
                        "much was scrolled and moved. Never which keys.",
                    ),
                    *_measured_here(measures, translate),
                    translate("Consent", "When you start and stop, and the memo you write."),
                ),
            ),
            Section(
                translate("Consent", "What never is"),
                (
                    translate(
                        "Consent",
                        "What you type, window titles, addresses, files, sound, camera, place.",
                    ),
                    translate("Consent", "Anything before Start, after Stop or while paused."),
                ),
            ),
            Section(
                translate("Consent", "When"),
                (
                    translate(
                        "Consent",
                        "Only between Start and Stop. The icon, its tooltip and the window always "
                        "show it; there is no hidden mode.",
                    ),
                    point(
                        translate(
                            "Consent",
                            "After {idle} without input it stops by itself, and when you lock the "
                            "screen or the computer sleeps.",
                        )
                        if measures in {"ok", "active-only"}
                        else translate(
                            "Consent",
                            "It stops by itself when you lock the screen or the computer sleeps. "
                            "It cannot tell when you are away: press Stop when you leave.",
                        )
                    ),
                    point(
                        translate(
                            "Consent",
                            "Each picture is shown to you first. It leaves this computer after "
                            "{review}, unless you delete it.",
                        )
                    ),
                ),
            ),
            Section(
                translate("Consent", "Who sees it, and for how long"),
                (
                    point(
                        translate(
                            "Consent",
                            "{client} and the people they let review it, and {marketplace}. You "
                            "see all that they see, and who looked at which picture.",
                        )
                    ),
                    point(
                        translate(
                            "Consent",
                            "Pictures are kept for {days} after the marketplace has received them. "
                            "Deleting one gives its time back.",
                        )
                    ),
                    translate(
                        "Consent",
                        "Start and end times and the number of active minutes are part of the "
                        "signed record: they stay, even when all else is deleted.",
                    ),
                ),
            ),
        ),
        agree="" if agreed else translate("Consent", "I &agree"),
        decline=translate("Consent", "&Close") if agreed else translate("Consent", "&Not now"),
    )


def _measured_here(measures: InputQuality, translate: Translate) -> tuple[str, ...]:
    if measures == "ok":
        return ()
    if measures == "active-only":
        text = translate(
            "Consent",
            "As this computer is set up now, only how many seconds of each minute had input; "
            "nothing is counted.",
        )
    else:
        text = translate(
            "Consent",
            "As this computer is set up now, none of that: input cannot be measured here. Your "
            "time counts all the same.",
        )
    return (text,)
