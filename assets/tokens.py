"""The design tokens as values, and the style sheet generated from them.

`tokens.toml` beside this file is the source. The desktop reads it through `load()`. The review
pages and the offline verifier page share the style sheet that `python -m assets.tokens` writes; a
test fails when it is stale.

Rules kept: light and dark define the same names; an unknown name or an invalid value is an error,
never a silent default.
"""

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

_COLOR = re.compile(r"#[0-9A-F]{6}")
_HEADER = (
    "/* Made from assets/tokens.toml by `python -m assets.tokens`; edit that file instead. */\n"
)


@dataclass(frozen=True)
class Tokens:
    """All tokens. Lengths in px at 100 %, colours as `#RRGGBB`, times in ms.

    `space` is keyed "1" to "6"; `type` holds the sizes `small`, `desk`, `web`, `large`, `huge` and
    the weights `regular` and `strong`.
    """

    light: Mapping[str, str]
    dark: Mapping[str, str]
    space: Mapping[str, int]
    radius: Mapping[str, int]
    type: Mapping[str, int]
    family: str
    line_height: float
    fade_ms: int

    def colors(self, *, dark: bool) -> Mapping[str, str]:
        """The colour table of one scheme."""
        return self.dark if dark else self.light


def parse(text: str) -> Tokens:
    """Parse the TOML text. Raises ValueError, which names the invalid entry."""
    raw = tomllib.loads(text)
    light, dark = raw["color"]["light"], raw["color"]["dark"]
    if light.keys() != dark.keys():
        raise ValueError(f"not in both colour tables: {sorted(light.keys() ^ dark.keys())}")
    for name, value in [*light.items(), *dark.items()]:
        if not _COLOR.fullmatch(value):
            raise ValueError(f"colour {name} is not #RRGGBB: {value}")
    sizes = {
        name: value for name, value in raw["type"].items() if name not in ("family", "line-height")
    }
    return Tokens(
        light=light,
        dark=dark,
        space=raw["space"],
        radius=raw["radius"],
        type=sizes,
        family=raw["type"]["family"],
        line_height=raw["type"]["line-height"],
        fade_ms=raw["motion"]["fade-ms"],
    )


#: The style sheet, from the root of the tree; the marketplace serves it from there too.
STYLE = "diary/js/page/tokens.css"


def load() -> Tokens:
    """The tokens shipped with this program."""
    return parse(files("assets").joinpath("tokens.toml").read_text(encoding="utf-8"))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def css(tokens: Tokens) -> str:
    """The style sheet of custom properties: light, dark by preference, light in print."""
    fixed = {f"space-{name}": f"{value}px" for name, value in tokens.space.items()}
    fixed |= {f"radius-{name}": f"{value}px" for name, value in tokens.radius.items()}
    # rem, not px, so that text follows the browser's font size.
    fixed |= {
        f"type-{name}": f"{value / 16:g}rem" if value < 100 else str(value)
        for name, value in tokens.type.items()
    }
    fixed |= {
        "family": tokens.family,
        "line-height": f"{tokens.line_height:g}",
        "fade": f"{tokens.fade_ms}ms",
    }
    dark = _block(tokens.dark, "    ")
    return (
        _HEADER
        + ":root {\n  color-scheme: light dark;\n"
        + _block(fixed, "  ")
        + _block(tokens.light, "  ")
        + "}\n\n@media screen and (prefers-color-scheme: dark) {\n  :root {\n"
        + dark
        + "  }\n}\n"
    )


def _block(values: Mapping[str, str], indent: str) -> str:
    return "".join(f"{indent}--{name}: {value};\n" for name, value in values.items())


def main() -> int:
    """Write the style sheet; the path may be given as the only argument."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / STYLE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(css(load()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
