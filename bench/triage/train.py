"""Learns the classifier's weights: `python -m bench.triage.train [--check]`. Needs scikit-learn (`uv pip install --group train`).

From the labelled comments beside this file, the playbooks' own examples, and, where the folder TRIAGE_PUBLIC holds them, the public
sets of docs/triage.md (tweets by sentiment, spam under videos). Prints the cross-validated figures of the card.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bench.triage import features
from bench.triage.classifier import MANNER, MEANING, WEIGHTS, Head, _shares, marks, weighted
from bench.triage.figures import crossed
from bot.domain.triage import Kind, Risk
from bot.pages import shared
from knowledge.embed import UseEncoder

HERE = Path(__file__).parent
KINDS, RISKS = get_args(Kind), get_args(Risk)
TONES = ("negative", "neutral", "positive")
STEPS = ("2", "3", "4", "5")
FOLDS = 5
EXAMPLE = 0.3
"""What an example of a playbook weighs beside a comment: it is written to be clear."""


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
            {"text": one["text"], "sentiment": one["label"]} for one in map(json.loads, file.open(encoding="utf-8"))
        ]
    for file in sorted(Path(folder).glob("spam/*.jsonl")) if folder else ():
        rows += [
            {"text": one["text"], "spam": one["label"] == "spam"}
            for one in map(json.loads, file.open(encoding="utf-8"))
        ]
    return rows


class Table:
    """Texts as the classifier sees them."""

    def __init__(self, texts: list[str], encoder: UseEncoder) -> None:
        self.meanings = encoder.encode(texts)
        self.manner = features.manner(texts)
        self.found = [features.pieces(text) for text in texts]

    def fit(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        seen = np.zeros(features.BUCKETS)
        for found in self.found:
            seen[list(found)] += 1
        rarity = (np.log((1 + len(self.found)) / (1 + seen)) + 1).astype(np.float32)
        return rarity, self.manner.mean(axis=0), self.manner.std(axis=0) + 1e-6

    def matrix(self, rarity: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> Any:
        dense = sparse.csr_matrix(np.hstack([self.meanings * MEANING, (self.manner - mean) / spread * MANNER]))
        rows, columns, values = [], [], []
        for row, found in enumerate(self.found):
            buckets, weights = weighted(found, rarity)
            rows += [row] * len(buckets)
            columns += buckets.tolist()
            values += weights.tolist()
        words = sparse.csr_matrix((values, (rows, columns)), shape=(len(self.found), features.BUCKETS))
        return sparse.hstack([dense, words]).tocsr()


@dataclass
class Layer:
    """Heads as they are learned: questions, and a column of weights an answer."""

    heads: list[Head] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)
    bias: list[float] = field(default_factory=list)

    def exclusive(
        self, name: str, answers: tuple[str, ...], matrix: Any, target: Any, strength: float, weight: Any
    ) -> None:
        model = learned(matrix, target, strength, weight)
        self.heads.append(Head(name, answers, True, len(self.bias)))
        known = list(model.classes_)
        for answer in answers:
            there = answer in known
            self.weights.append(model.coef_[known.index(answer)] if there else np.zeros(matrix.shape[1]))
            self.bias.append(float(model.intercept_[known.index(answer)]) if there else -9.0)

    def each(
        self, name: str, answers: tuple[str, ...], matrix: Any, targets: Any, strength: float, weight: Any
    ) -> None:
        self.heads.append(Head(name, answers, False, len(self.bias)))
        for target in targets:
            model = learned(matrix, np.asarray(target), strength, weight)
            self.weights.append(model.coef_[0])
            self.bias.append(float(model.intercept_[0]))

    def scores(self, matrix: Any) -> Any:
        return np.asarray(matrix @ np.array(self.weights).T + np.array(self.bias))

    def told(self, matrix: Any) -> list[dict[str, dict[str, float]]]:
        return [{head.name: _shares(head, row) for head in self.heads} for row in self.scores(matrix)]


def learned(matrix: Any, target: Any, strength: float, weight: Any) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=150, tol=1e-3, class_weight="balanced").fit(
        matrix, target, sample_weight=weight
    )


def hearing(matrix: Any, rows: list[dict[str, Any]]) -> Layer:
    """Tone and advertising, from the public sets alone where there are any, so that our own comments are judged by what never saw
    them; then sentiment and spam from all."""
    layer = Layer()
    apart = any("kind" not in row for row in rows)
    heads = [("tone", "sentiment", not apart), ("advert", "spam", not apart)]
    for name, learns, own in [*heads, ("sentiment", "sentiment", True), ("spam", "spam", True)]:
        if learns == "sentiment":
            places = [place for place, row in enumerate(rows) if row.get("sentiment") and (own or "kind" not in row)]
            weight = np.array([1.5 if "kind" in rows[place] else 1.0 for place in places])
            layer.exclusive(
                name, TONES, matrix[places], np.array([rows[place]["sentiment"] for place in places]), 1.0, weight
            )
        else:
            places = [place for place, row in enumerate(rows) if "spam" in row or (own and "kind" in row)]
            target = [
                rows[place]["spam"] if "spam" in rows[place] else rows[place]["kind"] == "spam" for place in places
            ]
            layer.each(name, (name,), matrix[places], [target], 2.0, np.ones(len(places)))
    return layer


def asking(matrix: Any, rows: list[dict[str, Any]], which: Any) -> Layer:
    """Kind, severity, risks, irony and subject, learned on the rows `which` of our own."""
    layer = Layer()
    mine = [rows[place] for place in which]
    part = matrix[which]
    weight = np.array([EXAMPLE if "page" in row else 1.0 for row in mine])
    layer.exclusive("kind", KINDS, part, np.array([row["kind"] for row in mine]), 1.0, weight)
    layer.each("severity", STEPS, part, [[row["severity"] >= int(step) for row in mine] for step in STEPS], 1.0, weight)
    layer.each("risks", RISKS, part, [[risk in row["risks"] for row in mine] for risk in RISKS], 1.0, weight)
    layer.each("irony", ("irony",), part, [[row["irony"] for row in mine]], 1.0, weight)
    named = [place for place, row in enumerate(mine) if row["subject"]]
    subjects = np.array([mine[place]["subject"] for place in named])
    layer.exclusive("subject", SUBJECTS, part[named], subjects, 1.0, weight[named])
    return layer


def save(layers: dict[str, Layer], dense: int, scale: tuple[Any, ...]) -> None:
    """`dense`: columns of meaning and manner, which come first; then the marks, where there are, then the pieces."""
    kept: dict[str, Any] = {}
    for name, layer in layers.items():
        weights = np.array(layer.weights).T
        told = [
            {"name": head.name, "answers": head.answers, "exclusive": head.exclusive, "first": head.first}
            for head in layer.heads
        ]
        pieces = len(weights) - features.BUCKETS
        kept[f"{name}.heads"] = np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)
        kept[f"{name}.dense"] = weights[:pieces].astype(np.float32)
        kept[f"{name}.pieces"] = weights[pieces:].astype(np.float16)
        kept[f"{name}.bias"] = np.array(layer.bias, dtype=np.float32)
    rarity, mean, spread = scale
    np.savez_compressed(
        WEIGHTS,
        rarity=rarity.astype(np.float16),
        mean=mean.astype(np.float32),
        spread=spread.astype(np.float32),
        **kept,
    )
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")


SUBJECTS = ("product", "delivery", "service", "price", "website", "payment", "order", "image", "work", "other")


def main() -> None:
    own, pages, others = labelled(), examples(), public()
    rows = [*own, *pages, *others]
    table = Table([row["text"] for row in rows], UseEncoder(remembered=1))
    scale = table.fit()
    matrix = table.matrix(*scale)
    dense = matrix.shape[1] - features.BUCKETS
    print(f"{len(own)} labelled, {len(pages)} examples, {len(others)} public", flush=True)
    heard = hearing(matrix, rows)
    graded = len(own) + len(pages)
    mine = rows[:graded]
    marked = marks([row["text"] for row in mine], [row["language"] for row in mine], heard.told(matrix[:graded]))
    part = matrix[:graded]
    full = sparse.hstack([part[:, :dense], sparse.csr_matrix(marked), part[:, dense:]]).tocsr()
    if "--check" in sys.argv:
        crossed(
            own,
            mine,
            full,
            asking,
            heard.told(matrix[: len(own)]),
            StratifiedKFold(FOLDS, shuffle=True, random_state=1),
        )
    save({"heard": heard, "asked": asking(full, mine, np.arange(graded))}, dense, scale)


if __name__ == "__main__":
    main()
