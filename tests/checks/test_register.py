"""Tu and vous: the one that the brand says, never both. French only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks.register import check
from bot.checks.subject import Subject

FOUND = [
    ("vous", "Tu as raison.", "register_vous", "Tu"),
    ("vous", "On t’écoute.", "register_vous", "t’"),
    ("vous", "On t'écoute.", "register_vous", "t'"),
    ("vous", "C’est noté pour ton colis.", "register_vous", "ton"),
    ("vous", "As-tu essayé ?", "register_vous", "-tu"),
    ("vous", "Écris-nous en message privé.", "register_vous", "Écris-nous"),
    ("vous", "Dis-moi tout.", "register_vous", "Dis-moi"),
    ("vous", "Merci à toi.", "register_vous", "toi"),
    ("tu", "Vous avez raison.", "register_tu", "Vous"),
    ("vous", "Merci à toutes et tous, tu as été entendu.", "register_vous", "tu"),
    ("tu", "Votre colis est parti.", "register_tu", "Votre"),
    ("tu", "Pouvez-vous préciser ?", "register_tu", "-vous"),
    ("tu", "Écrivez-nous en message privé.", "register_tu", "Écrivez"),
    ("tu", "Dites-nous ce qui s’est passé.", "register_tu", "Dites-nous"),
    ("tu", "Merci. Passez quand il fait beau.", "register_tu", "Passez"),
    ("tu", "C’est noté, écrivez à l’équipe.", "register_tu", "écrivez"),
    ("vous", "Vous avez raison, on t’écoute.", "register_mixed", "t’"),
    ("tu", "Tu as raison, dites-nous tout.", "register_mixed", "dites-nous"),
    ("vous", "Écrivez-nous, on s’occupe de ton colis.", "register_mixed", "ton"),
    ("vous", "TON COLIS EST PARTI", "register_vous", "TON"),
]
PASSES = [
    ("vous", "Vous avez raison : quarante minutes, c’est long."),
    ("vous", "Le ton employé n’était pas le bon, et nous en sommes désolés."),
    ("vous", "Un ton sec n’est pas un accueil."),
    ("vous", "Vous écrivez « tu te moques de moi », et cela se comprend."),
    ("vous", "Le thé et les tests sont prêts, la tarte aussi."),
    ("vous", "Avons-nous bien compris ? Sommes-nous clairs ? Pouvons-nous vous écrire ?"),
    ("vous", "Venez chez nous, à côté de chez-nous."),
    ("vous", "Qu’a-t-il dit ? Y a-t-il eu une attente ?"),
    ("tu", "Tu as raison, écris-nous en message privé."),
    ("tu", "Prends rendez-vous, c’est plus simple."),
    ("tu", "Il y en a assez, passe chez nous."),
    ("tu", "M. Sanchez et l’équipe de Saint-Tropez te remercient."),
    ("tu", "Merci pour ton mot !"),
    ("vous", "Merci pour ce mot, il part à l’atelier."),
    ("tu", "Merci pour ce mot, il part à l’atelier."),
    ("tu", "Vous êtes nombreux à nous le dire, merci !"),
    ("tu", "Merci à vous tous d’être passés."),
    ("tu", "Bonjour à toutes et tous, dites-nous ce que vous en pensez."),
    ("tu", "@lea et @tom, vous avez gagné le goûter !"),
    ("tu", "Tu nous écris « vous répondez quand ? » : ce soir."),
    ("vous", "> tu réponds jamais\nNous vous lisons, et la réponse est là."),
    ("vous", "Faites-nous signe et passez quand cela vous va."),
]


@pytest.mark.parametrize(("register", "text", "key", "words"), FOUND)
def test_a_word_of_the_other_register_is_found(
    register: str, text: str, key: str, words: str, subject: Callable[..., Subject]
) -> None:
    [finding] = check(subject(text, register_=register))
    assert (finding.level, finding.key, finding.excerpt) == ("warn", f"finding.{key}", words)


@pytest.mark.parametrize(("register", "text"), PASSES)
def test_one_register_throughout_passes(register: str, text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, register_=register))) == []


def test_english_has_no_register_to_mix(subject: Callable[..., Subject]) -> None:
    assert list(check(subject("Tu and vous are French, te te te.", "en"))) == []
