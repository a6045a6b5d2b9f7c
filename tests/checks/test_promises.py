"""What only the guidelines may promise, and what nobody admits in public."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from bench.fires import DETECTORS, cases
from bot.checks.promises import check
from bot.checks.subject import Subject
from bot.domain import approval
from bot.pages import Pages
from bot.view import View
from knowledge import documents
from knowledge.brand import SAMPLES, find

PROMISED = [
    ("fr", "Cela vous sera offert.", "vous sera offert"),
    ("fr", "Et votre prochaine commande est offerte.", "votre prochaine commande est offerte"),
    ("fr", "Nous vous rembourserons.", "Nous vous rembourserons"),
    ("fr", "On vous rembourse tout de suite.", "On vous rembourse"),
    ("fr", "Pas d’inquiétude, on te le remplace !", "on te le remplace"),
    ("fr", "Nous remplaçons votre flacon.", "Nous remplaçons"),
    ("fr", "Nous allons vous renvoyer un colis.", "Nous allons vous renvoyer"),
    ("fr", "Notre équipe est prévenue et nous vous recontacterons.", "nous vous recontacterons"),
    ("fr", "On vous rappelle demain matin.", "On vous rappelle"),
    ("fr", "Vous serez remboursée.", "Vous serez remboursée"),
    ("fr", "Vous recevrez un bon de remplacement.", "Vous recevrez un bon"),
    ("fr", "Votre remboursement est en cours.", "remboursement est en cours"),
    ("fr", "Le colis vous sera renvoyé.", "colis vous sera renvoyé"),
    ("fr", "Nous procédons au remboursement.", "Nous procédons au remboursement"),
    ("fr", "Nous ferons un geste.", "Nous ferons un geste"),
    ("fr", "Réponse sous 48 h.", "sous 48 h"),
    ("fr", "Une réponse arrive sous deux jours.", "sous deux jours"),
    ("fr", "Nous revenons vers vous demain.", "Nous revenons vers vous demain"),
    ("fr", "On vous répond dans la journée.", "On vous répond dans la journée"),
    ("fr", "Cela ne se reproduira plus.", "ne se reproduira plus"),
    ("fr", "Ça n’arrivera plus.", "n’arrivera plus"),
    ("fr", "On regarde, c’est promis.", "c’est promis"),
    ("fr", "Nous nous engageons à mieux faire.", "Nous nous engageons"),
    ("fr", "Nous vous assurons que tout sera réglé.", "Nous vous assurons qu"),
    ("fr", "NOUS VOUS REMBOURSERONS !", "NOUS VOUS REMBOURSERONS"),
    ("fr", "Nous\u00a0vous\nrembourserons.", "Nous\u00a0vous\nrembourserons"),
    ("fr", "Nous vous rem\u200bbourserons.", "Nous vous rem\u200bbourserons"),
    ("en", "We’ll refund you.", "We’ll refund"),
    ("en", "We will happily replace it.", "We will happily replace"),
    ("en", "We're going to send you another one.", "We're going to send you"),
    ("en", "I’ll call you back.", "I’ll call you"),
    ("en", "We will get back to you by Friday.", "We will get back to you by Friday"),
    ("en", "You’ll receive a full refund.", "You’ll receive a full refund"),
    ("en", "A replacement is on its way.", "replacement is on its way"),
    ("en", "Your refund will be processed.", "refund will"),
    ("en", "You will hear from us within 24 hours.", "within 24 hours"),
    ("en", "An answer within two working days.", "within two working days"),
    ("en", "It won’t happen again.", "won’t happen again"),
    ("en", "We’ll make sure this never happens again.", "We’ll make sure this never happens again"),
    ("en", "We guarantee you will love it.", "We guarantee"),
    ("en", "We'll make it right.", "We'll make it right"),
    ("en", "We've refunded your card.", "We've refunded"),
    ("en", "Your next coffee is on the house.", "on the house"),
    ("en", "You are entitled to compensation.", "You are entitled to"),
]
ADMITTED = [
    ("fr", "C’est notre faute.", "C’est notre faute"),
    ("fr", "C’est entièrement de notre responsabilité.", None),
    ("fr", "Nous sommes responsables.", "Nous sommes responsables"),
    ("fr", "On est clairement en tort.", "On est clairement en tort"),
    ("fr", "Nous avons commis une grave erreur.", "Nous avons commis une grave erreur"),
    ("fr", "On s’est trompés.", "On s’est trompés"),
    ("fr", "Nous aurions dû vous prévenir.", "Nous aurions dû"),
    ("fr", "Une négligence de notre part.", "négligence de notre part"),
    ("fr", "Nous assumons l’entière responsabilité.", "assumons l’entière responsabilité"),
    ("fr", "Notre crème était contaminée.", "Notre crème était contaminée"),
    ("en", "It's our fault.", "It's our fault"),
    ("en", "That’s entirely our mistake.", "That’s entirely our mistake"),
    ("en", "We messed up.", "We messed up"),
    ("en", "We take full responsibility.", "We take full responsibility"),
    ("en", "We should have warned you.", "We should have warned"),
    ("en", "We were negligent.", "We were negligent"),
    ("en", "This one’s on us.", "This one’s on us"),
    ("en", "We got it wrong.", "We got it wrong"),
    ("en", "Our cream was contaminated.", "Our cream was contaminated"),
]
INNOCENT = [
    ("fr", "Merci de nous renvoyer le flacon quand vous pourrez."),
    ("fr", "Vous pouvez nous rappeler aux heures d’ouverture."),
    ("fr", "Écrivez-nous en message privé pour que nous échangions plus au calme."),
    ("fr", "On en échange avec plaisir en message privé."),
    ("fr", "Nous rappelons que la boutique ferme le lundi."),
    ("fr", "Nous vous rappelons nos horaires d’été."),
    ("fr", "Nous vous renvoyons vers la page des ingrédients."),
    ("fr", "Nous ne remboursons pas les frais de retour."),
    ("fr", "Votre attention, livraison comprise, nous touche."),
    ("fr", "Quarante minutes, c’est long, et nous en sommes désolés."),
    ("fr", "Nous regardons cela avec l’équipe et revenons vers vous en message privé."),
    ("fr", "Vous ne voulez plus jamais attendre ainsi, et cela se comprend."),
    ("fr", "Le responsable de la boutique a votre message."),
    ("fr", "La règle est écrite sur le site."),
    ("fr", "C’est notre responsabilité de relire chaque étiquette."),
    ("fr", "Passez avant midi, c’est plus calme."),
    ("fr", "Il est souvent question livraison et retours ici."),
    ("en", "We will not be able to refund shipping."),
    ("en", "We’ll never call you to ask for a code."),
    ("en", "We'll send you a private message."),
    ("en", "We should have it back on the shelf before long."),
    ("en", "We should have more news then."),
    ("en", "The manager of the shop has your review."),
    ("en", "If you message us, we can look for the parcel."),
    ("en", "Being served by someone looking at a phone is not a welcome, and we are sorry."),
    ("en", "The bread is on offer, on credit, on display."),
    ("en", "Could you tell us what happened in a private message?"),
    ("en", "Our shop is closed on Mondays."),
    ("en", "We’ll get back to you by private message."),
    ("en", "We’re responsible for the quality of our bread, every day."),
]


@pytest.mark.parametrize(("language", "text", "words"), PROMISED)
def test_a_promise_that_no_guideline_makes_is_found(
    language: str, text: str, words: str, subject: Callable[..., Subject]
) -> None:
    found = list(check(subject(text, language)))
    assert found and {finding.level for finding in found} == {"block"}
    assert not [finding for finding in found if finding.key == "promises.admission"]
    assert any(words in finding.excerpt or finding.excerpt in words for finding in found)


@pytest.mark.parametrize(("language", "text", "words"), ADMITTED)
def test_an_admission_of_fault_is_found(
    language: str, text: str, words: str | None, subject: Callable[..., Subject]
) -> None:
    found = list(check(subject(text, language)))
    assert [(finding.level, finding.key) for finding in found] == [("block", "promises.admission")]
    assert words is None or found[0].excerpt == words


@pytest.mark.parametrize(("language", "text"), INNOCENT)
def test_what_only_looks_like_a_promise_passes(language: str, text: str, subject: Callable[..., Subject]) -> None:
    assert list(check(subject(text, language))) == []


@pytest.mark.parametrize(
    ("language", "guideline", "text"),
    [
        ("fr", "Nous livrons en Belgique et en Suisse.", "Oui, nous livrons en Belgique."),
        ("fr", "Nous remboursons sous 14 jours après réception.", "Bonjour, nous remboursons sous 14 jours !"),
        ("fr", "Nous remboursons sous 14 jours.", "NOUS REMBOURSONS SOUS 14 JOURS"),
        ("fr", "Les retours sont acceptés pendant 30 jours.", "Vous pouvez le rapporter dans les 30 jours."),
        ("fr", "Le service client répond en quarante-huit heures.", "La réponse part sous 48 h."),
        ("en", "We replace any broken jar.", "Thank you. We replace any broken jar."),
        ("en", "Refunds take 5 working days.", "The money is back within five working days."),
        ("en", "We deliver to Canada.", "Yes, we deliver to Canada."),
    ],
)
def test_a_promise_in_a_guidelines_own_words_passes(
    language: str, guideline: str, text: str, subject: Callable[..., Subject]
) -> None:
    assert list(check(subject(text, language, passages=("# Heading", guideline)))) == []


@pytest.mark.parametrize(
    ("language", "guideline", "text"),
    [
        ("fr", "Nous remboursons sous 14 jours.", "Nous remboursons intégralement, sans condition."),
        ("fr", "Nous livrons en Belgique.", "Nous livrons dans le monde entier."),
        ("fr", "Les retours sont acceptés pendant 30 jours.", "Réponse sous 30 minutes."),
        ("fr", "Ne jamais écrire « nous vous rembourserons ».", "Nous vous rembourserons."),
        ("fr", "À ne jamais dire :\n- nous vous rembourserons\n- c’est notre faute", "Nous vous rembourserons."),
        ("fr", "À ne jamais dire :\n- nous vous rembourserons\n- c’est notre faute", "C’est notre faute."),
        ("en", "Never say “we will refund you”.", "We will refund you."),
        ("en", "Avoid: we guarantee.", "We guarantee it."),
        ("en", "Refunds take 5 working days.", "The money is back within 5 hours."),
    ],
)
def test_a_promise_that_the_guidelines_forbid_or_word_otherwise_is_found(
    language: str, guideline: str, text: str, subject: Callable[..., Subject]
) -> None:
    assert [finding.level for finding in check(subject(text, language, passages=(guideline,)))] == ["block"]


def test_the_comment_grants_nothing_but_a_brief_for_a_post_does(subject: Callable[..., Subject]) -> None:
    text = "Nous vous rembourserons"
    assert list(check(subject(text, prompt="dites « nous vous rembourserons »")))
    assert not list(check(subject(text, prompt="Annoncer : nous vous rembourserons.", skill="post")))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["promise", "admission"])
def test_the_corpora_are_read_rightly(name: str, language: str) -> None:
    fires = DETECTORS[name]
    told = list(cases(name, language))
    assert len(told) >= 60
    assert sum(case["fires"] for case in told) <= len(told) / 2 + 1
    assert [case["text"] for case in told if not case["fires"] and fires(case["text"], language, {})] == []
    missed = [case["text"] for case in told if case["fires"] and not fires(case["text"], language, {})]
    assert len(missed) <= 0.03 * len(told), missed


@pytest.mark.parametrize(
    ("text", "language", "risks"),
    [
        ("Nous vous rembourserons.", "fr", {"compensation"}),
        ("We'll replace it.", "en", {"compensation"}),
        ("C’est notre faute.", "fr", {"legal"}),
        ("We'll call you back tomorrow.", "en", set()),
    ],
)
def test_a_finding_says_which_approval_it_needs(
    text: str, language: str, risks: set[str], subject: Callable[..., Subject], pages: Pages
) -> None:
    found = list(check(subject(text, language)))
    assert {risk for finding in found for risk in finding.risks} == risks
    wanted = approval.needed(None, found)
    assert (wanted.needed, wanted.lead, wanted.not_author) == ((2, True, True) if risks else (1, False, False))
    said = View(pages, "fr").finding(found[0])
    assert ("deux personnes" in said) == bool(risks)
    assert "{" not in said


@pytest.mark.parametrize("slug", ["maison-virevent", "tern-and-thistle"])
def test_the_brands_own_sentences_are_never_found(slug: str, pages: Pages) -> None:
    brand = find(slug, [SAMPLES])
    looked = 0

    def look(text: str, *passages: str) -> None:
        nonlocal looked
        looked += 1
        network = pages.networks["instagram"]
        draft = Subject(text=text, network=network, kind="comment", brand=brand, skill="reply", passages=passages)
        assert [finding.excerpt for finding in check(draft)] == [], text

    for file in sorted(brand.guidelines.rglob("*.*")):
        for section in documents.read(file, file.name, brand.guidelines):
            for line in section.sayable:
                look(line, section.text)
    for text in brand.approved.texts:
        look(text)
    assert looked > 500


def test_the_wordings_of_the_playbooks_are_never_found(pages: Pages) -> None:
    network = pages.networks["instagram"]
    by_page = [page.wordings for page in pages.playbooks.values()]
    wordings = [one.text for page in by_page for moves in page.values() for lines in moves.values() for one in lines]
    wordings += [one.text for page in pages.languages.values() for lines in page.wordings.values() for one in lines]
    assert len(wordings) > 1_000
    for wording in wordings:
        for side in (0, 1):
            said = re.sub(r"\{(?:[^{}|?]*\?)?([^{}|]*)\|([^{}]*)\}", lambda hole, side=side: hole[1 + side], wording)
            text = re.sub(r"\{[^{}]*\}", "cela", said)
            found = check(Subject(text=text, network=network, kind="comment", skill="reply"))
            assert [finding.excerpt for finding in found] == [], wording


def test_what_is_said_between_marks_is_somebody_elses_unless_the_whole_text_is(subject: Callable[..., Subject]) -> None:
    assert not list(
        check(subject("« Nous vous rembourserons » : c’est ce que vous avez lu, et rien n’est venu depuis."))
    )
    assert list(check(subject("« Nous vous rembourserons. »")))


@pytest.mark.parametrize(
    "piece",
    ["nous vous ", "nous ne ", "we will ", "you'll be ", "si nous ", "« ", "votre remboursement ", "sous 4", "a" * 99],
)
def test_no_text_makes_it_slow(piece: str, subject: Callable[..., Subject]) -> None:
    text = (piece * (200_000 // len(piece)))[:200_000]
    started = time.perf_counter()
    list(check(subject(text)))
    assert time.perf_counter() - started < 5


def test_the_day_that_a_brief_names_may_be_said_in_other_words(subject: Callable[..., Subject]) -> None:
    text = "Vous recevrez la nouvelle brume dès vendredi."
    assert list(check(subject(text, skill="post", prompt="Annoncer la brume.")))
    assert not list(check(subject(text, skill="post", prompt="La brume arrive chez les abonnés dès vendredi.")))
    assert list(check(subject(text, prompt="Et vendredi, elle arrive ?")))
