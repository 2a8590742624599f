"""The questions of clients in the attention list, in notifications and in the own diary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diary.core.slots import DAY, WEEK
from tests.ui import scenes
from ui.notifications.texts import question_notification
from ui.presenters.attention import answered, attention
from ui.presenters.formatting import plain
from ui.presenters.notices import Action
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.own_diary.slots import HourView, OwnSlotView
from ui.presenters.questions import about, question_view
from uploader.store.reviews.entries import ReviewThread, StoredEntry

ASKED = ReviewThread(scenes.ASKED)
SLOT = scenes.ASKED.slots[0]


def rows(*threads: ReviewThread, **changes: object) -> list[str]:
    state = scenes.scene(threads=threads, **changes)
    return [view.text for view in attention(state, plain)]


def shown(*threads: ReviewThread, slot: int = SLOT, number: int = 0, **changes: object):  # type: ignore[no-untyped-def]
    state = scenes.scene(threads=threads, **changes)
    view = question_view(state, slot, "", "", number, plain)
    assert view is not None
    return view


def another(number: int, **changes: object) -> ReviewThread:
    return ReviewThread(replace(scenes.ASKED, digest=f"{number:Z>43}", **changes))  # type: ignore[arg-type]


def test_a_question_is_a_row_with_the_client_and_the_time() -> None:
    (view,) = attention(scenes.scene(threads=(ASKED,)), plain)
    assert view.text == "Acme asks about Tue 09:20–09:40"
    assert (view.action, view.label) == (Action.ANSWER, "&Answer")
    assert not view.urgent


def test_a_dispute_names_itself() -> None:
    assert rows(ReviewThread(scenes.DISPUTED)) == ["Acme disputes Tue 10:30–10:40"]


def test_the_row_stays_until_the_question_is_answered() -> None:
    state = scenes.scene(threads=(ASKED,))
    (view,) = attention(state, plain)
    assert attention(answered(state, view.key), plain) == (view,)
    for gone in (
        replace(ASKED, answers=(scenes.UNSENT_ANSWER,)),
        replace(ASKED, replies=(scenes.REPLIED,)),
        replace(ASKED, replies=(replace(scenes.REPLIED, kind="resolve", own=False, text=None),)),
    ):
        assert rows(gone) == []
    refused = replace(scenes.UNSENT_ANSWER, refused="too_often")
    assert len(rows(replace(ASKED, answers=(refused,)))) == 1


def test_questions_of_unknown_contracts_are_left_out() -> None:
    assert rows(another(1, ctr="x" * 22)) == []


def test_thousands_of_questions_are_one_row() -> None:
    assert len(rows(*(another(n) for n in range(3)))) == 3
    assert rows(*(another(n) for n in range(5_000))) == [
        "5000 questions of clients wait for an answer."
    ]


@pytest.mark.parametrize(
    ("slots", "text"),
    [
        ((scenes.at(14, 10), scenes.at(14, 20)), "Tue 14:10–14:30"),
        ((scenes.at(23, 50) - DAY,), "Mon 23:50–00:00"),
        ((scenes.at(9, 0) - DAY, scenes.at(9, 0)), "Mon–Tue"),
        ((scenes.at(14, 10) - WEEK,), "2026-11-10 14:10–14:20"),
        ((scenes.at(14, 10) - WEEK, scenes.at(14, 10)), "2026-11-10–Tue"),
    ],
)
def test_the_time_of_a_question_is_short_and_never_ambiguous(
    slots: tuple[int, ...], text: str
) -> None:
    assert about(slots, scenes.at(15, 14), scenes.scene().zone, plain) == text


def test_the_panel_shows_the_text_its_author_and_the_state() -> None:
    view = shown(ASKED)
    assert (view.title, view.times) == ("Question from Acme", "Tue 09:20–09:40")
    assert view.lines == ("Grace Li, 2026-11-17 14:50\nWhich part of the address form was this?",)
    assert (view.state, view.tone, view.takes_answer) == (
        "Waits for your answer", "attention", True,
    )  # fmt: skip


def test_the_state_of_the_answer_follows_the_connection() -> None:
    waits = replace(ASKED, answers=(scenes.UNSENT_ANSWER,))
    assert shown(waits).state == "Sending your answer …"
    offline = shown(waits, upload=scenes.upload(offline=True))
    assert offline.state == "Your answer is saved. It will be sent when online."
    assert offline.lines[-1] == "You, 2026-11-17 15:13\nThe validation of postcodes."
    sent = shown(replace(ASKED, replies=(scenes.REPLIED,)))
    assert sent.state == "Answer sent. The client can read it."
    assert sent.lines[-1] == "You, 2026-11-17 15:02\nThe validation of postcodes."
    refused = shown(replace(ASKED, answers=(replace(scenes.UNSENT_ANSWER, refused="too_often"),)))
    assert (refused.tone, refused.draft) == ("attention", "The validation of postcodes.")
    assert len(refused.lines) == 1


def test_a_settled_question_takes_no_answer() -> None:
    resolve = replace(scenes.REPLIED, kind="resolve", own=False, text=None)
    view = shown(replace(ASKED, replies=(resolve,)))
    assert (view.state, view.takes_answer, len(view.lines)) == ("Settled by the client", False, 1)


def test_a_comment_takes_no_answer() -> None:
    view = shown(ReviewThread(replace(scenes.ASKED, kind="comment")))
    assert (view.title, view.state, view.takes_answer) == ("Comment", "", False)


def test_several_questions_about_a_slot_begin_with_those_that_wait() -> None:
    answered_one = replace(ASKED, replies=(scenes.REPLIED,))
    first, second = (shown(answered_one, another(1), number=n) for n in (0, 1))
    assert (first.key, first.part, first.waits) == (f"{1:Z>43}", "1 of 2", True)
    assert (second.key, second.part, second.waits) == (scenes.ASKED.digest, "2 of 2", False)
    assert shown(answered_one, another(1), number=9).number == 1


def test_hostile_texts_stay_short_and_in_order() -> None:
    text = "a\u202eb\x00" + "\n" * 5_000 + "x" * 5_000
    view = shown(another(1, text=text, name="\u202e" + "N" * 500))
    (line,) = view.lines
    assert "\u202e" not in line
    assert "\x00" not in line
    assert line.count("\n") < 40
    assert len(line) < 1_200
    long = shown(another(1, text="x" * 5_000))
    assert len(long.lines[0]) < 1_200


def test_many_replies_are_left_to_the_page() -> None:
    replies = tuple(replace(scenes.REPLIED, digest=f"{n:R>43}") for n in range(100))
    view = shown(replace(ASKED, replies=replies))
    assert view.lines[1] == "The page in the browser shows all replies."
    assert len(view.lines) == 7


def slots_of(*threads: ReviewThread, ctr: str = "") -> dict[int, OwnSlotView]:
    state = scenes.scene(day=scenes.full_day(), threads=threads)
    view = day_view(state, DiaryChoice(ctr), plain)
    return {
        slot.begin_s: slot
        for row in view.rows
        if isinstance(row, HourView)
        for slot in row.slots
        if slot is not None
    }


def test_the_slots_of_a_question_are_marked_until_it_is_answered() -> None:
    marked = slots_of(ASKED)
    for slot in scenes.ASKED.slots:
        assert (marked[slot].word, marked[slot].tone) == ("Question", "attention")
        assert "Question" in marked[slot].spoken
    assert marked[scenes.at(9, 0)].word != "Question"
    after = slots_of(replace(ASKED, replies=(scenes.REPLIED,)))
    assert after[SLOT].word != "Question"


def test_a_question_about_time_of_another_computer_has_a_slot() -> None:
    thread = ReviewThread(scenes.AWAY_ASKED)
    slot = slots_of(thread)[scenes.at(11, 10)]
    assert (slot.text, slot.word) == ("Other computer", "Question")
    assert scenes.at(11, 10) not in slots_of(thread, ctr=scenes.ACME.ctr)
    state = scenes.scene(day=scenes.full_day(), threads=(thread,))
    view = day_view(state, DiaryChoice(slot=scenes.at(11, 10)), plain)
    assert view.panel is not None
    assert (view.panel.sent, view.panel.can_edit) == ("Recorded on another computer", False)
    assert view.question is not None
    assert view.question.key == scenes.AWAY_ASKED.digest


def test_a_question_of_another_day_is_on_that_day_only() -> None:
    past: StoredEntry = replace(scenes.ASKED, slots=(SLOT - DAY,))
    assert SLOT - DAY not in slots_of(ReviewThread(past))


def test_each_new_question_is_announced_once_without_its_text() -> None:
    state = scenes.scene(threads=(ASKED,))
    found = question_notification(state, set(), plain)
    assert found is not None
    assert (found.title, found.body) == (
        "A client has a question", "Acme asks about Tue 09:20–09:40",
    )  # fmt: skip
    assert [(each.action, each.label) for each in found.buttons] == [("answer", "Answer")]
    assert found.stays
    assert "address" not in found.body
    assert found.key in {view.key for view in attention(state, plain)}
    assert question_notification(state, {scenes.ASKED.digest}, plain) is None
    many = scenes.scene(threads=tuple(another(n) for n in range(9)))
    found = question_notification(many, set(), plain)
    assert found is not None
    assert found.body == "9 new questions"
    assert found.key in {view.key for view in attention(many, plain)}
