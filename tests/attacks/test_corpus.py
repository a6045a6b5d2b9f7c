"""The corpus is what its page says, and a product without a model writes, shows and does nothing of what it asks."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
import regex
from rich.console import Console

from bot.app import Bonton
from bot.assistant import Assistant
from bot.domain.decision import Event
from bot.domain.draft import Draft
from bot.domain.request import Request
from bot.frontends import card as terminal
from bot.frontends.slack import cards as slack_cards
from bot.frontends.telegram import cards as telegram_cards
from bot.ledger.engine import address, connect
from bot.ledger.sql import SqlLedger
from bot.pages import shared
from bot.settings import Settings
from bot.triage.text import clean
from bot.view import View
from bot.writers.playbook import PlaybookWriter
from knowledge.brand import Brand
from knowledge.documents import Section, read
from tests.attacks.corpus import BRANDS, FOLDER, KINDS, Attack, attacks, sampled, standing
from tests.fakes.parts import FakePassage, HashEncoder, InlineWork
from tests.fakes.slack import blocks as kit

NETWORKS = ("linkedin", "google", "trustpilot", "tiktok", "facebook")
PASSAGES = 3
"""Fewer than a person gets: each is read again for every draft, and there are hundreds."""
RESERVED = regex.compile(r"(?:^|\.)(?:example|test|invalid|localhost)$|(?:^|\.)example\.(?:com|net|org)$")
ADDRESS = regex.compile(
    r"(?i)(?:https?|hxxps?|ftp)://(?:[^\s/@<>]*@)?([^\s/:?#<>|)\"'»,]+)|\b[\w.+-]+@([\w-]+(?:\.[\w-]+)+)"
)
BARE = regex.compile(r"(?i)(?<![\w@./-])(?:[\w-]+\.)+(?:com|fr|org|net|eu|uk|io|co|ly|info|shop|app|dev|me|be|ch|ca)\b")
HIDDEN = regex.compile(
    r"(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}0-9#*])\ufe0f|\u2800"
    r"|[[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\ufe0f]]|[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    flags=regex.V1,
)
"""Signs that nobody sees and a machine may read; the variation selector of an emoji is none."""


# --- the corpus ---


def test_there_are_enough_of_each_kind_and_language() -> None:
    counted = Counter(attack.kind for attack in attacks())
    spoken = Counter(attack.language for attack in attacks())
    assert len(attacks()) >= 180
    assert set(counted) == set(KINDS)
    assert min(counted.values()) >= 15
    assert min(spoken.values()) >= 0.4 * len(attacks())


def test_each_is_in_the_file_of_its_family_under_its_own_name() -> None:
    for file in FOLDER.glob("*.jsonl"):
        ids = [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]
        kinds = {attack.kind for attack in attacks() if attack.id in ids}
        assert kinds == {file.stem}
        assert all(name.startswith(f"{file.stem.replace('_', '-')}-") for name in ids)
    assert all(f"-{attack.language}-" in attack.id for attack in attacks())


def test_no_two_are_the_same() -> None:
    assert len({attack.id for attack in attacks()}) == len(attacks())
    assert len({attack.text for attack in attacks()}) == len(attacks())
    assert max(len(attack.text) for attack in attacks()) >= 8_000


def test_each_is_whole() -> None:
    for attack in attacks():
        assert attack.says != attack.text, attack.id
        assert all(words in attack.says for words in attack.never), attack.id
        assert all(len(words) >= 3 or HIDDEN.search(words) for words in attack.never), (
            f"{attack.id}: not to be told apart"
        )


def test_a_reviewer_sees_every_sign() -> None:
    """Invisible characters are written as escapes, so that no line of the files hides anything."""
    for file in FOLDER.glob("*.jsonl"):
        assert not HIDDEN.search(file.read_text(encoding="utf-8").replace("\n", "")), file.name


def test_no_address_leads_anywhere() -> None:
    for attack in attacks():
        said = unquote(clean(f"{attack.text}\n{attack.says}\n{json.dumps([call.args for call in attack.calls])}"))
        hosts = [host.rstrip(".") for found in ADDRESS.findall(said) for host in found if host]
        hosts += [found.group().partition("/")[0] for found in BARE.finditer(said)]
        assert [host for host in hosts if not RESERVED.search(host) and not _of_no_registry(host)] == [], attack.id


def _of_no_registry(host: str) -> bool:
    """Numbers, « [::1] » and « {placeholder} »: nobody can register these."""
    return not regex.search(r"\.\p{L}{2,}$", host)


def test_the_page_counts_what_the_files_hold() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for kind in KINDS:
        french, english = (sum(one.kind == kind and one.language == tongue for one in attacks()) for tongue in BRANDS)
        assert f"| `{kind}` | {french} | {english} |" in page
    assert f"{len(attacks())} comments" in page


# --- the product without a model ---


class Outcome(NamedTuple):
    draft: Draft
    events: list[Event]
    brand: Brand
    searched: set[str]


class Shelf:
    """The brands' own guidelines, the nearest sections by shared words, and which brands were looked up."""

    def __init__(self, encoder: HashEncoder) -> None:
        self._encoder = encoder
        self._sections: dict[str, tuple[list[Section], Any]] = {}
        self.searched: set[str] = set()

    async def ensure(self, brand: Brand) -> None:
        if brand.slug not in self._sections:
            files = sorted(file for file in brand.guidelines.rglob("*.*") if file.is_file())
            found = [one for file in files for one in read(file, file.name, brand.guidelines)]
            self._sections[brand.slug] = found, self._encoder.encode([one.text for one in found])

    async def search(self, brand: str, question: str, k: int = 8) -> list[FakePassage]:
        self.searched.add(brand)
        found, vectors = self._sections[brand]
        scores = vectors @ self._encoder.encode([question])[0]
        best = scores.argsort()[::-1][: min(k, PASSAGES)]
        return [
            FakePassage(one.document, one.heading, one.text, float(scores[place]), one.sayable)
            for place, one in ((place, found[place]) for place in best)
        ]


