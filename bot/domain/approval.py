"""Who must approve what, and whether one more press is enough. Pure; the ledger applies it in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from bot.domain.decision import Decision
from bot.domain.draft import Approvals, Draft, Finding, State
from bot.domain.model import Said, Value
from bot.domain.triage import Risk, Triage
from bot.errors import NotAllowed, Refused
from knowledge.brand import Brand, Person

TWO_PEOPLE: frozenset[Risk] = frozenset(
    {
        "safety",
        "health",
        "discrimination",
        "legal",
        "compensation",
        "data_leak",
        "press",
        "accusation",
        "self_harm",
        "boycott",
        "employee",
        "minors",
    }
)
"""Risks that take two people, one a lead, none the author (design section 6, and the situations of `words.md`)."""
SEVERE = 4


def needed(triage: Triage | None, found: Iterable[Finding] = (), *, incident: bool = False) -> Approvals:
    """The approvals a draft needs: one person, or two when the comment is grave, when the draft's own words put much at stake (a
    refund promised, a fault admitted: `found`), or an incident is open."""
    if incident:
        return Approvals(needed=2, crisis_lead=True, not_author=True)
    risks = {*(triage.risks if triage else ()), *(risk for finding in found for risk in finding.risks)}
    if (triage and triage.severity >= SEVERE) or TWO_PEOPLE & risks:
        return Approvals(needed=2, lead=True, not_author=True)
    return Approvals(needed=1)


class Verdict(Value):
    """What one press does to a draft: its next state and the people whose approval stands."""

    state: State
    by: tuple[str, ...] = ()
    said: Said


def may_decide(brand: Brand, name: str) -> Person:
    """The person, if they may approve or reject for this brand. Raises NotAllowed."""
    person = brand.person(name)
    if person is None:
        raise unknown(name, brand)
    if not person.decides:
        raise NotAllowed("decide.not_an_approver", who=person.name, brand=brand.name)
    return person


def unknown(name: str, brand: Brand) -> NotAllowed:
    return NotAllowed("decide.unknown_person", who=name[:80], brand=brand.name)


def judge(draft: Draft, decision: Decision, brand: Brand) -> Verdict:
    """What `decision` does to a pending draft. Raises Refused or NotAllowed when it may not be taken.

    Edits and asks for changes make a new revision elsewhere; only approve, reject and ignore are judged here.
    """
    if decision.verb not in ("approve", "reject", "ignore"):
        raise ValueError(f"{decision.verb} is not judged: it makes a new revision")
    person = may_decide(brand, decision.by)
    if decision.verb in ("reject", "ignore"):
        if decision.verb == "reject" and not decision.text.strip():
            raise Refused("decide.reason_needed")
        key = "decide.rejected" if decision.verb == "reject" else "decide.ignored"
        return Verdict(state="rejected", said=Said(key=key, details={"who": person.name}))
    return _approve(draft, decision, person, brand)


def _approve(draft: Draft, decision: Decision, person: Person, brand: Brand) -> Verdict:
    rule = draft.body.approvals
    if rule.not_author and person.name in _named(brand, draft.authors):
        raise NotAllowed("decide.author", who=person.name)
    if not draft.body.text.strip():
        raise Refused("decide.no_text")
    if draft.body.blocked and not decision.override.strip():
        raise Refused("decide.blocked")
    given = tuple(dict.fromkeys((*rule.by, person.name)))
    missing = _missing(rule, given, {colleague.name: colleague for colleague in brand.people if colleague.decides})
    if missing:
        return Verdict(state="pending", by=given, said=missing)
    return Verdict(state="approved", by=given, said=Said(key="decide.approved", details={"who": ", ".join(given)}))


def _missing(rule: Approvals, given: Iterable[str], people: Mapping[str, Person]) -> Said | None:
    """What is still to come before the draft may leave, or None."""
    givers = [people[name] for name in given if name in people]
    need: Literal["crisis_lead", "lead", ""] = ""
    if rule.crisis_lead and not any("crisis_lead" in giver.roles for giver in givers):
        need = "crisis_lead"
    elif rule.lead and not any(giver.leads for giver in givers):
        need = "lead"
    if len(givers) < rule.needed or need:
        key = f"decide.waiting_{need}" if need else "decide.waiting"
        left = max(rule.needed - len(givers), 1)
        return Said(key=key, details={"given": len(givers), "needed": rule.needed, "left": left})
    return None


def could(draft: Draft, brand: Brand) -> list[Person]:
    """The people whose press would bring a pending draft further, leads alone where only a lead is missing."""
    rule = draft.body.approvals
    barred = _named(brand, draft.authors) if rule.not_author else set()
    able = [one for one in brand.people if one.decides and one.name not in barred and one.name not in rule.by]
    need = lacking(draft, brand)
    if rule.needed - len(rule.by) <= 1 and need:
        able = [one for one in able if (need == "crisis_lead" and need in one.roles) or (need == "lead" and one.leads)]
    return able


def lacking(draft: Draft, brand: Brand) -> Literal["crisis_lead", "lead", ""]:
    """The role that none of those who approved has, where one must."""
    rule = draft.body.approvals
    given = [person for name in rule.by if (person := brand.person(name))]
    if rule.crisis_lead and not any("crisis_lead" in person.roles for person in given):
        return "crisis_lead"
    return "lead" if rule.lead and not any(person.leads for person in given) else ""


def approvable(brand: Brand, rule: Approvals, authors: Iterable[str]) -> bool:
    """Whether the brand has the people this draft needs: a brand without them must be told before, not at 23:00."""
    barred = _named(brand, authors) if rule.not_author else set()
    able = [person for person in brand.people if person.decides and person.name not in barred]
    if rule.crisis_lead and not any("crisis_lead" in person.roles for person in able):
        return False
    if rule.lead and not any(person.leads for person in able):
        return False
    return len(able) >= rule.needed


def _named(brand: Brand, names: Iterable[str]) -> set[str]:
    """Those names as the brand file writes them: an author who signed « ada » is Ada."""
    return {person.name for name in names if (person := brand.person(name))}
