"""Every measure in turn, each with the command that makes it alone."""

from __future__ import annotations

import importlib
import subprocess
import sys

NAMES = (
    "startup",
    "drafts",
    "check_speed",
    "slack",
    "telegram",
    "prompts",
    "models",
    "search_speed",
    "retrieval",
    "quality",
    "fires",
)


def main() -> None:
    for name in NAMES:
        importlib.import_module(f"bench.{name}")
        print(f"\n== python -m bench.{name}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)  # its own process: memory is measured too


if __name__ == "__main__":
    main()
