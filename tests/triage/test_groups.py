"""Groups of alike comments: found together, the same whatever their order, and never two that want the opposite."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from bot.domain.triage import Triage
from bot.triage.groups import NEAR_IN_SITUATION, groups, wanted
from knowledge.embed import UseEncoder

OPPOSITES = [
    ("Remboursez-moi !", "Ne me remboursez pas, renvoyez le colis"),
    ("Rouvrez la boutique de Lille", "La boutique de Lille doit rester fermée"),
    ("Gardez l’ancienne recette", "Retirez l’ancienne recette"),
    ("Ne retirez pas le parfum figue", "Retirez le parfum figue"),
    ("Annulez ma commande", "N’annulez pas ma commande"),
    ("J’aime la nouvelle pub", "J’aime pas la nouvelle pub"),
    ("Trop chaud dans le train", "Il fait trop froid dans le train"),
    ("Rappelez-moi", "Arrêtez de m’appeler"),
    ("C’est trop sucré", "C’est pas assez sucré"),
    ("Il faut plus de bancs", "Il y a trop de bancs"),
    ("La veste taille trop petit", "La veste est trop grande"),
    ("more meat in the wrap please", "please make the wrap without meat"),
    ("please reopen the cafe", "please keep the cafe closed"),
    ("You should apologise", "Don’t apologise, we stand with you"),
    ("too salty", "not salty enough"),
    ("Please cancel my order", "Please don’t cancel my order"),
    ("call me back", "stop calling me"),
    ("too expensive", "very good value"),
    ("the music was too loud", "we couldn’t hear the music"),
    ("bring back the old app", "the new app is better than the old"),
]
ALIKE = [
    ("Toujours pas reçu mon colis", "Je n’ai pas reçu ma commande"),
    ("Colis en retard", "Mon colis n’arrive pas"),
    ("Remboursez-moi svp", "Je veux mon remboursement"),
    ("still waiting for my parcel", "my parcel has not arrived"),
    ("The app crashes when I pay", "App keeps crashing at checkout"),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_opposite_demands_are_told_apart(one: str, other: str) -> None:
    assert wanted(one).opposes(wanted(other))
    assert wanted(other).opposes(wanted(one))


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_demand_is_not_its_own_opposite(one: str, other: str) -> None:
    assert not wanted(one).opposes(wanted(other))


def read(situation: str = "late_delivery", kind: str = "complaint", sentiment: str = "negative") -> Triage:
    values = {"kind": kind, "situation": situation, "sentiment": sentiment}
    return Triage.model_validate({"language": "fr", "severity": 2, **values})


def test_opposites_never_share_a_group_even_where_their_meanings_touch() -> None:
    texts = list(itertools.chain(*OPPOSITES))
    found = groups(texts, [read()] * len(texts), np.ones((len(texts), 4), dtype=np.float32) / 2)
    assert found
    for group in found:
        for one, other in itertools.combinations(group, 2):
            assert not wanted(texts[one]).opposes(wanted(texts[other]))
        for left, right in OPPOSITES:
            assert not {left, right} <= {texts[place] for place in group}


def test_groups_are_the_same_in_any_order_and_hold_together() -> None:
    texts = [text for pair in ALIKE for text in pair] + [text for pair in OPPOSITES for text in pair]
    encoder = UseEncoder()
    expected = None
    for seed in range(4):
        mixed = random.Random(seed).sample(texts, len(texts))
        vectors = encoder.encode(mixed)
        found = groups(mixed, [read()] * len(mixed), vectors)
        for group in found:
            assert min(vectors[group] @ vectors[group[0]]) >= NEAR_IN_SITUATION - 1e-5
        named = {frozenset(mixed[place] for place in group) for group in found}
        assert expected in (None, named)
        expected = named
    assert sum(any({*pair} <= group for group in expected or ()) for pair in ALIKE) >= 3


def test_kinds_situations_and_tones_stay_apart() -> None:
    texts = ["Mon colis est en retard"] * 2
    vectors = UseEncoder().encode(texts)
    for other in (read(kind="question"), read("price"), read(sentiment="positive")):
        assert groups(texts, [read(), other], vectors) == []
    assert groups(texts, [read(), read()], vectors) == [[0, 1]]
    assert groups([], [], np.zeros((0, 512), dtype=np.float32)) == []
