"""Incidents on the real desk: what waited is stopped, what is said stands on the source of truth, two release it, the journal tells it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bonton
from bot.domain.decision import Decision, Ruling
from bot.domain.draft import Draft
from bot.domain.incident import Change, Changed, Incident, Opening
from bot.domain.model import now
from bot.domain.request import Request
from bot.errors import NotAllowed, Refused
from bot.inbox import Asked
from bot.settings import Settings

B = "maison-virevent"


@pytest.fixture
async def desk(learned: Path, home: Path) -> AsyncIterator[Bonton]:
    shutil.copytree(learned / "cache", home / "cache", dirs_exist_ok=True)
    async with Bonton(Settings(BONTON_HOME=home)).running() as running:
        yield running


async def drafted(desk: Bonton, text: str = "Toujours pas reçu ma commande", number: str = "r1", **more: Any) -> Draft:
    asked = Request(id=number, text=text, brand=B, skill="reply", networks=("instagram",), author="Noé", **more)
    reply = await desk.handle(asked)
    return await desk.draft(reply.drafts[0])


async def opened(desk: Bonton, **more: Any) -> Incident:
    values: dict[str, Any] = {"brand": B, "title": "Lot 12 de la brume", "by": "Gaspard", "level": 3} | more
    return (await desk.crisis.open(Opening(**values))).incident


async def change(desk: Bonton, incident: Incident, verb: str, by: str = "Gaspard", **more: Any) -> Changed:
    return await desk.crisis.change(Change.model_validate({"incident": incident.id, "verb": verb, "by": by, **more}))


async def approve(desk: Bonton, draft: Draft, by: str, override: str = "") -> Ruling:
    return await desk.decide(Decision(draft=draft.id, verb="approve", by=by, override=override))


async def test_what_waited_is_held_until_it_is_thawed(desk: Bonton) -> None:
    one, other = await drafted(desk), await drafted(desk, "Vous livrez en Suisse ?", "r2")
    assert await desk.crisis.stops(B) == 2
    incident = await opened(desk)
    assert incident.froze == 2
    assert (await desk.draft(one.id)).held == incident.id
    with pytest.raises(Refused, match=r"crisis\.said\.held"):
        await approve(desk, one, "Gaspard")
    assert (await desk.crisis.room(incident.id)).held == (one.id, other.id)
    assert (await change(desk, incident, "thaw", "Maud", draft=one.id)).drafts == (one.id,)
    assert not (await change(desk, incident, "thaw", "Maud", draft=one.id)).applied
    first = await approve(desk, one, "Maud")
    assert first.draft.state == "pending"  # two people, one of them a crisis lead
    assert (await approve(desk, one, "Gaspard")).draft.state == "released"
    with pytest.raises(NotAllowed):
        await change(desk, incident, "thaw_all", "Maud")
    assert (await change(desk, incident, "thaw_all")).drafts == (other.id,)


async def test_one_crisis_however_many_open_it(desk: Bonton) -> None:
    opening = Opening(brand=B, title="Rumeur", by="Gaspard")
    came = await asyncio.gather(
        *(desk.crisis.open(opening.model_copy(update={"by": by})) for by in ("Gaspard", "Inès") * 3)
    )
    assert sum(one.applied for one in came) == 1
    assert len({one.incident.id for one in came}) == 1
    for wrong in ({"by": "Zoé"}, {"title": " "}):
        with pytest.raises(Refused):
            await desk.crisis.open(opening.model_copy(update=wrong))


async def test_statements_say_what_the_source_of_truth_says(desk: Bonton) -> None:
    incident = await opened(desk)
    await change(desk, incident, "add", "Inès", sort="confirmed", words="Le lot 12 est retiré de la vente")
    await change(desk, incident, "add", "Inès", sort="unknown", words="la cause du défaut")
    await change(desk, incident, "promise", "Inès", due=now() + timedelta(hours=2))
    texts = set()
    for kind in ("holding", "update", "apology", "correction", "end", "qa", "staff", "partners", "press"):
        reply = await desk.crisis.statement(incident.id, kind, Asked(by="Maud", event=kind))
        drafts = [await desk.draft(number) for number in reply.drafts]
        assert drafts
        for draft in drafts:
            assert draft.skill == "crisis"
            assert draft.body.statement == kind
            assert (draft.body.approvals.needed, draft.body.approvals.crisis_lead) == (2, True)
            assert not draft.body.blocked, [finding for finding in draft.body.findings if finding.level == "block"]
            assert "lot 12" in draft.body.text.lower()
            texts.add(draft.body.text)
    again = await desk.crisis.statement(incident.id, "holding", Asked(by="Maud", event="again"))
    assert (await desk.draft(again.drafts[0])).body.text not in texts


async def test_a_draft_that_breaks_the_source_of_truth_is_blocked(desk: Bonton) -> None:
    incident = await opened(desk)
    await change(desk, incident, "add", "Inès", sort="never", words="notre fournisseur est responsable")
    await change(desk, incident, "add", "Inès", sort="unknown", words="combien de clientes sont concernées")
    draft = await drafted(desk, "C’est vrai pour le lot 12 ?")
    for words, key in (
        ("Bonjour. Notre fournisseur est responsable de ce défaut.", "finding.never"),
        ("Bonjour, seules 37 clientes sont concernées par ce défaut.", "finding.not_confirmed"),
        ("Bonjour, nous savons combien de clientes sont concernées.", "finding.nobody_knows"),
    ):
        ruling = await desk.decide(Decision(draft=draft.id, verb="edit", by="Maud", text=words))
        found = [finding for finding in ruling.draft.body.findings if finding.check == "truth"]
        assert key in [finding.key for finding in found], words
        assert ruling.draft.body.blocked
    fine = "Bonjour, nous ne savons pas encore combien de clientes sont concernées. Nous vérifions."
    ruling = await desk.decide(Decision(draft=draft.id, verb="edit", by="Maud", text=fine))
    assert not [finding for finding in ruling.draft.body.findings if finding.check == "truth"]
    await change(desk, incident, "add", "Inès", sort="never", words="nous vérifions")
    with pytest.raises(Refused, match=r"check_again"):
        await approve(desk, draft, "Gaspard")


async def test_closing_takes_two_and_the_journal_tells_everything(desk: Bonton) -> None:
    waiting = await drafted(desk)
    incident = await opened(desk)
    await change(desk, incident, "take", role="lead")
    await change(desk, incident, "give", role="spokesperson", to="Maud")
    await change(desk, incident, "level", level=4)
    with pytest.raises(NotAllowed):
        await change(desk, incident, "take", "Noé", role="lead")
    with pytest.raises(Refused):
        await change(desk, incident, "agree", "Maud")
    await change(desk, incident, "close")
    with pytest.raises(NotAllowed):
        await change(desk, incident, "agree", "Gaspard")
    done = await change(desk, incident, "agree", "Maud")
    assert (done.incident.state, done.incident.closed_by, done.drafts) == ("closed", "Maud", (waiting.id,))
    assert (await desk.draft(waiting.id)).held == 0
    assert await desk.crisis.current(B) is None
    record = await desk.crisis.record(incident.id)
    told = [entry.what for entry in record.entries]
    assert told == [
        "incident.opened",
        "role.taken",
        "role.given",
        "level.set",
        "closing.asked",
        "incident.closed",
    ]
    with pytest.raises(Refused):
        await change(desk, incident, "level", level=1)


async def test_nothing_of_a_drill_leaves_and_nothing_real_stops(desk: Bonton) -> None:
    real = await drafted(desk)
    drill = await opened(desk, drill="sunburn_milk", title="Exercice")
    assert drill.froze == 0
    assert (await approve(desk, real, "Maud")).draft.state == "released"
    reply = await desk.crisis.statement(drill.id, "holding", Asked(by="Maud", event="d"))
    said = await desk.draft(reply.drafts[0])
    assert said.incident == drill.id
    await approve(desk, said, "Inès")
    assert (await approve(desk, said, "Gaspard")).said.key == "crisis.said.drill"
    assert (await desk.draft(said.id)).state == "approved"
    assert await desk.assistant.unreleased() == []


async def test_an_answer_in_a_crisis_says_the_line_that_matches(desk: Bonton) -> None:
    incident = await opened(desk)
    quiet = await drafted(desk, "Le lot 12 est dangereux ?", "before")
    assert "lot 12" not in quiet.body.text
    for words in ("Le lot 12 est retiré de la vente", "La boutique de Lyon est fermée ce soir"):
        await change(desk, incident, "add", "Inès", sort="confirmed", words=words)
    texts = [
        (await drafted(desk, f"Est-ce que le lot 12 est dangereux ? {number}", f"q{number}")).body
        for number in range(4)
    ]
    assert all("le lot 12 est retiré de la vente." in body.text for body in texts)
    assert not any(body.blocked for body in texts)
    assert all(one.text != other.text for one, other in pairwise(texts))
    english = await drafted(desk, "Is batch 12 dangerous? I am worried about my skin", "en")
    assert "retiré" not in english.body.text
