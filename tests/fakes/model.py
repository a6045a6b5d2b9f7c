"""A chat model that follows a script: offline, quick, the same every time.

Its replies are messages, exceptions, or callables that are given the messages and the tools and return one of those; the last one
is repeated. It keeps what it was asked. `Gullible` obeys whatever it reads.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

Answer = AIMessage | BaseException | Callable[..., Any]


class ScriptedModel(BaseChatModel):
    """`tools=False`: a provider that knows no tools."""

    replies: list[Any] = Field(default_factory=list)
    tools: bool = True
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    given: list[dict[str, Any]] = Field(default_factory=list)
    """The options of each call: tools and tool choice."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def prompts(self) -> list[str]:
        return ["\n\n".join(str(message.content) for message in messages) for messages in self.asked]

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: Any = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        if not self.tools:
            raise NotImplementedError
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=tool_choice, **kwargs)

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, stop, run_manager, **kwargs))

    async def _agenerate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(messages)
        self.given.append(kwargs)
        while callable(reply) and not isinstance(reply, BaseException | AIMessage):
            reply = reply(messages, kwargs.get("tools", []))
            if inspect.isawaitable(reply):
                reply = await reply
        if isinstance(reply, BaseException):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=reply)])


def drafted(
    *texts: str, postures: Sequence[str] = ("empathetic", "sober", "firm"), used: Sequence[Any] = (), **more: Any
) -> AIMessage:
    """The tool call of a model that answers as it should."""
    variants = [{"posture": posture, "text": text} for posture, text in zip(postures, texts, strict=False)]
    call = {"name": "draft", "args": {"variants": variants, "used": list(used), **more}, "id": "call-1"}
    return AIMessage(content="", tool_calls=[call], usage_metadata=USAGE)


USAGE = {"input_tokens": 1_200, "output_tokens": 200, "total_tokens": 1_400}


def says(text: str, **metadata: Any) -> AIMessage:
    """A model that answers in plain words."""
    return AIMessage(content=text, response_metadata=metadata, usage_metadata=USAGE)


def hangs(seconds: float = 60) -> Callable[..., Any]:
    """A provider that accepts and never answers."""

    async def reply(*_: Any) -> AIMessage:
        await asyncio.sleep(seconds)
        return says("too late")

    return reply


class Turned(Exception):
    """A provider's refusal by its HTTP status, as their libraries raise it."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"HTTP {status_code}")
        self.status_code = status_code


def gullible(text: str, calls: Sequence[dict[str, Any]] = ()) -> ScriptedModel:
    """A model that does what the comment it reads tells it: says `text` in every posture, and calls the tools it was told to call."""

    def obey(messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> AIMessage:
        postures = tools[0]["function"]["parameters"]["properties"]["variants"]["items"]["properties"]["posture"][
            "enum"
        ]
        answer = drafted(*[text] * len(postures), postures=postures, doubts=[text])
        wanted = [
            {"name": call["name"], "args": call.get("args", {}), "id": f"call-{number}"}
            for number, call in enumerate(calls, 2)
        ]
        return answer.model_copy(update={"tool_calls": [*wanted, *answer.tool_calls], "content": text})

    return ScriptedModel(replies=[obey])
