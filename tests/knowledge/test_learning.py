"""What a learn must not lose, double or hold up: every test here is a fault that was once seen, or would be silent."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.brand import Brand
from knowledge.index import Index
from knowledge.search import Library
from tests.fakes.parts import HashEncoder
from tests.fakes.people import brand as made_up


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    (folder / "sav").mkdir(parents=True)
    (folder / "sav" / "retard.md").write_text("# Retard\nUn colis en retard déclenche une enquête.\n")
    (folder / "prix.md").write_text("# Prix\nLe prix paie les fleurs cueillies à la main.\n")
    (folder / "horaires.md").write_text("# Horaires\nLa boutique ouvre à neuf heures.\n")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Index(tmp_path / "index", HashEncoder()))


def documents(library: Library) -> list[str]:
    known = library.index.known("b")
    return [section.document for section in known.sections] if known else []


def first(library: Library, question: str) -> str:
    return library._search("b", question, 1)[0].document


def test_marking_a_sentence_as_sayable_is_learned_though_nothing_is_embedded(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "prix.md").write_text("# Prix\n> Le prix paie les fleurs cueillies à la main.\n")
    report = library.index.learn("b", [guides])
    assert (report.changed, report.embedded) == (["prix.md"], 0)
    (passage,) = library._search("b", "Le prix paie les fleurs", 1)
    assert passage.sayable == ("Le prix paie les fleurs cueillies à la main.",)
    assert library.index.learn("b", [guides]).changed == []


def test_a_picture_among_the_guidelines_does_not_make_every_search_learn_again(library: Library, guides: Path) -> None:
    (guides / "logo.png").write_bytes(b"\x89PNG")
    library.index.learn("b", [guides])
    assert library.index.fresh("b", guides)
    assert [one.document for one in library.index.learn("b", [guides]).failed] == ["logo.png"], "it is named every time"


def test_a_file_learned_alone_after_its_folder_stands_in_the_index_once(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    report = library.index.learn("b", [guides / "sav" / "retard.md"])
    assert report.embedded == 0, "it moved; its vectors are known"
    assert sorted(documents(library)) == ["horaires.md", "prix.md", "retard.md"]
    library.index.learn("b", [guides])
    assert sorted(documents(library)) == ["horaires.md", "prix.md", "sav/retard.md"]


def test_a_relative_path_and_its_absolute_one_are_the_same_folder(
    library: Library, guides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guides.parent)
    library.index.learn("b", [Path("guides")])
    assert library.index.learn("b", [guides]).unchanged == 3
    assert len(documents(library)) == 3


def test_documents_are_named_under_the_root_that_is_given(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "sav" / "casse.md").write_text("# Casse\nUne photo suffit.\n")
    report = library.index.learn("b", [guides / "sav"], root=guides)
    assert (report.new, report.deleted, report.unchanged) == (["sav/casse.md"], [], 1)
    assert sorted(documents(library)) == ["horaires.md", "prix.md", "sav/casse.md", "sav/retard.md"]


def test_a_file_that_was_learned_alone_and_is_gone_leaves(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides / "prix.md"])
    (guides / "prix.md").unlink()
    assert library.index.learn("b", [guides / "prix.md"]).deleted == ["prix.md"]
    assert documents(library) == []


def test_an_edit_that_was_interrupted_and_then_undone_leaves_no_wrong_vector(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    told = (guides / "prix.md").read_text()
    (guides / "prix.md").write_text("# Prix\nTout autre chose, sur les voyages en bateau.\n")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.index.learn("b", [guides], on_progress=crash)
    (guides / "prix.md").write_text(told)
    library.index.learn("b", [guides])
    known = library.index.known("b")
    assert known is not None
    for place, section in enumerate(known.sections):
        vector = library.index.encoder.encode([f"{section.heading}. {section.text}"])[0]
        assert library.index.nearest(known, vector, 5)[place] == pytest.approx(1, abs=1e-4)


def test_what_a_crash_left_in_chroma_is_swept_by_the_next_learn(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    (guides / "neuf.md").write_text("# Neuf\nUne page neuve.\n")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.index.learn("b", [guides], on_progress=crash)
    (guides / "neuf.md").unlink()
    library.index.learn("b", [guides])
    known = library.index.known("b")
    assert known is not None
    assert library.index._collection(known.collection).count() == len(known.window_of) == 3


class Slow(HashEncoder):
    """Holds a learn in the middle until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("lentement" in text for text in texts):
            self.reached.set()
            assert self.go.wait(20)
        return super().encode(texts)


def test_a_search_does_not_wait_for_a_learn(guides: Path, tmp_path: Path) -> None:
    slow = Slow()
    library = Library(Index(tmp_path / "index", slow))
    library.index.learn("b", [guides])
    (guides / "neuf.md").write_text("# Neuf\nAppris lentement.\n")
    learning = threading.Thread(target=library.index.learn, args=("b", [guides]))
    learning.start()
    assert slow.reached.wait(20)
    answered: list[str] = []
    asking = threading.Thread(target=lambda: answered.append(first(library, "colis en retard")))
    asking.start()
    asking.join(5)
    meanwhile = list(answered)
    slow.go.set()
    learning.join()
    asking.join()
    assert meanwhile == ["sav/retard.md"]


