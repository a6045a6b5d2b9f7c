"""What stops a text, what only warns, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.checks import copied, humour, inclusive, newsjacking, tact
from bot.checks.subject import Subject
from bot.pages import Pages
from knowledge.brand import Approved, Brand

REPLY = "Trois semaines, c’est trop long. Écrivez-nous en message privé avec la référence. — Nora"
TWIN = "Trois semaines, c’est trop long ! Écrivez-nous en message privé, avec la référence. — Ada"
OTHER = "Un flacon cassé, ce n’est pas ce que nous envoyons. Montrez-nous une photo en privé."


@pytest.mark.parametrize(
    ("text", "level", "key"),
    [
        ("Toutes nos pensées vont aux victimes de l’attentat. -20 % ce soir.", "block", "tact.grief"),
        ("Élections : -15 % sur tout le site.", "block", "tact.politics"),
        ("La tempête Ciaran arrive : commandez vos bottes.", "block", "tact.disaster"),
        ("Nos pensées aux sinistrés : 1 € reversé à la Croix-Rouge par commande.", "warn", "tact.gift"),
    ],
)
def test_a_sale_beside_a_drama_is_stopped_with_its_reason(
    text: str, level: str, key: str, subject: Callable[..., Subject], pages: Pages
) -> None:
    [finding] = newsjacking.check(subject(text, skill="post"))
    assert (finding.level, finding.key) == (level, key)
    assert finding.key in pages.interface["fr"]


def test_condolences_that_sell_nothing_pass(subject: Callable[..., Subject]) -> None:
    assert not list(newsjacking.check(subject("Toutes nos pensées vont aux victimes de l’attentat.", skill="post")))


def test_a_brief_that_bars_an_event_orders_none(subject: Callable[..., Subject]) -> None:
    def found(brief: str) -> list[str]:
        return [one.key for one in newsjacking.check(subject("-20 % dimanche.", skill="post", prompt=brief))]

    assert found("Soldes. Ne pas parler de la guerre.") == []
    assert found("Soldes, en surfant sur la guerre.") == ["tact.war"]


@pytest.mark.parametrize(
    ("answers", "levels"), [("complaint", ["warn"]), ("crisis", ["block"]), ("praise", []), ("", [])]
)
def test_laughter_is_judged_by_what_it_answers(
    answers: str, levels: list[str], subject: Callable[..., Subject]
) -> None:
    found = humour.check(subject("Haha, bien vu.", answers=answers, prompt="…"))
    assert [finding.level for finding in found] == levels


@pytest.mark.parametrize(
    ("text", "level", "key"),
    [
        ("Désolés que vous l’ayez ressenti ainsi.", "warn", "tact.non_apology"),
        ("Vous auriez dû lire la notice.", "warn", "tact.blame"),
        ("Supprimez votre avis.", "block", "tact.threat"),
    ],
)
def test_a_tactless_sentence_is_shown_in_the_draft_s_words(
    text: str, level: str, key: str, subject: Callable[..., Subject]
) -> None:
    [finding] = tact.check(subject(text))
    assert (finding.level, finding.key) == (level, key)
    assert finding.excerpt in text


def test_what_is_quoted_is_not_said(subject: Callable[..., Subject]) -> None:
    assert not list(tact.check(subject("« Vous auriez dû lire la notice » n’était pas une réponse.")))


class TestCopies:
    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ((TWIN, REPLY), 1),
            ((TWIN, OTHER, REPLY), 1),
            ((TWIN, OTHER), 0),
            ((OTHER, OTHER, OTHER, OTHER, REPLY, TWIN), 0),
            ((), 0),
        ],
    )
    def test_the_third_in_a_row_is_found(
        self, said: tuple[str, ...], found: int, subject: Callable[..., Subject]
    ) -> None:
        assert len(list(copied.check(subject(REPLY, said=said)))) == found

    def test_an_approved_text_may_be_said_again(self, subject: Callable[..., Subject], brand: Brand) -> None:
        said = "Merci, vraiment, ces mots partent à l’atelier."
        thrice = (said, said, said)
        house = brand.model_copy(update={"approved": Approved(texts=(said,))})
        assert list(copied.check(subject(said, said=thrice)))
        assert not list(copied.check(subject(said, said=thrice, brand=house)))


@pytest.mark.parametrize(
    ("style", "text", "words"),
    [
        ("none", "Merci à nos client·e·s.", "client·e·s"),
        ("double", "Merci à nos client·es.", "client·es"),
        ("point", "Merci aux clientes et clients.", "clientes et clients"),
        ("", "Merci à nos client·e·s.", None),
        ("point", "Merci à nos client·e·s.", None),
    ],
)
def test_inclusive_writing_is_the_brand_s_own(
    style: str, text: str, words: str | None, subject: Callable[..., Subject], brand: Brand
) -> None:
    found = list(inclusive.check(subject(text, brand=brand.model_copy(update={"inclusive": style}))))
    assert [finding.excerpt for finding in found] == ([words] if words else [])
