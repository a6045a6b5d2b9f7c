"""The panels of a crisis: the question before it is opened, the war room's card, and what opens from it.

Pure: a room, its brand, a moment and the reader's language in, panels out. Written for a phone at 23:00: what is to be done now
stands first, few buttons at a time, the rest one tap away. A press holds a verb, the incident and what it is about; rights are
looked up when it comes back (`flows/crisis.py`).
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from bot.crisis.rhythm import Due, owed
from bot.domain.comment import Comment, Group
from bot.domain.draft import Draft
from bot.domain.incident import ROLES, SORTS, Incident, Level, Line, Played, Role, Room
from bot.domain.model import Value
from bot.domain.promise import Promise
from bot.frontends.panel import Block, Button, Panel
from bot.frontends.war_room_said import LEVELS
from bot.triage.text import fold
from bot.view import View
from knowledge.brand import Brand, Person

Section = Literal["card", "roles", "level", "truth", "held", "words", "comments", "next", "more", "shift", "close"]
MARKS: dict[int, str] = {1: "🟡", 2: "🟠", 3: "🔴", 4: "🚨"}
ROLE_MARKS: dict[Role, str] = {"lead": "🧭", "spokesperson": "🎙", "legal": "⚖️", "community_manager": "💬"}
SORT_MARKS = {"confirmed": "✅", "unknown": "❔", "never": "⛔"}
STATEMENTS = ("holding", "update", "apology", "correction", "end", "qa", "staff", "partners", "press")
"""What a war room may say, by the names of `prompts/crisis/`."""
SAID = "said."
"""What the name of a section begins with that shows a statement's texts."""
LATER = {"30": 30, "60": 60, "120": 120}
"""Taps for the next update: minutes from now."""
LISTED, SHORT = 8, 90
READABLE, LONGEST = 2_900, 2_300
"""Units of texts that one message of any chat shows whole, together and of one: what is approved together was before people's eyes."""
PLAIN = timedelta(hours=12)
"""Within which an hour needs no day."""
DUE_TAPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    **dict.fromkeys(("called", "no_lead", "lead_silent"), (("lead_button", "take", "lead"),)),
    **dict.fromkeys(
        ("update_soon", "update_due", "update_late"), (("say_update", "say", "update"), ("next_button", "show", "next"))
    ),
    "first_words": (("say_holding", "say", "holding"),),
    "nothing_promised": (("next_button", "show", "next"),),
    "closing": (("agree_button", "agree", ""), ("go_on_button", "reopen", "")),
    "shift": (("shift_button", "show", "shift"),),
}
"""What is due → the taps that do it: (sentence, verb, about)."""
SUBJECT = 25
"""Signs of a subject that a button still holds."""


class Plan(Value):
    """A crisis that somebody is about to open."""

    level: Level = 2
    alert: int = 0
    event: str
    """Names this question, so that two who press open one crisis."""
    brand: str
    """`tag` of its slug."""
    subject: str = ""
    """Folded; what the button holds of it."""

    @property
    def press(self) -> str:
        return f"{self.level}.{self.alert}.{self.event}.{self.brand}.{self.subject}"

    @classmethod
    def read(cls, press: str) -> Plan | None:
        parts = press.split(".", 4)
        if len(parts) != 5 or parts[0] not in "1234" or not parts[1].isdecimal():
            return None
        level: Level = next(one for one in LEVELS if str(one) == parts[0])
        return cls(level=level, alert=int(parts[1]), event=parts[2], brand=parts[3], subject=parts[4])


def tag(words: str) -> str:
    """A short name that fits in a button."""
    return hashlib.sha256(words.encode()).hexdigest()[:6]


def briefly(subject: str) -> str:
    """As much of a subject as a button holds, in ASCII."""
    plain = fold(subject).encode("ascii", "ignore").decode()
    return plain[:SUBJECT].rsplit(" ", 1)[0] if len(plain) > SUBJECT else plain


def card_key(incident: Incident) -> str:
    """The key of the incident's card: one message a place, which changes."""
    return f"crisis:{incident.event or incident.id}"


# --- before it is opened ---


