"""`POST /comments`: comments from any tool that can send HTTP, signed with a shared secret.

The signature is `X-Bonton-Signature: v1=` and the hexadecimal HMAC-SHA256, under BONTON_COMMENTS_SECRET, of the time in
`X-Bonton-Timestamp` (seconds since 1970), a dot, and the body as sent. A body is one comment or {"brand", "comments": […]}; the answer
says what became of them. A comment that comes twice is one (`bot/inbox.py`), so whoever is not answered may send again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.desk import InboxDesk
from bot.domain.comment import NewComment
from bot.errors import Refused
from bot.frontends.serving import content
from bot.pages import Pages
from bot.triage.text import clean
from bot.view import View

PATH = "/comments"
BIGGEST = 2 * 2**20
MOST = 500
"""Comments of one call."""
OLDEST = 300
"""Seconds that a signature holds."""
SCHEME = "v1="

log = structlog.get_logger()


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The header that a caller sends."""
    return SCHEME + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    def __init__(self, inbox: InboxDesk, pages: Pages, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._inbox = inbox
        self._pages = pages
        self._secret = secret
        self._clock = clock
        self._view = View(pages, "en")

    def routes(self) -> list[Route]:
        return [Route(PATH, self._arrived, methods=["POST"])]

    async def _arrived(self, request: Request) -> JSONResponse:
        body = await content(request, BIGGEST)
        if body is None:
            return _told(413, "the body is more than 2 MB: send fewer comments at a time")
        if why := self._unsigned(request, body):
            log.warning("webhook.refused", reason=why)
            return _told(401, why)
        try:
            told = json.loads(body)
            brand, comments = self._read(told)
            received = await self._inbox.receive(brand, comments)
        except Refused as refusal:
            return _told(422, self._view.say(refusal.key, **refusal.details))
        except ValidationError as error:
            first = error.errors()[0]
            return _told(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        except (ValueError, TypeError, KeyError, AttributeError):
            return _told(400, 'a comment {"brand", "text"} or {"brand", "comments": [{"text"}]} is expected, as JSON')
        log.info("webhook.received", brand=brand, stored=len(received.stored), duplicates=received.duplicates)
        return JSONResponse(
            {"stored": len(received.stored), "duplicates": received.duplicates, "ids": list(received.stored)}
        )

    def _unsigned(self, request: Request, body: bytes) -> str:
        """Why the call is not ours to hear; empty when it is."""
        timestamp, signature = (request.headers.get(f"X-Bonton-{name}", "") for name in ("Timestamp", "Signature"))
        if not timestamp.isdigit() or abs(self._clock() - int(timestamp)) > OLDEST:
            return "X-Bonton-Timestamp is missing, or more than five minutes from now"
        if not hmac.compare_digest(signature.encode(), sign(self._secret, timestamp, body).encode()):
            return "X-Bonton-Signature does not match"
        return ""

    def _read(self, told: Any) -> tuple[str, list[NewComment]]:
        brand = str(told["brand"])
        items = told["comments"] if "comments" in told else [{key: told[key] for key in told if key != "brand"}]
        if len(items) > MOST:
            raise Refused("import.too_many", most=MOST)
        return brand, [self._comment(brand, item) for item in items]

    def _comment(self, brand: str, item: dict[str, Any]) -> NewComment:
        network = self._pages.network(str(item.get("network") or ""))
        known = {**item, "brand": brand, "text": clean(str(item["text"])), "source": "webhook"}
        known["network"] = network.name if network else ""
        known["ref"] = str(item.get("ref") or item.get("id") or "")
        known.pop("id", None)
        return NewComment.model_validate(known)


def _told(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status_code=status)
