"""The classifier beside VADER, TextBlob and TF-IDF on the same data, in one run: `TRIAGE_PUBLIC=folder python -m bench.triage.beside`.

Sentiment: learned on the public train files (and our own comments), judged on the val files. Complaint or not, and kind: our everyday
comments, five folds. Spam: the videos' comments, five folds, with the share of our own angry customers that are called spam. Needs
scikit-learn; vaderSentiment, textblob and textblob-fr are judged where they are installed. 95 % intervals by drawing again.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from bench.triage.figures import Row, everyday, f1, interval, macro_f1
from bench.triage.train import TONES, Table, hearing, labelled, near, public
from bot.triage.classifier import Nearness
from bot.triage.judgement import SPAM
from knowledge.embed import UseEncoder

CUT = 0.05
"""Of VADER's compound score and of TextBlob's polarity: between them a text is neutral (VADER's own advice)."""


def tfidf() -> Any:
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(pieces, LogisticRegression(C=4, max_iter=300, class_weight="balanced"))


def told(name: str, pairs: Sequence[tuple[Any, Any]], figure: Callable[[Any], float]) -> None:
    print(f"    {name:34} {interval(list(pairs), figure)}", flush=True)


def polarities() -> dict[str, dict[str, Callable[[str], float]]]:
    """Language → name → a scorer from -1 to 1, of those that are installed."""
    found: dict[str, dict[str, Callable[[str], float]]] = {"en": {}, "fr": {}}
    try:
        vader = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
        for scorers in found.values():
            scorers["VADER"] = lambda text: float(vader.polarity_scores(text)["compound"])
    except ImportError:
        print("vaderSentiment is not installed")
    try:
        blob = importlib.import_module("textblob").TextBlob
        found["en"]["TextBlob"] = lambda text: float(blob(text).sentiment.polarity)
        french = importlib.import_module("textblob_fr").PatternAnalyzer()
        found["fr"]["textblob-fr"] = lambda text: float(french.analyze(text)[0])
    except ImportError:
        print("textblob is not installed")
    return found


def tone_of(score: float) -> str:
    return "positive" if score >= CUT else "negative" if score <= -CUT else "neutral"


def sentiment(table: Table, rows: list[Row]) -> None:
    """On the val files, by what was learned without them."""
    scorers = polarities()
    val = [place for place, row in enumerate(rows) if row.get("split") == "val"]
    train = [place for place in range(len(rows)) if rows[place].get("split") != "val"]
    heard = hearing(table, rows, val).told(table.matrix)
    kept = near(table, [row if place not in {*val} else {} for place, row in enumerate(rows)])
    known, weights, bias = (kept[f"near.{part}"].astype(np.float32) for part in ("known", "weights", "bias"))
    second = Nearness(known, weights, bias, TONES)
    for language in ("en", "fr"):
        places = [place for place in val if rows[place]["language"] == language]
        said = [rows[place]["sentiment"] for place in places]
        texts = [rows[place]["text"] for place in places]
        print(f"  {language}: {len(places)} tweets, macro-F1 of three tones")
        for name, score in scorers[language].items():
            told(name, list(zip(said, [tone_of(score(text)) for text in texts], strict=True)), _tones)
        own = [place for place in train if rows[place].get("language") == language and rows[place].get("split")]
        simple = tfidf().fit([rows[place]["text"] for place in own], [rows[place]["sentiment"] for place in own])
        told("TF-IDF, pieces of words", list(zip(said, simple.predict(texts), strict=True)), _tones)
        near_by = second.sentiment(table.meanings[places], table.ways[places], [language] * len(places))
        both = [
            {tone: heard[place]["sentiment"][tone] + one[tone] for tone in TONES}
            for place, one in zip(places, near_by, strict=True)
        ]
        told("bonton", [(a, max(one, key=one.__getitem__)) for a, one in zip(said, both, strict=True)], _tones)


def _tones(pairs: Any) -> float:
    return macro_f1(pairs, TONES)


def spam(table: Table, rows: list[Row]) -> None:
    places = np.array([place for place, row in enumerate(rows) if "spam" in row])
    angry = [place for place, row in enumerate(rows) if row.get("kind") == "complaint" and row["severity"] >= 3]
    target = np.array([rows[place]["spam"] for place in places])
    ours: list[tuple[Any, Any]] = []
    simple: list[tuple[Any, Any]] = []
    calm = [row["text"] for row in rows if row.get("split") == "train"][::5]
    for learn, test in StratifiedKFold(5, shuffle=True, random_state=1).split(places, target):
        layer = hearing(table, rows, [*places[test]], whole=False)
        ours += [
            (bool(a), one["spam"]["spam"] >= SPAM)
            for a, one in zip(target[test], layer.told(table.matrix[places[test]]), strict=True)
        ]
        texts = [rows[place]["text"] for place in places[learn]]
        model = tfidf().fit([*texts, *calm], [*target[learn], *[False] * len(calm)])
        simple += list(
            zip(
                map(bool, target[test]),
                map(bool, model.predict([rows[place]["text"] for place in places[test]])),
                strict=True,
            )
        )
    print(f"  {len(places)} comments under videos, F1 of spam")
    told("TF-IDF, pieces of words", simple, lambda pairs: f1(pairs, True))
    told("bonton", ours, lambda pairs: f1(pairs, True))
    called = []
    for part in range(5):
        test = angry[part::5]
        layer = hearing(table, rows, test, whole=False)
        called += [one["spam"]["spam"] >= SPAM for one in layer.told(table.matrix[test])]
    print(f"    angry customers called spam by bonton: {np.mean(called):.3f} of {len(angry)}")


def complaints(rows: list[Row]) -> None:
    """The baselines on our everyday comments; the classifier's own figures are `train --check`'s."""
    own = [row for row in rows if "kind" in row and everyday(row)]
    target = np.array([row["kind"] for row in own])
    pairs: list[tuple[str, str]] = []
    for learn, test in StratifiedKFold(5, shuffle=True, random_state=1).split(target, target):
        model = tfidf().fit([own[place]["text"] for place in learn], target[learn])
        pairs += list(zip(target[test], model.predict([own[place]["text"] for place in test]), strict=True))
    kinds = sorted({*target})
    print(f"  {len(own)} everyday comments of ours, five folds")
    told("TF-IDF: kind, macro-F1", pairs, lambda some: macro_f1(some, kinds))
    plain = [(a == "complaint", b == "complaint") for a, b in pairs]
    told("TF-IDF: complaint or not, macro-F1", plain, lambda some: (f1(some, True) + f1(some, False)) / 2)
    for language, scorers in polarities().items():
        some = [row for row in own if row["language"] == language]
        for name, score in scorers.items():
            read = [(row["kind"] == "complaint", score(row["text"]) <= -CUT) for row in some]
            told(
                f"{name} {language}: complaint = negative", read, lambda drawn: (f1(drawn, True) + f1(drawn, False)) / 2
            )


def main() -> None:
    rows = [*labelled(), *public()]
    table = Table(rows, UseEncoder(remembered=1))
    print("sentiment", flush=True)
    sentiment(table, rows)
    print("spam", flush=True)
    spam(table, rows)
    print("complaint, kind", flush=True)
    complaints(rows)


if __name__ == "__main__":
    main()
