"""What we send to Slack: each message once, and never again as fast as Slack refused.

A message is written down before it is sent and named in its metadata; after a crash or a lost answer it is looked for before
it is sent again. Only a refusal for haste (429) is retried here: any other retry could post twice.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.chat import Post
from bot.frontends.slack.cards import Card
from bot.frontends.slack.incoming import FRONT
from bot.seams import Chats

EVENT = "bonton_post"
SLOW = 60.0
"""Seconds for which a channel that was refused for haste is sent one message a second."""
HASTE = 12
"""Refusals for haste after which one call is given up, to be tried again with the rest."""
REACTIONS = 40
"""Of them a minute: Slack takes 50, and a mark is not worth a refusal."""
PATIENCE = 30
TOO_MANY = 429
LOST = {"message_not_found", "thread_not_found"}
SHUT = {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "cannot_dm_bot", "user_not_found"}
"""Answers after which trying again is of no use."""
TROUBLE = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)

log = structlog.get_logger()


def client(token: str, url: str) -> AsyncWebClient:
    """One connection pool for all calls; made inside the running loop."""
    return AsyncWebClient(
        token=token,
        base_url=url if url.endswith("/") else f"{url}/",
        timeout=PATIENCE,
        session=aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)),
        retry_handlers=[],
    )


class Pace:
    """One channel's pace. Slack takes a few messages at once, and how many is its own affair: so we go as we come until it
    refuses for haste, and from then on, for a minute, one a second (docs.slack.dev, "Rate limits", 2026-11)."""

    def __init__(self) -> None:
        self._slow_until = 0.0
        self._next = 0.0

    def wait(self) -> float:
        """Seconds until the message that is about to be sent may go."""
        now = time.monotonic()
        if now > self._slow_until and now > self._next:
            return 0.0
        at = max(now, self._next)
        self._next = at + 1.0
        return at - now

    def refused(self, seconds: float) -> None:
        now = time.monotonic()
        self._slow_until = now + SLOW
        self._next = max(self._next, now + seconds)


class Bucket:
    """`burst` at once, then one every `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst, self._seconds = burst, seconds
        self._full = 0.0
        """When the bucket will be full again."""

    def take(self) -> bool:
        """Takes one if there is one."""
        now = time.monotonic()
        after = max(self._full, now) + self._seconds
        if after - now > self._burst * self._seconds:
            return False
        self._full = after
        return True


class Sender:
    def __init__(self, web: AsyncWebClient, chats: Chats) -> None:
        self.web = web
        self._chats = chats
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)
        self._marks = Bucket(REACTIONS, 60 / REACTIONS)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._marking: set[asyncio.Task[None]] = set()

    async def put(
        self, key: str, place: str, card: Card, *, shown: str, draft: int | None = None, settled: bool = True
    ) -> None:
        """The message of that key shows `card`: posted if it is not there, updated if it shows something else.

        Raises what Slack or the network raised when it should be tried again.
        """
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            kept = await self._chats.post(FRONT, key)
            if kept is not None and ((kept.ref and kept.shown == shown) or (kept.settled and not kept.ref)):
                return  # shown already, or a place that was shut
            post = Post(front=FRONT, key=key, place=place, draft=draft, shown=shown, settled=settled)
            try:
                ref = await self._update(kept, card) if kept is not None and kept.ref else ""
                if not ref and not (kept is not None and kept.ref and settled):
                    ref = await self._post(post, card, sent_before=kept is not None and not kept.ref)
                    post = post.model_copy(update={"settled": settled or not ref})
            except SlackApiError as error:
                if _reason(error) not in SHUT:
                    raise
                log.warning("slack.place_shut", place=place, reason=_reason(error))
                post = post.model_copy(update={"settled": True})
                ref = kept.ref if kept else ""
            await self._chats.keep(post.model_copy(update={"ref": ref}))

    async def _update(self, kept: Post, card: Card) -> str:
        """The message's own name, or nothing when somebody deleted it."""
        channel = kept.place.split("/")[0]
        try:
            await self.call(
                f"update {channel}",
                self.web.chat_update,
                channel=channel,
                ts=kept.ref,
                text=card.notice,
                blocks=card.blocks,
                metadata=_metadata(kept.key),
            )
        except SlackApiError as error:
            if _reason(error) not in LOST:
                raise
            return ""
        return kept.ref

    async def _post(self, post: Post, card: Card, *, sent_before: bool) -> str:
        channel, _, thread = post.place.partition("/")
        if sent_before and (ref := await self._find(channel, thread, post.key)):
            return await self._update(post.model_copy(update={"ref": ref}), card)
        await self._chats.keep(post.model_copy(update={"ref": "", "shown": "", "settled": False}))
        answer = await self.call(
            channel,
            self.web.chat_postMessage,
            channel=channel,
            thread_ts=thread or None,
            text=card.notice,
            blocks=card.blocks,
            metadata=_metadata(post.key),
            unfurl_links=False,
            unfurl_media=False,
        )
        ts, said = str(answer["ts"]), answer.get("message")
        return "" if thread and said and "thread_ts" not in said and await self._strayed(channel, thread, ts) else ts

    async def _strayed(self, channel: str, thread: str, ts: str) -> bool:
        """Slack posts to the whole channel when a thread's first message is gone; nobody asked for that, so it is taken back."""
        try:
            await self.call("find", self.web.conversations_replies, channel=channel, ts=thread, limit=1)
        except SlackApiError as error:
            if _reason(error) not in LOST:
                raise
            await self.web.chat_delete(channel=channel, ts=ts)
            log.warning("slack.thread_gone", channel=channel)
            return True
        return False

    async def call(
        self, lane: str, method: Callable[..., Awaitable[AsyncSlackResponse]], **arguments: Any
    ) -> AsyncSlackResponse:
        """Calls at the lane's pace. Only a refusal for haste is tried again: it alone says that nothing was done."""
        pace, refusals = self._paces[lane], 0
        while True:
            if wait := pace.wait():
                await asyncio.sleep(wait)
            try:
                return await method(**arguments)
            except SlackApiError as error:
                refusals += 1
                if error.response.status_code != TOO_MANY or refusals > HASTE:
                    raise
                pace.refused(float(error.response.headers.get("Retry-After", 1)))

    async def _find(self, channel: str, thread: str, key: str) -> str:
        """The message that was sent under this key before a crash, if it was."""
        cursor = ""
        for _ in range(10):
            call = self.web.conversations_replies if thread else self.web.conversations_history
            more: dict[str, Any] = {"ts": thread} if thread else {}
            answer = await call(channel=channel, include_all_metadata=True, limit=200, cursor=cursor or None, **more)
            for message in answer.get("messages") or ():
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return ""

    async def whisper(self, place: str, user: str, card: Card) -> bool:
        """Something for one person alone, where they are. False when the place is not open to us."""
        channel, _, thread = place.partition("/")
        try:
            await self.call(
                channel,
                self.web.chat_postEphemeral,
                channel=channel,
                user=user,
                thread_ts=thread or None,
                text=card.notice,
                blocks=card.blocks,
            )
        except SlackApiError as error:
            log.info("slack.not_whispered", reason=_reason(error))
            return False
        return True

    async def tell(self, place: str, user: str, card: Card) -> None:
        """Something for one person alone: where they are, or in our conversation with them."""
        if not place or not await self.whisper(place, user, card):
            channel = await self.direct(user)
            await self.call(channel, self.web.chat_postMessage, channel=channel, text=card.notice, blocks=card.blocks)

    async def direct(self, user: str) -> str:
        """The conversation with this person alone."""
        answer = await self.call("open", self.web.conversations_open, users=user)
        return str(answer["channel"]["id"])

    def mark(self, channel: str, ts: str, thread: str, *, assistant: str) -> None:
        """Says at once that a message was heard: a status in a conversation with us, a reaction elsewhere. May not arrive."""
        if self._marks.take():
            task = asyncio.create_task(self._mark(channel, ts, thread, assistant))
            self._marking.add(task)
            task.add_done_callback(self._marking.discard)

    async def _mark(self, channel: str, ts: str, thread: str, assistant: str) -> None:
        try:
            if assistant:
                await self.web.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=assistant)
                return
        except TROUBLE as error:
            log.info("slack.no_status", error=type(error).__name__)
        try:
            await self.web.reactions_add(channel=channel, timestamp=ts, name="eyes")
        except TROUBLE as error:
            log.info("slack.not_marked", error=type(error).__name__)

    async def close(self) -> None:
        for task in self._marking:
            task.cancel()
        await asyncio.gather(*self._marking, return_exceptions=True)
        if self.web.session is not None:
            await self.web.session.close()


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _reason(error: SlackApiError) -> str:
    return str(error.response.get("error", "")) if error.response is not None else ""
