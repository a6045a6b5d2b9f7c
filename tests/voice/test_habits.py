"""Three alike edits on different drafts propose a rule, once; two do not, and opposite edits cancel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.voice import Edit, Proposal, Rule
from bot.voice.diff import pieces
from bot.voice.habits import habits, proposal

START = datetime(2026, 11, 1, tzinfo=UTC)
SHOWN = "Trois semaines de retard, nous en sommes vraiment désolés ! Écrivez-nous en privé. — Nora"
HABITS: dict[str, tuple[str, str]] = {
    "replace": (SHOWN, SHOWN.replace("désolés", "navrés")),
    "remove": (SHOWN, SHOWN.replace("vraiment ", "")),
    "close": (SHOWN, SHOWN.replace(" — Nora", " Belle soirée. — Nora")),
    "open": (SHOWN, f"Bonjour, {SHOWN}"),
    "calm": (SHOWN, SHOWN.replace(" !", ".")),
    "emoji": ("Merci à vous.", "Merci à vous 🥖."),
    "no_emoji": ("Merci 🥖 à vous.", "Merci à vous."),
    "shorten": (f"Nous reprenons votre dossier avec toute l’équipe dès ce matin. {SHOWN}", SHOWN),
}


def made(
    draft: int, before: str, after: str, network: str = "linkedin", revision: int = 2, brand: str = "b", **rest: Any
) -> Edit:
    changes = pieces(before, after)
    return Edit(
        draft=draft,
        revision=revision,
        brand=brand,
        network=network,
        language=rest.get("language", "fr"),
        by="Ada",
        at=START + timedelta(minutes=draft, seconds=revision),
        pieces=changes,
        habits=habits(before, after, changes, rest.get("language", "fr"), rest.get("comment", "")),
    )


def asked(edits: list[Edit], rules: list[Rule] | None = None) -> Proposal | None:
    return proposal(edits[-1], edits, rules or [])


def ruled(found: Proposal, **changes: Any) -> Rule:
    return Rule(**{**found.model_dump(), "id": 1, "state": "proposed", "at": START, **changes})


@pytest.mark.parametrize("kind", HABITS)
def test_each_habit_is_recognised_and_asked_at_the_third_edit(kind: str) -> None:
    before, after = HABITS[kind]
    edits = [made(draft, before, after) for draft in (1, 2, 3)]
    assert asked(edits[:1]) is None
    assert asked(edits[:2]) is None
    found = asked(edits)
    assert found is not None
    assert (found.habit.kind, found.network, found.drafts, found.draft) == (kind, "linkedin", (1, 2, 3), 3)


@given(
    kind=st.sampled_from(sorted(HABITS)),
    networks=st.lists(st.sampled_from(["linkedin", "x"]), min_size=1, max_size=6),
    drafts=st.lists(st.integers(1, 4), min_size=6, max_size=6),
)
def test_it_takes_three_drafts_whatever_the_number_of_edits(kind: str, networks: list[str], drafts: list[int]) -> None:
    where = {draft: networks[draft % len(networks)] for draft in range(5)}
    edits = [
        made(draft, *HABITS[kind], network=where[draft], revision=place + 2)
        for place, draft in enumerate(drafts[: len(networks)])
    ]
    found = asked(edits)
    here = {edit.draft for edit in edits if edit.network == edits[-1].network}
    assert (found is not None) == (len({edit.draft for edit in edits}) >= 3)
    if found:
        assert found.network == (edits[-1].network if len(here) >= 3 else "")
        assert found.draft == found.drafts[-1] == edits[-1].draft


@given(
    st.sampled_from(["replace", "calm", "emoji", "no_emoji", "remove", "close"]),
    st.permutations([True] * 3 + [False] * 3),
)
def test_opposite_edits_cancel(kind: str, ways: list[bool]) -> None:
    before, after = HABITS[kind]
    edits = [made(draft, *((before, after) if way else (after, before))) for draft, way in enumerate(ways, 1)]
    balance = 0
    for place, way in enumerate(ways):
        balance += 1 if way else -1
        found = asked(edits[: place + 1])
        assert found is None or abs(balance) >= 3


def test_what_is_undone_on_the_same_draft_is_nothing() -> None:
    before, after = HABITS["replace"]
    edits = [made(1, before, after), made(1, after, before, revision=3), made(2, before, after), made(3, before, after)]
    assert asked(edits) is None


@given(st.sampled_from(sorted(HABITS)), st.sampled_from(["refused", "accepted", "undone", "proposed"]), st.booleans())
def test_what_was_asked_is_never_asked_again(kind: str, state: str, everywhere: bool) -> None:
    edits = [made(draft, *HABITS[kind], network="x" if everywhere and draft % 2 else "linkedin") for draft in (1, 2, 3)]
    found = asked(edits)
    assert found is not None
    rule = ruled(found, state=state)
    for draft in range(4, 9):
        edits.append(made(draft, *HABITS[kind], network="x" if everywhere and draft % 2 else "linkedin"))
        again = asked(edits, [rule])
        assert again is None or again.habit.key != rule.habit.key


def test_a_rule_of_one_network_may_be_asked_for_another_and_then_not_for_all() -> None:
    edits = [made(draft, *HABITS["replace"]) for draft in (1, 2, 3)]
    first = asked(edits)
    assert first is not None
    rule = ruled(first, state="accepted")
    edits += [made(4, *HABITS["replace"], network="x"), made(5, *HABITS["replace"], network="x")]
    assert asked(edits, [rule]) is None
    edits.append(made(6, *HABITS["replace"], network="x"))
    second = asked(edits, [rule])
    assert second is not None
    assert (second.network, second.drafts) == ("x", (4, 5, 6))


def test_brands_do_not_add_up() -> None:
    edits = [made(draft, *HABITS["replace"], brand=brand) for draft, brand in ((1, "a"), (2, "a"), (3, "b"))]
    assert asked(edits) is None


def test_the_words_of_a_comment_make_no_rule() -> None:
    before = "Pour le colis perdu, nous regardons."
    after = "Pour le cadeau perdu, nous regardons."
    comment = "Remplacez toujours colis par cadeau, c’est une règle !"
    edits = [made(draft, before, after, comment=comment) for draft in (1, 2, 3)]
    assert asked(edits) is None
    assert asked([made(draft, before, after) for draft in (1, 2, 3)]) is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Le colis part sous 2 jours.", "Le colis part sous 3 jours."),
        ("Écrivez à nous.", "Écrivez à contact@ailleurs.example nous."),
        ("Merci à vous.", "Merci à vous. @nora"),
        ("Voyez le site.", "Voyez le site. www.ailleurs.example"),
        ("On est là pour le dire.", "On est là pour la dire."),
    ],
)
def test_figures_addresses_accounts_and_grammar_are_no_habits(before: str, after: str) -> None:
    assert habits(before, after, pieces(before, after), "fr") == ()


def test_a_text_written_anew_tells_nothing_of_its_words() -> None:
    after = "Merci de l’avoir dit. La boutique vous rappelle, et le colis repart."
    assert {one.kind for one in habits(SHOWN, after, pieces(SHOWN, after), "fr")} <= {"calm", "shorten"}


def test_a_length_is_the_longest_that_people_left_in_tens() -> None:
    long = " ".join(["mot"] * 60)
    edits = [made(draft, long, " ".join(["mot"] * left)) for draft, left in ((1, 22), (2, 31), (3, 18))]
    found = asked(edits)
    assert found is not None
    assert (found.habit.kind, found.habit.words) == ("shorten", 40)
