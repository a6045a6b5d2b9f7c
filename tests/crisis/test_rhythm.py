"""What an open crisis asks of whom, minute by minute; hours of the night count like others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.crisis.rhythm import Due, chain, due, owed
from bot.domain.draft import Approvals, Body, Draft
from bot.domain.incident import Entry, Incident, Room
from knowledge.brand import Brand
from tests.fakes.crisis import START

M = timedelta(minutes=1)


def incident(**more: Any) -> Incident:
    values = {"id": 1, "brand": "moulin-dore", "title": "t", "by": "Chloé", "state": "open", "opened_at": START}
    return Incident.model_validate(values | more)


def room(*, spoke: datetime | None = None, waiting: tuple[Draft, ...] = (), **more: Any) -> Room:
    return Room(
        incident=incident(**more), truth=(), held=(), waiting=waiting, first_words_at=spoke, last_words_at=spoke
    )


def whats(found: list[Due]) -> list[str]:
    return [one.what for one in found]


def entry(who: str, at: datetime, **details: Any) -> Entry:
    return Entry(id=1, incident=1, at=at, who=who, what="role.taken", details=details)


def test_opening_calls_everybody_who_may_lead_but_who_opened_it(brand: Brand) -> None:
    (called,) = due(room(), (), brand, START)
    assert (called.what, called.to) == ("called", ("Dan",))


@pytest.mark.parametrize(("minutes", "asked"), [(4, ""), (5, "Dan"), (9, "Dan"), (10, "Chloé"), (40, "Chloé")], ids=str)
def test_without_a_lead_the_next_one_is_asked_every_five_minutes(brand: Brand, minutes: int, asked: str) -> None:
    found = [one for one in due(room(), (), brand, START + minutes * M) if one.what == "no_lead"]
    assert [one.to for one in found] == ([(asked,)] if asked else [])


def test_crisis_leads_are_called_before_leads(brand: Brand) -> None:
    assert chain(incident(), brand) == ["Dan", "Chloé"]
    assert chain(incident(roles={"lead": "Dan"}), brand) == ["Chloé"]


def test_a_lead_who_does_nothing_while_words_are_late_is_relayed(brand: Brand) -> None:
    led = room(roles={"lead": "Chloé"})
    heard = [entry("Chloé", START + M, role="lead")]
    assert "lead_silent" not in whats(due(led, heard, brand, START + 6 * M))
    found = [one for one in due(led, heard, brand, START + 8 * M) if one.what == "lead_silent"]
    assert [(one.to, one.details["who"]) for one in found] == [(("Dan",), "Chloé")]
    busy = [*heard, entry("Chloé", START + 7 * M)]
    assert "lead_silent" not in whats(due(led, busy, brand, START + 8 * M))
    spoken = room(roles={"lead": "Chloé"}, spoke=START + M)
    assert "lead_silent" not in whats(due(spoken, heard, brand, START + 20 * M))


def test_first_words_are_due_after_two_minutes_and_again_every_ten(brand: Brand) -> None:
    led = room(roles={"lead": "Dan", "spokesperson": "Ada"})
    assert "first_words" not in whats(due(led, (), brand, START + M))
    keys = set()
    for minute in range(2, 23):
        (found,) = (one for one in due(led, (), brand, START + minute * M) if one.what == "first_words")
        assert found.to == ("Ada", "Dan")
        keys.add(found.key)
    assert len(keys) == 3
    assert "first_words" not in whats(due(room(level=1), (), brand, START + 9 * M))


def test_a_promised_update_is_announced_called_and_nagged_until_words_leave(brand: Brand) -> None:
    promised = START + 60 * M
    waiting = room(spoke=START + M, next_update=promised, roles={"lead": "Dan"})
    seen = {}
    for minute in (30, 49, 50, 59, 60, 69, 70, 80):
        found = [one for one in whats(due(waiting, (), brand, START + minute * M)) if one.startswith("update")]
        seen[minute] = found[0] if found else ""
    assert seen == {
        30: "",
        49: "",
        50: "update_soon",
        59: "update_soon",
        60: "update_due",
        69: "update_due",
        70: "update_late",
        80: "update_late",
    }
    kept = room(spoke=START + 55 * M, next_update=promised, roles={"lead": "Dan"})
    assert owed(kept, brand) is None
    assert not [one for one in whats(due(kept, (), brand, START + 75 * M)) if one.startswith("update")]


def test_words_that_promise_nothing_are_asked_for_a_time(brand: Brand) -> None:
    quiet = room(spoke=START, roles={"lead": "Dan"})
    assert "nothing_promised" not in whats(due(quiet, (), brand, START + 29 * M))
    assert "nothing_promised" in whats(due(quiet, (), brand, START + 30 * M))


def test_a_statement_that_nobody_approves_asks_those_who_could(brand: Brand) -> None:
    body = Body(
        text="x",
        approvals=Approvals(needed=2, crisis_lead=True, not_author=True, given=1, by=("Ada",)),
        language="fr",
        writer="playbook",
    )
    values = {"request": "r", "brand": brand.slug, "skill": "crisis", "network": "x", "kind": "holding", "prompt": ""}
    draft = Draft(**values, id=7, revision=1, state="pending", hash="", created_at=START, body=body, authors=("Ben",))
    asked = room(spoke=START, waiting=(draft,), roles={"lead": "Dan"})
    assert "waiting" not in whats(due(asked, (), brand, START + 9 * M))
    (found,) = (one for one in due(asked, (), brand, START + 10 * M) if one.what == "waiting")
    assert found.to == ("Dan",)


def test_a_lift_waits_for_its_second_person_and_a_long_shift_is_relayed(brand: Brand) -> None:
    closing = room(state="closing", closing_by="Dan", spoke=START, roles={"lead": "Dan"})
    entries = [entry("Dan", START + 20 * M)]
    assert "closing" not in whats(due(closing, entries, brand, START + 29 * M))
    (found,) = (one for one in due(closing, entries, brand, START + 30 * M) if one.what == "closing")
    assert found.to == ("Chloé",)
    long = room(spoke=START, roles={"lead": "Dan"}, next_update=START + timedelta(days=1))
    taken = [entry("Dan", START + 60 * M, role="lead")]
    assert "shift" not in whats(due(long, taken, brand, START + timedelta(hours=4, minutes=59)))
    assert "shift" in whats(due(long, taken, brand, START + timedelta(hours=5)))


def test_a_drill_calls_nobody_and_a_lifted_crisis_asks_nothing(brand: Brand) -> None:
    assert "called" not in whats(due(room(drill="rumeur"), (), brand, START + M))
    assert due(room(state="closed"), (), brand, START + 90 * M) == []
