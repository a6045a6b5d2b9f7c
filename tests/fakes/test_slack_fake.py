"""The fake Slack keeps Slack's word: its SDK and Bolt work against it, and it refuses what Slack refuses."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Impossible

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


async def refused(call: Awaitable[Any]) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response
    return {**answer.data, "status": answer.status_code}


def section(words: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def button(action: str = "go", value: str = "1", **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Go"}, "value": value, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field(name: str, **element: Any) -> Json:
    held = {"type": "plain_text_input", "action_id": name, **element}
    return {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": name}, "element": held}


def modal(*blocks: Json, **more: Any) -> Json:
    title, submit = {"type": "plain_text", "text": "Title"}, {"type": "plain_text", "text": "Send"}
    return {"type": "modal", "title": title, "submit": submit, "blocks": list(blocks), **more}


# --- the Web API ---


async def test_a_message_is_kept_updated_and_found_by_its_metadata(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.say("U0ADA", "C0CARE", "Late again")
    metadata = {"event_type": "card", "event_payload": {"key": "1"}}
    sent = await client.chat_postMessage(
        channel="C0CARE", thread_ts=said.ts, text="a & b", blocks=[section("One")], metadata=metadata
    )
    card = await slack.card("C0CARE", thread=said.ts)
    assert (sent["ts"], card["text"], card["thread_ts"]) == (card["ts"], "a &amp; b", said.ts)
    await client.chat_update(channel="C0CARE", ts=sent["ts"], text="b", blocks=[section("Two")])
    assert slack.text_of(card) == "Two"
    assert card["metadata"] == metadata, "kept by an update that says nothing of it"

    bare = await client.conversations_replies(channel="C0CARE", ts=said.ts)
    whole = await client.conversations_replies(channel="C0CARE", ts=said.ts, include_all_metadata=True)
    assert [one.get("metadata") for one in bare["messages"]] == [None, None]
    assert [one.get("metadata") for one in whole["messages"]] == [None, metadata]
    assert [one["ts"] for one in (await client.conversations_history(channel="C0CARE"))["messages"]] == [said.ts]


async def test_pages_of_history_follow_their_cursor(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = [(await slack.say("U0ADA", "C0CARE", str(number))).ts for number in range(5)]
    found = []
    async for page in await client.conversations_history(channel="C0CARE", limit=2):
        found += [one["ts"] for one in page["messages"]]
    assert found == said[::-1]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-1-bonton-token", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(slack: FakeSlack, token: str, error: str) -> None:
    assert (await refused(AsyncWebClient(token=token, base_url=slack.api_url).auth_test()))["error"] == error


async def test_a_scope_that_is_not_granted_is_named(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.scopes -= {"reactions:write", "im:history"}
    answer = await refused(client.reactions_add(channel="C0CARE", timestamp="1.1", name="eyes"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert "chat:write" in answer["provided"].split(",")
    answer = await refused(client.conversations_history(channel=slack.im("U0ADA").id))
    assert answer["needed"] == "im:history"


async def test_refusals_have_slack_s_names(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_channel("G0SECRET", kind="private", bot=False)
    said = await slack.say("U0ADA", "C0CARE", "mine")
    sent = await client.chat_postMessage(channel="C0CARE", text="ours")
    await client.reactions_add(channel="C0CARE", timestamp=said.ts, name="eyes")
    here = {"channel": "C0CARE", "ts": sent["ts"]}
    wrong: dict[str, Awaitable[Any]] = {
        "unknown_method": client.api_call("chat.shout"),
        "channel_not_found": client.chat_postMessage(channel="G0SECRET", text="x"),
        "not_in_channel": client.chat_postMessage(channel="C0ELSEWHERE", text="x"),
        "no_text": client.api_call("chat.postMessage", json={"channel": "C0CARE", "text": " "}),
        "msg_too_long": client.chat_postMessage(channel="C0CARE", text="x" * 40_001),
        "msg_blocks_too_long": client.chat_postMessage(channel="C0CARE", text="x", blocks=[section("x" * 2_900)] * 5),
        "invalid_blocks_format": client.chat_postMessage(channel="C0CARE", text="x", blocks="[{"),
        "user_not_in_channel": client.chat_postEphemeral(channel="C0CARE", user="U0GONE", text="x"),
        "message_not_found": client.chat_update(channel="C0CARE", ts="1.000001", text="x"),
        "cant_update_message": client.chat_update(channel="C0CARE", ts=said.ts, text="x"),
        "cant_delete_message": client.chat_delete(channel="C0CARE", ts=said.ts),
        "thread_not_found": client.conversations_replies(channel="C0CARE", ts="1.000001"),
        "already_reacted": client.reactions_add(channel="C0CARE", timestamp=said.ts, name="eyes"),
        "no_reaction": client.reactions_remove(channel="C0CARE", timestamp=sent["ts"], name="eyes"),
        "user_not_found": client.users_info(user="U0GONE"),
        "cannot_dm_bot": client.conversations_open(users=slack.bot_user),
        "file_not_found": client.files_info(file="F0"),
        "invalid_thread_ts": client.assistant_threads_setStatus(channel_id="C0CARE", thread_ts="1.1", status="x"),
        "invalid_trigger_id": client.views_open(trigger_id="1.2.3", view=modal(section())),
        "not_found": client.views_update(view_id="V0", view=modal(section())),
    }
    slack.server.rate_limits = False
    assert {error: (await refused(call))["error"] for error, call in wrong.items()} == {error: error for error in wrong}
    assert (await client.chat_delete(**here))["ok"]


async def test_a_reply_to_a_message_that_was_deleted_comes_back_out_of_its_thread(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    said = await slack.say("U0ADA", "C0CARE", "oops")
    await slack.remove("U0ADA", said.message)
    sent = await client.chat_postMessage(channel="C0CARE", thread_ts=said.ts, text="x")
    assert "thread_ts" not in sent["message"]


async def test_people_and_places_are_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.users["U0ADA"].locale = "fr-FR"
    assert "locale" not in (await client.users_info(user="U0ADA"))["user"]
    assert (await client.users_info(user="U0ADA", include_locale=True))["user"]["locale"] == "fr-FR"
    opened = await client.conversations_open(users="U0ADA")
    assert opened["channel"]["id"] == slack.im("U0ADA").id
    assert (await client.conversations_info(channel="C0CARE"))["channel"]["is_member"]
    assert "U0ADA" in (await client.conversations_members(channel="C0CARE"))["members"]
    assert (await client.auth_test()).headers["x-oauth-scopes"].startswith("app_mentions:read")


# --- limits and failures ---


async def test_a_channel_takes_a_burst_then_one_message_a_second(slack: FakeSlack, client: AsyncWebClient) -> None:
    for _ in range(3):
        await client.chat_postMessage(channel="C0CARE", text="x")
    assert (await refused(client.chat_postMessage(channel="C0CARE", text="x")))["error"] == "ratelimited"
    await client.chat_postMessage(channel=slack.im("U0ADA").id, text="another channel has its own")
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await client.chat_postMessage(channel="C0CARE", text="later")
    assert [call.status for call in slack.called("chat.postMessage")] == [200, 200, 200, 429, 200, 429, 200]


async def test_failures_come_as_often_as_asked(slack: FakeSlack, client: AsyncWebClient) -> None:
    client.retry_handlers.clear()
    slack.fail("auth.test", status=500)
    slack.fail("auth.test", error="internal_error")
    slack.fail("auth.test")
    assert (await refused(client.auth_test()))["status"] == 500
    assert (await refused(client.auth_test()))["error"] == "internal_error"
    with pytest.raises(aiohttp.ClientError):
        await client.auth_test()
    assert (await client.auth_test())["ok"]
    slack.down()
    assert (await refused(client.auth_test()))["status"] == 503
    slack.up()
    assert (await client.auth_test())["ok"]


async def test_an_answer_can_be_lost_after_the_work_was_done(slack: FakeSlack, client: AsyncWebClient) -> None:
    client.retry_handlers.clear()
    slack.fail("chat.postMessage", after=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0CARE", text="sent all the same")
    assert [one["text"] for one in slack.posted("C0CARE")] == ["sent all the same"]


# --- Block Kit ---

LONG = {"type": "plain_text", "text": "x" * 76}


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([section("x" * 3001)], "/blocks/0/text/text"),
        ([section("")], "/blocks/0/text/text"),
        ([section()] * 51, "/blocks"),
        ([{"type": "section"}], "/blocks/0"),
        ([{"type": "sektion"}], "/blocks/0/type"),
        ([section(colour="red")], "/blocks/0"),
        ([section(text="words")], "/blocks/0/text"),
        ([section(block_id="a"), section(block_id="a")], "/blocks/1/block_id"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
        ([actions()], "/blocks/0/elements"),
        ([actions(*[button(str(n)) for n in range(26)])], "/blocks/0/elements"),
        ([actions(button(), button())], "/blocks/0"),
        ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
        ([actions(button(text=LONG))], "/blocks/0/elements/0/text/text"),
        ([actions(button(style="loud"))], "/blocks/0/elements/0/style"),
        ([actions({"type": "static_select", "action_id": "a", "options": []})], "/blocks/0/elements/0/options"),
        (
            [actions({"type": "overflow", "options": [{"text": LONG, "value": "1"}]})],
            "/blocks/0/elements/0/options/0/text/text",
        ),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "/blocks/0/elements"),
        ([{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}], "/blocks/0/elements/0/type"),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
                }
            ],
            "/blocks/0/elements/0/elements/0/text",
        ),
        ([field("a", max_length=3001)], "/blocks/0/element/max_length"),
    ],
)
async def test_blocks_that_slack_refuses_are_refused(
    slack: FakeSlack, client: AsyncWebClient, blocks: list[Json], pointer: str
) -> None:
    answer = await refused(client.chat_postMessage(channel="C0CARE", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert f"[json-pointer:{pointer}]" in " ".join(answer["response_metadata"]["messages"])
    assert not slack.posted("C0CARE")


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal(section(), title={"type": "plain_text", "text": "x" * 25}), "/view/title/text"),
        (modal(*[section()] * 101), "/view/blocks"),
        (modal(section(), private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(field("a", initial_value="x" * 3001)), "/view/blocks/0/element/initial_value"),
        ({key: value for key, value in modal(field("a")).items() if key != "submit"}, "/view"),
        ({"type": "home", "blocks": []}, "/view/type"),
    ],
)
async def test_modals_that_slack_refuses_are_refused(
    slack: FakeSlack, client: AsyncWebClient, view: Json, pointer: str
) -> None:
    answer = await refused(client.views_open(trigger_id=slack.add_trigger("U0ADA"), view=view))
    assert answer["error"] == "invalid_arguments"
    assert f"[json-pointer:{pointer}]" in " ".join(answer["response_metadata"]["messages"])


# --- modals ---


async def test_a_trigger_opens_one_modal_and_lives_three_seconds(slack: FakeSlack, client: AsyncWebClient) -> None:
    trigger = slack.add_trigger("U0ADA")
    await client.views_open(trigger_id=trigger, view=modal(field("a")))
    assert (await refused(client.views_open(trigger_id=trigger, view=modal(section()))))[
        "error"
    ] == "exchanged_trigger_id"
    late = slack.add_trigger("U0ADA")
    slack.triggers[late].until -= 3.1
    assert (await refused(client.views_open(trigger_id=late, view=modal(section()))))["error"] == "expired_trigger_id"
    opened = slack.modal("U0ADA")
    assert opened is not None
    old = opened["hash"]
    await client.views_update(view_id=opened["id"], hash=old, view=modal(section("Changed")))
    assert "Changed" in slack.text_of(opened)
    again = client.views_update(view_id=opened["id"], hash=old, view=modal(section()))
    assert (await refused(again))["error"] == "hash_conflict"


async def test_modals_stack_three_high(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=slack.add_trigger("U0ADA"), view=modal(section()))
    for _ in range(2):
        top = slack.modal("U0ADA")
        assert top is not None
        await client.views_push(trigger_id=slack.add_trigger("U0ADA", top["id"]), view=modal(section()))
    fourth = client.views_push(
        trigger_id=slack.add_trigger("U0ADA", slack.stacks["U0ADA"][-1]["id"]), view=modal(section())
    )
    assert (await refused(fourth))["error"] == "push_limit_reached"


# --- what people do, heard by Bolt ---


@asynccontextmanager
async def serving(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[None]:
    """The Bolt app at an address, and Slack told of it."""

    async def events(request: web.Request) -> web.Response:
        heard = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(heard)
        return web.Response(status=answer.status, text=answer.body, headers=answer.first_headers_without_set_cookie())

    served = web.Application()
    served.router.add_post("/slack/events", events)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


def bolt(slack: FakeSlack) -> AsyncApp:
    """Answers mentions with a card, opens a modal from its button, and says what it heard."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    menu = {
        "type": "static_select",
        "action_id": "menu",
        "options": [{"text": {"type": "plain_text", "text": word}, "value": word[0]} for word in ("warm", "firm")],
    }

    @app.event("app_mention")
    async def mentioned(event: Json, say: Any) -> None:
        blocks = [section(event["text"]), actions(button("edit", "7"), menu)]
        await say(text="card", blocks=blocks, thread_ts=event["ts"])

    @app.event("message")
    async def message(event: Json, say: Any) -> None:
        if event["channel_type"] == "im":
            await say(text=f"heard {event['text']}", thread_ts=event.get("thread_ts"))

    @app.action("edit")
    async def edit(ack: Any, body: Json) -> None:
        await ack()
        view = modal(field("words", initial_value="old"), callback_id="edit", private_metadata=body["message"]["ts"])
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("menu")
    async def chosen(ack: Any, action: Json, respond: Any) -> None:
        await ack()
        await respond(text=f"chose {action['selected_option']['value']}")

    @app.view("edit")
    async def sent(ack: Any, view: Json, body: Json) -> None:
        words = view["state"]["values"]["words"]["words"]["value"]
        if words == "bad":
            await ack(response_action="errors", errors={"words": "Not that"})
            return
        await ack()
        await client.chat_update(channel="C0CARE", ts=view["private_metadata"], text=words, blocks=[section(words)])

    @app.command("/bonton")
    async def command(ack: Any, command: Json) -> None:
        await ack(f"you said {command['text']}")

    @app.shortcut("make")
    async def made(ack: Any, shortcut: Json) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(section(shortcut["message"]["text"])))

    @app.event("app_home_opened")
    async def home(event: Json) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    @app.event("assistant_thread_started")
    async def started(event: Json) -> None:
        thread = event["assistant_thread"]
        await client.assistant_threads_setStatus(
            channel_id=thread["channel_id"], thread_ts=thread["thread_ts"], status="…"
        )

    return app


