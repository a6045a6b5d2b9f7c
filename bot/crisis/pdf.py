"""The after-action report as a PDF: a few A4 pages to read in a meeting and to write on.

Long records are cut to what matters, and each cut says how many lines it left out. The library and the fonts (Lato, SIL Open Font
License, beside this module) are loaded when a report is made, not before.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from bot.crisis.glyphs import Glyphs
from bot.crisis.telling import Figure, Moment, Telling, Told, Words

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "Lato", "Lato-Bold"
INK, MUTED, RULE, TINT = HexColor("#1b2a41"), HexColor("#5c6b7f"), HexColor("#d5dce6"), HexColor("#f3f6fa")
BLUE, RED, GREEN = HexColor("#9db2cc"), HexColor("#a8322a"), HexColor("#2f6b4f")
LEVELS = (HexColor("#d9b44a"), HexColor("#d98324"), HexColor("#b3261e"), HexColor("#6d1118"))
WIDTH, HEIGHT = A4
SIDE, BAND, FOOT = 18 * mm, 54 * mm, 16 * mm
INNER = WIDTH - 2 * SIDE
MOST_OF_A_PAGE = 170 * mm
MOMENTS, STATEMENTS, TRUTH, ROWS, PROPOSALS, COMMENTS = 40, 6, 14, 8, 6, 4
"""Most of each that are shown."""
LONGEST, LINE = 1_000, 170
"""Signs of a text that left, and of a row."""
BARS = 120
SHORT = 42
"""Signs of a title that is set large."""
SPOKEN = ("draft.released", "draft.approved")
COUNTED = 18
"""Words that left which the chart counts one by one."""
FIRST = ("incident.", "closing.", "draft.", "level.", "update.", "truth.", "shift.", "role.", "drafts.")
"""Which moments stay where there are too many, the first first."""
TICKS = tuple(timedelta(minutes=one) for one in (15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200))


def pdf(telling: Telling) -> bytes:
    """The file; the same bytes for the same record."""
    return _Layout(telling).made()


@lru_cache(maxsize=1)
def _font() -> frozenset[int]:
    """Registers both fonts; the code points that they have."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name if name == BOLD else 'Lato-Regular'}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    faces: list[Any] = [pdfmetrics.getFont(name) for name in (REGULAR, BOLD)]
    both = set(faces[0].face.charToGlyph) & set(faces[1].face.charToGlyph)
    return frozenset(both - set(range(32)))


def _style(size: float, leading: float, **more: Any) -> ParagraphStyle:
    values: dict[str, Any] = {
        "fontName": REGULAR,
        "textColor": INK,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
    } | more
    return ParagraphStyle(f"{size}{sorted(more.items())!r}", fontSize=size, leading=leading, **values)


BODY = _style(9.4, 13)
SMALL = _style(8, 10.6, textColor=MUTED)
STRONG = _style(9.4, 13, fontName=BOLD)
HEAD = _style(14, 18, fontName=BOLD, spaceBefore=12, spaceAfter=2)
SUBHEAD = _style(10.4, 14, fontName=BOLD, spaceBefore=9, spaceAfter=2)
CELL = _style(8.8, 11.6)
CELL_HEAD = _style(7.6, 10, textColor=MUTED)
NUMBER = _style(8.8, 11.6, alignment=TA_RIGHT)
NUMBER_HEAD = _style(7.6, 10, textColor=MUTED, alignment=TA_RIGHT)
VALUE = _style(19, 22, fontName=BOLD)
LABEL = _style(8.6, 11, fontName=BOLD)
HASH = _style(6.9, 9, textColor=MUTED)


