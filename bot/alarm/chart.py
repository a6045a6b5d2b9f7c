"""A history in a picture: mentions, the negative ones of them, and the episodes. SVG for a page, a line of blocks for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Xml

from bot.alarm.detector import Step
from bot.alarm.episode import Episode

WIDTH, HEIGHT, MARGIN = 960, 260, 36
POINTS = 900
STAIRS = 5
"""Lines on which the words of marks take turns."""
BLOCKS = " ▁▂▃▄▅▆▇█"


def buckets(rows: Sequence[Step], most: int) -> list[tuple[datetime, datetime, float, float]]:
    """Stretches of equal length in time: begin, end, mentions, negatives."""
    if not rows:
        return []
    begin, end = rows[0].time, rows[-1].time
    length = max((end - begin) / most, (end - begin) / max(1, len(rows) - 1))
    totals = [[0.0, 0.0] for _ in range(int((end - begin) / length) + 1 if length else 1)]
    for row in rows:
        place = min(len(totals) - 1, int((row.time - begin) / length) if length else 0)
        totals[place][0] += row.count or 0.0
        totals[place][1] += row.negative or 0.0
    return [(begin + length * place, begin + length * (place + 1), *total) for place, total in enumerate(totals)]  # type: ignore[misc]


def line(rows: Sequence[Step], episodes: Sequence[Episode], width: int = 72) -> tuple[str, str]:
    """Blocks as high as the mentions, and a mark with the level under each episode's beginning."""
    found = buckets(rows, width)
    top = max((count for *_, count, _ in found), default=0.0) or 1.0
    bars = "".join(BLOCKS[round(count / top * (len(BLOCKS) - 1))] for *_, count, _ in found)
    marks = [" "] * len(found)
    for episode in episodes:
        place = next((at for at, (begin, end, *_) in enumerate(found) if begin <= episode.start < end), None)
        if place is not None:
            marks[place] = str(episode.level)
    return bars, "".join(marks).rstrip()


@dataclass(frozen=True)
class Mark:
    """A moment that the picture names: a level, words that left, the end."""

    at: datetime
    words: str
    colour: str = "#1f3350"


def svg(
    rows: Sequence[Step],
    episodes: Sequence[Episode],
    title: str,
    mentions: str,
    negatives: str,
    *,
    marks: Sequence[Mark] = (),
    clock: Callable[[datetime], str] = "{:%Y-%m-%d %H:%M}".format,
) -> str:
    """A drawing of its own: no script, no font, nothing to fetch. `clock` writes the two ends of its time."""
    found = buckets(rows, POINTS)
    root = Xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    root.set("font-family", "sans-serif")
    Xml.SubElement(root, "title").text = title
    Xml.SubElement(root, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#fff")
    if not found:
        return Xml.tostring(root, encoding="unicode")
    begin, end = found[0][0], found[-1][1]
    top = max(count for *_, count, _ in found) or 1.0

    def x(moment: datetime) -> float:
        return MARGIN + (moment - begin) / (end - begin) * (WIDTH - 2 * MARGIN)

    def y(count: float) -> float:
        return HEIGHT - MARGIN - count / top * (HEIGHT - 2 * MARGIN)

    def say(words: str, left: float, up: float, **more: str) -> None:
        Xml.SubElement(
            root, "text", {"x": f"{left:.1f}", "y": f"{up:.1f}", "font-size": "11", "fill": "#333", **more}
        ).text = words

    for episode in episodes:
        left, right = x(episode.start), x(episode.last)
        shade = {"x": f"{left:.1f}", "y": str(MARGIN), "width": f"{max(2.0, right - left):.1f}", "fill": "#b3261e"}
        Xml.SubElement(
            root, "rect", {**shade, "height": str(HEIGHT - 2 * MARGIN), "opacity": f"{0.08 * episode.level + 0.06:.2f}"}
        )
        say(str(episode.level), left, MARGIN - 4, fill="#b3261e")
    for place, colour in ((2, "#3b5b8c"), (3, "#b3261e")):
        points = " ".join(f"{x(stretch[0]):.1f},{y(float(stretch[place])):.1f}" for stretch in found)  # type: ignore[arg-type]
        Xml.SubElement(root, "polyline", {"points": points, "fill": "none", "stroke": colour, "stroke-width": "1.2"})
    say(title, MARGIN, 16, **{"font-weight": "bold"})
    for place, mark in enumerate(marks):
        left = min(max(x(mark.at), float(MARGIN)), float(WIDTH - MARGIN))
        line_ = {"x1": f"{left:.1f}", "x2": f"{left:.1f}", "y1": str(MARGIN), "y2": str(HEIGHT - MARGIN)}
        Xml.SubElement(root, "line", {**line_, "stroke": mark.colour, "stroke-dasharray": "3 3"})
        anchor = "end" if left > WIDTH - 4 * MARGIN else "start"
        up = MARGIN + 10 + 13 * (place % STAIRS)
        say(mark.words, left + (-4 if anchor == "end" else 4), up, fill=mark.colour, **{"text-anchor": anchor})
    say(clock(begin), MARGIN, HEIGHT - 12)
    say(clock(end), WIDTH - MARGIN, HEIGHT - 12, **{"text-anchor": "end"})
    say(mentions, WIDTH / 2 - 90, HEIGHT - 12, fill="#3b5b8c")
    say(negatives, WIDTH / 2 + 30, HEIGHT - 12, fill="#b3261e")
    say(f"{top:.0f}", 4, MARGIN + 4)
    return Xml.tostring(root, encoding="unicode")
