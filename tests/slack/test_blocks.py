"""Whatever a comment, a draft or a brand holds, what we send is within Slack's limits, and says it without being obeyed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decision import Event
from bot.domain.draft import Approvals, Body, Counter, Draft, Finding, Source, Variant, text_hash
from bot.domain.model import Said, now
from bot.domain.request import Clarify
from bot.domain.triage import Triage
from bot.frontends.slack import cards, modals, text
from bot.pages import shared
from bot.view import View
from tests.fakes.people import brand
from tests.fakes.slack import blocks as kit

HOSTILE = (
    "<!channel> <@U0BOSS> @here </untrusted> & <https://evil.example|click> *bold* _it_ `code` ```x``` {draft} :smile:"
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="a&<>\n é🥐\u202e\u200b", min_size=1, max_size=9_000),
    st.just(HOSTILE * 60),
    st.just("x" * 20_000),
)
BRAND = brand(name="Marque & <!channel>")
STATES = ("pending", "approved", "released", "rejected", "expired")


def draft(words: str, *, state: str = "pending", language: str = "fr") -> Draft:
    """A draft in which everything that can hold words holds these."""
    finding = Finding(
        check="avoid", level="block", key="finding.avoided_word", excerpt=words, details={"word": words, "why": ""}
    )
    body = Body(
        text=words,
        posture="sober",
        variants=(Variant(posture="sober", text=words), Variant(posture="firm", text=words)),
        sources=tuple(Source(document=words[:300], heading=words[:300], text=words, score=0.5) for _ in range(8)),
        findings=(finding,) * 20,
        triage=Triage(
            language=language,
            kind="complaint",
            sentiment="negative",
            severity=5,
            risks=("safety", "health"),
            situation="other",
            reasons=(Said(key="triage.cues", details={"words": words}),) * 4,
        ),
        counter=Counter(length=len(words), limit=2200, unit="characters"),
        approvals=Approvals(needed=2, lead=True, given=1, by=("Inès",)),
        language=language,
        writer="playbook",
        author=words[:80],
    )
    return Draft(
        id=12,
        request="r",
        brand="b",
        skill="reply",
        network="instagram",
        kind="comment",
        prompt=words,
        body=body,
        revision=2,
        state=state,  # type: ignore[arg-type]
        hash=text_hash(words),
        created_at=now(),
    )


def trail(words: str, what: str) -> list[Event]:
    details = {"reason": words, "override": words, "front": "telegram"}
    return [Event(at=now(), draft=12, revision=2, what=what, who=words[:80], details=details)]


@settings(max_examples=60, deadline=None)
@given(words=TEXTS, state=st.sampled_from(STATES), locale=st.sampled_from(["fr", "en"]))
def test_a_card_is_within_the_limits_whatever_it_holds(words: str, state: str, locale: str) -> None:
    events = trail(words, "draft.rejected" if state == "rejected" else "draft.approved")
    card = cards.card(draft(words, state=state), View(shared(), locale), BRAND, events)
    assert kit.message(card.blocks) == []
    assert kit.length(card.blocks) <= kit.MESSAGE_TEXT
    assert len(card.notice) < 300


@settings(max_examples=40, deadline=None)
@given(words=TEXTS, locale=st.sampled_from(["fr", "en"]))
def test_a_modal_is_within_the_limits_whatever_it_holds(words: str, locale: str) -> None:
    view, shown = View(shared(), locale), draft(words)
    meta = {"channel": "C1", "thread": "17.1"}
    brands = [("a", "Marque A"), ("b", words[:70] or "B")]
    made = [modals.edit(shown, view, meta), modals.ask(shown, view, meta), modals.reject(shown, view, meta)]
    made += [modals.override(shown, view, meta), modals.sources(shown, view)]
    made += [modals.whole(shown, view)] if words else []
    made += [modals.compose(view, meta, brands=brands, words=words, networks=("x",))]
    for modal in made:
        assert kit.view(modal) == [], modal["callback_id"]
    counted = modals.counted({**made[0], "id": "V1", "hash": "1"}, shown, view, words)
    assert kit.view(counted) == []


@settings(max_examples=40, deadline=None)
@given(words=TEXTS)
def test_an_answer_and_a_question_are_within_the_limits(words: str) -> None:
    view = View(shared(), "fr")
    options = [(f"{words[:70] or 'option'} {number}", f"value{number}") for number in range(25)]
    clarify = Clarify(question=Said(key="route.which_network"))
    sources = draft(words).body.sources
    told = [cards.question(clarify, "network", "slack:T:C:1", options, view), cards.passages(sources, words or "title")]
    told += [cards.said(words)] if words.strip() else []
    for card in told:
        assert kit.message(card.blocks) == []
        assert kit.length(card.blocks) <= kit.MESSAGE_TEXT


def test_nothing_that_a_comment_says_is_obeyed() -> None:
    """A mention or a link is only ever read in mrkdwn; there, every `<` of a person's words is escaped."""
    card = cards.card(draft(HOSTILE), View(shared(), "en"), BRAND)
    for words in mrkdwn(card.blocks):
        assert "<!channel>" not in words
        assert "<@U0BOSS>" not in words
        assert "<https://evil" not in words
    assert HOSTILE in literal(card.blocks), "the text to copy holds the exact characters"


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_text_on_the_card_is_the_text_that_is_approved(locale: str) -> None:
    words = "Bonjour,\n\n  deux espaces, « guillemets », 🥐 & <b>.\n" + "mot " * 1500
    shown = literal(cards.card(draft(words), View(shared(), locale), BRAND).blocks)
    assert words.startswith(shown)
    assert len(shown) == min(len(words), cards.SHOWN_TEXT)
    assert literal(modals.whole(draft(words), View(shared(), locale))["blocks"]) == words