async def dialogue(slack: FakeSlack) -> None:
    """One of everything, over whichever transport."""
    said = await slack.say("U0ADA", "C0CARE", "R&D <3 🥖", mention=True)
    assert said.ok
    assert [one.payload["event"]["type"] for one in said.deliveries] == ["app_mention", "message"]
    assert len({one.payload["event_id"] for one in said.deliveries}) == 2
    card = await slack.card("C0CARE", thread=said.ts)
    assert slack.text_of(card).splitlines()[0] == "@U0BOT R&D <3 :baguette_bread:"

    await slack.choose("U0BEN", card, "menu", "firm")
    await slack.until(lambda: slack.ephemerals("U0BEN"))
    assert slack.responses[0]["text"] == slack.ephemerals("U0BEN")[0]["text"] == "chose f"

    await slack.press("U0BEN", card, "edit", "7")
    view = await slack.until(lambda: slack.modal("U0BEN"))
    with pytest.raises(Impossible):
        await slack.submit("U0BEN", {"words": ""})
    assert (await slack.submit("U0BEN", {"words": "bad"})).errors == {"words": "Not that"}
    assert slack.modal("U0BEN") is view
    assert (await slack.submit("U0BEN", {"words": "new"})).ok
    assert slack.modal("U0BEN") is None
    await slack.until(lambda: slack.text_of(card) == "new")
    with pytest.raises(Impossible):
        await slack.press("U0BEN", card, "edit")

    assert (await slack.command("U0ADA", "C0ELSEWHERE", "/bonton", "a & b")).ok
    assert slack.ephemerals("U0ADA")[-1]["text"] == "you said a &amp; b"
    await slack.message_shortcut("U0ADA", said.message, "make")
    assert "R&D" in slack.text_of(await slack.until(lambda: slack.modal("U0ADA")))
    await slack.close_view("U0ADA")

    await slack.open_home("U0ADA")
    assert "Welcome" in slack.text_of(await slack.until(lambda: slack.home("U0ADA")))
    thread = await slack.open_assistant("U0ADA", "C0CARE")
    place = slack.im("U0ADA").id
    await slack.until(lambda: slack.assistant(place, thread.ts)["status"] == "…")
    await slack.direct("U0ADA", "hello", thread=thread.ts)
    await slack.until(lambda: slack.posted(place, thread.ts))
    assert slack.assistant(place, thread.ts)["status"] == "", "taken away by the answer"
    assert slack.troubles == []


