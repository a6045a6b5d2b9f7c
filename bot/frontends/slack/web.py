"""What we send to Slack: each message once (it is named in its metadata, and looked for by that name), at Slack's pace."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.chat import Post
from bot.frontends.pace import Paces
from bot.frontends.panel import Attachment
from bot.frontends.posting import Posting, Shut
from bot.frontends.slack.cards import Card
from bot.frontends.slack.incoming import FRONT
from bot.seams import Chats

EVENT = "bonton_post"
REACTIONS = 40
"""Of them a minute: Slack takes 50, and a mark is not worth a refusal."""
PATIENCE = 30
REMEMBERED = 200
TOO_MANY = 429
LOST = {"message_not_found", "thread_not_found"}
PASSING = {"internal_error", "fatal_error", "service_unavailable", "ratelimited", "request_timeout", "rate_limited", ""}
"""Answers after which trying again may help; after any other it does not."""
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
    """Implements `bot.frontends.posting.Wall` for Slack, and what else we send there."""

    def __init__(self, web: AsyncWebClient, chats: Chats) -> None:
        self.web = web
        self._chats = chats
        self._paces = Paces(_haste)
        self._posting: Posting[Card] = Posting(FRONT, chats, self)
        self.put = self._posting.put
        self._handing: Posting[Attachment] = Posting(FRONT, chats, Files(web, self._paces))
        self.sent: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        """(channel, ts) of our latest messages: what is sent this instant is written down in the next."""
        self._marks = Bucket(REACTIONS, 60 / REACTIONS)
        self._marking: set[asyncio.Task[None]] = set()

    async def change(self, post: Post, card: Card) -> bool:
        channel = post.place.split("/")[0]
        update = partial(self.web.chat_update, channel=channel, ts=post.ref, metadata=_metadata(post.key))
        try:
            await self._paces.call(f"update {channel}", partial(update, text=card.notice, blocks=card.blocks))
        except SlackApiError as error:
            if _reason(error) in LOST:
                return False
            raise _shut(error) from error
        return True

    async def send(self, post: Post, card: Card) -> str:
        channel, _, thread = post.place.partition("/")
        send = partial(self.web.chat_postMessage, channel=channel, thread_ts=thread or None, unfurl_links=False)
        send = partial(send, unfurl_media=False, metadata=_metadata(post.key))
        try:
            answer = await self._paces.call(channel, partial(send, text=card.notice, blocks=card.blocks))
        except SlackApiError as error:
            raise _shut(error) from error
        ts, said = str(answer["ts"]), answer.get("message")
        self.sent.append((channel, ts))
        if thread and said and "thread_ts" not in said:
            await self._strayed(channel, thread, ts)
        return ts

    async def _strayed(self, channel: str, thread: str, ts: str) -> None:
        """Slack posts to the whole channel when a thread's first message is gone; nobody asked for that, so it is taken back."""
        try:
            await self._paces.call("find", partial(self.web.conversations_replies, channel=channel, ts=thread, limit=1))
        except SlackApiError as error:
            if _reason(error) not in LOST:
                raise
            await self.web.chat_delete(channel=channel, ts=ts)
            raise Shut("the thread is gone", final=True) from error

    async def find(self, post: Post, card: Card) -> str:
        """By the key in its metadata."""
        channel, _, thread = post.place.partition("/")
        look = self.web.conversations_replies if thread else self.web.conversations_history
        more: dict[str, Any] = {"ts": thread} if thread else {}
        cursor = ""
        for _ in range(10):
            page = partial(look, channel=channel, include_all_metadata=True, limit=200, cursor=cursor or None, **more)
            try:
                answer = await self._paces.call("find", page)
            except SlackApiError as error:
                raise _shut(error) from error
            for message in answer.get("messages") or ():
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == post.key:
                    ref = str(message["ts"])
                    return ref if await self.change(post.model_copy(update={"ref": ref}), card) else ""
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return ""

    async def attach(self, key: str, place: str, file: Attachment) -> bool:
        """The file of that key, once in its place. False when the place, or Slack, does not take it."""
        await self._handing.put(key, place, file, shown=file.name)
        kept = await self._chats.post(FRONT, key)
        return bool(kept and kept.ref)

    async def whisper(self, place: str, user: str, card: Card) -> bool:
        """Something for one person alone, where they are. False when the place is not open to us."""
        channel, _, thread = place.partition("/")
        whisper = partial(self.web.chat_postEphemeral, channel=channel, user=user, thread_ts=thread or None)
        try:
            await self._paces.call(channel, partial(whisper, text=card.notice, blocks=card.blocks))
        except SlackApiError as error:
            log.info("slack.not_whispered", reason=_reason(error))
            return False
        return True

    async def tell(self, place: str, user: str, card: Card) -> None:
        """Something for one person alone: where they are, or in our conversation with them."""
        if not place or not await self.whisper(place, user, card):
            channel = await self.direct(user)
            send = partial(self.web.chat_postMessage, channel=channel, text=card.notice, blocks=card.blocks)
            await self._paces.call(channel, send)

    async def direct(self, user: str) -> str:
        """The conversation with this person alone."""
        answer = await self._paces.call("open", partial(self.web.conversations_open, users=user))
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


class Files:
    """Implements `bot.frontends.posting.Wall` for files, in Slack's three steps: an address, the bytes, the place.

    A file is named by nothing that could be looked for, so a crash between the last step and its note hands it over twice.
    """

    def __init__(self, web: AsyncWebClient, paces: Paces) -> None:
        self._web = web
        self._paces = paces

    async def send(self, post: Post, file: Attachment) -> str:
        channel, _, thread = post.place.partition("/")
        try:
            ask = partial(self._web.files_getUploadURLExternal, filename=file.name, length=len(file.data))
            place = await self._paces.call("files", ask)
            await self._bring(str(place["upload_url"]), file.data)
            named: list[dict[str, str | None]] = [{"id": str(place["file_id"]), "title": file.title}]
            end = partial(self._web.files_completeUploadExternal, files=named, channel_id=channel)
            await self._paces.call("files", partial(end, thread_ts=thread or None))
        except SlackApiError as error:
            raise _shut(error) from error
        return str(place["file_id"])

    async def _bring(self, url: str, data: bytes) -> None:
        """To an address that Slack made for it; our token stays here."""
        assert self._web.session is not None
        async with self._web.session.post(url, data=data) as answer:
            answer.raise_for_status()

    async def change(self, post: Post, file: Attachment) -> bool:
        return True

    async def find(self, post: Post, file: Attachment) -> str:
        return ""


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _shut(error: SlackApiError) -> Exception:
    """Shut, when trying again is of no use; the error itself otherwise."""
    reason = _reason(error)
    return error if reason in PASSING or error.response.status_code >= 500 else Shut(reason)


def _haste(error: Exception) -> float | None:
    if isinstance(error, SlackApiError) and error.response.status_code == TOO_MANY:
        return float(error.response.headers.get("Retry-After", 1))
    return None


def _reason(error: SlackApiError) -> str:
    return str(error.response.get("error", "")) if error.response is not None else ""
