"""Whether search finds the right section of the sample brands' guidelines, and finds nothing where there is nothing.

Questions are those of `bench/quality.jsonl` that name the section they want; the off-topic ones are below. Prints recall at 1, 5 and
8, and how many off-topic questions were told "nothing close enough".
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from bench.quality import DATA, listed
from knowledge.brand import SAMPLES, folders, load
from knowledge.embed import UseEncoder
from knowledge.index import Index
from knowledge.search import Library

NOTHING = [
    "quantum chromodynamics on the lattice",
    "who won the ice hockey world championship in 1987",
    "how do I compile the Linux kernel",
    "la capitale de la Mongolie et son club de hockey",
    "quel est le théorème de Noether",
    "comment réparer la boîte de vitesses d’un tracteur",
    "la recette du bœuf bourguignon",
    "train timetable from Vienna to Prague",
    "best chess opening against the Sicilian",
    "qui a écrit La Chartreuse de Parme",
]


def main() -> None:
    items = [json.loads(line) for line in DATA.read_text().splitlines() if line.strip()]
    asked = [item for item in items if item.get("fact")]
    found = {1: 0, 5: 0, 8: 0}
    silent = 0
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Index(Path(folder), UseEncoder()))
        brands = {slug: load(place) for slug, place in folders([SAMPLES]).items()}
        for brand in brands.values():
            library._ensure(brand)
        for item in asked:
            passages = library._search(item["brand"], item["text"], 8)
            wanted = [name.casefold() for name in listed(item["fact"])]
            places = [
                place
                for place, passage in enumerate(passages, 1)
                if any(name in passage.heading.casefold() for name in wanted)
            ]
            for k in found:
                found[k] += bool(places and places[0] <= k)
        for slug in brands:
            silent += sum(not library._search(slug, question, 8) for question in NOTHING)
    for k, count in found.items():
        print(f"R@{k}: {count / max(len(asked), 1):.0%} of {len(asked)}")
    print(f"off-topic questions told nothing: {silent} of {len(NOTHING) * len(brands)}")


if __name__ == "__main__":
    main()
