"""What words in a war room mean, in both languages; a sentence that only begins like an order is none."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.frontends.war_room_said import Meant, meant, moment

PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 11, 23, 23, 10, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("said", "sort", "words", "line"),
    [
        ("fait : Le lot L-2041 est retiré.", "confirmed", "Le lot L-2041 est retiré.", 0),
        ("Fait : l’usine est à l’arrêt", "confirmed", "l’usine est à l’arrêt", 0),
        ("fact: the batch is withdrawn", "confirmed", "the batch is withdrawn", 0),
        ("fait 12 : le lot L-2042", "confirmed", "le lot L-2042", 12),
        ("FACT #3: corrected", "confirmed", "corrected", 3),
        ("On ne sait pas : la cause", "unknown", "la cause", 0),
        ("we don’t know: how many people", "unknown", "how many people", 0),
        ("jamais : « cas isolé »", "never", "« cas isolé »", 0),
        ("Never say: an isolated case", "never", "an isolated case", 0),
    ],
)
def test_a_line_of_the_source_of_truth(said: str, sort: str, words: str, line: int) -> None:
    assert meant(said) == Meant("line", words=words, sort=sort, line=line)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("prochain point 14:00", "promise"),
        ("next update: 2 pm", "promise"),
        ("point à 14 h 30", "promise"),
        ("niveau 3", "level"),
        ("level 4.", "level"),
        ("relève", "shift"),
        ("lever", "lift"),
        ("#12", "number"),
        ("lait solaire, plaques rouges", "none"),
        ("point presse demain matin avec la préfecture", "none"),
        ("jamais vu ça : quel scandale", "none"),
        ("niveau 9", "none"),
        ("fait :", "none"),
        ("", "none"),
    ],
)
def test_an_order_or_none(said: str, act: str) -> None:
    assert meant(said).act == act


@pytest.mark.parametrize(
    ("said", "day", "hour"),
    [
        ("23:30", 23, "23:30"),
        ("14:00", 24, "14:00"),
        ("14h", 24, "14:00"),
        ("à 14 h 05", 24, "14:05"),
        ("2:30 pm", 24, "14:30"),
        ("12 am", 24, "00:00"),
        ("demain 9 h", 24, "09:00"),
        ("tomorrow at 9am", 24, "09:00"),
        ("midi", 24, "12:00"),
        ("dans 45 min", 23, "23:55"),
        ("+30", 23, "23:40"),
        ("in 2 hours", 24, "01:10"),
        ("+1h30", 24, "00:40"),
    ],
)
def test_a_time_lies_ahead(said: str, day: int, hour: str) -> None:
    found = moment(said, NIGHT)
    assert found is not None
    assert (found.day, found.strftime("%H:%M")) == (day, hour)


@pytest.mark.parametrize("said", ["14", "99h", "25:00", "vendredi prochain", "bientôt", "", "demain"])
def test_what_is_no_time_is_refused(said: str) -> None:
    assert moment(said, NIGHT) is None


@pytest.mark.parametrize("sign", ["fait", "1", " ", "+", "h", ":", "é"])
def test_a_hostile_text_costs_no_time(sign: str) -> None:
    text = sign * (200_000 // len(sign))
    start = time.perf_counter()
    meant(text)
    moment(text, NIGHT)
    meant(f"fait {text} : x")
    assert time.perf_counter() - start < 0.5
