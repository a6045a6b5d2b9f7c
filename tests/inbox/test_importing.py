"""Comments out of files: what the usual tools export is read as it is meant, whole or not at all, and goes on after a kill."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.domain.comment import NewComment
from bot.errors import Refused
from bot.importing import comment, look, rows
from bot.inbox import BATCH, Inbox
from bot.pages import Pages
from tests.inbox.conftest import Desk

B = "moulin-dore"


def written(place: Path, content: str | bytes, name: str = "export.csv") -> Path:
    file = place / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(file: Path, pages: Pages) -> list[NewComment]:
    columns = look(file, pages).columns
    with rows(file) as found:
        return [comment(row, columns, pages, brand=B, network="", source="s") for row in found]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("date;réseau;auteur;commentaire\n20/11/2026 09:12;Instagram;@lea;Toujours rien reçu\n", "fr.csv"),
        (
            "date;réseau;auteur;commentaire\n20/11/2026 09:12;Instagram;@lea;Toujours rien reçu\n".encode("cp1252"),
            "win.csv",
        ),
        (
            "\ufeffdate;réseau;auteur;commentaire\n20/11/2026 09:12;Instagram;@lea;Toujours rien reçu\n".encode(
                "utf-16"
            ),
            "x.csv",
        ),
        (
            "\ufeffCreated Time,Network,Username,Message\n2026-11-20T09:12:00Z,instagram,@lea,Toujours rien reçu\n",
            "en.csv",
        ),
        ("Timestamp\tPlatform\tScreen Name\tFull Text\n1795165920\tIG\t@lea\tToujours rien reçu\n", "tab.tsv"),
        (
            '[{"created_at":"2026-11-20T09:12:00Z","platform":"instagram","from":{"username":"@lea"},"text":"Toujours rien reçu"}]',
            "l.json",
        ),
        (
            '{"data":[{"timestamp":1795165920000,"network":"instagram","username":"@lea","message":"Toujours rien reçu"}]}',
            "o.json",
        ),
        (
            '{"published":"2026-11-20T09:12:00Z","network":"instagram","author":"@lea","body":"Toujours rien reçu"}\n',
            "l.jsonl",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_the_usual_exports_are_read_as_they_are_meant(tmp_path: Path, pages: Pages, content: Any, name: str) -> None:
    (one,) = read(written(tmp_path, content, name), pages)
    assert (one.text, one.author, one.network) == ("Toujours rien reçu", "@lea", "instagram")
    assert one.at is not None
    assert (one.at.year, one.at.month, one.at.day, one.at.minute) == (2026, 11, 20, 12)


def test_without_a_name_the_longest_words_are_the_text(tmp_path: Path, pages: Pages) -> None:
    file = written(tmp_path, "a,b\nx1,We waited two hours in the rain\nx2,Never again in this shop\n")
    assert look(file, pages).columns["text"] == "b"


def test_a_person_says_the_columns(tmp_path: Path, pages: Pages) -> None:
    file = written(tmp_path, "comment,reply\nthe public,ours\n")
    assert look(file, pages, {"text": "reply"}).rows[0]["text"] == "ours"
    with pytest.raises(Refused, match=r"import\.no_column"):
        look(file, pages, {"text": "nothing"})


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("", "import.empty"),
        ("[]", "import.empty"),
        ("id,date\n1,2026-01-01\n", "import.no_text"),
        (b"\x89PNG\0\0\0", "import.not_text"),
        ('[{"text":"a"},{"text":', "import.broken"),
    ],
)
def test_what_holds_no_comments_is_said(tmp_path: Path, pages: Pages, content: Any, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(written(tmp_path, content), pages)
    assert refusal.value.key == key


async def test_rows_that_cannot_be_stored_are_counted_with_their_reasons(
    inbox: Inbox, tmp_path: Path, pages: Pages
) -> None:
    lines = ["text,author", "late again,a", ",b", f'"{"x" * 20_001}",c', "late again,a", '"a\0b\u202e",d']
    file = written(tmp_path, "\n".join(lines).replace("\0", ""))
    done = await inbox.bring(B, str(file), look(file, pages).columns)
    assert (done.rows, done.stored, done.duplicates) == (5, 2, 1)
    assert done.refused == {"import.row_empty": 1, "import.row_too_long": 1}
    again = await inbox.bring(B, str(file), look(file, pages).columns)
    assert again == done


async def test_an_import_goes_on_where_it_stopped(desk: Desk, tmp_path: Path, pages: Pages) -> None:
    file = written(tmp_path, "text\n" + "".join(f"late number {place}\n" for place in range(1_000)))
    columns = look(file, pages).columns

    class Stop(Exception):
        pass

    def stop(done: int, total: int, _: str) -> None:
        assert total == 1_000
        if done >= 2 * BATCH:
            raise Stop

    with pytest.raises(Stop):
        await desk.inbox.bring(B, str(file), columns, on_progress=stop)
    seen: list[int] = []
    done = await desk.inbox.bring(B, str(file), columns, on_progress=lambda at, *_: seen.append(at))
    assert seen[0] == 3 * BATCH
    assert (done.rows, done.stored, done.duplicates) == (1_000, 1_000, 0)


def test_a_killed_import_loses_nothing_and_stores_nothing_twice(learned: Path, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "many.csv"
    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["comment", "id"])
        table.writerows([f"Comment number {place} about my parcel", place] for place in range(450))
    environment = {**os.environ, "BONTON_HOME": str(home), "LANG": "C"}
    command = [sys.executable, "-m", "bot", "import", str(file), "--brand", "maison-virevent", "--yes", "--json"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = home / "bonton.sqlite"
    for _ in range(2400):
        time.sleep(0.05)
        if database.exists() and database.with_name("bonton.sqlite-wal").exists() and _stored(database) >= 100:
            break
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 0 < _stored(database) < 450
    done = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert (done["rows"], done["stored"], done["duplicates"], done["refused"]) == (450, 450, 0, {})
    assert _stored(database) == 450


def _stored(database: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM comments").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
