"""Who may do what in an incident. Pure: the ledger applies it inside the transaction that changes the incident.

Opening is for anybody of the brand: what it stops can be thawed, what it lets through cannot be fetched back. What lets words out, or
ends the incident, is for those who decide; closing takes two, one of them a crisis lead.
"""

from __future__ import annotations

from bot.domain.incident import Change, Incident, Role
from bot.errors import NotAllowed, Refused
from knowledge.brand import Brand, Person


def may_open(brand: Brand, by: str) -> Person:
    return _person(brand, by)


def judge(incident: Incident, change: Change, brand: Brand) -> Person:
    """Who asks, when they may. Raises NotAllowed for who, Refused for what."""
    person = _person(brand, change.by)
    if incident.state == "closed":
        raise Refused("crisis.said.over", incident=incident.id)
    verb = change.verb
    if verb == "take" and change.role:
        _may_hold(person, change.role)
    elif verb in ("give", "shift"):
        colleague = _person(brand, change.to)
        if verb == "give" and change.role:
            _may_hold(colleague, change.role)
            if person.name != incident.roles.get(change.role) and not _heads(incident, person):
                raise NotAllowed("crisis.said.leads_only", who=person.name)
        elif verb == "shift" and person.name not in incident.roles.values():
            raise Refused("crisis.said.no_role", who=person.name)
    elif verb in ("level", "thaw_all", "close") and not _heads(incident, person):
        raise NotAllowed("crisis.said.leads_only", who=person.name)
    elif verb in ("add", "replace", "withdraw", "promise", "thaw", "reopen", "agree") and not _works(incident, person):
        raise NotAllowed("crisis.said.workers_only", who=person.name)
    if verb == "agree":
        _second(incident, person, brand)
    return person


def _person(brand: Brand, by: str) -> Person:
    person = brand.person(by)
    if person is None:
        raise NotAllowed("crisis.said.stranger", who=by[:40], brand=brand.name)
    return person


def _may_hold(person: Person, role: Role) -> None:
    if role == "lead" and not person.leads:
        raise NotAllowed("crisis.said.not_a_lead", who=person.name)
    if role == "legal" and not {"legal", "crisis_lead"} & set(person.roles):
        raise NotAllowed("crisis.said.not_legal", who=person.name)


def _heads(incident: Incident, person: Person) -> bool:
    return person.leads or incident.roles.get("lead") == person.name


def _works(incident: Incident, person: Person) -> bool:
    return person.decides or person.name in incident.roles.values()


def _second(incident: Incident, person: Person, brand: Brand) -> None:
    if incident.state != "closing":
        raise Refused("crisis.said.not_closing")
    if person.name == incident.closing_by:
        raise NotAllowed("crisis.said.second", who=person.name)
    asker = brand.person(incident.closing_by)
    both = [one for one in (asker, person) if one is not None]
    if not person.decides:
        raise NotAllowed("crisis.said.workers_only", who=person.name)
    if incident.real and not any("crisis_lead" in one.roles for one in both):
        raise NotAllowed("crisis.said.crisis_lead", who=person.name)
