"""What a check looks at: the draft's words and everything they may lean on."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, SkipValidation

from bot.domain.draft import Finding, Level, Released
from bot.domain.incident import Line
from bot.domain.model import Value
from bot.domain.network import ContentKind, Limit, Sourced
from bot.domain.parts import Format, Piece
from bot.domain.triage import Kind
from bot.law import Law
from bot.pages import Language, Network
from knowledge.brand import Brand


class Subject(Value):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    text: str
    given: str = ""
    """The text before invisible signs were taken off it, where it was: what a network would measure."""
    network: Network
    kind: str
    language: Language | None = None
    """The language the draft should be in; None when nothing says."""
    brand: Brand | None = None
    register_: str = ""
    skill: str = ""
    prompt: str = ""
    """The comment answered, or the brief."""
    passages: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """Public facts of the playbook page (helplines): each has its source there."""
    languages: dict[str, Language] = {}
    answers: Kind | Literal[""] = ""
    """What the comment answered is, as triage read it; empty when nobody did."""
    said: tuple[str, ...] = ()
    """What left last under other comments of the brand on this network, newest first."""
    law: SkipValidation[tuple[Law, ...]] = ()
    """The rules of law of the brand's country (`Pages.law`)."""
    format: Format | None = None
    """What the publication should be made of; None for a text of one kind."""
    pieces: tuple[Piece, ...] = ()
    """What it is made of, whichever of them `text` is."""
    part: str = ""
    """The name of the part that `text` is; empty when it is the whole."""
    released: tuple[Released, ...] = ()
    """What left for the brand in the last days, newest first (`ledger.released`)."""
    told: str = ""
    """What the writer was told beside all that: none of it is for the public."""
    in_crisis: bool = False
    """It is on the subject of an open incident, whose `truth` binds it."""
    called: str = ""
    """What the team calls the incident."""
    truth: tuple[Line, ...] = ()
    """The lines of the incident's source of truth that stand."""
    confirmed: tuple[str, ...] = ()
    """What may be said as a fact in it."""

    @property
    def measured(self) -> str:
        return self.given or self.text

    @property
    def ground(self) -> str:
        """All that a fact of the draft may stand on."""
        return "\n".join((self.prompt, self.brand_facts, *self.passages, *self.facts))

    @property
    def brand_facts(self) -> str:
        return self.brand.facts if self.brand else ""

    @property
    def known(self) -> ContentKind:
        """What the network's page states about this kind of text."""
        return self.network.kinds[self.kind]

    def rule(self, name: str) -> str:
        """Where the network's page states that fact of this kind."""
        return f"networks/{self.network.name}.md#kinds.{self.kind}.{name}"

    def limit(self, name: str) -> Limit | None:
        return self.known.get(name)


def over(fact: Sourced) -> Level:
    """The level of a broken limit: block on a hard limit of high confidence; else a warning that says the doubt."""
    return "block" if fact.blocks else "warn"


def doubt(fact: Sourced) -> str:
    """How sure we are, where a person should know that it is not wholly."""
    return "" if fact.confidence == "high" else fact.confidence


__all__ = ["Finding", "Released", "Subject", "doubt", "over"]
