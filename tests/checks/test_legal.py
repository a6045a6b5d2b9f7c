"""The rules of law, where they hold, and what a brand makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checks.legal import check
from bot.checks.subject import Subject
from bot.domain.model import Said
from bot.errors import PageError
from bot.pages import Pages
from knowledge.brand import Brand, LawChoices, Silenced

BRIEF = "Collab avec une influenceuse rémunérée pour le lancement du sérum."
POST = "Notre créatrice préférée a essayé le sérum pendant un mois."
RULE = """+++
name = "test"
title = { fr = "Essai", en = "Test" }
countries = ["FR"]
[[rules]]
id = "fr_test"
law = { fr = "loi", en = "law" }
says = { fr = "Dites-le.", en = "Say it." }
when.fr = ["essai"]
when.en = ["test"]
source = ["here"]
confidence = "high"
checked = 2026-11-22
counsel = true
+++
"""


def keys(found: Subject) -> set[str]:
    return {finding.key for finding in check(found)}


def test_a_partnership_of_the_brief_is_named_in_the_post(subject: Callable[..., Subject]) -> None:
    assert "law.fr_influence_mention" in keys(subject(POST, skill="post", prompt=BRIEF))
    assert "law.fr_influence_mention" not in keys(subject(f"Publicité. {POST}", skill="post", prompt=BRIEF))
    buried = f"{POST} {'Il sent bon la garrigue. ' * 6}Publicité."
    assert "law.fr_influence_mention" in keys(subject(buried, skill="post", prompt=BRIEF))


@pytest.mark.parametrize(
    ("country", "green", "french"), [("FR", True, True), ("DE", True, False), ("GB", False, False)]
)
def test_rules_hold_where_they_say(country: str, green: bool, french: bool, pages: Pages) -> None:
    ids = {rule.id for rule in pages.law(country)}
    assert ("eu_green_generic" in ids, "fr_alcohol_message" in ids) == (green, french)
    assert "us_endorsement" not in ids


def test_a_brand_raises_a_rule_or_silences_it(subject: Callable[..., Subject], brand: Brand) -> None:
    def levels(choices: LawChoices) -> list[str]:
        house = brand.model_copy(update={"law": choices})
        return [finding.level for finding in check(subject("Un savon écologique.", skill="post", brand=house))]

    assert levels(LawChoices()) == ["warn"]
    assert levels(LawChoices(block=("eu_green_generic",))) == ["block"]
    assert levels(LawChoices(silent=(Silenced(rule="eu_green_generic", why="dossier du 3 mai"),))) == []


def test_every_finding_says_to_have_counsel_confirm(pages: Pages) -> None:
    for rule in pages.laws.values():
        assert "juriste" in pages.say(Said(key=f"law.{rule.id}"), "fr")
        assert "ounsel" in pages.say(Said(key=f"law.{rule.id}"), "en")
        assert rule.checked.isoformat() in pages.say(Said(key=f"law.{rule.id}"), "en")


@pytest.mark.parametrize(
    ("changed", "by", "error"),
    [
        ("counsel = true", "counsel = false", r"rules\.0\.counsel"),
        ("checked = 2026-11-22\n", "", r"rules\.0\.checked"),
        ('source = ["here"]', "source = []", r"rules\.0\.source"),
        ('when.fr = ["essai"]\n', "", r"when: French and English"),
        ('id = "fr_test"', 'id = "fr_test"\nnetworks = ["nowhere"]', "no network nowhere"),
    ],
)
def test_a_page_that_is_wrong_says_where(changed: str, by: str, error: str, tmp_path: Path) -> None:
    (tmp_path / "legal").mkdir()
    (tmp_path / "legal" / "test.md").write_text(RULE.replace(changed, by), encoding="utf-8")
    with pytest.raises(PageError, match=error):
        Pages(tmp_path)


def test_one_id_is_one_rule(tmp_path: Path) -> None:
    (tmp_path / "legal").mkdir()
    for name in ("one", "two"):
        page = RULE.replace('name = "test"', f'name = "{name}"')
        (tmp_path / "legal" / f"{name}.md").write_text(page, encoding="utf-8")
    with pytest.raises(PageError, match="“fr_test” is written twice"):
        Pages(tmp_path)
