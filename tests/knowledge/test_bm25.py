"""The share of a question that a section holds: between nothing and all, in either language."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.bm25 import Coverage, language_of
from knowledge.documents import Section

SECTIONS = (
    Section("a.md", "Retours", "Les retours sont gratuits pendant trente jours."),
    Section("b.md", "Delivery", "Parcels are delivered within three days."),
    Section("c.md", "Allergènes", "Le gâteau contient des noix."),
)


def test_the_section_that_holds_the_words_comes_first_in_either_language() -> None:
    coverage = Coverage(SECTIONS)
    assert coverage.of("un retour gratuit").argmax() == 0
    assert coverage.of("was my parcel delivered?").argmax() == 1
    assert coverage.of("ALLERGENE noix").argmax() == 2, "accents and capitals are set aside"


def test_small_words_alone_hold_nothing() -> None:
    assert not Coverage(SECTIONS).of("le la les of the and").any()
    assert not Coverage(SECTIONS).of("?!").any()


def test_no_section_gives_no_number() -> None:
    assert Coverage(()).of("retour").shape == (0,)


@given(st.text(max_size=80))
def test_a_share_lies_between_nothing_and_all(question: str) -> None:
    shares = Coverage(SECTIONS).of(question)
    assert ((shares >= 0) & (shares <= 1)).all()


def test_the_language_of_a_section_is_told_by_its_small_words() -> None:
    assert language_of("Les retours sont gratuits pour une commande sur le site.") == "fr"
    assert language_of("Returns are free for all of your orders on this site.") == "en"
    assert language_of("14 → 30") == ""
