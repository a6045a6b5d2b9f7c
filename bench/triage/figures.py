"""The figures of the classifier's card: cross-validated on our own comments, each judged by weights that never saw it nor its like."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np

from bot.domain.triage import Kind, Risk
from bot.triage.classifier import Reading, Seen
from bot.triage.judgement import Judged, judge

Row = dict[str, Any]
AGAIN = 400
FOLDS = 5
ALIKE = 0.8
"""Cosine from which two comments (often one in two languages) are learned together or judged together, never one each."""


def crossed(own: Sequence[Row], meanings: Any, fold: Callable[[Any, Any], list[dict[str, Any]]]) -> list[Reading]:
    """Each comment read by weights learned on the other folds."""
    from sklearn.model_selection import StratifiedGroupKFold

    kinds = np.array([row["kind"] for row in own])
    found: dict[int, Reading] = {}
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1)
    for learn, test in splitter.split(kinds, kinds, alike(meanings)):
        for place, told in zip(test, fold(learn, test), strict=True):
            found[int(place)] = Reading(told)
    return [found[place] for place in range(len(own))]


def alike(meanings: Any) -> Any:
    """The group of each row: those near one another, by any chain."""
    near = meanings @ meanings.T >= ALIKE
    group = np.arange(len(meanings))
    for row in range(len(meanings)):
        joined = np.unique(group[near[row]])
        group[np.isin(group, joined)] = joined.min()
    return group


def everyday(row: Row) -> bool:
    """Of the comments as an inbox brings them; the others were written to be hard."""
    return "-d" in row["id"]


def report(own: Sequence[Row], seen: Sequence[Seen], readings: Sequence[Reading]) -> list[tuple[Row, Judged]]:
    """Prints the figures, of the whole set and of each of its parts."""
    judged = [
        (row, judge(reading, one.signs, one.irony)) for row, one, reading in zip(own, seen, readings, strict=True)
    ]
    names = get_args(Kind)
    for name, some in _parts(judged):
        pairs = [(row["kind"], one.kind) for row, one in some]
        near = [abs(row["severity"] - one.severity) <= 1 for row, one in some]
        each = " ".join(f"{kind} {f1(pairs, kind):.2f}" for kind in names)
        print(
            f"{name:9} {len(some):5} kind macro-F1 {interval(pairs, lambda drawn: macro_f1(drawn, names))} ({each})\n"
            f"{'':15} severity within one level {interval(near, np.mean)}, "
            f"severity 5 under 3: {sum(row['severity'] == 5 and one.severity < 3 for row, one in some)} of "
            f"{sum(row['severity'] == 5 for row, _ in some)}"
        )
    for risk in get_args(Risk):
        told_ = []
        for part in (everyday, lambda row: not everyday(row)):
            wanted = [one for row, one in judged if risk in row["risks"] and part(row)]
            given = [row for row, one in judged if risk in one.risks and part(row)]
            recall = np.mean([risk in one.risks for one in wanted]) if wanted else float("nan")
            precision = np.mean([risk in row["risks"] for row in given]) if given else float("nan")
            told_.append(f"{len(wanted):4} recall {recall:.2f} precision {precision:.2f}")
        print(f"  {risk:15} everyday {told_[0]}   hard {told_[1]}")
    worst(judged, readings)
    print("irony (said, read):", Counter((row["irony"], one.irony) for row, one in judged))
    print(
        "kinds (said, read):",
        Counter((r["kind"], one.kind) for r, one in judged if r["kind"] != one.kind).most_common(9),
    )
    return judged


WORST = 20


def worst(judged: Sequence[tuple[Row, Judged]], readings: Sequence[Reading]) -> None:
    """The everyday comments that were misread with least doubt, and how far their severity was off."""
    wrong = [
        (reading["kind"][one.kind] - reading["kind"][row["kind"]] + abs(row["severity"] - one.severity) / 4, row, one)
        for (row, one), reading in zip(judged, readings, strict=True)
        if everyday(row) and (row["kind"] != one.kind or abs(row["severity"] - one.severity) > 1)
    ]
    print(f"the {WORST} worst of {len(wrong)} errors on everyday comments (kind and severity: said, read)")
    for _, row, one in sorted(wrong, key=lambda error: -error[0])[:WORST]:
        print(f"    {row['kind']} {row['severity']}, {one.kind} {one.severity}: {row['text']}")


def _parts(judged: list[tuple[Row, Judged]]) -> list[tuple[str, list[tuple[Row, Judged]]]]:
    def part(takes: Callable[[Row], bool]) -> list[tuple[Row, Judged]]:
        return [one for one in judged if takes(one[0])]

    return [
        (name, some)
        for name, some in (
            ("all", judged),
            ("everyday", part(everyday)),
            ("hard", part(lambda row: not everyday(row))),
            ("fr", part(lambda row: row["language"] == "fr")),
            ("en", part(lambda row: row["language"] == "en")),
            ("others", part(lambda row: row["language"] not in ("fr", "en"))),
        )
        if some
    ]


def f1(pairs: Sequence[tuple[str, str]], name: str) -> float:
    right = sum(a == b == name for a, b in pairs)
    counted = sum(a == name for a, _ in pairs) + sum(b == name for _, b in pairs)
    return 2 * right / counted if counted else 0.0


def macro_f1(pairs: Sequence[tuple[str, str]], names: Sequence[str]) -> float:
    """The mean over the names that were said at all."""
    said = {a for a, _ in pairs}
    return sum(f1(pairs, name) for name in names if name in said) / len(said)


def interval(pairs: Sequence[Any], figure: Any) -> str:
    """The figure with its 95 % interval, by drawing the comments again."""
    drawing = random.Random(7)
    drawn = sorted(figure([drawing.choice(pairs) for _ in pairs]) for _ in range(AGAIN))
    return f"{figure(pairs):.3f} [{drawn[int(AGAIN * 0.025)]:.3f}, {drawn[int(AGAIN * 0.975)]:.3f}]"