def ask(plan: Plan, title: str, brand: Brand, view: View, waiting: int, told: Sequence[str]) -> Panel:
    """What opening does, in one screen."""

    def say(key: str, **details: object) -> str:
        return view.say(f"crisis.room.{key}", **details)

    does = [
        say("ask_freeze" if waiting else "ask_freeze_none", count=view.number(waiting)),
        say("ask_told", who=", ".join(told)) if told else say("ask_told_nobody"),
        say("ask_two"),
    ]
    others = tuple(
        Button(words=say("level_button", level=level), press=f"crisis:ask:{_at(plan, level)}")
        for level in LEVELS
        if level != plan.level
    )
    return Panel(
        title=f"{MARKS[plan.level]} {say('ask_title', brand=brand.name)}",
        blocks=(
            Block(title=title or say("whole_brand"), text="\n".join(f"• {one}" for one in does)),
            Block(
                text=_level(plan.level, view),
                buttons=(
                    Button(words=say("open_button"), press=f"crisis:go:{plan.press}", style="danger"),
                    Button(words=say("not_now_button"), press="crisis:no"),
                ),
            ),
            Block(note=say("ask_other_level"), buttons=others),
        ),
    )


def _at(plan: Plan, level: Level) -> str:
    return plan.model_copy(update={"level": level}).press


def _level(level: int, view: View) -> str:
    name, means = view.say(f"alarm.level_{level}"), view.say(f"alarm.means_{level}")
    return view.say("crisis.room.level", level=level, name=name, means=means)


# --- the war room ---