def test_searches_find_their_answer_while_the_collection_is_swapped_under_them(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    failed: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                assert first(library, "colis en retard enquête") == "sav/retard.md"
        except BaseException as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(6):  # two documents of three are replaced every time: a new collection
        for name in ("prix.md", "horaires.md"):
            (guides / name).write_text(f"# Autre {number}\nPage {name} numéro {number}.\n")
        library.index.learn("b", [guides])
    stop.set()
    asking.join()
    assert not failed


def test_a_collection_that_chroma_lost_is_made_again_from_the_manifest(library: Library, guides: Path) -> None:
    library.index.learn("b", [guides])
    known = library.index.known("b")
    assert known is not None
    library.index._chroma().delete_collection(known.collection)
    assert first(library, "colis en retard enquête") == "sav/retard.md"


class Wider(HashEncoder):
    name = "wider"
    dimensions = 2 * HashEncoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        half = super().encode(texts)
        return np.concatenate([half, half], axis=1) / np.float32(2**0.5)


def test_another_encoder_answers_even_before_anything_is_learned_again(
    library: Library, guides: Path, tmp_path: Path
) -> None:
    library.index.learn("b", [guides])
    assert first(Library(Index(tmp_path / "index", Wider())), "colis en retard enquête") == "sav/retard.md"


def test_a_brand_whose_folder_moved_forgets_the_old_one(library: Library, guides: Path, tmp_path: Path) -> None:
    learned_by_hand = tmp_path / "parking.md"
    learned_by_hand.write_text("# Parking\nLe parking est gratuit.\n")
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(guides, old / "guidelines")
    shutil.copytree(guides, new / "guidelines")
    (new / "guidelines" / "prix.md").unlink()
    before, after = (made_up(folder=folder).model_copy(update={"slug": "b"}) for folder in (old, new))
    library._ensure(before)
    library.index.learn("b", [learned_by_hand])
    library._ensure(after)
    assert sorted(documents(library)) == ["horaires.md", "parking.md", "sav/retard.md"]


def test_guidelines_that_are_deleted_with_their_folder_leave(library: Library, guides: Path, tmp_path: Path) -> None:
    shutil.copytree(guides, tmp_path / "brand" / "guidelines")
    brand: Brand = made_up(folder=tmp_path / "brand").model_copy(update={"slug": "b"})
    library._ensure(brand)
    assert len(documents(library)) == 3
    shutil.rmtree(tmp_path / "brand" / "guidelines")
    library._ensure(brand)
    assert documents(library) == []
    assert library._search("b", "colis en retard", 3) == []


def test_ensuring_what_has_not_changed_is_quick(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "brand" / "guidelines"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"d{number}.md").write_text(f"# D{number}\nRègle {number}.\n")
    brand: Brand = made_up(folder=tmp_path / "brand")
    library._ensure(brand)
    times = []
    for _ in range(20):
        start = time.process_time()
        library._ensure(brand)
        times.append(time.process_time() - start)
    assert sorted(times)[10] < 0.01, "5 ms are meant; twice that on a busy machine"


def test_two_data_folders_on_one_server_do_not_take_each_others_collections(guides: Path, tmp_path: Path) -> None:
    one, two = (Index(tmp_path / "chroma", HashEncoder(), manifest=tmp_path / home) for home in ("one", "two"))
    two._client = one._chroma()
    one.learn("b", [guides])
    two.learn("b", [guides / "prix.md"])
    assert sorted(documents(Library(one))) == ["horaires.md", "prix.md", "sav/retard.md"]
    assert first(Library(one), "colis en retard enquête") == "sav/retard.md"
    assert documents(Library(two)) == ["prix.md"]


def test_an_index_of_an_older_layout_is_made_again(library: Library, guides: Path, tmp_path: Path) -> None:
    import sqlite3

    (tmp_path / "index").mkdir()
    with sqlite3.connect(tmp_path / "index" / "manifest.sqlite") as old:
        old.execute("CREATE TABLE brands (brand TEXT PRIMARY KEY, collection TEXT)")
        old.execute("INSERT INTO brands VALUES ('b', 'x')")
    assert library.index.known("b") is None
    assert len(library.index.learn("b", [guides]).new) == 3


def test_a_file_that_may_not_be_read_is_tried_again_once_it_may(library: Library, guides: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (guides / "prix.md").chmod(0)
    assert [one.reason for one in library.index.learn("b", [guides]).failed] == ["no_permission"]
    assert not library.index.fresh("b", guides)
    (guides / "prix.md").chmod(0o600)
    assert library.index.learn("b", [guides]).new == ["prix.md"]


def test_a_pipe_is_not_waited_for(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert [one.reason for one in library.index.learn("b", [tmp_path / "pipe.md"]).failed] == ["corrupt"]


def test_words_temporary_and_hidden_files_are_no_guidelines(library: Library, guides: Path) -> None:
    (guides / "~$charte.docx").write_bytes(b"x")
    (guides / ".DS_Store").write_bytes(b"x")
    assert library.index.learn("b", [guides]).failed == []


def test_progress_names_the_document(library: Library, guides: Path) -> None:
    told: list[tuple[int, int, str]] = []
    library.index.learn("b", [guides], on_progress=lambda *step: told.append(step))
    assert told == [(3, 3, "sav/retard.md")]
