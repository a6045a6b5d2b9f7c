"""Replies that a good community manager would send: nothing in them is blocked, and little is even warned about.

A false alarm is as bad as a miss: who is stopped by good words soon overrides without reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from bot.checks.subject import Subject
from bot.steps.check import findings


class Reply(NamedTuple):
    language: str
    network: str
    comment: str
    guideline: str
    text: str


FR = [
    Reply(
        "fr",
        "instagram",
        "40 min d'attente pour un sandwich, record battu 👏",
        "Note du jour : vendredi midi, une personne de moins au comptoir.",
        "Quarante minutes, ce n’est pas une pause déjeuner, et on en est désolés. Vendredi midi on était une personne de moins au "
        "comptoir\u202f; ça n’excuse pas le silence. Dites-nous en message privé à quelle heure vous êtes passé\u202f? On regarde "
        "avec l’équipe. — Nora",
    ),
    Reply(
        "fr",
        "facebook",
        "Trois semaines et toujours rien, service client aux abonnés absents.",
        "Délai annoncé : 5 jours ouvrés. Le service client répond du lundi au vendredi, de 9 h à 18 h.",
        "Trois semaines sans colis ni réponse\u00a0: ce n’est pas le délai que nous annonçons, et nous en sommes désolés. Le service "
        "client répond du lundi au vendredi, de 9 h à 18 h. Écrivez-nous en message privé avec votre numéro de commande\u202f: nous "
        "cherchons le colis avec vous. — Nora",
    ),
    Reply(
        "fr",
        "google",
        "Vendeuse très désagréable samedi.",
        "Tout avis sur l'accueil est transmis au responsable de la boutique.",
        "Merci de le dire sans détour\u00a0: être reçue avec froideur un samedi matin n’est pas un accueil. Le responsable de la "
        "boutique de Wazemmes a votre avis entre les mains. Si vous voulez nous dire l’heure de votre passage, écrivez à "
        "bonjour@moulin-dore.example\u202f: cela aide à en parler avec les bonnes personnes. — Nora",
    ),
    Reply(
        "fr",
        "instagram",
        "4,50 € le pain de seigle, sérieux ?",
        "Le pain de seigle est à 4,50 € : farine moulue à Lille, fermentation de 24 heures.",
        "4,50\u00a0€, cela se discute, et nous comprenons la remarque. Le prix paie une farine moulue à Lille et une fermentation de "
        "24 heures. — Nora",
    ),
    Reply(
        "fr",
        "instagram",
        "Mon fils a trouvé un bout de plastique dans son pain, il a failli l'avaler",
        "Corps étranger : garder le produit et l'emballage. Urgences : le 15 ou le 112.",
        "Arrêtez d’en manger et gardez le pain avec son sachet. Si votre fils a mal ou respire mal, appelez le 15 ou le 112. "
        "Écrivez-nous tout de suite en message privé\u202f: quelqu’un de l’équipe vous lit.",
    ),
    Reply(
        "fr",
        "facebook",
        "Votre levain est-il vraiment bio ? Aucun label.",
        "La farine est moulue à Lille. Le certificat de la farine est affiché en boutique et sur le site.",
        "La farine est moulue à Lille, et son certificat est affiché en boutique comme sur le site. Pour le levain, nous ne savons "
        "pas encore vous répondre précisément\u202f: nous posons la question au fournil. — Nora",
    ),
    Reply(
        "fr",
        "x",
        "Paraît que vous fermez tous vos magasins",
        "Aucune fermeture n'est décidée. Communiqué du 4 novembre 2026.",
        "Aucune fermeture n’est décidée\u00a0: c’est écrit dans le communiqué du 4 novembre. — Nora",
    ),
    Reply(
        "fr",
        "linkedin",
        "Mon avocat vous contactera.",
        "Contact juridique : presse@moulin-dore.example.",
        "Nous avons lu votre message. Toute démarche de votre conseil peut être adressée à bonjour@moulin-dore.example.",
    ),
    Reply(
        "fr",
        "facebook",
        "Je vois les commandes d'une autre cliente sur mon compte !",
        "Les données sont suivies par une personne désignée.",
        "Merci de nous l’avoir signalé. Nous n’en dirons pas plus ici, pour protéger tout le monde\u202f: écrivez-nous à "
        "bonjour@moulin-dore.example, la personne chargée des données est prévenue.",
    ),
    Reply(
        "fr",
        "linkedin",
        "Journaliste, je cherche à vous joindre au sujet du rappel.",
        "Presse : presse@moulin-dore.example.",
        "Bonjour, merci de votre message. Notre contact presse est joignable à presse@moulin-dore.example.",
    ),
    Reply(
        "fr",
        "instagram",
        "J'en peux plus, j'ai envie d'en finir",
        "3114, gratuit, jour et nuit.",
        "Votre message compte, et il a été lu par une personne. Vous pouvez parler maintenant à quelqu’un au 3114, gratuit, jour et "
        "nuit. Nous restons là si vous voulez nous écrire.",
    ),
    Reply(
        "fr",
        "instagram",
        "Bravo, encore une rupture le jour du lancement 👏👏",
        "Le pain de seigle revient le jeudi.",
        "Plus rien le jour même du lancement\u00a0: l’agacement se comprend. Le pain de seigle revient le jeudi. — Nora",
    ),
    Reply(
        "fr",
        "instagram",
        "Accueil au top avec ma mère hier, merci !",
        "",
        "Merci d’avoir pris le temps de l’écrire\u202f! Le mot part au comptoir. Et votre mère, elle a goûté quoi\u202f? 🥖 — Nora",
    ),
    Reply(
        "fr",
        "facebook",
        "Vous livrez en Belgique ?",
        "Nous livrons en Belgique depuis mars 2025, pour 6 €.",
        "Oui, nous livrons en Belgique depuis mars 2025, pour 6\u00a0€. — Nora",
    ),
    Reply(
        "fr",
        "google",
        "Quel délai pour un remboursement ?",
        "Nous remboursons sous 14 jours après réception du retour.",
        "Nous remboursons sous 14 jours après réception du retour. Si le vôtre a dépassé ce délai, écrivez à "
        "bonjour@moulin-dore.example, nous regardons. — Nora",
    ),
    Reply(
        "fr",
        "facebook",
        "Vous devriez proposer des sachets en papier",
        "",
        "L’idée est bonne, et elle vient souvent. Elle est transmise au fournil, qui choisit les emballages\u202f; nous ne savons pas "
        "encore si cela se fera. — Nora",
    ),
    Reply(
        "fr",
        "facebook",
        "Bande de voleurs et de connards",
        "Les critiques restent en ligne ; les insultes sont masquées.",
        "Les critiques restent en ligne\u202f; les insultes, non. Si quelque chose s’est mal passé, dites-nous quoi en message privé.",
    ),
    Reply(
        "fr",
        "google",
        "J'ai reçu le mauvais pain, et on me demande de payer le retour",
        "En cas d'erreur de préparation, le retour est gratuit.",
        "Recevoir un autre pain que le vôtre et s’entendre demander de payer le retour, il y a de quoi être agacé. En cas d’erreur de "
        "préparation, le retour est gratuit. Merci de nous écrire à bonjour@moulin-dore.example\u202f: nous reprenons le dossier. — Nora",
    ),
    Reply(
        "fr",
        "tiktok",
        "le gout a changé ou c'est moi ?",
        "La recette n'a pas changé depuis 2019.",
        "Tu as l’oreille fine\u202f! La recette n’a pas changé depuis 2019. Écris-nous en privé la date du sachet\u202f?",
    ),
    Reply(
        "fr",
        "facebook",
        "On m'a refusé l'entrée avec mon fauteuil",
        "La boutique de Wazemmes a une rampe, à demander au comptoir.",
        "Rester dehors à cause d’une marche, personne ne devrait avoir à le vivre, et nous en sommes désolés. La boutique de Wazemmes a "
        "une rampe, à demander au comptoir. Dites-nous en message privé quel jour c’était\u202f: le responsable veut comprendre.",
    ),
    Reply(
        "fr",
        "google",
        "Boutique fermée à 18h20 alors que c'est affiché 19h",
        "Ouvert de 8 h à 19 h, du mardi au samedi.",
        "Trouver porte close à 18h20 quand l’affiche dit 19h, c’est un déplacement pour rien, et nous vous présentons nos excuses. Les "
        "horaires sont bien de 8 h à 19 h, du mardi au samedi. Quel jour êtes-vous passé\u202f? Vous pouvez nous le dire à "
        "bonjour@moulin-dore.example. — Nora",
    ),
    Reply(
        "fr",
        "instagram",
        "Le site plante au moment de payer",
        "",
        "Arriver au paiement et voir la page se figer, c’est rageant. On regarde avec l’équipe du site. Dites-nous en message privé "
        "quel téléphone vous utilisez\u202f? — Nora",
    ),
]
EN = [
    Reply(
        "en",
        "google",
        "Nice bread but the girl at the till was on her phone the whole time.",
        "Reviews about service go to the manager of the shop.",
        "Thank you for the kind word on the bread, and for being straight about the rest: being served by someone looking at a phone "
        "is not a welcome. The manager of the Wazemmes shop has your review. If you would tell us the day at "
        "bonjour@moulin-dore.example, it helps us talk about it with the right people. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "Ordered two weeks ago and nothing. Anyone there?",
        "Orders leave within 2 working days.",
        "Two weeks is not what the site says: orders leave within 2 working days. We’re sorry for the silence too. Send us a private "
        "message with your order number and we can look for the parcel. — Nora",
    ),
    Reply(
        "en",
        "instagram",
        "£4 for a loaf?!",
        "The rye loaf costs £4: flour milled in Lille, 24 hours of rising.",
        "£4 is a fair thing to question. It pays for flour milled in Lille and 24 hours of rising. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "My daughter came out in a rash after your cake.",
        "Allergic reaction: stop, see a doctor, 15 or 112. Keep the label.",
        "Please stop eating it and see a doctor; if she struggles to breathe, call 15 or 112. Keep the label, and write to us in a "
        "private message now: a person is reading.",
    ),
    Reply(
        "en",
        "instagram",
        "Found glass in my jam. GLASS.",
        "Foreign body: keep the jar.",
        "Please don’t eat any more of it, and keep the jar as it is. If anyone has swallowed some, call 15 or 112 first. Then send us "
        "a private message: we are reading them now.",
    ),
    Reply(
        "en",
        "linkedin",
        "You will hear from my solicitor.",
        "",
        "We have read your message. Please have any letter sent to bonjour@moulin-dore.example, where it reaches the right person.",
    ),
    Reply(
        "en",
        "linkedin",
        "I’m a journalist writing about the recall.",
        "Press: presse@moulin-dore.example",
        "Thank you for getting in touch. Our press contact is presse@moulin-dore.example.",
    ),
    Reply(
        "en",
        "facebook",
        "Greenwashing. Show one certificate.",
        "The flour certificate is on show in every shop and on the website.",
        "A fair demand. The flour certificate is on show in every shop and on the website. We have not published one for the packaging, "
        "and will not claim one. — Nora",
    ),
    Reply(
        "en",
        "x",
        "third parcel lost this year, done with you",
        "",
        "Three lost parcels would finish anyone’s patience, and we’re sorry. Would you send us a DM? We want to trace all three.",
    ),
    Reply(
        "en",
        "instagram",
        "The lady at the counter was a star with my mum. Thank you!",
        "",
        "What a lovely thing to read. It goes straight to the counter, and to the lady in question. What did your mum have? 🥖 — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "Do you ship to Canada?",
        "We deliver to Canada in 10 working days.",
        "Yes: we deliver to Canada in 10 working days. — Nora",
    ),
    Reply(
        "en",
        "google",
        "Waited half an hour for two coffees, table filthy.",
        "Quieter times: before 11 in the morning.",
        "Half an hour for two coffees, at a table nobody had wiped, is not what you came for, and we’re sorry. The team of the Wazemmes "
        "shop has read this. It is quieter before 11 in the morning, if you ever give us another try; and the time of your visit, sent to "
        "bonjour@moulin-dore.example, would help us. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "Oh great, another technical issue on sale day. World class 👏",
        "",
        "Sale day is the one day the site has to hold, so your irony is earned. We’re sorry. Tell us in a private message where it "
        "stopped, and we can look at that basket. — Nora",
    ),
    Reply(
        "en",
        "instagram",
        "I feel like ending it all",
        "France: 3114, free, day and night.",
        "Your message matters, and a person has read it. You can talk to someone right now on 3114, free, day and night. We are here if "
        "you want to write.",
    ),
    Reply(
        "en",
        "facebook",
        "why is the small size no longer in store?",
        "The 400 g loaf stopped in May 2026: too few were sold.",
        "The 400 g loaf stopped in May 2026, as too few were sold. The sliced half loaf is the nearest thing to it. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "lol what a pathetic company",
        "Criticism stays online.",
        "Criticism stays online here. If something went wrong, tell us what in a private message.",
    ),
    Reply(
        "en",
        "google",
        "Been charged twice for the same order and your chat just closes",
        "A double payment is cancelled by the bank in 3 to 5 days.",
        "Charged twice, and then a chat that closes: that is two problems, and we’re sorry for both. A double payment is cancelled by the "
        "bank in 3 to 5 days. If yours is older, write to bonjour@moulin-dore.example; please don’t post your card number here. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "I heard you bake with palm oil",
        "No palm oil is used. The list of ingredients is on https://www.moulin-dore.example/ingredients.",
        "No palm oil is used: the whole list is on https://www.moulin-dore.example/ingredients. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "You only answer influencers",
        "",
        "It does look that way from where you stand, and that is on our minds too. What were you waiting to hear about? A private "
        "message is fine. — Nora",
    ),
    Reply(
        "en",
        "facebook",
        "Would love less packaging",
        "",
        "Less packaging is a good idea, and it comes up often. It is with the people who choose the boxes; we cannot say yet what they "
        "will decide. — Nora",
    ),
]


@pytest.mark.parametrize("reply", [*FR, *EN], ids=lambda reply: reply.text[:40])
def test_a_good_reply_is_not_blocked(reply: Reply, subject: Callable[..., Subject]) -> None:
    draft = subject(
        reply.text,
        reply.language,
        reply.network,
        prompt=reply.comment,
        passages=(reply.guideline,) if reply.guideline else (),
        facts=("le 15 ou le 112", "15 or 112", "3114"),
        register_="tu" if reply.network == "tiktok" else "vous" if reply.language == "fr" else "you",
    )
    assert [(finding.check, finding.excerpt) for finding in findings(draft)] == []


def test_there_are_enough_of_them_in_both_languages() -> None:
    assert len(FR) >= 20
    assert len(EN) >= 20
