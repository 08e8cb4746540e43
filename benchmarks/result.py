"""What a benchmark hands back, and the table in which all of them are shown."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

_HEADINGS = ("what", "at", "measured", "spread", "baseline", "spread", "ratio", "bar", "")


class Bar(NamedTuple):
    """What must hold: `most` (or, for a rate, `least`) times the baseline, or as a figure of its own."""

    limit: float
    of_baseline: bool = False
    at_least: bool = False


class Result(NamedTuple):
    """One comparison. Samples are in `unit`; without a bar it is shown for information only."""

    what: str
    at: str
    unit: str
    measured: Sequence[float]
    baseline: Sequence[float] = ()
    bar: Bar | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Median over median."""
        return median(self.measured) / median(self.baseline) if self.baseline else None

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None without a bar."""
        if self.bar is None:
            return None
        value = self.ratio if self.bar.of_baseline else median(self.measured)
        if value is None:
            raise ValueError("a bar on the baseline needs a baseline")
        return value >= self.bar.limit if self.bar.at_least else value <= self.bar.limit


def table(results: Sequence[Result]) -> str:
    """The results as aligned lines."""
    rows = [_HEADINGS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    lines += [f"{result.what}: {result.note}" for result in results if result.note]
    return "\n".join(lines)


def _row(result: Result) -> tuple[str, ...]:
    verdict = {None: "", True: "reached", False: "MISSED"}[result.reached]
    return (
        result.what,
        result.at,
        f"{_figure(median(result.measured))} {result.unit}",
        _percent(result.measured),
        f"{_figure(median(result.baseline))} {result.unit}" if result.baseline else "",
        _percent(result.baseline),
        f"{result.ratio:.2f}" if result.ratio is not None else "",
        _bar(result),
        verdict,
    )


def _bar(result: Result) -> str:
    bar = result.bar
    if bar is None:
        return ""
    sign = "≥" if bar.at_least else "≤"
    return f"{sign} {bar.limit:g} ×" if bar.of_baseline else f"{sign} {bar.limit:g} {result.unit}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(samples: Sequence[float]) -> float | None:
    """The middle half of the samples, from its lower to its upper end, as a share of the median."""
    if len(samples) < 4:
        return None
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return (high - low) / median(samples)


def _percent(samples: Sequence[float]) -> str:
    share = spread(samples)
    return "" if share is None else f"{share:.0%}"


def write_json(results: Sequence[Result], path: Path) -> None:
    """The same figures for a program, every sample included."""
    documents = [
        {
            **result._asdict(),
            "bar": result.bar._asdict() if result.bar else None,
            "measured": list(result.measured),
            "baseline": list(result.baseline),
            "median": median(result.measured),
            "baseline_median": median(result.baseline) if result.baseline else None,
            "spread": spread(result.measured),
            "ratio": result.ratio,
            "reached": result.reached,
        }
        for result in results
    ]
    path.write_text(json.dumps(documents, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
