"""Pictures of the tray's menu, the window, the toast and the pages, from sample states.

`python -m tests.ui.render FOLDER [LANGUAGE]` writes them for review, `tests/ui/golden.py` in all
variants; `render` is for a program with a QApplication. Needs no screen.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import scenes
from tracker.model.status import Notice
from tracker.quiet.interface import QuietReason
from ui.presenters.app_state import AppState, JoinedMarketplace, StartupPhase
from ui.presenters.consent import consent_view
from ui.presenters.diagnostics import diagnostics_view
from ui.presenters.first_run import FirstRunState, Step, Work, check_lines, first_run_view
from ui.presenters.idle_question import idle_view
from ui.presenters.main_window import contract_choices, switch_view, window_view
from ui.presenters.marketplaces import leave_question, marketplaces_view
from ui.presenters.own_diary.choice import ContractEntry, DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.pictures import review_view, toast_view
from ui.presenters.settings.data import (
    covers_text,
    delete_question,
    pending_lines,
    space_text,
    unsent_question,
)
from ui.presenters.settings.network import file_text, result_text
from ui.presenters.settings.support import failed_text, summary_text
from ui.presenters.tray import tray_view
from ui.qt.theme import DARK, LIGHT, Theme
from ui.qt.translation import install_translation, translate
from ui.settings.policy.policy import Policy, PolicyProblem
from ui.settings.settings import (
    AUTHORITY,
    BLUR,
    COUNT_INPUT,
    LANGUAGE,
    MARKETPLACE,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    MINIMUM_REVIEW,
    NETWORK,
    PROXY,
    PROXY_SCRIPT,
    PROXY_USER,
    REMIND_AT,
    SCREENS,
    SHOWN_APPLICATIONS,
    SHOWN_WINDOWS,
    START_AT_LOGIN,
    Settings,
)
from ui.windows.address import AddressWindow
from ui.windows.consent import ConsentWindow
from ui.windows.diagnostics import DiagnosticsWindow
from ui.windows.dialogs import ask, ask_to_quit
from ui.windows.first_run import FirstRunWindow
from ui.windows.idle_question import IdleQuestion
from ui.windows.main_window import MainWindow
from ui.windows.own_diary.manual_time import ManualTimeDialog
from ui.windows.own_diary.window import DiaryWindow
from ui.windows.picture_review import PictureReviewWindow
from ui.windows.settings.window import SettingsWindow
from ui.windows.support import SupportWindow
from ui.windows.toast import Toast
from ui.windows.tray import Tray
from uploader.account.local_data import LocalData, Unsent
from uploader.api.connection_test import ConnectionResult
from uploader.store.reviews.entries import ReviewThread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.model.status import NoticeCode, PictureStatus
    from ui.presenters.pictures import ReviewView


def grab(widget: QWidget, *, settle: bool = True) -> QImage:
    """The widget as it looks, laid out but not shown."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.show()
    if settle:
        QApplication.processEvents()
    if isinstance(widget, DiaryWindow):
        # The first drawing of a thumbnail requests it.
        widget.grab()
        QApplication.processEvents()
    ratio = widget.devicePixelRatioF()
    image = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image)
    return image


#: Two marketplaces where this computer is signed in.
MARKETPLACES = (
    JoinedMarketplace("work.example.org", "https://work.example.org"),
    JoinedMarketplace("diary.harbour-lines.example", "https://diary.harbour-lines.example", 3),
)


