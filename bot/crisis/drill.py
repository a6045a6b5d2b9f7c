"""A drill's story on the clock: which of its turns have come by a moment, and the voices that a chorus is made of.

Pure: a page of `prompts/drills/`, an incident and a moment in; so a drill that was killed goes on where its clock says. What the team does
with it is the crisis's own flow; that nothing of it leaves is the ledger's to hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.comment import NewComment
from bot.domain.incident import Incident
from bot.domain.model import Value
from bot.pages import Scenario, Turn

SPREAD = 4.0
"""Minutes of the story over which the voices of a chorus come."""
NAMES = (
    "Adam Alice Aya Ben Chloé Clara Dan Eli Emma Enzo Eva Félix Gaël Hana Hugo Ida Inès Jade Jules Kim Léa Lina Lou Louis Maé Max Mia Milo "
    "Nina Noah Nora Olga Omar Paul Rosa Sacha Sam Sofia Théo Tom Yanis Zoé"
).split()


class Beat(Value):
    """A turn whose minute has come."""

    place: int
    """Among the turns of its page, from 0."""
    turn: Turn
    words: str
    """Of a comment or of news; of a chorus, none."""
    comments: tuple[NewComment, ...] = ()
    """What has come of it: one of a written comment, as many of a chorus as had time, none of news."""


def minute(incident: Incident, moment: datetime) -> float:
    """Of the story."""
    return max(0.0, (moment - incident.opened_at).total_seconds() / 60 * incident.pace)


def over(scenario: Scenario, incident: Incident, moment: datetime) -> bool:
    last = scenario.turns[-1]
    return minute(incident, moment) >= last.at + (SPREAD if last.chorus else 0)


def come(scenario: Scenario, incident: Incident, brand: str, language: str, moment: datetime) -> list[Beat]:
    """Everything that has come by then, in its order; `brand`: its name."""
    now = minute(incident, moment)
    beats = []
    for place, turn in enumerate(scenario.turns):
        if turn.at > now:
            break
        said = turn.words(language).replace("{brand}", brand)
        voices = _voices(scenario, turn, place, incident, language) if turn.chorus else iter([(turn.at, "", said)])
        comments = [
            NewComment(
                brand=incident.box,
                text=words.replace("{brand}", brand),
                network=turn.network,
                ref=ref(incident, place, number),
                author=author or turn.author,
                source=incident.box,
                at=incident.opened_at + timedelta(minutes=at / incident.pace),
            )
            for number, (at, author, words) in enumerate(voices)
            if at <= now and not turn.news
        ]
        beats.append(Beat(place=place, turn=turn, words=said, comments=tuple(comments)))
    return beats


def ref(incident: Incident, place: int, number: int) -> str:
    """What a network would call the comment."""
    return f"drill:{incident.id}:{place}:{number}"


def _voices(
    scenario: Scenario, turn: Turn, place: int, incident: Incident, language: str
) -> Iterator[tuple[float, str, str]]:
    """Minute, author and words of each, the same whenever it is asked."""
    drawn = random.Random(f"{incident.id}:{place}")  # noqa: S311 - a story's dice, not a secret's
    lines = list(scenario.chorus["fr" if language == "fr" else "en"])
    for number in range(turn.chorus):
        if number % len(lines) == 0:
            drawn.shuffle(lines)
        author = f"{drawn.choice(NAMES)} {chr(ord('A') + drawn.randrange(26))}."
        yield turn.at + SPREAD * number / turn.chorus, author, lines[number % len(lines)]