async def test_a_dialogue_over_http(slack: FakeSlack) -> None:
    async with serving(slack, bolt(slack)):
        await dialogue(slack)


@asynccontextmanager
async def linked(app: AsyncApp, slack: FakeSlack) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2)
    await handler.connect_async()
    await slack.connected()
    yield handler
    await handler.close_async()


async def test_a_dialogue_over_socket_mode() -> None:
    async with FakeSlack(transport="socket") as slack, linked(bolt(slack), slack):
        await dialogue(slack)


async def test_what_was_not_acknowledged_is_sent_again_on_the_next_connection() -> None:
    async with FakeSlack(transport="socket") as slack:
        app, heard, gone = bolt(slack), [], asyncio.Event()

        @app.middleware
        async def once(body: Json, next: Callable[[], Awaitable[None]], request: AsyncBoltRequest) -> None:  # noqa: A002
            heard.append((body["event_id"], request.headers["x-slack-retry-num"]))
            if len(heard) == 1:
                slack.socket.cut()
                await gone.wait()
            await next()

        async with linked(app, slack):
            said = await slack.direct("U0ADA", "hello")
            gone.set()
            await slack.until(lambda: len(slack.posted(slack.im("U0ADA").id)) == 2, what="an answer to each delivery")
        assert said.ok
        assert [retry for _, retry in heard[:2]] == [["0"], ["1"]]
        assert heard[0][0] == heard[1][0]
        assert slack.socket.connections == 2


