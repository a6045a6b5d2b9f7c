"""Learns the classifier's weights: `python -m bench.triage.train [--check]`. Needs scikit-learn (`uv pip install --group train`).

From the labelled comments beside this file, the playbooks' own examples, and, where the folder TRIAGE_PUBLIC holds them, the public
sets of docs/triage.md (tweets by sentiment, spam under videos). Prints the cross-validated figures of the card.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from bench.triage.figures import Row, crossed, everyday, report
from bot.domain.triage import Kind, Risk
from bot.pages import shared
from bot.triage import grams
from bot.triage.classifier import (
    MANNER,
    MEANING,
    NEAR,
    WEIGHTS,
    WIDTH,
    Head,
    Seen,
    marks,
    near_table,
    probabilities,
    weighted,
)
from bot.triage.irony import irony
from bot.triage.manner import manner
from bot.triage.risks import signs
from knowledge.embed import UseEncoder

HERE = Path(__file__).parent
KINDS, RISKS = get_args(Kind), get_args(Risk)
TONES = ("negative", "neutral", "positive")
STEPS = ("2", "3", "4", "5")
EXAMPLE = 0.3
"""What an example of a playbook weighs beside a comment: it is written to be clear."""


ADVERT = 20.0
"""How freely the words of adverts are learned; the other questions, at 1."""
HARD = 0.5
"""What a comment that was written to be hard weighs beside an everyday one."""


def labelled() -> list[dict[str, Any]]:
    """Our own comments, each with every label."""
    rows = []
    for file in sorted(HERE.glob("*.jsonl")):
        rows += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return rows


def examples() -> list[dict[str, Any]]:
    """The playbooks' examples, with what their page says of them."""
    rows = []
    for page in shared().playbooks.values():
        tone = (
            "positive"
            if page.kind == "praise"
            else "negative"
            if page.kind in ("complaint", "crisis", "troll")
            else "neutral"
        )
        for language, texts in page.examples.items():
            for text in texts:
                rows.append(
                    {"text": text, "language": language, "kind": page.kind, "sentiment": tone, "severity": page.severity,
                     "risks": list(page.risks), "subject": "", "irony": page.name == "irony", "page": page.name}
                )  # fmt: skip
    return rows


def public() -> list[dict[str, Any]]:
    """Public sets, where they lie: sentiment alone, or spam alone."""
    folder = os.environ.get("TRIAGE_PUBLIC", "")
    rows: list[dict[str, Any]] = []
    for file in sorted(Path(folder).glob("sentiment/*.jsonl")) if folder else ():
        rows += [
            {
                "text": one["text"],
                "sentiment": one["label"],
                "language": file.name[:2],
                "split": file.name.split(".")[1],
            }
            for one in map(json.loads, file.open(encoding="utf-8"))
        ]
    for file in sorted(Path(folder).glob("spam/*.jsonl")) if folder else ():
        rows += [
            {"text": one["text"], "spam": one["label"] == "spam"}
            for one in map(json.loads, file.open(encoding="utf-8"))
        ]
    return rows


