"""The pages of `prompts/`, typed: skills, networks, languages, playbooks, and the sentences of the interface.

Reads and checks them, finds the most specific page of a skill, and composes a prompt. It chooses no words
(`writers/`) and enforces no limit (`checks/`). `python -m bot.pages` prints every error, by file and field.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator

import prompts
from bot.domain.incident import Level
from bot.domain.model import Said
from bot.domain.network import ContentKind, Facts, Sourced, Span, whole
from bot.domain.parts import Format, PartCode, Piece
from bot.domain.parts import read as read_parts
from bot.domain.triage import Kind, Posture, Risk
from bot.errors import PageError
from bot.law import Jurisdiction, Law
from bot.typography import typeset
from bot.wordings import Wording, parse, render, slots_of

FOLDER = Path(prompts.__file__).parent
Move = Literal["hear", "own", "care", "truth", "thanks", "help", "answer", "line", "next", "close"]
LANGUAGE_HEADINGS = {"Français": "fr", "English": "en"}


class ReplyCode(Facts):
    kind: str
    words: Span


class PostCode(Facts):
    kind: str
    words: Span
    links: Literal["inline", "bio", "none"] = "inline"
    paragraphs: Literal["one", "airy"] = "airy"
    opens: Literal["news", "gain", "search"] = "news"


class Page(Facts):
    name: str
    body: str = ""


class Network(Page):
    title: str
    aliases: tuple[str, ...] = ()
    private: Literal["dm", "contact"]
    register_: Literal["vous", "tu"] = Field(default="vous", alias="register")
    emoji: bool
    short: bool = False
    order: int
    reply: ReplyCode
    post: PostCode
    formats: dict[str, Format] = {}
    """What a post is made of, by the format's name; the first is what is meant when nobody says which."""
    every: ContentKind = ContentKind()
    """What holds for every kind that says nothing else."""
    kinds: dict[str, ContentKind]

    @model_validator(mode="before")
    @classmethod
    def _share(cls, page: dict[str, Any]) -> dict[str, Any]:
        kinds, every = page.get("kinds"), page.get("every", {})
        return {**page, "kinds": whole(kinds, every)} if isinstance(kinds, dict) and isinstance(every, dict) else page

    def taps(self, kind: str) -> bool:
        """Whether our own code of this network puts a link in the text, where no fact says if one can be tapped."""
        return kind != self.post.kind or self.post.links == "inline"

    def kind(self, name: str | None, skill: str = "reply") -> str:
        """The content kind meant: by its own name, by what it does here (`reply`, `comment`, `post`), or the skill's own."""
        if name in self.kinds:
            return str(name)
        if name in (None, "reply", "post", "comment"):
            asked = skill if name is None else name
            return self.post.kind if asked == "post" else self.reply.kind
        raise PageError(f"{self.name} has no kind “{name}”; it has {', '.join(sorted(self.kinds))}")

    def format_named(self, name: str | None) -> str | None:
        """The name that a draft's kind has for a post: a format by its name or an alias, or a content kind alone."""
        if name is None or (name == "post" and name not in self.formats):
            return next(iter(self.formats), self.post.kind)
        wanted = name.strip().casefold()
        for known, format_ in self.formats.items():
            if wanted in (known, *format_.aliases):
                return known
        return wanted if wanted in self.kinds else None

    def format(self, kind: str) -> Format:
        """The parts of a draft of that kind: a format's, else the content kind alone. Raises KeyError for neither."""
        if kind in self.formats:
            return self.formats[kind]
        if kind not in self.kinds:
            raise KeyError(kind)
        return Format(parts=(PartCode(name="text", kind=kind),))

    def main(self, format_: Format) -> PartCode:
        """The part that says most: of the kind of this network's posts, else the first."""
        return next((part for part in format_.parts if part.kind == self.post.kind), format_.parts[0])


class Language(Page):
    title: str
    registers: tuple[str, ...]
    private: dict[Literal["dm", "contact"], str]
    machine_words: tuple[str, ...]
    wordings: dict[Move, tuple[Wording, ...]] = {}


class PublicFact(Facts):
    slot: str
    country: str
    fr: str
    en: str
    source: str
    checked: date


class Playbook(Page):
    title: dict[str, str]
    kind: Kind
    subject: str
    severity: int = Field(ge=1, le=5)
    risks: tuple[Risk, ...] = ()
    answer: Literal["yes", "optional", "hide"] = "yes"
    posture: Posture
    postures: tuple[Posture, ...] = ("sober", "empathetic", "firm")
    moves: tuple[Move, ...]
    short: tuple[Move, ...] = ()
    names: tuple[str, ...] = ()
    help: Literal["optional", "required", "none"] = "optional"
    emoji: bool = False
    seek: dict[str, str] = {}
    cues: dict[str, tuple[str, ...]] = {}
    examples: dict[str, tuple[str, ...]] = {}
    facts: tuple[PublicFact, ...] = ()
    wordings: dict[str, dict[Move, tuple[Wording, ...]]] = {}


