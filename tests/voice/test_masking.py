"""What would tell whose comment it was does not travel to another draft."""

from __future__ import annotations

import pytest

from bot.voice.masking import MASK, mask, named
from knowledge.brand import Brand


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Écrivez-moi : julie.martin@exemple.example, merci", "julie.martin@exemple.example"),
        ("Appelez le 06 12 34 56 78 avant midi", "06 12 34 56 78"),
        ("Mon IBAN FR76 3000 6000 0112 3456 7890 189 au cas où", "3000 6000"),
        ("Livré au 12 rue des Lilas, jamais chez moi", "12 rue des Lilas"),
        ("Commande n° 4587123 toujours pas là", "4587123"),
        ("Dossier MV-2291-884-17, sans réponse", "884"),
        ("Vous avez répondu à @julie.m_75, pas à moi", "julie.m_75"),
        ("Je m’appelle Julie Martin et j’attends", "Julie"),
        ("J’attends depuis lundi.\n— Karim B", "Karim"),
        ("Three weeks. My name is Agnes Howell.", "Howell"),
        ("C’est honteux, signé Mme Dupont", "Dupont"),
        ("Bonjour Julie, merci de nous l’avoir dit.", "Julie"),
    ],
)
def test_a_datum_is_masked(brand: Brand, text: str, secret: str) -> None:
    masked = mask(text, brand)
    assert secret not in masked
    assert MASK in masked


def test_a_name_given_in_the_comment_is_masked_in_the_answer(brand: Brand) -> None:
    names = named("Trois semaines ! — Karim Benali", brand)
    assert mask("Trois semaines, Karim, c’est long. — Nora", brand, names) == "Trois semaines, […], c’est long. — Nora"


def test_what_is_the_brands_stays(brand: Brand) -> None:
    text = "Écrivez à bonjour@moulin-dore.example ou au 03 20 00 01 02, à Moulin Doré. — Nora"
    assert mask(text, brand) == text
