"""The texts of the window, the tray and the toast in each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.day_bounds import day_bounds
from tests.ui import scenes
from tests.ui.scenes import ACME, RECORDING, at, scene, stopped, upload
from tracker.model.activity import MinuteState
from tracker.model.status import IdleTime, Notice
from ui.presenters.app_state import AppState, StartupPhase
from ui.presenters.formatting import Line, hours, plain, span, stopwatch, substitute
from ui.presenters.idle_question import idle_view
from ui.presenters.main_window import StateShape, window_view
from ui.presenters.notices import Action, NoticeView, notice_view
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.pictures import picture_view, toast_view
from ui.presenters.tray import icon, tooltip, tray_view
from ui.qt import translation
from uploader.errors import Problem
from uploader.store.local_diary import LocalDay

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("seconds", "short", "long", "spoken"),
    [
        (0, "0:00", "0:00:00", "0 s"),
        (59, "0:00", "0:00:59", "59 s"),
        (60, "0:01", "0:01:00", "1 min"),
        (2 * 3600 + 14 * 60 + 59, "2:14", "2:14:59", "2 h 14 min"),
        (3600, "1:00", "1:00:00", "1 h"),
        (100 * 3600, "100:00", "100:00:00", "100 h"),
        (-5, "0:00", "0:00:00", "0 s"),
    ],
)
def test_times_are_written_in_one_way_and_never_rounded_up(
    seconds: int, short: str, long: str, spoken: str
) -> None:
    assert hours(seconds) == short
    assert stopwatch(seconds) == long
    assert span(seconds, plain).replace(NBSP, " ") == spoken


def test_a_misspelt_field_of_a_translation_stays_visible() -> None:
    assert substitute("{tiem} {time}", time="2:14") == "{tiem} 2:14"


@given(st.text(alphabet="ab{}ctr ", max_size=12))
def test_a_substituted_text_is_never_substituted_again(value: str) -> None:
    assert substitute("<{a}>", a=value, ctr="X") == f"<{value}>"


def notice_of(state: AppState) -> NoticeView | None:
    """The first notice of the window."""
    return next(iter(window_view(state, plain).attention), None)


WINDOW: list[tuple[str, AppState, dict[str, Any]]] = [
    (
        "recording",
        scene(),
        {
            "clock": "1:12:08",
            "aside": "Recording\nsince 14:02",
            "line": Line("", "Protected:", " memo, activity", "shield"),
            "button": "&Stop",
            "starts": False,
            "pause": "&Pause",
            "resumes": False,
            "today": Line("Today ", "2:14"),
            "week": Line("Week ", "18:40", " of 30:00"),
            "slot_title": "Current ten minutes",
            "slot_span": "15:10–15:20",
            "offers_memos": False,
            "status_text": "All sent",
            "offline": False,
            "banner": "",
            "attention": (),
            "contract": 0,
            "mark": StateShape.DISC,
        },
    ),
    (
        "stopped",
        stopped(),
        {
            "clock": "0:00:00",
            "button": "&Start",
            "starts": True,
            "pause": "",
            "aside": "Not recording",
            "line": Line(after="Ready to start", icon="check", tone="muted"),
            "offers_memos": True,
            "mark": StateShape.RING,
        },
    ),
    (
        "stopped with a picture under review",
        stopped(status=replace(RECORDING, state="stopped", picture=scenes.in_review())),
        {"offers_memos": False, "starts": True},
    ),
    (
        "paused by the person",
        scene(status=replace(RECORDING, state="paused", since_ms=at(15, 13) * 1000)),
        {
            "clock": "1:12:08",
            "aside": "Paused at 15:13,\ntime does not count",
            "button": "&Stop",
            "button_enabled": True,
            "starts": False,
            "pause": "&Resume",
            "resumes": True,
            "line": Line(after="Nothing is recorded until you resume", icon="pause"),
            "offers_memos": False,
            "mark": StateShape.BARS,
            "contract": 0,
        },
    ),
    (
        "a memo is missing",
        stopped(memo="  "),
        {
            "button_enabled": True,
            "line": Line(after="Write a memo, then press Start", icon="attention", tone="muted"),
        },
    ),
    (
        "no contract",
        stopped(contracts=(), chosen=None),
        {
            "button_enabled": False,
            "contract": -1,
            "contract_hint": "No contract yet",
            "line": Line(
                after="Accept a contract at the marketplace first", icon="attention", tone="muted"
            ),
            "today": Line("Today ", "0:00"),
            "week": Line("Week ", "0:00"),
            "week_share": None,
        },
    ),
    (
        "starting",
        scene(status=replace(RECORDING, state="starting", session_s=0)),
        {
            "button": "&Cancel",
            "button_enabled": True,
            "aside": "Starting",
            "starts": False,
            "pause": "",
        },
    ),
    (
        "ended by idle time",
        scene(status=replace(RECORDING, state="idle")),
        {
            "button": "&Start",
            "clock": "1:12:08",
            "mark": StateShape.BARS,
            "aside": "No input,\ntime does not count",
            "line": Line(
                after="Nothing is recorded until you start again", icon="pause", tone="attention"
            ),
        },
    ),
    (
        "no limit",
        scene(status=replace(RECORDING, limit_s=None)),
        {"week": Line("Week ", "18:40"), "week_share": None},
    ),
    (
        "near the limit",
        scene(status=replace(RECORDING, week_s=28 * 3600 + 42 * 60)),
        {"week": Line("Week ", "28:42", " of 30:00, 1:18 left"), "week_attention": True},
    ),
    (
        "over the limit",
        scene(status=replace(RECORDING, week_s=31 * 3600)),
        {"week": Line("Week ", "31:00", " of 30:00, 0:00 left"), "week_share": 1.0},
    ),
    (
        "a limit of nothing",
        scene(status=replace(RECORDING, limit_s=0)),
        {"week": Line("Week ", "18:40", " of 0:00, 0:00 left"), "week_share": 1.0},
    ),
    (
        "another contract is chosen after a run",
        stopped(chosen=scenes.HARBOUR.ctr),
        {"contract": 1, "week": Line("Week ", "0:00"), "week_share": None},
    ),
    (
        "another contract is chosen while one runs",
        scene(chosen=scenes.HARBOUR.ctr),
        {"contract": 0},
    ),
    (
        "opening",
        stopped(status=None, phase=StartupPhase.OPENING),
        {
            "line": Line(after="Opening the diary", icon="keyring", tone="muted"),
            "button_enabled": False,
        },
    ),
    (
        "the keyring waits",
        stopped(status=None, phase=StartupPhase.KEYRING),
        {
            "line": Line(
                after="Waiting for the keyring. Is its dialog open?",
                icon="keyring",
                tone="attention",
            )
        },
    ),
    (
        "joining",
        stopped(phase=StartupPhase.SIGNING_IN),
        {"line": Line(after="Joining the marketplace", icon="keyring", tone="muted")},
    ),
    ("nothing sent yet", stopped(upload=None), {"status_text": "Nothing to send yet"}),
    ("new", stopped(upload=upload(last_ok_ms=None)), {"status_text": "Nothing to send yet"}),
    (
        "waiting",
        scene(upload=upload(waiting=3)),
        {"status_text": "3 waiting, safe on this computer"},
    ),
    (
        "waiting to be sealed",
        scene(status=replace(RECORDING, unsealed=2)),
        {"status_text": "2 waiting, safe on this computer"},
    ),
    (
        "waiting to be sealed and to be sent",
        scene(status=replace(RECORDING, unsealed=2), upload=upload(waiting=1)),
        {"status_text": "3 waiting, safe on this computer"},
    ),
    (
        "waiting to be sealed, and nothing was ever sent",
        stopped(status=replace(RECORDING, state="stopped", unsealed=1), upload=None),
        {"status_text": "1 waiting, safe on this computer"},
    ),
    (
        "in memory only",
        scene(status=replace(RECORDING, unsealed=1, in_memory=True), upload=upload(offline=True)),
        {"status_text": "1 waiting, some not on disk yet"},
    ),
    (
        "offline and waiting to be sealed",
        scene(status=replace(RECORDING, unsealed=1), upload=upload(offline=True)),
        {"status_text": "Offline, 1 safe here"},
    ),
    (
        "offline",
        scene(upload=upload(waiting=3, offline=True, problem="offline")),
        {"status_text": "Offline, 3 safe here", "offline": True, "attention": ()},
    ),
    (
        "offline with nothing to send",
        scene(upload=upload(offline=True)),
        {"status_text": "Offline, all sent"},
    ),
    (
        "receipts that the present log has not confirmed",
        scene(upload=upload(confirmed=False)),
        {"status_text": "Sent, not yet confirmed"},
    ),
    (
        "refused by the marketplace",
        scene(upload=upload(refused=1, damaged=1)),
        {"status_text": "All sent · 2 set aside"},
    ),
    (
        "demonstration",
        scene(demo=True, status=replace(RECORDING, speed=60)),
        {"banner": "Demo at 60x speed. Nothing is billed."},
    ),
    (
        "demonstration in real time",
        scene(demo=True),
        {"banner": "Demo. Nothing is billed."},
    ),
]


@pytest.mark.parametrize(
    ("moment", "expected"), [row[1:] for row in WINDOW], ids=[r[0] for r in WINDOW]
)
def test_the_window_shows(moment: AppState, expected: dict[str, Any]) -> None:
    view = window_view(moment, plain)
    assert {name: getattr(view, name) for name in expected} == expected


def test_minutes_are_texts_as_well_as_bars() -> None:
    minutes: tuple[MinuteState, ...] = (
        "active", "active", "active", "active", "quiet", "unmeasured",
        "none", "none", "none", "none",
    )  # fmt: skip
    view = window_view(scene(status=replace(RECORDING, minutes=minutes)), plain)
    assert view.minutes == minutes
    assert view.minutes_spoken == (
        "Minutes: 4 active, 1 without input, 1 not measured, 4 not recorded"
    )


NOTICES = [
    (Notice("ended_idle", {"at_ms": at(15, 2) * 1000}), "no input since 15:02", Action.START),
    (Notice("given_back", {"seconds": 480}), "8 min of paid time removed", Action.DISMISS),
    (
        Notice("limit_near", {"percent": 95, "used_s": 28 * 3600 + 1800, "limit_s": 30 * 3600}),
        "95 % of this week's limit is used: 28:30 of 30:00",
        Action.DISMISS,
    ),
    (Notice("terms_not_yet", {"from_s": at(20, 0)}), "2026-11-17 20:00", Action.DISMISS),
    (Notice("memo_too_long", {"limit": 500}), "500 characters", Action.MEMO),
]


@pytest.mark.parametrize(("notice", "part", "action"), NOTICES, ids=[n[0].code for n in NOTICES])
def test_a_notice_fills_in_its_numbers_and_offers_one_action(
    notice: Notice, part: str, action: Action
) -> None:
    view = notice_of(stopped(notices=(notice,)))
    assert view is not None
    assert part in view.text.replace(NBSP, " ")
    assert view.action is action


def test_what_keeps_the_program_from_starting_comes_before_everything() -> None:
    moment = stopped(
        problem="keyring_absent",
        notices=(Notice("recovered", {"seconds": 60}),),
        phase=StartupPhase.FAILED,
    )
    view = notice_of(moment)
    assert view is not None
    assert view.action is Action.RETRY
    assert view.urgent


PROTECTION: list[tuple[str, dict[str, Any], str]] = [
    ("all is there", {"picture": scenes.in_review()}, "Protected: memo, activity, picture"),
    ("no picture yet", {}, "Protected: memo, activity"),
    (
        "a deleted picture",
        {"picture": replace(scenes.in_review(), state="deleted")},
        "Protected: memo, activity",
    ),
    ("seconds only", {"input": "active-only"}, "Protected: memo, activity"),
    ("no lawful picture", {"picture_reason": "ended"}, "Protected: memo, activity"),
    ("no memo", {"memo": " "}, "No memo yet: slot not protected"),
    ("over the limit", {"week_s": 30 * 3600}, "Over the limit: slot not protected"),
    ("below the limit", {"week_s": 30 * 3600 - 1}, "Protected: memo, activity"),
    ("no input", {"input": "denied"}, "Input not measured: slot not protected"),
    ("no picture", {"picture_reason": "masked"}, "No picture: slot not protected"),
    (
        "the first one that fails",
        {"memo": "", "week_s": 30 * 3600, "input": "denied", "picture_reason": "error"},
        "No memo yet: slot not protected",
    ),
    (
        "the second one that fails",
        {"week_s": 30 * 3600, "input": "denied", "picture_reason": "error"},
        "Over the limit: slot not protected",
    ),
    (
        "the third one that fails",
        {"input": "unavailable", "picture_reason": "error"},
        "Input not measured: slot not protected",
    ),
]


@pytest.mark.parametrize(
    ("changes", "text"), [row[1:] for row in PROTECTION], ids=[row[0] for row in PROTECTION]
)
def test_the_line_names_the_first_condition_of_protection_that_fails(
    changes: dict[str, Any], text: str
) -> None:
    line = window_view(scene(status=replace(RECORDING, **changes)), plain).line
    assert line.text == text
    assert (line.tone == "attention") is ("not protected" in text)


def test_a_code_without_a_sentence_is_reported_by_its_name() -> None:
    view = notice_of(scene(upload=upload(problem="something_new")))
    assert view is not None
    assert "something_new" in view.text


PICTURES: list[tuple[str, AppState, dict[str, Any]]] = [
    (
        "kept",
        scene(),
        {"title": "Last picture 15:04", "can_keep": False, "can_delete": False, "missing": False},
    ),
    (
        "kept and not sealed yet",
        scene(status=replace(RECORDING, picture=scenes.picture(removes_s=480))),
        {
            "can_keep": False,
            "can_delete": True,
            "delete_hint": "Deleting removes 8 min of paid time",
        },
    ),
    (
        "under review",
        scenes.reviewing(11),
        {
            "title": "Picture 15:14, upload in 11 s",
            "can_keep": True,
            "can_delete": True,
            "delete_hint": "Deleting removes 4 min of paid time",
        },
    ),
    (
        "deleted",
        scene(status=replace(RECORDING, picture=scenes.picture(state="deleted", thumb=b"x"))),
        {"title": "Picture 15:04 deleted", "thumb": b"", "missing": True, "can_delete": False},
    ),
    (
        "none yet",
        scene(status=replace(RECORDING, picture=None)),
        {"empty": "The next picture is taken at a random moment.", "missing": False},
    ),
    (
        "none, and not recording",
        stopped(status=None),
        {"empty": "No picture yet. Press Start to begin."},
    ),
    (
        "failed",
        scene(status=replace(RECORDING, picture=None, picture_reason="denied")),
        {"empty": "No picture: screenshots are blocked.", "missing": True},
    ),
    (
        "the contract wants none",
        scene(
            contracts=(replace(ACME, terms=replace(ACME.terms, shots=0)),),
            status=replace(RECORDING, picture=None),
        ),
        {"empty": "This contract asks for no pictures."},
    ),
]


@pytest.mark.parametrize(
    ("moment", "expected"), [row[1:] for row in PICTURES], ids=[r[0] for r in PICTURES]
)
def test_the_pictures_area_shows(moment: AppState, expected: dict[str, Any]) -> None:
    view = picture_view(moment, plain)
    shown = {name: getattr(view, name) for name in expected}
    assert {
        k: v.replace(NBSP, " ") if isinstance(v, str) else v for k, v in shown.items()
    } == expected


def test_the_toast_counts_down_and_shows_what_deleting_costs() -> None:
    view = toast_view(scenes.reviewing(11), plain)
    assert view is not None
    assert view.title == "Picture taken 15:14"
    assert view.line.replace(NBSP, " ") == "Upload in 11 s"
    assert view.cost.replace(NBSP, " ") == "Deleting removes 4 min of paid time"
    assert (view.keep, view.cover, view.delete, view.undo) == (
        "&Keep", "&Cover …", "&Delete", "",
    )  # fmt: skip
    assert view.share == pytest.approx(11 / 15)


def test_the_toast_of_a_deletion_offers_undo_as_long_as_that_is_possible() -> None:
    view = toast_view(scenes.deleted(8), plain)
    assert view is not None
    assert view.title == "Picture 15:14 deleted"
    assert view.line.replace(NBSP, " ") == "4 min of paid time removed"
    assert view.cost.replace(NBSP, " ") == "You can undo this for 8 s"
    assert (view.keep, view.cover, view.delete, view.undo) == ("", "", "", "&Undo")
    assert view.share == pytest.approx(0.8)
    assert toast_view(scenes.deleted(0), plain) is None
    assert toast_view(scenes.deleted(-1), plain) is None


def test_a_demos_undo_counts_real_seconds() -> None:
    view = toast_view(scenes.deleted(100, speed=20), plain)
    assert view is not None
    assert view.cost.replace(NBSP, " ") == "You can undo this for 5 s"


def test_a_held_toast_shows_that_the_picture_stays() -> None:
    held = replace(scenes.in_review(), review_until_ms=None)
    moment = scene(status=replace(RECORDING, picture=held))
    view = toast_view(moment, plain)
    assert view is not None
    assert (view.line, view.share) == ("Not uploaded while you look", None)
    assert picture_view(moment, plain).title == "Picture 15:14, upload paused"


def test_a_countdown_never_falls_below_zero() -> None:
    late = replace(scenes.reviewing(), now_ms=at(16, 0) * 1000)
    view = toast_view(late, plain)
    assert view is not None
    assert (view.share, view.line.replace(NBSP, " ")) == (0.0, "Upload in 0 s")


@pytest.mark.parametrize("moment", [scene(), stopped(), stopped(status=None)])
def test_there_is_no_toast_without_a_picture_under_review(moment: AppState) -> None:
    assert toast_view(moment, plain) is None


ICONS = [
    (stopped(), "tray-idle"),
    (scene(), "tray-recording"),
    (scene(status=replace(RECORDING, state="idle")), "tray-paused"),
    (scene(status=replace(RECORDING, state="paused")), "tray-paused"),
    (scene(status=replace(RECORDING, state="starting")), "tray-idle"),
    (scene(upload=upload(offline=True, problem="offline")), "tray-recording-offline"),
    (stopped(upload=upload(offline=True)), "tray-idle-offline"),
    (scene(notices=(Notice("disk_full"),)), "tray-recording-attention"),
    (stopped(problem="keyring_absent"), "tray-idle-attention"),
    (scene(upload=upload(problem="sign_in_refused")), "tray-recording-attention"),
]


@pytest.mark.parametrize(("moment", "name"), ICONS, ids=[name for _, name in ICONS])
def test_the_icon_shows_recording_first_and_then_what_needs_attention(
    moment: AppState, name: str
) -> None:
    assert icon(moment) == name


TOOLTIPS = [
    (scene(), "Recording, Acme, 2:14 today"),
    (stopped(), "Not recording, 2:14 today"),
    (scene(status=replace(RECORDING, state="idle")), "Paused, no input, 2:14 today"),
    (scene(status=replace(RECORDING, state="paused")), "Paused, Acme, 2:14 today"),
    (scene(upload=upload(offline=True)), "Recording, Acme, 2:14 today, offline"),
    (scene(demo=True), "Recording, Acme, 2:14 today, demo"),
]


@pytest.mark.parametrize(("moment", "text"), TOOLTIPS, ids=[text for _, text in TOOLTIPS])
def test_the_tooltip_is_the_whole_state_in_one_line(moment: AppState, text: str) -> None:
    assert tooltip(moment, plain) == text


def test_the_menu_offers_what_the_toast_offers_as_long_as_it_does_something() -> None:
    view = tray_view(scenes.reviewing(), plain)
    assert view.keep == "&Keep picture"
    assert view.delete.replace(NBSP, " ") == "Dele&te picture (removes 4 min of paid time)"
    calm = tray_view(scene(), plain)
    assert (calm.keep, calm.delete, calm.picture) == ("", "", "Last picture 15:04 …")


def test_the_menu_of_a_fresh_start_has_no_picture() -> None:
    view = tray_view(stopped(status=None), plain)
    # The submenu also has the entry that hides previews.
    assert (view.picture, view.open_picture) == ("Pictures", "")
    assert (view.today, view.toggle) == ("&Diary, today 0:00", "&Start")


def test_a_contract_without_a_client_is_named_by_its_title() -> None:
    nameless = replace(ACME, client="")
    assert (
        tooltip(scene(contracts=(nameless,)), plain) == "Recording, Acme shop rebuild, 2:14 today"
    )


def test_times_are_shown_in_the_zone_that_is_asked_for() -> None:
    from datetime import timedelta, timezone

    there = scene(zone=timezone(timedelta(hours=-5)))
    assert window_view(there, plain).slot_span == "10:10–10:20"


def test_names_are_never_read_as_fields() -> None:
    odd = replace(ACME, client="{time}")
    assert tooltip(scene(contracts=(odd,)), plain) == "Recording, {time}, 2:14 today"


def test_every_code_of_the_recorder_and_of_the_uploader_has_a_sentence() -> None:
    from typing import get_args

    from tracker.model.status import NoticeCode
    from ui.presenters.notices import _ROWS

    codes = {*get_args(NoticeCode), *(problem.value for problem in Problem)}
    assert [code for code in sorted(codes) if code not in _ROWS] == []


def test_a_problem_of_the_upload_that_was_read_is_not_shown_again() -> None:
    moment = scene(upload=upload(problem="split_view"))
    assert notice_of(moment) is not None
    assert notice_of(replace(moment, dismissed="split_view")) is None


HUGE = [0, 1, -1, 59, 3 * 86_400, 2**31 - 1, 2**31, 2**53 - 1, -(2**53), 2**63, -(2**63), 10**400]


@pytest.mark.parametrize("value", HUGE, ids=lambda value: f"{len(str(value))} digits {value % 97}")
@pytest.mark.usefixtures("qapp")
def test_presenters_show_every_integer(value: int) -> None:
    """A clock may show anything; the window must still be drawn."""
    for translate_text in (plain, translation.translate):
        for name in ("at_ms", "from_s", "seconds", "ahead_s", "off_s", "used_s", "limit_s"):
            for code in ("ended_idle", "terms_not_yet", "given_back", "clock_ahead", "limit_near"):
                assert notice_view(code, {name: value}, translate_text).text
        shown = replace(
            RECORDING,
            since_ms=value,
            session_s=value,
            today_s=value,
            week_s=value,
            limit_s=abs(value),
            slot=value,
            unsealed=abs(value),
            picture=replace(
                scenes.in_review(), taken_ms=value, review_until_ms=value, removes_s=value
            ),
            idle=IdleTime(value, value, value),
            speed=max(1, abs(value)),
        )
        there = replace(
            scene(status=shown, upload=upload(waiting=abs(value), refused=abs(value)), demo=True),
            now_ms=value,
        )
        assert window_view(there, translate_text).line.text
        assert tray_view(there, translate_text).tooltip
        assert toast_view(there, translate_text) is not None
        assert idle_view(IdleTime(value, value, value), "Acme", UTC, translate_text) is not None
        entry = replace(scenes.day().entries[0], t0=value, t1=value + 1)
        day = LocalDay(day_bounds(value), (entry,), value)
        assert day_view(replace(there, day=day), DiaryChoice(), translate_text).title
