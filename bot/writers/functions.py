"""What a model sees in free talk: names, arguments and a line each. Brand and person are in the runtime, out of its reach.

Imported only when a talk begins: LangChain takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

Posture = Literal["", "empathetic", "sober", "firm"]


@dataclass(frozen=True)
class Context:
    tools: Any
    """A `bot.seams.Tools`: LangChain reads shapes here, and a Protocol has none."""


Runtime = ToolRuntime[Context]


@tool
async def search_guidelines(question: str, runtime: Runtime) -> str:
    """Search what the brand's guidelines say."""
    told: str = await runtime.context.tools.search_guidelines(question)
    return told


@tool
async def draft_reply(
    comment: str, networks: list[str], runtime: Runtime, posture: Posture = "", language: str = ""
) -> str:
    """Draft a reply to a comment, for people to approve."""
    told: str = await runtime.context.tools.write("reply", comment, networks, posture, language)
    return told


@tool
async def draft_post(brief: str, networks: list[str], runtime: Runtime, language: str = "") -> str:
    """Draft a post for one or more networks, for people to approve."""
    told: str = await runtime.context.tools.write("post", brief, networks, "", language)
    return told


@tool
async def draft_again(
    draft: int, networks: list[str], runtime: Runtime, posture: Posture = "", language: str = ""
) -> str:
    """Write what an earlier draft was about for other networks, or in another posture or language."""
    told: str = await runtime.context.tools.again(draft, networks, posture, language)
    return told


@tool
async def revise_draft(draft: int, wish: str, runtime: Runtime) -> str:
    """Change a draft that waits: shorter, warmer, more formal, firmer, in another language, otherwise."""
    told: str = await runtime.context.tools.revise(draft, wish)
    return told


@tool
async def look_up_drafts(runtime: Runtime, words: str = "", days: int = 30) -> str:
    """Past drafts and what people decided, over so many days, that speak of these words."""
    told: str = await runtime.context.tools.look_up(words, days)
    return told


@tool
async def list_pending(runtime: Runtime) -> str:
    """List what waits for an approval."""
    told: str = await runtime.context.tools.pending()
    return told


FUNCTIONS = (
    search_guidelines,
    draft_reply,
    draft_post,
    draft_again,
    revise_draft,
    look_up_drafts,
    list_pending,
)
