"""Text from outside, made harmless before a program shows it: on a screen, a page or a terminal.

Names, titles, memos and error details come from other people and other computers. A control
character in them moves a terminal's cursor, and an override of the writing direction
(UAX #9, section 2) reorders the text around it ("Trojan Source", CVE-2021-42574).
The functions here replace exactly these characters. Arabic, Hebrew, Persian with its joiners
(U+200C, U+200D), emoji sequences and direction marks (U+200E, U+200F, U+061C) stay as they are.

No function here escapes markup; the caller does that.
"""

from __future__ import annotations

import re
import unicodedata

#: Replaces each character that is taken out.
REPLACEMENT = "\ufffd"
#: First strong isolate and its end (UAX #9, section 2.2): text inside cannot reorder the rest.
FSI, PDI = "\u2068", "\u2069"
#: Marks stacked on one letter. No orthography needs more; "Zalgo" text covers the lines around it.
MOST_MARKS = 8
ELLIPSIS = "…"

_BREAKS = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
# C0 and C1 controls, DEL, embeddings, overrides, isolates, the deprecated format characters,
# interlinear annotations, tags, lone surrogates.
_BAD = (
    "\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
_HARMFUL = re.compile(f"[{_BAD}\u2028\u2029]")
# A flag of a region is a black flag with tags (UTS #51, ED-14a).
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_EXTENDING = frozenset({"Mn", "Me"})
_SURROGATES = "".join(map(chr, range(0xD800, 0xE000)))
_JOINER = "\u200d"


def clean(text: str, *, lines: bool = False) -> str:
    """The text without control characters and without characters that direct reading order.

    With `lines` each line break becomes a line feed; otherwise a space, like a tab. Every other
    character that is taken out becomes U+FFFD. Never fails; the length may shrink.
    """
    return _fewer_marks(_replaced(text, "", lines=lines))


def tidy(text: str, *, lines: bool = False) -> str:
    """As `clean`, for a sentence that contains `isolated` parts: pairs of FSI and PDI stay."""
    return _paired(_replaced(text, FSI + PDI, lines=lines))


def _paired(text: str) -> str:
    """Replace each FSI without a PDI, and each PDI without an FSI."""
    if FSI not in text and PDI not in text:
        return _fewer_marks(text)
    parts = list(text)
    begun: list[int] = []
    for index, char in enumerate(parts):
        if char == FSI:
            begun.append(index)
        elif char == PDI:
            if begun:
                begun.pop()
            else:
                parts[index] = REPLACEMENT
    for index in begun:
        parts[index] = REPLACEMENT
    return _fewer_marks("".join(parts))


def isolated(text: str, longest: int = 200) -> str:
    """The text, cleaned and shortened, for a place inside a sentence.

    A text with a right-to-left letter or mark is put between FSI and PDI, so that it cannot reorder
    the text after it. Other texts need neither.
    """
    shown = shorten(clean(text), longest)
    turned = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in shown)
    return f"{FSI}{shown}{PDI}" if turned else shown


def for_terminal(text: str, *, lines: bool = False) -> str:
    """As `tidy`, without isolates: many terminals draw them as boxes.

    A lone surrogate, one byte of a file's name, stays: the stream writes its escape.
    """
    shown = _paired(_replaced(text, FSI + PDI + _SURROGATES, lines=lines))
    return shown.replace(FSI, "").replace(PDI, "")


def shorten(text: str, longest: int) -> str:
    """At most `longest` (1 or more) characters; a cut is marked and divides no letter or emoji."""
    if len(text) <= longest:
        return text
    end = longest - 1
    while end > 0 and (_extends(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return text[:end] + ELLIPSIS


def _replaced(text: str, kept: str, *, lines: bool) -> str:
    if not _HARMFUL.search(text):
        return text
    text = _BREAKS.sub("\n" if lines else " ", text)
    allowed = kept + "\n" if lines else kept
    flags = [match.span() for match in _FLAG.finditer(text)]

    def instead(match: re.Match[str]) -> str:
        char = match[0]
        if char in allowed or any(begin <= match.start() < end for begin, end in flags):
            return char
        return " " if char == "\t" else REPLACEMENT

    return _HARMFUL.sub(instead, text)


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    run = 0
    shown = []
    for char in text:
        run = run + 1 if unicodedata.category(char) in _EXTENDING else 0
        if run <= MOST_MARKS:
            shown.append(char)
    return "".join(shown)


def _extends(char: str) -> bool:
    return (
        char == _JOINER
        or unicodedata.category(char) in _EXTENDING
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )
