"""How long a reply takes from request to pending draft (triage, retrieval, words, checks, ledger, durable work), and memory.

Real parts, a new data folder, the two sample brands; comments are built from lists, so that no two are alike.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import tempfile
import time
import uuid
from pathlib import Path

from bot.app import Bonton
from bot.domain.request import Request
from bot.settings import Settings

LIMIT_MS, LIMIT_MB = 150, 400
WHATS = {
    "maison-virevent": [
        "Colis toujours pas arrivé depuis {n} jours",
        "Mon sérum est arrivé cassé, {n} euros à la poubelle",
        "Toujours pas remboursée après {n} semaines, personne ne répond",
        "La crème à {n} € me donne des plaques rouges",
        "{n} minutes d'attente à la boutique de Lyon, accueil glacial",
    ],
    "tern-and-thistle": [
        "Waited {n} minutes for a flat white in Leith, rude barista",
        "My beans are {n} days late and nobody answers",
        "£{n} for a bag of beans? You must be joking",
        "Charged twice {n} days ago, still no refund",
        "Found a bit of plastic in my coffee, {n} emails unanswered",
    ],
}
NETWORKS = ("instagram", "google", "x", "facebook", "linkedin", "tiktok")
DRAFTS = 120


async def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONTON_HOME"] = folder
        bonton = Bonton(Settings())
        async with bonton.running():
            for brand in WHATS:
                await bonton.handle(_request(brand, "Bonjour, où en est ma commande ?", "instagram"))
            times = []
            mix = itertools.cycle(itertools.product(NETWORKS, [(b, w) for b, whats in WHATS.items() for w in whats]))
            for number, (network, (brand, what)) in zip(range(DRAFTS), mix, strict=False):
                start = time.perf_counter()
                await bonton.handle(_request(brand, what.format(n=number + 2), network))
                times.append((time.perf_counter() - start) * 1000)
            middle, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(
                f"{DRAFTS} replies: median {middle:.0f} ms, p95 {p95:.0f} ms; limit {LIMIT_MS} ms: {middle / LIMIT_MS:.0%}"
            )
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    print(f"resident memory {resident:.0f} MB; limit {LIMIT_MB} MB: {resident / LIMIT_MB:.0%}")


def _request(brand: str, text: str, network: str) -> Request:
    return Request(id=str(uuid.uuid4()), text=text, brand=brand, skill="reply", networks=(network,))


def main() -> None:
    asyncio.run(measure())


if __name__ == "__main__":
    main()