def test_an_edit_that_changes_nothing_gives_back_the_exact_text() -> None:
    words = "Bonjour,\n\n" + "une phrase assez longue, avec des espaces.  " * 150
    modal = modals.edit(draft(words), View(shared(), "fr"), {})
    values = {
        block["block_id"]: {block["element"]["action_id"]: {"value": block["element"].get("initial_value")}}
        for block in modal["blocks"]
    }
    assert modals.edited(values) == words


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U0BOT> sur Instagram : &lt;b&gt; &amp;amp;", "sur Instagram : <b> &amp;"),
        ("<@U0BOT|bonton> salut <@U1|maud> et <@U2>", "salut @maud et @U2"),
        ("voir <#C1|sav> <!channel> <!here|@here> <!subteam^S1|@cm>", "voir #sav @channel @here @cm"),
        (
            "<https://a.example/x?y=1&amp;z=2> <https://a.example|ici>",
            "https://a.example/x?y=1&z=2 ici (https://a.example)",
        ),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("bravo :clap::clap: :+1::skin-tone-3:", "bravo 👏👏 👍"),
        ("10:30:45 :pas_un_emoji:", "10:30:45 :pas_un_emoji:"),
    ],
)
def test_what_people_type_is_read_as_they_meant_it(sent: str, meant: str) -> None:
    assert text.plain(sent, "U0BOT") == meant


@given(st.text(alphabet="ab \n", max_size=400), st.integers(5, 60))
def test_pieces_lose_nothing(words: str, most: int) -> None:
    parts = text.pieces(words, most)
    assert "".join(parts) == words
    assert all(0 < len(part) <= most for part in parts)


@given(st.text(alphabet="a&<> é", max_size=400), st.integers(20, 80))
def test_escaped_text_is_short_enough_and_whole(words: str, most: int) -> None:
    shown = text.safe(words, most)
    assert len(shown) <= most
    assert not any(sign in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "") for sign in "<>&")


def mrkdwn(blocks: Any) -> list[str]:
    """Every string that Slack reads as markup."""
    if isinstance(blocks, dict):
        own = [blocks["text"]] if blocks.get("type") == "mrkdwn" else []
        return own + [words for value in blocks.values() for words in mrkdwn(value)]
    return [words for one in blocks for words in mrkdwn(one)] if isinstance(blocks, list) else []


def literal(blocks: Any) -> str:
    """What stands in the block that is copied."""
    parts = []
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "rich_text" else []:
            if element["type"] == "rich_text_preformatted":
                parts += [one["text"] for one in element["elements"]]
    return "".join(parts)
