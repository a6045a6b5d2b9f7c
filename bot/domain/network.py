"""What a network's page states about each kind of text it takes, typed: limits, aims, and rules of use. Pure.

Every fact carries how sure we are, who says so and when that was read. Which words break one is for `checks/`; how a fact is
read to people is for `sheet.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal[
    "characters",
    "code_points",
    "utf16",
    "utf8_bytes",
    "graphemes",
    "x_weighted",
    "threads",
    "mastodon",
    "youtube_tags",
    "count",
    "words",
]
Severity = Literal["hard", "soft", "policy"]
RECHECK = 6
"""Months after which a number is to be read again at its source (`facts/networks.yaml`, meta)."""


class Facts(BaseModel):
    """Front matter: strict, so that a misspelt field is an error and not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Facts):
    min: int = 0
    max: int


class Sourced(Facts):
    """A fact that somebody states: `sources` each with its date, `checked` the day we read them."""

    severity: Severity = "soft"
    """hard: the network refuses or cuts; soft: accepted but hurts; policy: a rule of use."""
    confidence: Literal["high", "medium", "low", "unverified"]
    sources: tuple[str, ...] = Field(min_length=1)
    checked: date
    since: date | None = None
    note: str = ""

    @property
    def blocks(self) -> bool:
        """Only a hard limit that a first-hand source states may block a draft; any other warns."""
        return self.severity == "hard" and self.confidence == "high"

    def aged(self, today: date) -> bool:
        """Whether it was read so long ago that the network may have changed its mind."""
        months = (today.year - self.checked.year) * 12 + today.month - self.checked.month
        return months > RECHECK or (months == RECHECK and today.day > self.checked.day)

    @property
    def stated(self) -> dict[str, Any]:
        """What is said, without who says it: the fields that the page gives."""
        return {
            name: value
            for name in type(self).model_fields
            if name not in Sourced.model_fields and (value := getattr(self, name)) not in (None, ())
        }


class Limit(Sourced):
    """A number that a text may not pass."""

    value: int
    unit: Unit
    severity: Severity


class Aim(Sourced):
    """What reads best: from `min` to `value`, in `unit`; either may be left out."""

    min: int | None = None
    value: int | None = None
    unit: Unit = "count"


class Rule(Sourced):
    """A yes or a no."""

    value: bool


class Signs(Sourced):
    """Signs that mean trouble there."""

    value: str = Field(min_length=1)


class Media(Sourced):
    """What goes with the text. Sizes in megabytes, times in seconds."""

    required: bool | None = None
    items: int | None = None
    images: int | None = None
    gifs: int | None = None
    videos: int | None = None
    carousel: int | None = None
    mixed: bool | None = None
    formats: tuple[str, ...] = ()
    aspect: str | None = None
    image_mb: int | None = None
    gif_mb: int | None = None
    video_mb: int | None = None
    file_mb: int | None = None
    seconds: Span | None = None


class Edit(Sourced):
    """Whether a published text can be changed; `minutes` and `times` where there is an end to it."""

    allowed: Literal["yes", "no", "limited", "unclear"]
    minutes: int | None = None
    times: int | None = None


class PrivateReply(Sourced):
    """Whether a comment can be answered in private from where it stands."""

    allowed: bool
    per_comment: int | None = None
    days: int | None = None


class Poll(Sourced):
    options: Span
    minutes: Span | None = None


class Quota(Sourced):
    """In 24 hours, through the network's API."""

    posts: int | None = None
    carousels: int | None = None
    replies: int | None = None


class ContentKind(Facts):
    """All that is known of one kind of text: nothing given means that nothing is known, not that all is allowed."""

    same_as: str = ""
    """The kind whose facts it shares, but for those it states itself."""
    room: int = 0
    """Signs of the limit that writers keep free, for a name or a link."""
    max: Limit | None = None
    max_bytes: Limit | None = None
    fold: Limit | None = None
    """What is seen before « more »."""
    ideal: Aim | None = None
    hashtags: Limit | None = None
    hashtags_ideal: Aim | None = None
    """Without a `value`: up to the limit."""
    tag_length: Limit | None = None
    """Of one hashtag, or of one of YouTube's tags."""
    mentions: Limit | None = None
    links: Limit | None = None
    cashtags: Limit | None = None
    clickable: Rule | None = None
    """Whether a link in the text can be tapped."""
    markdown: Rule | None = None
    html: Rule | None = None
    line_breaks: Rule | None = None
    emoji: Rule | None = None
    refused: Signs | None = None
    escaped: Signs | None = None
    """Signs that whoever sends through the API has to escape."""
    caption: Rule | None = None
    """Whether words go with it at all."""
    media: Media | None = None
    poll: Poll | None = None
    edit: Edit | None = None
    hide: Rule | None = None
    private_reply: PrivateReply | None = None
    moderated: Rule | None = None
    disclosure: Rule | None = None
    quota: Quota | None = None

    def get(self, name: str) -> Limit | None:
        """A limit by its name; None when the page gives none. Raises KeyError for a name that no limit has."""
        if name not in LIMITS:
            raise KeyError(name)
        limit: Limit | None = getattr(self, name)
        return limit

    def items(self) -> Iterator[tuple[str, Sourced]]:
        """Every fact that is known, by its name."""
        for name in type(self).model_fields:
            fact = getattr(self, name)
            if isinstance(fact, Sourced):
                yield name, fact

    @property
    def most(self) -> int | None:
        """What writers keep to, in the limit's own unit."""
        return self.max.value - self.room if self.max else None

    @property
    def tags(self) -> Span:
        """How many hashtags a good text has here: the aim, never above the limit."""
        aims = [
            self.hashtags_ideal.value if self.hashtags_ideal else None,
            self.hashtags.value if self.hashtags else None,
        ]
        most = min((aim for aim in aims if aim is not None), default=0)
        least = self.hashtags_ideal.min if self.hashtags_ideal else None
        return Span(min=min(least or 0, most), max=most)


LIMITS = frozenset(name for name, field in ContentKind.model_fields.items() if field.annotation == (Limit | None))


def whole(kinds: Mapping[str, Any], every: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds of a page with what they share: `every` holds for each, `same_as` for its twin; a kind's own word wins.

    Raises ValueError for a twin that there is not, or that is itself another's.
    """
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        if not isinstance(kind, Mapping):
            return dict(kinds)
        twin = kind.get("same_as")
        if twin and (twin not in kinds or "same_as" in kinds[twin]):
            raise ValueError(f"{name}: same_as: “{twin}” is no kind with facts of its own")
        found[name] = {**every, **(kinds[twin] if twin else {}), **kind}
    return found
