"""`docs/checks.md`: what each check holds, in its module's own words: `python -m docs.checks` writes it, `--check` tells if it is stale."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

from bot.discover import checks

FILE = Path(__file__).with_name("checks.md")
COMMAND = "python -m docs.checks"
HEAD = f"""# What is checked in every draft

One rule a module of `bot/checks/`, found by name; this page is their own words (`{COMMAND}` writes it; `make lint` fails when it is not
current). A finding names the rule that it rests on: a section of this page, a number of a network's page (docs/networks.md), or a field of
the brand's file. `block` must be mended, or overridden by name with a reason; `warn` says its doubt; `note` is for whoever reads.
"""


def rendered() -> str:
    return "\n".join([HEAD, *(_section(name) for name in checks())])


def _section(name: str) -> str:
    module = importlib.import_module(f"bot.checks.{name}")
    return f"## {name}\n\n{inspect.cleandoc(module.__doc__ or '')}\n"


def main() -> None:
    if "--check" in sys.argv[1:]:
        if FILE.read_text(encoding="utf-8") != rendered():
            sys.exit(f"docs/checks.md is not current: {COMMAND}")
        return
    FILE.write_text(rendered(), encoding="utf-8")


if __name__ == "__main__":
    main()
