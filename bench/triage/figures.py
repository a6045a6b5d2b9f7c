"""The figures of the classifier's card: cross-validated on our own comments, each judged by weights that never saw it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, get_args

import numpy as np

from bench.triage.classifier import Reading
from bench.triage.judgement import Judged, judge
from bot.domain.triage import Kind, Risk
from bot.triage.irony import irony
from bot.triage.risks import signs

Row = dict[str, Any]
AGAIN = 400


def judged(row: Row, reading: Reading) -> Judged:
    return judge(reading, signs(row["text"]), irony(row["text"], row["language"]))


def macro_f1(pairs: list[tuple[str, str]], names: tuple[str, ...]) -> float:
    scores = []
    for name in names:
        right = sum(a == b == name for a, b in pairs)
        wanted, given = sum(a == name for a, _ in pairs), sum(b == name for _, b in pairs)
        if wanted:
            scores.append(2 * right / (wanted + given) if wanted + given else 0.0)
    return sum(scores) / len(scores)


def interval(pairs: list[Any], figure: Any) -> str:
    """The figure with its 95 % interval, by drawing the comments again."""
    drawing = random.Random(7)
    drawn = sorted(figure([drawing.choice(pairs) for _ in pairs]) for _ in range(AGAIN))
    return f"{figure(pairs):.3f} [{drawn[int(AGAIN * 0.025)]:.3f}, {drawn[int(AGAIN * 0.975)]:.3f}]"


def crossed(
    own: list[Row], rows: list[Row], matrix: Any, asking: Any, heard: list[dict[str, dict[str, float]]], splitter: Any
) -> list[tuple[Row, Judged]]:
    """Prints the figures; gives each comment with what was made of it."""
    kinds = np.array([row["kind"] for row in own])
    rest = np.arange(len(own), len(rows))
    found: dict[int, Judged] = {}
    for learn, test in splitter.split(kinds, kinds):
        layer = asking(matrix, rows, np.concatenate([learn, rest]))
        for place, told in zip(test, layer.told(matrix[test]), strict=True):
            found[int(place)] = judged(own[place], Reading({**heard[place], **told}))
    told_ = [(own[place], found[place]) for place in range(len(own))]
    report(told_)
    return told_


def _told_of(row: Row) -> str:
    return row["language"] if row["language"] in ("fr", "en") else "other"


def report(told: list[tuple[Row, Judged]]) -> None:
    names = get_args(Kind)
    for language in ("", "fr", "en", "other"):
        some = [
            one
            for one in told
            if not language
            or one[0]["language"] == language
            or (language == "other" and one[0]["language"] not in ("fr", "en"))
        ]
        if not some:
            continue
        pairs = [(row["kind"], one.kind) for row, one in some]
        print(f"{language or 'all':6} {len(some):5} kind macro-F1 {interval(pairs, lambda drawn: macro_f1(drawn, names))}"
              f"  accuracy {np.mean([a == b for a, b in pairs]):.3f}")  # fmt: skip
    tones = [(row["sentiment"], one.sentiment) for row, one in told]
    print(
        f"sentiment macro-F1 {interval(tones, lambda drawn: macro_f1(drawn, ('negative', 'neutral', 'positive')))} (own comments)"
    )
    near = [abs(row["severity"] - one.severity) <= 1 for row, one in told]
    print(f"severity within one level {interval(near, np.mean)}")
    missed = [(row, one) for row, one in told if row["severity"] == 5 and one.severity < 3]
    print(f"severity 5 placed under 3: {len(missed)} of {sum(row['severity'] == 5 for row, _ in told)}")
    for row, one in missed[:8]:
        print("   ", one.severity, one.kind, row["text"][:110])
    for risk in get_args(Risk):
        wanted = [one for row, one in told if risk in row["risks"]]
        given = [row for row, one in told if risk in one.risks]
        recall = np.mean([risk in one.risks for one in wanted]) if wanted else float("nan")
        precision = np.mean([risk in row["risks"] for row in given]) if given else float("nan")
        print(f"  {risk:15} {len(wanted):4} recall {recall:.2f}  precision {precision:.2f}")
    ironic = [(row["irony"], one.irony) for row, one in told]
    print("irony", Counter(ironic))
    print(
        "confusions", Counter((row["kind"], one.kind) for row, one in told if row["kind"] != one.kind).most_common(12)
    )
