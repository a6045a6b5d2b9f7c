"""What arrives from Slack, once it is known to be for us: small typed values that are kept before they are acknowledged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.domain.chat import Arrival
from bot.domain.decision import Verb
from bot.domain.model import Value
from bot.domain.triage import Posture
from bot.frontends.questions import Question

FRONT = "slack"


class File(Value):
    id: str
    name: str
    type: str = ""
    size: int = 0
    url: str = ""


class _Incoming(Value):
    user: str
    channel: str
    thread: str = ""
    """The `ts` of the thread's first message; empty where there is none yet."""

    @property
    def place(self) -> str:
        return f"{self.channel}/{self.thread}" if self.thread else self.channel


class Message(_Incoming):
    """A mention, a direct message, or a follow-up in a thread of ours."""

    what: Literal["message"] = "message"
    ts: str
    text: str
    im: bool = False
    mention: bool = False
    follows: bool = False
    """It stands under an earlier message."""
    files: tuple[File, ...] = ()


class Asked(_Incoming):
    """A command or a modal: the person said what they want."""

    what: Literal["asked"] = "asked"
    skill: str | None = None
    text: str
    brand: str = ""
    networks: tuple[str, ...] = ()
    language: str | None = None
    posture: Posture | None = None


class Pressed(_Incoming):
    """A decision: a button of a card, or the modal that it opened."""

    what: Literal["pressed"] = "pressed"
    verb: Verb
    draft: int
    revision: int
    text: str = ""
    override: str = ""


class Chosen(_Incoming):
    """The answer to a question of ours."""

    what: Literal["chosen"] = "chosen"
    request: str
    question: Question
    value: str


class Learn(_Incoming):
    """A file was dropped, and somebody said whether to learn it."""

    what: Literal["learn"] = "learn"
    brand: str
    file: File
    yes: bool
    message: str = ""
    """The question's own `ts`."""


class Ruled(_Incoming):
    """The answer to « make it a rule? »."""

    what: Literal["ruled"] = "ruled"
    brand: str
    rule: int
    yes: bool
    message: str = ""
    """The question's own `ts`."""


class Called(_Incoming):
    """The word of a flow, and what follows it: « boite »."""

    what: Literal["called"] = "called"
    flow: str
    words: str = ""
    about: str = ""
    """The key of the panel in whose thread it was said."""


class Tapped(_Incoming):
    """A button of a flow's panel."""

    what: Literal["tapped"] = "tapped"
    press: str
    message: str = ""
    """The panel's own `ts`."""


class Overheard(Value):
    """A message in a channel that is watched: a comment that another tool brought there. Nobody is answered."""

    what: Literal["overheard"] = "overheard"
    channel: str
    ts: str
    text: str
    link: str = ""

    @property
    def place(self) -> str:
        return f"{self.channel} watched"


AnyOf = Overheard | Message | Asked | Pressed | Chosen | Learn | Ruled | Called | Tapped
Incoming = Annotated[AnyOf, Field(discriminator="what")]
_INCOMING: TypeAdapter[AnyOf] = TypeAdapter(Incoming)


def arrival(number: str, incoming: AnyOf) -> Arrival:
    """Heard in the order of its thread, a press in the order of its draft, what has no place in the order of its person."""
    user = "" if isinstance(incoming, Overheard) else incoming.user
    lane = f"draft {incoming.draft}" if isinstance(incoming, Pressed) else incoming.place or user
    return Arrival(id=f"slack:{number}"[:200], front=FRONT, lane=lane, payload=incoming.model_dump(mode="json"))


def incoming(arrival: Arrival) -> AnyOf:
    return _INCOMING.validate_python(arrival.payload)


def words_of(said: dict[str, Any], *, quoted: bool = True) -> str:
    """What a message says, with what was shared in it; `quoted` as somebody else's words."""
    shared = [str(one.get("text") or one.get("fallback") or "") for one in said.get("attachments") or () if one]
    mark = "&gt; " if quoted else ""
    lines = [f"{mark}{line}" for words in shared if words for line in words.splitlines()]
    return "\n".join([str(said.get("text") or ""), *lines]).strip()


def overheard(event: dict[str, Any]) -> Overheard:
    """Of a message by anybody, a tool's app among them: its words are in its text or in what it attached."""
    blocks = [
        str((one.get("text") or {}).get("text") or "") for one in event.get("blocks") or () if isinstance(one, dict)
    ]
    said = words_of(event, quoted=False) or "\n".join(blocks)
    link = next((str(one["title_link"]) for one in event.get("attachments") or () if one and one.get("title_link")), "")
    return Overheard(channel=str(event["channel"]), ts=str(event["ts"]), text=said[:20_000], link=link[:2_000])


def message(event: dict[str, Any], bot: str) -> Message:
    """Of an `app_mention` or `message` event."""
    files = tuple(
        File(
            id=str(one.get("id", "")),
            name=str(one.get("name") or one.get("title") or one.get("id", ""))[:200],
            type=str(one.get("filetype") or ""),
            size=int(one.get("size") or 0),
            url=str(one.get("url_private_download") or one.get("url_private") or ""),
        )
        for one in event.get("files") or ()
    )
    text = str(event.get("text") or "")
    return Message(
        user=str(event["user"]),
        channel=str(event["channel"]),
        thread=str(event.get("thread_ts") or event["ts"]),
        ts=str(event["ts"]),
        text=words_of(event),
        im=event.get("channel_type") == "im" or str(event["channel"]).startswith("D"),
        mention=f"<@{bot}>" in text or event.get("type") == "app_mention",
        follows=bool(event.get("thread_ts")) and event.get("thread_ts") != event["ts"],
        files=files,
    )
