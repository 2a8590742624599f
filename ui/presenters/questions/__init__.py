"""The questions of clients about the person's time: in the list of what needs attention, and in the
own diary with the answers.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diary.core.display import clean
from diary.core.slots import DAY, SLOT
from system.i18n import QT_TRANSLATE_NOOP
from ui.presenters.formatting import date, moment, named, substitute, time_of_day
from ui.presenters.notices import Action, NoticeView, action_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from diary.core.day_bounds import DayBounds
    from ui.presenters.app_state import AppState
    from ui.presenters.formatting import Translate
    from uploader.store.reviews.entries import ReviewThread, StoredEntry, UnsentAnswer

#: The key of a question in the attention list, followed by its digest; and of several.
QUESTION_KEY, QUESTIONS_KEY = "question:", "questions"
#: Questions with a row of their own in the attention list.
MOST_ROWS = 3
#: Lines and characters of one text that the panel shows; the page in the browser shows all.
_LINES, _CHARACTERS = 30, 1_000
_REPLIES = 5

_CONTEXT = "Questions"
_DAYS = (
    QT_TRANSLATE_NOOP("Questions", "Mon"),
    QT_TRANSLATE_NOOP("Questions", "Tue"),
    QT_TRANSLATE_NOOP("Questions", "Wed"),
    QT_TRANSLATE_NOOP("Questions", "Thu"),
    QT_TRANSLATE_NOOP("Questions", "Fri"),
    QT_TRANSLATE_NOOP("Questions", "Sat"),
    QT_TRANSLATE_NOOP("Questions", "Sun"),
)


@dataclass(frozen=True)
class ClientQuestion:
    """A question in the panel: final texts. `key` is its digest, `lines` are the texts of both
    sides; `part` counts the questions about the slot, `number` (from 0) is this one's. `draft` is a
    refused answer.
    """

    key: str
    ctr: str
    title: str
    times: str
    lines: tuple[str, ...]
    state: str
    tone: str
    takes_answer: bool
    waits: bool
    draft: str = ""
    part: str = ""
    number: int = 0
    count: int = 1


def waiting(state: AppState) -> tuple[ReviewThread, ...]:
    """The questions that wait for the person, oldest first, of the contracts that are known."""
    known = {contract.ctr for contract in state.contracts}
    return tuple(each for each in state.threads if each.waits and each.first.ctr in known)


def question_notices(state: AppState, translate: Translate) -> tuple[NoticeView, ...]:
    """The rows of the attention list: one for each question, or one for many."""
    found = waiting(state)
    if len(found) > MOST_ROWS:
        text = translate(
            "Questions", "%n questions of clients wait for an answer.", None, len(found)
        )
        return (_row(text, QUESTIONS_KEY, translate),)
    return tuple(
        _row(asked(each, state, translate), f"{QUESTION_KEY}{each.first.digest}", translate)
        for each in found
    )


def _row(text: str, key: str, translate: Translate) -> NoticeView:
    return NoticeView(text, Action.ANSWER, action_label(Action.ANSWER, translate), key=key)


def asked(thread: ReviewThread, state: AppState, translate: Translate) -> str:
    """Harbour Lines asks about Tue 14:10–14:30."""
    if thread.first.kind == "dispute":
        text = translate("Questions", "{client} disputes {times}")
    else:
        text = translate("Questions", "{client} asks about {times}")
    times = about(thread.first.slots, state.now_ms // 1000, state.zone, translate)
    return substitute(text, client=_client(thread, state), times=times)


def about(slots: Sequence[int], now_s: int, zone: tzinfo | None, translate: Translate) -> str:
    """The time of slots (Unix s), ascending: Tue 14:10–14:30, or Mon–Thu; with dates where a
    weekday is not clear.
    """
    begin, end = slots[0], slots[-1] + SLOT
    days = [_day(each, now_s, zone, translate) for each in (begin, end - 1)]
    if days[0] != days[1]:
        text = translate("Questions", "{start}–{end}")
        return substitute(text, start=days[0], end=days[1])
    return substitute(
        translate("Questions", "{day} {start}–{end}"),
        day=days[0],
        start=time_of_day(begin * 1000, zone),
        end=time_of_day(end * 1000, zone),
    )


def _day(time_s: int, now_s: int, zone: tzinfo | None, translate: Translate) -> str:
    """The weekday of a time within the last six days, else its date."""
    if not now_s - 6 * DAY < time_s <= now_s:
        return date(time_s, zone)
    weekday = datetime.fromtimestamp(time_s, UTC).astimezone(zone).weekday()
    return translate(_CONTEXT, _DAYS[weekday])


def asked_slots(threads: Sequence[ReviewThread], ctr: str, bounds: DayBounds) -> Mapping[int, bool]:
    """The slots of a day with questions about a contract ("": all), and whether one waits there."""
    found: dict[int, bool] = {}
    for thread in threads:
        if ctr in {"", thread.first.ctr}:
            slots = thread.first.slots
            first, end = (bisect_left(slots, edge) for edge in bounds)
            for slot in slots[first:end]:
                found[slot] = found.get(slot, False) or thread.waits
    return found


def question_view(
    state: AppState, slot: int, ctr: str, chosen: str, number: int, translate: Translate
) -> ClientQuestion | None:
    """A question about a slot: the one with the digest `chosen`, else that of a number among those
    of the slot, which begin with the ones that wait. None if there is none.
    """
    found = [
        thread
        for thread in state.threads
        if ctr in {"", thread.first.ctr} and _has(thread.first.slots, slot)
    ]
    if not found:
        return None
    found.sort(key=lambda thread: (not thread.waits, not thread.takes_answers))
    wanted = next((n for n, t in enumerate(found) if t.first.digest == chosen), number)
    number = min(max(wanted, 0), len(found) - 1)
    view = _view(found[number], state, translate)
    if len(found) == 1:
        return view
    part = substitute(
        translate("Questions", "{number} of {count}"), number=str(number + 1), count=str(len(found))
    )
    return ClientQuestion(**{**vars(view), "part": part, "number": number, "count": len(found)})


def _has(slots: Sequence[int], slot: int) -> bool:
    """Whether ascending slots contain one; a hostile client asks about whole weeks often."""
    index = bisect_left(slots, slot)
    return index < len(slots) and slots[index] == slot


def _view(thread: ReviewThread, state: AppState, translate: Translate) -> ClientQuestion:
    texts = {
        "question": translate("Questions", "Question from {client}"),
        "dispute": translate("Questions", "Dispute of {client}"),
        "comment": translate("Questions", "Comment"),
    }
    replies = [each for each in thread.replies if each.kind != "resolve"]
    lines = [_line(thread.first, state.zone, translate)]
    if len(replies) > _REPLIES:
        lines.append(translate("Questions", "The page in the browser shows all replies."))
    lines += [_line(each, state.zone, translate) for each in replies[-_REPLIES:]]
    lines += [
        _own(each.text, each.written_s, state.zone, translate)
        for each in thread.answers
        if not each.refused  # that one is in the field
    ]
    refused = next((each for each in thread.answers if each.refused), None)
    status, tone = _status(thread, refused, state, translate)
    return ClientQuestion(
        key=thread.first.digest,
        ctr=thread.first.ctr,
        title=substitute(texts[thread.first.kind], client=_client(thread, state)),
        times=about(thread.first.slots, state.now_ms // 1000, state.zone, translate),
        lines=tuple(lines),
        state=status,
        tone=tone,
        takes_answer=thread.takes_answers,
        waits=thread.waits,
        draft=refused.text if refused is not None else "",
    )


def _status(
    thread: ReviewThread, refused: UnsentAnswer | None, state: AppState, translate: Translate
) -> tuple[str, str]:
    """The state of the answer, and its tone."""
    if refused is not None:
        text = translate("Questions", "The marketplace did not accept your answer. Send it again.")
        return text, "attention"
    if thread.answers:
        if state.upload is not None and state.upload.offline:
            text = translate("Questions", "Your answer is saved. It will be sent when online.")
            return text, "muted"
        return translate("Questions", "Sending your answer …"), "muted"
    if thread.first.kind == "comment":
        return "", "muted"
    if not thread.takes_answers:
        return translate("Questions", "Settled by the client"), "muted"
    if thread.waits:
        return translate("Questions", "Waits for your answer"), "attention"
    return translate("Questions", "Answer sent. The client can read it."), "muted"


def _line(entry: StoredEntry, zone: tzinfo | None, translate: Translate) -> str:
    if entry.own:
        return _own(entry.text, entry.at_s, zone, translate)
    head = substitute(
        translate("Questions", "{name}, {when}"),
        name=named(entry.name),
        when=moment(entry.at_s * 1000, zone),
    )
    return f"{head}\n{_text(entry.text, translate)}"


def _own(text: str | None, at_s: int, zone: tzinfo | None, translate: Translate) -> str:
    head = substitute(translate("Questions", "You, {when}"), when=moment(at_s * 1000, zone))
    return f"{head}\n{_text(text, translate)}"


def _text(text: str | None, translate: Translate) -> str:
    """What a person wrote, with at most so many lines and characters."""
    if text is None:
        return translate("Questions", "(deleted)")
    lines = clean(text, lines=True).split("\n")
    shown = "\n".join(lines[:_LINES])
    if len(lines) > _LINES or len(shown) > _CHARACTERS:
        return f"{shown[:_CHARACTERS]} …"
    return shown


def _client(thread: ReviewThread, state: AppState) -> str:
    """The client of the contract, as the marketplace names it."""
    found = (each.client for each in state.contracts if each.ctr == thread.first.ctr)
    return named(next(found, "") or thread.first.name)