def window_scenes() -> dict[str, AppState]:
    """Each state of the window."""
    recording = scenes.RECORDING
    unmeasured = replace(
        recording,
        minutes=("unmeasured",) * 6 + ("none",) * 4,
        input="unavailable",
        picture=None,
        picture_reason="unavailable",
    )

    def with_notice(code: NoticeCode, **params: int) -> AppState:
        return scenes.stopped(notices=(Notice(code, params),))

    return {
        "recording": scenes.scene(),
        "review": scenes.reviewing(),
        "held": scenes.held(),
        "stopped": scenes.stopped(),
        "first": replace(
            scenes.stopped(),
            status=None,
            upload=None,
            memo="",
            known_memos={},
            chosen=scenes.ACME.ctr,
        ),
        "no-contract": AppState(now_ms=scenes.at(9, 3) * 1000, contracts=(), zone=UTC),
        "starting": scenes.stopped(
            status=replace(recording, state="starting", session_s=0, minutes=("none",) * 10)
        ),
        "idle": scenes.scene(status=replace(recording, state="idle")),
        "paused": scenes.scene(
            status=replace(recording, state="paused", since_ms=scenes.at(15, 13) * 1000)
        ),
        "unmeasured": scenes.scene(status=unmeasured),
        "over-limit": scenes.over_limit(),
        "several": scenes.scene(
            status=scenes.AWAY,
            notices=(Notice("limit_near", {"percent": 95, "used_s": 102_700, "limit_s": 108_000}),),
            upload=scenes.upload(problem="split_view"),
        ),
        "many-contracts": scenes.stopped(contracts=scenes.many_contracts(9)),
        "near-limit": scenes.scene(status=replace(recording, week_s=int(28.7 * 3600))),
        "offline": scenes.scene(upload=scenes.upload(waiting=3, offline=True)),
        "keyring": replace(
            scenes.stopped(), status=None, phase=StartupPhase.KEYRING, contracts=(), chosen=None
        ),
        "failed": replace(
            scenes.stopped(),
            status=None,
            phase=StartupPhase.FAILED,
            problem="keyring_absent",
            contracts=(),
            chosen=None,
        ),
        "ended-idle": with_notice("ended_idle", at_ms=scenes.at(15, 2) * 1000),
        "idle-question": scenes.scene(status=scenes.AWAY, notices=scenes.AWAY.notices),
        "limit": with_notice("limit_near", percent=95, used_s=28 * 3600 + 1900, limit_s=30 * 3600),
        "deleted": scenes.scene(
            status=replace(recording, picture=scenes.picture(state="deleted", thumb=b""))
        ),
        "demo": scenes.scene(demo=True, status=replace(recording, speed=60)),
        "marketplaces": scenes.stopped(site=MARKETPLACES[0].url, marketplaces=MARKETPLACES),
        "question": scenes.scene(threads=(ReviewThread(scenes.ASKED),)),
        "questions": scenes.scene(
            threads=tuple(ReviewThread(replace(scenes.ASKED, digest=f"{n:Q>43}")) for n in range(4))
        ),
        "update": scenes.stopped(update_ready="1.10.0rc1"),
        "marketplaces-demo": scenes.scene(
            site=MARKETPLACES[1].url, marketplaces=MARKETPLACES, demo=True
        ),
    }


def first_run_scenes() -> dict[str, FirstRunState]:
    """Each page of the first start."""
    address = "https://work.example.org"
    found = FirstRunState(text=address, found="work.example.org")
    joined = replace(found, step=Step.RECORDED, account="Ana Ruiz", marketplace="work.example.org")
    return {
        "empty": FirstRunState(),
        "found": found,
        "lost": FirstRunState(text=address, address_problem="offline"),
        "browser": replace(found, work=Work.BROWSER, link="https://work.example.org/x"),
        "code": replace(found, codes=True, problem="code_invalid"),
        "joining": replace(found, work=Work.JOINING, problem="server_busy"),
        "proxy": replace(found, work=Work.JOINING, problem="proxy_sign_in"),
        "recorded": replace(joined, has_contract=True),
        "no-contract": joined,
        "check": replace(joined, step=Step.CHECK),
        "added": FirstRunState(back="https://diary.example"),
        "locked": replace(found, locked=True, organisation="Acme IT"),
        "unreached": FirstRunState(
            text=address,
            work=Work.OPENING,
            problem="offline",
            locked=True,
            organisation="Acme IT",
        ),
    }


