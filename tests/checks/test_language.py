"""The language of the draft is the one that was asked for; names, links and hashtags say nothing of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks.language import check
from bot.checks.subject import Subject

FR = [
    "Quarante minutes, ce n’est pas une pause déjeuner, et on en est désolés.",
    "Merci pour ce mot, il part tout droit au fournil ce matin.",
    "La boutique ouvre à huit heures, du mardi au samedi.",
    "Vous avez raison de le dire : personne n’a répondu.",
    "Le « Black Friday » et le « click and collect » reprennent lundi en boutique.",
    "Écrivez-nous en message privé, nous regardons avec l’équipe.",
    "Tu as raison, c’est trop long, écris-nous en privé.",
    "Le pain de seigle revient jeudi, dès l’ouverture.",
    "Arrêtez d’utiliser la crème et appelez un médecin.",
    "Désolés : le site ne répond plus depuis ce matin.",
    "Aucun arôme ajouté, la liste complète est sur l’étiquette.",
    "Bravo pour cette photo, on dirait presque la vitrine !",
    "Un délai de trois semaines n’est pas celui que nous annonçons.",
    "Les critiques restent en ligne ; seules les insultes sont masquées.",
    "On a bien lu, et le responsable de la boutique aussi.",
]
EN = [
    "Forty minutes is not a lunch break, and we are sorry for it.",
    "Thank you for the kind word, it goes straight to the bakers.",
    "The shop opens at eight, from Tuesday to Saturday.",
    "You are right to say it: nobody answered.",
    "The croissant, the baguette and the pain de seigle are back on Monday.",
    "Send us a private message and we will look for the parcel.",
    "Please stop using the cream and see a doctor.",
    "Sorry: the website has been down since this morning.",
    "No flavouring is added, the whole list is on the label.",
    "What a lovely picture, it looks like the shop window!",
    "Three weeks is not the time we give on the site.",
    "Criticism stays online; only insults are hidden.",
    "We have read it, and so has the manager of the shop.",
    "The rye bread returns on Thursday morning.",
    "That price is a fair question, and here is what it pays for.",
]
SHORT = ["Merci !", "Thank you!", "🥖🥖🥖", "#MoulinDoré https://www.moulin-dore.example", "OK", "1 2 3 4 5 6 7"]


@pytest.mark.parametrize("text", FR)
def test_french_passes_as_french_and_not_as_english(text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, "fr"))) == []
    [finding] = check(subject(text, "en"))
    assert (finding.level, finding.details["found"]) == ("warn", "fr")
    assert text.startswith(finding.excerpt)


@pytest.mark.parametrize("text", EN)
def test_english_passes_as_english_and_not_as_french(text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, "en"))) == []
    [finding] = check(subject(text, "fr"))
    assert finding.details == {"found": "en", "expected": "Français"}


@pytest.mark.parametrize("text", SHORT)
@pytest.mark.parametrize("language", ["fr", "en", ""])
def test_too_few_words_tell_no_language(text: str, language: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, language))) == []
