"""The after-action report as a file to hand over in a chat. Made when it is asked for; what it says is `bot/crisis/`'s."""

from __future__ import annotations

import asyncio

from bot.domain.incident import Record
from bot.frontends.panel import Attachment
from bot.view import View
from knowledge.brand import Brand


async def attachment(record: Record, brand: Brand, view: View) -> Attachment:
    """The PDF, in the reader's language; drawn beside the loop, which goes on."""

    def made() -> Attachment:
        from bot.crisis.pdf import pdf
        from bot.crisis.telling import Telling

        told = Telling(record, brand, view)
        name = told.say("file", incident=record.incident.id)
        return Attachment(name=f"{name}.pdf", title=f"{told.kind} · {brand.name}", data=pdf(told))

    return await asyncio.to_thread(made)
