"""Text from outside: the characters that are replaced, and texts that must stay unchanged."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.display import FSI, PDI, clean, for_terminal, isolated, shorten, tidy

#: Each is shown unchanged.
READABLE = {
    "Arabic": "مشروع متجر أكمي",
    "Arabic with vowels": "مُحَمَّد",
    "Hebrew": "שָׁלוֹם עולם",
    "Hebrew with digits and a mark": "פרויקט 12\u200f (א)",
    "Persian with a non-joiner": "می\u200cخواهم",
    "Sinhala with a joiner": "ශ්\u200dරී",
    "a family": "👩\u200d👩\u200d👧\u200d👦",
    "a dark hand": "👍🏿",
    "a heart in colour": "❤\ufe0f",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Thai with breaks": "ภาษา\u200bไทย",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Việt Nam"),
    "Tibetan": "བོད་སྐད་",
    "markup": '<b>a & b</b> "c"',
    "marks of direction": "\u200eabc\u200f \u061c",
}

HARMFUL = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\v\f\r"),
    *(chr(code) for code in range(0x7F, 0xA0) if code != 0x85),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206f\ufff9\ufffb",
    "\U000e0001",
    "\U000e0041",
    "\ud800",
]
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == tidy(text) == for_terminal(text) == text


@pytest.mark.parametrize("char", HARMFUL, ids=lambda char: f"U+{ord(char):04X}")
def test_control_characters_are_replaced_visibly(char: str) -> None:
    assert clean(f"a{char}b") == "a\ufffdb"
    assert clean(f"a{char}b", lines=True) == "a\ufffdb"
    kept = char if char == "\ud800" else "\ufffd"
    assert for_terminal(f"a{char}b") == f"a{kept}b"


@pytest.mark.parametrize("char", BREAKS, ids=ascii)
def test_a_single_line_contains_no_line_breaks(char: str) -> None:
    assert clean(f"a{char}b") == "a b"
    assert clean(f"a{char}b", lines=True) == "a\nb"
    assert clean("a\tb") == "a b"


def test_an_escape_sequence_is_only_text() -> None:
    hostile = "\x1b]0;title\x07\x1b[2Jok\r\ndone"
    assert for_terminal(hostile) == "\ufffd]0;title\ufffd\ufffd[2Jok done"


def test_combining_marks_are_limited_to_eight() -> None:
    assert clean("a" + "\u0301" * 200 + "b") == "a" + "\u0301" * 8 + "b"


def test_only_a_right_to_left_name_is_isolated() -> None:
    assert isolated("אבג") == f"{FSI}אבג{PDI}"
    assert isolated("Acme (1)") == "Acme (1)"
    assert isolated(f"{PDI}אבג{FSI}\u202e") == f"{FSI}\ufffdאבג\ufffd\ufffd{PDI}"
    assert isolated("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{FSI}א{PDI}.", f"{FSI}א{PDI}."),
        (f"{FSI}{FSI}א{PDI}{PDI}", f"{FSI}{FSI}א{PDI}{PDI}"),
        (f"a{PDI}b", "a\ufffdb"),
        (f"a{FSI}b", "a\ufffdb"),
        (f"{PDI}{FSI}{FSI}b{PDI}", f"\ufffd\ufffd{FSI}b{PDI}"),
        (f"{FSI}a\u2067b{PDI}", f"{FSI}a\ufffdb{PDI}"),
    ],
)
def test_only_pairs_of_isolates_stay_in_a_sentence(text: str, shown: str) -> None:
    assert tidy(text) == shown


def test_a_terminal_gets_no_isolates() -> None:
    assert for_terminal(f"ok: {isolated('אבג')}.") == "ok: אבג."


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("a👩\u200d👩\u200d👧", 4, "a…"),
        ("ab👍🏿", 3, "ab…"),
        ("\u0301" * 9, 3, "…"),
    ],
)
def test_cutting_a_text_divides_no_letter(text: str, longest: int, shown: str) -> None:
    assert shorten(text, longest) == shown


@given(st.text(st.characters(codec=None), max_size=60))
def test_nothing_harmful_is_left(text: str) -> None:
    banned = {"Cc", "Cs"}
    for shown in (clean(text), tidy(text), isolated(text)):
        assert not [c for c in shown if unicodedata.category(c) in banned or c in "\u202e\u2067"]
        assert shown.count(FSI) == shown.count(PDI)
        assert clean(clean(text)) == clean(text)
        shown.encode()
