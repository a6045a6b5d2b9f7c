"""`bonton alarm --replay`: the contract, and files that cannot be trusted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.alarm import series
from bot.domain.model import Said
from bot.errors import Refused
from bot.pages import Pages
from tests.alarm.test_detector import BURST, rows


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "alarm", *words]
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, "LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(place: Path, *, shares: bool = True, times: float = 10, share: float = 0.6) -> Path:
    header = "time,count,negative" if shares else "time,count"
    lines = [header]
    for row in rows(times, share, shares=shares):
        cells = [row.time.isoformat(), str(row.count)] + ([str(row.negative)] if shares else [])
        lines.append(",".join(cells))
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def test_a_history_gives_its_episodes(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv")
    done = run("--replay", str(file), "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    (found,) = [episode for episode in told["episodes"] if episode["start"] >= BURST.isoformat()]
    assert found["level"] >= 3
    assert any("% negative" in reason for reason in found["reasons"])


def test_several_at_once_each_under_its_name_with_a_chart(tmp_path: Path) -> None:
    files = [write(tmp_path / "a.csv"), write(tmp_path / "b.csv", shares=False)]
    done = run("--replay", *map(str, files), "--json", "--chart", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["files"]
    assert [one["file"] for one in told] == ["a.csv", "b.csv"]
    assert all(one["episodes"] for one in told)
    for name in ("a.svg", "b.svg"):
        assert (tmp_path / name).read_text().startswith("<svg")


HEAD = "time,count,negative\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        (HEAD, "is empty"),
        (HEAD + "2026-01-01T00:00,1,0\n", "is empty"),
        ("when,how\n1,2\n", "no column “time”"),
        ("time,how\n1,2\n", "no column “count”"),
        (HEAD + "2026-01-01T01:00,1,0\n2026-01-01T00:00,1,0\n", "line 3: the times are not in their order"),
        (HEAD + "2026-01-01T01:00,1,0\n2026-01-01T01:00,1,0\n", "line 3: this time is there already"),
        (HEAD + "2026-01-01T01:00,NaN,0\n", "line 2: “NaN”"),
        (HEAD + "2026-01-01T01:00,inf,0\n", "line 2: “inf”"),
        (HEAD + "2026-01-01T01:00,-4,0\n", "line 2: “-4”"),
        (HEAD + "2026-01-01T01:00,1e99,0\n", "line 2: “1e99”"),
        (HEAD + "2026-01-01T01:00,,0\n", "line 2: “—”"),
        (HEAD + "2026-01-01T01:00,4,9\n", "line 2: more negative"),
        (HEAD + "yesterday,4,1\n", "line 2: “yesterday”"),
        (HEAD + "2026-01-01T01:00Z,4,1\n2026-01-01T02:00,4,1\n", "line 3: some times have a zone"),
        (HEAD + "0001-01-01T00:00+14:00,4,1\n0001-01-02T00:00+14:00,4,1\n", "line 2"),
        (HEAD + "2026-01-01,4,1\n2026-03-01,4,1\n", "five minutes to a day"),
        (HEAD + "1990-01-01,4,1\n2026-03-01,4,1\n", "six years"),
        ("\x00\x01\x02\xff", ""),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_line(
    tmp_path: Path, pages: Pages, content: str, says: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content.encode("latin-1") if "\xff" in content else content.encode())
    with pytest.raises(Refused) as refused:
        series.read(file)
    said = pages.say(Said(key=refused.value.key, details=refused.value.details), "en")
    assert says in said
    assert "\n" not in said


def test_the_command_says_it_on_stderr_alone(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.csv"), tmp_path / "bad.csv"
    bad.write_text(HEAD + "2026-01-01T01:00,NaN,0\n")
    done = run("--replay", str(good), str(bad), "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "bad.csv, line 2: “NaN”" in done.stderr


def test_a_zone_that_changes_with_the_season_is_no_mixture(tmp_path: Path) -> None:
    file = tmp_path / "season.csv"
    times = ["2026-03-29T00:00+01:00", "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00"]
    file.write_text(HEAD + "".join(f"{time},1,0\n" for time in times))
    rows, step = series.read(file)
    assert (len(rows), step.total_seconds()) == (4, 3600)


def test_rows_closer_than_five_minutes_are_added_up(tmp_path: Path) -> None:
    file = tmp_path / "minutes.csv"
    file.write_text("timestamp,value\n" + "".join(f"2026-01-01 00:{minute:02},2\n" for minute in range(60)))
    rows, step = series.read(file)
    assert (step.total_seconds(), sum(row.count or 0 for row in rows)) == (300, 120)


def test_too_short_a_history_says_so(tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    file.write_text(HEAD + "".join(f"2026-01-0{day}T{hour:02}:00,4,1\n" for day in (1, 2) for hour in range(24)))
    done = run("--replay", str(file), "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert told["episodes"] == []
    assert "Not enough data" in told["note"]
