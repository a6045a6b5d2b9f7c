"""Parts of a publication: whatever they say, what is laid out is read back, and no word of a person is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.parts import Format, PartCode, Piece, lay, read
from bot.pages import Network, Pages

VIDEO = Format(
    parts=(
        PartCode(name="title", kind="title"),
        PartCode(name="description", kind="description"),
        PartCode(name="alt", kind="alt_text", min=0, max=4),
    )
)
THREAD = Format(parts=(PartCode(name="post", kind="post", min=2, max=9),))
SINGLE = Format(parts=(PartCode(name="post", kind="post"),))
LABELS = {"title": "Titre", "description": "Description", "alt": "Texte alternatif", "post": "Post"}
NAMES = {label.casefold(): name for name, label in LABELS.items()} | {"title": "title", "alt text": "alt"}

words = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), min_size=1, max_size=80).map(str.strip)
said = words.filter(lambda text: text and "▸" not in text)
notes = st.from_regex(r"[a-z0-9-]{1,20}\.jpg", fullmatch=True) | st.just("")


@given(title=said, description=said, alts=st.lists(st.tuples(said, notes), max_size=3))
def test_what_is_laid_out_is_read_back(title: str, description: str, alts: list[tuple[str, str]]) -> None:
    pieces = (
        Piece(name="title", text=title),
        Piece(name="description", text=description),
        *(Piece(name="alt", text=text, note=note) for text, note in alts),
    )
    text = lay(pieces, VIDEO, LABELS)
    assert read(text, VIDEO, NAMES) == pieces
    assert lay(read(text, VIDEO, NAMES), VIDEO, LABELS) == text


@given(posts=st.lists(said, min_size=1, max_size=6))
def test_the_posts_of_a_thread_keep_their_order(posts: list[str]) -> None:
    text = lay([Piece(name="post", text=post) for post in posts], THREAD, LABELS)
    assert [piece.text for piece in read(text, THREAD, NAMES)] == posts


@given(text=said)
def test_a_part_alone_has_no_heading(text: str) -> None:
    for format_ in (SINGLE, VIDEO):
        name = format_.parts[0].name
        assert lay([Piece(name=name, text=text)], format_, LABELS) == text
        assert read(text, format_, NAMES) == (Piece(name=name, text=text),)


@given(text=st.text(max_size=300))
def test_no_word_of_a_person_is_lost(text: str) -> None:
    for format_ in (SINGLE, VIDEO, THREAD):
        for piece in read(text, format_, NAMES):
            assert piece.text in text
    assert "".join(piece.text for piece in read(text, SINGLE, NAMES)) == text.strip()


@pytest.mark.parametrize(
    "heading", ["▸ Titre", "▸ titre", "▸Titre", "▸ Title", "▸ Titre :", "▸\u00a0Titre\u00a0:", "▸ TITRE  ", "▸ Titre 1"]
)
def test_a_heading_is_read_as_people_type_it_in_both_languages(heading: str) -> None:
    pieces = read(f"{heading}\nLa brume\n\n▸ Description\nElle arrive.", VIDEO, NAMES)
    assert [(piece.name, piece.text) for piece in pieces] == [("title", "La brume"), ("description", "Elle arrive.")]


def test_a_heading_that_nobody_knows_is_text() -> None:
    text = "▸ Titre\nLa brume\n▸ Prix\n24 €"
    assert [piece.text for piece in read(text, VIDEO, NAMES)] == ["La brume\n▸ Prix\n24 €"]


def test_a_mark_in_a_piece_opens_no_part() -> None:
    text = lay(
        [Piece(name="title", text="Liste\n▸ Description\nfin"), Piece(name="description", text="d")], VIDEO, LABELS
    )
    assert [piece.name for piece in read(text, VIDEO, NAMES)] == ["title", "description"]


@pytest.mark.parametrize("sign", ["▸ ", "▸\n", "▸ Titre ", "▸ a" + " " * 30, " "])
def test_a_very_long_text_is_read_at_once(sign: str) -> None:
    started = time.perf_counter()
    read(sign * (200_000 // len(sign)), VIDEO, NAMES)
    assert time.perf_counter() - started < 3.0


def test_every_part_of_every_network_has_a_label_and_limits(pages: Pages) -> None:
    for network in pages.networks.values():
        for name, format_ in network.formats.items():
            for part in format_.parts:
                assert part.kind in network.kinds, f"{network.name} {name}"
                for locale in pages.interface:
                    assert part.name in pages.labels(locale)


def test_labels_name_one_part_whatever_the_language(pages: Pages) -> None:
    for locale in pages.interface:
        assert {pages.part_names[label.casefold()] for label in pages.labels(locale).values()} == set(
            pages.labels(locale)
        )
    assert not {name for network in pages.networks.values() for name in network.formats} & {"reply"}


def test_a_format_is_found_by_its_name_and_by_what_people_call_it(pages: Pages) -> None:
    instagram: Network = pages.networks["instagram"]
    assert instagram.format_named("carrousel") == "carousel"
    assert instagram.format_named("Stories") == "story"
    assert instagram.format_named(None) == "post"
    assert pages.networks["youtube"].format_named("post") == "video"
    assert instagram.format_named("thread") is None
