"""Every finding names the page that states its rule, and that page exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.checks.subject import Subject
from bot.discover import checks
from bot.pages import FOLDER, Pages
from bot.steps import check
from knowledge.brand import Brand

ROOT = FOLDER.parent
BROKEN = (
    "N’hésitez pas ! NOUS VOUS REMBOURSONS TOUT DE SUITE <b>12 345 €</b> sur https://evil.example #a #b #c #d #e #f #g "
    "@everyone votre numéro de commande ? sous 24 h, c’est notre faute, connard. 4111 1111 1111 1111 " + "x" * 2_300
)


@pytest.mark.parametrize("network", ["instagram", "x", "youtube", "tiktok", "linkedin"])
def test_a_finding_names_its_rule(pages: Pages, brand: Brand, network: str) -> None:
    page = pages.networks[network]
    subject = Subject(
        text=BROKEN, network=page, kind=page.post.kind, language=pages.languages["fr"], brand=brand, skill="post"
    )
    found = check.findings(subject)
    assert len({finding.check for finding in found}) > 5
    for finding in found:
        where, _, name = finding.rule.partition("#")
        assert name, finding
        if where.startswith(("networks/", "languages/", "legal/")):
            assert (FOLDER / where).exists(), finding.rule
        elif where != "brand.toml":
            assert f"\n## {name}\n" in (ROOT / where).read_text(encoding="utf-8"), finding.rule
        assert bool(pages.source(finding.rule)) == where.startswith("networks/"), finding.rule


def test_every_check_has_its_section() -> None:
    told = (Path(ROOT) / "docs" / "checks.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", told, re.MULTILINE) == list(checks())
