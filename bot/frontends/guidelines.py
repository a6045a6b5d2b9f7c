"""Guidelines that somebody sends in a chat: which files can be read, where they are kept, and what is told once they are learned.

How a file is fetched is each chat's own.
"""

from __future__ import annotations

from pathlib import Path

from bot.frontends.serving import House
from bot.view import View
from knowledge.brand import Brand

_READABLE = {"md", "markdown", "txt", "text", "html", "htm", "pdf", "docx"}


def readable(name: str) -> bool:
    return name.rpartition(".")[2].lower() in _READABLE


def kept(received: Path, brand: Brand, name: str, number: str) -> Path:
    """Where a file is kept, in the brand's own folder whatever its name pretends; `number` names one that has no name."""
    place = received / brand.slug
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place / (Path(name).name.lstrip(".") or number)


async def learn(house: House, brand: Brand, file: Path, name: str, view: View) -> str:
    """Into the brand's index; what to tell whoever sent it. A file that cannot be read is not kept."""
    report = await house.learn(brand.slug, [str(file)])
    if report.failed:
        file.unlink(missing_ok=True)
        one = report.failed[0]
        return view.say("front.not_learned", file=name, reason=view.say(f"unread.{one.reason}", **one.details))
    return view.say("front.learned", file=name, brand=brand.name, passages=report.embedded)
