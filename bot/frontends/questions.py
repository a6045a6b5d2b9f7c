"""Questions of ours (which brand, network, skill?), and what an answer makes of the request they were about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

from bot.domain.chat import Talk
from bot.domain.request import Clarify, Request
from bot.pages import Pages
from bot.triage.text import fold
from bot.view import View
from knowledge.brand import Brand

Question = Literal["brand", "network", "skill"]
QUESTIONS: tuple[Question, ...] = get_args(Question)


def asked(clarify: Clarify) -> Question:
    name = clarify.question.key.removeprefix("route.which_")
    return next(question for question in QUESTIONS if question == name)


def options(clarify: Clarify, pages: Pages, brands: Sequence[Brand]) -> list[tuple[str, str]]:
    """(words, value) of each answer."""
    match asked(clarify):
        case "brand":
            return [(brand.name, brand.slug) for brand in brands]
        case "network":
            return [(title, network.name) for title in clarify.options if (network := pages.network(title))]
        case "skill":
            return [(title, pages.skill_named(title) or title) for title in clarify.options]


def answered(talk: Talk, words: str, pages: Pages, brands: Sequence[Brand], number: str) -> Request | None:
    """The earlier request with the answer to our question, under a new id, when these words are one."""
    clarify = talk.reply.clarify if talk.reply else None
    if clarify is None:
        return None
    question, value = asked(clarify), ""
    match question:
        case "network":
            network = pages.network(words.strip(" .!"))
            value = network.name if network else ""
        case "skill":
            value = pages.skill_named(words) or ""
        case "brand":
            value = next((brand.slug for brand in brands if fold(brand.name) == fold(words)), "")
    return answer(talk.request, question, value, number) if value else None


def settled(request: Request, question: Question, view: View, brands: Sequence[Brand]) -> str:
    """The question with the answer that the request now holds, to stand where the question stood."""
    match question:
        case "brand":
            words = next((brand.name for brand in brands if brand.slug == request.brand), request.brand)
        case "network":
            words = ", ".join(
                view.pages.networks[name].title for name in request.networks if name in view.pages.networks
            )
        case "skill":
            skill = view.pages.skills.get(request.skill or "")
            words = skill.title.get(view.locale, skill.name) if skill else ""
    return f"{view.say(f'route.which_{question}')} {words}"


def answer(request: Request, question: Question, value: str, number: str = "") -> Request:
    """The request with that answer, under a new id: the same for every answer to that question, so that the first one counts."""
    number = number or f"{request.id}:{question}"
    changes: dict[str, Any] = {"networks": (value,)} if question == "network" else {question: value}
    return request.model_copy(update={"id": number[:200], **changes})
