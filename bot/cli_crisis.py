"""`bonton crisis …` and `bonton drill …`: an incident and a drill from the command line. Parses and prints, as `cli.py` does.

What is told of an incident afterwards is `cli_report.py`'s.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.incident import Changed, Incident, Room, Story
    from bot.view import View
    from knowledge.brand import Brand

T = TypeVar("T")
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The crisis's number.")]
AsOption = Annotated[str, typer.Option("--as", help="Who says so: a name from the brand's people.")]
BrandOption = Annotated[str, typer.Option("--brand", help="The brand's folder name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]
BEAT = 2.0
"""Seconds between looks at a drill's story."""


class WithDesk(Protocol):
    def __call__(self, work: Callable[[Desk], Awaitable[T]]) -> T: ...


class Commands:
    """Both groups, on the command line's own desk and voice."""

    def __init__(self, with_desk: WithDesk, view: Callable[[], View], print_json: Callable[[Any], None]) -> None:
        self._with_desk, self._view, self._print_json = with_desk, view, print_json

    def crisis(self, group: typer.Typer) -> typer.Typer:
        """Adds what is done in a crisis to its group."""
        does: dict[str, Callable[..., None]] = {
            "open": self.open, "list": self.listed, "show": self.show, "role": self.role, "level": self.level,
            "fact": self.fact, "next": self.next, "thaw": self.thaw, "say": self.say, "shift": self.shift,
            "close": self.close, "agree": self.agree, "reopen": self.reopen,
        }  # fmt: skip
        for name, command in does.items():
            group.command(name)(command)
        return group

    def drill(self) -> typer.Typer:
        group = typer.Typer(help="Crisis drills: nothing of them can leave.", no_args_is_help=True)
        group.command("list")(self.scenarios)
        group.command("start")(self.start)
        return group

    # --- a crisis ---

    def open(
        self,
        title: Annotated[str, typer.Argument(help="What the team calls it.")],
        brand: BrandOption,
        who: AsOption,
        level: Annotated[int, typer.Option(min=1, max=4, help="1 to 4.")] = 2,
        subject: Annotated[str, typer.Option(help="Words that tell its comments and drafts from others.")] = "",
        yes: Annotated[bool, typer.Option("--yes", help="Without the question.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Open a crisis: every draft that waits is stopped at once."""
        from bot.domain.incident import Opening
        from bot.errors import Refused

        if not yes:
            stopped, say = self._with_desk(lambda desk: desk.crisis.stops(brand)), self._view().say
            told = say("crisis.room.ask_freeze", count=stopped) if stopped else say("crisis.room.ask_freeze_none")
            if not sys.stdin.isatty():
                raise Refused("crisis.cli.yes", told=told)
            typer.confirm(f"{told} {say('crisis.room.ask_two')}", abort=True, err=True)
        values = {"brand": brand, "title": title, "subject": subject, "level": level, "by": who, "front": "terminal"}
        opening = Opening.model_validate(values | {"event": f"cli:{uuid.uuid4()}"})
        self._changed(self._with_desk(lambda desk: desk.crisis.open(opening)), as_json=as_json)

    def listed(
        self,
        brand: Annotated[str, typer.Option("--brand", help="The brand's folder name; none: every brand.")] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Crises and drills, the latest first."""
        found = self._with_desk(lambda desk: desk.crisis.incidents(brand))
        if as_json:
            self._print_json([incident.model_dump(mode="json") for incident in found])
            return
        for incident in found:
            told = self._view().say(f"crisis.cli.{incident.state}")
            mark = "" if incident.real else "🎯 "
            opened = incident.opened_at.astimezone(_brand(incident.brand).zone)
            typer.echo(f"{incident.id:>4}  {opened:%Y-%m-%d %H:%M}  {told}  {incident.level}/4  {mark}{incident.title}")
        if not found:
            typer.echo(self._view().say("crisis.cli.none"))

    def show(self, incident: IdArgument, as_json: JsonOption = False) -> None:
        """The war room's card: who leads, what was said, what is true, what is stopped."""
        room: Room = self._with_desk(lambda desk: desk.crisis.room(incident))
        if as_json:
            view = self._view()
            shown = room.model_dump(mode="json", exclude={"waiting"})
            self._print_json({**shown, "waiting": [view.draft(draft) for draft in room.waiting]})
        else:
            typer.echo(self._card(room))

    def role(
        self,
        incident: IdArgument,
        role: Annotated[str, typer.Argument(help="lead, spokesperson, legal or community_manager.")],
        who: AsOption,
        to: Annotated[str, typer.Option(help="The colleague who gets it; else it is yours.")] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Take a role, or give it."""
        self._change(incident, who, as_json, verb="give" if to else "take", role=role, to=to)

    def level(
        self,
        incident: IdArgument,
        level: Annotated[int, typer.Argument(min=1, max=4)],
        who: AsOption,
        as_json: JsonOption = False,
    ) -> None:
        """Set the level."""
        self._change(incident, who, as_json, verb="level", level=level)

    def fact(
        self,
        incident: IdArgument,
        who: AsOption,
        words: Annotated[str, typer.Argument(help="The line.")] = "",
        unknown: Annotated[bool, typer.Option("--unknown", help="Nobody knows this yet.")] = False,
        never: Annotated[bool, typer.Option("--never", help="This is never to be said.")] = False,
        line: Annotated[int, typer.Option(help="The line that this replaces; without words it is withdrawn.")] = 0,
        as_json: JsonOption = False,
    ) -> None:
        """Add a line to the source of truth, replace one, or withdraw one."""
        sort = "never" if never else "unknown" if unknown else "confirmed"
        verb = "add" if not line else "replace" if words else "withdraw"
        self._change(incident, who, as_json, verb=verb, sort=sort, words=words, line=line)

    def next(
        self,
        incident: IdArgument,
        when: Annotated[str, typer.Argument(help="14:00, “in 45 min”, “demain 9 h”.")],
        who: AsOption,
        as_json: JsonOption = False,
    ) -> None:
        """Promise the public the next update."""
        from bot.domain.model import now
        from bot.errors import Refused
        from bot.frontends.war_room_said import moment

        known = self._with_desk(lambda desk: desk.crisis.room(incident)).incident
        due = moment(when, now().astimezone(_brand(known.brand).zone))
        if due is None:
            raise Refused("crisis.room.no_time", words=when[:40])
        self._change(incident, who, as_json, verb="promise", due=due)

    def thaw(
        self,
        incident: IdArgument,
        who: AsOption,
        draft: Annotated[int, typer.Argument(help="One draft; none: all.")] = 0,
        as_json: JsonOption = False,
    ) -> None:
        """Let a draft go that the crisis stopped, or all of them."""
        self._change(incident, who, as_json, verb="thaw" if draft else "thaw_all", draft=draft)

    def say(
        self,
        incident: IdArgument,
        statement: Annotated[
            str, typer.Argument(help="holding, update, apology, correction, end, qa, staff, partners or press.")
        ],
        who: AsOption,
        as_json: JsonOption = False,
    ) -> None:
        """Write a statement from the confirmed lines: a draft a network, for two people to approve."""
        from bot.errors import Refused
        from bot.inbox import Asked

        async def written(desk: Desk) -> list[Any]:
            asked = Asked(by=who, front="terminal", locale=self._view().locale, event=f"cli:{uuid.uuid4()}")
            reply = await desk.crisis.statement(incident, statement, asked)
            if reply.refused is not None:
                raise Refused(reply.refused.key, **reply.refused.details)
            return [await desk.draft(number) for number in reply.drafts]

        drafts, view = self._with_desk(written), self._view()
        if as_json:
            self._print_json([view.draft(draft) for draft in drafts])
            return
        for draft in drafts:
            typer.echo(f"#{draft.id} {draft.network} · {view.approvals(draft)}\n{draft.body.text}\n")

    def shift(
        self,
        incident: IdArgument,
        to: Annotated[str, typer.Argument(help="The colleague who takes over.")],
        who: AsOption,
        as_json: JsonOption = False,
    ) -> None:
        """Hand your roles over."""
        self._change(incident, who, as_json, verb="shift", to=to)

    def close(self, incident: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """Ask to lift the crisis: a second person agrees."""
        self._change(incident, who, as_json, verb="close")

    def agree(self, incident: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """Agree to lift it: what is stopped still is let go."""
        self._change(incident, who, as_json, verb="agree")

    def reopen(self, incident: IdArgument, who: AsOption, as_json: JsonOption = False) -> None:
        """It goes on after all."""
        self._change(incident, who, as_json, verb="reopen")

    def _change(self, incident: int, who: str, as_json: bool, **asked: Any) -> None:
        from pydantic import ValidationError

        from bot.domain.incident import Change
        from bot.errors import Refused

        try:
            change = Change.model_validate({"incident": incident, "by": who, "event": f"cli:{uuid.uuid4()}", **asked})
        except ValidationError:
            raise Refused("crisis.said.incomplete") from None
        self._changed(self._with_desk(lambda desk: desk.crisis.change(change)), as_json=as_json)

    def _changed(self, changed: Changed, *, as_json: bool) -> None:
        told = self._view().said(changed.said)
        if as_json:
            incident = changed.incident.model_dump(mode="json")
            drafts = list(changed.drafts)
            self._print_json({"applied": changed.applied, "message": told, "drafts": drafts, "incident": incident})
        else:
            typer.echo(told)
        if not changed.applied:
            raise typer.Exit(3)

    def _card(self, room: Room) -> str:
        from bot.domain.model import now
        from bot.frontends.war_room import WarRoom

        card = WarRoom(room, _brand(room.incident.brand), self._view(), now()).card()
        lines = [card.title]
        for block in card.blocks:
            lines += [part for part in (block.title, block.text, block.quote, block.note) if part]
        return "\n".join(lines)

    # --- a drill ---

    def scenarios(self, as_json: JsonOption = False) -> None:
        """The scenarios that there are."""
        view = self._view()
        told = [
            {
                "name": name,
                "title": page.title[view.locale],
                "says": page.says[view.locale],
                "level": page.level,
                "minutes": page.turns[-1].at,
            }
            for name, page in view.pages.drills.items()
        ]
        if as_json:
            self._print_json(told)
            return
        for one in told:
            typer.echo(f"{one['name']:<20}{one['title']} · {one['minutes']:g} min\n{'':<20}{one['says']}")

    def start(
        self,
        scenario: Annotated[str, typer.Argument(help="A name from `bonton drill list`.")],
        brand: BrandOption,
        who: AsOption,
        pace: Annotated[float, typer.Option(min=0.1, max=600, help="Minutes of the story in one minute.")] = 1.0,
        place: Annotated[
            str, typer.Option(help="front:place of the chat that plays it, slack:C01ABCDEF; else it plays here.")
        ] = "",
        as_json: JsonOption = False,
    ) -> None:
        """Start a drill, and play its story here until it is over."""
        from bot.domain.incident import Opening

        front, _, there = place.partition(":") if place else ("terminal", "", "")
        page = self._view().pages.drills.get(scenario)
        title = page.title[_brand(brand).languages[0]] if page else scenario
        values = {"brand": brand, "title": title, "drill": scenario, "pace": pace, "by": who, "front": front}
        level = page.level if page else 2
        opening = Opening.model_validate(values | {"place": there, "level": level, "event": f"cli:{uuid.uuid4()}"})
        changed = self._with_desk(lambda desk: desk.crisis.open(opening))
        self._changed(changed, as_json=as_json)
        if not place and not as_json:
            self._play(changed.incident)

    def _play(self, incident: Incident) -> None:
        """Each turn as it comes; of a chorus, how many voices there are by then."""
        view, told = self._view(), set[int]()
        while True:
            story: Story = self._with_desk(lambda desk: desk.crisis.play(incident.id))
            for one in story.played:
                if one.place in told:
                    continue
                told.add(one.place)
                key = "news" if one.news else "chorus" if one.voices else "comment"
                details = {"author": one.author, "network": one.network, "count": one.voices}
                head = view.say(f"crisis.room.turn_{key}", minute=f"{one.minute:g}", **details)
                typer.echo(f"{head}\n    {one.words.replace(chr(10), f'{chr(10)}    ')}")
            if story.over or story.incident.state == "closed":
                typer.echo(view.say("crisis.cli.over", incident=incident.id))
                return
            time.sleep(BEAT)


def _brand(slug: str) -> Brand:
    from bot.settings import Settings
    from knowledge.brand import find

    return find(slug, Settings().brand_places)
