"""Draws the curves of `growth` with pygal (PyPI), which is installed into `build/bench`.

`python -m benchmarks growth --json FILE`, then `python -m benchmarks.growth_plot FILE SVG`.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench" / "pygal"
_PYGAL = "pygal==3.0.5"
_DRAW = """
import json, math, sys
import pygal
from pygal.style import Style

curves = {}
for figure in json.load(open(sys.argv[1])):
    number = int(figure["what"].split()[0].replace(",", ""))
    curves.setdefault(figure["name"], []).append((number, round(figure["ratio"], 2)))
chart = pygal.XY(
    width=800, height=460, show_y_guides=True, show_x_guides=False,
    legend_at_bottom=True, legend_at_bottom_columns=3, truncate_legend=-1,
    x_title="stored segments (logarithmic)", y_title="processor time (10,000 = 1)",
    range=(0, max(2, max(y for points in curves.values() for _, y in points))),
    xrange=(4, 6), x_labels=[4, 5, 6], js=[],
    x_value_formatter=lambda x: f"{10 ** round(x):,}",
    style=Style(
        background="#ffffff", plot_background="#ffffff", font_family="sans-serif",
        colors=("#0b6e4f", "#c2410c", "#1d4ed8", "#7c3aed", "#be123c", "#57534e"),
    ),
)
for name, points in curves.items():
    chart.add(name, [(math.log10(x), y) for x, y in points])
with open(sys.argv[2], "w", encoding="utf-8") as file:
    print(chart.render(is_unicode=True).strip(), file=file)
"""


def main() -> None:
    """Draw the figures of the JSON file into the SVG file."""
    python = _FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(_FOLDER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", _PYGAL], check=True)
    subprocess.run([python, "-c", _DRAW, *sys.argv[1:3]], check=True)


if __name__ == "__main__":
    main()
