"""The brand file: whose voice it is, as typed facts.

Reads `brand.toml` (schema: `docs/brands.md`) and says in one line which field of which file is wrong. It holds no
guideline text (`documents.py`) and decides nothing: approvals and checks read it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

SAMPLES = Path(__file__).parent / "brands"
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Role = Literal["member", "approver", "lead", "crisis_lead", "legal"]
_ZONES = {
    "FR": "Europe/Paris",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "LU": "Europe/Luxembourg",
    "MC": "Europe/Monaco",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "ES": "Europe/Madrid",
    "IT": "Europe/Rome",
    "PT": "Europe/Lisbon",
    "NL": "Europe/Amsterdam",
    "US": "America/New_York",
    "CA": "America/Toronto",
}
"""Of the capital or the biggest city; a brand elsewhere in its country says so (`timezone`)."""
DECIDERS: frozenset[str] = frozenset({"approver", "lead", "crisis_lead"})


class BrandError(Exception):
    """A brand that is missing or whose file is wrong; the message names file and field and may be shown as it is."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Part):
    care: Text
    """Where customers write: the address a reply gives when a network has no private messages."""
    press: str = ""
    legal: str = ""
    data: str = ""
    jobs: str = ""
    site: str = ""
    phone: str = ""


class Shop(Part):
    name: dict[Language, Text]
    """With its article, as it is said in a sentence: « la boutique d’Aix », "the Leith café"."""
    also: tuple[str, ...] = ()


class Product(Part):
    name: dict[Language, Text]
    """A common noun without article."""
    gender: Literal["m", "f"] = "m"
    plural: bool = False
    also: tuple[str, ...] = ()


class Avoided(Part):
    word: Text
    say: str = ""
    why: str = ""


class Claims(Part):
    allowed: tuple[str, ...] = ()


class Emoji(Part):
    policy: Literal["none", "few", "free"] = "none"
    allowed: tuple[str, ...] = ()
    never_on: tuple[str, ...] = ()


class Hashtags(Part):
    always: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


class Approved(Part):
    texts: tuple[str, ...] = ()


class Silenced(Part):
    rule: Text
    why: Text
    """Who reads the file a year later wants to know."""


class LawChoices(Part):
    """What the brand makes of the rules of the legal pages, by their names (`docs/legal.md`)."""

    block: tuple[str, ...] = ()
    """Rules whose breach must be mended or overridden by name; each only warns by default."""
    silent: tuple[Silenced, ...] = ()

    @property
    def silenced(self) -> frozenset[str]:
        return frozenset(choice.rule for choice in self.silent)

    @model_validator(mode="after")
    def one_or_the_other(self) -> LawChoices:
        if both := sorted(self.silenced & set(self.block)):
            raise ValueError(f"{', '.join(both)}: a rule blocks or is silent, not both")
        return self


class Escalation(Part):
    remind_hours: float = Field(default=2, gt=0)
    escalate_hours: float = Field(default=6, gt=0)
    expire_hours: float = Field(default=48, gt=0)

    @model_validator(mode="after")
    def in_order(self) -> Escalation:
        if not self.remind_hours < self.escalate_hours < self.expire_hours:
            raise ValueError("remind_hours < escalate_hours < expire_hours is expected")
        return self


class Promises(Part):
    due_hours: float = Field(default=24, gt=0)
    """When a promise without a date falls due: whoever was told « nous revenons vers vous » looks again the next day, and a
    reminder too early costs one tap where one too late costs our word."""


class Crisis(Part):
    """How a crisis is paced: minutes, whatever the hour."""

    first_words_minutes: float = Field(default=2, gt=0)
    """A first statement is to be out so soon after the opening."""
    lead_minutes: float = Field(default=5, gt=0)
    """Without a lead, or with one who does not answer, the next one is called after this long."""
    remind_minutes: float = Field(default=10, gt=0)
    """What is late is told again."""
    ahead_minutes: float = Field(default=10, gt=0)
    """A promised update is announced to who speaks this long before."""
    silence_minutes: float = Field(default=30, gt=0)
    """After words that promised no next time, somebody is asked to promise one."""
    shift_hours: float = Field(default=4, gt=0)
    """After which who leads is asked about a handover."""


class Person(Part):
    name: Text
    roles: tuple[Role, ...] = ("member",)
    slack: str = ""
    telegram: int | None = None

    @property
    def decides(self) -> bool:
        return bool(DECIDERS & set(self.roles))

    @property
    def leads(self) -> bool:
        return bool({"lead", "crisis_lead"} & set(self.roles))


class Fronts(Part):
    slack: tuple[str, ...] = ()
    telegram: tuple[int, ...] = ()


class Watch(Part):
    """Chats where alerts of other tools arrive: every message there is a comment. Nobody is answered in them."""

    slack: tuple[str, ...] = ()
    telegram: tuple[int, ...] = ()