class Skill(Page):
    title: dict[str, str]
    takes: Literal["comment", "brief", "question"]
    words: dict[str, tuple[str, ...]]
    needs: tuple[str, ...]
    cues: dict[str, tuple[str, ...]]
    examples: dict[str, tuple[str, ...]]


class Part(Page):
    """A piece of a prompt that several skills share."""

    needs: tuple[str, ...]


class Statement(Page):
    """What is said in a crisis, and the wordings of its parts; the prose is for people."""

    title: dict[str, str]
    public: bool
    """It is published; else it is for people: staff, partners, the press."""
    fr: dict[str, tuple[str, ...]]
    en: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _whole(self) -> Statement:
        for words in (self.fr, self.en):
            if missing := [name for name in STATEMENT_PARTS if not words.get(name)]:
                raise ValueError(f"needs: {', '.join(missing)}")
        return self

    def words(self, language: str) -> dict[str, tuple[str, ...]]:
        return self.fr if language == "fr" else self.en


STATEMENT_PARTS = ("open", "known", "unknown", "checking", "next", "later", "close")


class Turn(Facts):
    """What happens at a minute of a drill: somebody's comment, many voices alike, or news from inside the company."""

    at: float = Field(ge=0, le=600)
    """Minutes from the start of the story."""
    author: str = ""
    network: str = ""
    chorus: int = Field(default=0, ge=0, le=500)
    """So many voices, drawn from the page's chorus."""
    news: bool = False
    fr: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _one(self) -> Turn:
        if self.chorus and (self.news or self.fr or self.en or not self.network):
            raise ValueError("a chorus has a network and no words of its own")
        if not self.chorus and not (self.fr and self.en):
            raise ValueError("needs: fr, en")
        if not self.chorus and self.news == bool(self.author and self.network):
            raise ValueError("is news, or has an author and a network")
        return self

    def words(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class Expected(Facts):
    """What a good team has done by a minute of the story."""

    by: float = Field(ge=0, le=600)
    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def words(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class Scenario(Page):
    """A made-up crisis, turn by turn; the prose is for people. `{brand}` stands for the brand's name."""

    title: dict[str, str]
    says: dict[str, str]
    """What kind of crisis it is, in a line."""
    level: Level
    chorus: dict[str, tuple[str, ...]]
    turns: tuple[Turn, ...] = Field(min_length=1)
    expects: tuple[Expected, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _told(self) -> Scenario:
        if list(self.turns) != sorted(self.turns, key=lambda turn: turn.at):
            raise ValueError("turns: in the order of their minutes")
        for language in ("fr", "en"):
            if not (self.title.get(language) and self.says.get(language) and self.chorus.get(language)):
                raise ValueError(f"needs: title.{language}, says.{language}, chorus.{language}")
        return self


class Legal(Page):
    """A subject that law rules, and its rules; the prose is for people and for models."""

    title: dict[str, str]
    countries: tuple[Jurisdiction, ...] = Field(min_length=1)
    rules: tuple[Law, ...] = Field(min_length=1)


P = TypeVar("P", bound=Page)


class Pages:
    """Every page of a folder, read once. Raises PageError with all that is wrong, a line each."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._errors: list[str] = []
        self.networks = dict(
            sorted(self._read("networks", Network).items(), key=lambda named: named[1].order),
        )
        self.languages = self._read("languages", Language)
        self.playbooks = self._read("playbooks", Playbook)
        self._skills = self._read("skills", Skill)
        self.parts = self._read("parts", Part)
        self.legal = self._read("legal", Legal)
        self.statements = self._read("crisis", Statement)
        self.drills = self._read("drills", Scenario)
        self.laws = self._laws()
        self.interface = {file.stem: self._sentences(file) for file in sorted((folder / "interface").glob("*.toml"))}
        for language, sentences in self.interface.items():
            sentences.update({f"law.{rule.id}": _told(rule, language, sentences) for rule in self.laws.values()})
        if self._errors:
            raise PageError("\n".join(self._errors))

    @cached_property
    def digest(self) -> str:
        """Changes when any page does: keys what is computed from them."""
        files = sorted(self.folder.rglob("*.md"))
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]

    @property
    def skills(self) -> dict[str, Skill]:
        return {name: page for name, page in self._skills.items() if "." not in name}

    def skill(self, name: str, network: str = "", language: str = "") -> Skill:
        """The most specific page of a skill: `reply.linkedin.fr`, `reply.linkedin`, `reply.fr`, `reply`."""
        tried = [f"{name}.{network}.{language}", f"{name}.{network}", f"{name}.{language}", name]
        for page in tried:
            if page in self._skills:
                return self._skills[page]
        raise PageError(f"there is no skill “{name}”")

    def skill_named(self, words: str) -> str | None:
        """A skill by its name, title or command word, as people type it."""
        wanted = words.strip(" .!/").casefold()
        for name, skill in self.skills.items():
            spoken = [name, *skill.title.values(), *(word for words in skill.words.values() for word in words)]
            if wanted in {word.strip("/").casefold() for word in spoken}:
                return name
        return None

    def network(self, name: str) -> Network | None:
        """By its name, title or an alias, as people type it."""
        wanted = name.strip().lstrip("@#").casefold()
        for network in self.networks.values():
            if wanted in {network.name, network.title.casefold(), *(alias.casefold() for alias in network.aliases)}:
                return network
        return None

    def source(self, rule: str) -> str:
        """Who says what a network's page states under that name, and when it was read; empty for any other rule."""
        found = re.fullmatch(r"networks/(\w+)\.md#kinds\.(\w+)\.(\w+)", rule)
        kind = self.networks[found[1]].kinds.get(found[2]) if found and found[1] in self.networks else None
        fact = getattr(kind, found[3], None) if found and kind else None
        if not isinstance(fact, Sourced):
            return ""
        return f"{'; '.join(fact.sources)} ({fact.confidence}, {fact.checked.isoformat()})"

    def compose(self, page: Skill | Part, values: Mapping[str, str]) -> str:
        """A skill's prompt, or a part of one. Raises PageError naming the variables that are missing."""
        try:
            return render(page.body, values)
        except PageError as error:
            folder = "skills" if isinstance(page, Skill) else "parts"
            raise PageError(f"{folder}/{page.name}.md: {error}") from None

    def law(self, country: str) -> tuple[Law, ...]:
        """The rules that hold in a country (ISO 3166), those of the European Union among them for its members."""
        return tuple(rule for rule in self.laws.values() if rule.holds_in(country))

    def say(self, said: Said, locale: str) -> str:
        """A sentence of the interface in the reader's language (English where theirs has no page)."""
        language = locale if locale in self.interface else "en"
        template = self.interface[language].get(said.key)
        if template is None:
            raise PageError(f"interface/{language}.toml: there is no sentence “{said.key}”")
        return typeset(render(template, {name: str(value) for name, value in said.details.items()}), language)

    def labels(self, locale: str) -> dict[str, str]:
        """What the parts of a publication are called (`[part]` of the interface pages), by the part's name."""
        said = self.interface[locale if locale in self.interface else "en"]
        return {key.removeprefix("part."): text for key, text in said.items() if key.startswith("part.")}

    @cached_property
    def part_names(self) -> dict[str, str]:
        """The part's name by its label in lower case, in every language."""
        return {label.casefold(): name for locale in self.interface for name, label in self.labels(locale).items()}

    def pieces(self, network: Network, kind: str, text: str) -> tuple[Piece, ...]:
        """The parts that a draft's text is made of; `kind` is the draft's."""
        return read_parts(text, network.format(kind), self.part_names)

    def _laws(self) -> dict[str, Law]:
        found: dict[str, Law] = {}
        for name, page in self.legal.items():
            for rule in page.rules:
                if rule.id in found:
                    self._errors.append(f"legal/{name}.md: rules: “{rule.id}” is written twice")
                unknown = set(rule.networks) - set(self.networks)
                if unknown:
                    self._errors.append(f"legal/{name}.md: rules: {rule.id}: no network {', '.join(sorted(unknown))}")
                found[rule.id] = rule if rule.countries else rule.model_copy(update={"countries": page.countries})
        return found

    def _sentences(self, file: Path) -> dict[str, str]:
        return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))

    def _read(self, folder: str, shape: type[P]) -> dict[str, P]:
        found: dict[str, P] = {}
        for file in sorted((self.folder / folder).glob("*.md")):
            where = f"{folder}/{file.name}"
            try:
                found[file.stem] = _page(file, where, shape)
            except PageError as error:
                self._errors.append(str(error))
            except (UnicodeDecodeError, OSError) as error:
                self._errors.append(f"{where}: {error}")
        return found


def _flat(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """`[crisis.room] title = …` → ("crisis.room.title", …)."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{under}{key}.")
        else:
            yield f"{under}{key}", value


def _told(rule: Law, language: str, sentences: Mapping[str, str]) -> str:
    """What a finding of the rule says, with the law, its source and its date, and the word for counsel."""
    spoken: Literal["fr", "en"] = "fr" if language == "fr" else "en"
    cited = {"law": rule.law[spoken], "source": " ; ".join(rule.source), "date": rule.checked.isoformat()}
    counsel = sentences.get("legal.counsel_unsure" if rule.confidence in ("low", "unverified") else "legal.counsel", "")
    return f"{rule.says[spoken]} {render(counsel, cited)}".strip()


def _page(file: Path, where: str, shape: type[P]) -> P:
    matter, body = _split(file.read_text(encoding="utf-8"), where)
    extra: dict[str, Any] = {}
    if shape is Playbook:
        body, wordings = _wordings(body, where)
        extra = {"wordings": wordings}
    elif shape is Language:
        body, wordings = _wordings(body, where)
        extra = {"wordings": wordings.get(file.stem, {})}
    try:
        page = shape.model_validate({**matter, **extra, "body": body.strip()})
    except ValidationError as error:
        lines = [f"{where}: {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise PageError("\n".join(lines)) from None
    if page.name != file.stem:
        raise PageError(f"{where}: name: “{page.name}” is not the file's name")
    _agree(page, where)
    return page


def _agree(page: Page, where: str) -> None:
    """What a page promises in one place and must hold in another."""
    if isinstance(page, Skill | Part) and slots_of(page.body) != set(page.needs):
        odd = ", ".join(sorted(slots_of(page.body) ^ set(page.needs)))
        raise PageError(f"{where}: needs: differs from the slots of the body: {odd}")
    if isinstance(page, Network):
        for code in (page.reply, page.post):
            if code.kind not in page.kinds:
                raise PageError(f"{where}: kinds: “{code.kind}” is used and not described")
        for name, format_ in page.formats.items():
            for part in format_.parts:
                if part.kind not in page.kinds:
                    raise PageError(f"{where}: formats.{name}: the kind “{part.kind}” is not described")
                if part.min > part.max:
                    raise PageError(f"{where}: formats.{name}: {part.name}: min is more than max")
    if isinstance(page, Playbook) and page.posture not in page.postures:
        raise PageError(f"{where}: posture: “{page.posture}” is not among postures")


def _split(text: str, where: str) -> tuple[dict[str, Any], str]:
    found = re.match(r"\+\+\+\r?\n(.*?)\r?\n\+\+\+\r?\n?(.*)", text, re.DOTALL)
    if not found:
        raise PageError(f"{where}: front matter between +++ lines is expected first")
    try:
        return tomllib.loads(found[1]), found[2]
    except tomllib.TOMLDecodeError as error:
        raise PageError(f"{where}: front matter: {error}") from None


def _wordings(body: str, where: str) -> tuple[str, dict[str, dict[str, tuple[Wording, ...]]]]:
    """The prose before the first language heading, and the wordings by language and move."""
    prose: list[str] = []
    wordings: dict[str, dict[str, list[Wording]]] = {}
    language = move = ""
    for number, line in enumerate(body.splitlines(), 1):
        if line.startswith("## "):
            language, move = LANGUAGE_HEADINGS.get(line[3:].strip(), ""), ""
        elif language and line.startswith("### "):
            move = line[4:].strip()
        elif language and move and line.startswith(("- ", "* ")):
            try:
                wordings.setdefault(language, {}).setdefault(move, []).append(parse(line.rstrip(), language))
            except PageError as error:
                raise PageError(f"{where}: body line {number}: {error}") from None
        if not language:
            prose.append(line)
    return "\n".join(prose), {
        spoken: {name: tuple(lines) for name, lines in moves.items()} for spoken, moves in wordings.items()
    }


@cache
def shared() -> Pages:
    """The project's own pages, read once a process."""
    return Pages()


def check(folders: Iterable[Path] = (FOLDER,)) -> int:
    """Prints what is wrong with the pages. Returns the exit code."""
    for folder in folders:
        try:
            pages = Pages(folder)
        except PageError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        counted = f"{len(pages.statements)} statements, {len(pages.drills)} drills"
        sys.stdout.write(
            f"{len(pages.playbooks)} playbooks, {len(pages.networks)} networks, {len(pages.languages)} languages, "
            f"{len(pages.skills)} skills, {len(pages.laws)} legal rules, {counted}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(check(Path(argument) for argument in sys.argv[1:]) if sys.argv[1:] else check())
