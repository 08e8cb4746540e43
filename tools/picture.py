"""The picture in the README: a recorded session of the real program, as an SVG whose frames follow each other.

    python tools/picture.py docs/session.svg

The program runs in a pseudo-terminal on a vault that is thrown away, with notes that nobody wrote about anybody.
"""

import sys
import tempfile
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

# started as a file, Python looks beside it first
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.playing import CTRL, ENTER, ESC, PASSPHRASE, new_vault
from tests.support.pty import Program

ROWS, COLUMNS = 22, 92
_CELL, _LINE, _SIZE = 8.4, 18, 14
_MARGIN = 14
_SECONDS = 3.5
"""How long each frame stands."""
_INK, _PAPER, _FAINT = "#e6e1d6", "#1d2126", "#8b9199"
_COLOURS = {"red": "#ff7b72", "green": "#8fce8b", "brown": "#e3c272", "blue": "#7fb1ff", "magenta": "#d6a2e8"}
_COLOURS |= {"cyan": "#7fd4d4", "black": "#1d2126", "white": "#e6e1d6"}

NOTES = (
    "Zegt vaak ja en bedoelt nee. Geoefend met een halve zin: 'Ik kom er morgen op terug.'\n\n#grenzen",
    "Slaapt slecht sinds de reorganisatie. Wil eerst rust, dan pas plannen.\n\n#werkdruk",
    "Gelachen om de innerlijke criticus: 'Die heeft ook recht op pauze.'\n\n#zelfbeeld",
    "Mist de werkplaats en het ritme van vroeger. Rouw om een baan die er niet meer is.\n\n#rouw",
    "Het gesprek met de leidinggevende is gevoerd. Reageerde anders dan gevreesd.\n\n#grenzen",
    "Twee stoelen: de harde werker en de begeleider. De begeleider sprak zachter.\n\n#zelfbeeld #werkdruk",
    "Volgende keer: wat heeft deze week energie gegeven?\n\n#werkdruk",
)


class Run(NamedTuple):
    """Characters of a row that look alike."""

    column: int
    text: str
    bold: bool
    italic: bool
    underlined: bool
    reverse: bool
    colour: str


def record(home: Path) -> list[list[list[Run]]]:
    """The frames of the session: each a list of rows, each a list of runs."""
    with new_vault(home) as vault:
        vault.add_many(NOTES)
    (home / "ongemerkt").symlink_to(home / "anchors")
    words = ["--vault", str(home / "data"), "--lang", "nl"]
    frames = []
    with Program(home, *words, rows=ROWS, columns=COLUMNS, XDG_STATE_HOME=str(home)) as run:
        run.sees("Wachtwoordzin:")
        run.types(PASSPHRASE, ENTER)
        run.sees(f"{len(NOTES)} notities")
        frames.append(_frame(run))
        run.types("#grenzen")
        run.sees(f"2 van {len(NOTES)}")
        frames.append(_frame(run))
        run.types(ESC)
        run.sees("Zoek:  ")
        run.types(CTRL["n"])
        run.sees("Nieuwe notitie")
        run.types("Met Sanne gesproken over haar overstap naar Philips op 3 maart.")
        run.sees("gevonden")
        frames.append(_frame(run))
        run.types(CTRL["g"])
        run.sees("Sanne →")
        frames.append(_frame(run))
        run.types("r")
        run.sees("[datum]")
        frames.append(_frame(run))
        run.types(CTRL["s"])
        run.sees(f"{len(NOTES) + 1} notities")
        frames.append(_frame(run))
        run.types(CTRL["q"])
        run.ends()
    return frames


def _frame(run: Program) -> list[list[Run]]:
    return [list(_runs(row)) for row in run.screen.cells]


def _runs(row: list[Any]) -> Iterator[Run]:
    column = 0
    for look, group in groupby(row, key=lambda cell: (cell.bold, cell.italics, cell.underscore, cell.reverse, cell.fg)):
        text = "".join(cell.data for cell in group)
        if text.strip() or look[3]:
            yield Run(column, text, *look)
        column += len(text)


def svg(frames: list[list[list[Run]]]) -> str:
    """The frames as one picture; a viewer that does not animate shows the first."""
    width, height = COLUMNS * _CELL + 2 * _MARGIN, ROWS * _LINE + 2 * _MARGIN
    total = _SECONDS * len(frames)
    share = 100 / len(frames)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" '
        f'aria-label="ongemerkt: de lijst, zoeken op thema, schrijven met de privacywacht">',
        "<style>",
        f"text{{font:{_SIZE}px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:{_INK};white-space:pre}}",
        f"@keyframes turn{{0%,{share:.3f}%{{visibility:visible}}{share + 0.001:.3f}%,100%{{visibility:hidden}}}}",
        f".f{{visibility:hidden;animation:turn {total:g}s step-end infinite}}",
        *(f".f{number}{{animation-delay:{number * _SECONDS:g}s}}" for number in range(len(frames))),
        "@media (prefers-reduced-motion:reduce){.f{animation:none}.f0{visibility:visible}}",
        "</style>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{_PAPER}"/>',
    ]
    for number, rows in enumerate(frames):
        parts.append(f'<g class="f f{number}">')
        for place, row in enumerate(rows):
            parts += (_drawn(run, place) for run in row)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _drawn(run: Run, row: int) -> str:
    x, y = _MARGIN + run.column * _CELL, _MARGIN + row * _LINE
    colour = _COLOURS.get(run.colour, _INK)
    looks = ' font-weight="bold"' * run.bold + ' font-style="italic"' * run.italic
    looks += ' text-decoration="underline"' * run.underlined
    wide = len(run.text) * _CELL
    behind = (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{_LINE}" fill="{_INK}" shape-rendering="crispEdges"/>'
        if run.reverse
        else ""
    )
    fill = _PAPER if run.reverse else colour
    return (
        f'{behind}<text x="{x:g}" y="{y + _SIZE - 1:g}" textLength="{wide:g}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{fill}" style="fill:{fill}"{looks}>{escape(run.text)}</text>'
    )


def main() -> int:
    """Records and writes the picture."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/session.svg")
    with tempfile.TemporaryDirectory(prefix="ongemerkt-") as folder:
        target.write_text(svg(record(Path(folder))), encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