class _Layout:
    def __init__(self, telling: Telling) -> None:
        self._told = telling
        script = telling.say
        self._glyphs = Glyphs(_font(), telling.view.locale, lambda kind, count: script(f"script_{kind}", count=count))

    def made(self) -> bytes:
        told, file = self._told, io.BytesIO()
        document = BaseDocTemplate(
            file,
            pagesize=A4,
            title=self._plain(f"{told.kind} · {told.title}", 200),
            author=self._plain(told.record.brand, 100),
            subject=told.kind,
            creator="Bonton",
            lang=told.view.locale,
            invariant=1,
        )
        first = Frame(SIDE, FOOT, INNER, HEIGHT - BAND - FOOT - 2 * mm, 0, 0, 0, 0)
        later = Frame(SIDE, FOOT, INNER, HEIGHT - FOOT - 18 * mm, 0, 0, 0, 0)
        document.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._cover),
                PageTemplate("later", [later], onPage=self._running),
            ]
        )
        document.build(list(self._story()), canvasmaker=_numbered(self._foot))
        return file.getvalue()

    # --- words ---

    def _plain(self, words: str, most: int = LINE) -> str:
        """One line that the font can show."""
        line = self._glyphs.legible(
            " ".join(words[: 4 * most].replace("\u00a0", "\ue000").split()).replace("\ue000", "\u00a0")
        )
        return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"

    def _words(self, words: str, style: ParagraphStyle = BODY, most: int = LINE) -> Paragraph:
        return Paragraph(escape(self._plain(words, most)), style)

    def say(self, key: str, **details: object) -> str:
        return self._told.say(key, **details)

    # --- the frame of a page ---

    def _cover(self, canvas: Canvas, _: Any) -> None:
        told, canvas_ = self._told, canvas
        canvas_.setFillColor(INK)
        canvas_.rect(0, HEIGHT - BAND + 8 * mm, WIDTH, BAND - 8 * mm, stroke=0, fill=1)
        top = HEIGHT - 17 * mm
        canvas_.setFillColor(HexColor("#b9c7da"))
        canvas_.setFont(BOLD, 9)
        canvas_.drawString(SIDE, top, self._plain(f"{told.kind} · {told.record.brand}", 90).upper())
        size = 22 if len(told.title) <= SHORT else 14
        style = _style(size, size * 1.2, fontName=BOLD, textColor=white)
        title = Paragraph(escape(self._plain(told.title, 2 * SHORT)), style)
        _, height = title.wrap(INNER, BAND)
        title.drawOn(canvas_, SIDE, top - 4.5 * mm - height)
        low = HEIGHT - BAND + 14 * mm
        level = max((step.level for step in told.report.levels), default=told.record.incident.level)
        canvas_.setFillColor(LEVELS[level - 1])
        canvas_.setStrokeColor(white)
        canvas_.circle(SIDE + 3, low + 3, 3.2, stroke=1, fill=1)
        canvas_.setFillColor(white)
        canvas_.setFont(REGULAR, 9.4)
        canvas_.drawString(SIDE + 11, low, f"{told.highest}   ·   {told.span_of_days}")

    def _running(self, canvas: Canvas, _: Any) -> None:
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 8)
        canvas.drawString(SIDE, HEIGHT - 12 * mm, self._plain(self._told.title, 80))
        canvas.setStrokeColor(RULE)
        canvas.line(SIDE, HEIGHT - 14 * mm, WIDTH - SIDE, HEIGHT - 14 * mm)

    def _foot(self, canvas: Canvas, page: int, pages: int) -> None:
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 8)
        told = self._told
        foot = self.say("foot", kind=told.kind, incident=told.record.incident.id, brand=told.record.brand)
        canvas.drawString(SIDE, 9 * mm, self._plain(foot, 110))
        canvas.drawRightString(WIDTH - SIDE, 9 * mm, self.say("page", page=page, pages=pages))

    # --- the pages ---

    def _story(self) -> Iterator[Flowable]:
        yield NextPageTemplate("later")
        for warning in self._told.warnings():
            yield _Note(self._words(warning, BODY, 300))
            yield Spacer(1, 6)
        yield self._figures()
        yield from self._chart()
        yield from self._updates()
        yield from self._people()
        yield CondPageBreak(MOST_OF_A_PAGE)
        yield from self._timeline()
        yield from self._statements()
        yield from self._truth()
        yield from self._public()
        yield from self._proposals()
        yield CondPageBreak(MOST_OF_A_PAGE)
        yield from self._lessons()
        if self._glyphs.described:
            yield Spacer(1, 8)
            yield self._words(self.say("signs_note", count=self._glyphs.described), SMALL, 300)

    def _heading(self, words: str, note: str = "") -> list[Flowable]:
        under: list[Flowable] = [self._words(note, SMALL, 300), Spacer(1, 4)] if note else [Spacer(1, 3)]
        return [CondPageBreak(34 * mm), self._words(words, HEAD), _Rule(), Spacer(1, 2), *under]

    def _figures(self) -> Table:
        cells = [self._figure(figure) for figure in self._told.figures()]
        third = INNER / 3
        table = Table([cells[:3], cells[3:]], colWidths=[third] * 3)
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("BACKGROUND", (0, 0), (-1, -1), TINT),
                    ("INNERGRID", (0, 0), (-1, -1), 3, white),
                    ("LEFTPADDING", (0, 0), (-1, -1), 9),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                    ("TOPPADDING", (0, 0), (-1, -1), 8),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
                ]
            )
        )
        return table

    def _figure(self, figure: Figure) -> list[Flowable]:
        colour = {True: GREEN, False: RED, None: INK}[figure.good]
        value = Paragraph(escape(self._plain(figure.value, 30)), _style(19, 23, fontName=BOLD, textColor=colour))
        return [value, self._words(figure.label, LABEL), Spacer(1, 2), self._words(figure.note, SMALL, 130)]

    def _chart(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("chart"))
        if not self._told.record.volume:
            yield self._words(self.say("chart_none"))
            return
        yield _Chart(self._told)
        yield Spacer(1, 4)
        marks = list(self._told.marks())
        told = [
            f"<b>{place}</b>  {self._told.clock(at)}  {escape(self._plain(words, 40))}"
            for place, (at, words) in enumerate(marks, 1)
        ]
        rows = [[*told[at : at + 3], "", ""][:3] for at in range(0, len(told), 3)]
        if 0 < len(marks) <= COUNTED:
            yield Table(
                [[Paragraph(cell, SMALL) for cell in row] for row in rows],
                colWidths=[INNER / 3] * 3,
                style=TableStyle([("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]),
            )

    def _timeline(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("timeline"), self.say("timeline_short"))
        moments = self._told.timeline()
        kept = _weightiest(moments)
        for place, moment in enumerate(kept):
            what, who = escape(self._plain(moment.what)), escape(self._plain(moment.who, 60))
            style = STRONG if moment.kind.startswith((*SPOKEN, "incident.")) else BODY
            words = f'{what} <font name="{REGULAR}" size="8" color="{_hex(MUTED)}">&nbsp;{who}</font>'
            yield _Beat(moment, Paragraph(words, style), last=place == len(kept) - 1)
        if len(kept) < len(moments):
            left = self._told.view.number(len(moments) - len(kept))
            yield self._words(self._told.noted("between", count=left), SMALL)

    def _updates(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("updates"))
        rows = list(self._told.awaited())
        if not rows:
            yield self._words(self.say("updates_none"))
            return
        heads = [self.say(f"update_head_{name}") for name in ("due", "made", "by", "came")]
        shown = sorted(rows, key=lambda row: row[4])[:ROWS] if len(rows) > ROWS else rows
        cells: list[list[Flowable]] = [[self._words(head, CELL_HEAD) for head in heads]]
        for due, made, by, came, good in shown:
            outcome = _style(8.8, 11.6, textColor=INK if good else RED, fontName=REGULAR if good else BOLD)
            cells.append(
                [self._words(due, CELL), self._words(made, CELL), self._words(by, CELL, 40), self._words(came, outcome)]
            )
        yield _table(cells, (0.2, 0.2, 0.2, 0.4))
        if len(rows) > len(shown):
            yield self._words(self._told.noted("between", count=len(rows) - len(shown)), SMALL)

    def _people(self) -> Iterator[Flowable]:
        roles, levels = list(self._told.roles()), list(self._told.levels())
        left: list[Flowable] = [self._words(self.say("roles"), SUBHEAD)]
        left += [self._words(f"{role} · {who}", CELL, 100) for role, who in roles[:ROWS]]
        left += [] if roles else [self._words(self.say("roles_none"), CELL)]
        left += self._more(len(roles) - ROWS)
        right: list[Flowable] = [self._words(self.say("levels"), SUBHEAD)]
        right += [self._words(step, CELL, 100) for step in levels[:ROWS]]
        right += self._more(len(levels) - ROWS)
        yield Spacer(1, 6)
        padding = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
        yield Table([[left, right]], colWidths=[INNER / 2] * 2, style=TableStyle(padding))

    def _more(self, count: int) -> list[Flowable]:
        number = self._told.view.number(count)
        return [self._words(self._told.noted("between", count=number), SMALL)] if count > 0 else []

    def _statements(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("statements"))
        said = list(self._told.statements())
        if not said:
            yield self._words(self.say("statements_none"))
        shown = said if len(said) <= STATEMENTS else [*said[: STATEMENTS - 2], *said[-2:]]
        for one in shown:
            yield self._statement(one)
            yield Spacer(1, 7)
        if len(said) > len(shown):
            yield self._words(self.say("statements_more", count=len(said) - len(shown)), SMALL)

    def _statement(self, one: Words) -> Flowable:
        text = self._glyphs.legible(one.text[:LONGEST])
        paragraphs = [part for part in text.split("\n") if part.strip()]
        rows: list[list[Flowable]] = [[self._words(one.title, STRONG)], [self._words(one.about, SMALL)]]
        rows += [[Paragraph(escape(part), BODY)] for part in paragraphs]
        if (left := len(one.text) - LONGEST) > 0:
            rows.append([self._words(self.say("statement_clipped", count=self._told.view.number(left)), SMALL)])
        rows += [[self._words(self.say("hash", hash=name), HASH)] for name in one.hashes[:3]]
        table = Table(rows, colWidths=[INNER])
        table.setStyle(
            TableStyle(
                [
                    ("LINEBEFORE", (0, 0), (0, -1), 2.4, BLUE),
                    ("BACKGROUND", (0, 0), (-1, -1), TINT),
                    ("LEFTPADDING", (0, 0), (-1, -1), 10),
                    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
                    ("TOPPADDING", (0, 0), (-1, 0), 6),
                    ("BOTTOMPADDING", (0, -1), (-1, -1), 7),
                ]
            )
        )
        return KeepTogether([table])

    def _truth(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("truth"))
        rows = self._told.truth()
        if not rows:
            yield self._words(self.say("truth_none"))
            return
        shown = rows if len(rows) <= TRUTH else rows[-TRUTH:]
        cells = [[Paragraph(f"v{row.version}", CELL), self._words(row.at, CELL), self._sorted(row), self._words(row.words, CELL, LINE)]
                 for row in shown]  # fmt: skip
        table = _table(cells, (0.07, 0.14, 0.27, 0.52), headed=False)
        yield table if len(shown) > ROWS else KeepTogether([table])
        if len(rows) > len(shown):
            count = self._told.view.number(len(rows) - len(shown))
            yield self._words(self.say("truth_more", count=count), SMALL)

    def _sorted(self, row: Told) -> Paragraph:
        colour = {"confirmed": GREEN, "never": RED, "withdrawn": MUTED}.get(row.sort, INK)
        what = escape(self._plain(row.what, 70))
        who = escape(self._plain(row.who, 30))
        return Paragraph(f'<font name="{BOLD}" color="{_hex(colour)}">{what}</font><br/>{who}', CELL)

    def _public(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("comments"))
        shares, number = self._told.shares(), self._told.view.number
        if shares:
            heads: list[Flowable] = [self._words(self.say("comments_head_about"), CELL_HEAD)]
            heads += [
                self._words(self.say(f"comments_head_{name}"), NUMBER_HEAD)
                for name in ("received", "negative", "answered")
            ]
            cells = [heads]
            for title, share in shares[:ROWS]:
                counts = (share.received, share.negative, share.answered)
                cells.append([self._words(title, CELL, 70), *(self._words(number(one), NUMBER) for one in counts)])
            yield _table(cells, (0.55, 0.15, 0.15, 0.15))
            if len(shares) > ROWS:
                yield self._words(self.say("comments_more", count=number(len(shares) - ROWS)), SMALL)
        elif not self._told.record.first:
            yield self._words(self.say("comments_none"))
        if self._told.record.first:
            quoted: list[Flowable] = [self._words(self.say("comments_first"), SUBHEAD)]
            for comment in self._told.record.first[:COMMENTS]:
                quoted += [
                    _Quote(self._words(comment.text, CELL, 240), self._words(self._told.comment(comment), SMALL)),
                    Spacer(1, 4),
                ]
            yield KeepTogether(quoted)
        promises = self._told.promises()
        yield KeepTogether(
            [
                self._words(self.say("promises"), SUBHEAD),
                *(self._words(f"• {one}", CELL, 260) for one in promises[:ROWS]),
                *([] if promises else [self._words(self.say("promises_none"), CELL)]),
                *(
                    [self._words(self.say("promises_more", count=number(left)), SMALL)]
                    if (left := len(promises) - ROWS) > 0
                    else []
                ),
            ]
        )

    def _lessons(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("lessons"), self.say("lessons_how"))
        for question in self._told.questions():
            yield KeepTogether([self._words(question, STRONG), _Lines(3), self._owner(), Spacer(1, 8)])

    def _owner(self) -> Flowable:
        return _Lines(1, self.say("owner"))

    def _proposals(self) -> Iterator[Flowable]:
        yield from self._heading(self.say("proposals"), self.say("proposals_how"))
        proposals = self._told.proposals()
        if not proposals:
            yield self._words(self.say("proposals_none"))
            return
        cells: list[list[Flowable | list[Flowable]]] = []
        for rule, because in proposals[:PROPOSALS]:
            said: list[Flowable] = [self._words(rule, STRONG, 220), self._words(because, SMALL, 260)]
            cells.append([said, _Boxes((self.say("adopt"), self.say("refuse")))])
        yield _table(cells, (0.8, 0.2), headed=False)
        if (left := len(proposals) - PROPOSALS) > 0:
            yield self._words(self.say("proposals_more", count=left), SMALL)


def _hex(colour: Color) -> str:
    return f"#{colour.hexval()[2:]}"


def _weightiest(moments: Sequence[Moment]) -> list[Moment]:
    """All where they are few; else those that say most, in their order."""
    if len(moments) <= MOMENTS:
        return list(moments)

    def weight(place: int) -> tuple[int, int]:
        kind = moments[place].kind
        return next((rank for rank, head in enumerate(FIRST) if kind.startswith(head)), len(FIRST)), place

    places = sorted(range(len(moments)), key=weight)[:MOMENTS]
    return [moments[place] for place in sorted(places)]


def _table(cells: Sequence[Sequence[Any]], shares: Sequence[float], *, headed: bool = True) -> Table:
    table = Table([list(row) for row in cells], colWidths=[INNER * share for share in shares], repeatRows=int(headed))
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    table.setStyle(TableStyle(style))
    return table


def _numbered(foot: Any) -> type[Canvas]:
    """A canvas that knows how many pages there are before it draws their feet."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's own name
            self._kept.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            kept = list(self._kept)
            for place, page in enumerate(kept, 1):
                self.__dict__.update(page)
                foot(self, place, len(kept))
                super().showPage()
            super().save()

    return Numbered


# --- drawings ---


class _Drawing(Flowable):
    """As wide as the page's text."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.width, self.height = INNER, height

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803 - the library's own names
        self.width = availWidth
        return self.width, self.height


class _Rule(_Drawing):
    def __init__(self) -> None:
        super().__init__(1.2)

    def draw(self) -> None:
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.8)
        self.canv.line(0, 0, self.width, 0)


class _Within(_Drawing):
    """Paragraphs one below the other, with room at their left."""

    def __init__(self, parts: Sequence[Paragraph], left: float, below: float = 0) -> None:
        super().__init__(0)
        self._parts, self._left, self._below = parts, left, below

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        self.width = availWidth
        self.height = sum(part.wrap(availWidth - self._left, availHeight)[1] for part in self._parts) + self._below
        return self.width, self.height

    def draw(self) -> None:
        up = self.height
        for part in self._parts:
            up -= part.height
            part.drawOn(self.canv, self._left, up)


class _Note(_Within):
    """What must be known first."""

    def __init__(self, words: Paragraph) -> None:
        super().__init__([words], 9, 2)

    def draw(self) -> None:
        self.canv.setFillColor(LEVELS[0])
        self.canv.rect(0, 1, 2.4, self.height - 1, stroke=0, fill=1)
        super().draw()


class _Quote(_Within):
    def __init__(self, words: Paragraph, about: Paragraph) -> None:
        super().__init__([words, about], 9)

    def draw(self) -> None:
        self.canv.setFillColor(RULE)
        self.canv.rect(0, 0, 2, self.height, stroke=0, fill=1)
        super().draw()


class _Beat(_Within):
    """A moment of the timeline: its hour, a point on the line, what was done, and by whom."""

    HOUR, LINE = 48, 58

    def __init__(self, moment: Moment, words: Paragraph, *, last: bool) -> None:
        super().__init__([words], self.LINE + 14, 6)
        self._moment, self._last = moment, last

    def draw(self) -> None:
        canvas, kind = self.canv, self._moment.kind
        middle = self.height - 7
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(1)
        canvas.line(self.LINE, middle if self._last else 0, self.LINE, self.height)
        spoken, framed = kind in SPOKEN, kind.startswith("incident.")
        canvas.setFillColor(BLUE if not (spoken or framed) else INK if framed else GREEN)
        canvas.circle(self.LINE, middle, 3.6 if spoken or framed else 2.4, stroke=0, fill=1)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 8.6)
        canvas.drawRightString(self.HOUR, middle - 3, self._moment.at)
        super().draw()


class _Lines(_Drawing):
    """Lines to write on; the first may begin with a few words."""

    GAP = 19

    def __init__(self, count: int, words: str = "") -> None:
        super().__init__(count * self.GAP)
        self._count, self._words = count, words

    def draw(self) -> None:
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.7)
        self.canv.setFillColor(MUTED)
        self.canv.setFont(REGULAR, 8)
        taken = pdfmetrics.stringWidth(self._words, REGULAR, 8) + 6 if self._words else 0
        for place in range(self._count):
            up = self.height - (place + 1) * self.GAP
            self.canv.line(taken if not place else 0, up, self.width, up)
        if self._words:
            self.canv.drawString(0, self.height - self.GAP + 1, self._words)


