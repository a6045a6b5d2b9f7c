"""An accepted rule holds for every text, twice as well as once, and touches no address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.voice import Habit
from bot.voice.obey import obey

RULES = (
    Habit(kind="replace", before="désolés", after="navrés", language="fr"),
    Habit(kind="remove", before="vraiment", language="fr"),
    Habit(kind="calm"),
    Habit(kind="no_emoji"),
    Habit(kind="open", after="Bonjour,", language="fr"),
    Habit(kind="close", after="Belle journée à vous.", language="fr"),
    Habit(kind="close", after="— Nora", language="fr"),
)
PARTS = st.sampled_from(
    "Nous sommes vraiment Vraiment désolés Désolés ! !! ?! ? . … , 🥖 l’équipe C'est — Nora nora@x.example #merci Bonjour,".split()
)
TEXTS = st.lists(PARTS, min_size=1, max_size=15).map(" ".join)


@given(TEXTS, st.sampled_from(RULES))
def test_twice_is_the_same_as_once(text: str, rule: Habit) -> None:
    assert obey(obey(text, [rule]), [rule]) == obey(text, [rule])


@given(TEXTS)
def test_what_is_ruled_out_is_gone(text: str) -> None:
    kept = {place: obey(text, [rule]) for place, rule in enumerate(RULES)}
    assert "désolés" not in kept[0].casefold()
    assert "!" not in kept[2] or not kept[2].strip(" !.")
    assert "🥖" not in kept[3] or not kept[3].strip(" 🥖")
    assert kept[4].startswith("Bonjour")
    assert "Belle journée à vous." in kept[5]


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (RULES[0], "Désolés, vraiment désolés.", "Navrés, vraiment navrés."),
        (RULES[0], "Nous sommes désolé-es ; indésolés.", "Nous sommes désolé-es ; indésolés."),
        (RULES[1], "Vraiment, nous sommes vraiment désolés, vraiment.", "Nous sommes désolés."),
        (RULES[2], "Merci\u202f! Vraiment\u202f?! Oui !! Bravo !…", "Merci. Vraiment\u202f? Oui. Bravo…"),
        (RULES[3], "Merci 🥖 à vous 🥖.", "Merci à vous."),
        (RULES[4], "Trois semaines, c’est long.", "Bonjour, trois semaines, c’est long."),
        (RULES[4], "Maison Virevent vous remercie.", "Bonjour, Maison Virevent vous remercie."),
        (RULES[4], "Bonjour à vous, c’est long.", "Bonjour à vous, c’est long."),
        (RULES[5], "Merci.\n\n— L’équipe", "Merci. Belle journée à vous.\n\n— L’équipe"),
        (RULES[6], "Merci.", "Merci. — Nora"),
    ],
)
def test_it_reads_as_a_person_would_have_written_it(rule: Habit, before: str, after: str) -> None:
    assert obey(before, [rule]) == after


def test_links_addresses_and_handles_are_left_alone() -> None:
    rule = Habit(kind="replace", before="merci", after="bravo")
    text = "Merci : https://x.example/merci?a=1! merci@x.example #merci @merci"
    assert obey(text, [rule]) == text.replace("Merci :", "Bravo :")


def test_a_rule_that_no_longer_fits_waits() -> None:
    assert obey("Merci.", [RULES[5]], lambda text: len(text) < 10) == "Merci."


def test_nothing_is_never_made_of_something() -> None:
    assert obey("Vraiment", [RULES[1]]) == "Vraiment"
    assert obey("", RULES) == ""
