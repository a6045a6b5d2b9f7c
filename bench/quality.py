"""How well comments are read and facts chosen, on `bench/quality.jsonl`: labelled by hand, apart from the pages' examples.

Prints the share of situations, languages, severities and risks read right, and of replies that quote a fitting guideline
sentence, a wrong one, or none; then what went wrong, by situation (`-v`: every miss).
"""

from __future__ import annotations

import asyncio
import collections
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.app import Bonton
from bot.settings import Settings
from bot.steps.retrieve import retrieve
from bot.steps.triage import triage
from bot.writers import sayable

DATA = Path(__file__).parent / "quality.jsonl"


def listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


async def measure(verbose: bool) -> None:
    items = [json.loads(line) for line in DATA.read_text().splitlines() if line.strip()]
    score: collections.Counter[str] = collections.Counter()
    misses: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONTON_HOME"] = folder
        bonton = Bonton(Settings())
        for item in items:
            brand = bonton.brand(item["brand"])
            read = triage(item["text"], bonton.situations, bonton.pages.playbooks, brand.languages)
            right = read.situation in listed(item["situation"])
            score["situation"] += right
            score["language"] += read.language == item["language"]
            score["severity"] += read.severity >= item["severity_min"]
            score["risks"] += set(item.get("risks") or []) <= set(read.risks)
            score["overrisk"] += bool(set(read.risks) and not item.get("risks") and item["severity_min"] < 4)
            if not right:
                misses.append(
                    f"{listed(item['situation'])[0]} read as {read.situation} ({read.confidence}): {item['text'][:90]}"
                )
            elif read.severity < item["severity_min"] or not set(item.get("risks") or []) <= set(read.risks):
                told = f"{read.situation} severity {read.severity}, risks {read.risks}"
                misses.append(f"  {told}; wanted {item['severity_min']} {item.get('risks')}: {item['text'][:80]}")
            page = bonton.pages.playbooks[read.situation]
            if page.help == "none" or not page.moves:
                continue
            await bonton.library.ensure(brand)
            language = read.language if read.language in ("fr", "en") else "en"
            passages = await retrieve(bonton.library, brand.slug, item["text"], language, page)
            fact = sayable.choose(
                item["text"], page.seek.get(language, ""), passages, language, bonton.encoder, words=42
            )
            wanted = listed(item.get("fact"))
            heading = passages[fact.passage].heading if fact else ""
            fits = any(name.casefold() in heading.casefold() for name in wanted)
            score["facts wanted"] += bool(wanted)
            score["fact right"] += bool(wanted and fact and fits)
            score["fact other"] += bool(wanted and fact and not fits)
            score["fact none"] += bool(wanted and not fact)
            score["fact unwanted"] += bool(not wanted and fact)
            if fact and not fits:
                misses.append(
                    f"  fact ({fact.score}) {heading[-60:]} | wanted {wanted[:1]}: {item['text'][:70]} → {fact.text[:90]}"
                )
            elif wanted and not fact:
                misses.append(f"  no fact | wanted {wanted[0]}: {item['text'][:80]}")
    for name in ("situation", "language", "severity", "risks"):
        print(f"{name:<10} {score[name] / len(items):.0%} of {len(items)}")
    print(f"risk seen where there is none: {score['overrisk']}")
    print({name: count for name, count in score.items() if name.startswith("fact")})
    if verbose:
        print("\n".join(sorted(misses)))


def main() -> None:
    asyncio.run(measure("-v" in sys.argv))


if __name__ == "__main__":
    main()
