"""A draft before the checks: in the made-up brand's name, on a network, in a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.checks.subject import Subject
from bot.pages import Language, Pages
from knowledge.brand import Brand

PRIVATE = {"dm": "en message privé", "contact": "à {contact}"}
LANGUAGES = {
    "fr": Language(
        name="fr",
        title="Français",
        registers=("vous", "tu"),
        private=PRIVATE,
        machine_words=("n'hésitez pas", "votre satisfaction est notre priorité", "malheureusement"),
    ),
    "en": Language(
        name="en",
        title="English",
        registers=("you",),
        private=PRIVATE,
        machine_words=("please don't hesitate", "rest assured", "valued customer"),
    ),
}


@pytest.fixture(scope="session")
def subject(brand: Brand, pages: Pages) -> Callable[..., Subject]:
    """Makes what a check looks at; language "" means that nothing says which one is wanted."""

    def make(text: str, language: str = "fr", network: str = "instagram", **rest: Any) -> Subject:
        page = pages.networks[network]
        given: dict[str, Any] = {"brand": brand, "register_": "vous" if language == "fr" else "you", "skill": "reply"}
        kind = page.kind(rest.pop("kind", None), rest.get("skill", "reply"))
        given["law"] = pages.law("FR")
        return Subject(text=text, network=page, kind=kind, language=LANGUAGES.get(language), **(given | rest))

    return make
