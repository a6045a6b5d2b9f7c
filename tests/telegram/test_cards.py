"""Whatever a comment, a draft or a brand holds, what we send is markup that Telegram takes, within its limits."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decision import Event
from bot.domain.draft import Approvals, Body, Counter, Draft, Finding, Source, Variant, text_hash
from bot.domain.model import Said, now
from bot.domain.request import Clarify
from bot.domain.triage import Triage
from bot.frontends.telegram import cards, commands, taps
from bot.frontends.telegram.taps import Tap
from bot.pages import shared
from bot.view import View
from tests.fakes.people import brand

HOSTILE = "<b>&amp; </blockquote></pre> @all 👩‍👩‍👧‍👦 \u202eאבג\u202c <a href='tg://user?id=1'>x</a> "
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="a&<>\n é🥐\u202e\u200b", min_size=1, max_size=9_000),
    st.just(HOSTILE * 90),
    st.just("🥐" * 4_000),
)
BRAND = brand(name="Marque & <fils>")


class Reader(HTMLParser):
    """Reads as Telegram does: its own tags, closed in their order; the text is what counts."""

    TAGS = {"b", "i", "pre", "blockquote", "a", "code"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in self.TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(card: cards.Card) -> str:
    reader = Reader()
    reader.feed(card.text)
    reader.close()
    assert reader.open == []
    return reader.text


def sendable(card: cards.Card) -> str:
    """The text, once all that Telegram would refuse is ruled out."""
    text = text_of(card)
    assert 0 < cards.units(text) <= cards.MOST
    for row in card.rows:
        assert 1 <= len(row) <= 8
        for words, data in row:
            assert words
            assert 1 <= len(data.encode()) <= taps.MOST
    return text


def draft(words: str, *, state: str = "pending", posture: bool = True) -> Draft:
    finding = Finding(
        check="avoid", level="block", key="finding.avoided_word", excerpt=words, details={"word": words, "why": words}
    )
    body = Body(
        text=words,
        posture="sober" if posture else None,
        variants=(Variant(posture="sober", text=words), Variant(posture="firm", text=words)),
        sources=tuple(Source(document=words, heading=words, text=words, score=0.5) for _ in range(8)),
        findings=(finding,) * 20,
        triage=Triage(
            language="fr",
            kind="complaint",
            sentiment="negative",
            severity=5,
            risks=("safety", "health"),
            situation="other",
            reasons=(Said(key="triage.cues", details={"words": words}),) * 4,
        ),
        counter=Counter(length=len(words), limit=2200, unit="characters"),
        approvals=Approvals(needed=2, lead=True, given=1, by=("Ada",)),
        language="fr",
        writer="playbook",
        author=words[:80],
    )
    return Draft(
        id=2**31 - 1,
        request="r",
        brand="b",
        skill="reply",
        network="instagram",
        kind="comment",
        prompt=words,
        body=body,
        revision=9_999,
        state=state,  # type: ignore[arg-type]
        hash=text_hash(words),
        created_at=now(),
    )


@settings(max_examples=60, deadline=None)
@given(
    words=TEXTS,
    state=st.sampled_from(["pending", "approved", "released", "rejected", "expired"]),
    locale=st.sampled_from(["fr", "en"]),
)
def test_a_card_is_sendable_whatever_it_holds(words: str, state: str, locale: str) -> None:
    view, shown = View(shared(), locale), draft(words, state=state)
    details = {"reason": words, "override": words, "front": "slack"}
    what = "draft.rejected" if state == "rejected" else "draft.approved"
    trail = [Event(at=now(), draft=12, revision=2, what=what, who=words, details=details)]
    sendable(cards.card(shown, view, BRAND, trail))
    sendable(cards.findings(shown, view))
    sendable(cards.sources(shown, view))
    sendable(cards.Card("x", cards.reasons(shown, view)))
    for part in cards.whole(shown) if words.strip() else ():
        sendable(part)


def test_a_question_and_a_sentence_are_sendable() -> None:
    view = View(shared(), "fr")
    options = [(f"Réseau numéro {number} 🥐", f"value{number}") for number in range(25)] + [("trop long", "x" * 80)]
    card = cards.question(Clarify(question=Said(key="route.which_network")), "network", options, view)
    sendable(card)
    assert sum(len(row) for row in card.rows) == 25
    sendable(cards.said(HOSTILE * 200))


def test_what_a_comment_says_is_read_by_nobody_as_markup() -> None:
    card = cards.card(draft(HOSTILE), View(shared(), "en"), BRAND)
    assert HOSTILE.strip() in sendable(card)
    assert "tg://user" not in re.sub(r"&lt;.*?&gt;", "", card.text)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_text_to_copy_is_the_text_that_is_approved(locale: str) -> None:
    words = "Bonjour,\n\n  deux espaces, « guillemets », 🥐 & <b>.\n" + "mot " * 1500
    view = View(shared(), locale)
    copied = re.search(r"<pre>(.*?)</pre>", cards.card(draft(words), view, BRAND).text, re.DOTALL)
    assert copied
    assert words.startswith(html.unescape(copied[1]))
    assert "".join(text_of(part) for part in cards.whole(draft(words))) == words


@given(
    st.integers(1, 2**31 - 1),
    st.integers(1, 99_999),
    st.sampled_from(sorted(taps.LETTERS)),
    st.sampled_from(["", "firm", "elsewhere"]),
)
def test_a_tap_survives_its_button(number: int, revision: int, verb: taps.Verb, more: str) -> None:
    told = Tap(verb, number, revision, more)
    assert len(told.data.encode()) <= taps.MOST
    assert taps.tap(told.data) == told


@pytest.mark.parametrize(
    "data", ["", "1:a", "1:a:1", "2:a:1:1", "1:z:1:1", "1:a:-1:1", "1:a:1:1:" + "x" * 60 + "!", "q:network:x", "é"]
)
def test_a_button_that_is_not_ours_is_none(data: str) -> None:
    assert taps.tap(data) is None


@given(st.text(alphabet="ab \n🥐", max_size=300), st.integers(6, 60))
def test_pieces_lose_nothing(words: str, most: int) -> None:
    parts = cards.pieces(words, most)
    assert "".join(parts) == words
    assert all(cards.units(part) <= most for part in parts)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/repondre instagram Bonjour", ("reply", "instagram Bonjour")),
        ("/Reply@BontonBot\nx", ("reply", "x")),
        ("/publier linkedin,x Un brief", ("post", "linkedin,x Un brief")),
        ("/ask", ("answer", "")),
        ("/start deep-link", ("help", "deep-link")),
        ("/whoami", ("whoami", "")),
        ("/unknown", ("help", "")),
        ("/reply@OtherBot x", None),
        ("reply instagram", None),
        ("/ not a command", None),
    ],
)
def test_commands_are_known_in_both_languages(said: str, meant: tuple[str, str] | None) -> None:
    assert commands.read(said, "BontonBot") == meant


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_menus_are_what_telegram_takes(locale: str) -> None:
    view = View(shared(), locale)
    menu = commands.menu(locale)
    assert len({command for command, _ in menu}) == len(menu)
    for command, key in menu:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(view.say(key)) <= 256
        assert commands.read(f"/{command}", "BontonBot") is not None
