"""Who somebody in Slack is to us: their name, language and rights, and the brands that are open to them.

Rights come from brand files alone: a brand is open to the people it names (`slack = "U…"`), in the channels that speak for it
(`fronts.slack`), and, while it names neither, to the whole workspace, so that a first try needs no set-up. The samples are
there for a first try too: they leave once there is a brand of one's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.model import Value
from bot.frontends.colleagues import Colleagues
from bot.frontends.slack.incoming import FRONT
from bot.frontends.slack.web import TROUBLE
from knowledge.brand import SAMPLES, Brand, Person

FRESH = 3600.0
"""Seconds for which a member's name and language are believed."""

log = structlog.get_logger()


class Member(Value):
    id: str
    name: str
    locale: str
    """`fr` or `en`; empty when Slack did not say."""
    admin: bool = False


class Members:
    def __init__(self, client: AsyncWebClient, brands: Callable[[], Sequence[Brand]]) -> None:
        self._client = client
        self._brands = brands
        self._colleagues = Colleagues(FRONT, brands)
        self._known: dict[str, tuple[float, Member]] = {}

    async def member(self, user: str) -> Member:
        """Never fails: somebody whom Slack does not describe is called by their id."""
        known = self._known.get(user)
        if known and time.monotonic() - known[0] < FRESH:
            return known[1]
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
        except TROUBLE as error:
            log.warning("slack.member_unknown", user=user, error=type(error).__name__)
            return known[1] if known else Member(id=user, name=user, locale="")
        member = _member(user, answer["user"])
        self._known[user] = (time.monotonic(), member)
        return member

    def open_to(self, user: str, channel: str) -> list[Brand]:
        """The brands that this person may ask for here."""
        if found := self._colleagues.open_to(user, channel):
            return found
        samples = all(brand.folder.parent == SAMPLES for brand in self._brands())
        return [brand for brand in self._colleagues.unnamed() if samples or brand.folder.parent != SAMPLES]

    def named(self, user: str) -> Person | None:
        return self._colleagues.named(user)


def _member(user: str, told: dict[str, Any]) -> Member:
    profile = told.get("profile") or {}
    name = profile.get("display_name") or told.get("real_name") or profile.get("real_name") or told.get("name") or user
    locale = str(told.get("locale") or "").lower()
    return Member(
        id=user,
        name=str(name)[:80],
        locale=("fr" if locale.startswith("fr") else "en") if locale else "",
        admin=bool(told.get("is_admin") or told.get("is_owner")),
    )
