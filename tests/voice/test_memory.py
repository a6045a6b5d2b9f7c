"""What people approved comes back as examples, of their own brand alone; what they correct alike is asked, once."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from bot.domain.draft import Finding
from bot.domain.triage import Triage
from bot.domain.voice import Like, Rule
from bot.errors import NotAllowed, Refused
from bot.ledger import tables
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from bot.ledger.voice import SqlVoice
from bot.memory import GIVEN, QUOTED, SAID, Memory
from bot.steps.draft import Example
from knowledge.brand import Brand
from tests.fakes.parts import HashEncoder
from tests.fakes.people import brand as other_brand
from tests.ledger.conftest import Desk
from tests.voice.killed import main

Released = Callable[..., Any]
LATE = Like(skill="reply", network="instagram", situation="late", language="en", text="My parcel is three weeks late")
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.voice.killed"])


def read(situation: str, **more: Any) -> Triage:
    return Triage(language="en", kind="complaint", sentiment="negative", severity=2, situation=situation, **more)


@pytest.fixture
def notes(desk: Desk) -> SqlVoice:
    return SqlVoice(desk.ledger._engine)


@pytest.fixture
def memory(notes: SqlVoice, brand: Brand) -> Memory:
    return Memory(notes, lambda _: brand, HashEncoder)


@pytest.fixture
def released(desk: Desk) -> Released:
    """Takes a draft through to its release, edited by Ben when his words are given."""
    numbers = itertools.count(1)

    async def release(
        prompt: str, text: str, *, edited: str = "", situation: str = "late", brand: str = "", **draft: Any
    ) -> int:
        name = f"r{next(numbers)}"
        draft = {"triage": read(situation), **draft}
        if brand:
            new = desk._new_draft(name, prompt=prompt, text=text, **draft).model_copy(update={"brand": brand})
            from bot.domain.request import Request

            made = (await desk.ledger.submit([new], Request(id=name, text=prompt, brand=brand)))[0]
        else:
            made = await desk.submit(name, prompt=prompt, text=text, **draft)
        if edited:
            made = (await desk.edit(made, edited, "Ben")).draft
        await desk.press("approve", made.id, "Ada", override="agreed")
        await desk.ledger.release(made.id, made.revision)
        return made.id

    return release


async def given(memory: Memory, brand: Brand, like: Like = LATE) -> list[str]:
    return [example.text for example in await memory.examples(brand, like)]


async def test_an_approved_text_is_an_example_and_a_pending_one_is_not(
    desk: Desk, memory: Memory, released: Released, brand: Brand
) -> None:
    await desk.submit("waiting", prompt="My parcel is late", text="Not approved.", triage=read("late"))
    await released("My parcel is two weeks late", "Two weeks is long, sorry.")
    found = await memory.examples(brand, LATE)
    assert found == (
        Example(network="instagram", prompt="My parcel is two weeks late", text="Two weeks is long, sorry."),
    )


async def test_near_in_situation_and_network_first_and_a_persons_words_before_what_was_let_through(
    memory: Memory, released: Released, brand: Brand
) -> None:
    await released("Praise from somebody", "Thanks for the praise.", situation="praise")
    await released("My parcel is late", "Elsewhere.", network="x")
    await released("My parcel is late", "Let through.")
    await released("My parcel is late", "Was.", edited="In our own words.")
    found = await memory.examples(brand, LATE)
    assert [one.text for one in found] == ["In our own words.", "Let through.", "Elsewhere."]
    assert [one.edited for one in found] == [True, False, False]
    assert len(found) == GIVEN


async def test_words_that_the_writer_wrote_anew_after_an_edit_are_the_writers(
    desk: Desk, memory: Memory, released: Released, brand: Brand
) -> None:
    from bot.domain.decision import Decision

    draft = await desk.submit("r", prompt="Late", text="First.", triage=read("late"))
    draft = (await desk.edit(draft, "Second.", "Ben")).draft
    body = draft.body.model_copy(update={"text": "Third.", "author": "Ben"})
    wish = Decision(draft=draft.id, revision=2, verb="ask", by="Ben", text="shorter")
    await desk.ledger.revise(draft.id, 2, body, wish)
    await desk.press("approve", draft.id, "Ada")
    await desk.ledger.release(draft.id, 3)
    assert [(one.text, one.edited) for one in await memory.examples(brand, LATE)] == [("Third.", False)]


async def test_no_brand_hears_another(notes: SqlVoice, released: Released, brand: Brand) -> None:
    mine, theirs = brand, other_brand()
    memory = Memory(notes, lambda slug: mine if slug == mine.slug else theirs, HashEncoder)
    for count in range(4):
        await released("My parcel is three weeks late", f"Ours {count}.")
        await released("My parcel is three weeks late", f"Theirs {count}.", brand=theirs.slug)
    assert {text.split()[0] for text in await given(memory, mine)} == {"Ours"}
    assert {text.split()[0] for text in await given(memory, theirs)} == {"Theirs"}
    assert {text.split()[0] for text in await given(memory, mine)} == {"Ours"}


async def test_other_languages_and_skills_are_no_examples(memory: Memory, released: Released, brand: Brand) -> None:
    await released("Mon colis est en retard", "Désolés.", language="fr")
    assert await given(memory, brand) == []
    assert await given(memory, brand, LATE.model_copy(update={"language": "fr"})) == ["Désolés."]
    assert await given(memory, brand, LATE.model_copy(update={"language": "fr", "skill": "post"})) == []


async def test_personal_data_stays_with_its_own_draft(memory: Memory, released: Released, brand: Brand) -> None:
    await released(
        "Late! Write to zoe.hart@home.example or 06 12 34 56 78, my name is Zoe Hart", "Sorry Zoe, three weeks is long."
    )
    (found,) = await memory.examples(brand, LATE)
    told = found.model_dump_json()
    assert not [word for word in ("zoe", "Zoe", "Hart", "06 12") if word in told]
    assert "three weeks is long" in found.text


async def test_what_is_at_risk_or_was_let_through_in_spite_of_a_rule_teaches_nothing(
    memory: Memory, released: Released, brand: Brand
) -> None:
    await released("It burned my daughter", "We are so sorry.", triage=read("late", risks=("health",)))
    blocked = (Finding(check="promises", level="block", key="promises.refund"),)
    await released("Late", "We refund you tomorrow.", findings=blocked)
    assert await given(memory, brand) == []
    assert await memory.learn(brand) == 0, "and is not read again"


async def test_an_example_is_short_whatever_was_written(memory: Memory, released: Released, brand: Brand) -> None:
    await released("late " * 400, "long " * 400)
    (found,) = await memory.examples(brand, LATE)
    assert len(found.prompt) <= QUOTED
    assert len(found.text) <= SAID


async def test_equal_texts_are_given_once(memory: Memory, released: Released, brand: Brand) -> None:
    for _ in range(3):
        await released("My parcel is late", "Sorry.")
    assert await given(memory, brand) == ["Sorry."]


async def test_the_examples_can_be_made_again_from_the_ledger(
    desk: Desk, notes: SqlVoice, memory: Memory, released: Released, brand: Brand
) -> None:
    for count in range(40):
        await released(f"Parcel {count} is late", f"Sorry {count}.", edited=f"So sorry {count}." if count % 2 else "")
    await memory.catch_up([brand])
    before = await notes.examples(brand.slug, HashEncoder.name)
    assert len(before) == 40
    async with desk.ledger._engine.begin() as connection:
        await connection.execute(delete(tables.examples))
    await Memory(notes, lambda _: brand, HashEncoder).catch_up([brand])
    after = await notes.examples(brand.slug, HashEncoder.name)
    assert [kept for kept, _ in after] == [kept for kept, _ in before]


async def test_another_encoder_reads_them_anew(
    notes: SqlVoice, memory: Memory, released: Released, brand: Brand
) -> None:
    await released("My parcel is late", "Sorry.")
    assert await given(memory, brand) == ["Sorry."]

    class Other(HashEncoder):
        name = "other"
        dimensions = 64

    assert await given(Memory(notes, lambda _: brand, Other), brand) == ["Sorry."]
    assert await notes.examples(brand.slug, HashEncoder.name) == []


async def test_a_memory_that_fails_keeps_nobody_waiting(notes: SqlVoice, released: Released, brand: Brand) -> None:
    await released("My parcel is late", "Sorry.")

    class Broken(HashEncoder):
        def encode(self, texts: Any) -> Any:
            raise OSError("no disk")

    memory = Memory(notes, lambda _: brand, Broken)
    assert await memory.examples(brand, LATE) == ()
    await memory.catch_up([brand])


async def test_killed_between_release_and_indexing_it_catches_up(home: Path) -> None:
    process = PROCESSES.Process(target=main, args=(home,))
    process.start()
    await asyncio.to_thread(process.join, 60)
    assert process.exitcode == -signal.SIGKILL
    engine = connect(address(home, ""))
    ledger = SqlLedger(engine)
    await ledger.open()
    async with engine.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.outcomes)) == 1
        assert await connection.scalar(select(func.count()).select_from(tables.examples)) == 0
    memory = Memory(SqlVoice(engine), lambda _: other_brand(), HashEncoder)
    like = LATE.model_copy(update={"network": "x", "situation": ""})
    assert await given(memory, other_brand(), like) == ["Three weeks, sorry."]
    await ledger.close()


async def asked(desk: Desk, memory: Memory, count: int, first: int = 1, **draft: Any) -> list[Rule]:
    """Ben corrects « Sorry » the same way on so many drafts; the questions that came."""
    rules = []
    for number in range(first, first + count):
        made = await desk.submit(f"a{number}", text="We are really sorry for this.", **draft)
        edited = (await desk.edit(made, "We are really gutted for this.", "Ben")).draft
        if rule := await memory.noticed(edited):
            rules.append(rule)
    return rules


async def test_what_a_person_changed_is_kept_word_by_word(desk: Desk, notes: SqlVoice) -> None:
    draft = await desk.submit(text="We are really sorry for this.")
    await desk.edit(draft, "We are really gutted for this.", "Ben")
    (edit,) = await notes.changes(draft.id)
    assert (edit.revision, edit.by, [(one.before, one.after) for one in edit.changed]) == (
        2,
        "Ben",
        [("sorry", "gutted")],
    )
    assert edit.at.tzinfo is not None


async def test_the_third_alike_edit_asks_once_and_a_lead_settles_it(desk: Desk, memory: Memory, brand: Brand) -> None:
    (rule,) = await asked(desk, memory, 5)
    assert (rule.state, rule.network, rule.drafts, rule.draft) == ("proposed", "instagram", (1, 2, 3), 3)
    assert await memory.rules(brand.slug, "instagram", "en") == ()
    for nobody in ("Fay", "Eve", "Zoe"):
        with pytest.raises(NotAllowed):
            await memory.settle(rule.id, "accepted", nobody)
    accepted = await memory.settle(rule.id, "accepted", "chloé")
    assert (accepted.state, accepted.by) == ("accepted", "Chloé")
    assert await memory.rules(brand.slug, "instagram", "en") == (rule.habit,)
    assert await memory.rules(brand.slug, "x", "en") == ()
    assert await memory.rules(brand.slug, "instagram", "fr") == ()
    assert await memory.rules("la-maison", "instagram", "en") == ()
    with pytest.raises(Refused, match="already_accepted"):
        await memory.settle(rule.id, "refused", "Ada")
    with pytest.raises(NotAllowed):
        await memory.settle(rule.id, "undone", "Fay")
    await memory.settle(rule.id, "undone", "Ada")
    assert await memory.rules(brand.slug, "instagram", "en") == ()
    trail = [line for line in await desk.trail(3) if line.startswith("rule.")]
    assert trail == ["rule.proposed", "rule.accepted Chloé", "rule.undone Ada"]


async def test_a_refused_rule_is_never_asked_again(desk: Desk, memory: Memory) -> None:
    (rule,) = await asked(desk, memory, 3)
    await memory.settle(rule.id, "refused", "Fay")
    assert await asked(desk, memory, 4, first=10) == []


async def test_two_at_once_ask_once(desk: Desk, memory: Memory) -> None:
    assert await asked(desk, memory, 2) == []
    drafts = [await desk.submit(f"b{number}", text="We are really sorry for this.") for number in range(4)]
    edited = [(await desk.edit(draft, "We are really gutted for this.", "Ben")).draft for draft in drafts]
    found = await asyncio.gather(*(memory.noticed(draft) for draft in edited))
    assert len([rule for rule in found if rule]) == 1


async def test_there_is_no_rule_of_that_number(memory: Memory) -> None:
    for number in (0, 7, -1, 2**40):
        with pytest.raises(Refused, match=r"rules\.unknown"):
            await memory.settle(number, "accepted", "Ada")