class Table:
    """Texts as the classifier sees them."""

    def __init__(self, rows: list[Row], encoder: UseEncoder) -> None:
        texts = [row["text"] for row in rows]
        self.meanings = encoder.encode(texts)
        ways = manner(texts)
        self.mean, self.spread = ways.mean(axis=0), ways.std(axis=0) + 1e-6
        self.ways = (ways - self.mean) / self.spread
        pieces = [grams.pieces(text) for text in texts]
        seen = np.zeros(grams.BUCKETS)
        for found in pieces:
            seen[list(found)] += 1
        self.rarity = (np.log((1 + len(pieces)) / (1 + seen)) + 1).astype(np.float32)
        self.seen = [
            Seen(text, row.get("language", ""), found, tuple(signs(text)), irony(text, row.get("language", "")))
            for text, row, found in zip(texts, rows, pieces, strict=True)
        ]
        dense = sparse.csr_matrix(np.hstack([self.meanings * MEANING, self.ways * MANNER]))
        self.dense = dense.shape[1]
        words = self._words()
        self.matrix = sparse.hstack([dense, words]).tocsr()
        self.words = sparse.hstack([sparse.csr_matrix(dense.shape), words]).tocsr()
        """The same without meaning: an advert is told by its words, and angry customers mean as much as it does."""

    def _words(self) -> Any:
        rows, columns, values = [], [], []
        for row, one in enumerate(self.seen):
            buckets, weights = weighted(one.pieces, self.rarity)
            rows += [row] * len(buckets)
            columns += buckets.tolist()
            values += weights.tolist()
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(self.seen), grams.BUCKETS))

    def marked(self, heard: list[dict[str, Any]]) -> Any:
        """The first rows, as the second layer sees them."""
        part = self.matrix[: len(heard)]
        told = sparse.csr_matrix(marks(self.seen[: len(heard)], heard))
        return sparse.hstack([part[:, : self.dense], told, part[:, self.dense :]]).tocsr()


@dataclass
class Layer:
    """Heads as they are learned: questions, and a column of weights an answer."""

    heads: list[Head] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)
    bias: list[float] = field(default_factory=list)

    def exclusive(self, name: str, answers: tuple[str, ...], matrix: Any, target: Any, weight: Any) -> None:
        model = learned(matrix, target, 1.0, weight)
        self.heads.append(Head(name, answers, True, len(self.bias)))
        known = list(model.classes_)
        for answer in answers:
            there = answer in known
            self.weights.append(model.coef_[known.index(answer)] if there else np.zeros(matrix.shape[1]))
            self.bias.append(float(model.intercept_[known.index(answer)]) if there else -9.0)

    def each(
        self, name: str, answers: tuple[str, ...], matrix: Any, targets: Any, weight: Any, strength: float = 1.0
    ) -> None:
        self.heads.append(Head(name, answers, False, len(self.bias)))
        for target in targets:
            model = learned(matrix, np.asarray(target), strength, weight)
            self.weights.append(model.coef_[0])
            self.bias.append(float(model.intercept_[0]))

    def told(self, matrix: Any) -> list[dict[str, Any]]:
        return probabilities(self.heads, np.asarray(matrix @ np.array(self.weights).T + np.array(self.bias)))


def learned(matrix: Any, target: Any, strength: float, weight: Any) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=100, tol=1e-3, class_weight="balanced").fit(
        matrix, target, sample_weight=weight
    )


def hearing(table: Table, rows: list[Row], without: Sequence[int] = (), *, whole: bool = True) -> Layer:
    """Tone and advertising, from the public sets alone where there are any, so that our own comments are judged by what never saw
    them; then sentiment and spam from all but the rows `without`."""
    layer, left_out = Layer(), {*without}
    apart = any("kind" not in row for row in rows)
    heads = [("tone", not apart), ("advert", not apart), ("sentiment", True)] if whole else []
    for name, own in [*heads, ("spam", True)]:
        places = [place for place in range(len(rows)) if place not in left_out and (own or "kind" not in rows[place])]
        if name in ("tone", "sentiment"):
            places = [place for place in places if rows[place].get("sentiment")]
            weight = np.array([1.5 if "kind" in rows[place] else 1.0 for place in places])
            layer.exclusive(
                name, TONES, table.matrix[places], np.array([rows[place]["sentiment"] for place in places]), weight
            )
        else:
            places = [
                place for place in places if "spam" in rows[place] or (own and "kind" in rows[place]) or not place % 5
            ]
            target = [bool(rows[place].get("spam", rows[place].get("kind") == "spam")) for place in places]
            layer.each(name, (name,), table.words[places], [target], np.ones(len(places)), ADVERT)
    return layer


