"""How long `bonton --help` takes, as a whole process, against a Python that does nothing, in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
LIMIT_S = 0.5


def main() -> None:
    ours, bare = [], []
    for _ in range(RUNS):
        ours.append(_timed([sys.executable, "-m", "bot", "--help"]))
        bare.append(_timed([sys.executable, "-c", "pass"]))
    middle, floor = statistics.median(ours), statistics.median(bare)
    print(
        f"bonton --help: median {middle:.3f} s, max {max(ours):.3f} s; limit {LIMIT_S} s: {middle / LIMIT_S:.0%} of it"
    )
    print(f"python -c pass: median {floor:.3f} s; ratio {middle / floor:.1f}")


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
