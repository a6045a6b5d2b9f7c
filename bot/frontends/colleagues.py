"""Who somebody in a chat is to us, and the brands open to them: rights come from brand files alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.approval import could
from bot.domain.draft import Draft
from knowledge.brand import Brand, Person

Brands = Callable[[], Sequence[Brand]]


class Colleagues:
    """The people and places that brand files name in one front-end (`slack`, `telegram`)."""

    def __init__(self, front: str, brands: Brands) -> None:
        self._front = front
        self._brands = brands

    def open_to(self, user: str, chat: str) -> list[Brand]:
        """The brands that this person may ask for here: the place's own, else those that name the person."""
        here = [brand for brand in self._brands() if chat in self._places(brand)]
        return here or [brand for brand in self._brands() if brand.person_in(self._front, user)]

    def unnamed(self) -> list[Brand]:
        """Brands that name neither people nor places in this front-end."""
        return [
            brand
            for brand in self._brands()
            if not self._places(brand) and not any(getattr(person, self._front) for person in brand.people)
        ]

    def named(self, user: str) -> Person | None:
        """The person as any brand names them."""
        return next((person for brand in self._brands() if (person := brand.person_in(self._front, user))), None)

    def _places(self, brand: Brand) -> set[str]:
        return {str(place) for place in getattr(brand.fronts, self._front)}


def leads(brand: Brand, front: str, user: str) -> bool:
    person = brand.person_in(front, user)
    return person is not None and person.leads


def awaited(draft: Draft, brand: Brand, front: str) -> list[str]:
    """Who must be shown a draft that its author alone sees: those who could decide, unless the author can alone."""
    able = could(draft, brand)
    if draft.body.approvals.needed == 1 and any(person.name in draft.authors for person in able):
        return []
    return [str(identity) for person in able if (identity := getattr(person, front))]
