"""Learns the classifier's weights: `python -m bench.triage.train [--check]`. Needs scikit-learn (`uv pip install --group train`).

From the labelled comments beside this file, the playbooks' own examples, and, where the folder TRIAGE_PUBLIC holds them, the public
sets of docs/triage.md (tweets by sentiment, spam under videos). Prints the cross-validated figures of the card.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.domain.triage import Kind, Risk
from bot.pages import shared
from bot.triage import features
from bot.triage.classifier import MANNER, MEANING, WEIGHTS, Head, weighted
from knowledge.embed import UseEncoder

HERE = Path(__file__).parent
KINDS, RISKS = get_args(Kind), get_args(Risk)
TONES = ("negative", "neutral", "positive")
STEPS = ("2", "3", "4", "5")
FOLDS = 5
STRENGTH = {"sentiment": 1.0, "kind": 4.0, "severity": 4.0, "risks": 6.0, "irony": 3.0, "subject": 4.0, "spam": 2.0}


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


def fitted(matrix: Any, rows: list[dict[str, Any]], which: np.ndarray) -> tuple[list[Head], np.ndarray, np.ndarray]:
    """Heads, weights and biases learned on the rows `which`."""
    heads: list[Head] = []
    weights: list[np.ndarray] = []
    bias: list[float] = []

    def one(target: np.ndarray, places: np.ndarray, strength: float, weight: np.ndarray) -> LogisticRegression:
        return LogisticRegression(C=strength, max_iter=150, tol=1e-3).fit(matrix[places], target, sample_weight=weight)

    def head(name: str, answers: tuple[str, ...], exclusive: bool) -> None:
        heads.append(Head(name, answers, exclusive, len(bias)))

    def places_of(field: str) -> np.ndarray:
        return np.array([place for place in which if rows[place].get(field) not in (None, "")])

    def own(places: np.ndarray) -> np.ndarray:
        return np.array([2.0 if "kind" in rows[place] else 1.0 for place in places])

    for name, answers in (("sentiment", TONES), ("kind", KINDS), ("subject", SUBJECTS)):
        places = places_of(name)
        target = np.array([rows[place][name] for place in places])
        counts = Counter(target)
        balance = np.array([(len(places) / (len(counts) * counts[one])) ** 0.5 for one in target])
        model = one(target, places, STRENGTH[name], own(places) * balance)
        head(name, answers, True)
        for answer in answers:
            at = list(model.classes_).index(answer) if answer in model.classes_ else None
            weights.append(model.coef_[at] if at is not None else np.zeros(matrix.shape[1]))
            bias.append(float(model.intercept_[at]) if at is not None else -9.0)

    def binary(field: str, target_of: Any, strength: float, places: np.ndarray, lift: float) -> None:
        target = np.array([bool(target_of(rows[place])) for place in places])
        if not target.any():
            weights.append(np.zeros(matrix.shape[1]))
            bias.append(-9.0)
            return
        balance = np.where(target, min(lift, (len(target) - target.sum()) / target.sum()), 1.0)
        model = one(target, places, strength, balance)
        weights.append(model.coef_[0])
        bias.append(float(model.intercept_[0]))

    graded = places_of("severity")
    head("severity", STEPS, False)
    for step in STEPS:
        binary("severity", lambda row, least=int(step): row["severity"] >= least, STRENGTH["severity"], graded, 2.0)
    head("risks", RISKS, False)
    for risk in RISKS:
        binary("risks", lambda row, risk=risk: risk in row["risks"], STRENGTH["risks"], graded, 8.0)
    head("irony", ("irony",), False)
    binary("irony", lambda row: row["irony"], STRENGTH["irony"], graded, 3.0)
    spam = np.array([place for place in which if "spam" in rows[place] or "kind" in rows[place]])
    head("spam", ("spam",), False)
    binary("spam", lambda row: row["spam"] if "spam" in row else row["kind"] == "spam", STRENGTH["spam"], spam, 2.0)
    return heads, np.array(weights).T, np.array(bias)


SUBJECTS = ("product", "delivery", "service", "price", "website", "payment", "order", "image", "work", "other")


def save(heads: list[Head], weights: np.ndarray, bias: np.ndarray, scale: tuple[Any, ...]) -> None:
    dense = len(weights) - features.BUCKETS
    told = json.dumps(
        [{"name": h.name, "answers": h.answers, "exclusive": h.exclusive, "first": h.first} for h in heads]
    )
    rarity, mean, spread = scale
    np.savez_compressed(
        WEIGHTS, dense=weights[:dense].astype(np.float16), pieces=weights[dense:].astype(np.float16), bias=bias.astype(np.float32),
        rarity=rarity.astype(np.float16), mean=mean.astype(np.float32), spread=spread.astype(np.float32),
        heads=np.frombuffer(told.encode(), dtype=np.uint8),
    )  # fmt: skip
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    own, pages, others = labelled(), examples(), public()
    rows = [*own, *pages, *others]
    if "--own" in sys.argv:
        rows = [*own, *pages]
    table = Table([row["text"] for row in rows], UseEncoder(remembered=1))
    scale = table.fit()
    matrix = table.matrix(*scale)
    print(f"{len(own)} labelled, {len(pages)} examples, {len(others)} public")
    if "--check" in sys.argv:
        from bench.triage.figures import crossed

        crossed(own, rows, matrix, fitted, FOLDS, StratifiedKFold)
    if "--own" not in sys.argv:
        save(*fitted(matrix, rows, np.arange(len(rows))), scale)


if __name__ == "__main__":
    main()