async def test_asked_to_connect_anew_the_app_does() -> None:
    async with FakeSlack(transport="socket") as slack, linked(bolt(slack), slack):
        await slack.socket.disconnect()
        await slack.until(lambda: slack.socket.connections == 2)
        assert (await slack.direct("U0ADA", "hello")).ok


async def test_what_slack_did_not_sign_is_seen_through(slack: FakeSlack) -> None:
    async with serving(slack, bolt(slack)):
        event = slack.event({"type": "app_home_opened", "user": "U0ADA", "channel": "D0ADA", "tab": "home"})
        assert (await slack.deliver(event)).status == 200
        assert (await slack.deliver(event, signature="v0=00")).status == 401
        assert (await slack.deliver(event, timestamp=1_000_000_000)).status == 401
        assert (await slack.deliver(event, body=b"{}")).status == 404
        assert "challenge" in (await slack.challenge()).body


async def test_an_event_without_an_answer_is_sent_again() -> None:
    async with FakeSlack(retries=(0.01, 0.01)) as slack:
        said = await slack.direct("U0ADA", "nobody is there")
        assert not said.ok
        await slack.until(lambda: len(slack.deliveries) == 3)
        assert len({one.payload["event_id"] for one in slack.deliveries}) == 1


async def test_where_the_bot_is_not_it_hears_nothing(slack: FakeSlack) -> None:
    assert (await slack.say("U0ADA", "C0ELSEWHERE", "psst", mention=True)).deliveries == []
    slack.events.remove("app_mention")
    slack.scopes.remove("channels:history")
    assert (await slack.say("U0ADA", "C0CARE", "psst", mention=True)).deliveries == []


