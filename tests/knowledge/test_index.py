"""Only what changed is embedded, what is deleted leaves, a crash keeps the old index; searched on real Chroma."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.brand import Brand
from knowledge.embed import UseEncoder
from knowledge.index import Index
from knowledge.search import Library
from tests.fakes.parts import HashEncoder
from tests.fakes.people import brand as made_up


class Counting(HashEncoder):
    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return super().encode(texts)


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    (folder / "sav").mkdir(parents=True)
    (folder / "sav" / "retard.md").write_text("# Retard\nUn colis en retard déclenche une enquête.\n")
    (folder / "prix.md").write_text("# Prix\nLe prix paie les fleurs cueillies à la main.\n")
    (folder / "hours.md").write_text("# Opening hours\nThe shop opens at nine.\n")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Index(tmp_path / "index", Counting()))


def found(library: Library, brand: str, question: str) -> list[str]:
    return [passage.document for passage in library._search(brand, question, 8)]


def test_learning_twice_embeds_nothing(library: Library, guides: Path) -> None:
    first = library.index.learn("b", [guides])
    assert sorted(first.new) == ["hours.md", "prix.md", "sav/retard.md"]
    assert first.embedded == first.windows == 3
    again = library.index.learn("b", [guides])
    assert (again.unchanged, again.embedded, again.new, again.changed) == (3, 0, [], [])


def test_five_hundred_documents_twice_embed_once(library: Library, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(500):
        (many / f"d{number}.md").write_text(f"# Document {number}\nRègle numéro {number} de la maison.\n")
    assert library.index.learn("b", [many]).embedded == 500
    assert library.index.learn("b", [many]).embedded == 0
    assert found(library, "b", "Règle numéro 321 de la maison")[0] == "d321.md"


def test_only_what_changed_is_embedded_again(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "prix.md").write_text("# Prix\nLe prix paie la cueillette.\n")
    report = library.index.learn("b", [guides])
    assert (report.changed, report.embedded, report.unchanged) == (["prix.md"], 1, 2)
    assert "cueillette" in library._search("b", "prix cueillette", 1)[0].text


def test_a_deleted_document_leaves_the_index(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "prix.md").unlink()
    assert library.index.learn("b", [guides]).deleted == ["prix.md"]
    assert "prix.md" not in found(library, "b", "Le prix paie les fleurs cueillies")


def test_a_document_learned_from_elsewhere_stays(library: Library, guides: Path, tmp_path: Path) -> None:
    alone = tmp_path / "parking.md"
    alone.write_text("# Parking\nLe parking est gratuit.\n")
    library.index.learn("b", [guides])
    library.index.learn("b", [alone])
    library.index.learn("b", [guides])
    assert found(library, "b", "parking gratuit")[0] == "parking.md"


def test_most_of_a_folder_replaced_is_built_anew_and_found(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    for name in ("prix.md", "hours.md"):
        (guides / name).unlink()
    (guides / "neuf.md").write_text("# Neuf\nUne page toute neuve sur les cadeaux.\n")
    report = library.index.learn("b", [guides])
    assert report.embedded == 1, "the vectors of what stayed are carried over"
    assert found(library, "b", "page neuve cadeaux")[0] == "neuf.md"
    assert found(library, "b", "colis en retard enquête")[0] == "sav/retard.md"


def test_another_encoder_rebuilds_everything(guides: Path, tmp_path: Path) -> None:
    Index(tmp_path / "index", Counting("one")).learn("b", [guides])
    other = Index(tmp_path / "index", Counting("two"))
    assert not other.fresh("b", guides)
    assert other.learn("b", [guides]).embedded == 3


def test_what_cannot_be_read_is_named_and_the_rest_goes_in(library: Library, guides: Path) -> None:
    (guides / "photo.png").write_bytes(b"\x89PNG")
    (guides / "casse.pdf").write_bytes(b"%PDF nothing")
    report = library.index.learn("b", [guides])
    assert {one.document: one.reason for one in report.failed} == {"photo.png": "unknown_type", "casse.pdf": "corrupt"}
    assert len(report.new) == 3


def test_a_document_that_became_unreadable_leaves(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "prix.md").write_bytes(b"\x00" * 100)
    report = library.index.learn("b", [guides])
    assert [one.document for one in report.failed] == ["prix.md"]
    assert "prix.md" not in found(library, "b", "Le prix paie les fleurs")


def test_a_crash_in_the_middle_keeps_the_old_index_and_the_next_learn_completes(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    for number in range(250):
        (guides / f"n{number}.md").write_text(f"# N{number}\nNouvelle règle {number}.\n")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.index.learn("b", [guides], on_progress=crash)
    assert found(library, "b", "colis en retard enquête")[0] == "sav/retard.md"
    assert not [name for name in found(library, "b", "Nouvelle règle 7") if name.startswith("n")]
    library.index.learn("b", [guides])
    assert found(library, "b", "Nouvelle règle 7")[0] == "n7.md"


def test_brands_never_mix(library: Library, guides: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(guides, other)
    (other / "secret.md").write_text("# Secret\nLa recette du rival.\n")
    library.index.learn("b", [guides])
    library.index.learn("rival", [other])
    assert "secret.md" not in found(library, "b", "la recette du rival")
    assert found(library, "rival", "la recette du rival")[0] == "secret.md"


def test_the_index_is_there_after_a_restart(library: Library, guides: Path, tmp_path: Path) -> None:
    library.index.learn("b", [guides])
    again = Library(Index(tmp_path / "index", Counting()))
    assert again.index.fresh("b", guides)
    assert found(again, "b", "colis en retard enquête")[0] == "sav/retard.md"


def test_progress_is_told_to_its_end(library: Library, guides: Path) -> None:
    told: list[tuple[int, int]] = []
    library.index.learn("b", [guides], on_progress=lambda done, total, _: told.append((done, total)))
    assert told[-1] == (3, 3)


def test_a_full_disk_is_an_error_and_keeps_the_old_manifest(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "neuf.md").write_text("# Neuf\nCadeaux.\n")
    kept = library.index._keep

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    library.index._keep = full  # type: ignore[method-assign]
    with pytest.raises(sqlite3.OperationalError):
        library.index.learn("b", [guides])
    library.index._keep = kept  # type: ignore[method-assign]
    assert "neuf.md" in library.index.learn("b", [guides]).new


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The default encoder over four sections in two languages."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "g").mkdir()
    (folder / "g" / "delivery.md").write_text(
        "# Delivery\n## Late parcels\nAn enquiry is opened with the carrier when tracking has not moved for five days.\n"
        "## Costs\nDelivery is free from forty pounds.\n"
    )
    (folder / "g" / "returns.md").write_text(
        "# Returns\nUnopened bags can be returned within thirty days for a refund.\n"
    )
    (folder / "g" / "allergenes.md").write_text("# Allergènes\nLe gâteau contient des noix et du gluten.\n")
    library = Library(Index(folder / "index", UseEncoder()))
    library.index.learn("b", [folder / "g"])
    return library


async def test_a_french_question_finds_an_english_guideline(real: Library) -> None:
    assert (await real.search("b", "mon colis est en retard, le suivi ne bouge plus"))[
        0
    ].heading == "Delivery › Late parcels"
    assert (await real.search("b", "puis-je être remboursé si je retourne le paquet ?"))[0].document == "returns.md"


async def test_nothing_close_enough_is_an_answer(real: Library) -> None:
    assert await real.search("b", "quantum chromodynamics on the lattice") == []
    assert await real.search("b", "le championnat de hockey sur glace de Mongolie") == []
    assert await real.search("b", "   ") == []
    assert await real.search("nobody", "colis") == []


async def test_passages_come_best_first_one_a_section(real: Library) -> None:
    passages = await real.search("b", "delivery costs and late parcels", 3)
    assert [passage.score for passage in passages] == sorted((p.score for p in passages), reverse=True)
    assert len({(passage.document, passage.heading) for passage in passages}) == len(passages)


async def test_ensuring_a_brand_learns_its_folder_when_it_changes(library: Library, guides: Path) -> None:
    brand: Brand = made_up(folder=guides.parent)
    (guides.parent / "guidelines").symlink_to(guides)
    await library.ensure(brand)
    assert (await library.search(brand.slug, "colis en retard enquête"))[0].document == "sav/retard.md"
    (guides / "cadeaux.md").write_text("# Cadeaux\nUn paquet cadeau sur demande.\n")
    await library.ensure(brand)
    assert (await library.search(brand.slug, "paquet cadeau demande"))[0].document == "cadeaux.md"
