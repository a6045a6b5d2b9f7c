"""RSS and Atom feeds as comments: each entry once, by its own id. Reads what a brand's file names, and nothing else.

feedparser reads what feeds are in the wild; this fetches politely (once a quarter of an hour, only what changed) and keeps what comes
within bounds. What an entry holds is people's words: its markup is taken off, and nothing in it is followed.
"""

from __future__ import annotations

import asyncio
import calendar
import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import feedparser
import structlog
from pydantic import ValidationError

from bot.domain.comment import NewComment
from bot.domain.request import LONGEST
from bot.logs import where
from bot.triage.text import clean

BIGGEST = 4 * 2**20
MOST = 200
"""Entries of one reading; feeds hold fewer."""
PATIENCE = aiohttp.ClientTimeout(total=20)
_TAG = re.compile(r"<[^<>]{0,2000}>")

log = structlog.get_logger()


class Feeds:
    def __init__(self) -> None:
        self._seen: dict[str, dict[str, str]] = {}
        """Address → what to ask with, so that only a change is sent."""

    async def read(self, brand: str, address: str) -> list[NewComment]:
        """The feed's entries, the oldest first; none when it has not changed or cannot be read, which is logged."""
        try:
            async with aiohttp.ClientSession(timeout=PATIENCE) as session:
                headers = {"User-Agent": "Bonton", **self._seen.get(address, {})}
                async with session.get(address, headers=headers) as answer:
                    if answer.status == 304:
                        return []
                    answer.raise_for_status()
                    body = await answer.content.read(BIGGEST + 1)
                    while len(body) <= BIGGEST and (more := await answer.content.read(BIGGEST)):
                        body += more
                    marks = {
                        "If-None-Match": answer.headers.get("ETag"),
                        "If-Modified-Since": answer.headers.get("Last-Modified"),
                    }
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("feed.not_read", host=urlsplit(address).hostname, error=where(error))
            return []
        if len(body) > BIGGEST:
            log.warning("feed.too_big", host=urlsplit(address).hostname)
            return []
        self._seen[address] = {name: value for name, value in marks.items() if value}
        return await asyncio.to_thread(entries, body, brand, address)


def entries(body: bytes, brand: str, address: str) -> list[NewComment]:
    """The comments of a feed's document, the oldest first."""
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    found = []
    for entry in list(parsed.entries)[:MOST]:
        try:
            found.append(_comment(entry, brand, address))
        except ValidationError as error:
            log.warning("feed.entry_refused", host=urlsplit(address).hostname, field=str(error.errors()[0]["loc"]))
    return found[::-1]


def _comment(entry: Any, brand: str, address: str) -> NewComment:
    contents = entry.get("content") or [{}]
    said = _plain(contents[0].get("value") or entry.get("summary") or "")
    title = _plain(entry.get("title") or "")
    text = said if not title or said.startswith(title.rstrip(".…")) else f"{title}\n{said}".strip()
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    link = str(entry.get("link") or "")
    host = (urlsplit(address).hostname or "")[:100]
    return NewComment(
        brand=brand,
        text=text[:LONGEST],
        ref=f"{host}:{entry.get('id') or link}"[:200] if entry.get("id") or link else "",
        author=clean(str(entry.get("author") or ""))[:200],
        url=link[:2_000] if link.startswith(("http://", "https://")) else "",
        at=datetime.fromtimestamp(calendar.timegm(when), UTC) if when else None,
        source=f"feed:{host}",
    )


def _plain(markup: str) -> str:
    """The words of a piece of HTML."""
    spaced = re.sub(r"(?i)<(?:br|/p|/div|/li)\b[^<>]{0,200}>", "\n", markup)
    return clean(html.unescape(_TAG.sub(" ", spaced))).replace("\u00a0", " ").strip()
