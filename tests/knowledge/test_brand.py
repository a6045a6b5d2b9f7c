"""The brand file: typed, and wrong in one clear line that names file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.brand import SAMPLES, BrandError, find, folders, load
from knowledge.scaffold import make

GOOD = """
name = "Chez Nous"
about = { fr = "Une boutique." }
country = "FR"
languages = ["fr"]
networks = ["instagram"]
[contact]
care = "a@b.example"
"""


def written(folder: Path, text: str) -> Path:
    place = folder / "chez-nous"
    place.mkdir(exist_ok=True)
    (place / "brand.toml").write_text(text)
    return place


def test_the_least_that_a_brand_is(tmp_path: Path) -> None:
    brand = load(written(tmp_path, GOOD))
    assert (brand.slug, brand.register_for("fr", "instagram"), brand.signature_for("fr", "x")) == (
        "chez-nous",
        "vous",
        "",
    )
    assert brand.register_for("en", "instagram") == "you"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("country", "pays"), "country"),
        (('country = "FR"', 'country = "France"'), "country"),
        (('care = "a@b.example"', ""), "contact.care"),
        (('languages = ["fr"]', "languages = []"), "languages"),
        (('about = { fr = "Une boutique." }', 'about = "x"'), "about"),
        (("[contact]", '[[people]]\nname = "A"\nroles = ["king"]\n[contact]'), "people.0.roles"),
        (("[contact]", "[escalation]\nremind_hours = 9\nescalate_hours = 2\n[contact]"), "escalation"),
        (("[contact]", "[[["), "brand.toml"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(tmp_path: Path, change: tuple[str, str], field: str) -> None:
    with pytest.raises(BrandError) as error:
        load(written(tmp_path, GOOD.replace(*change)))
    assert "brand.toml" in str(error.value)
    assert field in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_brand_lists_what_there_is(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    with pytest.raises(BrandError, match="chez-nous"):
        find("ailleurs", [tmp_path])


def test_the_teams_own_brand_wins_over_a_sample_of_the_same_name(tmp_path: Path) -> None:
    own = tmp_path / "maison-virevent"
    own.mkdir()
    (own / "brand.toml").write_text(GOOD)
    assert folders([tmp_path, SAMPLES])["maison-virevent"] == own


@pytest.mark.parametrize("folder", sorted(SAMPLES.iterdir()), ids=lambda folder: folder.name)
def test_a_sample_brand_is_whole(folder: Path) -> None:
    brand = load(folder)
    assert len([file for file in brand.guidelines.rglob("*") if file.is_file()]) >= 12
    roles = {role for person in brand.people for role in person.roles}
    assert {"member", "approver", "lead", "crisis_lead", "legal"} <= roles
    assert all(product.name.keys() >= set(brand.languages) for product in brand.products)


def test_a_new_folder_loads_as_it_is(tmp_path: Path) -> None:
    assert load(make(tmp_path, "Thé & Cie")).slug == "th-and-cie"
    with pytest.raises(BrandError, match="exists already"):
        make(tmp_path, "Thé & Cie")
    with pytest.raises(BrandError, match="letters"):
        make(tmp_path, "???")