class _Boxes(_Drawing):
    """Boxes to tick."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(14 * len(words))
        self._words = words

    def draw(self) -> None:
        self.canv.setStrokeColor(MUTED)
        self.canv.setLineWidth(0.7)
        self.canv.setFillColor(INK)
        self.canv.setFont(REGULAR, 8.4)
        for place, words in enumerate(self._words):
            up = self.height - 14 * place - 10
            self.canv.rect(0, up, 8, 8, stroke=1, fill=0)
            self.canv.drawString(13, up + 1, words)


class _Chart(_Drawing):
    """Comments by stretches, the negative ones of them, when words left, and the level below."""

    LEFT, LOW, TOP = 24, 40, 26

    def __init__(self, told: Telling) -> None:
        super().__init__(70 * mm)
        self._told = told
        self._stretches, self._length = told.volume(BARS)
        self._begin = min(self._stretches[0].at, told.record.incident.opened_at)
        self._end = max(self._stretches[-1].at + self._length, told.report.until)
        self._most = max(one.comments for one in self._stretches) or 1

    def _x(self, at: datetime) -> float:
        share = (at - self._begin) / max(self._end - self._begin, timedelta(seconds=1))
        return self.LEFT + min(1.0, max(0.0, share)) * (self.width - self.LEFT)

    def _y(self, count: float) -> float:
        return self.LOW + count / self._most * (self.height - self.LOW - self.TOP)

    def draw(self) -> None:
        self._grid()
        self._bars()
        self._levels()
        self._hours()
        self._marks()
        self._legend()

    def _grid(self) -> None:
        canvas = self.canv
        canvas.setFont(REGULAR, 7.4)
        canvas.setLineWidth(0.4)
        for count in (self._most / 2, self._most):
            canvas.setStrokeColor(RULE)
            canvas.line(self.LEFT, self._y(count), self.width, self._y(count))
            canvas.setFillColor(MUTED)
            canvas.drawRightString(self.LEFT - 4, self._y(count) - 2.5, self._told.view.number(round(count)))

    def _bars(self) -> None:
        canvas = self.canv
        for one in self._stretches:
            left, right = self._x(one.at), self._x(one.at + self._length)
            gap = min(0.8, (right - left) * 0.15)
            for count, colour in ((one.comments, BLUE), (min(one.negative, one.comments), RED)):
                canvas.setFillColor(colour)
                if count:
                    canvas.rect(left, self.LOW, right - left - gap, self._y(count) - self.LOW, stroke=0, fill=1)
        canvas.setStrokeColor(MUTED)
        canvas.line(self.LEFT, self.LOW, self.width, self.LOW)

    def _levels(self) -> None:
        canvas, steps = self.canv, self._told.report.levels
        for place, step in enumerate(steps):
            until = steps[place + 1].at if place + 1 < len(steps) else self._told.report.until
            left, right = self._x(step.at), self._x(until)
            canvas.setFillColor(LEVELS[step.level - 1])
            canvas.rect(left, self.LOW - 9, max(1.0, right - left), 6, stroke=0, fill=1)
            words = self.say_level(step.level)
            if right - left > pdfmetrics.stringWidth(words, BOLD, 5.6) + 6:
                canvas.setFillColor(white)
                canvas.setFont(BOLD, 5.6)
                canvas.drawString(left + 3, self.LOW - 7.9, words)

    def say_level(self, level: int) -> str:
        return self._told.say("chart_level", level=level)

    def _hours(self) -> None:
        canvas, zone = self.canv, self._told.zone
        tick = next((one for one in TICKS if (self._end - self._begin) / one <= 9), TICKS[-1])
        local = self._begin.astimezone(zone)
        at = local.replace(hour=0, minute=0, second=0, microsecond=0)
        canvas.setFont(REGULAR, 7.4)
        canvas.setStrokeColor(MUTED)
        while at <= self._end:
            if at >= self._begin:
                canvas.setFillColor(MUTED)
                words = at.strftime("%d/%m" if tick >= timedelta(days=1) else "%H:%M")
                x = self._x(at)
                canvas.line(x, self.LOW - 9, x, self.LOW - 12)
                half = pdfmetrics.stringWidth(words, REGULAR, 7.4) / 2
                canvas.drawCentredString(min(max(x, half), self.width - half), self.LOW - 20, words)
            at += tick

    def _marks(self) -> None:
        canvas, high = self.canv, self.height - self.TOP
        report = self._told.report
        for at, key in ((report.incident.opened_at, "chart_open"), (report.incident.closed_at, "chart_close")):
            if at is None:
                continue
            x, words = self._x(at), self._told.say(key)
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(0.7)
            canvas.setDash(2, 2)
            canvas.line(x, self.LOW, x, high + 16)
            canvas.setDash()
            canvas.setFillColor(INK)
            canvas.setFont(REGULAR, 7.4)
            near = x > self.width - 40
            (canvas.drawRightString if near else canvas.drawString)(x + (-3 if near else 3), high + 17, words)
        marks = list(self._told.marks())
        free = 0.0
        for place, (at, _) in enumerate(marks, 1):
            x = self._x(at)
            if len(marks) > COUNTED:
                canvas.setFillColor(GREEN)
                canvas.circle(x, high + 8, 1.2, stroke=0, fill=1)
                continue
            canvas.setStrokeColor(GREEN)
            canvas.setLineWidth(0.7)
            canvas.line(x, self.LOW, x, high + 4)
            if x < free:
                continue
            free = x + 12
            canvas.setFillColor(GREEN)
            canvas.circle(x, high + 9, 5.4, stroke=0, fill=1)
            canvas.setFillColor(white)
            canvas.setFont(BOLD, 7)
            canvas.drawCentredString(x, high + 6.5, str(place))

    def _legend(self) -> None:
        canvas, told = self.canv, self._told
        left: float = self.LEFT
        rows = (
            (BLUE, told.say("chart_mentions", span=told.span(self._length))),
            (RED, told.say("chart_negatives")),
            (GREEN, told.say("chart_statements")),
        )
        canvas.setFont(REGULAR, 7.6)
        for colour, words in rows:
            canvas.setFillColor(colour)
            canvas.rect(left, 2, 7, 7, stroke=0, fill=1)
            canvas.setFillColor(MUTED)
            canvas.drawString(left + 10, 2.6, words)
            left += 24 + pdfmetrics.stringWidth(words, REGULAR, 7.6)


__all__ = ["pdf"]
