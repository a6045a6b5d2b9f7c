"""A made-up brand with everybody a rule can speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.brand import Brand


def brand(**changes: Any) -> Brand:
    """Ada and Ben approve, Chloé leads, Dan leads in a crisis, Eve is the lawyer, Fay a member."""
    values: dict[str, Any] = {
        "slug": "la-maison",
        "folder": Path("/nowhere"),
        "name": "La Maison",
        "about": {"fr": "Des objets pour la maison.", "en": "Things for the home."},
        "country": "FR",
        "languages": ["fr", "en"],
        "networks": ["instagram", "facebook", "linkedin", "x", "google", "tiktok"],
        "register": {"fr": {"default": "vous", "tiktok": "tu"}},
        "signature": {"fr": {"default": "— L’équipe", "x": ""}, "en": {"default": "— The team", "x": ""}},
        "contact": {"care": "bonjour@la-maison.example", "site": "https://www.la-maison.example"},
        "products": [{"name": {"fr": "lampe", "en": "lamp"}, "gender": "f", "also": ["la petite lampe"]}],
        "shops": [{"name": {"fr": "la boutique de Lille", "en": "the Lille shop"}, "also": ["lille"]}],
        "people": [
            {"name": "Ada", "roles": ["approver"]},
            {"name": "Ben", "roles": ["approver"]},
            {"name": "Chloé", "roles": ["approver", "lead"]},
            {"name": "Dan", "roles": ["crisis_lead"]},
            {"name": "Eve", "roles": ["legal"]},
            {"name": "Fay", "roles": ["member"]},
        ],
    }
    return Brand.model_validate({**values, **changes})