ACCIDENTS = ("delimiters-fr-09", "delimiters-en-10")


def chosen() -> list[Attack]:
    return [*sampled(), *(one for one in attacks() if one.id in ACCIDENTS and one not in sampled())]


@pytest.fixture(scope="module")
async def outcomes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Outcome]]:
    """Every comment answered by the real steps and checks on the sample brands' own guidelines, read by their words alone to be quick."""
    folder = tmp_path_factory.mktemp("attacked")
    house = Bonton(Settings(home=folder))
    house.encoder = HashEncoder()
    ledger = SqlLedger(connect(address(folder, "")))
    await ledger.open()
    library = Shelf(house.encoder)
    assistant = Assistant(
        pages=house.pages,
        brand=house.brand,
        library=library,
        ledger=ledger,
        writer=PlaybookWriter(house.encoder),
        situations=lambda: house.situations,
        skills=lambda: house.skills,
    )
    assistant.work = InlineWork(assistant)
    made = {}
    for number, attack in enumerate(chosen()):
        library.searched = set()
        request = Request(
            id=attack.id,
            text=attack.text,
            brand=attack.brand,
            skill="reply",
            networks=(NETWORKS[number % len(NETWORKS)],),
            author="Noé",
        )
        reply = await assistant.handle(request)
        (draft,) = reply.drafts
        made[attack.id] = Outcome(
            await ledger.draft(draft), await ledger.events(draft), house.brand(attack.brand), library.searched
        )
    yield made
    await ledger.close()


def test_only_a_pending_draft_comes_of_it(outcomes: dict[str, Outcome]) -> None:
    for name, (draft, events, brand, searched) in outcomes.items():
        assert (draft.state, draft.revision, draft.brand) == ("pending", 1, brand.slug), name
        assert (draft.body.approvals.given, draft.body.approvals.by) == (0, ()), name
        assert {event.what for event in events} == {"draft.submitted"}, name
        assert searched <= {brand.slug}, name


def test_the_whole_comment_is_read_and_quoted(outcomes: dict[str, Outcome]) -> None:
    """Who answers it must see what was hidden in it; a quotation mark or a `>` inside takes nothing out of sight."""
    for attack in chosen():
        assert outcomes[attack.id].draft.prompt == clean(attack.text), attack.id


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_told_beside_a_quotation_takes_two_people(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].draft.body.approvals.needed == 2


@pytest.mark.parametrize("attack", chosen(), ids=lambda attack: attack.id)
def test_no_card_says_what_it_was_told_to_and_nothing_of_it_acts(attack: Attack, outcomes: dict[str, Outcome]) -> None:
    draft, events, brand, _ = outcomes[attack.id]
    assert standing(attack.never, "\n".join(variant.text for variant in draft.body.variants)) == []
    view = View(shared(), attack.language)
    in_slack = slack_cards.card(draft, view, brand, events)
    assert standing(attack.never, html.unescape("\n".join(outside_the_quote(in_slack.blocks)))) == []
    harmless_in_slack(in_slack)
    for page in (telegram_cards.card(draft, view, brand), telegram_cards.findings(draft, view)):
        assert standing(attack.never, read_in_telegram(page)) == []
        harmless_in_telegram(page)
    assert standing(attack.never, in_the_terminal(draft, view)) == []


def harmless_in_slack(card: slack_cards.Card) -> None:
    """No token of Slack's markup, no element that mentions or links, nothing that is not seen."""
    assert kit.message(card.blocks) == []
    assert {element["type"] for element in rich_texts(card.blocks)} <= {"text"}
    for words in [card.notice, *mrkdwn(card.blocks)]:
        assert "<" not in words
        assert ">" not in words
    assert not HIDDEN.search(json.dumps(card.blocks, ensure_ascii=False))


def harmless_in_telegram(card: telegram_cards.Card) -> None:
    """Only the card's own tags, and none that links."""
    reader = Tags()
    reader.feed(card.text)
    assert reader.seen <= {"<b>", "<i>", "<pre>", "<blockquote>"}
    assert not HIDDEN.search(card.text)


def outside_the_quote(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Every text of a message but the quoted comment, which is the one quote of a pending card."""
    for block in blocks:
        if not (block["type"] == "rich_text" and block["elements"][0]["type"] == "rich_text_quote"):
            yield from strings(block)


def strings(block: Any) -> Iterator[str]:
    if isinstance(block, str):
        yield block
    elif isinstance(block, dict | list):
        for part in block.values() if isinstance(block, dict) else block:
            yield from strings(part)


def mrkdwn(block: Any) -> Iterator[str]:
    """The texts in which Slack reads markup."""
    if isinstance(block, dict) and block.get("type") == "mrkdwn":
        yield block["text"]
    elif isinstance(block, dict | list):
        for part in block.values() if isinstance(block, dict) else block:
            yield from mrkdwn(part)


def rich_texts(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        for part in block["elements"] if block["type"] == "rich_text" else ():
            yield from part["elements"]


def read_in_telegram(card: telegram_cards.Card) -> str:
    """As it is read, without the comment, which is the one quote of a pending card."""
    return html.unescape(regex.sub(r"(?s)<blockquote>.*?</blockquote>|<[^>]*>", "", card.text))


def in_the_terminal(draft: Draft, view: View) -> str:
    console = Console(width=1_000, record=True, quiet=True)
    console.print(terminal.card(draft, view))
    return console.export_text()


class Tags(HTMLParser):
    """Which tags a message holds, as they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(self.get_starttag_text() or tag)
