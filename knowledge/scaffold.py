"""A new brand's folder, ready to fill in."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.brand import BrandError

TEMPLATE = """\
# {name}: who it is, how it speaks, who decides. Every field is explained in docs/brands.md.

name = "{name}"
about = {{ fr = "Ce que fait la marque, en une phrase.", en = "What the brand does, in one sentence." }}
country = "FR"
languages = ["fr", "en"]
networks = ["instagram", "facebook", "linkedin"]

[register.fr]
default = "vous"

[signature.fr]
default = "— L’équipe {name}"
[signature.en]
default = "— The {name} team"

[contact]
care = "contact@{slug}.example"

[emoji]
policy = "none"

[escalation]
remind_hours = 2
escalate_hours = 6
expire_hours = 48

# Sensitive drafts take two people, one of them a lead, none of them the author.
[[people]]
name = "Camille"
roles = ["approver", "lead"]

[[people]]
name = "Sacha"
roles = ["approver"]

[[people]]
name = "Alex"
roles = ["approver", "crisis_lead"]
"""
GUIDELINE = """\
# Livraisons

## Colis en retard

Ce que l’équipe doit savoir, pour elle. Les lignes qui suivent peuvent être dites telles quelles au public :

> Écrivez ici une phrase vraie et utile, adressée au client, comme votre marque la dirait.
"""


def make(place: Path, name: str) -> Path:
    """The new folder below `place`. Raises BrandError when the name makes no folder name or is taken."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("&", "and")).strip("-")
    if not slug:
        raise BrandError(f"“{name}” makes no folder name: use letters and digits")
    folder = place / slug
    if folder.exists():
        raise BrandError(f"{folder} exists already")
    (folder / "guidelines").mkdir(parents=True)
    (folder / "brand.toml").write_text(TEMPLATE.format(name=name, slug=slug), encoding="utf-8")
    (folder / "guidelines" / "livraisons.md").write_text(GUIDELINE, encoding="utf-8")
    return folder
