"""A draft as people and programs see it: the contract's JSON, and sentences in the reader's language.

Front-ends lay out; what is said about a draft is said here once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from bot.domain import approval
from bot.domain.counters import length
from bot.domain.decision import Event
from bot.domain.draft import Counter, Draft, Finding
from bot.domain.model import Said
from bot.domain.parts import Format, placed, titled
from bot.domain.parts import Piece as Part
from bot.domain.promise import Promise
from bot.domain.triage import Triage
from bot.domain.voice import Edit, Habit, Piece, Rule
from bot.pages import Network, Pages
from knowledge.brand import Brand

SHOWN = 120
"""Signs of one changed stretch in the trail; JSON has it whole."""


class View:
    """What there is to say about drafts, in one language."""

    def __init__(self, pages: Pages, locale: str) -> None:
        self.pages = pages
        self.locale = locale if locale in pages.interface else "en"

    def say(self, key: str, **details: Any) -> str:
        return self.pages.say(Said(key=key, details=details), self.locale)

    def said(self, said: Said) -> str:
        details = dict(said.details)
        if said.key == "triage.risk":
            details["risk"] = self.say(f"risk.{details['risk']}")
        if said.key == "triage.corrected":
            details["what"] = self.say(f"inbox.fix_{details['what']}")
        return self.pages.say(Said(key=said.key, details=details), self.locale)

    def either(self, names: Sequence[str]) -> str:
        """« Inès, Maud ou Gaspard »."""
        *rest, last = names or ("",)
        return f"{', '.join(rest)} {self.say('card.or')} {last}" if rest else last

    def finding(self, finding: Finding) -> str:
        details = dict(finding.details)
        if "why" in details:
            details["why"] = f" ({details['why']})" if details["why"] else ""
        if finding.check == "promises":
            people = approval.needed(None, [finding]).needed
            details["needs"] = self.say("promises.needs_two" if people > 1 else "promises.needs_one")
        sure = self.say(f"networks.confidence_{details['confidence']}") if details.get("confidence") else ""
        details |= {"confidence": sure, "doubt": f" ({self.say('networks.doubt', confidence=sure)})" if sure else ""}
        if "part" in details:
            details["part"] = self.part(details["part"])
        said = self.say(finding.key, **details).strip()
        return (
            self.say("publication.of", part=self.part(finding.part, finding.place), said=said) if finding.part else said
        )

    def part(self, name: str, place: int = 0) -> str:
        """« Titre », « Post 2 »."""
        label = self.pages.labels(self.locale).get(name, name)
        return f"{label} {place}" if place else label

    def parts(self, draft: Draft, text: str | None = None) -> list[dict[str, Any]]:
        """The parts of a draft, or of words meant for it, each with its length and its limit in the network's own unit."""
        network = self.pages.networks[draft.network]
        format_ = network.format(draft.kind)
        pieces = self.pages.pieces(network, draft.kind, draft.body.text if text is None else text)
        return [self._measured(network, format_, piece, place) for piece, place in placed(pieces)]

    def measure(self, part: Mapping[str, Any]) -> str:
        """« 288 / 2 200 caractères », of one of `parts`."""
        return self.counter(Counter(length=part["length"], limit=part["limit"], unit=part["unit"]))

    def measured(self, part: Mapping[str, Any]) -> str:
        """« Titre : 61 / 100 caractères »."""
        return self.say("publication.length", part=part["label"], counter=self.measure(part))

    def concerns(self, finding: Finding, part: Mapping[str, Any]) -> bool:
        return bool(finding.part) and self.part(finding.part, finding.place) == part["label"]

    def _measured(self, network: Network, format_: Format, piece: Part, place: int) -> dict[str, Any]:
        code = format_.part(piece.name)
        limit = network.kinds[code.kind].get("max") if code else None
        unit = limit.unit if limit else "characters"
        return {
            "name": piece.name,
            "label": titled(piece.name, place, format_, self.pages.labels(self.locale)),
            "text": piece.text,
            "length": length(piece.text, unit),
            "limit": limit.value if limit else None,
            "unit": unit,
            **({"note": piece.note} if piece.note else {}),
        }

    def excerpt(self, finding: Finding) -> str:
        """The words that broke the rule, quoted; empty where the sentence quotes them already."""
        shown = finding.excerpt and finding.excerpt.casefold() not in self.finding(finding).casefold()
        return self.say("card.excerpt", excerpt=finding.excerpt) if shown else ""

    def counter(self, counter: Counter) -> str:
        """« 288 / 2 200 caractères »."""
        length = (
            f"{self.number(counter.length)} / {self.number(counter.limit)}"
            if counter.limit
            else self.number(counter.length)
        )
        return f"{length} {self.unit(counter)}"

    def unit(self, counter: Counter) -> str:
        known = f"unit.{counter.unit}" in self.pages.interface[self.locale]
        return self.say(f"unit.{counter.unit}" if known else "unit.characters")

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def found(self, finding: Finding) -> dict[str, str]:
        return {
            "check": finding.check,
            "level": finding.level,
            "message": self.finding(finding),
            "excerpt": finding.excerpt,
            "rule": finding.rule,
            "source": self.pages.source(finding.rule),
            **({"part": self.part(finding.part, finding.place)} if finding.part else {}),
        }

    def reasons(self, triage: Triage) -> list[str]:
        return [self.said(reason) for reason in triage.reasons]

    def approvals(self, draft: Draft, brand: Brand | None = None) -> str:
        """What stops it, if anything does; who must approve; with the brand, who has and whose press is missing."""
        told = self._approvals(draft, brand)
        if draft.drill:
            return f"{self.say('card.drill')} {told}"
        return f"{self.say('card.held', incident=draft.held)} {told}" if draft.held else told

    def _approvals(self, draft: Draft, brand: Brand | None) -> str:
        rule = draft.body.approvals
        if brand is not None and rule.by:
            people = self.either([person.name for person in approval.could(draft, brand)])
            lacking = approval.lacking(draft, brand) if rule.needed - rule.given <= 1 else ""
            missing = self.say(f"card.missing_{lacking}" if lacking else "card.missing", who=people or "—")
            return f"{self.say('card.given', by=', '.join(rule.by))}. {missing}"
        if rule.crisis_lead:
            return self.say("card.approvals_crisis")
        return self.say("card.approvals_two" if rule.needed > 1 else "card.approvals_one")

    def writer(self, draft: Draft) -> str:
        why = self.say(f"why.{draft.body.why}") if draft.body.why else ""
        if draft.body.writer == "playbook":
            return self.say("card.playbook_why", why=why) if why else self.say("card.playbook")
        if draft.body.writer in (draft.body.author, "person"):
            return self.say("card.person", who=draft.body.author or "—")
        if why:
            return self.say("card.model_why", writer=draft.body.writer, why=why)
        return self.say("card.model", writer=draft.body.writer)

    def draft(self, draft: Draft) -> dict[str, Any]:
        """The draft as the contract's JSON (design section 5), and a few fields more."""
        body = draft.body
        return {
            "id": str(draft.id),
            "revision": draft.revision,
            "state": draft.state,
            "skill": draft.skill,
            "brand": draft.brand,
            "network": draft.network,
            "kind": draft.kind,
            "language": body.language,
            "text": body.text,
            "parts": self.parts(draft),
            "hash": draft.hash,
            "variants": [variant.model_dump() for variant in body.variants],
            "sources": [source.model_dump() for source in body.sources],
            "findings": [self.found(finding) for finding in body.findings],
            "triage": self.triage(body.triage) if body.triage else None,
            "approvals": body.approvals.model_dump(mode="json"),
            "counter": body.counter.model_dump() if body.counter else None,
            "writer": body.writer,
            "why": body.why,
            "usage": body.usage.model_dump() if body.usage else None,
            "author": body.author,
            "held": draft.held,
            "drill": draft.drill,
            "created_at": draft.created_at.isoformat(),
        }

    def triage(self, triage: Triage) -> dict[str, Any]:
        return {**triage.model_dump(mode="json", exclude={"reasons"}), "reasons": self.reasons(triage)}

    def trail(self, event: Event) -> str:
        """One line of the audit trail, as people read it."""
        what = self.say(f"event.{event.what.replace('.', '_')}")
        notes = [event.details.get(name, "") for name in ("reason", "override", "wish", "why")]
        more = next((f"  ({note})" for note in notes if note), "")
        moment = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        return f"{moment}  {event.draft:>4}.{event.revision}  {what:<24} {event.who}{more}".rstrip()

    def event(self, event: Event, edits: Sequence[Edit] = ()) -> dict[str, Any]:
        """The event as JSON; an edit with what it changed."""
        told = event.model_dump(mode="json")
        for edit in made(event, edits):
            told["changes"] = self.changes(edit)
        return told

    def changes(self, edit: Edit) -> list[dict[str, str]]:
        return [piece.model_dump(include={"before", "after"}) for piece in edit.changed]

    def change(self, piece: Piece) -> str:
        """« désolés » → « navrés »; + « Belle journée »; − « vraiment »."""
        key = "replaced" if piece.before and piece.after else "removed" if piece.before else "added"
        return self.say(f"rules.{key}", before=_short(piece.before), after=_short(piece.after))

    def habit(self, habit: Habit) -> str:
        return self.said(habit.said)

    def asked(self, rule: Rule) -> str:
        """The question that a rule asks: « En faire une règle pour LinkedIn ? »"""
        said = rule.asked
        return self.say(said.key, **{**said.details, "network": self.scope(rule), "habit": self.habit(rule.habit)})

    def scope(self, rule: Rule) -> str:
        return self.pages.networks[rule.network].title if rule.network else self.say("rules.everywhere")

    def ruled(self, rule: Rule) -> str:
        """What came of a question, for the person who answered it."""
        return self.say(f"rules.{rule.state}", rule=rule.id, network=self.scope(rule), habit=self.habit(rule.habit))

    def rule(self, rule: Rule) -> str:
        """One line of the list of rules."""
        state = self.say(f"rules.state_{rule.state}")
        led = self.say("rules.led", drafts=", ".join(map(str, rule.drafts)))
        who = f" · {rule.by}" if rule.by else ""
        return f"{rule.id:>4}  {state:<10} {self.scope(rule)} · {self.habit(rule.habit)} ({led}){who}"

    def promise_about(self, promise: Promise, brand: Brand) -> str:
        """« Rappel · Instagram · à tenir le mar. 24 nov. à 17:00 · brouillon 12 », on the brand's clock."""
        moment = promise.due.astimezone(brand.zone)
        network = self.pages.networks.get(promise.network)
        told = [self.say(f"promise.topic_{promise.topic}"), network.title if network else promise.network]
        if promise.state == "open":
            when = f"{format_skeleton('EMMMd', moment, locale=self.locale)} {moment:%H:%M}"
            told.append(self.say("promise.due_at" if promise.dated else "promise.due_undated", when=when))
        else:
            told.append(self.say(f"promise.state_{promise.state}", who=promise.by or "—"))
        return " · ".join([*told, self.say("promise.draft", draft=promise.draft)])

    def rule_told(self, rule: Rule) -> dict[str, Any]:
        """The rule as JSON, with its sentence."""
        return {**rule.model_dump(mode="json"), "said": self.habit(rule.habit)}


def made(event: Event, edits: Sequence[Edit]) -> list[Edit]:
    """The edit that an event of the trail speaks of."""
    is_edit = event.what == "draft.edited"
    return [edit for edit in edits if is_edit and (edit.draft, edit.revision) == (event.draft, event.revision)]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def locale(environment: Mapping[str, str] = os.environ) -> str:
    """The person's language, from the usual variables: `fr` or `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "fr" if environment[name].lower().startswith("fr") else "en"
    return "en"
