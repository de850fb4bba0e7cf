"""The picture of a dealer's volume: one SVG for the office and for a phone.

Plain Python, no Odoo: days and volumes in, markup out.  Words and numbers come ready
for the reader.  The drawing is as wide as its place, and readable from 320 pixels on::

    10 % · 1,000,000  - - - - - - - - - - - -
                     ____ 312,400
     5 % · 100,000  |- - - o - - - o - - - -     (ahead: if nothing more is bought)
    ________________|      |       |.........
                   Aug   today    what leaves
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 400, 232
LEFT, RIGHT, TOP, BOTTOM = 6, 394, 24, 206
INK, ACCENT, DANGER = "#5f6570", "#71639e", "#b3261e"
# text stays readable where a line runs below it
HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'
_LETTER = 6.2  # its width, roughly: enough to keep words inside and apart
_ROW = 13  # two words closer than this above each other touch


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold: from this volume on a tier is deserved."""

    volume: Decimal
    label: str
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn.

    :param points: ``(day, volume that counts)`` of every day shown, in order; those
        after ``today`` are what is left if nothing more is bought
    :param today: the day of the marker, and its words
    :param lines: thresholds; those far above everything are left out
    :param months: ``(day, label)`` below the axis
    :param loss: ``(day, words)`` of what leaves next, ``None``: nothing does
    :param title: what the picture shows, for those who cannot see it
    """

    points: Sequence[tuple[date, Decimal]]
    today: date
    today_label: str
    volume_label: str
    title: str
    lines: Sequence[Line] = ()
    months: Sequence[tuple[date, str]] = ()
    loss: tuple[date, str] | None = None


def render(chart):
    """Return a :class:`Chart` as the markup of an ``<svg>``.

    :raise ValueError: there is no day to draw
    """
    if not chart.points:
        raise ValueError("A chart needs at least one day")
    scale = _Scale(chart)
    past = [point for point in chart.points if point[0] <= chart.today]
    ahead = [point for point in chart.points if point[0] >= chart.today]
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img" aria-label={quoteattr(chart.title)} class="o_b2b2c_chart"'
        ' style="width: 100%; max-width: 640px; height: auto; display: block"'
        ' font-family="inherit" font-size="12">',
        f"<title>{escape(chart.title)}</title>",
        *_axis(chart, scale),
        _area(past, scale, 0.16),
        _area(ahead, scale, 0.06),
        *_thresholds(chart, scale),
        _curve(past, scale, 'stroke-width="2.5"'),
        _curve(ahead, scale, 'stroke-width="2" stroke-dasharray="2 3"'),
        # words last: their halo interrupts the lines, not the other way round
        *_labels(chart, scale),
        *_marker(chart, scale),
        *_loss(chart, scale),
        "</svg>",
    ]
    return "".join(piece for piece in pieces if piece)


class _Scale:
    """Days and volumes to places."""

    def __init__(self, chart):
        self.first = chart.points[0][0]
        self.days = max((chart.points[-1][0] - self.first).days, 1)
        peak = max(volume for _day, volume in chart.points)
        above = min(
            (line.volume for line in chart.lines if line.volume > peak), default=peak
        )
        self.top = max(above, peak, Decimal(1)) * Decimal("1.12")
        self.low = min(Decimal(0), min(volume for _day, volume in chart.points))

    def x(self, day):
        """Return the place of a day."""
        share = (day - self.first).days / self.days
        return round(LEFT + min(max(share, 0), 1) * (RIGHT - LEFT), 1)

    def y(self, volume):
        """Return the place of a volume."""
        share = (volume - self.low) / (self.top - self.low)
        return round(BOTTOM - int(share * 10000) / 10000 * (BOTTOM - TOP), 1)


def _steps(points, scale):
    """Return the corners of a line: a volume holds for its whole day."""
    corners = [(scale.x(points[0][0]), scale.y(points[0][1]))]
    for day, volume in points[1:]:
        x, y = scale.x(day), scale.y(volume)
        if y != corners[-1][1]:
            corners += [(x, corners[-1][1]), (x, y)]
    end = scale.x(points[-1][0])
    if corners[-1][0] != end:
        corners.append((end, corners[-1][1]))
    return corners


def _path(corners):
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in corners)


def _area(points, scale, opacity):
    if not points:
        return ""
    ground = scale.y(Decimal(0))
    corners = _steps(points, scale)
    path = _path([(corners[0][0], ground), *corners, (corners[-1][0], ground)])
    return f'<path d="{path}Z" fill="{ACCENT}" fill-opacity="{opacity}"/>'


def _curve(points, scale, style):
    if not points:
        return ""
    path = _path(_steps(points, scale))
    return f'<path d="{path}" fill="none" stroke="{ACCENT}" {style}/>'


def _text(x, y, words, anchor="start", extra=f'fill="{INK}"'):
    """Return words that stay inside the picture."""
    wide = len(words) * _LETTER
    if anchor == "middle":
        x = min(max(x, LEFT + wide / 2), RIGHT - wide / 2)
    elif anchor == "start" and x + wide > RIGHT:
        x, anchor = RIGHT, "end"
    elif anchor == "end" and x - wide < LEFT:
        x, anchor = LEFT, "start"
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" {extra} {HALO}>'
        f"{escape(words)}</text>"
    )


def _axis(chart, scale):
    ground = scale.y(Decimal(0))
    yield (
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{ground:g}" y2="{ground:g}"'
        f' stroke="{INK}" stroke-opacity="0.5"/>'
    )
    for day, label in chart.months:
        x = scale.x(day)
        yield (
            f'<line x1="{x:g}" x2="{x:g}" y1="{BOTTOM}" y2="{BOTTOM + 4}"'
            f' stroke="{INK}" stroke-opacity="0.5"/>'
        )
        yield _text(x, BOTTOM + 18, label, "middle")


def _thresholds(chart, scale):
    for line in _visible(chart, scale):
        y = scale.y(line.volume)
        yield (
            f'<line class="o_b2b2c_threshold" x1="{LEFT}" x2="{RIGHT}" y1="{y:g}"'
            f' y2="{y:g}" stroke="{_colour(line)}" stroke-dasharray="6 4"/>'
        )


def _visible(chart, scale):
    return [line for line in chart.lines if 0 < line.volume <= scale.top]


def _colour(line):
    return ACCENT if line.reached else INK


def _label_places(chart, scale):
    """Return ``[(y, line)]``: where the words of each threshold stand.

    Above their line, or below it where the next threshold is close; words that fit
    nowhere are left out, their line stays.
    """
    places = []
    lines = _visible(chart, scale)
    for line in sorted(lines, key=lambda line: line.volume, reverse=True):
        y = scale.y(line.volume)
        for place in (y - 4, y + 12):
            free = all(abs(place - other) >= _ROW for other, _line in places)
            if free and place < BOTTOM:
                places.append((place, line))
                break
    return places


def _labels(chart, scale):
    for place, line in _label_places(chart, scale):
        yield _text(LEFT, place, line.label, extra=f'fill="{_colour(line)}"')


def _marker(chart, scale):
    x = scale.x(chart.today)
    volume = dict(chart.points).get(chart.today, Decimal(0))
    y = scale.y(volume)
    yield (
        f'<line class="o_b2b2c_today" x1="{x:g}" x2="{x:g}" y1="{TOP - 8}"'
        f' y2="{BOTTOM}" stroke="{INK}" stroke-width="1"/>'
    )
    yield _text(x, TOP - 12, chart.today_label, "middle")
    yield f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="{ACCENT}"/>'
    bold = f'fill="{ACCENT}" font-weight="bold"'
    place = max(y - 8, TOP + 4)
    begin = x - 8 - len(chart.volume_label) * _LETTER
    taken = any(
        abs(place - other) < _ROW and begin < LEFT + len(line.label) * _LETTER
        for other, line in _label_places(chart, scale)
    )
    at, anchor = (x + 8, "start") if taken else (x - 8, "end")
    yield _text(at, place, chart.volume_label, anchor, bold)


def _loss(chart, scale):
    if not chart.loss:
        return
    day, words = chart.loss
    volume = dict(chart.points).get(day)
    if volume is None:
        return
    x, y = scale.x(day), scale.y(volume)
    yield (
        f'<circle class="o_b2b2c_loss" cx="{x:g}" cy="{y:g}" r="4" fill="#ffffff"'
        f' stroke="{DANGER}" stroke-width="2"/>'
    )
    place = _loss_place(y, scale.y(dict(chart.points)[chart.today]), chart, scale)
    yield _text(x + 6, place, words, extra=f'fill="{DANGER}"')


def _loss_place(y, before, chart, scale):
    """Return where the words of the loss cross no line: below the volume that is left,
    above it, or above the volume of today."""
    lines = [scale.y(line.volume) for line in _visible(chart, scale)]
    lines.append(scale.y(Decimal(0)))
    above = y - 10
    for place in (y + 16, above, before - 8):
        crossed = any(place - 11 <= line <= place + 3 for line in lines)
        if not crossed and place < BOTTOM - 2:
            return place
    return above