async def test_edits_and_deletions_are_heard(slack: FakeSlack) -> None:
    async with serving(slack, bolt(slack)):
        said = await slack.say("U0ADA", "C0CARE", "first")
        changed = await slack.edit("U0ADA", said.message, "second")
        assert changed is not None
        event = changed.payload["event"]
        told = (event["subtype"], event["message"]["text"], event["previous_message"]["text"])
        assert told == ("message_changed", "second", "first")
        gone = await slack.remove("U0ADA", said.message)
        assert gone is not None
        assert (gone.payload["event"]["subtype"], gone.payload["event"]["deleted_ts"]) == ("message_deleted", said.ts)
        assert slack.messages("C0CARE") == []


async def test_the_bot_s_own_messages_come_back_to_it(slack: FakeSlack, client: AsyncWebClient) -> None:
    async with serving(slack, bolt(slack)):
        await client.chat_postMessage(channel="C0CARE", text="x", metadata={"event_type": "a", "event_payload": {}})
        await slack.until(lambda: slack.deliveries)
        event = slack.deliveries[0].payload["event"]
        assert (event["bot_id"], "metadata" in event) == (slack.bot_id, False)
        assert slack.troubles == []


async def test_an_ephemeral_is_for_one_person_and_its_button_carries_no_message(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel="C0CARE", user="U0ADA", text="x", blocks=[actions(button())])
    (seen,) = slack.ephemerals("U0ADA")
    pressed = await slack.press("U0ADA", seen, "go")
    assert pressed.payload["container"]["is_ephemeral"]
    assert "message" not in pressed.payload
    with pytest.raises(Impossible):
        await slack.press("U0BEN", seen, "go")
    async with aiohttp.ClientSession() as session:
        url = pressed.payload["response_url"]
        async with session.post(url, json={"text": "", "delete_original": True}) as answer:
            assert answer.status == 200
        assert slack.ephemerals("U0ADA") == []
        statuses = [(await session.post(url, json={"text": "more"})).status for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 404], "five uses an address"