def first_run(theme: Theme, state: FirstRunState) -> FirstRunWindow:
    """The window of the first start."""
    window = FirstRunWindow(theme, state.text)
    window.show_view(first_run_view(state, translate), state.link)
    if state.step is Step.CHECK:
        window.show_checks(check_lines(scenes.DIAGNOSES, translate))
        window.show_picture(scenes.picture().thumb, "")
    return window


def diary_windows(theme: Theme, *, resized: bool = True) -> dict[str, DiaryWindow]:
    """The own diary in each state; unless `resized`, at the size in which it opens."""
    day = scenes.full_day()
    sending = ReviewThread(scenes.ASKED, answers=(scenes.UNSENT_ANSWER,))
    refused = replace(scenes.UNSENT_ANSWER, refused="too_often")
    threads = {
        "question": (ReviewThread(scenes.ASKED), ReviewThread(scenes.DISPUTED)),
        "question-page": (ReviewThread(scenes.ASKED),),
        "answer-sending": (sending,),
        "answer-offline": (sending,),
        "answer-refused": (ReviewThread(scenes.ASKED, answers=(refused,)),),
        "answer-sent": (
            ReviewThread(scenes.ASKED, (scenes.REPLIED,)),
            ReviewThread(replace(scenes.ASKED, digest="R" * 43, text="And this?")),
        ),
        "question-elsewhere": (ReviewThread(scenes.AWAY_ASKED),),
    }
    moments = {
        "full": (
            scenes.scene(day=scenes.full_day()),
            DiaryChoice(slot=scenes.at(9, 20), views={scenes.entry(2).hash: scenes.VIEWS}),
        ),
        "running": (scenes.scene(day=scenes.full_day()), DiaryChoice()),
        "parts": (scenes.scene(day=scenes.full_day()), DiaryChoice(slot=scenes.at(12, 30), part=1)),
        "manual": (scenes.scene(day=scenes.full_day()), DiaryChoice(slot=scenes.at(10, 30))),
        "undo": (
            scenes.scene(day=scenes.full_day()),
            DiaryChoice(scenes.ACME.ctr, scenes.at(9, 0), undo_s={scenes.entry(0).hash: 8}),
        ),
        "empty": (scenes.stopped(day=scenes.full_day(entries=())), DiaryChoice()),
        "narrow": (scenes.scene(day=scenes.full_day()), DiaryChoice(slot=scenes.at(9, 20))),
        "page": (scenes.scene(day=scenes.full_day()), DiaryChoice(slot=scenes.at(9, 20))),
        **{
            name: (
                scenes.scene(
                    day=day,
                    threads=found,
                    upload=scenes.upload(offline=name == "answer-offline"),
                ),
                DiaryChoice(slot=found[0].first.slots[0], question=found[0].first.digest),
            )
            for name, found in threads.items()
        },
    }
    made = {}
    for name, (moment, choice) in moments.items():
        made[name] = window = DiaryWindow(theme)
        window.show_view(day_view(moment, choice, translate), choice.part)
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
        narrow = name in {"narrow", "page", "question-page"}
        if resized:
            window.resize(*((720, 560) if narrow else (1000, 700)))
        if name in {"page", "question-page"}:
            window.grid.opened.emit()
        window.thumbnails.wanted.connect(partial(_add_thumbnails, window))
    return made


def manual_dialogs(theme: Theme) -> dict[str, ManualTimeDialog]:
    """The dialog for manual time, at its beginning and with a complete entry."""
    contracts = tuple(ContractEntry(c.ctr, c.title, c.client) for c in scenes.CONTRACTS)
    made = {}
    day = datetime.fromtimestamp(scenes.DAY, UTC).date()
    for name in ("begin", "complete"):
        made[name] = dialog = ManualTimeDialog(theme, contracts, UTC, lambda: scenes.at(15, 14))
        dialog.begin_entry(scenes.ACME.ctr, day, day, scenes.MEMOS[0])
        if name == "complete":
            dialog.reason.insert("Call with Li, away from the computer")
    return made


