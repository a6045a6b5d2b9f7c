"""`docs/networks.md`: every fact of the network pages in tables. `python -m docs.networks` writes it; `--check` says if it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.pages import Pages, shared
from bot.sheet import Row, Sheet, sheet
from bot.view import View

FILE = Path(__file__).with_name("networks.md")
COMMAND = "python -m docs.networks"
HEAD = f"""# What each network takes

Every number that drafts are held to and models are told, from the pages in `prompts/networks/` (`{COMMAND}` writes this page; `make lint`
fails when it is not current). Tone, codes and what betrays a stranger stay on those pages; `bonton networks N` prints one whole.

A text is blocked only where the network refuses or cuts it *and* our confidence is high; everything else warns and says the doubt. What
was read more than six months ago is marked “to check again” by `bonton networks N`.
"""


def rendered(pages: Pages) -> str:
    view = View(pages, "en")
    sheets = [sheet(network, view, date.min) for network in pages.networks.values()]
    return "\n".join((HEAD, *("\n".join(_section(one)) for one in sheets)))


def _section(told: Sheet) -> Iterator[str]:
    yield f"## {told.network.title}\n"
    yield "; ".join(told.head) + f". Page: `prompts/networks/{told.network.name}.md`.\n"
    yield "| kind | what | says | if broken | confidence | read on | sources |"
    yield "|---|---|---|---|---|---|---|"
    for row in told.rows:
        yield "| " + " | ".join(_cells(row)) + " |"
    yield ""
    yield from (f"{number}. {source}" for number, source in enumerate(told.sources, 1))
    yield ""


def _cells(row: Row) -> Iterator[str]:
    yield f"`{row.kind}`"
    yield row.fact
    yield _safe(f"{row.says} ({row.note})" if row.note else row.says)
    yield row.severity
    yield row.confidence
    yield row.checked.isoformat() if row.checked else ""
    yield ", ".join(map(str, row.sources))


def _safe(text: str) -> str:
    for sign in "\\|<>*_~`#[]":
        text = text.replace(sign, f"\\{sign}")
    return text


def main() -> None:
    text = rendered(shared())
    if "--check" in sys.argv:
        current = FILE.exists() and FILE.read_text(encoding="utf-8") == text
        sys.exit(0 if current else f"docs/networks.md is not what prompts/networks/ says: run {COMMAND}")
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
