"""`/boite`, `/inbox`: the few comments that matter, what many ask for together, and what can be thanked at once.

Buttons carry the comment's number or the batch's name, and nothing else: rights are looked up at each press.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import ClassVar

from bot.desk import Desk
from bot.domain.comment import CORRECTIONS, VERBS, Act, Acted, Box, Comment, Correction, Group
from bot.domain.model import now
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import SIGNS, Teller
from bot.frontends.panel import Block, Button, Panel, Shown, said
from bot.inbox import Asked, Batch, Together
from bot.view import View
from knowledge.brand import Brand

Press = Callable[[str, str, Teller], AsyncIterator[Shown]]
QUOTED, WHOLE = 220, 2_400
SAMPLES = 3
LISTED = 10
TAPS: tuple[Correction, ...] = ("irony", "calm", "urgent", "complaint", "question", "praise", "spam")


class Inbox:
    name: ClassVar[str] = "inbox"
    words: ClassVar[tuple[str, ...]] = ("inbox", "boite", "boite de reception", "commentaires", "comments")

    def __init__(self, desk: Desk, clock: Callable[[], datetime] = now) -> None:
        self._desk = desk
        self._clock = clock
        self._presses: dict[str, Press] = {
            **dict.fromkeys(("box", "list", "open"), self._look),
            **dict.fromkeys(("answer", "force"), self._answer),
            **dict.fromkeys(VERBS, self._act),
            "fix": self._correct,
            **dict.fromkeys(("group", "thank"), self._together),
            **dict.fromkeys(("approve", "reject", "batch"), self._batch),
        }

    def takes(self, rest: str) -> bool:
        return rest.lstrip("#").isdigit()

    def hears(self, words: str) -> bool:
        return False

    async def said(self, words: str, teller: Teller) -> AsyncIterator[Shown]:
        if (number := words.strip(SIGNS)).isdigit():
            comment = await self._comment(number, teller)
            yield Shown(panel=await self._whole(comment, teller), to="new")
            return
        yield Shown(panel=await self.box(teller.brand, teller.view), to="new")

    def pressed(self, press: str, teller: Teller) -> AsyncIterator[Shown]:
        what, _, about = press.partition(":")
        if what not in self._presses:
            raise Refused("inbox.old_button")
        return self._presses[what](what, about, teller)

    async def _look(self, what: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        if what == "open":
            yield Shown(panel=await self._whole(await self._comment(about, teller), teller))
        else:
            brand = teller.open(about)
            yield Shown(panel=await (self.box if what == "box" else self._list)(brand, teller.view))

    # --- panels ---

    async def box(self, brand: Brand, view: View) -> Panel:
        """The inbox at a glance."""
        box = await self._desk.inbox.box(brand.slug)
        blocks = [self._one(str(place), comment, view) for place, comment in enumerate(box.first, 1)]
        blocks += [self._group(chr(ord("A") + place), group, view) for place, group in enumerate(box.groups)]
        foot = []
        if box.praise:
            foot.append(Button(words=view.say("inbox.thank_all", count=box.praise), press=f"inbox:thank:{brand.slug}"))
        foot.append(Button(words=view.say("inbox.refresh"), press=f"inbox:box:{brand.slug}"))
        if box.counts.open:
            foot.append(Button(words=view.say("inbox.list"), press=f"inbox:list:{brand.slug}"))
        blocks.append(Block(text="" if box.first else view.say("inbox.nothing_first"), buttons=tuple(foot)))
        return Panel(title=self._title(box, brand, view), blocks=tuple(blocks))

    async def digest(self, brand: Brand, view: View) -> Panel | None:
        """The morning's: what came since the last, and the few that matter; None when nothing waits and nothing came."""
        counts = await self._desk.inbox.counts(brand.slug, self._clock() - timedelta(days=1))
        if not counts.open and not counts.today:
            return None
        box = await self.box(brand, view)
        told = view.say(
            "inbox.digest",
            brand=brand.name,
            open=view.number(counts.open),
            today=view.number(counts.today),
            negative=view.number(counts.negative),
        )
        return Panel(title=view.say("inbox.digest_title", brand=brand.name), blocks=(Block(text=told), *box.blocks))

    def urgent(self, comment: Comment, brand: Brand, view: View) -> Panel:
        """An interruption: one comment that cannot wait."""
        return Panel(title=f"🔴 {view.say('inbox.urgent', brand=brand.name)}", blocks=(self._one("1", comment, view),))

    def many_urgent(self, count: int, brand: Brand, view: View) -> Panel:
        """More came at once than anybody reads one by one."""
        button = Button(words=view.say("inbox.back"), press=f"inbox:box:{brand.slug}", style="primary")
        told = view.say("inbox.many_urgent", count=view.number(count), brand=brand.name)
        return Panel(title=f"🔴 {told}", blocks=(Block(buttons=(button,)),))

    def _title(self, box: Box, brand: Brand, view: View) -> str:
        counts = box.counts
        return view.say(
            "inbox.title",
            brand=brand.name,
            open=view.number(counts.open),
            today=view.number(counts.today),
            negative=view.number(counts.negative),
        )

    def _one(self, mark: str, comment: Comment, view: View) -> Block:
        return Block(
            mark=mark,
            title=f"{mark}. {self._about(comment, view)}",
            quote=_clip(comment.text, QUOTED),
            note=self._why(comment, view),
            buttons=(
                Button(words=view.say("inbox.answer_button"), press=f"inbox:answer:{comment.id}", style="primary"),
                Button(words=view.say("inbox.open_button"), press=f"inbox:open:{comment.id}"),
                Button(words=view.say("inbox.ignore_button"), press=f"inbox:ignore:{comment.id}"),
            ),
        )

    def _group(self, mark: str, group: Group, view: View) -> Block:
        count = len(group.comments)
        return Block(
            mark=mark,
            title=f"{mark}. {view.say('inbox.group', count=view.number(count))}",
            quote=_clip(group.title, 120),
            buttons=(
                Button(words=view.say("inbox.group_button", count=count), press=f"inbox:group:{group.comments[0]}"),
            ),
        )

    def _about(self, comment: Comment, view: View) -> str:
        """« Instagram · @lea · il y a 2 h · plainte · gravité 4 »."""
        network = view.pages.networks.get(comment.network)
        told = [network.title if network else "", comment.author, self._age(comment.at or comment.received_at, view)]
        told += [view.say(f"kind.{comment.triage.kind}"), view.say("inbox.severity", severity=comment.triage.severity)]
        if comment.state != "new":
            told.append(view.say(f"inbox.state_{comment.state}"))
        if comment.assignee:
            told.append(view.say("inbox.with", who=comment.assignee))
        return " · ".join(word for word in told if word)

    def _why(self, comment: Comment, view: View) -> str:
        reasons = [self._reason(reason.key, reason.details, view) for reason in comment.reasons]
        return " · ".join(dict.fromkeys(reason for reason in reasons if reason))

    def _reason(self, key: str, details: dict[str, object], view: View) -> str:
        return view.say(f"risk.{details['risk']}") if key == "triage.risk" else view.say(key, **details)

    def _age(self, at: datetime, view: View) -> str:
        minutes = max(0, int((self._clock() - at).total_seconds() // 60))
        if not minutes:
            return view.say("inbox.now")
        if minutes < 60:
            return view.say("inbox.minutes", count=minutes)
        if minutes < 48 * 60:
            return view.say("inbox.hours", count=minutes // 60)
        return view.say("inbox.days", count=minutes // (24 * 60))

    async def _whole(self, comment: Comment, teller: Teller) -> Panel:
        """One comment: its words, how it was read, and everything that can be done."""
        view, number = teller.view, comment.id
        held = comment.assignee
        mine = held and held == teller.name(teller.open(comment.brand))
        acts = [Button(words=view.say("inbox.answer_button"), press=f"inbox:answer:{number}", style="primary")]
        take = "drop" if mine else "take"
        acts.append(Button(words=view.say(f"inbox.{take}_button"), press=f"inbox:{take}:{number}"))
        if comment.state in ("new", "drafted", "escalated"):
            acts += [
                Button(words=view.say(f"inbox.{verb}_button"), press=f"inbox:{verb}:{number}")
                for verb in ("ignore", "hide", "escalate", "answered")
                if not (verb == "escalate" and comment.state == "escalated")
            ]
        else:
            acts.append(Button(words=view.say("inbox.reopen_button"), press=f"inbox:reopen:{number}"))
        fixes = [
            Button(words=view.say(f"inbox.fix_{tap}"), press=f"inbox:fix:{tap}:{number}") for tap in self._apt(comment)
        ]
        history = await self._desk.inbox.history(number)
        trail = [
            view.say("inbox.deed", what=view.say(f"event.{deed.what.replace('.', '_')}"), who=deed.who or "—")
            for deed in history[-4:]
        ]
        read = " · ".join(view.reasons(comment.triage))
        return Panel(
            title=view.say("inbox.comment", comment=number),
            blocks=(
                Block(
                    title=self._about(comment, view),
                    quote=_clip(comment.text, WHOLE),
                    note=" · ".join(part for part in (self._why(comment, view), comment.url) if part),
                    buttons=tuple(acts),
                ),
                Block(text=view.say("inbox.read_as"), note=_clip(read, 600), buttons=tuple(fixes)),
                Block(
                    note=" · ".join(trail),
                    buttons=(Button(words=view.say("inbox.back"), press=f"inbox:box:{comment.brand}"),),
                ),
            ),
        )

    def _apt(self, comment: Comment) -> list[Correction]:
        """The corrections that would change this reading."""
        read = comment.triage
        same = {read.kind, "irony" if read.irony else "", "calm" if read.severity < 3 else "urgent"}
        return [tap for tap in TAPS if tap not in same][:5]

    async def _list(self, brand: Brand, view: View) -> Panel:
        waiting = await self._desk.inbox.listed(brand.slug, (), LISTED)
        blocks = [self._one(str(place), comment, view) for place, comment in enumerate(waiting, 1)]
        back = Block(buttons=(Button(words=view.say("inbox.back"), press=f"inbox:box:{brand.slug}"),))
        return Panel(title=view.say("inbox.list_title", brand=brand.name), blocks=(*blocks, back))

    # --- what is done ---

    async def _comment(self, number: str, teller: Teller) -> Comment:
        comment = await self._desk.inbox.comment(int(number) if number.isdigit() else 0)
        teller.open(comment.brand)
        return comment

    def _asked(self, teller: Teller, brand: Brand) -> Asked:
        return Asked(
            by=teller.name(brand),
            front=teller.front,
            user=teller.user,
            place=teller.place,
            locale=teller.view.locale,
            event=teller.event,
        )

    async def _answer(self, what: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        comment = await self._comment(about, teller)
        view, brand = teller.view, teller.open(comment.brand)
        came = await self._desk.inbox.answer(comment.id, self._asked(teller, brand), what == "force")
        if isinstance(came, Acted):
            yield Shown(panel=self._held(came, view), to="private")
            return
        if came.refused is not None:
            yield Shown(panel=said(view.said(came.refused)), to="private")
        elif came.clarify is not None:
            yield Shown(panel=said(view.said(came.clarify.question)), to="private")
        else:
            draft = await self._desk.draft(came.drafts[-1])
            told = view.say("inbox.drafted", comment=comment.id, draft=draft.id)
            yield Shown(panel=said(told), to="private")

    def _held(self, came: Acted, view: View) -> Panel:
        button = Button(words=view.say("inbox.force_button"), press=f"inbox:force:{came.comment.id}")
        return Panel(blocks=(Block(text=view.said(came.said), buttons=(button,)),))

    async def _act(self, verb: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        comment = await self._comment(about, teller)
        brand = teller.open(comment.brand)
        act = Act.model_validate({"comment": comment.id, "verb": verb, "by": teller.name(brand), "front": teller.front})
        acted = await self._desk.inbox.act(act)
        yield Shown(panel=said(teller.view.said(acted.said)), to="private")
        yield Shown(panel=await self._whole(acted.comment, teller))

    async def _correct(self, _: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        said_, _, number = about.partition(":")
        comment = await self._comment(number, teller)
        correction = next((one for one in CORRECTIONS if one == said_), None)
        if correction is None:
            raise Refused("inbox.old_button")
        right = await self._desk.inbox.correct(comment.id, correction, teller.name(teller.open(comment.brand)))
        yield Shown(panel=said(teller.view.say("inbox.corrected", comment=comment.id)), to="private")
        yield Shown(panel=await self._whole(right, teller))

    async def _together(self, what: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        if what == "thank":
            brand, box = teller.open(about), about
            comments = await self._desk.inbox.praised(box)
        else:
            box = (await self._comment(about, teller)).brand
            brand, groups = teller.open(box), (await self._desk.inbox.box(box)).groups
            comments = next((list(group.comments) for group in groups if int(about) in group.comments), [int(about)])
        view = teller.view
        name = hashlib.sha256(f"{teller.event}|{about}".encode()).hexdigest()[:12]
        if not comments:
            yield Shown(panel=said(view.say("inbox.nothing_together")), to="private")
            return
        writing = view.say("inbox.writing", count=len(comments))
        yield Shown(panel=said(writing), to="new", key=f"batch:{name}")
        asked = self._asked(teller, brand).model_copy(update={"event": name})
        batch = await self._desk.inbox.answer_together(box, comments, asked)
        yield Shown(panel=self._drafts(batch, view), to="new", key=f"batch:{name}")

    def _drafts(self, batch: Batch, view: View, came: Together | None = None) -> Panel:
        """Answers that wait together: a few to read, how many there are, and one tap for all that one person may approve."""
        waiting = [draft for draft in batch.drafts if draft.state == "pending"]
        alone = [
            draft
            for draft in waiting
            if draft.body.approvals.needed == 1 and not draft.body.blocked and draft.body.text
        ]
        blocks = [
            Block(mark=str(place), note=_clip(draft.prompt, 120), quote=_clip(draft.body.text, 400))
            for place, draft in enumerate((alone or waiting)[:SAMPLES], 1)
        ]
        rest = len(waiting) - len(alone)
        if rest:
            numbers = ", ".join(str(draft.id) for draft in waiting if draft not in alone)
            blocks.append(Block(note=view.say("inbox.batch_left", count=rest, drafts=numbers)))
        buttons = []
        if alone:
            buttons.append(
                Button(
                    words=view.say("inbox.approve_all", count=len(alone)),
                    press=f"inbox:approve:{batch.id}",
                    style="primary",
                )
            )
            buttons.append(Button(words=view.say("inbox.reject_all"), press=f"inbox:reject:{batch.id}", style="danger"))
        done = len(batch.drafts) - len(waiting)
        title = view.say("inbox.batch", count=len(batch.drafts), done=done)
        told = view.say("inbox.batch_done", count=came.done) if came and came.done else ""
        return Panel(title=title, blocks=(*blocks, Block(text=told, buttons=tuple(buttons))))

    async def _batch(self, what: str, about: str, teller: Teller) -> AsyncIterator[Shown]:
        batch = await self._desk.inbox.batch(about)
        brand = teller.open(batch.brand)
        if what == "batch":
            yield Shown(panel=self._drafts(batch, teller.view))
            return
        asked = self._asked(teller, brand)
        came = await self._desk.inbox.decide_together(batch.id, what, asked)
        for told in list(came.left.values())[:1] if not came.done else ():
            yield Shown(panel=said(teller.view.said(told)), to="private")
        yield Shown(panel=self._drafts(came.batch, teller.view, came))


def _clip(text: str, most: int) -> str:
    plain = " ".join(text.split()) if most < WHOLE else text.strip()
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


Flow = Inbox
__all__ = ["Flow", "NotAllowed"]
