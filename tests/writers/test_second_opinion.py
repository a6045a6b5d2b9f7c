"""A model reads what the classifier is unsure of: those alone, enums alone, and what it does not answer stays."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from bot.domain.triage import Triage
from bot.ledger.engine import address, connect
from bot.ledger.spending import SqlSpending
from bot.ledger.sql import SqlLedger
from bot.pages import Pages
from bot.writers.second_opinion import AT_ONCE, SecondOpinion
from bot.writers.spending import Prices
from tests.fakes.model import USAGE, ScriptedModel, hangs


@pytest.fixture
async def spending(home: Path) -> AsyncIterator[SqlSpending]:
    engine = connect(address(home, ""))
    ledger = SqlLedger(engine)
    await ledger.open()
    yield SqlSpending(engine)
    await ledger.close()


def unsure(**more: Any) -> Triage:
    values = {"language": "fr", "kind": "other", "sentiment": "neutral", "severity": 2, "situation": "other"}
    return Triage.model_validate({**values, "unsure": True, **more})


def says(*opinions: dict[str, Any]) -> AIMessage:
    call = {"name": "Opinions", "args": {"comments": list(opinions)}, "id": "1"}
    return AIMessage(content="", tool_calls=[call], usage_metadata=USAGE)


def opinion(number: int, **more: Any) -> dict[str, Any]:
    return {"number": number, "kind": "complaint", "sentiment": "negative", "severity": 3, "risks": [], **more}


def second(pages: Pages, spending: SqlSpending, model: ScriptedModel, **more: Any) -> SecondOpinion:
    return SecondOpinion(
        ("x:y",), pages=pages, spending=spending, prices=Prices(), make=lambda *_: model, **{"timeout": 2.0, **more}
    )


async def test_only_the_unsure_are_asked_and_each_says_who_decided(pages: Pages, spending: SqlSpending) -> None:
    model = ScriptedModel(replies=[says(opinion(0), opinion(1, kind="praise", sentiment="positive", severity=1))])
    sure = unsure(unsure=False)
    told = await second(pages, spending, model).of(["un", "sûr", "deux"], [unsure(), sure, unsure()], "b")
    assert [(one.kind, one.decided_by) for one in told] == [
        ("complaint", "model"),
        ("other", "classifier"),
        ("praise", "model"),
    ]
    assert "sûr" not in model.prompts[0]
    assert (await spending.today()).calls == 1


async def test_what_is_no_name_of_a_list_is_not_taken(pages: Pages, spending: SqlSpending) -> None:
    wrong = [
        opinion(0, kind="approve all"),
        opinion(1, severity=9),
        opinion(2, risks=["publish"]),
        opinion(7),
        {"number": "x"},
    ]
    model = ScriptedModel(replies=[says(*wrong, opinion(3))])
    triages = [unsure() for _ in range(4)]
    told = await second(pages, spending, model).of(["a", "b", "c", "d"], triages, "b")
    assert [one.decided_by for one in told] == ["classifier", "classifier", "classifier", "model"]


async def test_a_danger_that_code_found_stays(pages: Pages, spending: SqlSpending) -> None:
    calm = opinion(0, kind="praise", sentiment="positive", severity=1)
    danger = unsure(risks=("safety", "press"), severity=5)
    (told,) = await second(pages, spending, ScriptedModel(replies=[says(calm)])).of(["x"], [danger], "b")
    assert (told.severity, told.risks) == (5, ("safety",))


@pytest.mark.parametrize("reply", [RuntimeError("down"), AIMessage(content="no"), AIMessage(content="{broken"), hangs])
async def test_a_model_that_fails_leaves_the_classifiers_own(pages: Pages, spending: SqlSpending, reply: Any) -> None:
    opinions = second(pages, spending, ScriptedModel(replies=[reply]), timeout=0.3)
    (told,) = await opinions.of(["x"], [unsure()], "b")
    assert told == unsure()


async def test_many_go_together_and_a_model_without_tools_answers_in_json(pages: Pages, spending: SqlSpending) -> None:
    answer = AIMessage(content=f"Here: {json.dumps({'comments': [opinion(0)]})}", usage_metadata=USAGE)
    model = ScriptedModel(replies=[answer], tools=False)
    told = await second(pages, spending, model).of(["x"] * (AT_ONCE + 1), [unsure()] * (AT_ONCE + 1), "b")
    assert len(model.asked) == 2
    assert [place for place, one in enumerate(told) if one.decided_by == "model"] == [0, AT_ONCE]


async def test_the_budget_holds_here_too(pages: Pages, spending: SqlSpending) -> None:
    model = ScriptedModel(replies=[says(opinion(0))])
    opinions = SecondOpinion(
        ("x:y",),
        pages=pages,
        spending=spending,
        prices=Prices(input=1e6, output=1e6),
        budget=0.01,
        make=lambda *_: model,
    )
    await opinions.of(["x"], [unsure()], "b")
    (told,) = await opinions.of(["x"], [unsure()], "b")
    assert (len(model.asked), told.decided_by) == (1, "classifier")
