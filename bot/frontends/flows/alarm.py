"""`/alarme`, `/alarm`: bad buzz or noise? One panel an episode, which changes; « it is nothing » in one tap.

The herald shows it unasked. « Open a crisis » is a press of the crisis flow, and stands there only where that flow does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from importlib.util import find_spec
from typing import ClassVar

from bot.desk import Desk
from bot.domain.comment import Comment
from bot.domain.model import now
from bot.errors import Refused
from bot.frontends.flows import SIGNS, Teller
from bot.frontends.panel import Block, Button, Panel, Shown, said
from bot.view import View
from bot.watch import Alert
from knowledge.brand import Brand

CRISIS = "bot.frontends.flows.crisis"
QUOTED = 220
MARKS = {1: "🟡", 2: "🟠", 3: "🔴", 4: "🚨"}


class Alarm:
    name: ClassVar[str] = "alarm"
    words: ClassVar[tuple[str, ...]] = ("alarm", "alarme", "alerte", "alert")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._desk = desk
        self._clock = clock
        self._crisis = find_spec(CRISIS) is not None

    def takes(self, rest: str) -> bool:
        return rest.lstrip("#").isdigit()

    def hears(self, words: str) -> bool:
        return False

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        if (number := words.strip(SIGNS)).isdigit():
            alert = await self._alert(number, teller)
            yield Shown(panel=self.panel(alert, teller.open(alert.brand), teller.view), to="new")
            return
        brand, view = teller.brand, teller.view
        glance = await self._desk.watch.glance(brand.slug)
        if glance.alert is not None:
            yield Shown(panel=self.panel(glance.alert, brand, view), to="new")
        else:
            yield Shown(
                panel=said(view.say("alarm.calm" if glance.enough else "alarm.calm_not_enough", brand=brand.name)),
                to="new",
            )

    async def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        what, _, number = press.partition(":")
        if what not in ("nothing", "show"):
            raise Refused("alarm.old_button")
        alert = await self._alert(number, teller)
        brand, view = teller.open(alert.brand), teller.view
        if what == "nothing":
            came = await self._desk.watch.nothing(alert.id, teller.name(brand))
            alert = came.alert
            yield Shown(
                panel=said(view.say("alarm.nothing_done" if came.applied else "alarm.nothing_already")), to="private"
            )
        yield Shown(panel=self.panel(alert, brand, view))

    async def _alert(self, number: str, teller: Teller) -> Alert:
        alert = await self._desk.watch.alert(int(number) if number.isdecimal() and len(number) < 18 else 0)
        teller.open(alert.brand)
        return alert

    def panel(self, alert: Alert, brand: Brand, view: View) -> Panel:
        """What is going on, how sure that is, why, who began; and the two taps."""
        episode = alert.episode
        title = {"open": "title", "hushed": "title", "over": "over", "nothing": "dismissed"}[alert.state]
        level, sure = view.say(f"alarm.level_{episode.level}"), view.say(f"alarm.sure_{episode.certainty}")
        times = [moment.astimezone(brand.zone).strftime("%d/%m %H:%M") for moment in (episode.start, episode.last)]
        reasons = "\n".join(f"• {self._reason(alert, place, view)}" for place in range(len(episode.reasons)))
        since = view.say("alarm.since", start=times[0], last=times[1])
        blocks = [
            Block(
                title=view.say("alarm.summary", level=episode.level, name=level, sure=sure),
                text=reasons,
                note=" · ".join((since, view.say(f"alarm.means_{episode.level}"))),
            )
        ]
        if alert.first:
            blocks.append(Block(text=view.say("alarm.first")))
        blocks += [Block(quote=_clip(comment.text), note=_about(comment, brand, view)) for comment in alert.first]
        if buttons := self._buttons(alert, view):
            blocks.append(Block(buttons=buttons))
        mark = MARKS[episode.level] if alert.state == "open" else "⚪"
        return Panel(title=f"{mark} {view.say(f'alarm.{title}', brand=brand.name, who=alert.by)}", blocks=tuple(blocks))

    def _buttons(self, alert: Alert, view: View) -> tuple[Button, ...]:
        if alert.state not in ("open", "hushed"):
            return ()
        nothing = Button(words=view.say("alarm.nothing_button"), press=f"alarm:nothing:{alert.id}")
        if not self._crisis:
            return (nothing,)
        return (
            Button(words=view.say("alarm.crisis_button"), press=f"crisis:open:{alert.id}", style="danger"),
            nothing,
        )

    def _reason(self, alert: Alert, place: int, view: View) -> str:
        said_ = alert.episode.reasons[place].said
        details = dict(said_.details)
        if "subject" in details:
            page = view.pages.playbooks.get(str(details["subject"]))
            details["subject"] = page.title.get(view.locale, page.name) if page else details["subject"]
        if "reach" in details:
            details["reach"] = view.number(int(details["reach"]))
        return view.say(said_.key, **details)


def _about(comment: Comment, brand: Brand, view: View) -> str:
    network = view.pages.networks.get(comment.network)
    at = (comment.at or comment.received_at).astimezone(brand.zone).strftime("%d/%m %H:%M")
    return " · ".join(word for word in (network.title if network else "", comment.author, at) if word)


def _clip(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTED else f"{plain[: QUOTED - 1].rstrip()}…"


Flow = Alarm
