"""What we send to Telegram: each message once, at each chat's own pace.

Telegram cannot be asked what was said. After a crash that leaves open whether a message was sent, the names that it may have had
(the next ones after the last we know) are tried: only a message of ours can be edited, and one that we do not know is the one.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.domain.chat import Post
from bot.frontends.pace import Paces
from bot.frontends.panel import Attachment
from bot.frontends.posting import Posting, Shut
from bot.frontends.telegram.cards import Card
from bot.seams import Chats

FRONT = "telegram"
REMEMBERED = 5_000
CAPTION = 1_024
TRIED = 40
"""Names after the last known one that a lost message may have."""
SUPERGROUPS = -(10**12)
"""Numbers of supergroups are below."""
SAME = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
CLOSED = (
    "chat not found",
    "message thread not found",
    "not enough rights",
    "have no rights",
    "topic_closed",
    "chat_write_forbidden",
)
T = TypeVar("T")

log = structlog.get_logger()


class Wall:
    """Implements `bot.frontends.posting.Wall`, and what else we send."""

    def __init__(self, bot: Bot, chats: Chats) -> None:
        self.bot = bot
        self._chats = chats
        self._paces = Paces(haste)
        self._posting: Posting[Card] = Posting(FRONT, chats, self)
        self.put = self._posting.put
        self._handing: Posting[Attachment] = Posting(FRONT, chats, Files(self))
        self._sending: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._marking: set[asyncio.Task[None]] = set()
        self._sent: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        """(chat, message) that this process sent: never taken for a lost one."""

    async def send(self, post: Post, card: Card) -> str:
        chat, topic = where(post.place)
        more: dict[str, Any] = {"message_thread_id": topic} if topic else {}
        if card.answers:
            more["reply_parameters"] = ReplyParameters(card.answers, allow_sending_without_reply=True)
        send = partial(self.bot.send_message, chat, card.text, parse_mode=ParseMode.HTML)
        keyboard = ForceReply(selective=True) if card.asks else _keyboard(card)
        send = partial(send, reply_markup=keyboard, link_preview_options=LinkPreviewOptions(is_disabled=True), **more)
        async with self._sending[str(chat)]:
            sent = await self._told(str(chat), send)
            self._sent.append((str(chat), str(sent.message_id)))
        return str(sent.message_id)

    async def attach(self, key: str, place: str, file: Attachment) -> bool:
        """The file of that key, once in its place. False when the chat does not take it."""
        await self._handing.put(key, place, file, shown=file.name)
        kept = await self._chats.post(FRONT, key)
        return bool(kept and kept.ref)

    async def document(self, place: str, file: Attachment) -> str:
        chat, topic = where(place)
        sending = InputFile(file.data, filename=file.name)
        send = partial(self.bot.send_document, chat, sending, caption=file.title[:CAPTION], message_thread_id=topic)
        async with self._sending[str(chat)]:
            sent = await self._told(str(chat), send)
            self._sent.append((str(chat), str(sent.message_id)))
        return str(sent.message_id)

    async def change(self, post: Post, card: Card) -> bool:
        return await self.edit(post.place, int(post.ref), card)

    async def edit(self, place: str, message: int, card: Card) -> bool:
        """False when there is no such message of ours."""
        chat, _ = where(place)
        edit = partial(
            self.bot.edit_message_text, card.text, chat_id=chat, message_id=message, parse_mode=ParseMode.HTML
        )
        edit = partial(edit, reply_markup=_keyboard(card), link_preview_options=LinkPreviewOptions(is_disabled=True))
        try:
            await self._told(f"edit {chat}", edit)
        except BadRequest as error:
            told = str(error).casefold()
            if SAME in told:
                return True
            if any(words in told for words in GONE):
                return False
            raise
        return True

    async def find(self, post: Post, card: Card) -> str:
        """By trying the names that come after the last one known: a supergroup counts its own messages, all other chats together."""
        chat, _ = where(post.place)
        before, since = await self._chats.around(FRONT, post.key)
        earlier, later = (
            [int(one.ref) for one in kept if _together(where(one.place)[0], chat)] for kept in (before, since)
        )
        last = earlier[0] if earlier else min(later, default=0)
        async with self._sending[str(chat)]:
            sent = {int(ref) for place, ref in self._sent if _together(int(place), chat)}
            known = {str(ref) for ref in (*later, *sent)}
            names = (str(name) for name in range(last + 1, last + 10 * TRIED) if str(name) not in known)
            for name in islice(names, TRIED) if last else ():
                if await self.edit(post.place, int(name), card):
                    self._sent.append((str(chat), name))
                    return name
        return ""

    async def keyboard(self, place: str, message: int, card: Card) -> None:
        """Other buttons under the same words."""
        chat, _ = where(place)
        edit = partial(
            self.bot.edit_message_reply_markup, chat_id=chat, message_id=message, reply_markup=_keyboard(card)
        )
        try:
            await self._told(f"edit {chat}", edit)
        except BadRequest as error:
            if SAME not in str(error).casefold():
                raise

    def working(self, place: str) -> None:
        """Says at once that something was heard. May not arrive, and nobody waits for it."""
        task = asyncio.create_task(self._working(*where(place)))
        self._marking.add(task)
        task.add_done_callback(self._marking.discard)

    async def _working(self, chat: int, topic: int | None) -> None:
        try:
            await self.bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=topic)
        except TelegramError as error:
            log.info("telegram.no_action", error=type(error).__name__)

    async def answer(self, tap: str, words: str = "", *, alert: bool = False) -> None:
        """Every tap is answered; one that waited too long for it cannot be."""
        try:
            await self.bot.answer_callback_query(tap, words[:200] or None, show_alert=alert)
        except BadRequest as error:
            log.info("telegram.tap_too_old", error=type(error).__name__)

    async def _told(self, lane: str, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._paces.call(lane, call)
        except Forbidden as error:
            raise Shut("forbidden") from error
        except ChatMigrated as error:
            raise Shut(f"the group is now {error.new_chat_id}: its number in brand.toml must change") from error
        except BadRequest as error:
            if any(words in str(error).casefold() for words in CLOSED):
                raise Shut("no such chat or topic") from error
            raise


class Files:
    """Implements `bot.frontends.posting.Wall` for files. A crash between sending and its note hands a file over twice."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    async def send(self, post: Post, file: Attachment) -> str:
        return await self._wall.document(post.place, file)

    async def change(self, post: Post, file: Attachment) -> bool:
        return True

    async def find(self, post: Post, file: Attachment) -> str:
        return ""


def _together(one: int, other: int) -> bool:
    """Whether the messages of both chats are counted in one row."""
    return one == other or min(one, other) > SUPERGROUPS


def where(place: str) -> tuple[int, int | None]:
    """« -100123/7 » → chat and topic."""
    chat, _, topic = place.partition("/")
    return int(chat), int(topic) if topic else None


def _keyboard(card: Card) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(words, callback_data=data) for words, data in row] for row in card.rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def haste(error: Exception) -> float | None:
    """Seconds that Telegram asks to wait; None when the error is another."""
    if not isinstance(error, RetryAfter):
        return None
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