def asking(matrix: Any, rows: list[Row], which: Any) -> Layer:
    """Kind, severity, risks, irony and subject, learned on the rows `which` of our own."""
    layer = Layer()
    mine = [rows[place] for place in which]
    part = matrix[which]
    weight = np.array([EXAMPLE if "page" in row else 1.0 if everyday(row) else HARD for row in mine])
    layer.exclusive("kind", KINDS, part, np.array([row["kind"] for row in mine]), weight)
    layer.each("severity", STEPS, part, [[row["severity"] >= int(step) for row in mine] for step in STEPS], weight)
    layer.each("risks", RISKS, part, [[risk in row["risks"] for row in mine] for risk in RISKS], weight)
    layer.each("irony", ("irony",), part, [[row["irony"] for row in mine]], weight)
    named = [place for place, row in enumerate(mine) if row["subject"]]
    subjects = np.array([mine[place]["subject"] for place in named])
    layer.exclusive("subject", SUBJECTS, part[named], subjects, weight[named])
    return layer


def near(table: Table, rows: list[Row]) -> dict[str, Any]:
    """Sentiment by nearness: what `classifier.Nearness` keeps. One margin an answer, on the texts that hold it up."""
    places = [
        place
        for place, row in enumerate(rows)
        if row.get("sentiment") and row.get("language") in NEAR and "page" not in row
    ]
    known = near_table(table.meanings[places], table.ways[places])
    weights, bias = np.zeros((len(places), len(TONES)), dtype=np.float32), []
    for column, tone in enumerate(TONES):
        model = SVC(C=1.5, gamma=WIDTH, cache_size=600).fit(
            known, [rows[place]["sentiment"] == tone for place in places]
        )
        weights[model.support_, column] = model.dual_coef_[0]
        bias.append(float(model.intercept_[0]))
    used = np.flatnonzero(np.abs(weights).sum(axis=1))
    return {
        "near.known": known[used].astype(np.float16),
        "near.weights": weights[used].astype(np.float16),
        "near.bias": np.array(bias, dtype=np.float32),
        "near.answers": _json(TONES),
    }


def _json(told: Any) -> Any:
    return np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)


def save(layers: dict[str, Layer], table: Table, nearness: dict[str, Any]) -> None:
    kept: dict[str, Any] = dict(nearness)
    for name, layer in layers.items():
        weights = np.array(layer.weights).T
        pieces = len(weights) - grams.BUCKETS
        kept[f"{name}.heads"] = _json([asdict(head) for head in layer.heads])
        kept[f"{name}.dense"] = weights[:pieces].astype(np.float32)
        kept[f"{name}.pieces"] = weights[pieces:].astype(np.float16)
        kept[f"{name}.bias"] = np.array(layer.bias, dtype=np.float32)
    np.savez_compressed(
        WEIGHTS,
        rarity=table.rarity.astype(np.float16),
        mean=table.mean.astype(np.float32),
        spread=table.spread.astype(np.float32),
        **kept,
    )
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")


SUBJECTS = ("product", "delivery", "service", "price", "website", "payment", "order", "image", "work", "other")


def main() -> None:
    own, pages, others = labelled(), examples(), public()
    rows = [*own, *pages, *others]
    table = Table(rows, UseEncoder(remembered=1))
    print(f"{len(own)} labelled, {len(pages)} examples, {len(others)} public", flush=True)
    heard = hearing(table, rows)
    graded = rows[: len(own) + len(pages)]
    marked = table.marked(heard.told(table.matrix[: len(graded)]))

    told = heard.told(table.matrix[: len(own)])

    def fold(learn: Any, test: Any) -> list[dict[str, Any]]:
        spam = hearing(table, rows, test, whole=False).told(table.matrix[test])
        again = [{**told[place], **one} for place, one in zip(test, spam, strict=True)]
        asked = asking(marked, graded, np.concatenate([learn, np.arange(len(own), len(graded))])).told(marked[test])
        return [{**first, **second} for first, second in zip(again, asked, strict=True)]

    readings = crossed(own, table.meanings[: len(own)], fold)
    report(own, table.seen[: len(own)], readings)
    if "--check" not in sys.argv:
        save({"heard": heard, "asked": asking(marked, graded, np.arange(len(graded)))}, table, near(table, rows))


if __name__ == "__main__":
    main()
