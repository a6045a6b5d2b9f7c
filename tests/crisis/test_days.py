"""Crises of `tests/conversations/crisis_*`, lived in fake chats with the running product; then one in both chats at once.

As the days of `tests/slack/test_days.py` and `tests/telegram/test_days.py`, each with a process of its own: a crisis stops a whole brand.
`* Inès opens thread`: of the war room's card; `* Inès opens room`: the channel again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.app import Bonton
from bot.settings import Settings
from tests import test_conversations as terminal_talks
from tests.fakes.serving import FRONT, GROUP, Serve, populate, populate_telegram
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.slack import test_days as slack_days
from tests.slack.conftest import listening as slack_listening
from tests.telegram import test_days as telegram_days
from tests.telegram.conftest import listening as telegram_listening

TALKS = Path(__file__).parents[1] / "conversations"
CARD = re.compile(r"Crise · |Exercice · ")
PATIENCE = 30


class Day(slack_days.Day):
    async def act(self, line: str) -> None:
        name, verb, rest = [*line.split(" ", 2), ""][:3]
        if (verb, rest) == ("opens", "thread"):
            self.enter(name)
            self.thread = None
            cards = [one for one in self.said() if CARD.search(squeezed(self.slack.text_of(one)))]
            self.thread = str(cards[-1]["ts"])
        elif (verb, rest) == ("opens", "room"):
            self.enter(name)
            self.thread = None
        else:
            await super().act(line)


@pytest.mark.parametrize("file", sorted((TALKS / "crisis_slack").glob("*.md")), ids=lambda file: file.stem)
async def test_a_crisis_goes_as_written_in_slack(learned: Path, new_home: Callable[[], Path], file: Path) -> None:
    async with slack_listening("http", learned, new_home()) as slack:
        day = Day(slack)
        for line in file.read_text().splitlines():
            if line[:2] in ("> ", "* ", "< ", "~ ", "! ", "= ", "+ "):
                await day.live(line)
        card, name, content = (await slack.until(slack.handed, PATIENCE, "the report"))[-1]
        assert re.search("Crise levée|Exercice terminé", squeezed(slack.text_of(card)))
        report_of(name, content)
        assert slack.troubles == []


@pytest.mark.parametrize("file", sorted((TALKS / "crisis_telegram").glob("*.md")), ids=lambda file: file.stem)
async def test_a_crisis_goes_as_written_in_telegram(learned: Path, new_home: Callable[[], Path], file: Path) -> None:
    async with telegram_listening(learned, new_home()) as telegram:
        await telegram_days.live(telegram, file)
        report_of(*(await telegram.until(telegram.handed, PATIENCE, "the report"))[-1])


@pytest.mark.parametrize("file", sorted((TALKS / "crisis_terminal").glob("*.md")), ids=lambda file: file.stem)
async def test_a_crisis_goes_as_written_in_the_terminal(
    new_home: Callable[[], Path], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Bonton(Settings(home=new_home()))
    async with real.running():
        await terminal_talks.held(real, file, monkeypatch)


async def test_one_crisis_in_two_chats_is_one_card_each(learned: Path, new_home: Callable[[], Path]) -> None:
    """Opened in Slack, led from Telegram: both cards say the same, and each phone of those who may lead rings."""
    async with FakeSlack(burst=1_000) as slack, FakeTelegram() as telegram:
        populate(slack)
        populate_telegram(telegram)
        settings = {**slack.environment(), **telegram.environment(), "BONTON_BRANDS": str(learned / "brands")}
        serving = Serve(new_home(), settings)
        slack.deliver_to = serving.events

        def here() -> str:
            return squeezed("\n".join(slack.text_of(one) for one in slack.posted(FRONT)))

        def there() -> str:
            return squeezed("\n".join(one["text"] for one in telegram.posted(GROUP)))

        async with serving:
            await slack.command("U0INES", FRONT, "/crise", "Lait solaire")
            day = Day(slack, who="Inès", channel=FRONT)
            await day.act("Inès presses Ouvrir la crise")
            await telegram.until(lambda: "Crise · Maison Virevent" in there(), PATIENCE, "the card in Telegram")
            card = telegram.posted(GROUP)[0]
            await telegram.until(lambda: telegram.posted(102), PATIENCE, "Gaspard's phone")
            assert (
                "Inès a ouvert une crise" in telegram.posted(102)[0]["text"]
                or "Personne" in telegram.posted(102)[0]["text"]
            )
            await telegram.tap(102, card, "Je mène")
            await slack.until(lambda: "Gaspard mène" in here(), PATIENCE, f"the lead in Slack:\n{here()}")
            await telegram.say(103, "fait : Le lot L-2041 est retiré.", GROUP, reply_to=card)
            await slack.until(lambda: "✅ Le lot L-2041 est retiré. (Maud" in here(), PATIENCE, f"the line:\n{here()}")
            assert sum(bool(CARD.search(squeezed(slack.text_of(one)))) for one in slack.posted(FRONT)) == 1
            assert sum(bool(CARD.search(squeezed(one["text"]))) for one in telegram.posted(GROUP)) == 1
        assert "level=error" not in serving.said, serving.said


def report_of(name: str, content: bytes) -> None:
    """It is this crisis's report, whole."""
    assert re.fullmatch(r"(bilan-crise|crisis-report)-\d+\.pdf", name)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert 3 <= len(pages) <= 8
    assert "Maison Virevent" in pages[0]


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words)
