"""The consent page: recorded and unrecorded data, times, recipients, retention.

The person accepts it before the first Start. The agreement covers the terms on the page: the page
is shown again for terms that require more pictures or keep them longer.
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

#: Increase it when the page has something new that each person must read.
VERSION = 2


@dataclass(frozen=True)
class Agreement:
    """The page and the terms that the person agreed to; `at_ms` is in Unix ms."""

    version: int
    at_ms: int
    shots: int
    retention_days: int

    def covers(self, terms: Terms) -> bool:
        """Whether the person agreed to this page with these terms or wider ones."""
        return (
            self.version >= VERSION
            and self.shots >= terms.shots
            and self.retention_days >= terms.retention_days
        )

    def data(self) -> bytes:
        """The bytes for the state folder."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def parse(cls, data: bytes) -> Agreement | None:
        """The agreement in a file; None if it has another form, so that the page is shown again."""
        try:
            raw = json.loads(data)
            values = [raw[name] for name in ("version", "at_ms", "shots", "retention_days")]
        except (ValueError, TypeError, KeyError):
            return None
        return cls(*values) if all(type(value) is int for value in values) else None


def agree(terms: Terms, at_ms: int, earlier: Agreement | None) -> Agreement:
    """The agreement once the page for `terms` is accepted; it never covers less than before."""
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
    """The page. `agree` is empty if the person has agreed already."""

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
    *,
    starts: bool = False,
    minimum_review_s: int = 0,
) -> ConsentView:
    """The page for a contract's terms; `client` and `marketplace` are their names.

    Once `agreed`, the page can be read again. It always names the most that can be recorded, since
    the person's next desktop may report counts, and adds what this one `measures`. `starts`: the
    recording starts with the agreement. `minimum_review_s` is that of the settings.
    """
    days = translate("Consent", "%n days", "a span", terms.retention_days)
    review = span(max(terms.review_s, minimum_review_s), translate)
    names = {"client": named(client), "marketplace": named(marketplace)}
    names |= {"days": days, "review": review}
    names["idle"] = span(terms.idle_s, translate)

    def point(text: str) -> str:
        return substitute(text, **names)

    pictures = (
        point(
            translate(
                "Consent",
                "Pictures of the whole screen, %n every ten minutes, at a random moment.",
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
                "Workdiary records your paid work for {client}. Please read what it records. "
                "Nothing is recorded before you agree.",
            )
        ),
        sections=(
            Section(
                translate("Consent", "What is recorded"),
                (
                    pictures,
                    translate(
                        "Consent",
                        "For each minute, the number of key presses, mouse clicks, scrolls and "
                        "mouse movements. Never what you type.",
                    ),
                    *_measured_here(measures, translate),
                    translate("Consent", "When you start and stop, and the memo you write."),
                ),
            ),
            Section(
                translate("Consent", "What is never recorded"),
                (
                    translate(
                        "Consent",
                        "What you type, window titles, addresses, files, sound, camera, location.",
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
                        "show that recording is on. There is no hidden mode.",
                    ),
                    point(
                        translate(
                            "Consent",
                            "Recording stops by itself after {idle} without input, when you lock "
                            "the screen, and when the computer sleeps.",
                        )
                        if measures in {"ok", "active-only"}
                        else translate(
                            "Consent",
                            "Recording stops by itself when you lock the screen and when the "
                            "computer sleeps. It cannot notice that you are away: press Stop when "
                            "you leave.",
                        )
                    ),
                    point(
                        translate(
                            "Consent",
                            "You see each picture first. It is uploaded after {review}, unless you "
                            "delete it.",
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
                            "{client}, the people who review for them, and {marketplace}. You see "
                            "all that they see, and who viewed which picture.",
                        )
                    ),
                    point(
                        translate(
                            "Consent",
                            "While you record, {client} and {marketplace} see that you are "
                            "recording, and since when. Not while you are paused or stopped.",
                        )
                    ),
                    point(
                        translate(
                            "Consent",
                            "Pictures are kept for {days} after their upload. Deleting one removes "
                            "its time from your bill.",
                        )
                    ),
                    translate(
                        "Consent",
                        "Start and end times and the number of active minutes are part of the "
                        "signed record. They remain even if you delete everything else.",
                    ),
                ),
            ),
        ),
        agree="" if agreed else _agree(translate, starts=starts),
        decline=translate("Consent", "&Close") if agreed else translate("Consent", "&Not now"),
    )


def _agree(translate: Translate, *, starts: bool) -> str:
    if starts:
        return translate("Consent", "&Agree and start")
    return translate("Consent", "I &agree")


def _measured_here(measures: InputQuality, translate: Translate) -> tuple[str, ...]:
    if measures == "ok":
        return ()
    if measures == "active-only":
        text = translate(
            "Consent",
            "On this computer, as it is set up now: only the number of seconds with input in "
            "each minute. Key presses and clicks are not counted.",
        )
    else:
        text = translate(
            "Consent",
            "On this computer, as it is set up now: nothing, because input cannot be "
            "measured. Your time still counts.",
        )
    return (text,)
