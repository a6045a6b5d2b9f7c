"""The prompt of a reply and of a post, as a model gets them, written to `docs/prompts/`; how long prompts are, over every situation.

`python -m bench.prompts` writes and measures; `--check` only says whether what is written is current.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.triage import Posture
from bot.pages import shared
from bot.steps.draft import Job, postures
from bot.writers import answers
from bot.writers.prompt import PASSAGES, Prompt, compose, tokens
from knowledge.brand import SAMPLES, load
from knowledge.documents import Section, read

DOCS = Path(__file__).parents[1] / "docs" / "prompts"
MARK = "3f9c1a7be204"
MOST = 2_500
COMMENT = (
    "Commandé le 2 en express, payé 9,90 €, et onze jours plus tard toujours rien. "
    "Le service client ne répond ni au mail ni au téléphone. Plus jamais."
)
BRIEF = "La crème mains revient jeudi 4 décembre dans les cinq boutiques, 14 €, tube en aluminium. Objectif : faire venir en boutique."
NEAR = {
    "reply": ("livraisons.md", "joindre-le-service-client.md"),
    "post": ("fiches-corps-soleil-parfum.md", "prix-et-promotions.md", "emballages-et-recharges.md"),
}


@dataclass(frozen=True)
class Passage:
    document: str
    heading: str
    text: str
    score: float = 0.7
    sayable: tuple[str, ...] = ()


def job(
    skill: str, text: str, network: str, *, situation: str = "late_delivery", brand: str = "maison-virevent"
) -> Job:
    pages, known = shared(), load(SAMPLES / brand)
    language = known.languages[0]
    page = pages.networks[network]
    playbook = pages.playbooks[situation] if skill == "reply" else None
    wanted: tuple[Posture, ...] = postures(playbook, None) if playbook else ("sober",)
    return Job(
        skill=skill,
        text=text,
        brand=known,
        network=page,
        kind=page.kind(None, skill),
        language=pages.languages[language],
        register_=known.register_for(language, network),
        postures=wanted,
        passages=tuple(_passages(known.guidelines, NEAR[skill])),
        playbook=playbook,
    )


def _passages(guidelines: Path, near: tuple[str, ...]) -> Iterator[Passage]:
    """Eight sections of the brand's guidelines: those of the documents named first, then the longest."""
    sections = [section for file in sorted(guidelines.rglob("*.md")) for section in _sections(file, guidelines)]
    first = [section for section in sections if Path(section.document).name in near and len(section.text) > 120]
    first.sort(key=lambda section: "crème mains" not in section.text.lower())
    rest = sorted((section for section in sections if section not in first), key=lambda section: -len(section.text))
    for section in [*first, *rest][:PASSAGES]:
        yield Passage(section.document, section.heading, section.text, sayable=section.sayable)


@cache
def _sections(file: Path, guidelines: Path) -> list[Section]:
    return read(file, file.relative_to(guidelines).as_posix(), guidelines)


def rendered() -> dict[str, str]:
    """File → what it holds."""
    return {
        "reply.md": _page("reply on Instagram", job("reply", COMMENT, "instagram")),
        "post.md": _page("post for LinkedIn", job("post", BRIEF, "linkedin")),
    }


def _page(what: str, asked: Job) -> str:
    prompt = compose(asked, shared(), MARK)
    tool = json.dumps(answers.tool(asked.postures), ensure_ascii=False)
    return (
        f"# The prompt of a {what}\n\n"
        f"As the model gets it (`python -m bench.prompts` writes this page): about {_length(asked, prompt):,} tokens with the function. "
        "The mark is new for each prompt.\n\n"
        f"## System: the same for every text of this brand, network and language\n\n~~~~\n{prompt.system}\n~~~~\n\n"
        f"## User: this text\n\n~~~~\n{prompt.user}\n~~~~\n\n"
        f"## The one function it can call\n\n~~~~json\n{tool}\n~~~~\n"
    )


def _length(asked: Job, prompt: Prompt) -> int:
    return tokens(prompt.system + prompt.user + json.dumps(answers.tool(asked.postures), ensure_ascii=False))


def lengths(step: int = 1) -> list[int]:
    """Of a reply with eight passages, in every situation on every network, or one in `step` of them."""
    pages = shared()
    asked = [
        job("reply", COMMENT, network, situation=name)
        for name, page in pages.playbooks.items()
        if page.moves
        for network in pages.networks
    ]
    return [_length(one, compose(one, pages, MARK)) for one in asked[::step]]


def main() -> None:
    if "--check" in sys.argv:
        stale = [name for name, text in rendered().items() if (DOCS / name).read_text() != text]
        sys.exit(f"not current: {', '.join(stale)}; run python -m bench.prompts" if stale else 0)
    DOCS.mkdir(exist_ok=True)
    for name, text in rendered().items():
        (DOCS / name).write_text(text)
    found = lengths()
    longest = max(found)
    print(
        f"{len(found)} prompts of replies with {PASSAGES} passages: median {statistics.median(found):,.0f} tokens, longest {longest:,}"
    )
    print(f"limit {MOST:,} tokens: {longest / MOST:.0%}")


if __name__ == "__main__":
    main()
