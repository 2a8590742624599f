"""The texts about several marketplaces."""

from __future__ import annotations

from dataclasses import replace

from tests.ui import scenes
from ui.presenters.app_state import AppState, JoinedMarketplace, StartupPhase
from ui.presenters.attention import attention
from ui.presenters.formatting import plain
from ui.presenters.main_window import banner
from ui.presenters.marketplaces import choices, leave_question, marketplaces_view
from ui.presenters.notices import Action
from ui.presenters.tray import tooltip, tray_view

A = JoinedMarketplace("a.example", "https://a.example", 3)
B = JoinedMarketplace("b.example", "https://b.example", 2)


def state(*marketplaces: JoinedMarketplace, site: str = A.url, **more: object) -> AppState:
    return replace(scenes.stopped(), site=site, marketplaces=marketplaces, **more)  # type: ignore[arg-type]


def test_a_single_marketplace_has_no_menu_no_banner_and_no_notice() -> None:
    for moment in (state(), state(A)):
        assert choices(moment) == ((), -1)
        assert banner(moment, plain) == ""
        assert "example" not in tooltip(moment, plain)
        assert attention(moment, plain) == ()
        assert tray_view(moment, plain).marketplaces == ()


def test_several_are_in_the_menu_and_the_active_one_is_named() -> None:
    moment = state(A, B)
    view = tray_view(moment, plain)
    assert view.marketplaces == ((A.url, A.aud), (B.url, B.aud))
    assert view.marketplace == 0
    assert banner(moment, plain) == "a.example"
    assert tooltip(moment, plain).endswith("a.example")
    assert "a demo" in banner(replace(moment, demo=True), plain)


def test_a_marketplace_that_is_not_signed_in_can_be_left_for_the_only_one() -> None:
    moment = state(A, site="https://new.example")
    assert choices(moment) == (((A.url, A.aud),), -1)
    assert banner(moment, plain) == ""


def test_work_that_waits_elsewhere_needs_attention_until_it_is_sent() -> None:
    [notice] = attention(state(A, B), plain)
    assert notice.text == "2 entries are waiting for b.example."
    assert (notice.action, notice.key) == (Action.SWITCH, "switch:https://b.example")
    assert not notice.urgent
    assert attention(state(A, replace(B, waiting=0)), plain) == ()
    [notice] = attention(state(A, replace(B, unsealed=1)), plain)
    assert notice.text == "3 entries are waiting for b.example."


def test_the_settings_state_what_each_one_does() -> None:
    empty = replace(B, url="https://c", waiting=0)
    unsealed = replace(B, url="https://d", unsealed=1)
    view = marketplaces_view(state(A, B, empty, unsealed), plain)
    assert [row.active for row in view.rows] == [True, False, False, False]
    assert view.rows[3].text == "3 entries waiting. Switch to it to finish them."
    assert "Open now" in view.rows[0].text
    assert "2 entries waiting" in view.rows[1].text
    assert view.rows[2].text == "Nothing is waiting."
    assert view.can_sign_out
    opening = state(A, phase=StartupPhase.OPENING)
    assert not marketplaces_view(opening, plain).can_sign_out


def test_the_question_names_both() -> None:
    question = leave_question("b.example", "a.example", plain)
    assert "b.example" in question.text
    assert "a.example" in question.details
    assert "add a marketplace" in leave_question("", "a.example", plain).text