def _add_thumbnails(window: DiaryWindow, names: tuple[str, ...]) -> None:
    image = QImage.fromData(scenes.screenshot())
    window.thumbnails.add(dict.fromkeys(names, (image, image.scaledToWidth(200))))


#: Heights at which the parts of the window collapse.
HEIGHTS = (560, 520, 440, 400, 380)


def review_windows(theme: Theme) -> dict[str, PictureReviewWindow]:
    """The review window in each state."""
    held = replace(scenes.in_review(), review_until_ms=None)
    kept = replace(scenes.in_review(), review_until_ms=None, state="kept")
    moments = {
        "held": scenes.scene(status=replace(scenes.RECORDING, picture=held)),
        "covered": scenes.scene(status=replace(scenes.RECORDING, picture=held)),
        "kept": scenes.scene(status=replace(scenes.RECORDING, picture=kept)),
        "saved": scenes.scene(),
        "deleted": scenes.deleted(),
    }
    made = {}
    for name, moment in moments.items():
        assert moment.status is not None
        assert moment.status.picture is not None
        made[name] = window = PictureReviewWindow(
            theme, partial(_view, moment, moment.status.picture)
        )
        window.begin("p1")
        grab(window)
        if name != "saved":
            window.show_image(QImage.fromData(scenes.screenshot(1920, 1080)))
        if name == "covered":
            window.canvas.add_area()
            window.canvas.add_area()
            QTest.keyClick(window.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
            for _ in range(40):
                QTest.keyClick(window.canvas, Qt.Key.Key_Left)
                QTest.keyClick(window.canvas, Qt.Key.Key_Up)
    return made


#: The settings by the administrator of a company's computer.
POLICY = Policy(
    {
        COUNT_INPUT.name: False,
        LANGUAGE.name: "ar",
        SCREENS.name: "pointer",
        MASKED_APPLICATIONS.name: ("KeePassXC", "Bitwarden"),
        NETWORK.name: "manual",
        PROXY.name: "http://proxy.acme.example:3128",
        AUTHORITY.name: "/etc/ssl/acme-root.pem",
        MARKETPLACE.name: "https://work.example.org",
        MINIMUM_REVIEW.name: 60,
        START_AT_LOGIN.name: True,
    },
    "Acme IT",
    "/etc/workdiary/policy.json",
)


def settings_windows(theme: Theme, *, resized: bool = True) -> dict[str, SettingsWindow]:
    """Each section of the settings, and the settings of a company's computer."""
    settings = Settings().changed(MASKED_APPLICATIONS, ("KeePassXC", "Signal"))
    settings = settings.changed(MASKED_REGIONS, ("1920,0 640x480",))
    settings = settings.changed(REMIND_AT, ("09:00", "13:30")).changed(SHOWN_WINDOWS, "listed")
    settings = settings.changed(SHOWN_APPLICATIONS, ("Code", "XTerm")).changed(BLUR, "medium")
    made = {}

    def add(name: str, settings: Settings, row: int) -> SettingsWindow:
        made[name] = window = SettingsWindow(theme, settings)
        window.offer(("Firefox", "Inkscape"))
        window.offer_contracts(contract_choices(scenes.CONTRACTS))
        window.show_login_item(False, "", changed=False)
        window.list.setCurrentRow(row)
        return window

    names = (
        "recording", "privacy", "reminders", "appearance", "marketplaces", "network", "data",
        "computer",
    )  # fmt: skip
    for row, name in enumerate(names):
        add(name, settings, row)
    if resized:
        add("privacy-whole", settings, 1).resize(900, 1250)
    manual = settings.changed(NETWORK, "manual").changed(PROXY, "http://proxy.acme.example:3128")
    add("network-manual", manual.changed(PROXY_USER, "ana"), names.index("network"))
    if resized:
        made["network-manual"].resize(720, 760)
    made["network-manual"].network.show_file_problem(file_text("private_key", translate))
    made["network-manual"].network.show_result(
        result_text(ConnectionResult("tls_failed"), translate), attention=True
    )
    script = settings.changed(NETWORK, "pac")
    script = script.changed(PROXY_SCRIPT, "http://proxy.acme.example/proxy.pac")
    add("network-script", script, names.index("network")).network.show_result(
        result_text(ConnectionResult(name=scenes.AUD), translate), attention=False
    )
    unsent = Unsent(segments=42, changes=1, size=18_300_000, refused=2, seconds=25_320)
    both = {"work.example.org": unsent, "diary.harbour-lines.example": Unsent()}
    made["data"].data.show_data(
        "/home/ana/.local/state/workdiary",
        space_text(1_234_000_000, translate),
        pending_lines(LocalData(0, unsent, both), translate),
        covers_text("work.example.org", translate),
    )
    several = scenes.stopped(site=MARKETPLACES[0].url, marketplaces=MARKETPLACES)
    made["marketplaces"].marketplaces.show_view(marketplaces_view(several, translate))
    refusal = translate("Data", "Stop the recording first.")
    made["data"].show_outcome(refusal, attention=True)
    made["privacy"].recording.changed.emit(SCREENS, "pointer")
    made["privacy"].show_saved()
    for name in ("recording", "privacy", "appearance", "network", "marketplaces", "computer"):
        locked = add(f"{name}-locked", replace(settings, policy=POLICY), names.index(name))
        locked.recording.show_shortcut("taken")
    one = settings.changed_for(scenes.ACME.ctr, MASKED_APPLICATIONS, ("Thunderbird",))
    contract = add("privacy-contract", one, 1)
    if resized:
        contract.resize(900, 1250)
    made["privacy-contract"].privacy.contract_box.setCurrentIndex(1)
    made["privacy-contract"].privacy.contract_box.activated.emit(1)
    if resized:
        add("low", settings, 1).resize(640, 400)
        made["low"].show_saved("No space left on device")
    problem = PolicyProblem(POLICY.place, "malformed")
    policy = replace(POLICY, withholds=True, unreadable=True, problems=(problem,))
    unread = frozenset({MASKED_REGIONS.name})
    add("unread", replace(settings, policy=policy, unread=unread), 1)
    return made


def support_windows() -> dict[str, SupportWindow]:
    """The report for support while it is collected, shown, and after it could not be saved."""
    log = '{"at": "2026-11-17T15:14:08.000+00:00", "level": "INFO", "from": "ui.app"}\n'
    files = (
        ("about.json", '{\n  "schema": 1,\n  "workdiary": "0.1.0"\n}\n'),
        ("checks.json", "[]\n"),
        ("settings.json", "{}\n"),
        ("pending.json", "[]\n"),
        ("logs/workdiary.log", log * 40),
    )
    made = {name: SupportWindow() for name in ("collecting", "shown", "failed")}
    for name, row in (("shown", 4), ("failed", 0)):
        made[name].show_files(files)
        made[name].list.setCurrentRow(row)
    made["shown"].show_outcome(summary_text(len(files), 18_300, translate))
    made["failed"].show_outcome(failed_text("Permission denied", translate), attention=True)
    return made


def _view(moment: AppState, picture: PictureStatus, areas: int) -> ReviewView:
    return review_view(moment, picture, areas, translate)


def windows(theme: Theme, *, resized: bool = True) -> Iterator[tuple[str, QWidget]]:
    """Each window in each state, with its name; each is deleted after its use. Unless `resized`,
    all have the size in which they open.
    """
    for made in (
        main_windows(theme, HEIGHTS if resized else ()),
        ((f"first-run-{name}", first_run(theme, s)) for name, s in first_run_scenes().items()),
        toasts(theme),
        _named("review", review_windows(theme)),
        _named("diary", diary_windows(theme, resized=resized)),
        _named("settings", settings_windows(theme, resized=resized)),
        _named("support", support_windows()),
        _named("manual", manual_dialogs(theme)),
        questions(theme),
    ):
        for name, window in made:
            yield name, window
            window.deleteLater()


def _named(kind: str, made: Mapping[str, QWidget]) -> Iterator[tuple[str, QWidget]]:
    return ((f"{kind}-{name}", window) for name, window in made.items())


def main_windows(theme: Theme, heights: tuple[int, ...] = HEIGHTS) -> Iterator[tuple[str, QWidget]]:
    """The main window in each state, and at each height."""
    moments = window_scenes()
    for name, moment in moments.items():
        window = MainWindow(theme)
        window.set_memo(moment.memo)
        window.show_view(window_view(moment, translate), moment.memos)
        yield f"window-{name}", window
    for height in heights:
        for name in ("review", "several", "stopped"):
            window = MainWindow(theme)
            window.show_view(window_view(moments[name], translate), scenes.MEMOS)
            window.fit(height)
            yield f"low-{name}-{height}", window


def toasts(theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """The toast in each state."""
    for name, shown, hidden in (
        ("toast", scenes.reviewing(), ""),
        ("toast-held", scenes.held(), ""),
        ("toast-quiet", scenes.reviewing(), QuietReason.SHARED),
        ("toast-undo", scenes.deleted(), ""),
    ):
        toast = Toast(theme, partial(toast_view, shown, translate, hidden))
        toast.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        toast.refresh()
        yield name, toast


def questions(theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """The questions, the consent page, and the windows with the checks and with an address."""
    yield "idle", IdleQuestion(theme, idle_view(scenes.IDLE, "Acme", UTC, translate))
    terms = scenes.ACME.terms
    view = consent_view(terms, "Acme", "market.example", False, translate, starts=True)
    yield "consent", ConsentWindow(theme, view)
    local = LocalData(1_234_000_000, Unsent(3, 1, 2_400_000, 0, 8040, 1))
    first = delete_question("market.example", local, translate, signed_in=True)
    yield "delete-data", ask(first, danger=True)
    yield "delete-unsent", ask(unsent_question(local.unsent, translate), danger=True)
    yield "quit", ask_to_quit(3)
    yield "quit-unsaved", ask_to_quit(3, unsaved=True)
    yield "switch", ask(switch_view(scenes.HARBOUR, scenes.ACME, translate), danger=False)
    leaving = leave_question(MARKETPLACES[1].aud, MARKETPLACES[0].aud, translate)
    yield "leave", ask(leaving, danger=False)
    yield "address", AddressWindow("https://work.example.org/contracts")
    checks = DiagnosticsWindow(theme)
    checks.show_view(diagnostics_view(scenes.DIAGNOSES, translate))
    yield "checks", checks


def menu() -> Tray:
    """The tray with its menu laid out, with several marketplaces."""
    tray = Tray()
    state = scenes.reviewing()
    state = replace(state, site=MARKETPLACES[0].url, marketplaces=MARKETPLACES)
    tray.show_view(tray_view(state, translate))
    tray.menu.adjustSize()
    return tray


def render(folder: Path, theme: Theme) -> list[Path]:
    """Write all pictures into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []

    def save(image: QImage, name: str) -> None:
        made.append(folder / f"{name}.png")
        image.save(str(made[-1]))

    for scheme in (LIGHT, DARK):
        theme.choose(scheme)
        for name, window in windows(theme):
            save(grab(window), f"{name}-{scheme}")
        tray = menu()
        save(grab(tray.menu), f"menu-{scheme}")
    return made


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    folder = Path(sys.argv[1])
    install_translation(app, QLocale(sys.argv[2] if len(sys.argv) > 2 else "en"))
    render(folder, Theme(app))
    return 0


if __name__ == "__main__":
    sys.exit(main())