async def test_an_input_tells_what_is_typed_only_when_asked(slack: FakeSlack, client: AsyncWebClient) -> None:
    asked = {**field("live"), "dispatch_action": True}
    asked["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    await client.views_open(trigger_id=slack.add_trigger("U0ADA"), view=modal(asked, field("still")))
    assert await slack.type_in_view("U0ADA", "still", "nobody hears") is None
    heard = await slack.type_in_view("U0ADA", "live", "abc")
    assert heard is not None
    assert (heard.payload["actions"][0]["value"], heard.payload["container"]["type"]) == ("abc", "view")
    assert heard.payload["view"]["state"]["values"]["still"]["still"]["value"] == "nobody hears"
    opened = slack.modal("U0ADA")
    assert opened is not None
    await client.views_update(view_id=opened["id"], view=modal(field("still", initial_value="fresh"), field("new")))
    values = opened["state"]["values"]
    assert (values["still"]["still"]["value"], values["new"]["new"]["value"]) == ("nobody hears", None)


async def test_stopped_and_started_again_it_holds_what_it_held() -> None:
    slack = FakeSlack()
    async with slack:
        said, port = await slack.say("U0ADA", "C0CARE", "x"), slack.port
    async with slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        assert slack.port == port
        assert (await client.conversations_replies(channel="C0CARE", ts=said.ts))["messages"]


async def test_a_file_is_had_with_the_token_alone(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = await slack.drop_file("U0ADA", "C0CARE", "tone of voice.md", "# Tone", "learn this")
    (file,) = said.message["files"]
    told = (await client.files_info(file=file["id"]))["file"]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(told["url_private_download"], headers=headers) as answer:
            assert await answer.read() == b"# Tone"
        async with session.get(told["url_private_download"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html"), "a page to sign in, as Slack shows"


async def test_what_is_typed_arrives_as_slack_writes_it(slack: FakeSlack) -> None:
    said = await slack.say(
        "U0ADA", "C0CARE", "> quoted\n<@U0BEN> see https://a.example/x?a=1&b=2, ask c@d.example 👋🏽"
    )
    assert said.message["text"] == (
        "&gt; quoted\n<@U0BEN> see <https://a.example/x?a=1&amp;b=2>, ask <mailto:c@d.example|c@d.example> :wave::skin-tone-4:"
    )
    quote, words = said.message["blocks"][0]["elements"]
    assert (quote["type"], words["type"]) == ("rich_text_quote", "rich_text_section")
    literal = await slack.say("U0ADA", "C0CARE", "<@U0BOT>", literal=True)
    assert literal.message["text"] == "&lt;@U0BOT&gt;"


async def test_a_screen_that_has_not_caught_up_can_still_be_pressed(slack: FakeSlack, client: AsyncWebClient) -> None:
    sent = await client.chat_postMessage(channel="C0CARE", text="x", blocks=[actions(button())])
    card = await slack.card("C0CARE")
    old = copy.deepcopy(card)
    await client.chat_update(channel="C0CARE", ts=sent["ts"], text="x", blocks=[section("done")])
    with pytest.raises(Impossible):
        await slack.press("U0ADA", card, "go")
    assert (await slack.press("U0ADA", old, "go")).payload["actions"][0]["value"] == "1"
