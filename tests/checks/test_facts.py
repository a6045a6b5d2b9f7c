"""The fact lock: every figure, name and address of a draft stands in a passage, the brand file or the comment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks.facts import check, figures
from bot.checks.subject import Subject

SAME = [
    ("trois semaines", "3 semaines"),
    ("Vingt-deux euros", "22 €"),
    ("vingt et un jours", "21 jours"),
    ("soixante-douze heures", "72 h"),
    ("soixante-dix", "70"),
    ("quatre-vingt-dix-huit pour cent", "98 %"),
    ("quatre-vingts", "80"),
    ("forty-eight hours", "48 hours"),
    ("forty eight hours", "48 hours"),
    ("1 000 pains", "1000 pains"),
    ("1\u202f000 pains", "1,000 loaves"),
    ("4,50 €", "4.50 €"),
    ("12,500,000 loaves", "12 500 000 pains"),
    ("NEUF JOURS", "9 jours"),
]
UNFOUNDED = [
    ("Réponse en 12 heures.", "12"),
    ("Réponse en douze heures.", "douze"),
    ("Vingt-Deux euros.", "Vingt-Deux"),
    ("Soixante-dix euros.", "Soixante-dix"),
    ("It costs 1,000 euros.", "1,000"),
    ("98 % naturel.", "98"),
    ("Ouvert à 9h30.", "9"),
    ("Neuf jours.", "Neuf"),
    ("Écrivez à aide@moulin-dore.example.", "aide@moulin-dore.example"),
    ("Voir https://moulin-dore.com.", "https://moulin-dore.com"),
    ("Voir moulin-dore.com/pain.", "moulin-dore.com/pain"),
]
NO_CLAIM = [
    "Un flacon neuf, une fois, l’un de nous.",
    "Les deux nous importent, en deux mots.",
    "One of us reads both, the two of them.",
    "Gardez le pot, l’étui et le ticket : tous les trois servent.",
    "The jar, its box and the receipt: keep all three.",
    "La deux-chevaux et le six-coups.",
    "Deuxièmement, la dizaine et la trentaine.",
    "#2024 et @pain7 ne disent rien.",
]


@pytest.mark.parametrize(("said", "known"), SAME)
def test_a_figure_is_the_same_in_figures_and_in_words(said: str, known: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(said, passages=(known,)))) == []
    assert list(check(subject(known, passages=(said,)))) == []


@pytest.mark.parametrize(("text", "words"), UNFOUNDED)
def test_a_figure_or_an_address_that_stands_nowhere_blocks(
    text: str, words: str, subject: Callable[..., Subject]
) -> None:
    assert ("block", words) in [(finding.level, finding.excerpt) for finding in check(subject(text))]


@pytest.mark.parametrize("text", NO_CLAIM)
def test_a_number_word_that_counts_nothing_passes(text: str, subject: Callable[..., Subject]) -> None:
    assert [finding for finding in check(subject(text)) if finding.level == "block"] == []


def test_a_name_that_stands_nowhere_warns(subject: Callable[..., Subject]) -> None:
    found = list(check(subject("C’est Margaux Lefort qui vous répond, avec Nora, à Lille.")))
    assert [(finding.level, finding.excerpt) for finding in found] == [("warn", "Margaux Lefort")]


def test_the_comment_and_the_brand_file_are_ground_too(subject: Callable[..., Subject]) -> None:
    draft = subject("Trois semaines, 42 € : écrivez à bonjour@moulin-dore.example.", prompt="3 semaines pour 42 euros")
    assert list(check(draft)) == []


def test_a_telephone_number_is_no_ground_for_a_figure(subject: Callable[..., Subject]) -> None:
    assert list(check(subject("Appelez le 03 20 00 01 02."))) == []
    assert [finding.excerpt for finding in check(subject("Réponse en 20 minutes."))] == ["20"]


def test_figures_are_read_by_value() -> None:
    assert figures("Trois pains, 2,5 kg, quatre-vingt-dix-neuf clients et 1,234 abonnés") == {3, 2.5, 99, 1234}
