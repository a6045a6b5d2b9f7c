"""How long a search over 10,000 passages takes, against a plain numpy scan of the same vectors in the same run.

Passages are made of words drawn from the sample brands' guidelines, seeded; the encoder, Chroma, the word index and the manifest
are the real ones. Learning them is timed too.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from knowledge.brand import SAMPLES
from knowledge.documents import read
from knowledge.embed import UseEncoder
from knowledge.index import Index
from knowledge.search import Library

PASSAGES, SEARCHES, LIMIT_MS = 10_000, 100, 40


def main() -> None:
    random.seed(7)
    files = list(SAMPLES.rglob("guidelines/**/*.md"))
    words = " ".join(section.text for file in files for section in read(file, file.name, SAMPLES)).split()
    with tempfile.TemporaryDirectory() as folder:
        guides = Path(folder) / "guides"
        guides.mkdir()
        for number in range(PASSAGES // 100):
            parts = [f"## Cas {number}.{part}\n{_drawn(words, 40)}\n" for part in range(100)]
            (guides / f"d{number}.md").write_text(f"# Document {number}\n" + "\n".join(parts))
        library = Library(Index(Path(folder) / "index", UseEncoder()))
        start = time.perf_counter()
        report = library.index.learn("bench", [guides])
        learned = time.perf_counter() - start
        print(f"learning {report.windows} passages: {learned:.0f} s, {report.windows / learned:.0f} a second")
        questions = [_drawn(words, 12) for _ in range(SEARCHES)]
        library._search("bench", "échauffement", 8)
        ours = [_timed(lambda asked=question: library._search("bench", asked, 8)) for question in questions]
        known = library.index.known("bench")
        assert known is not None
        vectors = np.stack(list(library.index._vectors(known.collection, list(known.window_of)).values()))
        encoder = library.index.encoder
        others = [_drawn(words, 12) for _ in range(SEARCHES)]
        plain = [_timed(lambda asked=question: vectors @ encoder.encode([asked])[0]) for question in others]
    middle, p95 = statistics.median(ours), statistics.quantiles(ours, n=20)[-1]
    print(
        f"search over {report.windows} passages: median {middle:.1f} ms, p95 {p95:.1f} ms; limit {LIMIT_MS} ms: {middle / LIMIT_MS:.0%}"
    )
    print(
        f"encoding and an exact numpy scan alone: median {statistics.median(plain):.1f} ms; ratio {middle / statistics.median(plain):.1f}"
    )


def _drawn(words: list[str], count: int) -> str:
    start = random.randrange(len(words) - count)
    return " ".join(random.sample(words[start : start + 4 * count] or words, min(count, len(words) - start)))


def _timed(call: object) -> float:
    start = time.perf_counter()
    call()  # type: ignore[operator]
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
