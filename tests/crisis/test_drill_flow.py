"""`/exercice`: a scenario by its title, a pace, and a room that says at once that nothing can leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest

from bot.errors import NotAllowed, Refused
from bot.frontends.flows import Teller
from bot.frontends.flows.drill import Drill
from bot.pages import Pages
from bot.view import View
from tests.crisis.conftest import all_of, told
from tests.fakes.crisis import Clock, FakeDesk


@pytest.fixture
def view(pages: Pages) -> View:
    """Pages with one scenario."""
    known = next(iter(pages.drills.values()))
    titles = {"fr": "Charançons dans la farine", "en": "Weevils in the flour"}
    scenario = known.model_copy(update={"name": "weevils", "title": titles})
    found = View(pages, "fr")

    class Here:
        """The session's pages, but for their scenarios."""

        drills: ClassVar = {"weevils": scenario}

        def __getattr__(self, name: str) -> object:
            return getattr(pages, name)

    found.pages = Here()  # type: ignore[assignment]
    return found


async def test_a_scenario_is_chosen_paced_and_opened_as_a_drill(
    desk: FakeDesk, clock: Clock, speaks: Callable[..., Teller], view: View
) -> None:
    flow = Drill(desk, clock)  # type: ignore[arg-type]
    (asked,) = await all_of(flow.said("", speaks("Dan", view=view)))
    (scenario,) = asked.panel.blocks[0].buttons
    assert scenario.words == "Charançons dans la farine"
    (paces,) = await all_of(flow.pressed(scenario.press.removeprefix("drill:"), speaks("Dan", view=view)))
    last = paces.panel.blocks[0].buttons[-1]
    shown = await all_of(flow.pressed(last.press.removeprefix("drill:"), speaks("Ada", view=view)))
    assert "Exercice · Moulin Doré · rien ne peut partir" in told(shown[0].panel)
    incident = desk.crisis.kept[1]
    assert (incident.drill, incident.pace, incident.by, incident.place) == ("weevils", 20, "Ada", "C1/7.7")


async def test_strangers_and_old_buttons_start_nothing(
    desk: FakeDesk, clock: Clock, speaks: Callable[..., Teller], view: View
) -> None:
    flow = Drill(desk, clock)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        await all_of(flow.said("", speaks("x", user="U0NOBODY", view=view)))
    (asked,) = await all_of(flow.said("", speaks("Dan", view=view)))
    press = asked.panel.blocks[0].buttons[0].press.removeprefix("drill:")
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed(press, speaks("x", user="U0NOBODY", view=view)))
    for bad in ("go:7.x.y.weevils", press.replace("weevils", "locusts"), "boo"):
        with pytest.raises(Refused):
            await all_of(flow.pressed(bad, speaks("Dan", view=view)))
    assert desk.crisis.kept == {}
