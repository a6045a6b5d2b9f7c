"""Insults and contempt: none in the brand's name; words that are only neighbours of one pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks.insults import check
from bot.checks.subject import Subject

INSULTS = [
    ("Vous êtes un CONNARD.", "CONNARD"),
    ("Quel con.", "con"),
    ("Débile, franchement.", "Débile"),
    ("Espèce d’abruti.", "abruti"),
    ("Allez vous faire voir.", "Allez vous faire"),
    ("Ta gueule.", "Ta gueule"),
    ("Vous êtes un menteur.", "menteur"),
    ("Dégage !", "Dégage"),
    ("Merci, dégagez de la page.", "dégagez"),
    ("Imbécile heureux", "Imbécile"),
    ("bande d’idiots", "bande d’idiots"),
    ("Va te faire cuire un œuf", "Va te faire"),
    ("m*rde alors", "m*rde"),
    ("Hystérique, celle-là", "Hystérique"),
    ("Pauvre type.", "Pauvre type"),
    ("You moron.", "moron"),
    ("Shut up.", "Shut up"),
    ("What an idiot", "idiot"),
    ("F*ck off", "F*ck"),
    ("LIAR!", "LIAR"),
    ("Get lost.", "Get lost"),
    ("you prick", "you prick"),
    ("What a loser.", "loser"),
    ("bullshit", "bullshit"),
]
CONTEMPT = [
    "C’est ridicule.",
    "Quelle mauvaise foi.",
    "Pathétique.",
    "That is pathetic.",
    "A stupid question.",
    "trolls",
]
INNOCENT = [
    "Votre commande a pris du retard, nous en sommes désolés.",
    "Une odeur se dégage du flacon.",
    "La crème dégage un parfum léger.",
    "La salopette en jean revient.",
    "Contact, conseil, confiture, second : tout va bien.",
    "À la Comic-Con de Paris !",
    "Le train s’est attardé à Puteaux.",
    "Les frais de port sont offerts dès deux pains.",
    "Le shiitake et les champignons de Paris.",
    "Fermé la semaine prochaine.",
    "Une pédagogue et un pédicure.",
    "Vous écrivez « bande de voleurs et de connards » : nous préférons parler du colis.",
    "Les ordures ménagères et la tare de la balance.",
    "Scunthorpe, Middlesex and Penistone shops are open.",
    "Thank you, Karen.",
    "The prick-test showed nothing.",
    "Classic, assistance, cocktail, shitake, dumbbell.",
    "The bande-annonce is out, bande d’annonce too.",
]


@pytest.mark.parametrize(("text", "words"), INSULTS)
def test_an_insult_blocks(text: str, words: str, subject: Callable[..., Subject]) -> None:
    found = list(check(subject(text, "")))
    assert {finding.level for finding in found} == {"block"}
    assert words in [finding.excerpt for finding in found]


@pytest.mark.parametrize("text", CONTEMPT)
def test_a_word_of_contempt_warns(text: str, subject: Callable[..., Subject]) -> None:
    assert [finding.level for finding in check(subject(text, ""))] == ["warn"]


@pytest.mark.parametrize("text", INNOCENT)
def test_words_that_only_look_like_an_insult_pass(text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, ""))) == []
