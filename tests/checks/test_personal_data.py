"""Personal data: none revealed, and none asked for in public."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks.personal_data import check
from bot.checks.subject import Subject

ASKED = [
    ("fr", "Donnez-nous votre numéro de commande."),
    ("fr", "Pouvez-vous nous indiquer votre adresse e-mail ?"),
    ("fr", "Écris-nous ton numéro de téléphone ici."),
    ("fr", "Quel est votre numéro de commande ?"),
    ("fr", "Votre numéro de commande ?"),
    ("fr", "Nous avons besoin de votre adresse postale."),
    ("fr", "Il nous faudrait la référence de votre commande."),
    ("fr", "Merci de préciser votre nom et votre téléphone."),
    ("fr", "Laissez votre mail en commentaire."),
    ("fr", "Indiquez votre numéro de commande en commentaire ou en message privé."),
    ("fr", "Confirmez-nous votre date de naissance."),
    ("fr", "Envoyez-nous une adresse mail ci-dessous."),
    ("en", "Please send us your order number."),
    ("en", "What’s your order number?"),
    ("en", "Could you share your email address?"),
    ("en", "Can we have your phone number?"),
    ("en", "Drop your postcode below."),
    ("en", "We need your full name."),
    ("en", "Your order number?"),
    ("en", "Reply with your address."),
    ("en", "Leave your order number in the comments or in a private message."),
    ("en", "Could you confirm the card number?"),
]
NOT_ASKED = [
    ("fr", "Écrivez-nous en message privé avec votre numéro de commande."),
    ("fr", "Écrivez-nous en message privé. Indiquez votre numéro de commande."),
    ("fr", "En MP, donnez-nous votre nom et la date."),
    ("fr", "Envoyez votre numéro de commande à bonjour@moulin-dore.example."),
    ("fr", "Le formulaire de contact demande votre numéro de commande : indiquez-le là-bas."),
    ("fr", "Ne donnez jamais votre numéro de commande en commentaire."),
    ("fr", "Évitez de laisser votre adresse en commentaire."),
    ("fr", "Votre numéro de suivi est dans le mail d’expédition."),
    ("fr", "Merci pour votre mail."),
    ("fr", "Vos données et votre adresse e-mail restent chez nous."),
    ("en", "Your email address was given to nobody."),
    ("fr", "Votre adresse n’apparaît nulle part."),
    ("fr", "Dites-nous en message privé à quelle heure vous êtes passé ?"),
    ("fr", "Dites-nous quel pain vous préférez !"),
    ("fr", "Nous ne demandons jamais votre numéro de carte."),
    ("en", "Send us a private message with your order number."),
    ("en", "DM us. Include your order number."),
    ("en", "Please don’t post your order number here."),
    ("en", "We will never ask for your card number."),
    ("en", "Your order number is in the confirmation email."),
    ("en", "Your address stays visible to you alone."),
    ("en", "Write to bonjour@moulin-dore.example with your order number."),
    ("en", "Tell us which bread you liked best!"),
    ("en", "If you would tell us the day, it helps us talk about it with the right people."),
]
REVEALED = [
    ("email", "Nous avons écrit à jean.dupont@example.org.", "jean.dupont@example.org"),
    ("email", "Sent to ANNE+shop@mail.example.co.uk!", "ANNE+shop@mail.example.co.uk"),
    ("phone", "On vous joint au 06 12 34 56 78.", "06 12 34 56 78"),
    ("phone", "Call +44 20 7946 0958.", "+44 20 7946 0958"),
    ("phone", "Au 06.12.34.56.78 ?", "06.12.34.56.78"),
    ("iban", "Sur le compte FR76 3000 6000 0112 3456 7890 189.", "FR76 3000 6000 0112 3456 7890 189"),
    ("card", "Carte 4111 1111 1111 1111 bien reçue.", "4111 1111 1111 1111"),
    ("social_security", "Le 2 55 08 14 168 025 38 figure au dossier.", "2 55 08 14 168 025 38"),
    ("address", "Livré au 12 rue des Lilas hier.", "12 rue des Lilas"),
    ("address", "Left at 10 Downing Street.", "10 Downing Street"),
    ("address", "Au 3 bis, avenue Foch.", "3 bis, avenue Foch"),
    ("order_number", "Votre commande n° 48213 est partie.", "commande n° 48213"),
    ("order_number", "Order number FR-48213 left.", "Order number FR-48213"),
    ("order_number", "La commande 4821377 est partie.", "commande 4821377"),
    ("order_number", "Parcel #12345 is late.", "Parcel #12345"),
]
NOT_REVEALED = [
    "Écrivez à bonjour@moulin-dore.example.",
    "Appelez le 03 20 00 01 02, ou le +33 3 20 00 01 02.",
    "Le 15 ou le 112 répondent à toute heure, le 3114 aussi.",
    "It is 10 minutes on the road, 30 minutes drive.",
    "Il reste 10 places assises, 2 places en terrasse.",
    "La place 12 place des mots.",
    "Ouvert de 8 h à 19 h 30, du 24 au 26 décembre 2026.",
    "Un pain de 1 000 g à 4,50 €, deux pour 8 €.",
    "Nous sommes au 12 rue de Wazemmes, à Lille.",
    "La boutique du 12 rue de Wazemmes ouvre lundi.",
    "We made 100,000 loaves in 2025.",
    "Le lot 2026-11-22 n’est plus en vente.",
    "Une commande de 2026 ou un colis de 3 kg.",
    "Le code EAN 3 017 620 422 003 est sur l’emballage.",
    "In order 1 to 5, which one did you like?",
]


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_asking_for_personal_data_in_public_is_found(language: str, text: str, subject: Callable[..., Subject]) -> None:
    found = list(check(subject(text, language)))
    assert [(finding.level, finding.key) for finding in found] == [("block", "finding.data_asked")]
    assert found[0].excerpt in text


@pytest.mark.parametrize(("language", "text"), NOT_ASKED)
def test_asking_in_private_or_not_at_all_passes(language: str, text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, language))) == []


@pytest.mark.parametrize(("what", "text", "words"), REVEALED)
def test_personal_data_in_a_draft_is_found(what: str, text: str, words: str, subject: Callable[..., Subject]) -> None:
    found = [(finding.level, finding.key, finding.excerpt) for finding in check(subject(text))]
    assert ("block", f"finding.data_{what}", words) in found


@pytest.mark.parametrize("text", NOT_REVEALED)
def test_the_brands_own_data_and_plain_numbers_pass(text: str, subject: Callable[..., Subject]) -> None:
    known = ("La boutique : 12 rue de Wazemmes, 59000 Lille.", "Code EAN du pain : 3017620422003.")
    assert list(check(subject(text, passages=known))) == []


def test_what_the_comment_reveals_is_not_said_back(subject: Callable[..., Subject]) -> None:
    comment = "Commande n° 48213, jean.dupont@example.org, 06 12 34 56 78"
    draft = subject("La commande n° 48213 (jean.dupont@example.org, 06 12 34 56 78) est partie.", prompt=comment)
    assert {finding.key for finding in check(draft)} == {
        "finding.data_email",
        "finding.data_phone",
        "finding.data_order_number",
    }
