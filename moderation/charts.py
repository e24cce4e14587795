"""Bars drawn on the server, from the same numbers as the table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.access.figures import Figure

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 200, 56, 22, 10
_STEPS = (1, 2, 2.5, 5, 10)
# As many as there are patterns in the style sheet; further series begin anew.
SERIES = 8


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    legend: Sequence[tuple[str, int]]
    first: str
    last: str


def draw(figure: Figure) -> Chart | None:
    """Bars of `figure`: stacked where its values add up, else beside each other. None where there is nothing."""
    if figure.is_empty:
        return None
    columns = [_drawn(figure, values) for _label, values in figure.rows]
    heights = [sum(values) if figure.stacks else max(values) for values in columns]
    top = _above(max(heights))
    slot = (WIDTH - LEFT) / len(figure.rows)
    bars: list[Bar] = []
    for place, values in enumerate(columns):
        bars += _column(values, LEFT + place * slot, slot, top, stacks=figure.stacks)
    sign = " %" if figure.whole else ""
    ticks = [Tick(_y(top * part / 2, top), f"{top * part / 2:g}{sign}") for part in range(3)]
    legend = [(column, place % SERIES) for place, column in enumerate(figure.columns)]
    return Chart(bars, ticks, legend, figure.rows[0][0], figure.rows[-1][0])


def _drawn(figure: Figure, values: Sequence[float | None]) -> list[float]:
    numbers = [value or 0 for value in values] or [0]
    return (
        [100 * number / whole for number, whole in zip(numbers, figure.whole, strict=True)] if figure.whole else numbers
    )


def _column(values: Sequence[float], x: float, slot: float, top: float, *, stacks: bool) -> list[Bar]:
    room = slot * 0.8
    width = room if stacks else room / len(values)
    below, bars = 0.0, []
    for series, value in enumerate(values):
        if value:
            left = x + slot * 0.1 + (0 if stacks else series * width)
            y = _y(below + value, top)
            bars.append(Bar(_r(left), _r(y), _r(width), _r(_y(below, top) - y), series % SERIES))
        below += value if stacks else 0
    return bars


def _y(value: float, top: float) -> float:
    return _r(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP))


def _r(number: float) -> float:
    return round(number, 2)


def _above(value: float) -> float:
    """A round number that is not below `value`."""
    size = 1.0
    while size * 10 <= value:
        size *= 10
    while size > value:
        size /= 10
    return next(size * step for step in _STEPS if size * step >= value)