class Inbox(Part):
    digest: Annotated[str, StringConstraints(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$")] = "08:30"
    """Local time of the morning digest."""
    feeds: tuple[Annotated[str, StringConstraints(pattern=r"^https?://\S+$")], ...] = ()
    """RSS or Atom addresses that are read every quarter of an hour."""
    watch: Watch = Watch()


class Brand(Part):
    slug: Slug
    """The folder's name."""
    folder: Path
    name: Text
    about: dict[Language, Text]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    languages: tuple[Language, ...] = Field(min_length=1)
    networks: tuple[str, ...] = Field(min_length=1)
    register_: dict[Language, dict[str, str]] = Field(default={}, alias="register")
    signature: dict[Language, dict[str, str]] = {}
    contact: Contact
    hours: dict[Language, str] = {}
    shops: tuple[Shop, ...] = ()
    products: tuple[Product, ...] = ()
    avoid: tuple[Avoided, ...] = ()
    claims: Claims = Claims()
    emoji: Emoji = Emoji()
    hashtags: Hashtags = Hashtags()
    approved: Approved = Approved()
    inclusive: Literal["", "none", "double", "point"] = ""
    """How French names both genders: the masculine alone, « clientes et clients », « client·es »; empty: the brand does not say."""
    law: LawChoices = LawChoices()
    escalation: Escalation = Escalation()
    promises: Promises = Promises()
    crisis: Crisis = Crisis()
    people: tuple[Person, ...] = ()
    fronts: Fronts = Fronts()
    inbox: Inbox = Inbox()
    timezone: str = ""
    """As the IANA names it; empty: that of the country."""

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(f"“{name}” is no time zone; “Europe/Paris” is one")
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The clock that the brand's people and customers live by."""
        return ZoneInfo(self.timezone or _ZONES.get(self.country, "UTC"))

    @property
    def guidelines(self) -> Path:
        return self.folder / "guidelines"

    def register_for(self, language: str, network: str) -> str:
        """« vous » or « tu » in French, "you" elsewhere; a network's own choice before the brand's default."""
        if language != "fr":
            return "you"
        chosen = self.register_.get(language, {})
        return chosen.get(network) or chosen.get("default") or "vous"

    def signature_for(self, language: str, network: str) -> str:
        chosen = self.signature.get(language, {})
        return chosen.get(network, chosen.get("default", ""))

    def person(self, name: str) -> Person | None:
        """The colleague of that name, case and accents of the ends aside; None when the brand does not know them."""
        wanted = name.strip().casefold()
        return next((person for person in self.people if person.name.casefold() == wanted), None)

    def person_in(self, front: str, identity: str) -> Person | None:
        """The colleague who is `identity` in a front-end: a Slack member id, a Telegram user number."""
        return next((person for person in self.people if str(getattr(person, front, "") or "") == identity), None)

    @cached_property
    def facts(self) -> str:
        """Every word of the brand file that a draft may state: what the fact lock accepts besides passages."""
        spoken = [self.name, *self.about.values(), *self.contact.model_dump().values(), *self.hours.values()]
        spoken += [name for shop in self.shops for name in (*shop.name.values(), *shop.also)]
        spoken += [name for product in self.products for name in (*product.name.values(), *product.also)]
        spoken += [*self.claims.allowed, *self.hashtags.always, *self.hashtags.allowed, *self.approved.texts]
        spoken += [text for by_network in self.signature.values() for text in by_network.values()]
        return "\n".join(spoken)


def load(folder: Path) -> Brand:
    """The brand in `folder`. Raises BrandError naming file and field."""
    file = folder / "brand.toml"
    try:
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BrandError(f"{file}: there is no brand.toml in this folder") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BrandError(f"{file}: {error}") from None
    try:
        return Brand.model_validate({**raw, "slug": folder.name, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "brand"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise BrandError(f"{file}: {field}: {first['msg']}{more}") from None


def folders(places: Iterable[Path]) -> dict[str, Path]:
    """Slug → folder of every brand below `places`; an earlier place wins over a later one of the same slug."""
    found: dict[str, Path] = {}
    for place in places:
        if place.is_dir():
            for folder in sorted(place.iterdir()):
                if (folder / "brand.toml").is_file():
                    found.setdefault(folder.name, folder)
    return found


def same(slug: str, named: str) -> bool:
    """Whether somebody who wrote `named` meant the brand of that slug: « Maison Virevent » is maison-virevent."""
    return re.sub(r"[^a-z0-9]+", "-", named.casefold().replace("&", "and")).strip("-") == slug


def find(slug: str, places: Iterable[Path]) -> Brand:
    """The brand called `slug`. Raises BrandError, listing what there is, when none has that name."""
    known = folders(places)
    if slug not in known:
        there = ", ".join(known) or "none"
        raise BrandError(f"no brand is called “{slug}”; there is: {there}")
    return load(known[slug])
