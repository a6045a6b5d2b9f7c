"""`bonton serve` as whoever runs it meets it: what it says, how it stops, what it takes up again, and who may share its folder."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.frontends.slack.manifest import EVENTS, SCOPES, manifest
from tests.fakes.serving import FRONT, Serve, populate
from tests.fakes.slack import FakeSlack

DOCS = Path(__file__).parents[2] / "docs"
COMMENT = "on Instagram: “My parcel is two weeks late and nobody answers.”"


async def bonton(settings: Mapping[str, str], *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env={**os.environ, "LC_ALL": "C.UTF-8", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), err.decode()


async def test_without_settings_it_says_which_are_missing(home: Path) -> None:
    code, out, err = await bonton({"BONTON_HOME": str(home)}, "serve")
    assert code == 1
    assert "SLACK_BOT_TOKEN is not set" in out
    assert "no chat has its settings" in err
    code, out, _ = await bonton({"BONTON_HOME": str(home), "SLACK_BOT_TOKEN": "xoxb-1"}, "serve")
    assert code == 1
    assert "SLACK_APP_TOKEN" in out


async def test_a_refused_token_ends_it_and_a_port_that_is_taken_too(home: Path) -> None:
    async with FakeSlack() as slack:
        settings = {**slack.environment(), "BONTON_HOME": str(home), "BONTON_HTTP_PORT": "0"}
        code, out, _ = await bonton(settings | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "serve")
        assert code == 1
        assert "SLACK_BOT_TOKEN is refused by Slack (invalid_auth)" in out
        code, _, err = await bonton(settings | {"BONTON_HTTP_PORT": str(slack.port)}, "serve")
        assert code == 1
        assert "BONTON_HTTP_PORT" in err


async def test_the_doctor_names_what_slack_lacks(home: Path) -> None:
    async with FakeSlack() as slack:
        settings = {**slack.environment(), "BONTON_HOME": str(home)}
        told = await examined(settings)
        assert told["slack"]["ok"]
        assert "add slack" in told["slack people"]["message"]
        slack.scopes -= {"reactions:write", "files:read"}
        assert "reactions:write to show at once" in (await examined(settings))["slack"]["message"]
        assert "invalid_auth" in (await examined(settings | {"SLACK_BOT_TOKEN": "xoxb-wrong"}))["slack"]["message"]
        told = await examined(settings | {"SLACK_APP_TOKEN": "xapp-wrong"})
        slack.scopes |= {"reactions:write", "files:read"}
        told = await examined(settings | {"SLACK_APP_TOKEN": "xapp-wrong"})
        assert "SLACK_APP_TOKEN is refused" in told["slack socket"]["message"]


async def examined(settings: Mapping[str, str]) -> dict[str, Any]:
    _, out, _ = await bonton(settings, "doctor", "--json")
    return {found["part"]: found for found in json.loads(out)}


async def test_it_stops_cleanly_and_takes_up_what_it_left(learned: Path, new_home: Callable[[], Path]) -> None:
    async with FakeSlack(burst=50) as slack:
        populate(slack)
        serving = Serve(new_home(), {**slack.environment(), "BONTON_BRANDS": str(learned / "brands")})
        slack.deliver_to = serving.events
        await serving.start()
        said = [await slack.say("U0MAUD", "C0CARE", COMMENT, mention=True) for _ in range(6)]
        assert all(one.ok for one in said)
        assert await serving.stop() == 0
        left = len([one for one in said if not slack.posted("C0CARE", one.ts)])

        await serving.start()
        for one in said:
            await slack.card("C0CARE", thread=one.ts, timeout=30)
        await asyncio.sleep(1)
        assert [len(slack.posted("C0CARE", one.ts)) for one in said] == [1] * 6, f"{left} were left"

        # a decision in a terminal locks the card in the thread, and the one in the brand's own channel
        card = await slack.card("C0CARE", thread=said[0].ts)
        twin = next(one for one in slack.posted(FRONT) if re.search(r"#1 ", slack.text_of(one)))
        home = {"BONTON_HOME": serving.settings["BONTON_HOME"], "BONTON_BRANDS": serving.settings["BONTON_BRANDS"]}
        number = re.search(r"#(\d+)", slack.text_of(card))
        assert number
        code, _, err = await bonton(home, "approve", "1", "--as", "Inès")
        assert code == 0, err
        await slack.until(
            lambda: "Approuvé par Inès" in slack.text_of(twin), what="the card of the brand's channel locked"
        )
        assert "(en ligne de commande)" in slack.text_of(twin)

        # a second server on the same folder would run the same work twice
        code, _, err = await bonton({**serving.settings, "BONTON_HTTP_PORT": "0"}, "serve")
        assert code == 1
        assert "another `bonton` holds" in err
        assert await serving.stop() == 0


def test_the_manifest_asks_for_what_is_used_and_the_page_says_why() -> None:
    told = manifest()
    assert told["settings"]["socket_mode_enabled"]
    assert set(told["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    assert set(told["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    page = (DOCS / "slack.md").read_text()
    for scope, why in SCOPES.items():
        assert f"| `{scope}` | " in page, f"docs/slack.md says nothing of {scope}"
        assert why.replace("channels:history", "`channels:history`") in page
    served = manifest("https://bonton.example/")
    assert not served["settings"]["socket_mode_enabled"]
    address = "https://bonton.example/slack/events"
    assert served["settings"]["event_subscriptions"]["request_url"] == address
    assert served["settings"]["interactivity"]["request_url"] == address
    assert served["features"]["slash_commands"][0]["url"] == address


def test_every_picture_of_the_page_is_there() -> None:
    for name in re.findall(r"\]\((pictures/[^)]+)\)", (DOCS / "slack.md").read_text()):
        assert (DOCS / name).is_file(), name