class WarRoom:
    """The panels of one room, at one moment."""

    def __init__(self, room: Room, brand: Brand, view: View, at: datetime) -> None:
        self.room = room
        self.incident = room.incident
        self.brand = brand
        self.view = view
        self._moment = at

    def say(self, key: str, **details: object) -> str:
        return self.view.say(f"crisis.room.{key}", **details)

    def _button(
        self,
        words: str,
        verb: str,
        about: str = "",
        style: Literal["", "primary", "danger"] = "",
        back: Section = "card",
    ) -> Button:
        """`crisis:<verb>:<incident>:<about>:<what is shown after>`."""
        return Button(words=words, press=f"crisis:{verb}:{self.incident.id}:{about}:{back}", style=style)

    def _opens(self, section: Section, words: str = "", style: Literal["", "primary"] = "") -> Button:
        return self._button(words or self.say(f"{section}_button"), "show", section, style)

    def clock(self, moment: datetime) -> str:
        """« 23:04 » on the brand's clock; with its day when the hour alone could be another's."""
        local = moment.astimezone(self.brand.zone)
        return local.strftime("%H:%M" if abs(moment - self._moment) < PLAIN else "%d/%m %H:%M")

    def span(self, length: timedelta) -> str:
        minutes = max(0, int(length.total_seconds() // 60))
        if minutes < 60:
            return self.say("span_minutes", count=minutes)
        if minutes < 48 * 60:
            return self.say("span_hours", hours=minutes // 60, minutes=f"{minutes % 60:02}")
        return self.say("span_days", count=minutes // (24 * 60))

    # --- the card ---

    def card(self) -> Panel:
        incident = self.incident
        if incident.state == "closed":
            return self._closed()
        blocks = [Block(title=incident.title, note=self._since())]
        if incident.state == "closing":
            blocks.append(self._closing())
        blocks += [self._now(), self._truth_on_card(), self._comments_on_card()]
        foot = [self._opens("held", self.say("held_count", count=len(self.room.held)))] if self.room.held else []
        foot += [self._opens("level", self.say("levels_button")), self._opens("more")]
        blocks.append(Block(buttons=tuple(foot)))
        return Panel(title=self._title(), blocks=tuple(blocks))

    def _title(self) -> str:
        key = "title" if self.incident.real else "title_drill"
        mark = MARKS[self.incident.level] if self.incident.real else "🎯"
        return f"{mark} {self.say(key, brand=self.brand.name, level=self.incident.level)}"

    def _since(self) -> str:
        incident = self.incident
        length = self._moment - incident.opened_at
        key = "since" if length >= timedelta(minutes=1) else "since_now"
        since = self.say(key, at=self.clock(incident.opened_at), who=incident.by, span=self.span(length))
        frozen = ""
        if incident.real and incident.froze:
            frozen = self.say(
                "frozen", count=self.view.number(incident.froze), left=self.view.number(len(self.room.held))
            )
        return "\n".join(part for part in (since, frozen) if part)

    def _closing(self) -> Block:
        return Block(
            text=f"🏁 {self.say('closing', who=self.incident.closing_by)}",
            buttons=(
                self._button(self.say("agree_button"), "agree", style="danger"),
                self._button(self.say("go_on_button"), "reopen"),
            ),
        )

    def _now(self) -> Block:
        """Who leads, what was said, what was promised: a line each, and the taps for what lacks."""
        lines = [f"👤 {self._led()}", f"💬 {self._spoken()}", f"⏰ {self._promised()}"]
        lead = (
            self._opens("roles")
            if "lead" in self.incident.roles
            else self._button(self.say("lead_button"), "take", "lead")
        )
        buttons = [self._speak(), lead, self._opens("next")]
        return Block(text="\n".join(lines), buttons=tuple(buttons))

    def _speak(self) -> Button:
        """What is written waits to be read and approved; else what is to be written next."""
        kinds = [draft.body.statement for draft in self.room.waiting if draft.body.statement]
        if kinds:
            words = self.say("read_button", count=kinds.count(kinds[0]))
            return self._button(words, "show", f"{SAID}{kinds[0]}", "primary")
        kind = "holding" if self.room.first_words_at is None else "update"
        return self._button(self.say(f"say_{kind}"), "say", kind, "primary")

    def _led(self) -> str:
        roles = self.incident.roles
        lead = self.say("led_by", who=roles["lead"]) if "lead" in roles else self.say("led_by_nobody")
        others = [f"{self.say(f'role_{role}').lower()} {roles[role]}" for role in ROLES[1:] if role in roles]
        return " · ".join((lead, *others))

    def _spoken(self) -> str:
        room = self.room
        if room.last_words_at is not None:
            told = self.say("last_words", at=self.clock(room.last_words_at))
        elif self._moment < (by := self.incident.opened_at + timedelta(minutes=self.brand.crisis.first_words_minutes)):
            told = self.say("no_words_yet", at=self.clock(by))
        else:
            told = self.say("no_words_late")
        return f"{told} {self.say('words_wait', count=len(room.waiting))}" if room.waiting else told

    def _promised(self) -> str:
        due = owed(self.room, self.brand)
        if due is None:
            return self.say("nothing_promised")
        return self.say("promised_late" if due <= self._moment else "promised", at=self.clock(due))

    def _truth_on_card(self) -> Block:
        if not self.room.truth:
            return Block(text=self.say("truth_empty"), note=self.say("truth_how"))
        text = "\n".join(self._told(line) for line in self._sorted()[:LISTED])
        if left := len(self.room.truth) - LISTED:
            text += f"\n{self.say('truth_more', count=left)}" if left > 0 else ""
        return Block(text=text, note=self.say("truth_how"))

    def _sorted(self) -> list[Line]:
        return [line for sort in SORTS for line in self.room.truth if line.sort == sort]

    def _told(self, line: Line) -> str:
        told = self.say(f"line_{line.sort}", words=line.words, who=line.by, at=self.clock(line.at))
        return f"{SORT_MARKS[line.sort]} {told}"

    def _comments_on_card(self) -> Block:
        count = self.room.open_comments
        correct = (self._opens("truth"),) if self.room.truth else ()
        if not count:
            return Block(text=f"📥 {self.say('no_comments')}", buttons=correct)
        said = self.say("comments_open", count=self.view.number(count))
        groups = [
            self.say("comments_of", title=_clip(title, 40), count=self.view.number(size))
            for title, size in self.room.groups[:3]
        ]
        return Block(text="\n".join((f"📥 {said}", *groups)), buttons=(self._opens("comments"), *correct))

    # --- a drill's story ---

    def turn(self, played: Played) -> Panel:
        """What has just come of it, as a message of its own."""
        minute = f"{played.minute:g}"
        if played.news:
            title = f"📨 {self.say('turn_news', minute=minute)}"
            return Panel(title=title, blocks=(Block(text=played.words, note=self.say("turn_news_how")),))
        page = self.view.pages.networks.get(played.network)
        network = page.title if page else played.network
        words = _clip(played.words, READABLE)
        if played.voices:
            count = self.view.number(played.voices)
            note = self.say("turn_chorus", count=count, network=network, minute=minute)
            return Panel(blocks=(Block(quote=words, note=f"🎯 {note}"),))
        note = self.say("turn_comment", author=played.author, network=network, minute=minute)
        answer = Button(words=self.say("turn_answer"), press=f"inbox:answer:{played.comment}")
        return Panel(blocks=(Block(quote=words, note=f"🎯 {note}", buttons=(answer,)),))

    def story_over(self) -> Panel:
        return Panel(blocks=(Block(text=f"🎯 {self.say('turn_over')}"),))

    def _closed(self) -> Panel:
        incident = self.incident
        ended = incident.closed_at or self._moment
        told = self.say(
            "closed_by",
            at=self.clock(ended),
            who=", ".join(dict.fromkeys(name for name in (incident.closing_by, incident.closed_by) if name)),
            span=self.span(ended - incident.opened_at),
        )
        title = self.say("title_closed" if incident.real else "title_drill_closed", brand=self.brand.name)
        return Panel(
            title=f"⚪ {title}",
            blocks=(
                Block(
                    title=incident.title,
                    text=told,
                    note=self.say("closed_next" if incident.real else "closed_next_drill"),
                    buttons=(self._button(self.view.say("crisis.report.button"), "report"),),
                ),
            ),
        )

    # --- what opens from it ---

    def roles(self) -> Panel:
        """Each role, who has it, and the taps to take it or to give it."""
        blocks = []
        for role in ROLES:
            holder = self.incident.roles.get(role)
            title = self.say("role_of", role=self.say(f"role_{role}"), who=holder or self.say("nobody"))
            buttons = [self._button(self.say("take_button"), "take", role, "" if holder else "primary", "roles")]
            buttons.append(self._button(self.say("give_button"), "give", role, back="roles"))
            mark, means = ROLE_MARKS[role], self.say(f"role_means_{role}")
            blocks.append(Block(mark=mark, title=f"{mark} {title}", note=means, buttons=tuple(buttons)))
        return Panel(title=self.say("roles_title"), blocks=tuple(blocks))

    def give(self, role: Role) -> Panel:
        """To whom?"""
        buttons = [
            self._button(person.name, f"give.{role}", tag(person.name), back="roles") for person in self._able(role)
        ]
        told = self.say("give_to", role=self.say(f"role_{role}"))
        return Panel(blocks=(Block(text=told if buttons else self.say("give_nobody"), buttons=tuple(buttons)),))

    def _able(self, role: Role) -> list[Person]:
        """The brand's people who may have it, those who have nothing yet first."""
        people = list(self.brand.people)
        if role == "lead":
            people = [person for person in people if person.leads]
        taken = set(self.incident.roles.values())
        return sorted(
            (one for one in people if one.name != self.incident.roles.get(role)), key=lambda one: one.name in taken
        )

    def level(self) -> Panel:
        """The four levels, what each means, and a tap to change."""
        lines = "\n".join(
            f"{MARKS[level]} {_level(level, self.view)}{' ◀' if level == self.incident.level else ''}"
            for level in LEVELS
        )
        buttons = tuple(
            self._button(self.say("level_button", level=level), "level", str(level), back="level")
            for level in LEVELS
            if level != self.incident.level
        )
        return Panel(title=self.say("level_title"), blocks=(Block(text=lines, buttons=buttons),))

    def truth(self) -> Panel:
        """Every line that stands, to be confirmed, replaced or withdrawn."""
        blocks = []
        for line in self._sorted():
            buttons = []
            if line.sort == "unknown":
                buttons.append(self._button(self.say("confirm_button"), "confirm", str(line.id), back="truth"))
            buttons.append(self._button(self.say("withdraw_button"), "withdraw", str(line.id), back="truth"))
            about = self.say("line_about", line=line.id, who=line.by, at=self.clock(line.at), version=line.version)
            blocks.append(
                Block(
                    mark=str(line.id),
                    text=f"{SORT_MARKS[line.sort]} {self.say(f'line_short_{line.sort}', words=line.words)}",
                    note=about,
                    buttons=tuple(buttons),
                )
            )
        example = self.room.truth[-1].id if self.room.truth else 1
        blocks.append(Block(note=self.say("truth_replace", line=example) if self.room.truth else self.say("truth_how")))
        return Panel(title=self.say("truth_title", version=self.incident.version), blocks=tuple(blocks))

    def held(self, drafts: Sequence[Draft]) -> Panel:
        """Drafts that the freeze stopped: a few to read and to release, and one tap for all that asks again."""
        count = len(self.room.held)
        if not count:
            return Panel(blocks=(Block(text=self.say("held_none")),))
        blocks = [Block(text=self.say("held_says"))]
        for draft in drafts:
            title = " · ".join(part for part in (f"#{draft.id}", self._network(draft), draft.body.author) if part)
            blocks.append(
                Block(
                    mark=f"#{draft.id}",
                    title=title,
                    quote=_clip(draft.body.text, 2 * SHORT),
                    buttons=(self._button(self.say("thaw_button"), "thaw", str(draft.id), back="held"),),
                )
            )
        if left := count - len(drafts):
            blocks.append(Block(note=self.say("held_more", count=self.view.number(left))))
        blocks.append(
            Block(
                buttons=(
                    self._button(self.say("thaw_all_button", count=self.view.number(count)), "thawing", back="held"),
                )
            )
        )
        return Panel(title=self.say("held_title", count=self.view.number(count)), blocks=tuple(blocks))

    def thawing(self) -> Panel:
        """Asked again before all of them may leave."""
        count = self.view.number(len(self.room.held))
        return Panel(
            title=self.say("thawing_title", count=count),
            blocks=(
                Block(
                    text=self.say("thawing_says"),
                    buttons=(
                        self._button(self.say("thaw_all_yes", count=count), "thaw_all", back="held", style="danger"),
                        self._button(self.say("thaw_all_no"), "view", "held", back="held"),
                    ),
                ),
            ),
        )

    def words(self) -> Panel:
        """What the team may say: to everybody, and to some."""

        def those(*kinds: str) -> tuple[Button, ...]:
            return tuple(self._button(self.say(f"say_{kind}"), "say", kind) for kind in kinds)

        public, inside = STATEMENTS[:5], STATEMENTS[5:]
        return Panel(
            title=self.say("words_title"),
            blocks=(
                Block(text=self.say("words_public"), buttons=those(*public)),
                Block(text=self.say("words_inside"), buttons=those(*inside)),
                Block(note=self.say("words_two")),
            ),
        )

    def statement(self, kind: str) -> Panel:
        """The texts of a statement that wait, the same words once, and one tap for all that may be approved as they stand.

        The press names what was read: texts that changed since are not approved by it.
        """
        waiting = [draft for draft in self.room.waiting if draft.body.statement == kind]
        named = self.say(f"say_{kind}")
        if not waiting:
            return Panel(blocks=(Block(text=self.say("statement_done", kind=named)),))
        ready = vouchable(self.room, kind)
        alike: dict[str, list[Draft]] = {}
        for draft in ready:
            alike.setdefault(draft.body.text, []).append(draft)
        blocks = [
            Block(title=" · ".join(f"#{draft.id} {self._network(draft)}" for draft in drafts), quote=text)
            for text, drafts in alike.items()
        ]
        if later := sum(1 for draft in waiting if draft not in ready and _stands(draft)):
            blocks.append(Block(note=self.say("statement_later", count=later)))
        if rest := [draft for draft in waiting if not _stands(draft)]:
            whys = [self.view.finding(one) for draft in rest for one in draft.body.findings if one.level == "block"]
            left = self.say("statement_left", drafts=", ".join(str(draft.id) for draft in rest))
            blocks.append(Block(note="\n".join((left, *list(dict.fromkeys(whys))[:2]))))
        if ready:
            press = f"{kind}.{read_as(ready)}"
            button = self._button(self.say("vouch_button", count=len(ready)), "vouch", press, "primary")
            blocks.append(Block(note=self.view.approvals(ready[0], self.brand), buttons=(button,)))
        title = self.say("statement_title", kind=named, count=len(waiting))
        return Panel(title=title, blocks=tuple(blocks))

    def _network(self, draft: Draft) -> str:
        network = self.view.pages.networks.get(draft.network)
        return network.title if network else draft.network

    def comments(self, groups: Sequence[Group], first: Sequence[Comment]) -> Panel:
        """What people ask, together: one tap drafts the matching line for all of a group."""
        blocks = [
            Block(
                mark=chr(ord("A") + place),
                title=self.say("group_of", count=self.view.number(len(group.comments))),
                quote=_clip(group.title, 2 * SHORT),
                buttons=(
                    Button(
                        words=self.say("group_button", count=self.view.number(len(group.comments))),
                        press=f"inbox:group:{group.comments[0]}",
                    ),
                ),
            )
            for place, group in enumerate(groups[:5])
        ]
        if not blocks:
            blocks = [Block(text=self.say("groups_none"))]
        blocks += [
            Block(
                mark=str(place),
                quote=_clip(comment.text, 2 * SHORT),
                note=" · ".join(part for part in (comment.network, comment.author) if part),
                buttons=(Button(words=self.view.say("inbox.answer_button"), press=f"inbox:answer:{comment.id}"),),
            )
            for place, comment in enumerate(first[:3], 1)
        ]
        count = self.view.number(self.room.open_comments)
        return Panel(title=self.say("comments_title", count=count), blocks=tuple(blocks))

    def next(self) -> Panel:
        """When the public is told more."""
        buttons = [
            self._button(
                self.say("next_at", at=self.clock(ahead(self._moment, minutes)), span=self.say(f"later_{name}")),
                "next",
                name,
                back="next",
            )
            for name, minutes in LATER.items()
        ]
        return Panel(
            title=self.say("next_title"),
            blocks=(Block(text=f"⏰ {self._promised()}", note=self.say("next_how"), buttons=tuple(buttons)),),
        )

    def more(self) -> Panel:
        """What is seldom needed in the first minutes."""
        return Panel(
            title=self.say("more_title"),
            blocks=(
                Block(
                    text=self.say("more_says"),
                    buttons=(self._opens("words"), self._opens("roles"), self._opens("shift"), self._opens("close")),
                ),
            ),
        )

    def shift(self, promises: Sequence[Promise], first: Sequence[Comment]) -> Panel:
        """What who comes on duty finds: comments, promises, who waits for what; and to whom it goes."""
        room = self.room
        lines = [f"👤 {self._led()}", f"💬 {self._spoken()}", f"⏰ {self._promised()}"]
        lines.append(f"📥 {self.say('comments_open', count=self.view.number(room.open_comments))}")
        blocks = [Block(text="\n".join(lines))]
        if waits := [
            self.say(
                "shift_draft", draft=draft.id, kind=self._named(draft), needs=self.view.approvals(draft, self.brand)
            )
            for draft in room.waiting[:5]
        ]:
            blocks.append(Block(title=self.say("shift_waits"), text="\n".join(f"• {one}" for one in waits)))
        if promised := [f"• {_clip(one.words, SHORT)} ({self.clock(one.due)})" for one in promises[:5]]:
            blocks.append(Block(title=self.say("shift_promises"), text="\n".join(promised)))
        if people := [
            f"• {_clip(one.text, SHORT)} ({', '.join(filter(None, (one.author, one.network)))})" for one in first[:3]
        ]:
            blocks.append(Block(title=self.say("shift_people"), text="\n".join(people)))
        lead = self.incident.roles.get("lead")
        buttons = [
            self._button(person.name, "shift", tag(person.name), back="card")
            for person in self.brand.people
            if person.leads and person.name != lead
        ]
        blocks.append(Block(text=self.say("shift_to" if buttons else "give_nobody"), buttons=tuple(buttons)))
        return Panel(title=self.say("shift_title", brand=self.brand.name), blocks=tuple(blocks))

    def _named(self, draft: Draft) -> str:
        said = draft.body.statement
        return self.say(f"say_{said}") if said in STATEMENTS else self._network(draft)

    def close(self) -> Panel:
        """What lifting does; a second person is asked."""
        incident, room = self.incident, self.room
        if incident.state == "closing":
            return Panel(title=self.say("close_title", brand=self.brand.name), blocks=(self._closing(),))
        does = [
            self.say("close_thaws", count=self.view.number(len(room.held))) if room.held else "",
            self.say("close_comments", count=self.view.number(room.open_comments)) if room.open_comments else "",
            self.say("close_waiting", count=len(room.waiting)) if room.waiting else "",
            self.say("close_report"),
        ]
        return Panel(
            title=self.say("close_title", brand=self.brand.name),
            blocks=(
                Block(
                    text="\n".join(f"• {one}" for one in does if one),
                    note=self.say("close_two"),
                    buttons=(
                        self._button(self.say("close_yes"), "close", style="danger", back="close"),
                        self._button(self.say("say_end"), "say", "end"),
                    ),
                ),
            ),
        )

    # --- what is told unasked ---

    def due(self, one: Due) -> Panel:
        """What is due, whom it is for, and the tap that does it."""
        to = self.view.either(list(one.to)) if one.to else ""
        told = self.view.say(
            f"crisis.due.{'called_open' if one.what == 'called' and 'lead' in self.incident.roles else one.what}",
            brand=self.brand.name,
            level=self.incident.level,
            at=self.clock(one.since),
            who=one.details.get("who", "—"),
            to=one.details.get("to", to),
            span=self.span(self._length(one)),
            drafts=one.details.get("draft", ""),
        )
        buttons = tuple(self._button(*tap) for tap in self._taps(one))
        return Panel(title=f"⏰ {told}", blocks=(Block(note=self.incident.title, buttons=buttons),))

    def _length(self, one: Due) -> timedelta:
        if "hours" in one.details:
            return timedelta(hours=one.details["hours"])
        if "minutes" in one.details:
            return timedelta(minutes=one.details["minutes"])
        return timedelta(minutes=one.turn * self.brand.crisis.remind_minutes)

    def _taps(self, one: Due) -> list[tuple[str, str, str]]:
        """The words, the verb and what it is about, of each button under it; the last one opens the room."""
        named = DUE_TAPS.get(one.what, ())
        return [(self.say(words), verb, about) for words, verb, about in (*named, ("room_button", "show", "card"))]

    def frozen(self, drafts: Sequence[int]) -> Panel:
        """To an author: what of theirs was stopped."""
        told = ", ".join(str(draft) for draft in drafts[:LISTED])
        if left := max(0, len(drafts) - LISTED):
            told = self.say("frozen_more", drafts=told, count=left)
        able = self.view.either([person.name for person in self.brand.people if person.leads])
        key = "frozen_author" if len(drafts) > 1 else "frozen_author_one"
        button = self._button(self.say("room_button"), "show", "card")
        text = self.say(key, brand=self.brand.name, drafts=told, who=able)
        return Panel(blocks=(Block(text=f"🧊 {text}", buttons=(button,)),))


def vouchable(room: Room, kind: str) -> list[Draft]:
    """Texts of a statement that may be approved as they stand, as many as one message shows whole; those that fewest approved first."""
    stand = [draft for draft in room.waiting if draft.body.statement == kind and _stands(draft)]
    chosen: list[Draft] = []
    for draft in sorted(stand, key=lambda one: (one.body.approvals.given, one.id)):
        if sum(map(_shown, {one.body.text for one in (*chosen, draft)})) <= READABLE:
            chosen.append(draft)
    return chosen


def _stands(draft: Draft) -> bool:
    return 0 < _shown(draft.body.text) <= LONGEST and not draft.body.blocked


def _shown(text: str) -> int:
    """What a text costs in the strictest chat: UTF-16 units, once its signs are escaped."""
    return len(html.escape(text).encode("utf-16-le")) // 2


def read_as(drafts: Sequence[Draft]) -> str:
    """Names these revisions of these drafts, in whatever order: what a person had before their eyes while a colleague approved, too."""
    return tag("|".join(sorted(f"{draft.id}.{draft.revision}.{draft.hash}" for draft in drafts)))


def _clip(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def ahead(moment: datetime, minutes: int) -> datetime:
    """So many minutes on, at a time that people say: in five."""
    later = moment + timedelta(minutes=minutes)
    return later.replace(second=0, microsecond=0) + timedelta(minutes=-later.minute % 5)
