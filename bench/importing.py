"""How long a file of comments takes into the inbox, and how much memory: `python -m bench.importing [rows]` (100,000 by default).

Rows are drawn from the labelled comments, with a tenth of them twice and a hundredth empty. Prints rows a second beside those that the
reading alone does in the same run, the counts, and the peak of memory.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from bot.app import Bonton
from bot.settings import Settings

LABELLED = Path(__file__).parent / "triage"
BRAND = "maison-virevent"


def written(file: Path, rows: int) -> dict[str, int]:
    """The file, and what it holds of each."""
    drawing = random.Random(11)
    texts = [json.loads(line)["text"] for part in LABELLED.glob("*.jsonl") for line in part.open(encoding="utf-8")]
    held = {"fresh": 0, "twice": 0, "empty": 0}
    last = ["", "", ""]
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", "author", "comment", "created_at"])
        for row in range(rows):
            draw = drawing.random()
            if draw < 0.01:
                held["empty"] += 1
                table.writerow([f"e{row}", "someone", " ", ""])
                continue
            if draw < 0.11 and last[0]:
                held["twice"] += 1
            else:
                held["fresh"] += 1
                last = [f"c{row}", f"visitor {row % 900}", f"{drawing.choice(texts)} {row}"]
            table.writerow([*last, "2026-11-20T10:00:00Z"])
    return held


async def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONTON_HOME"] = folder
        file = Path(folder) / "comments.csv"
        held = written(file, rows)
        bonton = Bonton(Settings())
        async with bonton.running():
            texts = [
                f"{place} {line['comment']}"
                for place, line in zip(range(2_048), csv.DictReader(file.open()), strict=False)
            ]
            bonton.read_here(texts[:8], ("fr", "en"))
            begun = time.perf_counter()
            for start in range(0, len(texts), 256):
                bonton.read_here(texts[start : start + 256], ("fr", "en"))
            alone = len(texts) / (time.perf_counter() - begun)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            begun = time.perf_counter()
            columns = {"text": "comment", "author": "author", "ref": "id", "at": "created_at"}
            done = await bonton.inbox.bring(BRAND, str(file), columns)
            took = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows} rows in {took:.0f} s: {rows / took:.0f} a second; the reading alone does {alone:.0f}")
    print(
        f"stored {done.stored} of {held['fresh']}, twice {done.duplicates} of {held['twice']}, refused {done.refused} of {held['empty']}"
    )
    print(f"memory at most {peak:.0f} MB, {peak - before:+.0f} MB over what it was before")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
